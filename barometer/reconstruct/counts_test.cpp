#include "barometer/reconstruct/counts.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::ElementsAre;
using Kind = PublishedRow::Kind;

Decimal decimal(const std::string& text) { return *parse_decimal(text); }

std::optional<int64_t> base_named(const std::string& word, int64_t respondents) {
  if (word == "solve") return std::nullopt;
  return word == "wave" ? respondents : std::stoll(word);
}

// "0+1 63 wave": options 0 and 1 together are 63 % of all. "mean 7.2 wave". "2 #17 solve": a count.
PublishedRow row_of(const std::string& line, size_t option_count, int64_t respondents) {
  std::istringstream in(line);
  std::string what, value, base;
  in >> what >> value >> base;
  PublishedRow row;
  if (what == "mean") {
    row.kind = Kind::kMean;
    row.sum.scored = true;
    for (size_t i = 0; i < option_count; ++i) row.sum.options.push_back(i);
  } else {
    std::istringstream options(what);
    for (std::string option; std::getline(options, option, '+');) {
      row.sum.options.push_back(std::stoul(option));
    }
    if (value.front() == '#') {
      row.kind = Kind::kCount;
      value.erase(0, 1);
    }
  }
  row.value = decimal(value);
  row.base = base_named(base, respondents);
  return row;
}

ItemProblem problem_of(int64_t respondents, size_t option_count,
                       const std::vector<std::string>& lines) {
  ItemProblem problem;
  problem.respondents = respondents;
  problem.option_count = option_count;
  for (size_t i = 0; i < option_count; ++i) {
    problem.scores.push_back(static_cast<int64_t>(i) + 1);
    problem.asked.push_back({{i}, false});
  }
  for (const std::string& line : lines) {
    problem.rows.push_back(row_of(line, option_count, respondents));
    problem.asked.push_back(problem.rows.back().sum);
  }
  return problem;
}

ItemOutcome solved(const ItemProblem& problem) {
  const auto outcome = solve_item(problem, Progress());
  EXPECT_TRUE(outcome.has_value());
  return *outcome;
}

ItemSolution solution(const ItemProblem& problem) {
  const ItemOutcome outcome = solved(problem);
  const auto* found = std::get_if<ItemSolution>(&outcome);
  EXPECT_NE(found, nullptr);
  return found ? *found : ItemSolution{};
}

std::vector<size_t> conflict(const ItemProblem& problem) {
  const ItemOutcome outcome = solved(problem);
  const auto* found = std::get_if<ItemConflict>(&outcome);
  return found ? found->rows : std::vector<size_t>{};
}

// The other road: every base, every way to fill three options, every row checked by printing.
struct Enumerated {
  std::set<int64_t> bases;
  std::map<int64_t, std::vector<std::vector<int64_t>>> solutions;  // by base
};

Enumerated enumerate(const ItemProblem& problem, const std::vector<size_t>& rows) {
  Enumerated out;
  for (int64_t base = 1; base <= problem.respondents; ++base) {
    for (int64_t a = 0; a <= base; ++a) {
      for (int64_t b = 0; b <= (problem.single_coded ? base - a : base); ++b) {
        const int64_t c_first = problem.single_coded ? base - a - b : 0;
        for (int64_t c = c_first; c <= (problem.single_coded ? c_first : base); ++c) {
          const std::vector<int64_t> counts = {a, b, c};
          const bool all = std::all_of(rows.begin(), rows.end(), [&](size_t row) {
            return check_row(problem.rows[row], problem, base, counts).holds();
          });
          if (!all) continue;
          out.bases.insert(base);
          out.solutions[base].push_back(counts);
        }
      }
    }
  }
  return out;
}

WholeRange enumerated_range(const CountSum& sum, const ItemProblem& problem,
                            const std::vector<std::vector<int64_t>>& solutions) {
  WholeRange range{INT64_MAX, INT64_MIN};
  for (const auto& counts : solutions) {
    const int64_t value = sum_of(sum, problem, counts);
    range = {std::min(range.low, value), std::max(range.high, value)};
  }
  return range;
}

