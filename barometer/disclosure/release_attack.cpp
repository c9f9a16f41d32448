#include "barometer/disclosure/release_attack.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "barometer/disclosure/release_asked_internal.h"
#include "barometer/disclosure/release_explain_internal.h"

namespace barometer {
namespace {

using Role = AskedOfRelease::Role;
using Place = std::tuple<size_t, size_t, size_t>;  // group, question, beyond

std::string range_words(int64_t least, int64_t most) {
  if (least == most) return fmt::format("is exactly {}", least);
  return fmt::format("is from {} to {}", least, most);
}

class Attacker {
 public:
  Attacker(const Release& release, const ReleaseSystem& system, const AttackOptions& options,
           const Progress& progress)
      : release_(release), system_(system), options_(options), progress_(progress) {
    for (const ReleasedFigure& figure : release.figures) {
      const bool is_given = std::ranges::count(release.groups[figure.group].gave, figure.question,
                                               &AnswerOfGroup::question) > 0;
      if (figure.role == FigureRole::kHidden && !is_given) {
        hidden_.insert({figure.group, figure.question, figure.answer});
      }
    }
  }

  Result<ReleaseAttack> run() {
    asked_ = asked_of(release_, system_);
    least_.assign(asked_.size(), 0);
    most_.assign(asked_.size(), 0);
    known_.assign(asked_.size(), false);
    TRY_DONE(find([](const AskedOfRelease& asked) { return asked.role == Role::kBase; }));
    for (size_t i = 0; i < asked_.size(); ++i) {
      if (known_[i]) bases_[place_of(asked_[i])] = i;
    }
    TRY_DONE(find([this](const AskedOfRelease& asked) { return is_needed(asked); }));
    for (size_t i = 0; i < asked_.size(); ++i) {
      if (known_[i]) TRY_DONE(judge(i));
    }
    return std::move(out_);
  }

 private:
  static Place place_of(const AskedOfRelease& asked) {
    return {asked.group, asked.question, asked.beyond};
  }

  [[nodiscard]] bool is_hidden(const AskedOfRelease& asked) const {
    return asked.beyond == kNowhere && asked.role == Role::kAnswer &&
           hidden_.contains({asked.group, asked.question, asked.answer});
  }

  [[nodiscard]] bool base_surely_under(const AskedOfRelease& asked, int64_t limit) const {
    const auto found = bases_.find(place_of(asked));
    return found != bases_.end() && least_[found->second] >= 1 && most_[found->second] < limit;
  }

  [[nodiscard]] bool is_uniform_group(const AskedOfRelease& asked) const {
    return asked.beyond == kNowhere && release_.groups[asked.group].named &&
           base_surely_under(asked, release_.rules.uniform_under);
  }

  [[nodiscard]] bool is_needed(const AskedOfRelease& asked) const {
    if (asked.role == Role::kBase) return false;
    return release_.rules.count_under > 1 || is_hidden(asked) || is_uniform_group(asked) ||
           (asked.role == Role::kAnswer && base_surely_under(asked, release_.rules.base_under));
  }

  template <class Wanted>
  Status find(const Wanted& wanted) {
    std::map<std::vector<std::pair<size_t, int64_t>>, size_t> places;
    std::vector<LinearSum> sums;
    std::vector<std::pair<size_t, size_t>> which;
    for (size_t i = 0; i < asked_.size(); ++i) {
      if (known_[i] || !wanted(asked_[i])) continue;
      const auto [at, is_new] = places.try_emplace(asked_[i].sum.terms, sums.size());
      if (is_new) sums.push_back(asked_[i].sum);
      which.emplace_back(i, at->second);
    }
    if (sums.empty()) return {};
    RangeOptions limits;
    limits.steps = options_.steps;
    std::vector<std::vector<size_t>> asked_at(sums.size());
    for (const auto& [i, place] : which) asked_at[place].push_back(i);
    limits.settled = [&](size_t place, int64_t least, int64_t most) {
      return std::ranges::all_of(asked_at[place],
                                 [&](size_t i) { return is_harmless(asked_[i], least, most); });
    };
    const auto ranges = TRY(ranges_of(system_.system(), sums, limits, progress_));
    for (const auto& [i, place] : which) {
      least_[i] = ranges[place].least;
      most_[i] = ranges[place].most;
      known_[i] = true;
    }
    out_.asked += sums.size();
    out_.inexact += static_cast<size_t>(std::ranges::count_if(
        ranges, [](const auto& range) { return !range.exact && !range.settled; }));
    return {};
  }

  // No range that holds this one is a leak, nor the base of one.
  [[nodiscard]] bool is_harmless(const AskedOfRelease& asked, int64_t least, int64_t most) const {
    const ReleaseRules& rules = release_.rules;
    if (asked.role == Role::kBase) {
      const int64_t limit = std::max(rules.base_under, rules.uniform_under);
      return (least < 1 || most >= limit) &&
             (!is_hidden(asked) || most - least >= rules.least_span());
    }
    if (least == most || most == 0) return false;
    if (rules.is_small(least) && rules.is_small(most)) return false;
    return !is_hidden(asked) || most - least >= rules.least_span();
  }

  // What the public size of the wave says of any count in it.
  [[nodiscard]] int64_t public_span(size_t group) const {
    int64_t span = std::numeric_limits<int64_t>::max();
    for (const ReleasedFigure& figure : release_.figures) {
      if (figure.role == FigureRole::kSize && figure.group == group && figure.count &&
          release_.groups[group].size_is_public) {
        span = std::min(span, *figure.count);
      }
    }
    return span;
  }

