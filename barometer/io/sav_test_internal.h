// What two datasets differ in, in words.
#pragma once

#include <string>

#include <fmt/format.h>

#include "barometer/data/dataset.h"

namespace barometer {

inline std::string difference(const Variable& a, const Variable& b) {
  const auto differ = [&](const char* what) { return fmt::format("{} of {}", what, a.id); };
  if (a.id != b.id) return fmt::format("id {} is {}", a.id, b.id);
  if (a.kind != b.kind) return differ("kind");
  if (a.label != b.label) return differ("label") + fmt::format(" <{}> <{}>", a.label, b.label);
  if (a.question != b.question || a.battery != b.battery) return differ("question");
  if (a.base_text != b.base_text || a.dont_know_in_base != b.dont_know_in_base) {
    return differ("base");
  }
  if (a.wording_hash != b.wording_hash) return differ("wording");
  if (a.scale_low != b.scale_low || a.scale_high != b.scale_high ||
      a.scale_low_label != b.scale_low_label || a.scale_high_label != b.scale_high_label) {
    return differ("scale");
  }
  if (a.categories.size() != b.categories.size()) return differ("number of categories");
  for (size_t i = 0; i < a.categories.size(); ++i) {
    if (a.categories[i].code != b.categories[i].code ||
        a.categories[i].label != b.categories[i].label ||
        a.categories[i].dont_know != b.categories[i].dont_know) {
      return differ("a category") + fmt::format(": {} <{}>, {} <{}>", a.categories[i].code,
                                                a.categories[i].label, b.categories[i].code,
                                                b.categories[i].label);
    }
  }
  if (a.nets.size() != b.nets.size()) return differ("number of NETs");
  for (size_t i = 0; i < a.nets.size(); ++i) {
    if (a.nets[i].id != b.nets[i].id || a.nets[i].label != b.nets[i].label ||
        a.nets[i].codes != b.nets[i].codes) {
      return differ("a NET");
    }
  }
  return "";
}

inline bool same_values(const Column& a, const Column& b) {
  if (a.index() != b.index()) return false;
  if (const auto* sets = std::get_if<OptionSets>(&a)) {
    return sets->bits == std::get<OptionSets>(b).bits &&
           sets->missing == std::get<OptionSets>(b).missing;
  }
  if (const auto* numbers = std::get_if<Numbers>(&a)) {
    return numbers->values == std::get<Numbers>(b).values &&
           numbers->missing == std::get<Numbers>(b).missing;
  }
  if (const auto* texts = std::get_if<Texts>(&a)) {
    return texts->values == std::get<Texts>(b).values &&
           texts->missing == std::get<Texts>(b).missing;
  }
  if (const auto* codes = std::get_if<NarrowCodes>(&a)) return *codes == std::get<NarrowCodes>(b);
  return std::get<WideCodes>(a) == std::get<WideCodes>(b);
}

// "" when they are equal.
inline std::string difference(const Dataset& a, const Dataset& b) {
  const size_t count = a.codebook().variables().size();
  if (count != b.codebook().variables().size()) return "number of variables";
  for (size_t i = 0; i < count; ++i) {
    const Variable& variable = a.codebook().variables()[i];
    const std::string differs = difference(variable, b.codebook().variables()[i]);
    if (!differs.empty()) return differs;
    if (!same_values(a.column(i), b.column(i))) return "values of " + variable.id;
  }
  return "";
}

}  // namespace barometer