// What the sum prints as, over all solutions at all bases.
std::set<int64_t> enumerated_prints(const CountSum& sum, const ItemProblem& problem,
                                    const Enumerated& truth) {
  std::set<int64_t> prints;
  for (const auto& [base, solutions] : truth.solutions) {
    for (const auto& counts : solutions) {
      const int64_t value = sum_of(sum, problem, counts);
      const Ratio exact = figure_of(sum.scored ? Kind::kMean : Kind::kShare, value, base);
      prints.insert(round(exact, sum.scored ? 1 : 0, problem.rounding).digits);
    }
  }
  return prints;
}

std::vector<size_t> rows_of(unsigned mask, size_t count) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < count; ++i) {
    if ((mask >> i & 1U) != 0) rows.push_back(i);
  }
  return rows;
}

// The least number of rows that no enumerated filling meets.
size_t smallest_conflict_size(const ItemProblem& problem) {
  size_t least = problem.rows.size() + 1;
  for (unsigned mask = 1; mask < 1U << problem.rows.size(); ++mask) {
    const std::vector<size_t> rows = rows_of(mask, problem.rows.size());
    if (rows.size() < least && enumerate(problem, rows).bases.empty()) least = rows.size();
  }
  return least;
}

std::vector<size_t> every_row(const ItemProblem& problem) {
  return rows_of((1U << problem.rows.size()) - 1U, problem.rows.size());
}

void expect_as_enumerated(const ItemProblem& problem, const std::string& name) {
  const Enumerated truth = enumerate(problem, every_row(problem));
  const ItemOutcome outcome = solved(problem);
  if (const auto* refused = std::get_if<ItemConflict>(&outcome)) {
    EXPECT_TRUE(truth.bases.empty()) << name;
    EXPECT_TRUE(enumerate(problem, refused->rows).bases.empty()) << name;
    EXPECT_EQ(refused->rows.size(), smallest_conflict_size(problem)) << name;
    return;
  }
  const auto& found = std::get<ItemSolution>(outcome);
  EXPECT_EQ(std::set<int64_t>(found.bases.begin(), found.bases.end()), truth.bases) << name;
  ASSERT_FALSE(truth.bases.empty()) << name;
  EXPECT_EQ(found.base, *truth.bases.rbegin()) << name;
  const auto& fillings = truth.solutions.at(found.base);
  EXPECT_THAT(fillings, testing::Contains(found.counts)) << name;
  for (size_t i = 0; i < problem.asked.size(); ++i) {
    EXPECT_EQ(found.asked[i].range, enumerated_range(problem.asked[i], problem, fillings)) << name;
    const std::set<int64_t> prints = enumerated_prints(problem.asked[i], problem, truth);
    EXPECT_EQ(found.asked[i].fixed, prints.size() == 1) << name;
    EXPECT_TRUE(prints.contains(found.asked[i].printed.digits)) << name;
  }
}

struct Survey {
  const char* name;
  int64_t respondents;
  size_t options;
  std::vector<std::string> rows;
  int64_t base;                     // largest
  std::vector<WholeRange> figures;  // one a row
};

// Figures of the five founding reports and the waves they belong to. Options in order of the
// questionnaire: very likely 0, likely 1, unlikely 2, very unlikely 3, don't know 4.
const std::vector<Survey> kSurveys = {
    {"leave own post", 94, 5, {"0+1 63 wave"}, 94, {{59, 59}}},
    {"all GP leaders leave", 94, 5, {"0+1 35 wave", "2+3 36 wave"}, 94, {{33, 33}, {34, 34}}},
    {"less well integrated", 94, 5, {"0+1 42 solve"}, 93, {{39, 39}}},
    {"pooled budget",
     94,
     4,
     {"0 41 wave", "1 31 wave", "2 17 wave", "3 11 wave"},
     94,
     {{39, 39}, {29, 29}, {16, 16}, {10, 10}}},
    {"roles, first wave",
     116,
     3,
     {"0 47 wave", "1 38 wave", "2 15 wave"},
     116,
     {{55, 55}, {44, 44}, {17, 17}}},
    {"chairs alone", 116, 3, {"0 47 wave"}, 116, {{54, 55}}},
    {"shared functions", 116, 5, {"0+1 84 wave"}, 116, {{97, 98}}},
    {"confidence, first wave", 116, 10, {"mean 6.6 wave"}, 116, {{760, 771}}},
    {"confidence, third wave", 94, 10, {"mean 7.2 wave"}, 94, {{673, 681}}},
    {"informatics", 94, 5, {"0+1 41 wave", "3+4 26 wave"}, 94, {{39, 39}, {24, 24}}},
    {"area team effective, 273", 273, 5, {"0+1 64 wave"}, 273, {{174, 176}}},
    {"area team effective, 272",
     272,
     5,
     {"0+1 64 wave", "2+3 21 wave"},
     272,
     {{173, 175}, {56, 58}}},
    {"primary care, 272", 272, 5, {"2+3 55 wave", "0+1 19 wave"}, 272, {{149, 150}, {51, 53}}},
    {"primary care, 273", 273, 5, {"2+3 55 wave", "0+1 19 wave"}, 273, {{149, 151}, {51, 53}}},
    {"similar trusts",
     60,
     4,
     {"0 73.7 solve", "1 4 solve", "2 5 solve"},
     57,
     {{42, 42}, {2, 2}, {3, 3}}},
};

