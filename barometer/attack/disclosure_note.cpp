#include "barometer/attack/disclosure_note_internal.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

Result<Json> parsed(const std::string& text, const std::string& file) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is no JSON object", printable(file)));
  }
  return json;
}

const Json& member(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

std::string word_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

int64_t whole_of(const Json& value, int64_t otherwise) {
  return value.is_number_integer() && value.get<int64_t>() >= 0 ? value.get<int64_t>() : otherwise;
}

std::vector<std::string> words_of(const Json& list) {
  std::vector<std::string> out;
  for (const Json& entry : list.is_array() ? list : Json::array()) out.push_back(word_of(entry));
  return out;
}

std::vector<int> codes_of(const Json& list) {
  std::vector<int> out;
  for (const Json& code : list.is_array() ? list : Json::array()) {
    out.push_back(static_cast<int>(whole_of(code, -1)));
  }
  return out;
}

ReleasedQuestion question_of(const Json& item) {
  ReleasedQuestion out;
  out.id = word_of(member(item, "item"));
  out.multi = word_of(member(item, "kind")) == "multi";
  out.dont_know_in_base = member(item, "dont_know_in_base") != Json(false);
  const Json& options = member(item, "options");
  for (const Json& entry : options.is_array() ? options : Json::array()) {
    const int code = static_cast<int>(whole_of(member(entry, "code"), 0));
    const bool dont_know = member(entry, "dont_know") == Json(true);
    const bool unscored = dont_know || member(entry, "scored") == Json(false);
    out.options.push_back({code, dont_know, dont_know && !out.dont_know_in_base});
    if (unscored) out.unscored.push_back(code);
  }
  const Json& nets = member(item, "nets");
  for (const Json& entry : nets.is_array() ? nets : Json::array()) {
    out.nets.push_back({word_of(member(entry, "id")), codes_of(member(entry, "codes"))});
  }
  return out;
}

DisclosureNote::Wave wave_of(const Json& wave) {
  DisclosureNote::Wave out;
  const Json& items = member(wave, "items");
  for (const Json& item : items.is_array() ? items : Json::array()) {
    ReleasedQuestion question = question_of(item);
    out.items[question.id] = std::move(question);
  }
  out.contains = words_of(member(wave, "contains"));
  const Json& partitions = member(wave, "partitions");
  for (const Json& entry : partitions.is_array() ? partitions : Json::array()) {
    out.partitions.push_back({word_of(member(entry, "of")), words_of(member(entry, "parts")),
                              member(entry, "complete") == Json(true)});
  }
  const Json& given = member(wave, "given");
  for (const Json& entry : given.is_array() ? given : Json::array()) {
    out.given.push_back({word_of(member(entry, "group")), word_of(member(entry, "item")),
                         codes_of(member(entry, "codes")), member(entry, "alone") == Json(true)});
  }
  return out;
}

Rounding rounding_named(std::string_view name) {
  for (const Rounding rule : {Rounding::kHalfEven, Rounding::kTruncate}) {
    if (name == name_of(rule)) return rule;
  }
  return Rounding::kHalfUp;
}

}  // namespace

Result<DisclosureNote> read_disclosure_note(const std::string& json, const std::string& file) {
  const Json root = TRY(parsed(json, file));
  DisclosureNote out;
  const Json& rules = member(root, "rules");
  out.rules.count_under = whole_of(member(rules, "count_under"), 0);
  out.rules.base_under = whole_of(member(rules, "base_under"), 10);
  out.rules.width = whole_of(member(rules, "width"), 0);
  out.rules.uniform_under = whole_of(member(rules, "uniform_under"), 0);
  out.rounding = rounding_named(word_of(member(rules, "rounding")));
  const Json& waves = member(root, "waves");
  for (const Json& wave : waves.is_array() ? waves : Json::array()) {
    out.waves[word_of(member(wave, "wave"))] = wave_of(wave);
  }
  return out;
}

}  // namespace barometer
