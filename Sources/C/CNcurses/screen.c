#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include "linli_screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ncursesw/curses.h>

// Pairs are given out in the order in which they are asked for; the kiosk's looks use fewer than these.
enum { PAIRS = 64 };
static struct {
    short foreground;
    short background;
} pairs[PAIRS];
static int pair_count = 0;
static SCREEN *screen = NULL;

bool linli_screen_open(void) {
    // Wide characters are counted by the locale; C.UTF-8 is on every Debian, whatever LANG says.
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
    screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) return false;
    set_term(screen);
    // Neither Ctrl-C nor Ctrl-Z: nobody leaves a kiosk by the keyboard.
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    // A lone Esc is a key of its own after this many milliseconds.
    set_escdelay(25);
    curs_set(0);
    // A tap is a press; waiting for a click would cost a third of a second.
    mouseinterval(0);
    mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED, NULL);
    pair_count = 0;
    if (has_colors()) start_color();
    return true;
}

void linli_screen_close(void) {
    if (screen == NULL) return;
    mousemask(0, NULL);
    endwin();
    delscreen(screen);
    screen = NULL;
}

void linli_screen_size(int32_t *rows, int32_t *columns) {
    *rows = LINES;
    *columns = COLS;
}

// Colours of the 256, which no theme changes, and what comes nearest where there are only 8.
static short palette(int32_t color) {
    if (COLORS >= 256) return (short)color;
    switch (color) {
    case LINLI_COLOR_NAVY: return COLOR_BLUE;
    case LINLI_COLOR_RED: return COLOR_RED;
    case LINLI_COLOR_YELLOW: return COLOR_YELLOW;
    case LINLI_COLOR_BLACK: return COLOR_BLACK;
    default: return COLOR_WHITE;
    }
}

static attr_t pair_of(int32_t foreground, int32_t background) {
    // Dark on light is reversed where there are no colours.
    if (!has_colors()) return foreground == LINLI_COLOR_BLACK ? A_REVERSE : A_NORMAL;
    short front = palette(foreground);
    short back = palette(background);
    for (int index = 0; index < pair_count; index++)
        if (pairs[index].foreground == front && pairs[index].background == back) return COLOR_PAIR(index + 1);
    if (pair_count == PAIRS || pair_count + 1 >= COLOR_PAIRS) return A_NORMAL;
    pairs[pair_count].foreground = front;
    pairs[pair_count].background = back;
    pair_count++;
    init_pair((short)pair_count, front, back);
    return COLOR_PAIR(pair_count);
}

void linli_screen_put(
    int32_t row, int32_t column, const char *text, int32_t foreground, int32_t background, int32_t style) {
    attr_t attributes = pair_of(foreground, background);
    if (style & LINLI_STYLE_BOLD) attributes |= A_BOLD;
    if (style & LINLI_STYLE_UNDERLINE) attributes |= A_UNDERLINE;
    attrset(attributes);
    mvaddstr(row, column, text);
}

void linli_screen_show(void) { refresh(); }

void linli_screen_wipe(void) {
    attrset(A_NORMAL);
    clear();
    refresh();
    // What ncurses has no word for: the lines above the screen (ED 3), on whichever of the two screens shows.
    static const char all[] = "\033[H\033[2J\033[3J";
    size_t sent = 0;
    while (sent < sizeof all - 1) {
        ssize_t count = write(STDOUT_FILENO, all + sent, sizeof all - 1 - sent);
        if (count <= 0) break;
        sent += (size_t)count;
    }
    clearok(curscr, TRUE);
}

static int32_t key_of(wint_t code) {
    switch (code) {
    case KEY_ENTER: return LINLI_KEY_ENTER;
    case KEY_BACKSPACE: case KEY_DC: return LINLI_KEY_BACKSPACE;
    case KEY_UP: return LINLI_KEY_UP;
    case KEY_DOWN: return LINLI_KEY_DOWN;
    case KEY_LEFT: return LINLI_KEY_LEFT;
    case KEY_RIGHT: return LINLI_KEY_RIGHT;
    case KEY_PPAGE: return LINLI_KEY_PAGE_UP;
    case KEY_NPAGE: return LINLI_KEY_PAGE_DOWN;
    default: break;
    }
    if (code >= KEY_F(1) && code <= KEY_F(12)) return LINLI_KEY_FUNCTION + (int32_t)(code - KEY_F(0));
    return 0;
}

static int32_t control_of(wint_t code) {
    switch (code) {
    case '\r': case '\n': return LINLI_KEY_ENTER;
    case 0x7F: case '\b': return LINLI_KEY_BACKSPACE;
    case 0x1B: return LINLI_KEY_ESCAPE;
    case '\t': return LINLI_KEY_TAB;
    case 0x03: return LINLI_KEY_INTERRUPT;
    default: return 0;
    }
}

struct linli_event linli_screen_next(void) {
    struct linli_event event = {LINLI_EVENT_NONE, 0, 0, 0};
    wint_t code = 0;
    int kind = get_wch(&code);
    if (kind == ERR) return event;
    if (kind == KEY_CODE_YES && code == KEY_RESIZE) {
        event.kind = LINLI_EVENT_RESIZE;
        return event;
    }
    if (kind == KEY_CODE_YES && code == KEY_MOUSE) {
        MEVENT mouse;
        if (getmouse(&mouse) == OK && (mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) != 0) {
            event.kind = LINLI_EVENT_TAP;
            event.row = mouse.y;
            event.column = mouse.x;
        } else {
            event.kind = LINLI_EVENT_KEY;
        }
        return event;
    }
    int32_t key = kind == KEY_CODE_YES ? key_of(code) : control_of(code);
    if (key != 0 || kind == KEY_CODE_YES || code < 0x20) {
        // A key that means nothing here is an event too: somebody is there.
        event.kind = LINLI_EVENT_KEY;
        event.code = key;
    } else {
        event.kind = LINLI_EVENT_CHARACTER;
        event.code = (int32_t)code;
    }
    return event;
}
