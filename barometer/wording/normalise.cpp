#include "barometer/wording/normalise.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "barometer/base/result.h"

namespace barometer::wording {
namespace {

struct Plain {
  char32_t first;
  char32_t last;
  std::string_view text;
};

// Sorted by code point. Vulgar fractions begin with a space after a digit (see Normaliser::put).
constexpr auto kPlain = std::to_array<Plain>({
    {0x00A0, 0x00A0, " "},    {0x00AB, 0x00AB, "\""},  {0x00AD, 0x00AD, ""},
    {0x00B4, 0x00B4, "'"},    {0x00BB, 0x00BB, "\""},  {0x00BC, 0x00BC, "1/4"},
    {0x00BD, 0x00BD, "1/2"},  {0x00BE, 0x00BE, "3/4"}, {0x00D7, 0x00D7, "x"},
    {0x1680, 0x1680, " "},    {0x2000, 0x200A, " "},   {0x200B, 0x200F, ""},
    {0x2010, 0x2013, "-"},    {0x2014, 0x2015, "--"},  {0x2018, 0x201B, "'"},
    {0x201C, 0x201F, "\""},   {0x2026, 0x2026, "..."}, {0x2028, 0x2028, "\n"},
    {0x2029, 0x2029, "\n\n"}, {0x202A, 0x202E, ""},    {0x202F, 0x202F, " "},
    {0x2032, 0x2032, "'"},    {0x2033, 0x2033, "\""},  {0x2039, 0x203A, "'"},
    {0x2044, 0x2044, "/"},    {0x205F, 0x205F, " "},   {0x2060, 0x2064, ""},
    {0x2150, 0x2150, "1/7"},  {0x2151, 0x2151, "1/9"}, {0x2152, 0x2152, "1/10"},
    {0x2153, 0x2153, "1/3"},  {0x2154, 0x2154, "2/3"}, {0x2155, 0x2155, "1/5"},
    {0x2156, 0x2156, "2/5"},  {0x2157, 0x2157, "3/5"}, {0x2158, 0x2158, "4/5"},
    {0x2159, 0x2159, "1/6"},  {0x215A, 0x215A, "5/6"}, {0x215B, 0x215B, "1/8"},
    {0x215C, 0x215C, "3/8"},  {0x215D, 0x215D, "5/8"}, {0x215E, 0x215E, "7/8"},
    {0x2212, 0x2212, "-"},    {0x2215, 0x2215, "/"},   {0x3000, 0x3000, " "},
    {0xFB00, 0xFB00, "ff"},   {0xFB01, 0xFB01, "fi"},  {0xFB02, 0xFB02, "fl"},
    {0xFB03, 0xFB03, "ffi"},  {0xFB04, 0xFB04, "ffl"}, {0xFB05, 0xFB06, "st"},
    {0xFE58, 0xFE58, "--"},   {0xFE63, 0xFE63, "-"},   {0xFE6A, 0xFE6A, "%"},
    {0xFEFF, 0xFEFF, ""},     {0xFF05, 0xFF05, "%"},   {0xFF0D, 0xFF0D, "-"},
    {0xFF0E, 0xFF0E, "."},
});

const Plain* plain_of(char32_t c) {
  const auto row = std::ranges::lower_bound(kPlain, c, {}, &Plain::last);
  return row != kPlain.end() && row->first <= c ? &*row : nullptr;
}

struct Decoded {
  char32_t c = 0;
  size_t bytes = 1;  // 1 and c = 0xFFFD for a byte that is not UTF-8
};

Decoded decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const Decoded wrong{0xFFFD, 1};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return wrong;
  char32_t c = lead & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return wrong;
    c = (c << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return wrong;
  return {c, length};
}

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

enum class Side { kEither, kOpen, kClose };
struct Mark {
  size_t at;
  Side side;
};

Side side_of(char32_t c) {
  if (c == 0x2018 || c == 0x201A || c == 0x201C || c == 0x201E || c == 0x00AB) return Side::kOpen;
  if (c == 0x2019 || c == 0x201D || c == 0x00BB) return Side::kClose;
  return Side::kEither;
}

class Normaliser {
 public:
  explicit Normaliser(std::string_view utf8) : rest_(utf8) {
    out_.text.reserve(utf8.size());
    out_.origin.reserve(utf8.size());
  }

  NormalText run() {
    for (uint32_t at = 0; !rest_.empty(); ++at) {
      const Decoded next = decode(rest_);
      const bool is_text = next.c != 0xFFFD || next.bytes > 1;
      put(next.c, is_text ? rest_.substr(0, next.bytes) : "?", at);
      rest_.remove_prefix(next.bytes);
    }
    find_quotations();
    return std::move(out_);
  }

