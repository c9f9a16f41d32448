// What stands under a table: scale, bases, rounding that shows, tests, reasons.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/layout/display_internal.h"
#include "barometer/layout/print_internal.h"

namespace barometer {
namespace {

constexpr size_t kNamedColumns = 6;

std::string named(const std::vector<std::string>& names) {
  if (names.size() <= kNamedColumns) return join(names, ", ");
  const std::vector<std::string> first(names.begin(), names.begin() + kNamedColumns);
  return fmt::format("{} and {} more", join(first, ", "), names.size() - kNamedColumns);
}

std::string percent_text(double share) { return fmt::format("{:.6g}%", share * 100); }

std::string p_text(double p) { return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {:.4f}", p); }

class Notes {
 public:
  Notes(const Book& book, const BookTable& table, const PrintedTable& printed)
      : plan_(book.plan), rules_(book.plan.print), table_(table), printed_(printed) {}

  std::vector<std::string> all() {
    add_scale();
    add_kind();
    add_dont_know();
    add_outside();
    add_small_bases();
    add_hidden();
    add_rounding();
    add_tests();
    add_group_tests();
    add_reasons();
    for (const std::string& note : table_.notes) add(clean_text(note));
    return std::move(notes_);
  }

 private:
  void add(std::string note) {
    if (std::ranges::find(notes_, note) == notes_.end()) notes_.push_back(std::move(note));
  }

  void add_scale() {
    const Variable& v = table_.variable;
    if (!v.scale_low || !v.scale_high) return;
    const auto end = [](int code, const std::string& label) {
      return label.empty() ? std::to_string(code) : fmt::format("{} ({})", code, clean_text(label));
    };
    add(fmt::format("Scale: {} to {}.", end(*v.scale_low, v.scale_low_label),
                    end(*v.scale_high, v.scale_high_label)));
  }

  [[nodiscard]] bool shows_percents() const { return printed_.percent_base.starts_with('%'); }

  void add_kind() {
    if (table_.variable.kind != VariableKind::kMulti || !shows_percents()) return;
    add(printed_.percent_base == "% of responses"
            ? "Several answers could be given; percentages are of all answers given, not of people."
            : "Several answers could be given, so that percentages may add to more than 100.");
  }

  [[nodiscard]] bool knows_dont_know() const {
    return table_.dont_know > 0 ||
           std::ranges::any_of(table_.variable.categories,
                               [](const Category& category) { return category.dont_know; });
  }

  void add_dont_know() {
    if (!knows_dont_know()) return;
    add(table_.dont_know_in_base ? "Don't know is in the base." : "Don't know is not in the base.");
  }

  void add_outside() {
    if (table_.missing_withheld) return;
    std::vector<std::string> parts;
    const auto part = [&](double cases, const char* what) {
      if (cases > 0) parts.push_back(with_thousands(std::llround(cases)) + " " + what);
    };
    part(table_.not_asked, "not asked");
    part(table_.no_answer, "without answer");
    part(table_.refused, "preferred not to say");
    if (!table_.dont_know_in_base) part(table_.dont_know, "don't know");
    if (!parts.empty()) add(fmt::format("Not in the base: {}.", join(parts, ", ")));
  }

  // Places of the printed columns with a base in [least, under).
  [[nodiscard]] std::vector<std::string> on_bases(double least, double under) const {
    std::vector<std::string> names;
    for (const PrintedColumn& column : printed_.columns) {
      if (!column.column) continue;
      const double n = table_.columns[*column.column].n;
      if (n >= least && n < under && n > 0) names.push_back(name_of_column(column));
    }
    return names;
  }

  [[nodiscard]] std::vector<std::string> items_on_bases(double least, double under) const {
    std::vector<std::string> names;
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      const double n = table_.at(r, 0).n;
      if (n > 0 && n >= least && n < under) names.push_back(clean_text(table_.rows[r].label));
    }
    return names;
  }

  // Of figures that are printed as such: below, counts or symbols say it themselves.
  void add_small_bases() {
    const bool percents = shows_percents();
    const int least = percents ? rules_.percent_base_under : 0;
    const int under = rules_.note_base_under;
    const auto names = table_.grid ? items_on_bases(least, under) : on_bases(least, under);
    if (names.empty()) return;
    std::string meaning;
    if (percents) {
      meaning =
          fmt::format(", where one answer is more than {:.3g} percentage point{}",
                      100.0 / rules_.note_base_under, rules_.note_base_under == 100 ? "" : "s");
    }
    add(fmt::format("Base under {}{}: {}.", rules_.note_base_under, meaning, named(names)));
  }

  void add_hidden() {
    std::vector<std::string> labels;
    for (const BookRow& row : table_.rows) {
      if (row.hidden) labels.push_back(clean_text(row.label));
    }
    if (!labels.empty()) add(fmt::format("In the base, but not shown: {}.", named(labels)));
  }

  // ---- rounding

  struct Parts {
    double sum = 0;
    int64_t printed = 0;  // in units of the last place
    bool plain = true;    // every part is printed as a plain number
  };

  [[nodiscard]] std::optional<int64_t> digits_at(size_t r, size_t c) const {
    const RowKind kind = table_.grid ? table_.columns[c].figure : table_.rows[r].kind;
    const PrintedCell cell = printed_value(kind, table_.at(r, c), rules_);
    if (cell.marker == Marker::kLow) return 0;
    if (cell.marker != Marker::kNone) return std::nullopt;
    const auto decimal = parse_decimal(cell.text);
    return decimal ? std::optional(decimal->digits) : std::nullopt;
  }

  void add_part(size_t r, size_t c, Parts& parts) const {
    const auto digits = digits_at(r, c);
    parts.plain = parts.plain && digits.has_value();
    parts.printed += digits.value_or(0);
    parts.sum += table_.at(r, c).value.value_or(0);
  }

  // The unrounded parts are the whole, and the printed ones are not.
  [[nodiscard]] static bool rounding_shows(const Parts& parts, double whole, int64_t printed) {
    constexpr double kSame = 1e-9;
    return parts.plain && std::abs(parts.sum - whole) < kSame && parts.printed != printed;
  }

  [[nodiscard]] int64_t hundred() const {
    int64_t units = 100;
    for (int place = 0; place < rules_.percent_places; ++place) units *= 10;
    return units;
  }

  [[nodiscard]] bool is_category(size_t r) const {
    return table_.rows[r].kind == RowKind::kCategory;
  }

  [[nodiscard]] bool net_differs(size_t net, size_t c) const {
    const auto whole = digits_at(net, c);
    if (!whole || !table_.at(net, c).value) return false;
    Parts parts;
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      if (!is_category(r) || table_.rows[r].codes.size() != 1) continue;
      if (std::ranges::count(table_.rows[net].codes, table_.rows[r].codes[0]) > 0) {
        add_part(r, c, parts);
      }
    }
    return rounding_shows(parts, *table_.at(net, c).value, *whole);
  }

