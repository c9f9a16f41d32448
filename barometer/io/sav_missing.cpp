#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

struct Words {
  Missing kind;
  std::array<std::string_view, 6> any;
};
// In this order: "Don't know/refused" is a "don't know".
constexpr std::array<Words, 4> kWords = {{
    {Missing::kDontKnow,
     {"don't know", "don\xE2\x80\x99t know", "dont know", "do not know", "didn't know",
      "did not know"}},
    {Missing::kRefused, {"refus", "prefer not", "declined"}},
    {Missing::kNotAsked, {"not asked", "not applicable", "inapplicable", "skipped", "routed"}},
    {Missing::kSystem, {"no answer", "not answered", "not stated", "no response", "missing"}},
}};

std::optional<long long> whole_number(std::string_view text) {
  long long number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Missing> missing_of_number(double value) {
  if (value != std::floor(value) || std::abs(value) > 100) return std::nullopt;
  return missing_of_file_code(static_cast<long long>(value));
}

}  // namespace

std::optional<Missing> missing_of_label(std::string_view label) {
  const std::string text = lowered(label);
  for (const Words& words : kWords) {
    const bool named = std::ranges::any_of(words.any, [&](std::string_view word) {
      return !word.empty() && text.find(word) != std::string::npos;
    });
    if (named) return words.kind;
  }
  return std::nullopt;
}

SavMissingRule::SavMissingRule(const SavDictionary& dictionary, const SavVariable& variable)
    : variable_(variable),
      labels_(variable.labels ? &dictionary.labels[*variable.labels] : nullptr),
      system_missing_(dictionary.system_missing) {
  bool undeclared = false;
  if (labels_ != nullptr && variable.width == 0) {
    for (const SavLabel& label : *labels_) {
      if (std::isnan(label.value)) continue;
      if (const auto kind = missing_of_label(label.label)) {
        labelled_[label.value] = *kind;
        undeclared = undeclared || missing_of_number(label.value);
      }
    }
  }
  only_system_ = !undeclared && variable.missing_values.empty() && !variable.missing_range;
}

Missing SavMissingRule::kind_of(double value) const {
  if (std::isnan(value) || value == kSavSystemMissing || value == system_missing_) {
    return Missing::kSystem;
  }
  if (only_system_) return Missing::kNone;
  const auto& range = variable_.missing_range;
  const bool declared =
      std::ranges::find(variable_.missing_values, value) != variable_.missing_values.end() ||
      (range && value >= range->first && value <= range->second);
  const auto coded = missing_of_number(value);
  const auto named = labelled_.find(value);
  if (named != labelled_.end()) return declared || coded ? named->second : Missing::kNone;
  return declared ? coded.value_or(Missing::kSystem) : Missing::kNone;
}

Missing SavMissingRule::kind_of(std::string_view text) const {
  if (text.empty()) return Missing::kSystem;
  const auto& declared = variable_.missing_texts;
  if (std::ranges::find(declared, text) == declared.end()) return Missing::kNone;
  if (labels_ != nullptr) {
    const auto label = std::ranges::find(*labels_, text, &SavLabel::text);
    if (label != labels_->end()) {
      if (const auto kind = missing_of_label(label->label)) return *kind;
    }
  }
  const auto number = whole_number(text);
  return number ? missing_of_file_code(*number).value_or(Missing::kSystem) : Missing::kSystem;
}

}  // namespace barometer
