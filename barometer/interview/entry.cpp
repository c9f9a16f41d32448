#include "barometer/interview/entry_internal.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

std::string_view word_of(Missing missing) {
  if (missing == Missing::kRefused) return "refused";
  return missing == Missing::kDontKnow ? "dont_know" : "blank";
}

Json answer_json(const GivenAnswer& answer) {
  if (answer.missing != Missing::kNone) return {{"missing", word_of(answer.missing)}};
  const bool codes = !answer.codes.empty();
  Json plain = codes ? Json(answer.codes) : Json(answer.text);
  if (answer.specified.empty() && answer.quoting == Quoting::kNotAsked) return plain;
  Json out{{codes ? "codes" : "text", plain}};
  for (const auto& [code, words] : answer.specified) {
    out["specified"][fmt::format("{}", code)] = words;
  }
  if (answer.quoting != Quoting::kNotAsked) out["quote"] = name_of(answer.quoting);
  return out;
}

auto unknown_entry(std::string_view what) {
  return fail(
      ErrorCode::kInvalid,
      fmt::format("an entry of the journal holds {}, which is not of this questionnaire", what));
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<std::vector<int>> codes_in(const Item& item, const Json& list) {
  std::vector<int> codes;
  for (const Json& each : list) {
    const auto code = each.is_number_integer() ? each.get<int64_t>() : -1;
    const bool known = std::ranges::any_of(
        item.options, [&](const Category& option) { return option.code == code; });
    if (!known || (!codes.empty() && codes.back() >= code)) {
      return unknown_entry(fmt::format("a code of '{}'", item.id));
    }
    codes.push_back(static_cast<int>(code));
  }
  const bool many = item.kind() == VariableKind::kMulti;
  if (codes.empty() || (codes.size() > 1 && !many)) {
    return unknown_entry(fmt::format("{} codes of '{}'", codes.size(), item.id));
  }
  return codes;
}

Result<Missing> missing_named(const std::string& name, const Item& item) {
  for (const Missing kind : {Missing::kRefused, Missing::kDontKnow, Missing::kSystem}) {
    if (word_of(kind) == name) return kind;
  }
  return unknown_entry(fmt::format("a kind of missing of '{}'", item.id));
}

Status read_value(const Item& item, const Json& value, GivenAnswer& answer) {
  const bool words = item.kind() == VariableKind::kNumber || item.kind() == VariableKind::kText;
  if (value.is_array() && !words) {
    answer.codes = TRY(codes_in(item, value));
    return {};
  }
  if (!value.is_string() || !words) return unknown_entry(fmt::format("a value of '{}'", item.id));
  answer.text = value.get<std::string>();
  if (answer.text.empty()) return unknown_entry(fmt::format("an empty text of '{}'", item.id));
  if (item.kind() == VariableKind::kNumber) TRY(parse_decimal(answer.text));
  return {};
}

Status read_specified(const Item& item, const Json& list, GivenAnswer& answer) {
  for (const auto& [key, words] : list.items()) {
    int code = 0;
    const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), code);
    const bool chosen = problem == std::errc() && end == key.data() + key.size() &&
                        std::ranges::binary_search(answer.codes, code);
    if (!chosen || !words.is_string()) {
      return unknown_entry(fmt::format("specified words of '{}'", item.id));
    }
    answer.specified[code] = words.get<std::string>();
  }
  return {};
}

Result<Quoting> quoting_named(const std::string& name) {
  for (const Quoting quoting : {Quoting::kNotAsked, Quoting::kNo, Quoting::kUnattributed,
                                Quoting::kByRole, Quoting::kByName}) {
    if (name_of(quoting) == name) return quoting;
  }
  return unknown_entry("a consent");
}

Result<GivenAnswer> answer_in(const Item& item, const Json& json) {
  GivenAnswer answer;
  if (!json.is_object()) {
    TRY_DONE(read_value(item, json, answer));
    return answer;
  }
  if (json.contains("missing")) {
    answer.missing = TRY(missing_named(text_at(json, "missing"), item));
    return answer;
  }
  const auto value = json.contains("codes") ? json.find("codes") : json.find("text");
  if (value == json.end()) return unknown_entry(fmt::format("no value of '{}'", item.id));
  TRY_DONE(read_value(item, *value, answer));
  if (const auto list = json.find("specified"); list != json.end() && list->is_object()) {
    TRY_DONE(read_specified(item, *list, answer));
  }
  answer.quoting = TRY(quoting_named(text_at(json, "quote")));
  return answer;
}

Status read_facts(const Json& json, EntryBody& body) {
  if (const auto facts = json.find("case"); facts != json.end() && facts->is_object()) {
    body.facts.role = text_at(*facts, "role");
    body.facts.privacy = text_at(*facts, "privacy");
    const auto organisations = facts->find("organisations");
    if (organisations != facts->end() && organisations->is_array()) {
      for (const Json& each : *organisations) {
        if (!each.is_string()) return unknown_entry("an organisation");
        body.facts.organisations.push_back(each.get<std::string>());
      }
    }
  }
  const std::string seed = text_at(json, "seed");
  if (seed.empty()) return {};
  uint64_t value = 0;
  const auto [end, problem] = std::from_chars(seed.data(), seed.data() + seed.size(), value, 16);
  if (problem != std::errc() || end != seed.data() + seed.size()) return unknown_entry("a seed");
  body.seed = value;
  return {};
}

}  // namespace

std::string entry_text(const EntryBody& body) {
  Json out{{"language", body.language}, {"mode", body.mode}};
  if (!body.by.empty()) out["by"] = body.by;
  if (!body.page.empty()) out["page"] = body.page;
  if (body.seconds > 0) out["seconds"] = body.seconds;
  if (body.seed) out["seed"] = fmt::format("{:016x}", *body.seed);
  for (const auto& [item, answer] : body.answers) out["answers"][item] = answer_json(answer);
  if (!body.facts.organisations.empty()) out["case"]["organisations"] = body.facts.organisations;
  if (!body.facts.role.empty()) out["case"]["role"] = body.facts.role;
  if (!body.facts.privacy.empty()) out["case"]["privacy"] = body.facts.privacy;
  for (const auto& [item, codes] : body.shown_options) out["shown"][item] = codes;
  for (const auto& [page, items] : body.shown_statements) out["shown"][page] = items;
  return out.dump();
}

Result<EntryBody> read_entry(const Interview::Plan& plan, std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return unknown_entry("no JSON object");
  EntryBody body;
  body.page = text_at(json, "page");
  body.language = text_at(json, "language");
  body.mode = text_at(json, "mode");
  body.by = text_at(json, "by");
  if (const auto seconds = json.find("seconds");
      seconds != json.end() && seconds->is_number_integer()) {
    body.seconds = seconds->get<int64_t>();
  }
  TRY_DONE(read_facts(json, body));
  const auto answers = json.find("answers");
  if (answers == json.end()) return body;
  if (!answers->is_object()) return unknown_entry("no map of answers");
  for (const auto& [id, answer] : answers->items()) {
    const auto index = plan.item_index.find(id);
    if (index == plan.item_index.end()) {
      return unknown_entry(fmt::format("an answer to '{}'", printable(id)));
    }
    body.answers[id] = TRY(answer_in(plan.item(index->second), answer));
  }
  return body;
}

}  // namespace barometer
