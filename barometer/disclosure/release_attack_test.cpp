// The attack against a slow reader, who writes down every possible set of answers and keeps those
// that print like the release.
#include "barometer/disclosure/release_attack.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "barometer/disclosure/release_protect.h"
#include "barometer/disclosure/release_system.h"
#include "barometer/disclosure/release_testing_internal.h"

namespace barometer {
namespace {

using testing::figure;
using testing::single_question;

constexpr size_t kOptions = 3;
constexpr size_t kSlots = kOptions + 1;  // the last: no answer

// ---- the slow reader ----------------------------------------------------------------------------

// People by undivided group and slot.
using World = std::vector<std::array<int64_t, kSlots>>;

struct Small {
  Release release;
  std::vector<std::set<size_t>> leaves;  // of each group of the release
  World truth;
};

std::vector<World> all_worlds(size_t leaves, int64_t people) {
  std::vector<World> out;
  World world(leaves);
  const size_t atoms = leaves * kSlots;
  const std::function<void(size_t, int64_t)> walk = [&](size_t at, int64_t left) {
    auto& here = world[at / kSlots][at % kSlots];
    if (at + 1 == atoms) {
      here = left;
      out.push_back(world);
      return;
    }
    for (int64_t n = 0; n <= left; ++n) {
      here = n;
      walk(at + 1, left - n);
    }
  };
  walk(0, people);
  return out;
}

int64_t in_slot(const World& world, const std::set<size_t>& leaves, size_t slot) {
  int64_t sum = 0;
  for (const size_t leaf : leaves) sum += world[leaf][slot];
  return sum;
}

int64_t base_of(const World& world, const std::set<size_t>& leaves) {
  int64_t sum = 0;
  for (size_t slot = 0; slot < kOptions; ++slot) sum += in_slot(world, leaves, slot);
  return sum;
}

// Answers are "1" "2" "3" and the NET "12" of the first two.
int64_t count_of(const World& world, const std::set<size_t>& leaves, const std::string& answer) {
  if (answer == "12") return in_slot(world, leaves, 0) + in_slot(world, leaves, 1);
  return in_slot(world, leaves, static_cast<size_t>(answer[0] - '1'));
}

int64_t scores_of(const World& world, const std::set<size_t>& leaves) {
  int64_t sum = 0;
  for (size_t slot = 0; slot < kOptions; ++slot) {
    sum += static_cast<int64_t>(slot + 1) * in_slot(world, leaves, slot);
  }
  return sum;
}

bool prints_alike(const Small& small, const World& world) {
  return std::ranges::all_of(small.release.figures, [&](const ReleasedFigure& figure) {
    const std::set<size_t>& leaves = small.leaves[figure.group];
    const int64_t base = base_of(world, leaves);
    switch (figure.role) {
      case FigureRole::kCount:
        return count_of(world, leaves, figure.answer) == *figure.count;
      case FigureRole::kPercent:
        if (figure.base && base != *figure.base) return false;
        if (base == 0) return false;
        return round(Ratio{100 * count_of(world, leaves, figure.answer), base}, 0) ==
               *figure.printed;
      case FigureRole::kMean:
        if (base != *figure.base) return false;
        return round(Ratio{scores_of(world, leaves), base}, 1) == *figure.printed;
      case FigureRole::kBase:
        return base == *figure.count;
      case FigureRole::kMissing:
        return (figure.answer == "no_answer" ? in_slot(world, leaves, kOptions) : 0) ==
               *figure.count;
      case FigureRole::kSize:
        return base + in_slot(world, leaves, kOptions) == *figure.count;
      default:
        return true;
    }
  });
}

struct Seen {
  int64_t least = 0, most = -1;
  void add(int64_t value) {
    if (most < 0) least = value;
    least = std::min(least, value);
    most = std::max(most, value);
  }
};

using SeenBy = std::map<std::pair<size_t, std::string>, Seen>;  // group, what

SeenBy seen_by_enumeration(const Small& small, const std::vector<World>& worlds) {
  SeenBy out;
  for (const World& world : worlds) {
    if (!prints_alike(small, world)) continue;
    for (size_t group = 0; group < small.leaves.size(); ++group) {
      const auto& leaves = small.leaves[group];
      const int64_t base = base_of(world, leaves);
      out[{group, "base"}].add(base);
      out[{group, "no_answer"}].add(in_slot(world, leaves, kOptions));
      for (const char* answer : {"1", "2", "3", "12"}) {
        const int64_t count = count_of(world, leaves, answer);
        out[{group, answer}].add(count);
        out[{group, std::string("not ") + answer}].add(base - count);
      }
    }
  }
  return out;
}

// Kind of leak, group, least and most.
using Told = std::set<std::tuple<LeakKind, size_t, int64_t, int64_t>>;

Told leaks_by_definition(const Small& small, const SeenBy& seen) {
  const ReleaseRules& rules = small.release.rules;
  std::set<std::pair<size_t, std::string>> hidden;
  int64_t people = 0;
  for (const ReleasedFigure& figure : small.release.figures) {
    if (figure.role == FigureRole::kHidden) hidden.insert({figure.group, figure.answer});
    if (figure.role == FigureRole::kSize) people = *figure.count;
  }
  Told out;
  for (const auto& [what, range] : seen) {
    const auto& [group, name] = what;
    if (name == "base") continue;
    const int64_t span = group == 0 ? std::min(rules.least_span(), people) : rules.least_span();
    if (hidden.contains(what) && range.most - range.least < span) {
      out.insert({LeakKind::kKnownHidden, group, range.least, range.most});
    } else if (rules.is_small(range.least) && rules.is_small(range.most)) {
      out.insert({LeakKind::kKnownSmall, group, range.least, range.most});
    }
  }
  return out;
}

// Groups whose base is surely small while an answer in it is known.
std::set<size_t> small_bases_by_definition(const Small& small, const SeenBy& seen) {
  std::set<size_t> out;
  for (size_t group = 0; group < small.leaves.size(); ++group) {
    const Seen& base = seen.at({group, "base"});
    if (base.least < 1 || base.most >= small.release.rules.base_under) continue;
    for (const char* answer : {"1", "2", "3", "12"}) {
      const Seen& range = seen.at({group, answer});
      if (range.least == range.most) out.insert(group);
    }
  }
  return out;
}

// One wave, alone, with a named part and the others, or with two named parts.
Small random_small(std::mt19937& random, int64_t people) {
  const auto draw = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Small out;
  out.release.rules.count_under = draw(3) == 0 ? 0 : 3;
  out.release.rules.base_under = draw(2) == 0 ? 0 : 3;
  out.release.questions.push_back(single_question(3, {{"12", {1, 2}}}));
  const int shape = draw(3);
  const size_t leaves = shape == 0 ? 1 : 2;
  out.release.groups.push_back({.id = "all", .size_is_public = true});
  if (shape == 0) {
    out.leaves = {{0}};
  } else {
    out.release.groups.push_back({.id = "part", .named = true});
    if (shape == 1) {
      add_rest(out.release, 0, {1}, "the others");
    } else {
      out.release.groups.push_back({.id = "other", .named = true});
      out.release.groups[0].partitions.push_back({1, 2});
    }
    out.leaves = {{0, 1}, {0}, {1}};
  }
  out.truth.resize(leaves);
  for (int64_t i = 0; i < people; ++i) {
    ++out.truth[static_cast<size_t>(draw(static_cast<int>(leaves)))]
               [static_cast<size_t>(draw(8) == 0 ? 3 : draw(3))];
  }
  return out;
}

void release_some(std::mt19937& random, Small& small) {
  const auto draw = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  auto& figures = small.release.figures;
  const auto people = [&](size_t group) {
    return base_of(small.truth, small.leaves[group]) +
           in_slot(small.truth, small.leaves[group], kOptions);
  };
  figures.push_back(figure(FigureRole::kSize, 0, "", people(0)));
  // Not asked, refused and don't know are said to be none.
  for (const char* kind : {"not_asked", "refused", "dont_know"}) {
    figures.push_back(figure(FigureRole::kMissing, 0, kind, 0));
  }
  const size_t said =
      small.leaves.size() == 3 && draw(2) == 0 ? 3 : std::min<size_t>(2, small.leaves.size());
  for (size_t group = 0; group < said; ++group) {
    const auto& leaves = small.leaves[group];
    const int64_t base = base_of(small.truth, leaves);
    if (draw(2) == 0) figures.push_back(figure(FigureRole::kBase, group, "", base));
    if (draw(4) == 0) {
      figures.push_back(
          figure(FigureRole::kMissing, group, "no_answer", in_slot(small.truth, leaves, kOptions)));
    }
    for (const char* answer : {"1", "2", "3", "12"}) {
      const int64_t count = count_of(small.truth, leaves, answer);
      const int how = draw(6);
      if (how < 2) figures.push_back(figure(FigureRole::kHidden, group, answer));
      if (how == 2 || how == 3) figures.push_back(figure(FigureRole::kCount, group, answer, count));
      if (how != 4 || base == 0) continue;
      ReleasedFigure percent = figure(FigureRole::kPercent, group, answer);
      percent.printed = round(Ratio{100 * count, base}, 0);
      if (draw(2) == 0) percent.base = base;
      figures.push_back(percent);
    }
    if (draw(4) != 0 || base == 0) continue;
    ReleasedFigure mean = figure(FigureRole::kMean, group, "mean");
    mean.printed = round(Ratio{scores_of(small.truth, leaves), base}, 1);
    mean.base = base;
    figures.push_back(mean);
  }
}

class ReleaseAgainstEnumeration : public ::testing::Test {
 protected:
  static const std::vector<World>& worlds(size_t leaves, int64_t people) {
    static std::map<std::pair<size_t, int64_t>, std::vector<World>> cache;
    auto& out = cache[{leaves, people}];
    if (out.empty()) out = all_worlds(leaves, people);
    return out;
  }
};

LinearSum sum_named(const ReleaseSystem& system, size_t group, const std::string& what) {
  if (what == "base") return system.base(group, 0);
  if (what == "no_answer") return system.missing(group, 0, "no_answer");
  if (!what.starts_with("not ")) return system.answer(group, 0, what);
  return added(system.base(group, 0), system.answer(group, 0, what.substr(4)), -1);
}

TEST_F(ReleaseAgainstEnumeration, RangesAreThoseOfEveryPossibleSetOfAnswers) {
  std::mt19937 random(7);
  for (int round = 0; round < 100; ++round) {
    const int64_t people = 5 + round % 4;
    Small small = random_small(random, people);
    release_some(random, small);
    const SeenBy seen = seen_by_enumeration(small, worlds(small.truth.size(), people));
    const auto system = ReleaseSystem::make(small.release);
    ASSERT_TRUE(system.has_value());
    std::vector<LinearSum> sums;
    for (const auto& [what, range] : seen) {
      sums.push_back(sum_named(*system, what.first, what.second));
    }
    const auto ranges = ranges_of(system->system(), sums, {}, Progress());
    ASSERT_TRUE(ranges.has_value()) << ranges.error().message;
    size_t at = 0;
    for (const auto& [what, range] : seen) {
      EXPECT_TRUE((*ranges)[at].exact);
      EXPECT_EQ((*ranges)[at].least, range.least) << round << " " << what.first << what.second;
      EXPECT_EQ((*ranges)[at].most, range.most) << round << " " << what.first << what.second;
      ++at;
    }
  }
}

// 200 random publications: the attack finds what the slow reader finds, and nothing else.
TEST_F(ReleaseAgainstEnumeration, LeaksAreThoseOfTheSlowReader) {
  std::mt19937 random(11);
  size_t leaky = 0;
  size_t clean = 0;
  for (int round = 0; round < 200; ++round) {
    const int64_t people = 5 + round % 4;
    Small small = random_small(random, people);
    release_some(random, small);
    const SeenBy seen = seen_by_enumeration(small, worlds(small.truth.size(), people));
    const Told wanted = leaks_by_definition(small, seen);
    const std::set<size_t> small_bases = small_bases_by_definition(small, seen);
    const auto attack = attack_release(small.release, {.explain = false}, Progress());
    ASSERT_TRUE(attack.has_value()) << attack.error().message;
    Told found;
    std::set<size_t> found_bases;
    for (const Leak& leak : attack->leaks) {
      if (leak.kind == LeakKind::kSmallBase) {
        found_bases.insert(leak.group);
      } else {
        found.insert({leak.kind, leak.group, leak.least, leak.most});
      }
    }
    // One sum under two names is told once, and a small base only where nothing else was said.
    for (const Leak& leak : attack->leaks) {
      const auto told = std::tuple(leak.kind, leak.group, leak.least, leak.most);
      EXPECT_TRUE(leak.kind == LeakKind::kSmallBase || wanted.contains(told))
          << round << " " << leak.text;
    }
    for (const auto& told : wanted) {
      const bool alike = std::ranges::any_of(found, [&](const auto& other) {
        return std::get<0>(other) == std::get<0>(told) && std::get<2>(other) == std::get<2>(told) &&
               std::get<3>(other) == std::get<3>(told);
      });
      EXPECT_TRUE(alike) << round << " " << name_of(std::get<0>(told)) << std::get<1>(told);
    }
    for (const size_t group : found_bases) EXPECT_TRUE(small_bases.contains(group)) << round;
    EXPECT_EQ(attack->leaks.empty(), wanted.empty() && small_bases.empty()) << round;
    ++(attack->leaks.empty() ? clean : leaky);
  }
  EXPECT_GT(leaky, 60U);
  EXPECT_GT(clean, 15U);
}

TEST_F(ReleaseAgainstEnumeration, AfterHidingTheSlowReaderFindsNothing) {
  std::mt19937 random(13);
  size_t hidden = 0;
  size_t compared = 0;
  for (int round = 0; round < 60; ++round) {
    const int64_t people = 6 + round % 3;
    Small small = random_small(random, people);
    release_some(random, small);
    const auto done = protect_release(small.release, {}, Progress());
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_TRUE(done->left.empty()) << round << " " << done->left.front().text;
    hidden += done->hidden.size();
    // The slow reader knows that nobody refused; here that has been taken away.
    const bool more_slots = std::ranges::any_of(done->hidden, [](const HideAction& action) {
      return action.what == HideAction::What::kMissing;
    });
    if (more_slots) continue;
    ++compared;
    const SeenBy seen = seen_by_enumeration(small, worlds(small.truth.size(), people));
    EXPECT_TRUE(leaks_by_definition(small, seen).empty()) << round;
    EXPECT_TRUE(small_bases_by_definition(small, seen).empty()) << round;
  }
  EXPECT_GT(hidden, 50U);
  EXPECT_GT(compared, 10U);
}

}  // namespace
}  // namespace barometer