 private:
  void put(char32_t c, std::string_view bytes, uint32_t at) {
    if (c >= 0x80) {
      if (c >= 0xFF10 && c <= 0xFF19)
        return append(std::string(1, static_cast<char>(c - 0xFEE0)), at);
      if (c == 0x00B7) return append(between_digits() ? "." : bytes, at);
      if (const Plain* plain = plain_of(c)) {
        mark(c, plain->text);
        const bool fraction = plain->text.size() > 2 && plain->text[1] == '/';
        if (fraction && !out_.text.empty() && is_digit(out_.text.back())) append(" ", at);
        return append(plain->text, at);
      }
    }
    mark(c, bytes);
    append(bytes, at);
  }
  void append(std::string_view plain, uint32_t at) {
    out_.text += plain;
    out_.origin.insert(out_.origin.end(), plain.size(), at);
  }
  // A raised point is two bytes, so a digit after it is at 2.
  bool between_digits() const {
    return !out_.text.empty() && is_digit(out_.text.back()) && rest_.size() > 2 &&
           is_digit(rest_[2]);
  }
  void mark(char32_t c, std::string_view plain) {
    if (plain == "\"" || plain == "'") marks_.push_back({out_.text.size(), side_of(c)});
    if (plain == "\n\n" || (plain == "\n" && blank_line())) {
      marks_.push_back({out_.text.size(), Side::kEither});
    }
  }
  bool blank_line() const {
    const size_t last = out_.text.find_last_not_of(" \t\r");
    return last != std::string::npos && out_.text[last] == '\n';
  }

  bool may_open(const Mark& m) const {
    const std::string& text = out_.text;
    const bool after_word = m.at > 0 && is_letter_or_digit(text[m.at - 1]);
    const bool before_text = m.at + 1 < text.size() && !is_space(text[m.at + 1]);
    return m.side != Side::kClose && !after_word && before_text;
  }
  bool may_close(const Mark& m) const {
    const std::string& text = out_.text;
    const bool after_space = m.at == 0 || is_space(text[m.at - 1]);
    const bool inside_word = m.at + 1 < text.size() && is_letter_or_digit(text[m.at + 1]);
    return m.side != Side::kOpen && !after_space && !inside_word;
  }
  // The ' of "the groups' budgets", if a later mark of the paragraph can close as well.
  bool is_possessive(size_t index) const {
    const Mark& m = marks_[index];
    const std::string& text = out_.text;
    if (text[m.at - 1] != 's' || m.at + 2 >= text.size() || text[m.at + 1] != ' ') return false;
    if (std::islower(static_cast<unsigned char>(text[m.at + 2])) == 0) return false;
    for (size_t i = index + 1; i < marks_.size() && i < index + 8; ++i) {
      if (text[marks_[i].at] == '\n' || may_open(marks_[i])) return false;
      if (text[marks_[i].at] == '\'' && may_close(marks_[i])) return true;
    }
    return false;
  }
  // The mark that ends the quotation opened by `first`: of the same kind, or the end of a
  // paragraph.
  size_t end_of_quotation(size_t first) const {
    const char kind = out_.text[marks_[first].at];
    for (size_t i = first + 1; i < marks_.size(); ++i) {
      const char here = out_.text[marks_[i].at];
      if (here == '\n') return i;
      if (here == kind && may_close(marks_[i]) && !(kind == '\'' && is_possessive(i))) return i;
    }
    return marks_.size();
  }
  void find_quotations() {
    size_t no_close_before = 0;  // the single marks up to here are known to have no end
    for (size_t i = 0; i < marks_.size(); ++i) {
      const size_t begin = marks_[i].at;
      if (out_.text[begin] == '\n' || !may_open(marks_[i])) continue;
      if (out_.text[begin] == '\'' && i < no_close_before) continue;
      const size_t last = end_of_quotation(i);
      const size_t end = last < marks_.size() ? marks_[last].at : out_.text.size();
      const bool closed = last < marks_.size() && out_.text[end] != '\n';
      const bool begins_paragraph = begin == 0 || out_.text[begin - 1] == '\n';
      // A single mark that is never closed is an apostrophe ('90s), unless it opens a paragraph.
      if (!closed && out_.text[begin] == '\'' && !begins_paragraph) {
        no_close_before = last;
        continue;
      }
      out_.quotations.push_back({begin, closed ? end + 1 : end});
      i = closed || last == marks_.size() ? last : last - 1;
    }
  }

  std::string_view rest_;
  std::vector<Mark> marks_;  // quotes, and ends of paragraphs
  NormalText out_;
};

}  // namespace

TextSpan NormalText::span(size_t begin, size_t end) const {
  CHECK(begin < end && end <= origin.size(), "a span of the text has bytes");
  return {origin[begin], size_t{origin[end - 1]} + 1};
}

bool NormalText::is_quoted(size_t byte) const {
  const auto next = std::ranges::upper_bound(quotations, byte, {}, &ByteRange::begin);
  return next != quotations.begin() && byte < std::prev(next)->end;
}

NormalText normalise(std::string_view utf8) { return Normaliser(utf8).run(); }

}  // namespace barometer::wording
