// A PDF of A4-like pages, drawn with cairo and pango. One thread at a time; lengths are in points (1/72 inch).
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct linli_paper linli_paper;

typedef enum linli_paper_face { LINLI_PAPER_SANS = 0, LINLI_PAPER_SERIF = 1 } linli_paper_face;
typedef enum linli_paper_align { LINLI_PAPER_LEFT = 0, LINLI_PAPER_CENTRE = 1, LINLI_PAPER_RIGHT = 2 } linli_paper_align;

// How a text looks. `spacing` is the distance of the lines as a multiple of the font's own; `indent` is for the first.
typedef struct linli_paper_style {
  linli_paper_face face;
  linli_paper_align align;
  int bold;
  double size;
  double spacing;
  double indent;
  double red, green, blue;
} linli_paper_style;

// A new document, or NULL if there is no memory. `created` is an ISO 8601 time and goes into the file: it is what makes
// the bytes the same each time.
linli_paper *linli_paper_new(double width, double height, const char *created, const char *title, const char *author);
void linli_paper_free(linli_paper *paper);

// Height that `text` takes in `width`.
double linli_paper_measure(linli_paper *paper, const char *text, double width, const linli_paper_style *style);
// Draws `text` with its top left corner at x, y; answers its height.
double linli_paper_text(linli_paper *paper, const char *text, double x, double y, double width,
                        const linli_paper_style *style);
void linli_paper_line(linli_paper *paper, double x1, double y1, double x2, double y2, double thickness, double red,
                      double green, double blue);
// Black squares for each non-zero byte of `modules`, row by row, `count` a row, over a white square with `quiet` empty
// modules on each side; x, y, side include them.
void linli_paper_modules(linli_paper *paper, const uint8_t *modules, int count, int quiet, double x, double y,
                         double side);
// A round red seal: `around` on the arc, a star in the middle, `below` under it.
void linli_paper_seal(linli_paper *paper, const char *around, const char *below, double x, double y, double radius);
void linli_paper_next_page(linli_paper *paper);

// Ends the document. The bytes belong to `paper`; NULL if anything has failed since it was made.
const uint8_t *linli_paper_finish(linli_paper *paper, size_t *count);
// What failed, in English; empty if nothing did.
const char *linli_paper_error(const linli_paper *paper);