  // Of a column of categories; of a row of a grid, or of row percents within a group.
  [[nodiscard]] bool column_differs(size_t c) const {
    Parts parts;
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      if (is_category(r)) add_part(r, c, parts);
    }
    return rounding_shows(parts, 1, hundred());
  }
  [[nodiscard]] bool row_differs(size_t r, size_t group) const {
    Parts parts;
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      const BookColumn& column = table_.columns[c];
      const bool option = column.kind == ColumnKind::kOption && column.figure == RowKind::kCategory;
      if (option || (column.kind == ColumnKind::kCategory && column.group == group)) {
        add_part(r, c, parts);
      }
    }
    return rounding_shows(parts, 1, hundred());
  }

  [[nodiscard]] bool some_sum_differs() const {
    const bool hidden =
        std::ranges::any_of(table_.rows, [](const BookRow& row) { return row.hidden; });
    if (!hidden) {
      for (size_t c = 0; c < table_.columns.size(); ++c) {
        if (column_differs(c)) return true;
      }
    }
    std::set<size_t> groups;
    for (const BookColumn& column : table_.columns) groups.insert(column.group);
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      for (const size_t group : groups) {
        if (!table_.rows[r].hidden && row_differs(r, group)) return true;
      }
    }
    return false;
  }

  void add_rounding() {
    if (printed_.percent_base.empty()) return;
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      if (table_.rows[r].kind != RowKind::kNet) continue;
      std::vector<std::string> columns;
      for (const PrintedColumn& column : printed_.columns) {
        if (column.column && net_differs(r, *column.column)) {
          columns.push_back(name_of_column(column));
        }
      }
      if (columns.empty()) continue;
      add(fmt::format(
          "'{}' is computed before rounding and differs from the sum of its rounded parts: {}.",
          clean_text(table_.rows[r].label), named(columns)));
    }
    if (some_sum_differs()) add("Percentages do not add to 100 because each is rounded.");
  }

  // ---- tests

  [[nodiscard]] std::string what_is_marked() const {
    std::set<std::string> marks;
    for (const PrintedRow& row : printed_.rows) {
      for (const PrintedCell& cell : row.cells) {
        if (cell.letters.empty()) continue;
        const bool letter = std::ranges::any_of(
            cell.letters, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
        if (letter) marks.insert("Letters: the share or mean is higher than in the columns named");
        if (cell.letters.find_first_of("+-") != std::string::npos) {
          marks.insert(plan_.significance.against_total ? "+ and -: higher and lower than the total"
                                                        : "+ and -: higher and lower than the rest "
                                                          "of the group");
        }
        if (cell.letters.find("▲") != std::string::npos ||
            cell.letters.find("▼") != std::string::npos) {
          marks.insert("▲ and ▼: higher and lower than in the column before");
        }
      }
    }
    return marks.empty() ? "No difference is marked"
                         : join(std::vector<std::string>(marks.begin(), marks.end()), "; ");
  }

  [[nodiscard]] std::string levels_text() const {
    const auto& levels = plan_.significance.levels;
    if (levels.size() < 2) return fmt::format("at the {} level", percent_text(levels.at(0)));
    return fmt::format("at the {} level (upper case, ++, --) or the {} level (lower case, +, -)",
                       percent_text(levels[0]), percent_text(levels[1]));
  }

  [[nodiscard]] std::string convention_text() const {
    switch (plan_.significance.convention) {
      case Convention::kDesign:
        return "t-tests with the standard errors and covariances of the survey's design";
      case Convention::kSpss:
        return "tests by the convention of SPSS, which does not know the survey's design";
      case Convention::kQuantum:
        return "tests by the convention of Quantum, on effective bases";
      case Convention::kQ:
        return "tests by the convention of Q";
    }
    return "";
  }

  [[nodiscard]] std::string adjustment_text() const {
    switch (plan_.significance.adjustment) {
      case PAdjustment::kNone:
        return "not adjusted for their number";
      case PAdjustment::kBonferroni:
        return "adjusted for their number by Bonferroni";
      case PAdjustment::kHolm:
        return "adjusted for their number by Holm";
      case PAdjustment::kBenjaminiHochberg:
        return "adjusted for their number by Benjamini and Hochberg";
    }
    return "";
  }

  // Whether some group has two columns that are tested with each other, or one with a rest or the
  // total.
  [[nodiscard]] bool some_column_is_tested() const {
    const SignificancePlan& plan = plan_.significance;
    const size_t enough = plan.against_rest || plan.against_total ? 1 : 2;
    std::map<size_t, size_t> large;
    for (const BookColumn& column : table_.columns) {
      if (column.kind == ColumnKind::kCategory && column.n >= plan.least_base) {
        ++large[column.group];
      }
    }
    return std::ranges::any_of(large, [&](const auto& group) { return group.second >= enough; });
  }

  void add_tests() {
    const SignificancePlan& plan = plan_.significance;
    if (!plan.on || plan.levels.empty() || table_.grid) return;
    if (!some_column_is_tested()) {
      if (plan_.banner.empty()) return;
      add(fmt::format("No difference is tested: no two columns stand on a base of {} or more.",
                      plan.least_base));
      return;
    }
    std::string note = fmt::format("{}; {}, {}, {}", what_is_marked(), convention_text(),
                                   levels_text(), adjustment_text());
    const auto untested = on_bases(0, plan.least_base);
    note += untested.empty()
                ? fmt::format("; none on a base under {}.", plan.least_base)
                : fmt::format("; none on a base under {}: {}.", plan.least_base, named(untested));
    add(note);
  }

  [[nodiscard]] std::string group_name(size_t group) const {
    if (group >= plan_.banner.size()) return "";
    const BannerGroup& banner = plan_.banner[group];
    return clean_text(banner.title.empty() ? join(banner.variables, " by ") : banner.title);
  }

  void add_group_tests() {
    for (const GroupTest& test : table_.group_tests) {
      const std::string name = fmt::format("Test of the table by {}", group_name(test.group));
      if (is_withheld(table_, test, rules_)) {
        add(fmt::format("{}: not shown, because cells are suppressed.", name));
      } else if (!test.reason.empty()) {
        add(fmt::format("{}: none, {}.", name, clean_text(test.reason)));
      } else {
        add(fmt::format("{}: {} = {:.3f}, df {:.4g} and {:.4g}, {}.", name, clean_text(test.name),
                        test.statistic, test.df, test.df_denominator, p_text(test.p)));
      }
    }
  }

  // Why there is no value, or no interval where these are printed.
  void add_reasons() {
    const auto asked = [&](Measure m) { return std::ranges::count(plan_.measures, m) > 0; };
    const bool counts = asked(Measure::kCount) || asked(Measure::kWeightedCount);
    const bool spread = asked(Measure::kStandardError) || asked(Measure::kInterval);
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      for (size_t c = 0; c < table_.columns.size(); ++c) {
        const BookCell& cell = table_.at(r, c);
        if (table_.rows[r].hidden || cell.suppressed) continue;
        const bool told = cell.value ? counts : cell.n > 0 || cell.not_available;
        if (told && !cell.reason.empty()) {
          add(fmt::format("[x]: {}.", clean_text(cell.reason)));
        }
        if (spread && cell.value && !cell.no_interval.empty()) {
          add(fmt::format("No interval: {}.", clean_text(cell.no_interval)));
        }
      }
    }
  }

  const BookPlan& plan_;
  const PrintRules& rules_;
  const BookTable& table_;
  const PrintedTable& printed_;
  std::vector<std::string> notes_;
};

}  // namespace

std::string name_of_column(const PrintedColumn& column) { return join(column.headings, ": "); }

std::vector<std::string> notes_of(const Book& book, const BookTable& table,
                                  const PrintedTable& printed) {
  return Notes(book, table, printed).all();
}

}  // namespace barometer
