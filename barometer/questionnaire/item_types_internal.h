// What each item type brings along: kind of variable, options, NETs, charts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/questionnaire/questionnaire.h"

namespace barometer {

enum class OptionRole { kPlain, kNeutral, kDontKnow };

struct DefaultOption {
  std::string_view label;
  OptionRole role = OptionRole::kPlain;
};

// Positions (from 1, which are the default codes) of the first and last option in the NET.
struct DefaultNet {
  std::string_view id;
  std::string_view label;
  int first;
  int last;
};

struct TypeRules {
  ItemType type;
  std::string_view name;
  VariableKind kind;
  std::span<const DefaultOption> options;  // empty: they must be written, or there are none
  std::span<const DefaultNet> nets;
  std::string_view charts;  // allowed, separated by blanks; the first is the default
};

const TypeRules& rules_of(ItemType type);
std::optional<ItemType> item_type_named(std::string_view name);
std::vector<std::string> item_type_names();

}  // namespace barometer