TEST(SolveItem, FiguresOfTheReports) {
  for (const Survey& survey : kSurveys) {
    const ItemSolution found =
        solution(problem_of(survey.respondents, survey.options, survey.rows));
    EXPECT_EQ(found.base, survey.base) << survey.name;
    ASSERT_EQ(found.asked.size(), survey.options + survey.rows.size()) << survey.name;
    std::vector<WholeRange> figures;
    for (size_t i = survey.options; i < found.asked.size(); ++i) {
      figures.push_back(found.asked[i].range);
    }
    EXPECT_EQ(figures, survey.figures) << survey.name;
  }
}

TEST(SolveItem, ListsEveryBaseThatFits) {
  const ItemSolution found = solution(problem_of(94, 5, {"0+1 42 solve"}));
  EXPECT_EQ(found.bases, possible_bases(std::vector{decimal("42")}, 1, 94));
  EXPECT_THAT(solution(problem_of(60, 4, {"0 73.7 solve", "1 4 solve", "2 5 solve"})).bases,
              ElementsAre(57));
}

TEST(SolveItem, LeavesThePartsOfANetFreeAndSpreadsThemEvenly) {
  const ItemSolution found = solution(problem_of(94, 5, {"0+1 41 wave", "3+4 26 wave"}));
  EXPECT_EQ(found.asked[0].range, (WholeRange{0, 39}));   // very strong
  EXPECT_EQ(found.asked[2].range, (WholeRange{31, 31}));  // the remainder
  EXPECT_THAT(found.counts, ElementsAre(20, 19, 31, 12, 12));
}

TEST(SolveItem, APrintedValueIsFixedThoughTheCountIsNot) {
  const ItemSolution chairs = solution(problem_of(116, 3, {"0 47 wave"}));  // 54 or 55
  EXPECT_TRUE(chairs.asked[0].fixed);
  EXPECT_EQ(chairs.asked[0].printed, decimal("47"));
  EXPECT_FALSE(chairs.asked[1].fixed);
}

TEST(SolveItem, ARemainderIsNotFixedWhileItsBaseIsOpen) {
  // Of 93 the remainder of 42 and 18 is 40 %; of 66 it is 39 %.
  const ItemSolution found = solution(problem_of(94, 3, {"0 42 solve", "1 18 solve"}));
  EXPECT_EQ(found.asked[2].range.size(), 1);
  EXPECT_FALSE(found.asked[2].fixed);
  EXPECT_TRUE(found.asked[0].fixed);
}

TEST(SolveItem, ScoresFollowThePrintedMean) {
  const ItemProblem problem = problem_of(94, 10, {"mean 7.2 wave"});
  const ItemSolution found = solution(problem);
  EXPECT_THAT(found.counts, ElementsAre(2, 4, 4, 6, 7, 9, 11, 13, 19, 19));
  EXPECT_EQ(sum_of(problem.rows[0].sum, problem, found.counts), 677);  // 94 · 7.2 = 676.8
}

struct Refusal {
  const char* name;
  int64_t respondents;
  size_t options;
  std::vector<std::string> rows;
  std::vector<size_t> conflict;
};

