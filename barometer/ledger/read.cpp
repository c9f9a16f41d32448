#include "barometer/ledger/read.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostBytes = size_t{64} << 20;
constexpr size_t kMostFigures = 200'000;

struct TextField {
  std::string_view name;
  std::string Figure::* member;
};
constexpr auto kTexts = std::to_array<TextField>({
    {"id", &Figure::id},
    {"wave", &Figure::wave},
    {"item", &Figure::item},
    {"answer", &Figure::answer},
    {"label", &Figure::label},
    {"group", &Figure::group},
    {"group_label", &Figure::group_label},
    {"unit", &Figure::unit},
    {"printed", &Figure::printed},
    {"interval", &Figure::interval_method},
    {"dont_know_rule", &Figure::dont_know_rule},
    {"base", &Figure::base},
    {"question", &Figure::question},
    {"wording", &Figure::wording},
    {"wording_hash", &Figure::wording_hash},
    {"method", &Figure::method},
    {"weighting", &Figure::weighting},
    {"rounding", &Figure::rounding},
    {"frame", &Figure::frame},
    {"source", &Figure::source},
    {"data_hash", &Figure::data_hash},
    {"note", &Figure::note},
});

struct RealField {
  std::string_view name;
  std::optional<double> Figure::* member;
};
constexpr auto kReals = std::to_array<RealField>({
    {"value", &Figure::value},
    {"se", &Figure::se},
    {"lower", &Figure::lower},
    {"upper", &Figure::upper},
    {"level", &Figure::level},
    {"weighted_base", &Figure::weighted_base},
    {"effective_base", &Figure::effective_base},
});

struct CountField {
  std::string_view name;
  std::optional<size_t> Figure::* member;
};
constexpr auto kCounts = std::to_array<CountField>({
    {"n", &Figure::n},
    {"organisations", &Figure::organisations},
    {"count", &Figure::count},
    {"not_asked", &Figure::not_asked},
    {"no_answer", &Figure::no_answer},
    {"refused", &Figure::refused},
    {"dont_know", &Figure::dont_know},
});

template <class Row, size_t kSize>
const Row* field_named(const std::array<Row, kSize>& rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

Status set_kind(std::string_view word, Figure& figure) {
  for (const FigureKind kind : {FigureKind::kPercent, FigureKind::kMean, FigureKind::kChange,
                                FigureKind::kCount, FigureKind::kCoverage}) {
    if (name_of(kind) != word) continue;
    figure.kind = kind;
    return {};
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is no kind of figure; known: percent, mean, "
                                               "change, count, coverage",
                                               printable(word)));
}

Status set_marker(std::string_view symbol, Figure& figure) {
  for (const Marker marker :
       {Marker::kNone, Marker::kSuppressed, Marker::kNotAvailable, Marker::kUnreliable,
        Marker::kLow, Marker::kSmallBase, Marker::kCount, Marker::kNotApplicable}) {
    if (symbol_of(marker) != symbol) continue;
    figure.marker = marker;
    return {};
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is no marker", printable(symbol)));
}

Status set_text(std::string_view name, std::string_view text, Figure& figure) {
  if (name == "kind") return set_kind(text, figure);
  if (name == "marker") return set_marker(text, figure);
  if (const TextField* field = field_named(kTexts, name)) figure.*field->member = text;
  return {};
}

Status set_number(std::string_view name, double number, Figure& figure) {
  if (const RealField* field = field_named(kReals, name)) {
    figure.*field->member = number;
    return {};
  }
  const CountField* field = field_named(kCounts, name);
  if (field == nullptr) return {};
  constexpr double kMost = 1e15;
  if (!(number >= 0 && number <= kMost) || number != std::floor(number)) {
    return fail(ErrorCode::kInvalid, fmt::format("{} {} is no number of people", name, number));
  }
  figure.*field->member = static_cast<size_t>(number);
  return {};
}

bool is_number(std::string_view name) {
  return field_named(kReals, name) != nullptr || field_named(kCounts, name) != nullptr;
}

bool is_text(std::string_view name) {
  return name == "kind" || name == "marker" || field_named(kTexts, name) != nullptr;
}

Status add(Figure figure, std::set<std::string>& ids, Ledger& ledger) {
  if (ledger.figures.size() == kMostFigures) {
    return fail(ErrorCode::kLimit, fmt::format("more than {} figures", kMostFigures));
  }
  if (figure.id.empty()) return fail(ErrorCode::kInvalid, "has no id");
  if (!ids.insert(figure.id).second) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is there twice", printable(figure.id)));
  }
  ledger.figures.push_back(std::move(figure));
  return {};
}