  Status judge(size_t i) {
    const AskedOfRelease& asked = asked_[i];
    const ReleaseRules& rules = release_.rules;
    const int64_t least = least_[i];
    const int64_t most = most_[i];
    if (is_hidden(asked)) {
      const int64_t span = std::min(rules.least_span(), public_span(asked.group));
      if (most - least < span) {
        return add(LeakKind::kKnownHidden, i,
                   [span](int64_t low, int64_t high) { return high - low < span; });
      }
    }
    if (asked.role == Role::kBase) return {};
    if (rules.is_small(least) && rules.is_small(most)) {
      return add(LeakKind::kKnownSmall, i, [rules](int64_t low, int64_t high) {
        return rules.is_small(low) && rules.is_small(high);
      });
    }
    if (asked.role == Role::kAnswer && least == most &&
        base_surely_under(asked, rules.base_under) && small_bases_.insert(place_of(asked)).second) {
      return add(LeakKind::kSmallBase, i, [](int64_t low, int64_t high) { return low == high; });
    }
    const bool one_side = asked.role == Role::kAnswer || asked.role == Role::kOutside;
    if (one_side && most == 0 && is_uniform_group(asked)) {
      return add(LeakKind::kUniform, i, [](int64_t, int64_t high) { return high == 0; });
    }
    return {};
  }

  template <class Holds>
  Status add(LeakKind kind, size_t i, const Holds& holds) {
    const AskedOfRelease& asked = asked_[i];
    // The same sum under another name ("not yes" of yes and no) is one leak.
    if (!told_.insert({kind, asked.sum.terms}).second) return {};
    Leak leak;
    leak.kind = kind;
    leak.group = asked.group;
    leak.question = asked.question;
    leak.about = asked.about;
    leak.least = least_[i];
    leak.most = most_[i];
    leak.text = sentence(leak, asked);
    std::vector<ExplainedSum> sums;
    sums.push_back({asked.sum, holds});
    if (kind == LeakKind::kSmallBase || kind == LeakKind::kUniform) {
      const size_t base = bases_.at(place_of(asked));
      const int64_t under =
          kind == LeakKind::kSmallBase ? release_.rules.base_under : release_.rules.uniform_under;
      sums.push_back({asked_[base].sum,
                      [under](int64_t low, int64_t high) { return low >= 1 && high < under; }});
    }
    if (options_.explain && explained_ < options_.most_explained) {
      ++explained_;
      if (!whole_) whole_ = TRY(ReleaseSystem::make(release_));
      TRY_DONE(explain(release_, *whole_, sums, progress_, leak));
    } else {
      leak.from_complete = false;
    }
    choose_hiding(release_, asked, leak);
    out_.leaks.push_back(std::move(leak));
    return {};
  }

  [[nodiscard]] std::string where(const AskedOfRelease& asked) const {
    const ReleasedGroup& group = release_.groups[asked.group];
    return fmt::format("{}, {}", group.label.empty() ? group.id : group.label,
                       release_.questions[asked.question].id);
  }

  [[nodiscard]] std::string sentence(const Leak& leak, const AskedOfRelease& asked) const {
    const std::string range = range_words(leak.least, leak.most);
    switch (leak.kind) {
      case LeakKind::kKnownHidden:
        return fmt::format("{}: {} is suppressed, but its count {}", where(asked), asked.about,
                           range);
      case LeakKind::kKnownSmall:
        return fmt::format("{}: the count of {} {}, which is under {}", where(asked), asked.about,
                           range, release_.rules.count_under);
      case LeakKind::kSmallBase: {
        const size_t base = bases_.at(place_of(asked));
        return fmt::format("{}: the base {}, which is under {}, and the count of {} {}",
                           where(asked), range_words(least_[base], most_[base]),
                           release_.rules.base_under, asked.about, range);
      }
      case LeakKind::kUniform:
        return fmt::format("{}: nobody in this small group is in {}", where(asked), asked.about);
      case LeakKind::kShown:
        return {};
    }
    return {};
  }

  const Release& release_;
  const ReleaseSystem& system_;
  std::optional<ReleaseSystem>
      whole_;  // with the same atoms, made once something is to be explained
  const AttackOptions& options_;
  const Progress& progress_;
  std::set<std::tuple<size_t, size_t, std::string>> hidden_;
  std::vector<AskedOfRelease> asked_;
  std::vector<int64_t> least_, most_;
  std::vector<bool> known_;
  std::map<Place, size_t> bases_;
  std::set<Place> small_bases_;
  std::set<std::pair<LeakKind, std::vector<std::pair<size_t, int64_t>>>> told_;
  size_t explained_ = 0;
  ReleaseAttack out_;
};

}  // namespace

std::string_view name_of(LeakKind kind) {
  switch (kind) {
    case LeakKind::kKnownHidden:
      return "known hidden";
    case LeakKind::kKnownSmall:
      return "known small";
    case LeakKind::kSmallBase:
      return "small base";
    case LeakKind::kUniform:
      return "uniform";
    case LeakKind::kShown:
      return "shown";
  }
  return "";
}

Result<ReleaseAttack> attack_release(const Release& release, const AttackOptions& options,
                                     const Progress& progress) {
  const auto system = TRY(ReleaseSystem::make(release, ReleaseSystem::Rows::kNeeded));
  return Attacker(release, system, options, progress).run();
}

}  // namespace barometer
