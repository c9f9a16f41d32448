#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

std::string text_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<int> code_in(const Json& json) {
  if (!json.is_number_integer()) return std::nullopt;
  const auto code = json.get<int64_t>();
  return code >= 0 && code <= kMaxCode ? std::optional(static_cast<int>(code)) : std::nullopt;
}

std::vector<int> codes_at(const Json& json, const char* key) {
  std::vector<int> codes;
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return codes;
  for (const Json& entry : *found) {
    if (const auto code = code_in(entry)) codes.push_back(*code);
  }
  return codes;
}

void put_categories(Json& json, const Variable& variable) {
  Json dont_know = Json::array();
  Json labels = Json::object();
  for (const Category& category : variable.categories) {
    if (category.dont_know) dont_know.push_back(category.code);
    // Options of a multi variable have columns, and their labels there.
    if (variable.kind != VariableKind::kMulti &&
        sav_label(category.label, kSavValueLabel) != category.label) {
      labels[std::to_string(category.code)] = category.label;
    }
  }
  if (!dont_know.empty()) json["dont_know"] = std::move(dont_know);
  if (!labels.empty()) json["labels"] = std::move(labels);
}

void put_nets(Json& json, const Variable& variable) {
  for (const Net& net : variable.nets) {
    json["nets"].push_back({{"id", net.id}, {"label", net.label}, {"codes", net.codes}});
  }
}

void put_kind(Json& json, const Variable& variable) {
  if (variable.kind == VariableKind::kText) json["kind"] = "text";
  if (variable.kind == VariableKind::kSingle && variable.categories.empty()) {
    json["kind"] = "single";
  }
  if (variable.kind != VariableKind::kScale) return;
  json["kind"] = "scale";
  json["scale"] = {*variable.scale_low, *variable.scale_high};
  put(json, "scale_low", variable.scale_low_label);
  put(json, "scale_high", variable.scale_high_label);
}

void take_kind(const Json& json, Variable& variable) {
  const std::string kind = text_at(json, "kind");
  if (kind == "text") variable.kind = VariableKind::kText;
  if (kind == "single") variable.kind = VariableKind::kSingle;
  const std::vector<int> ends = codes_at(json, "scale");
  if (kind != "scale" || ends.size() != 2 || ends[0] >= ends[1]) return;
  variable.kind = VariableKind::kScale;
  variable.scale_low = ends[0];
  variable.scale_high = ends[1];
  variable.scale_low_label = text_at(json, "scale_low");
  variable.scale_high_label = text_at(json, "scale_high");
}

void take_categories(const Json& json, Variable& variable) {
  const std::vector<int> listed = codes_at(json, "dont_know");
  const std::set<int> dont_know(listed.begin(), listed.end());
  const auto labels = json.find("labels");
  for (Category& category : variable.categories) {
    category.dont_know = dont_know.contains(category.code);
    if (labels == json.end() || !labels->is_object()) continue;
    const std::string label = text_at(*labels, std::to_string(category.code).c_str());
    // A label that was changed in another program since is the one that counts.
    if (sav_label(label, kSavValueLabel) == category.label && !label.empty()) {
      category.label = label;
    }
  }
}

void take_nets(const Json& json, Variable& variable) {
  const auto nets = json.find("nets");
  if (nets == json.end() || !nets->is_array()) return;
  std::set<std::string> ids;
  for (const Json& entry : *nets) {
    if (!entry.is_object()) continue;
    Net net{.id = text_at(entry, "id"),
            .label = text_at(entry, "label"),
            .codes = codes_at(entry, "codes")};
    if (ids.insert(net.id).second) variable.nets.push_back(std::move(net));
  }
}

Json json_of(const Variable& variable) {
  Json json = Json::object();
  put_kind(json, variable);
  put(json, "question", variable.question);
  put(json, "battery", variable.battery);
  put(json, "base", variable.base_text);
  put(json, "wording", variable.wording_hash);
  if (!variable.dont_know_in_base) json["dont_know_out"] = true;
  put_categories(json, variable);
  put_nets(json, variable);
  return json;
}

}  // namespace

std::string sav_label(const std::string& label, size_t most) {
  size_t size = std::min(label.size(), most);
  while (size < label.size() && size > 0 && (static_cast<uint8_t>(label[size]) & 0xC0) == 0x80) {
    --size;
  }
  return std::string(without_blanks(std::string_view(label).substr(0, size)));
}

std::string sav_set_label(const std::string& label) {
  std::string line = sav_label(label, kSavVariableLabel);
  std::ranges::replace(line, '\n', ' ');
  return std::string(without_blanks(line));
}

std::string sav_meta_text(const Variable& variable, const SavMeta& meta) {
  Json json = json_of(variable);
  put(json, "id", meta.id);
  if (meta.label) json["label"] = *meta.label;
  put(json, "of", meta.option_of);
  if (!meta.option_of.empty()) json["code"] = meta.option_code;
  put(json, "set", meta.whole);
  if (!meta.added.empty()) json["added"] = meta.added;
  // "'" and a line end would end an attribute; JSON holds no line end as it stands.
  return json.empty() ? "" : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

SavMeta apply_sav_meta(std::string_view text, Variable& variable) {
  SavMeta meta;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return meta;
  take_kind(json, variable);
  variable.question = text_at(json, "question");
  variable.battery = text_at(json, "battery");
  variable.base_text = text_at(json, "base");
  variable.wording_hash = text_at(json, "wording");
  variable.dont_know_in_base = !json.contains("dont_know_out");
  meta.added = codes_at(json, "added");
  const std::set<int> added(meta.added.begin(), meta.added.end());
  std::erase_if(variable.categories,
                [&](const Category& category) { return added.contains(category.code); });
  take_categories(json, variable);
  take_nets(json, variable);
  meta.id = text_at(json, "id");
  if (json.contains("label")) meta.label = text_at(json, "label");
  meta.option_of = text_at(json, "of");
  if (const auto code = json.find("code"); code != json.end()) {
    meta.option_code = code_in(*code).value_or(0);
  }
  meta.whole = text_at(json, "set");
  return meta;
}

}  // namespace barometer
