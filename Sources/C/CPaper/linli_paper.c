#include "linli_paper.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

// A certificate has some 40 KB, nearly all of it the parts of the fonts; past this somebody draws without end.
static const size_t maximum_bytes = 16 * 1024 * 1024;

struct linli_paper {
  cairo_surface_t *surface;
  cairo_t *cairo;
  PangoFontMap *fonts;
  PangoContext *context;
  uint8_t *bytes;
  size_t count, capacity;
  cairo_status_t status;
};

static cairo_status_t take(void *closure, const unsigned char *data, unsigned int length) {
  linli_paper *paper = closure;
  if (length > maximum_bytes - paper->count) return CAIRO_STATUS_WRITE_ERROR;
  if (paper->count + length > paper->capacity) {
    size_t capacity = paper->capacity ? paper->capacity * 2 : 65536;
    while (capacity < paper->count + length) capacity *= 2;
    uint8_t *bytes = realloc(paper->bytes, capacity);
    if (!bytes) return CAIRO_STATUS_NO_MEMORY;
    paper->bytes = bytes;
    paper->capacity = capacity;
  }
  memcpy(paper->bytes + paper->count, data, length);
  paper->count += length;
  return CAIRO_STATUS_SUCCESS;
}

linli_paper *linli_paper_new(double width, double height, const char *created, const char *title, const char *author) {
  linli_paper *paper = calloc(1, sizeof *paper);
  if (!paper) return NULL;
  paper->surface = cairo_pdf_surface_create_for_stream(take, paper, width, height);
  cairo_pdf_surface_restrict_to_version(paper->surface, CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_AUTHOR, author);
  // Without this cairo writes the time of the machine.
  cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
  paper->cairo = cairo_create(paper->surface);
  // A font map of its own: which fonts other documents of this thread have used must not show in the bytes.
  paper->fonts = pango_cairo_font_map_new();
  paper->context = pango_font_map_create_context(paper->fonts);
  pango_context_set_language(paper->context, pango_language_from_string("zh-cn"));
  pango_context_set_base_dir(paper->context, PANGO_DIRECTION_LTR);
  // Whole points would shift glyphs on paper; a screen's hints do not belong in a PDF.
  pango_context_set_round_glyph_positions(paper->context, FALSE);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(paper->context, options);
  cairo_font_options_destroy(options);
  pango_cairo_update_context(paper->cairo, paper->context);
  return paper;
}

void linli_paper_free(linli_paper *paper) {
  if (!paper) return;
  g_object_unref(paper->context);
  g_object_unref(paper->fonts);
  cairo_destroy(paper->cairo);
  cairo_surface_finish(paper->surface);
  cairo_surface_destroy(paper->surface);
  free(paper->bytes);
  free(paper);
}

static PangoLayout *layout(linli_paper *paper, const char *text, double width, const linli_paper_style *style) {
  PangoLayout *layout = pango_layout_new(paper->context);
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family(font,
                                    style->face == LINLI_PAPER_SERIF ? "Noto Serif CJK SC" : "Noto Sans CJK SC");
  pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(layout, text, -1);
  pango_layout_set_line_spacing(layout, (float)style->spacing);
  pango_layout_set_indent(layout, (int)(style->indent * PANGO_SCALE));
  if (width > 0) {
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  }
  pango_layout_set_alignment(layout, style->align == LINLI_PAPER_CENTRE  ? PANGO_ALIGN_CENTER
                                     : style->align == LINLI_PAPER_RIGHT ? PANGO_ALIGN_RIGHT
                                                                         : PANGO_ALIGN_LEFT);
  return layout;
}

static double height_of(PangoLayout *layout) {
  PangoRectangle logical;
  pango_layout_get_extents(layout, NULL, &logical);
  return (double)logical.height / PANGO_SCALE;
}

double linli_paper_measure(linli_paper *paper, const char *text, double width, const linli_paper_style *style) {
  PangoLayout *drawn = layout(paper, text, width, style);
  double height = height_of(drawn);
  g_object_unref(drawn);
  return height;
}

double linli_paper_text(linli_paper *paper, const char *text, double x, double y, double width,
                        const linli_paper_style *style) {
  PangoLayout *drawn = layout(paper, text, width, style);
  double height = height_of(drawn);
  cairo_set_source_rgb(paper->cairo, style->red, style->green, style->blue);
  cairo_move_to(paper->cairo, x, y);
  pango_cairo_show_layout(paper->cairo, drawn);
  g_object_unref(drawn);
  return height;
}

void linli_paper_line(linli_paper *paper, double x1, double y1, double x2, double y2, double thickness, double red,
                      double green, double blue) {
  cairo_t *cairo = paper->cairo;
  cairo_set_source_rgb(cairo, red, green, blue);
  cairo_set_line_width(cairo, thickness);
  cairo_move_to(cairo, x1, y1);
  cairo_line_to(cairo, x2, y2);
  cairo_stroke(cairo);
}

