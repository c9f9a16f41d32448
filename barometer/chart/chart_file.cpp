#include "barometer/chart/chart_file.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<ChartKind, std::string_view>, 9> kKinds = {
    {{ChartKind::kPie, "pie"},
     {ChartKind::kBar, "bar"},
     {ChartKind::kDiverging, "diverging"},
     {ChartKind::kTrend, "trend"},
     {ChartKind::kDot, "dot"},
     {ChartKind::kStacked, "stacked"},
     {ChartKind::kShare, "share"},
     {ChartKind::kHeat, "heat"},
     {ChartKind::kTiles, "tiles"}}};

constexpr std::array<std::pair<ShadeScale, std::string_view>, 3> kScales = {
    {{ShadeScale::kSequential, "sequential"},
     {ShadeScale::kDiverging, "diverging"},
     {ShadeScale::kCategories, "categories"}}};

template <class Value, size_t kCount>
std::vector<std::string> names_of(
    const std::array<std::pair<Value, std::string_view>, kCount>& table) {
  std::vector<std::string> names;
  for (const auto& [value, name] : table) names.emplace_back(name);
  return names;
}

template <class Value, size_t kCount>
Result<Value> value_named(const std::array<std::pair<Value, std::string_view>, kCount>& table,
                          std::string_view what, std::string_view name) {
  for (const auto& [value, known] : table) {
    if (known == name) return value;
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a {}; {}", printable(name), what,
                                               suggestion(name, names_of(table))));
}