TEST(SolveItem, NamesTheSmallestConflictingSet) {
  const Refusal refusals[] = {
      {"42 of 94 does not exist", 94, 5, {"0+1 63 wave", "0 42 wave", "2 5 wave"}, {1}},
      {"three parts exceed the whole",
       100,
       4,
       {"3 1 wave", "0 40 wave", "1 40 wave", "2 30 wave"},
       {1, 2, 3}},
      {"a part exceeds its NET", 94, 4, {"2 10 wave", "0+1 30 wave", "0 35 wave"}, {1, 2}},
      {"two figures of one answer", 94, 3, {"0 63 wave", "2 10 wave", "0 64 wave"}, {0, 2}},
      {"two bases of one item", 94, 3, {"0 50 90", "1 50 88"}, {0, 1}},
      {"a base above the respondents", 94, 3, {"0 50 100"}, {0}},
      {"a count above the base", 94, 3, {"0 #95 wave"}, {0}},
      {"a count that is no whole number", 94, 3, {"0 #9.5 wave"}, {0}},
      {"a mean outside the scale", 94, 10, {"mean 10.2 wave"}, {0}},
      {"a mean no sum has", 28, 10, {"mean 5.19 wave"}, {0}},
      {"a mean below what its top share needs",
       94,
       10,
       {"0 1 wave", "9 90 wave", "mean 7.2 wave"},
       {1, 2}},
      {"over a hundred per cent", 300, 3, {"0 101 solve"}, {0}},
      {"parts that miss the whole", 124, 2, {"0 72 wave", "1 18 wave"}, {0, 1}},
      {"no base for all five", 56, 4, {"0 73.7 solve", "1 4 solve", "2 5 solve"}, {0, 1}},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_EQ(conflict(problem_of(refusal.respondents, refusal.options, refusal.rows)),
              refusal.conflict)
        << refusal.name;
  }
}

TEST(SolveItem, ManyRowsWithAConflictDeepInside) {
  std::vector<std::string> rows(20, "0 20 wave");
  for (const char* part : {"1 30 wave", "2 30 wave", "3 30 wave"}) rows.emplace_back(part);
  EXPECT_EQ(conflict(problem_of(100, 5, rows)).size(), 4U);
}

PublishedRow change_row(const std::string& line, const ItemProblem& problem,
                        const std::string& earlier_printed, Ratio earlier_exact) {
  PublishedRow row = row_of(line, problem.option_count, problem.respondents);
  row.earlier = EarlierFigure{decimal(earlier_printed), earlier_exact};
  return row;
}

TEST(SolveItem, AChangeIsTheDifferenceOfPrintedFiguresOrOfUnroundedOnes) {
  struct Row {
    const char* name;
    std::vector<std::string> level;
    const char* change;
    const char* earlier_printed;
    Ratio earlier_exact;
    bool printed, unrounded;
  };
  const Row rows[] = {
      // 64 of 94 is 68.09, five down from 73 (80 of 110, 72.73: 4.64 down).
      {"both", {"0+1 68 wave"}, "0+1 -5 wave", "73", {8000, 110}, true, true},
      // From 73.4 it is 5.3 down, from 73.6 (printed 74) 5.51, that is 6.
      {"printed only", {"0+1 68 wave"}, "0+1 -6 wave", "74", {73500, 1000}, true, false},
      {"unrounded only", {"0+1 68 wave"}, "0+1 -5 wave", "74", {73500, 1000}, false, true},
      {"level from the change alone", {}, "0+1 -5 wave", "73", {8000, 110}, true, true},
  };
  for (const Row& row : rows) {
    ItemProblem problem = problem_of(94, 5, row.level);
    problem.rows.push_back(change_row(row.change, problem, row.earlier_printed, row.earlier_exact));
    const ItemSolution found = solution(problem);
    const RowCheck check = check_row(problem.rows.back(), problem, found.base, found.counts);
    EXPECT_EQ(check.printed, row.printed) << row.name;
    EXPECT_EQ(check.unrounded, row.unrounded) << row.name;
  }
}