void linli_paper_modules(linli_paper *paper, const uint8_t *modules, int count, int quiet, double x, double y,
                         double side) {
  cairo_t *cairo = paper->cairo;
  double step = side / (count + 2 * quiet);
  cairo_set_source_rgb(cairo, 1, 1, 1);
  cairo_rectangle(cairo, x, y, side, side);
  cairo_fill(cairo);
  cairo_set_source_rgb(cairo, 0, 0, 0);
  // One path with the runs of each row: neighbours in one rectangle, so that no hairline shows between them.
  for (int row = 0; row < count; row++) {
    int column = 0;
    while (column < count) {
      if (!modules[(size_t)row * (size_t)count + (size_t)column]) {
        column++;
        continue;
      }
      int start = column;
      while (column < count && modules[(size_t)row * (size_t)count + (size_t)column]) column++;
      cairo_rectangle(cairo, x + (quiet + start) * step, y + (quiet + row) * step, (column - start) * step, step);
    }
  }
  cairo_fill(cairo);
}

static void star(cairo_t *cairo, double radius) {
  for (int point = 0; point < 10; point++) {
    double angle = -M_PI / 2 + point * M_PI / 5;
    double distance = point % 2 ? radius * 0.381966 : radius;
    if (point == 0) {
      cairo_move_to(cairo, cos(angle) * distance, sin(angle) * distance);
    } else {
      cairo_line_to(cairo, cos(angle) * distance, sin(angle) * distance);
    }
  }
  cairo_close_path(cairo);
  cairo_fill(cairo);
}

static void centred(linli_paper *paper, const char *text, const linli_paper_style *style, double stretch) {
  PangoLayout *drawn = layout(paper, text, 0, style);
  PangoRectangle logical;
  pango_layout_get_extents(drawn, NULL, &logical);
  cairo_save(paper->cairo);
  cairo_scale(paper->cairo, stretch, 1);
  cairo_move_to(paper->cairo, -(logical.x + logical.width / 2.0) / PANGO_SCALE,
                -(logical.y + logical.height / 2.0) / PANGO_SCALE);
  pango_cairo_show_layout(paper->cairo, drawn);
  cairo_restore(paper->cairo);
  g_object_unref(drawn);
}

void linli_paper_seal(linli_paper *paper, const char *around, const char *below, double x, double y, double radius) {
  cairo_t *cairo = paper->cairo;
  cairo_save(cairo);
  cairo_translate(cairo, x, y);
  // A stamp lets the text under it show through.
  cairo_set_operator(cairo, CAIRO_OPERATOR_MULTIPLY);
  cairo_set_source_rgba(cairo, 0.86, 0.08, 0.10, 0.88);
  cairo_set_line_width(cairo, radius * 0.055);
  // pango leaves the pen where the last text stood: without a new path a line leads from there to the seal.
  cairo_new_path(cairo);
  cairo_arc(cairo, 0, 0, radius, 0, 2 * M_PI);
  cairo_stroke(cairo);
  star(cairo, radius * 0.30);

  glong length = g_utf8_strlen(around, -1);
  if (length > 0) {
    // The characters share an arc of at most 250 degrees; a long name is set narrower, as on a real seal.
    double size = radius * 0.27;
    double middle = radius * 0.77;
    double step = size * 1.18 / middle;
    double span = 250.0 / 180.0 * M_PI;
    double stretch = 1;
    if (step * (double)(length - 1) > span) {
      double narrow = span / (double)(length - 1);
      stretch = fmax(0.45, narrow / step);
      step = narrow;
    }
    linli_paper_style style = {LINLI_PAPER_SERIF, LINLI_PAPER_LEFT, 1, size, 0, 0, 0, 0, 0};
    double angle = -step * (double)(length - 1) / 2;
    for (const char *character = around; *character; character = g_utf8_next_char(character)) {
      char one[8] = {0};
      memcpy(one, character, (size_t)(g_utf8_next_char(character) - character));
      cairo_save(cairo);
      cairo_rotate(cairo, angle);
      cairo_translate(cairo, 0, -middle);
      centred(paper, one, &style, stretch);
      cairo_restore(cairo);
      angle += step;
    }
  }
  if (below[0]) {
    linli_paper_style style = {LINLI_PAPER_SERIF, LINLI_PAPER_LEFT, 1, radius * 0.22, 0, 0, 0, 0, 0};
    cairo_save(cairo);
    cairo_translate(cairo, 0, radius * 0.56);
    centred(paper, below, &style, 1);
    cairo_restore(cairo);
  }
  cairo_restore(cairo);
}

void linli_paper_next_page(linli_paper *paper) { cairo_show_page(paper->cairo); }

const uint8_t *linli_paper_finish(linli_paper *paper, size_t *count) {
  if (cairo_status(paper->cairo) != CAIRO_STATUS_SUCCESS) {
    paper->status = cairo_status(paper->cairo);
    return NULL;
  }
  cairo_show_page(paper->cairo);
  cairo_surface_finish(paper->surface);
  paper->status = cairo_surface_status(paper->surface);
  if (paper->status != CAIRO_STATUS_SUCCESS) return NULL;
  *count = paper->count;
  return paper->bytes;
}

const char *linli_paper_error(const linli_paper *paper) {
  return paper->status == CAIRO_STATUS_SUCCESS ? "" : cairo_status_to_string(paper->status);
}
