// Widths of text as they will be drawn (Pango), and line breaking by them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace barometer {

struct Font {
  std::string family;  // "Open Sans, DejaVu Sans"
  double size = 13;    // CSS pixels
  bool bold = false;
};

// Not for use from several threads at once (it remembers widths).
class Typesetter {
 public:
  Typesetter();
  Typesetter(Typesetter&&) noexcept;
  Typesetter& operator=(Typesetter&&) noexcept;
  ~Typesetter();

  // In CSS pixels. `text` is UTF-8.
  [[nodiscard]] double width(std::string_view text, const Font& font) const;
  // Lines no wider than `max_width`, broken at white space; a word that is too wide by itself is
  // broken inside. Runs of white space become one space. No text gives no lines.
  [[nodiscard]] std::vector<std::string> wrapped(std::string_view text, const Font& font,
                                                 double max_width) const;
  // As wrapped, in lines of about the same length: no single word is left for the last one.
  [[nodiscard]] std::vector<std::string> balanced(std::string_view text, const Font& font,
                                                  double max_width) const;

 private:
  [[nodiscard]] size_t fitting(std::string_view word, const Font& font, double max_width) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace barometer
