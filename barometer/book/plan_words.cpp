// The words of --rows and --banner.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/plan_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxBytes = 100'000;
constexpr int kMaxBoxes = 1000;

struct Part {
  std::string_view text;  // trimmed
  size_t at = 0;          // of its first byte in the whole
};

Part trimmed_part(std::string_view text, size_t at) {
  const std::string_view inner = trimmed(text);
  return {inner, inner.empty() ? at : at + static_cast<size_t>(inner.data() - text.data())};
}

// Between separators that stand outside brackets.
std::vector<Part> parts_of(const Part& whole, char separator) {
  std::vector<Part> parts;
  size_t start = 0;
  int depth = 0;
  for (size_t i = 0; i <= whole.text.size(); ++i) {
    const char c = i < whole.text.size() ? whole.text[i] : separator;
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (i < whole.text.size() && (c != separator || depth > 0)) continue;
    parts.push_back(trimmed_part(whole.text.substr(start, i - start), whole.at + start));
    start = i + 1;
  }
  return parts;
}

bool too_long(const PlanWords& words, Diagnostics& problems) {
  if (words.text.size() <= kMaxBytes) return false;
  problems.error("plan-words", words.place,
                 fmt::format("{} bytes are more than the {} that are read here", words.text.size(),
                             kMaxBytes));
  return true;
}

const std::vector<std::string>& row_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> all = statistic_words();
    for (const char* word :
         {"codes", "grid", "responses", "rank", "descending", "ascending", "no_nets"}) {
      all.emplace_back(word);
    }
    return all;
  }();
  return words;
}

bool apply_row_word(std::string_view word, RowsPlan& rows) {
  if (const auto statistic = statistic_named(word)) {
    if (std::ranges::find(rows.statistics, *statistic) == rows.statistics.end()) {
      rows.statistics.push_back(*statistic);
    }
  } else if (word == "codes") {
    rows.written.codes_are_scores = true;
  } else if (word == "grid") {
    rows.grid = true;
  } else if (word == "responses") {
    rows.responses = true;
  } else if (word == "rank") {
    rows.rank = true;
  } else if (word == "descending") {
    rows.order = RowOrder::kDescending;
  } else if (word == "ascending") {
    rows.order = RowOrder::kAscending;
  } else if (word == "no_nets") {
    rows.codebook_nets = false;
  } else {
    return false;
  }
  return true;
}

void read_brackets(const Part& inside, const PlanWords& words, RowsPlan& rows,
                   Diagnostics& problems) {
  for (const Part& word : parts_of(inside, ',')) {
    if (apply_row_word(lowered(word.text), rows)) continue;
    problems.error("plan-words", words.at(word.at),
                   fmt::format("'{}' is nothing that can stand in brackets", printable(word.text)),
                   suggestion(word.text, row_words()));
  }
}

std::optional<RowsPlan> row_of(const Part& part, const PlanWords& words, Diagnostics& problems) {
  const auto wrong = [&](size_t at, const std::string& message, const char* hint) {
    problems.error("plan-words", words.at(at), message, hint);
    return std::nullopt;
  };
  const size_t open = part.text.find('[');
  const Part name = trimmed_part(part.text.substr(0, open), part.at);
  if (name.text.empty()) {
    return wrong(part.at, "a name is missing here", "names, ranges (q1..q9) or patterns (q*)");
  }
  RowsPlan rows;
  rows.variables.emplace_back(name.text);
  rows.place = words.at(part.at);
  if (open == std::string_view::npos) {
    const size_t close = name.text.find(']');
    if (close == std::string_view::npos) return rows;
    return wrong(name.at + close, "there is no '[' for this ']'", "q1[mean]");
  }
  const size_t close = part.text.find(']');
  if (close == std::string_view::npos) {
    return wrong(part.at + open, "this '[' is not closed", "q1[mean]");
  }
  if (close + 1 != part.text.size()) {
    return wrong(
        part.at + close + 1,
        fmt::format("'{}' stands after the brackets", printable(part.text.substr(close + 1))),
        "a comma goes between two parts");
  }
  read_brackets(trimmed_part(part.text.substr(open + 1, close - open - 1), part.at + open + 1),
                words, rows, problems);
  return rows;
}

std::optional<BannerGroup> group_of(const Part& part, const PlanWords& words,
                                    Diagnostics& problems) {
  BannerGroup group;
  group.place = words.at(part.at);
  const std::vector<Part> pieces = parts_of(part, '+');
  for (const Part& name : parts_of(pieces.front(), '>')) {
    if (name.text.empty()) {
      problems.error("plan-words", words.at(name.at), "a name is missing here",
                     "role, or nested: region > size");
      return std::nullopt;
    }
    group.variables.emplace_back(name.text);
  }
  for (size_t i = 1; i < pieces.size(); ++i) {
    const std::string word = lowered(pieces[i].text);
    if (word == "rest") {
      group.rest = true;
    } else if (word == "sequence") {
      group.sequence = true;
    } else {
      problems.error("plan-words", words.at(pieces[i].at),
                     fmt::format("'{}' cannot follow a '+'", printable(pieces[i].text)),
                     "known: rest, sequence");
    }
  }
  return group;
}

