// The steps of reading a plan.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "barometer/book/plan.h"

namespace barometer {

// Words that people wrote, and where: of the command line each byte has a column of its own, while
// inside a YAML text only its start is known.
struct PlanWords {
  std::string_view text;
  Place place;
  bool counts_columns = false;

  [[nodiscard]] Place at(size_t offset) const;
};

// The grammar alone: no name is looked up. What is wrong is reported and left out.
std::vector<RowsPlan> rows_of_words(const PlanWords& words, Diagnostics& problems);
std::vector<BannerGroup> banner_of_words(const PlanWords& words, Diagnostics& problems);

// "mean", "top2", …; nothing for other words.
std::optional<StatisticPlan> statistic_named(std::string_view word);
// What a statistic may be called, for hints.
std::vector<std::string> statistic_words();
std::optional<Measure> measure_named(std::string_view word);
std::vector<std::string> measure_words();

// Looks names up for resolved(): every mistake goes into `problems`.
class PlanNames {
 public:
  PlanNames(const Codebook& codebook, Diagnostics& problems);

  struct Found {
    size_t index = 0;    // of the variable
    bool named = false;  // by its own name, not by a range or a pattern
  };
  // Of names, ranges and patterns, each variable once, in the order written.
  [[nodiscard]] std::vector<Found> all(const std::vector<std::string>& words, const Place& place);
  [[nodiscard]] std::optional<size_t> one(std::string_view word, const Place& place);
  // "there is no variable 'x'" with what would be right. Past many mistakes there are no hints.
  void report_unknown(std::string_view word, const Place& place);

 private:
  struct Kept {
    std::vector<Found> found;
    std::unordered_map<size_t, size_t> place_of;  // of a variable, in `found`
  };
  void add_range(std::string_view word, const Place& place, Kept& kept);
  void add_pattern(std::string_view word, const Place& place, Kept& kept);
  void add(size_t index, bool named, Kept& kept) const;

  const Codebook& codebook_;
  Diagnostics& problems_;
  std::vector<std::string> ids_;
};

// Whether there are so many mistakes that more would help nobody.
bool has_many(const Diagnostics& problems);

// One table: statistics, NETs, scores and hidden answers against its variable (of a grid the
// first). `named`: what does not fit is a mistake; else it is left out.
void resolve_answers(RowsPlan& rows, const Variable& variable, bool named, Diagnostics& problems);
// Reports the words of `rows` that are an answer of none of the variables.
void check_answer_words(const RowsPlan& rows, const std::vector<const Variable*>& variables,
                        Diagnostics& problems);

// The variable that a set makes; its columns must be there. Reports what is wrong.
std::optional<Variable> variable_of(const MultiSet& set, const Codebook& codebook,
                                    Diagnostics& problems);

}  // namespace barometer
