#include "barometer/weights/margins.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/diagnostic.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr double kShareSlack = 0.005;
const std::vector<std::string>& count_names() {
  static const std::vector<std::string> names = {"population", "count", "total", "freq"};
  return names;
}
const std::vector<std::string>& share_names() {
  static const std::vector<std::string> names = {"share", "percent"};
  return names;
}

bool among(const std::vector<std::string>& names, const std::string& header) {
  return std::ranges::find(names, lowered(header)) != names.end();
}

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool sums_to_a_whole(double sum) {
  return std::abs(sum - 1) <= kShareSlack || std::abs(sum - 100) <= 100 * kShareSlack;
}

// The population of a row; 0 where there is none, which is reported.
double population_in(const CsvCell& cell, Diagnostics& problems) {
  const std::optional<double> value = number_in(cell.text);
  if (!value) {
    problems.error("margin-number", cell.place,
                   fmt::format("'{}' is not a number", printable(cell.text)),
                   "write 1234 or 0.25, without separators or signs");
    return 0;
  }
  if (*value < 0) {
    problems.error("margin-negative", cell.place,
                   fmt::format("a population of {} is below 0", cell.text));
  }
  return *value;
}

void check_header(const CsvTable& table, const std::string& file, Diagnostics& problems) {
  const auto& header = table.header();
  if (header.size() < 2) {
    problems.error("margin-columns", {file, 0, 0},
                   fmt::format("a margin needs a variable and a population, but there {}",
                               header.size() == 1 ? "is one column" : "are no columns"));
    return;
  }
  const CsvCell& last = header.back();
  if (!among(count_names(), last.text) && !among(share_names(), last.text)) {
    problems.error("margin-columns", last.place,
                   fmt::format("the last column is '{}', which says neither population nor share",
                               printable(last.text)),
                   "call it population, count, total, freq, share or percent");
  }
  if (table.row_count() == 0) problems.error("margin-empty", {file, 0, 0}, "there are no rows");
}

void check_shares(const Margin& margin, const CsvCell& header, Diagnostics& problems) {
  if (!margin.shares || sums_to_a_whole(sum_of(margin))) return;
  problems.error("margin-shares", header.place,
                 fmt::format("the shares of '{}' sum to {:.10g}, neither 1 nor 100",
                             name_of(margin), sum_of(margin)));
}

void add_row(std::vector<std::string> level, const std::vector<CsvCell>& row, Margin& margin,
             std::set<std::vector<std::string>>& seen, Diagnostics& problems) {
  for (size_t k = 0; k < level.size(); ++k) {
    if (!level[k].empty()) continue;
    problems.error("margin-category", row[row.size() - 1 - level.size() + k].place,
                   fmt::format("the category of '{}' is empty", margin.variables[k]));
  }
  const double population = population_in(row.back(), problems);
  if (!seen.insert(level).second) {
    problems.error(
        "margin-twice", row.front().place,
        fmt::format("'{}' of '{}' is there twice", printable(join(level, ", ")), name_of(margin)));
  }
  margin.levels.push_back(std::move(level));
  margin.totals.push_back(population);
}

Margin one_margin(const CsvTable& table, const std::string& file, Diagnostics& problems) {
  Margin margin;
  margin.source = file;
  const auto& header = table.header();
  for (size_t k = 0; k + 1 < header.size(); ++k) margin.variables.push_back(header[k].text);
  margin.shares = among(share_names(), header.back().text);
  std::set<std::vector<std::string>> seen;
  for (size_t r = 0; r < table.row_count(); ++r) {
    std::vector<std::string> level;
    for (size_t k = 0; k + 1 < header.size(); ++k) level.push_back(table.row(r)[k].text);
    add_row(std::move(level), table.row(r), margin, seen, problems);
  }
  check_shares(margin, header.back(), problems);
  return margin;
}

bool is_long(const CsvTable& table) {
  const auto& header = table.header();
  return header.size() == 3 && lowered(header[0].text) == "variable" &&
         lowered(header[1].text) == "category";
}

std::vector<Margin> long_margins(const CsvTable& table, const std::string& file,
                                 Diagnostics& problems) {
  std::vector<Margin> margins;
  std::vector<std::set<std::vector<std::string>>> seen;
  for (size_t r = 0; r < table.row_count(); ++r) {
    const auto& row = table.row(r);
    const std::string& variable = row[0].text;
    if (variable.empty()) problems.error("margin-variable", row[0].place, "the variable is empty");
    auto found = std::ranges::find_if(
        margins, [&](const Margin& margin) { return margin.variables.front() == variable; });
    if (found == margins.end()) {
      margins.push_back({.variables = {variable},
                         .shares = among(share_names(), table.header()[2].text),
                         .source = file});
      seen.emplace_back();
      found = std::prev(margins.end());
    }
    add_row({row[1].text}, row, *found, seen[static_cast<size_t>(found - margins.begin())],
            problems);
  }
  for (const Margin& margin : margins) check_shares(margin, table.header()[2], problems);
  return margins;
}

Result<std::vector<Margin>> read(const std::filesystem::path& path, bool several) {
  const std::string bytes = TRY(read_file(path));
  const std::string file = path.string();
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(bytes, file, problems);
  check_header(table, file, problems);
  TRY_DONE(problems.status());
  std::vector<Margin> margins = several && is_long(table)
                                    ? long_margins(table, file, problems)
                                    : std::vector{one_margin(table, file, problems)};
  TRY_DONE(problems.status());
  for (const Margin& margin : margins) TRY_DONE(check_margin(margin));
  return margins;
}

}  // namespace

std::string name_of(const Margin& margin) { return join(margin.variables, " × "); }

std::string label_of_row(const Margin& margin, size_t row) {
  return join(margin.levels.at(row), ", ");
}

double sum_of(const Margin& margin) {
  return std::accumulate(margin.totals.begin(), margin.totals.end(), 0.0);
}

Result<Margin> read_margin(const std::filesystem::path& path) {
  return std::move(TRY(read(path, false)).front());
}

Result<std::vector<Margin>> read_margins(const std::filesystem::path& path) {
  return read(path, true);
}

Status check_margin(const Margin& margin) {
  const auto invalid = [&](const std::string& what) {
    return fail(ErrorCode::kInvalid, fmt::format("margin '{}': {}", name_of(margin), what));
  };
  if (margin.variables.empty()) return invalid("no variable is named");
  if (margin.levels.size() != margin.totals.size()) {
    return invalid(
        fmt::format("{} rows have {} totals", margin.levels.size(), margin.totals.size()));
  }
  std::set<std::vector<std::string>> seen;
  for (size_t r = 0; r < margin.levels.size(); ++r) {
    if (margin.levels[r].size() != margin.variables.size()) {
      return invalid(fmt::format("row {} has {} categories for {} variables", r + 1,
                                 margin.levels[r].size(), margin.variables.size()));
    }
    if (!std::isfinite(margin.totals[r]) || margin.totals[r] < 0) {
      return invalid(fmt::format("the population {} of '{}' is not a number of at least 0",
                                 margin.totals[r], label_of_row(margin, r)));
    }
    if (!seen.insert(margin.levels[r]).second) {
      return invalid(fmt::format("'{}' is there twice", label_of_row(margin, r)));
    }
  }
  if (sum_of(margin) <= 0) return invalid("the populations sum to 0");
  if (margin.shares && !sums_to_a_whole(sum_of(margin))) {
    return invalid(fmt::format("the shares sum to {:.10g}, neither 1 nor 100", sum_of(margin)));
  }
  return {};
}

}  // namespace barometer
