// The ledger as JSON (one figure an object, empty fields left out) and as CSV.
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/ledger/ledger.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;
using Write = std::function<void(const char*, const Json&)>;

template <class T>
Json json_of(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// The one list of a figure's fields, in their order; JSON and CSV are two readings of it.
void visit(const Figure& figure, const Write& field) {
  field("id", figure.id);
  field("kind", std::string(name_of(figure.kind)));
  field("wave", figure.wave);
  field("item", figure.item);
  field("answer", figure.answer);
  field("label", figure.label);
  field("group", figure.group);
  field("group_label", figure.group_label);
  field("unit", figure.unit);
  field("printed", figure.printed);
  field("marker", std::string(symbol_of(figure.marker)));
  field("value", json_of(figure.value));
  field("se", json_of(figure.se));
  field("lower", json_of(figure.lower));
  field("upper", json_of(figure.upper));
  field("level", json_of(figure.level));
  field("interval", figure.interval_method);
  field("n", json_of(figure.n));
  field("weighted_base", json_of(figure.weighted_base));
  field("effective_base", json_of(figure.effective_base));
  field("organisations", json_of(figure.organisations));
  field("count", json_of(figure.count));
  field("not_asked", json_of(figure.not_asked));
  field("no_answer", json_of(figure.no_answer));
  field("refused", json_of(figure.refused));
  field("dont_know", json_of(figure.dont_know));
  field("dont_know_rule", figure.dont_know_rule);
  field("base", figure.base);
  field("question", figure.question);
  field("wording", figure.wording);
  field("wording_hash", figure.wording_hash);
  field("method", figure.method);
  field("weighting", figure.weighting);
  field("rounding", figure.rounding);
  field("frame", figure.frame);
  field("source", figure.source);
  field("data_hash", figure.data_hash);
  field("note", figure.note);
}

bool is_empty(const Json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty());
}

std::string csv_cell(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? csv_spreadsheet_safe(value.get_ref<const std::string&>())
                           : value.dump();
}

std::string csv_line(const Figure& figure, bool names) {
  std::string line;
  visit(figure, [&](const char* name, const Json& value) {
    if (!line.empty()) line += ',';
    line += names ? std::string(name) : csv_cell(value);
  });
  return line + "\n";
}

}  // namespace

std::string Ledger::json() const {
  Json out;
  out["study"] = study;
  out["title"] = title;
  out["software"] = "barometer " + version;
  Json& list = out["figures"] = Json::array();
  for (const Figure& figure : figures) {
    Json object = Json::object();
    visit(figure, [&](const char* name, const Json& value) {
      if (!is_empty(value)) object[name] = value;
    });
    list.push_back(std::move(object));
  }
  return out.dump(1) + "\n";
}

std::string Ledger::csv() const {
  std::string out = csv_line(Figure{}, true);
  for (const Figure& figure : figures) out += csv_line(figure, false);
  return out;
}

}  // namespace barometer
