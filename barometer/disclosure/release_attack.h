// The attack on a release: what a reader can work out who takes all of it together.
//
// For everything that could be asked (each answer, NET, kind of missing and base of each group, who
// is in the base but not in it, NETs without one of their options, and the same of every difference
// of two groups) the solver gives the least and the most it can be over all whole numbers of people
// that look like the release. The reader knows nothing else: not which hidden count is small. A
// leak is
//   known hidden   a suppressed count whose range spans less than the protection width
//   known small    a count that is surely from 1 to count_under - 1, shown or worked out
//   small base     a result on a base that is surely under base_under
//   uniform        everyone, or nobody, of a named group under uniform_under
//   shown          a file that shows what another hides (found by attack/files.h, not here)
// A range that the public size of a wave alone makes narrow is no leak: of three people no count
// spans more than three.
//
// Not in it: weighted shares and means, standard errors and intervals (they hold second moments),
// people who know themselves, and that a suppressed cell has something to hide.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/disclosure/release.h"
#include "barometer/protection/count_system.h"

namespace barometer {

enum class LeakKind { kKnownHidden, kKnownSmall, kSmallBase, kUniform, kShown };
std::string_view name_of(LeakKind kind);  // "known hidden", ...

// Hiding this breaks the way by which it leaks.
struct HideAction {
  enum class What { kFigure, kMissing, kBase };  // of a base: every figure of group and question
  What what = What::kFigure;
  size_t group = kNowhere, question = kNowhere;
  std::string answer{};
  std::string figure{};
  bool operator==(const HideAction&) const = default;
};

// That hides this figure.
HideAction action_of(const ReleasedFigure& figure);

struct Leak {
  LeakKind kind = LeakKind::kKnownHidden;
  size_t group = kNowhere, question = kNowhere;
  std::string about{};          // "answer 3", "those in the base but not 'likely'"
  int64_t least = 0, most = 0;  // what can be known
  std::vector<size_t> from{};   // places in Release::figures, a set of which each is needed
  bool from_complete = true;    // false: the set was not reduced
  std::vector<HideAction> hide{};
  std::string text{};  // a sentence
};

struct AttackOptions {
  bool explain = true;                  // find the figures that a leak needs (slower)
  size_t most_explained = 100;          // leaks; the rest come without
  int64_t steps = 5 * kStepsPerSecond;  // of the solver, for each end of a range
};

struct ReleaseAttack {
  std::vector<Leak> leaks;
  size_t asked = 0;    // sums whose range was found
  size_t inexact = 0;  // of them, ranges that the solver could not finish; they are outer ones
};

// kInvalid: a release that contradicts itself (says which figures); kLimit: stopped.
Result<ReleaseAttack> attack_release(const Release& release, const AttackOptions& options,
                                     const Progress& progress);

}  // namespace barometer
