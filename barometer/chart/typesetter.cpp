#include "barometer/chart/typesetter.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <pango/pangocairo.h>

namespace barometer {
namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
struct FreeFontDescription {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
struct FreeFontOptions {
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::vector<std::string_view> words;
  for (size_t at = text.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kSpace, end);
  }
  return words;
}

// The end of the code point that starts before `at`.
size_t code_point_end(std::string_view text, size_t at) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

}  // namespace

struct Typesetter::Impl {
  std::unique_ptr<PangoFontMap, Unref> fonts{pango_cairo_font_map_new()};
  std::unique_ptr<PangoContext, Unref> context{pango_font_map_create_context(fonts.get())};
  std::unique_ptr<PangoLayout, Unref> layout;
  std::unordered_map<std::string, double> widths;

  // Unhinted, fractional advances: what librsvg draws at any scale.
  Impl() {
    const std::unique_ptr<cairo_font_options_t, FreeFontOptions> options(
        cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context.get(), options.get());
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    layout.reset(pango_layout_new(context.get()));
  }

  [[nodiscard]] double measure(std::string_view text, const Font& font) const {
    const std::unique_ptr<PangoFontDescription, FreeFontDescription> description(
        pango_font_description_new());
    pango_font_description_set_family(description.get(), font.family.c_str());
    pango_font_description_set_weight(description.get(),
                                      font.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(description.get(), font.size * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), description.get());
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    PangoRectangle extents{};
    pango_layout_get_extents(layout.get(), nullptr, &extents);
    return static_cast<double>(extents.width) / PANGO_SCALE;
  }
};

Typesetter::Typesetter() : impl_(std::make_unique<Impl>()) {}
Typesetter::Typesetter(Typesetter&&) noexcept = default;
Typesetter& Typesetter::operator=(Typesetter&&) noexcept = default;
Typesetter::~Typesetter() = default;

double Typesetter::width(std::string_view text, const Font& font) const {
  const auto key = fmt::format("{}|{}|{}|{}", font.family, font.size, font.bold, text);
  if (const auto known = impl_->widths.find(key); known != impl_->widths.end()) {
    return known->second;
  }
  constexpr size_t kRemembered = 100'000;
  if (impl_->widths.size() >= kRemembered) impl_->widths.clear();
  return impl_->widths[key] = impl_->measure(text, font);
}

// The bytes of `word` that fit into `max_width`; at least one character.
size_t Typesetter::fitting(std::string_view word, const Font& font, double max_width) const {
  size_t end = code_point_end(word, 1);
  while (end < word.size()) {
    const size_t next = code_point_end(word, end + 1);
    if (width(word.substr(0, next), font) > max_width) break;
    end = next;
  }
  return end;
}

std::vector<std::string> Typesetter::wrapped(std::string_view text, const Font& font,
                                             double max_width) const {
  std::vector<std::string> lines;
  std::string line;
  for (std::string_view word : words_of(text)) {
    std::string longer = line.empty() ? std::string(word) : fmt::format("{} {}", line, word);
    if (width(longer, font) <= max_width) {
      line = std::move(longer);
      continue;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    for (size_t end = fitting(word, font, max_width); end < word.size();
         end = fitting(word, font, max_width)) {
      lines.emplace_back(word.substr(0, end));
      word.remove_prefix(end);
    }
    line = word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> Typesetter::balanced(std::string_view text, const Font& font,
                                              double max_width) const {
  auto best = wrapped(text, font, max_width);
  constexpr size_t kMostLines = 4;  // longer texts are paragraphs
  if (best.size() < 2 || best.size() > kMostLines) return best;
  double too_narrow = max_width / 2;
  double enough = max_width;
  while (enough - too_narrow > 4) {
    const double middle = (too_narrow + enough) / 2;
    auto lines = wrapped(text, font, middle);
    if (lines.size() == best.size()) {
      best = std::move(lines);
      enough = middle;
    } else {
      too_narrow = middle;
    }
  }
  return best;
}

}  // namespace barometer