constexpr std::array<std::pair<RowStatistic, std::string_view>, 5> kPlain{{
    {RowStatistic::kMean, "mean"},
    {RowStatistic::kStandardDeviation, "sd"},
    {RowStatistic::kMedian, "median"},
    {RowStatistic::kNps, "nps"},
    {RowStatistic::kDontKnow, "dont_know"},
}};
constexpr std::array<std::pair<RowStatistic, std::string_view>, 2> kBoxes{{
    {RowStatistic::kTopBoxes, "top"},
    {RowStatistic::kBottomBoxes, "bottom"},
}};
constexpr std::array<std::pair<Measure, std::string_view>, 6> kMeasures{{
    {Measure::kPercent, "percent"},
    {Measure::kCount, "count"},
    {Measure::kWeightedCount, "weighted_count"},
    {Measure::kStandardError, "se"},
    {Measure::kInterval, "interval"},
    {Measure::kLetters, "letters"},
}};

}  // namespace

Place PlanWords::at(size_t offset) const {
  Place there = place;
  if (counts_columns) there.column += offset;
  return there;
}

std::vector<RowsPlan> rows_of_words(const PlanWords& words, Diagnostics& problems) {
  std::vector<RowsPlan> out;
  if (too_long(words, problems)) return out;
  for (const Part& part : parts_of(trimmed_part(words.text, 0), ',')) {
    if (auto rows = row_of(part, words, problems)) out.push_back(*std::move(rows));
  }
  return out;
}

std::vector<BannerGroup> banner_of_words(const PlanWords& words, Diagnostics& problems) {
  std::vector<BannerGroup> out;
  if (too_long(words, problems)) return out;
  for (const Part& part : parts_of(trimmed_part(words.text, 0), ',')) {
    if (auto group = group_of(part, words, problems)) out.push_back(*std::move(group));
  }
  return out;
}

std::string name_of(const StatisticPlan& statistic) {
  for (const auto& [kind, name] : kPlain) {
    if (kind == statistic.kind) return std::string(name);
  }
  const bool top = statistic.kind == RowStatistic::kTopBoxes;
  return fmt::format("{}{}", top ? "top" : "bottom", statistic.boxes);
}

std::optional<StatisticPlan> statistic_named(std::string_view word) {
  for (const auto& [kind, name] : kPlain) {
    if (name == word) return StatisticPlan{.kind = kind};
  }
  for (const auto& [kind, name] : kBoxes) {
    if (!word.starts_with(name)) continue;
    const std::string_view digits = word.substr(name.size());
    int boxes = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), boxes);
    const bool whole = problem == std::errc() && end == digits.data() + digits.size();
    if (whole && boxes >= 1 && boxes <= kMaxBoxes)
      return StatisticPlan{.kind = kind, .boxes = boxes};
  }
  return std::nullopt;
}

std::vector<std::string> statistic_words() {
  return {"mean", "sd", "median", "nps", "top2", "bottom2", "dont_know"};
}

std::string_view name_of(Measure measure) {
  return std::ranges::find(kMeasures, measure, &decltype(kMeasures)::value_type::first)->second;
}

std::string_view name_of(PercentBase base) {
  if (base == PercentBase::kColumn) return "column";
  return base == PercentBase::kRow ? "row" : "table";
}

std::optional<Measure> measure_named(std::string_view word) {
  for (const auto& [measure, name] : kMeasures) {
    if (name == word) return measure;
  }
  return std::nullopt;
}

std::vector<std::string> measure_words() {
  std::vector<std::string> words;
  for (const auto& [measure, name] : kMeasures) words.emplace_back(name);
  return words;
}

Result<std::vector<Measure>> parse_measures(std::string_view words) {
  std::vector<Measure> measures;
  if (words.size() > kMaxBytes) return fail(ErrorCode::kInvalid, "--cells is too long");
  for (const std::string& part : split(words, ',')) {
    const auto measure = measure_named(lowered(trimmed(part)));
    if (!measure) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is nothing a cell can hold; {}", printable(trimmed(part)),
                              suggestion(trimmed(part), measure_words())));
    }
    if (std::ranges::find(measures, *measure) == measures.end()) measures.push_back(*measure);
  }
  return measures;
}

}  // namespace barometer
