// What is released of a survey, wherever it stands: groups of people, questions, and figures.
//
// A description of everything a reader holds (tables, charts, downloads, earlier editions), free of
// the form it came in: attack/bundle.h reads it from bundles, suppress_book.h from banner books. A
// question asked of a group splits it into answers and kinds of missing; a group may be split into
// parts in more than one way. Both only in whole people, so that all of it is one linear system
// (release_system.h), and what can be worked out of it is decided there (release_attack.h).
//
//   whole wave          a partition {North, South}; another {chairs, officers}
//   total and one part  a partition {chairs, everyone else}: add_rest()
//   a later edition     a partition {the earlier edition, those added since}: add_rest()
//   column of an answer everyone in it `gave` that answer, so its size is the answer's count
//   organisations       each has at least one respondent: `people` names their group, and what is
//                       left of it are the people beyond the first of each organisation
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/decimal.h"

namespace barometer {

inline constexpr size_t kNowhere = std::numeric_limits<size_t>::max();

struct ReleaseRules {
  int64_t count_under = 0;  // counts 1 … count_under - 1 are small; 0 or 1: none is
  int64_t base_under = 10;  // no result on a smaller base
  int64_t width = 0;        // least span of a hidden count's range; 0: count_under - 1, at least 1
  int64_t uniform_under = 0;  // in a named group under this, 0 % and 100 % are leaks; 0: never

  [[nodiscard]] bool is_small(int64_t count) const;
  [[nodiscard]] int64_t least_span() const;
};

struct ReleasedOption {
  int code = 0;
  bool dont_know = false;  // an answer "don't know"
  bool outside = false;    // of the base: don't know where it does not count
};

struct ReleasedNet {
  std::string id;
  std::vector<int> codes;
};

struct ReleasedQuestion {
  std::string id;
  bool multi = false;  // any number of answers each; else one
  std::vector<ReleasedOption> options;
  std::vector<ReleasedNet> nets;
  bool dont_know_in_base = true;  // the missing kind
  std::vector<int> unscored{};    // options that a mean leaves out

  [[nodiscard]] const ReleasedNet* net(std::string_view net_id) const;
};

// Answers of a question by which a group is made.
struct AnswerOfGroup {
  size_t question = kNowhere;
  std::vector<int> codes{};
};

struct ReleasedGroup {
  std::string id;               // "2013-04", "2013-04 region=1"
  std::string label{};          // for messages: "those added since 2013-01"; empty: the id
  bool named = false;           // a part with a name of its own (requirement E6)
  bool size_is_public = false;  // of a whole wave: how many took part is always said
  size_t people = kNowhere;     // of organisations: their respondents' group
  std::vector<std::vector<size_t>> partitions{};  // each sums to this group
  std::vector<AnswerOfGroup> gave{};       // everyone in it gave one of these answers, of each
  std::vector<AnswerOfGroup> gave_none{};  // nobody in it gave any of these
};

enum class FigureRole {
  kCount,    // of an answer, or a NET: exact
  kPercent,  // of an answer: as printed, at a base if there is one
  kMean,     // of scores, as printed; or their exact sum
  kBase,     // of a question
  kMissing,  // "not_asked", "no_answer", "refused", "dont_know": with the options that say so
  kSize,     // of a group, whatever is asked
  kChange,   // points since another group's figure
  kHidden,   // said to be suppressed
};

struct ReleasedFigure {
  FigureRole role = FigureRole::kCount;
  size_t group = 0;
  size_t question = kNowhere;
  std::string answer{};            // code as text, NET id, "mean", or the kind of missing
  std::optional<int64_t> count{};  // kCount, kBase, kMissing, kSize; the exact sum of a kMean
  std::optional<Decimal> printed{};
  Rounding rounding = Rounding::kHalfUp;
  std::optional<int64_t> base{};  // shown beside a percentage or mean
  size_t since = kNowhere;        // kChange: the group, of the same question
  std::optional<int64_t> since_base{};
  std::string id{};    // of the figure
  std::string file{};  // where it stands
};

struct Release {
  ReleaseRules rules;
  std::vector<ReleasedGroup> groups;
  std::vector<ReleasedQuestion> questions;
  std::vector<ReleasedFigure> figures;

  // kNowhere when there is none.
  [[nodiscard]] size_t group(std::string_view id) const;
  [[nodiscard]] size_t question(std::string_view id) const;
};

// A group of all those of `parent` in none of `parts`, and the partition that it completes.
size_t add_rest(Release& release, size_t parent, const std::vector<size_t>& parts,
                std::string label);

inline constexpr std::string_view kMissingKinds[] = {"not_asked", "no_answer", "refused",
                                                     "dont_know"};

}  // namespace barometer
