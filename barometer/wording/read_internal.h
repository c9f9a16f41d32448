// Between the grammar (read_grammar.cpp) and what a sentence makes of its findings (read.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "barometer/base/decimal.h"
#include "barometer/wording/hedge.h"
#include "barometer/wording/read.h"

namespace barometer::wording {

struct ReadNumber {
  Ratio value;
  int places = 0;
  bool in_words = false;
  bool plain_digits = false;  // no comma, no point, no sign
  size_t digit_count = 0;
};

// What one phrase said, in bytes of the plain text.
struct ReadPhrase {
  size_t begin = 0;
  size_t number_begin = 0;
  size_t end = 0;
  Form form = Form::kCount;
  std::array<ReadNumber, 3> numbers;
  size_t number_count = 0;
  const Hedge* hedge = nullptr;
  const Quantifier* quantifier = nullptr;
  bool for_editor = false;
  bool typo = false;
  bool is_remainder = false;
  bool is_between = false;  // numbers[0] to numbers[1]

  // Number words being added up.
  int64_t part = 0;
  int64_t total = 0;
  int64_t last_scale = 0;  // 0: none yet
};

// The phrase that begins at byte `at` of the text, where a word or a number begins.
std::optional<ReadPhrase> parse_phrase(std::string_view text, size_t at);

}  // namespace barometer::wording
