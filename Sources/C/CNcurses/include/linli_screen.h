// What the kiosk needs of ncursesw: a full screen of wide characters, keys, taps and changes of size. One thread uses it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    LINLI_EVENT_NONE = 0,
    // `code` is a Unicode scalar.
    LINLI_EVENT_CHARACTER = 1,
    // `code` is one of LINLI_KEY_….
    LINLI_EVENT_KEY = 2,
    // `row` and `column` were touched or clicked.
    LINLI_EVENT_TAP = 3,
    LINLI_EVENT_RESIZE = 4,
};

enum {
    LINLI_KEY_ENTER = 1,
    LINLI_KEY_BACKSPACE,
    LINLI_KEY_ESCAPE,
    LINLI_KEY_UP,
    LINLI_KEY_DOWN,
    LINLI_KEY_LEFT,
    LINLI_KEY_RIGHT,
    LINLI_KEY_PAGE_UP,
    LINLI_KEY_PAGE_DOWN,
    LINLI_KEY_TAB,
    // Ctrl-C, which ends nothing by itself here.
    LINLI_KEY_INTERRUPT,
    // F1 is LINLI_KEY_FUNCTION + 1.
    LINLI_KEY_FUNCTION = 100,
};

enum {
    LINLI_STYLE_BOLD = 1,
    LINLI_STYLE_UNDERLINE = 2,
};

// Numbers of the 256 colours.
enum {
    LINLI_COLOR_BLACK = 16,
    LINLI_COLOR_NAVY = 17,
    LINLI_COLOR_RED = 124,
    LINLI_COLOR_YELLOW = 226,
    LINLI_COLOR_WHITE = 231,
    LINLI_COLOR_GREY = 252,
};

struct linli_event {
    int32_t kind;
    int32_t code;
    int32_t row;
    int32_t column;
};

// Takes the terminal over. False if it is none that ncurses knows.
bool linli_screen_open(void);

// Gives the terminal back as it was.
void linli_screen_close(void);

void linli_screen_size(int32_t *rows, int32_t *columns);

// Puts UTF-8 text at a place, in two of LINLI_COLOR_….
void linli_screen_put(int32_t row, int32_t column, const char *text, int32_t foreground, int32_t background, int32_t style);

// Sends what was put to the terminal.
void linli_screen_show(void);

// Clears the screen, what the terminal remembers above it, and what ncurses remembers of it; the next show draws all.
void linli_screen_wipe(void);

// The next event, without waiting.
struct linli_event linli_screen_next(void);