// One object of the text; remembers the first mistake with its place.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string place, std::vector<std::string> known,
               std::string& problem)
      : object_(object), place_(std::move(place)), problem_(problem) {
    if (!object.is_object()) {
      complain("", "not an object");
      return;
    }
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const std::string hint = suggestion(key, known);
      complain(
          "", fmt::format("'{}' is not known{}{}", printable(key), hint.empty() ? "" : "; ", hint));
    }
  }

  [[nodiscard]] const json* member(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  std::string text(const char* key, bool required = false) {
    const json* value = member(key);
    if (value == nullptr) {
      if (required) complain(key, "missing");
      return {};
    }
    if (value->is_string()) return value->get<std::string>();
    complain(key, "not a text");
    return {};
  }
  bool flag(const char* key) {
    const json* value = member(key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) complain(key, "neither true nor false");
    return value->is_boolean() && value->get<bool>();
  }
  std::optional<double> number(const char* key) {
    const json* value = member(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return value->get<double>();
    complain(key, "not a number");
    return std::nullopt;
  }
  // Numbers; `count` of them unless that is 0.
  std::vector<double> numbers(const char* key, size_t count = 0) {
    const json* value = member(key);
    std::vector<double> out;
    if (value == nullptr) return out;
    const bool is_list =
        value->is_array() &&
        std::all_of(value->begin(), value->end(), [](const json& v) { return v.is_number(); });
    if (!is_list || (count > 0 && value->size() != count)) {
      complain(key, count > 0 ? fmt::format("not a list of {} numbers", count)
                              : "not a list of numbers");
      return out;
    }
    for (const auto& item : *value) out.push_back(item.get<double>());
    return out;
  }
  const json& list(const char* key) {
    static const json kNothing = json::array();
    const json* value = member(key);
    if (value != nullptr && value->is_array()) return *value;
    complain(key, value == nullptr ? "missing" : "not a list");
    return kNothing;
  }
  [[nodiscard]] std::string place_of(const char* key, size_t at) const {
    return fmt::format("{}{}[{}]", prefix(), key, at);
  }
  void complain(const char* key, const std::string& what) {
    if (!problem_.empty()) return;
    const std::string place = *key == '\0' ? place_ : prefix() + key;
    problem_ = fmt::format("{} is {}", place.empty() ? "the chart" : place, what);
    if (what.find("is not known") != std::string::npos) {
      problem_ = fmt::format("{}: {}", place.empty() ? "the chart" : place, what);
    }
  }

 private:
  [[nodiscard]] std::string prefix() const { return place_.empty() ? "" : place_ + "."; }

  const json& object_;
  std::string place_;
  std::string& problem_;
};

Mark read_mark(const json& object, const std::string& place, const std::string& id,
               const std::string& unit, std::string& problem) {
  ObjectReader in(object, place,
                  {"figure", "label", "value", "printed", "tone", "interval", "new_wording"},
                  problem);
  Mark mark{.figure_id = in.text("figure"),
            .label = in.text("label"),
            .value = in.number("value"),
            .printed = in.text("printed"),
            .tone = in.text("tone")};
  const auto interval = in.numbers("interval", 2);
  if (interval.size() == 2) {
    mark.lower = interval[0];
    mark.upper = interval[1];
  }
  mark.new_wording = in.flag("new_wording");
  if (mark.figure_id.empty()) mark.figure_id = id;
  if (in.member("printed") == nullptr && mark.value) {
    mark.printed = fmt::format("{:.6g}{}", *mark.value, unit);
  }
  return mark;
}

std::optional<TilePlace> read_place(ObjectReader& in) {
  const auto place = in.numbers("place", 2);
  if (place.size() != 2) return std::nullopt;
  const auto is_field = [](double v) { return v >= 0 && v <= 1'000 && v == static_cast<int>(v); };
  if (!is_field(place[0]) || !is_field(place[1])) {
    in.complain("place", "not a column and a row, whole numbers from 0");
    return std::nullopt;
  }
  return TilePlace{static_cast<int>(place[0]), static_cast<int>(place[1])};
}

Row read_row(const json& object, const std::string& place, size_t number, const std::string& unit,
             std::string& problem) {
  ObjectReader in(object, place, {"label", "marks", "base", "short", "group", "place"}, problem);
  Row row{.label = in.text("label"),
          .marks = {},
          .base = in.text("base"),
          .short_label = in.text("short"),
          .group = in.text("group")};
  row.place = read_place(in);
  const json& marks = in.list("marks");
  for (size_t i = 0; i < marks.size(); ++i) {
    row.marks.push_back(read_mark(marks[i], in.place_of("marks", i),
                                  fmt::format("{}.{}", number, i + 1), unit, problem));
  }
  return row;
}

Result<Shades> read_shades(const ObjectReader& chart, std::string& problem) {
  Shades shades;
  const json* object = chart.member("shades");
  if (object == nullptr) return shades;
  ObjectReader in(*object, "shades", {"scale", "cuts", "middle"}, problem);
  const std::string scale = in.text("scale");
  if (!scale.empty()) shades.scale = TRY(value_named(kScales, "scale of colours", scale));
  shades.cuts = in.numbers("cuts");
  shades.middle = in.number("middle").value_or(0);
  return shades;
}

Result<Chart> read_chart(const json& root) {
  std::string problem;
  ObjectReader in(root, "",
                  {"id", "kind", "title", "subtitle", "source", "note", "rows", "unit", "axis",
                   "alt", "multi_response", "bands", "shades"},
                  problem);
  Chart chart{.id = in.text("id", true),
              .title = in.text("title", true),
              .subtitle = in.text("subtitle", true),
              .source = in.text("source"),
              .note = in.text("note"),
              .rows = {},
              .unit = in.member("unit") == nullptr ? "%" : in.text("unit"),
              .alt = in.text("alt"),
              .multi_response = in.flag("multi_response"),
              .bands = in.flag("bands")};
  const std::string kind = in.text("kind", true);
  const auto axis = in.numbers("axis", 2);
  if (axis.size() == 2) {
    chart.axis_low = axis[0];
    chart.axis_high = axis[1];
  }
  const json& rows = in.list("rows");
  for (size_t i = 0; i < rows.size(); ++i) {
    chart.rows.push_back(read_row(rows[i], in.place_of("rows", i), i + 1, chart.unit, problem));
  }
  auto shades = read_shades(in, problem);
  if (!problem.empty()) return fail(ErrorCode::kInvalid, problem);
  chart.shades = TRY(std::move(shades));
  chart.kind = TRY(chart_kind_named(kind));
  if (chart.alt.empty()) chart.alt = listed_figures(chart);
  return chart;
}

void put(nlohmann::ordered_json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}

nlohmann::ordered_json mark_json(const Mark& mark) {
  nlohmann::ordered_json out = {{"figure", mark.figure_id}, {"label", mark.label}};
  if (mark.value) out["value"] = *mark.value;
  out["printed"] = mark.printed;
  put(out, "tone", mark.tone);
  if (mark.lower && mark.upper) out["interval"] = {*mark.lower, *mark.upper};
  if (mark.new_wording) out["new_wording"] = true;
  return out;
}

nlohmann::ordered_json row_json(const Row& row) {
  nlohmann::ordered_json out = {{"label", row.label}};
  put(out, "base", row.base);
  put(out, "short", row.short_label);
  put(out, "group", row.group);
  if (row.place) out["place"] = {row.place->column, row.place->row};
  out["marks"] = nlohmann::ordered_json::array();
  for (const auto& mark : row.marks) out["marks"].push_back(mark_json(mark));
  return out;
}

}  // namespace

std::string_view name_of(ChartKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  CHECK(false, "a chart of no kind");
}

Result<ChartKind> chart_kind_named(std::string_view name) {
  return value_named(kKinds, "kind of chart", name);
}

std::string listed_figures(const Chart& chart) {
  std::string marks;
  for (const Row& row : chart.rows) {
    for (const Mark& mark : row.marks) {
      const bool is_plain = row.label.empty() || row.label == mark.label;
      marks += fmt::format("{}{} {}", marks.empty() ? "" : "; ",
                           is_plain ? mark.label : fmt::format("{}, {}", row.label, mark.label),
                           mark.printed);
    }
  }
  constexpr size_t kLongest = 9'000;  // of a text in a chart: 10,000 bytes
  std::string out = fmt::format("{}. {}", chart.title, marks);
  if (out.size() <= kLongest) return out;
  size_t end = out.rfind(';', kLongest);
  if (end == std::string::npos) end = 0;
  return out.substr(0, end) + "; and more, in the table.";
}

Result<Chart> parse_chart(std::string_view text) {
  const auto root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return fail(ErrorCode::kInvalid, "the chart is not a JSON text");
  Chart chart = TRY(read_chart(root));
  TRY_DONE(check(chart));
  return chart;
}

std::string chart_json(const Chart& chart) {
  nlohmann::ordered_json out = {{"id", chart.id},
                                {"kind", name_of(chart.kind)},
                                {"title", chart.title},
                                {"subtitle", chart.subtitle}};
  put(out, "source", chart.source);
  put(out, "note", chart.note);
  out["alt"] = chart.alt;
  out["unit"] = chart.unit;
  if (chart.axis_low && chart.axis_high) out["axis"] = {*chart.axis_low, *chart.axis_high};
  if (chart.multi_response) out["multi_response"] = true;
  if (chart.bands) out["bands"] = true;
  nlohmann::ordered_json shades = {
      {"scale", kScales[static_cast<size_t>(chart.shades.scale)].second}};
  if (!chart.shades.cuts.empty()) shades["cuts"] = chart.shades.cuts;
  if (chart.shades.middle != 0) shades["middle"] = chart.shades.middle;
  if (chart.kind == ChartKind::kHeat || chart.kind == ChartKind::kTiles) out["shades"] = shades;
  out["rows"] = nlohmann::ordered_json::array();
  for (const auto& row : chart.rows) out["rows"].push_back(row_json(row));
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace barometer
