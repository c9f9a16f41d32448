// SVG to PNG and PDF: librsvg on cairo surfaces.
#include <cmath>

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <librsvg/rsvg.h>

#include "barometer/chart/renderer.h"

namespace barometer {
namespace {

constexpr double kMostPixelsASide = 32'000;  // cairo's limit is 32,767
constexpr double kPointsPerPixel = 0.75;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Document = std::unique_ptr<RsvgHandle, Unref>;
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Context = std::unique_ptr<cairo_t, DestroyContext>;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

std::string words_of(GError* error) {
  std::string words = error ? error->message : "no reason given";
  g_clear_error(&error);
  return words;
}

Result<Document> load(std::string_view svg) {
  GError* error = nullptr;
  Document document(
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
  if (!document) return fail(ErrorCode::kInvalid, "not an SVG picture: " + words_of(error));
  return document;
}

struct Size {
  double width = 0, height = 0;
};

Result<Size> size_of(const Document& document, double scale) {
  Size size;
  if (!rsvg_handle_get_intrinsic_size_in_pixels(document.get(), &size.width, &size.height)) {
    return fail(ErrorCode::kInvalid, "the SVG picture has no width and height");
  }
  size = {size.width * scale, size.height * scale};
  if (!(size.width >= 1 && size.height >= 1 && size.width <= kMostPixelsASide &&
        size.height <= kMostPixelsASide)) {
    return fail(ErrorCode::kLimit, fmt::format("a picture of {:.0f} by {:.0f} cannot be made",
                                               size.width, size.height));
  }
  return size;
}

Status paint(const Document& document, const Surface& surface, Size size) {
  const Context context(cairo_create(surface.get()));
  const RsvgRectangle page{0, 0, size.width, size.height};
  GError* error = nullptr;
  if (!rsvg_handle_render_document(document.get(), context.get(), &page, &error)) {
    return fail(ErrorCode::kInvalid, "drawing an SVG picture: " + words_of(error));
  }
  if (const auto status = cairo_status(context.get()); status != CAIRO_STATUS_SUCCESS) {
    return fail(ErrorCode::kLimit, std::string("drawing: ") + cairo_status_to_string(status));
  }
  return {};
}

}  // namespace

Result<std::string> Renderer::png(std::string_view svg, double scale) {
  const Document document = TRY(load(svg));
  Size size = TRY(size_of(document, scale));
  size = {std::round(size.width), std::round(size.height)};
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(size.width),
                                                   static_cast<int>(size.height)));
  const Context paper(cairo_create(surface.get()));
  cairo_set_source_rgb(paper.get(), 1, 1, 1);
  cairo_paint(paper.get());
  TRY_DONE(paint(document, surface, size));
  std::string bytes;
  const auto status = cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  if (status != CAIRO_STATUS_SUCCESS) {
    return fail(ErrorCode::kLimit, std::string("writing a PNG: ") + cairo_status_to_string(status));
  }
  return bytes;
}

Result<std::string> Renderer::pdf(std::string_view svg) {
  const Document document = TRY(load(svg));
  const Size size = TRY(size_of(document, kPointsPerPixel));
  std::string bytes;
  Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, size.width, size.height));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
  TRY_DONE(paint(document, surface, size));
  cairo_surface_finish(surface.get());
  const auto status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    return fail(ErrorCode::kLimit, std::string("writing a PDF: ") + cairo_status_to_string(status));
  }
  return bytes;
}

}  // namespace barometer