TEST(SolveItem, AChangeThatFitsNeitherWayConflictsWithItsLevel) {
  ItemProblem problem = problem_of(94, 5, {"0+1 68 wave"});
  problem.rows.push_back(change_row("0+1 -8 wave", problem, "73", {8000, 110}));
  EXPECT_EQ(conflict(problem), (std::vector<size_t>{0, 1}));
}

TEST(SolveItem, AMeanMayChangeToo) {
  ItemProblem problem = problem_of(94, 10, {});
  problem.rows.push_back(change_row("mean 0.7 wave", problem, "6.5", {65, 10}));
  const ItemSolution found = solution(problem);
  EXPECT_EQ(
      round(figure_of(Kind::kMean, sum_of(problem.rows[0].sum, problem, found.counts), 94), 1),
      decimal("7.2"));
}

TEST(SolveItem, AQuestionWithManyAnswersMayPassAHundred) {
  ItemProblem problem = problem_of(100, 3, {"0 80 wave", "1 60 wave"});
  problem.single_coded = false;
  const ItemSolution found = solution(problem);
  EXPECT_EQ(found.counts[0], 80);
  EXPECT_EQ(found.counts[1], 60);
  EXPECT_EQ(found.asked[2].range, (WholeRange{0, 100}));
}

TEST(SolveItem, AgreesWithEveryFillingOfSmallProblems) {
  const std::vector<std::string> figures = {"0 33", "0+1 67", "2 #2", "mean 2.1", "1+2 58.3"};
  for (const int64_t respondents : {4, 12}) {
    for (const char* base : {"wave", "solve"}) {
      for (unsigned mask = 1; mask < 1U << figures.size(); ++mask) {
        std::vector<std::string> rows;
        for (const size_t i : rows_of(mask, figures.size()))
          rows.push_back(figures[i] + " " + base);
        expect_as_enumerated(problem_of(respondents, 3, rows),
                             testing::PrintToString(rows) + " n " + std::to_string(respondents));
      }
    }
  }
}

// A small generator of our own, so that a failure names the same problem on every machine.
class Numbers {
 public:
  explicit Numbers(uint32_t seed) : state_(seed) {}
  int64_t below(int64_t limit) {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<int64_t>(state_ >> 8U) % limit;
  }

 private:
  uint32_t state_;
};

TEST(SolveItem, AgreesWithEveryFillingOfRandomProblems) {
  Numbers numbers(20121005);
  for (int round_number = 0; round_number < 150; ++round_number) {
    const int64_t respondents = 1 + numbers.below(12);
    ItemProblem problem = problem_of(respondents, 3, {});
    problem.single_coded = numbers.below(4) != 0;
    problem.rounding = numbers.below(2) == 0 ? Rounding::kHalfUp : Rounding::kHalfEven;
    const int64_t count = 1 + numbers.below(4);
    for (int64_t i = 0; i < count; ++i) {
      PublishedRow row;
      row.sum.options = {static_cast<size_t>(numbers.below(3))};
      if (problem.single_coded && numbers.below(3) == 0) row.sum.options = {0, 2};
      row.value = round(Ratio{100 * numbers.below(respondents + 1), respondents}, 0);
      if (numbers.below(3) != 0) row.base = respondents;
      if (numbers.below(4) == 0) row.earlier = EarlierFigure{{20, 0}, {6100, 300}};
      problem.rows.push_back(row);
    }
    expect_as_enumerated(problem, "problem " + std::to_string(round_number));
  }
}

TEST(SolveItem, TheSameProblemHasTheSameSolution) {
  for (const Survey& survey : kSurveys) {
    const ItemProblem problem = problem_of(survey.respondents, survey.options, survey.rows);
    EXPECT_EQ(solution(problem).counts, solution(problem).counts) << survey.name;
  }
}

TEST(SolveItem, StopsWhenToldTo) {
  Progress progress;
  progress.stop();
  const auto outcome = solve_item(problem_of(94, 5, {"0+1 63 wave"}), progress);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::kLimit);
}

TEST(SolveItem, ANetOfAQuestionWithManyAnswersIsOurOwnFault) {
  ItemProblem problem = problem_of(94, 3, {"0+1 63 wave"});
  problem.single_coded = false;
  EXPECT_THROW((void)solve_item(problem, Progress()), BrokenPromise);
}

}  // namespace
}  // namespace barometer
