#include "barometer/questionnaire/questionnaire.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/questionnaire/item_types_internal.h"

namespace barometer {
namespace {

// Runs of white space, no-break spaces included, become one blank.
std::string collapsed(std::string_view text) {
  const std::string plain = replaced(std::string(text), "\xC2\xA0", " ");
  std::string out;
  for (const char c : trimmed(plain)) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) out += c;
    if (space && out.back() != ' ') out += ' ';
  }
  return out;
}

// Each part carries its length, so that no two items share one text.
void append_part(std::string& out, std::string_view part) {
  const std::string text = collapsed(part);
  out += fmt::format("{}:{};", text.size(), text);
}

std::vector<std::string> answer_names(const Item& item) {
  std::vector<std::string> names;
  for (const Net& net : item.nets) names.push_back(net.id);
  for (const Category& option : item.options) names.push_back(option.label);
  return names;
}

}  // namespace

VariableKind Item::kind() const { return rules_of(type).kind; }

std::string Item::question() const { return stem.empty() ? text : stem + " " + text; }

const Item* Questionnaire::find(std::string_view id) const {
  const auto found = std::ranges::find(items, id, &Item::id);
  return found == items.end() ? nullptr : &*found;
}

Result<Codebook> Questionnaire::codebook() const {
  Codebook out;
  for (const Item& item : items) {
    Variable variable;
    variable.id = item.id;
    variable.kind = item.kind();
    variable.label = item.label;
    variable.question = item.question();
    variable.battery = item.battery;
    variable.categories = item.options;
    variable.nets = item.nets;
    variable.scale_low = item.scale_low;
    variable.scale_high = item.scale_high;
    variable.scale_low_label = item.scale_low_label;
    variable.scale_high_label = item.scale_high_label;
    variable.dont_know_in_base = item.dont_know_in_base;
    variable.base_text = item.base_text;
    variable.wording_hash = item.wording_hash;
    TRY_DONE(out.add(std::move(variable)));
  }
  return out;
}

std::string wording_hash(const Item& item) {
  std::string identity = fmt::format("kind {};", static_cast<int>(item.kind()));
  append_part(identity, item.stem);
  append_part(identity, item.text);
  for (const Category& option : item.options) {
    identity += fmt::format("{}=", option.code);
    append_part(identity, option.label);
  }
  if (item.scale_low && item.scale_high) {
    identity += fmt::format("scale {} to {};", *item.scale_low, *item.scale_high);
    append_part(identity, item.scale_low_label);
    append_part(identity, item.scale_high_label);
  }
  return sha256_hex(identity).substr(0, 16);
}

Result<std::vector<int>> answer_codes(const Item& item, std::string_view answer) {
  for (const Net& net : item.nets) {
    if (net.id == answer) return net.codes;
  }
  for (const Category& option : item.options) {
    if (option.label == answer) return std::vector{option.code};
  }
  int code = 0;
  const auto [end, problem] = std::from_chars(answer.data(), answer.data() + answer.size(), code);
  if (problem == std::errc() && end == answer.data() + answer.size()) {
    for (const Category& option : item.options) {
      if (option.code == code) return std::vector{code};
    }
  }
  const std::string hint = suggestion(answer, answer_names(item));
  return fail(ErrorCode::kNotFound,
              fmt::format("'{}' is not an option, code or NET of '{}'{}{}", printable(answer),
                          item.id, hint.empty() ? "" : "; ", hint));
}

}  // namespace barometer
