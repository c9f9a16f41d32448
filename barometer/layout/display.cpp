#include <glib.h>

#include <algorithm>
#include <utility>

#include "barometer/base/text.h"
#include "barometer/layout/display_internal.h"

namespace barometer {
namespace {

struct Letter {
  std::string_view bytes;
  gunichar code = 0;
};

// The first letter of text that is well-formed and not empty.
Letter first_letter(std::string_view text) {
  const auto length = static_cast<unsigned char>(g_utf8_skip[static_cast<unsigned char>(text[0])]);
  const std::string letter(text.substr(0, length));
  return {text.substr(0, length), g_utf8_get_char(letter.c_str())};
}

bool turns_direction(gunichar code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
         code == 0x200E || code == 0x200F || code == 0x061C;
}

size_t width_of(gunichar code) {
  if (g_unichar_iszerowidth(code) != 0) return 0;
  return g_unichar_iswide(code) != 0 ? 2 : 1;
}

// The letters of `text` that fit; at least one.
std::string_view fitting(std::string_view text, size_t width) {
  size_t used = 0;
  size_t end = 0;
  while (end < text.size()) {
    const Letter letter = first_letter(text.substr(end));
    if (end > 0 && used + width_of(letter.code) > width) break;
    used += width_of(letter.code);
    end += letter.bytes.size();
  }
  return text.substr(0, end);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string& word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

}  // namespace

std::string clean_text(std::string_view text) {
  gchar* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  const std::string whole(valid);
  g_free(valid);
  std::string out;
  for (std::string_view rest = whole; !rest.empty();) {
    const Letter letter = first_letter(rest);
    rest.remove_prefix(letter.bytes.size());
    if (turns_direction(letter.code)) continue;
    const bool blank = letter.code < 0x20 || (letter.code >= 0x7F && letter.code < 0xA0) ||
                       letter.code == 0x2028 || letter.code == 0x2029;
    const bool no_letter = (letter.code & 0xFFFE) == 0xFFFE;  // XML holds none of these
    if (no_letter) continue;
    out += blank ? " " : letter.bytes;
  }
  return std::string(trimmed(out));
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    width += width_of(letter.code);
    text.remove_prefix(letter.bytes.size());
  }
  return width;
}

std::vector<std::string> wrapped(std::string_view text, size_t width, size_t most_lines) {
  width = std::max<size_t>(width, 1);
  std::vector<std::string> lines;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) lines.push_back(std::exchange(line, ""));
  };
  for (const std::string& word : words_of(text)) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) end_line();
    if (!line.empty()) line += ' ';
    std::string_view rest = word;
    while (display_width(rest) > width) {
      const std::string_view part = fitting(rest, width);
      if (part.size() == rest.size()) break;
      lines.emplace_back(part);
      rest.remove_prefix(part.size());
    }
    line += rest;
  }
  end_line();
  if (lines.empty()) lines.emplace_back();
  if (lines.size() > most_lines) {
    lines.resize(most_lines);
    lines.back() = std::string(fitting(lines.back(), width > 1 ? width - 1 : 1)) + "…";
  }
  return lines;
}

std::string padded_right(std::string_view text, size_t width) {
  const size_t used = display_width(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

std::string padded_left(std::string_view text, size_t width) {
  const size_t used = display_width(text);
  return std::string(width > used ? width - used : 0, ' ') + std::string(text);
}

}  // namespace barometer