Result<Figure> figure_of(const Json& object) {
  if (!object.is_object()) return fail(ErrorCode::kInvalid, "is no object");
  Figure figure;
  for (const auto& [key, value] : object.items()) {
    if (value.is_null()) continue;
    if (is_text(key)) {
      if (!value.is_string()) {
        return fail(ErrorCode::kInvalid, fmt::format("{} is no text", key));
      }
      TRY_DONE(set_text(key, value.get_ref<const std::string&>(), figure));
    } else if (is_number(key)) {
      if (!value.is_number()) {
        return fail(ErrorCode::kInvalid, fmt::format("{} is no number", key));
      }
      TRY_DONE(set_number(key, value.get<double>(), figure));
    }
  }
  return figure;
}

std::string text_of(const Json& root, const char* key) {
  const auto found = root.find(key);
  return found != root.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Status too_large(std::string_view bytes, const std::string& file) {
  if (bytes.size() <= kMostBytes) return {};
  return fail(ErrorCode::kLimit, fmt::format("'{}' is larger than 64 MB", printable(file)));
}

// What a spreadsheet would take for a formula was written with an apostrophe before it.
std::string_view without_guard(std::string_view cell) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  const bool guarded =
      cell.size() > 1 && cell[0] == '\'' && kFormula.find(cell[1]) != std::string_view::npos;
  return guarded ? cell.substr(1) : cell;
}

Status set_cell(std::string_view name, const CsvCell& cell, Figure& figure) {
  if (cell.text.empty()) return {};
  if (!is_number(name)) return set_text(name, without_guard(cell.text), figure);
  const Json number = Json::parse(cell.text, nullptr, false);
  if (!number.is_number()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} '{}' is no number", name, printable(cell.text)));
  }
  return set_number(name, number.get<double>(), figure);
}

}  // namespace

Result<Ledger> ledger_from_json(std::string_view bytes, const std::string& file) {
  TRY_DONE(too_large(bytes, file));
  const Json root = Json::parse(bytes, nullptr, false);
  const std::string shown = printable(file);
  if (root.is_discarded() || !root.is_object()) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is no JSON object", shown));
  }
  const auto figures = root.find("figures");
  if (figures == root.end() || !figures->is_array()) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has no list of figures", shown));
  }
  Ledger ledger;
  ledger.study = text_of(root, "study");
  ledger.title = text_of(root, "title");
  const std::string software = text_of(root, "software");
  ledger.version = software.starts_with("barometer ") ? software.substr(10) : software;
  std::set<std::string> ids;
  for (const Json& object : *figures) {
    const std::string where = fmt::format("'{}': figure {}", shown, ledger.figures.size() + 1);
    auto figure = figure_of(object);
    if (!figure) return tl::unexpected(std::move(figure).error().in(where));
    if (auto done = add(*std::move(figure), ids, ledger); !done) {
      return tl::unexpected(std::move(done).error().in(where));
    }
  }
  return ledger;
}

Result<Ledger> ledger_from_csv(std::string_view bytes, const std::string& file) {
  TRY_DONE(too_large(bytes, file));
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(bytes, printable(file), problems);
  TRY_DONE(problems.status());
  if (!table.column("id")) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has no column 'id'", printable(file)));
  }
  Ledger ledger;
  std::set<std::string> ids;
  for (size_t row = 0; row < table.row_count(); ++row) {
    Figure figure;
    for (size_t column = 0; column < table.header().size(); ++column) {
      const CsvCell& cell = table.row(row)[column];
      if (auto done = set_cell(table.header()[column].text, cell, figure); !done) {
        return tl::unexpected(std::move(done).error().in(cell.place.text()));
      }
    }
    if (auto done = add(std::move(figure), ids, ledger); !done) {
      return tl::unexpected(std::move(done).error().in(table.row(row)[0].place.text()));
    }
  }
  return ledger;
}

Result<Ledger> read_ledger_file(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::path file = path;
  if (fs::is_directory(path, ignored)) {
    file = path / (fs::exists(path / "ledger.json", ignored) ? "ledger.json" : "ledger.csv");
  }
  const std::string bytes = TRY(read_file(file, kMostBytes + 1));
  return file.extension() == ".csv" ? ledger_from_csv(bytes, file.string())
                                    : ledger_from_json(bytes, file.string());
}

}  // namespace barometer
