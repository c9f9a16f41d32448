#include "barometer/publish/disclosure_note.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

Json options_of(const Item& item) {
  Json out = Json::array();
  for (const Category& option : item.options) {
    Json entry{{"code", option.code}};
    if (option.dont_know) entry["dont_know"] = true;
    if (std::ranges::count(item.off_scale, option.code) > 0) entry["scored"] = false;
    out.push_back(std::move(entry));
  }
  return out;
}

Json item_note(const Item& item) {
  Json out;
  out["item"] = item.id;
  out["kind"] = std::string(name_of(item.kind()));
  out["dont_know_in_base"] = item.dont_know_in_base;
  out["options"] = options_of(item);
  out["nets"] = Json::array();
  for (const Net& net : item.nets) out["nets"].push_back({{"id", net.id}, {"codes", net.codes}});
  return out;
}

}  // namespace

std::string disclosure_note(const Study& study, const std::vector<const Wave*>& waves) {
  const PrintRules& print = study.print;
  Json out;
  out["study"] = study.id;
  out["rules"] = {{"count_under", std::max(print.suppress_count_under, 0)},
                  {"base_under", print.suppress_base_under},
                  {"width", std::max(print.suppress_count_under - 1, 1)},
                  {"uniform_under", 0},
                  {"rounding", std::string(name_of(print.rounding))}};
  out["waves"] = Json::array();
  for (const Wave* wave : waves) {
    Json entry{{"wave", wave->id}, {"items", Json::array()}};
    for (const Item& item : wave->questionnaire.items) {
      const VariableKind kind = item.kind();
      if (kind == VariableKind::kNumber || kind == VariableKind::kText) continue;
      entry["items"].push_back(item_note(item));
    }
    out["waves"].push_back(std::move(entry));
  }
  return out.dump(1) + "\n";
}

}  // namespace barometer
