// The reference language of stories: what stands between {{ and }}.
//
//   reference = verb { term };   term = key "=" text | text | word
//   key, verb, word = letters, digits, "_", ".", "-";   text = "…" in straight or curly quotes
//
// The words of, in, by, since, as and with open a clause; everything else is an operand. What a
// verb may have is in verbs() (verb_internal.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

// A word or quoted text as written, and its first byte in the reference.
struct Operand {
  std::string text;
  size_t at = 0;
  bool quoted = false;
};

// "leave_self likely of chairs in 2013-04 by organisations"
struct CellName {
  std::vector<Operand> words;  // item, then answer
  std::optional<Operand> group, wave, unit;
};

struct Reference {
  std::string verb;
  size_t verb_at = 0;
  CellName cell;
  std::optional<CellName> other;  // after "with"
  std::optional<Operand> since;
  std::optional<Operand> said;                              // after "as": "rose", "most"
  std::vector<std::pair<std::string, Operand>> attributes;  // source="…"

  [[nodiscard]] const Operand* attribute(std::string_view key) const;
};

struct ReferenceError {
  size_t at = 0;  // byte in the reference
  std::string message;
};

// kInvalid in words, with the byte it is about, in `error`.
std::optional<Reference> parse_reference(std::string_view text, ReferenceError& error);

}  // namespace barometer
