// Text as writers send it, made plain: one kind of space, of dash, of quote, so that the grammar of
// numbers (read.h) needs no table of Unicode. Every byte of the plain text knows which code point
// of the original it came from, because findings are shown in the original.
//
// What changes: spaces of any width become ' '; hyphens, minus signs and en dashes '-'; an em dash
// "--" (it never joins the parts of "twenty-five"); curly quotes and primes become ' and "; an
// ellipsis "..."; full-width digits, signs and vulgar fractions their plain forms (2½ is "2 1/2");
// a raised point between digits '.'; soft hyphens, zero-width characters and byte order marks go.
// A byte that is not UTF-8 counts as one code point and becomes '?'.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace barometer::wording {

// Code points of the original text: first, and one past the last.
struct TextSpan {
  size_t begin = 0;
  size_t end = 0;

  bool operator==(const TextSpan&) const = default;
};

// Bytes of the plain text: first, and one past the last.
struct ByteRange {
  size_t begin = 0;
  size_t end = 0;
};

struct NormalText {
  std::string text;
  std::vector<uint32_t> origin;  // by byte of text: the code point it came from
  // Quotations, in order, without overlap; their marks are inside. One that is never closed ends
  // with its paragraph. An apostrophe opens and closes nothing.
  std::vector<ByteRange> quotations;

  // The original code points behind bytes begin..end of the text; end > begin.
  [[nodiscard]] TextSpan span(size_t begin, size_t end) const;
  [[nodiscard]] bool is_quoted(size_t byte) const;
};

NormalText normalise(std::string_view utf8);

}  // namespace barometer::wording
