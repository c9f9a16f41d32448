// The attack against a slow reader, who writes down every possible set of answers and keeps those
// that print like the release; and planted leaks of each kind, at the size of real surveys.
#include "barometer/disclosure/release_attack.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/disclosure/release_protect.h"
#include "barometer/disclosure/release_system.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

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

ReleasedQuestion question() {
  ReleasedQuestion out;
  out.id = "q";
  for (int code = 1; code <= 3; ++code) out.options.push_back({code, false, false});
  out.nets.push_back({"12", {1, 2}});
  return out;
}

ReleasedFigure figure(FigureRole role, size_t group, std::string answer,
                      std::optional<int64_t> count = {}) {
  ReleasedFigure out;
  out.role = role;
  out.group = group;
  out.question = role == FigureRole::kSize ? kNowhere : 0;
  out.answer = std::move(answer);
  out.count = count;
  out.id = fmt::format("{}.{}", group, out.answer);
  return out;
}

// One wave, alone, with a named part and the others, or with two named parts.
Small random_small(std::mt19937& random, int64_t people) {
  const auto draw = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Small out;
  out.release.rules.count_under = draw(3) == 0 ? 0 : 3;
  out.release.rules.base_under = draw(2) == 0 ? 0 : 3;
  out.release.questions.push_back(question());
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

// ---- planted leaks, at the size of surveys ------------------------------------------------------

// Counts of five options "1" … "5" with NETs "low" {1, 2} and "high" {4, 5}; nobody is missing.
struct Survey {
  Release release;
  std::vector<std::array<int64_t, 5>> counts;  // of each group
};

ReleasedQuestion five_options() {
  ReleasedQuestion out;
  out.id = "q";
  for (int code = 1; code <= 5; ++code) out.options.push_back({code, false, false});
  out.nets = {{"low", {1, 2}}, {"high", {4, 5}}};
  return out;
}

int64_t total(const std::array<int64_t, 5>& counts) {
  int64_t sum = 0;
  for (const int64_t count : counts) sum += count;
  return sum;
}

class Planter {
 public:
  explicit Planter(unsigned seed) : random_(seed) {
    survey_.release.rules.count_under = 5;
    survey_.release.questions.push_back(five_options());
  }

  int64_t draw(int64_t from, int64_t to) {
    return from + static_cast<int64_t>(random_() % static_cast<unsigned>(to - from + 1));
  }
  // Counts far from small, of which no complement is small either.
  std::array<int64_t, 5> large() {
    std::array<int64_t, 5> out{};
    for (int64_t& count : out) count = draw(20, 60);
    return out;
  }
  size_t group(const std::string& id, const std::array<int64_t, 5>& counts) {
    survey_.release.groups.push_back({.id = id});
    survey_.counts.push_back(counts);
    return survey_.release.groups.size() - 1;
  }
  size_t wave(const std::string& id, const std::array<int64_t, 5>& counts) {
    const size_t at = group(id, counts);
    survey_.release.groups[at].size_is_public = true;
    add(FigureRole::kSize, at, "", total(counts));
    return at;
  }
  void add(FigureRole role, size_t at, const std::string& answer, std::optional<int64_t> count) {
    survey_.release.figures.push_back(figure(role, at, answer, count));
  }
  void nobody_missing(size_t at) {
    for (const std::string_view kind : kMissingKinds) {
      add(FigureRole::kMissing, at, std::string(kind), 0);
    }
  }
  void show(size_t at, const std::string& answers) {
    for (const char answer : answers) {
      add(FigureRole::kCount, at, std::string(1, answer),
          survey_.counts[at][static_cast<size_t>(answer - '1')]);
    }
  }
  void hide(size_t at, const std::string& answers) {
    for (const char answer : answers) add(FigureRole::kHidden, at, std::string(1, answer), {});
  }
  void net(size_t at, const std::string& id) {
    const auto& counts = survey_.counts[at];
    add(FigureRole::kCount, at, id, id == "low" ? counts[0] + counts[1] : counts[3] + counts[4]);
  }
  void percent(size_t at, char answer) {
    const auto& counts = survey_.counts[at];
    ReleasedFigure out = figure(FigureRole::kPercent, at, std::string(1, answer));
    out.base = total(counts);
    out.printed = round(Ratio{100 * counts[static_cast<size_t>(answer - '1')], total(counts)}, 0);
    survey_.release.figures.push_back(out);
  }
  void mean(size_t at, bool exact) {
    const auto& counts = survey_.counts[at];
    int64_t sum = 0;
    for (size_t i = 0; i < counts.size(); ++i) sum += static_cast<int64_t>(i + 1) * counts[i];
    ReleasedFigure out = figure(FigureRole::kMean, at, "mean");
    out.base = total(counts);
    out.printed = round(Ratio{sum, total(counts)}, 1);
    if (exact) out.count = sum;
    survey_.release.figures.push_back(out);
  }
  Survey& survey() { return survey_; }
  Release& release() { return survey_.release; }

 private:
  std::mt19937 random_;
  Survey survey_;
};

struct Plant {
  const char* name;
  LeakKind kind;
  // With `leaky` false the same publication without its leak.
  void (*plant)(Planter& planter, bool leaky);
};

// 4 is small; 5 goes with it. Total less the rest, a NET less its part, …, give it back.
std::array<int64_t, 5> with_small(Planter& planter) {
  auto counts = planter.large();
  counts[3] = planter.draw(1, 4);
  return counts;
}

const Plant kPlants[] = {
    {"TotalMinusTheRest", LeakKind::kKnownHidden,
     [](Planter& p, bool leaky) {
       const size_t at = p.wave("w", with_small(p));
       p.nobody_missing(at);
       p.show(at, leaky ? "1235" : "123");
       p.hide(at, leaky ? "4" : "45");
     }},
    {"NetMinusItsParts", LeakKind::kKnownHidden,
     [](Planter& p, bool leaky) {
       const size_t at = p.wave("w", with_small(p));
       p.nobody_missing(at);
       p.net(at, "high");
       p.net(at, "low");
       p.show(at, leaky ? "15" : "1");
       p.hide(at, leaky ? "4" : "45");
     }},
    {"PercentWithItsBase", LeakKind::kKnownSmall,
     [](Planter& p, bool leaky) {
       auto counts = p.large();
       if (leaky) counts[3] = p.draw(2, 3);  // 1 of 240 prints 0
       const size_t at = p.wave("w", counts);
       for (const char answer : {'1', '2', '4'}) p.percent(at, answer);
     }},
    {"MeanWithItsBase", LeakKind::kKnownHidden,
     [](Planter& p, bool leaky) {
       const size_t at = p.wave("w", with_small(p));
       p.nobody_missing(at);
       p.show(at, "123");
       p.hide(at, "45");
       if (leaky) p.mean(at, true);
     }},
    {"MissingByTheDifferenceOfBases", LeakKind::kKnownSmall,
     [](Planter& p, bool leaky) {
       auto counts = p.large();
       const size_t at = p.group("w", counts);
       p.release().groups[at].size_is_public = true;
       p.add(FigureRole::kSize, at, "", total(counts) + p.draw(1, 4));
       p.add(FigureRole::kBase, at, "", total(counts));
       for (const char* kind : {"not_asked", "no_answer"}) p.add(FigureRole::kMissing, at, kind, 0);
       if (leaky) p.add(FigureRole::kMissing, at, "refused", 0);
       p.release().questions[0].dont_know_in_base = false;
     }},
    {"TwoEditionsOfAWave", LeakKind::kSmallBase,
     [](Planter& p, bool leaky) {
       p.release().rules.count_under = 0;
       const auto before = p.large();
       auto after = before;
       for (int i = 0; i < (leaky ? 3 : 40); ++i) {
         ++after[static_cast<size_t>(p.draw(0, 4))];
       }
       const size_t first = p.wave("before", before);
       const size_t second = p.wave("after", after);
       for (const size_t at : {first, second}) {
         p.nobody_missing(at);
         p.show(at, "12345");
       }
       add_rest(p.release(), second, {first}, "those added");
     }},
    {"AWaveWithinACumulativeOne", LeakKind::kKnownSmall,
     [](Planter& p, bool leaky) {
       const auto before = p.large();
       auto after = p.large();
       for (size_t i = 0; i < 5; ++i) after[i] += before[i];
       if (leaky) after[2] = before[2] + p.draw(1, 4);
       const size_t first = p.wave("before", before);
       const size_t second = p.wave("both", after);
       for (const size_t at : {first, second}) {
         p.nobody_missing(at);
         p.show(at, "12345");
       }
       add_rest(p.release(), second, {first}, "those of the second wave");
     }},
    {"TotalLessOneColumn", LeakKind::kKnownSmall,
     [](Planter& p, bool leaky) {
       const auto north = p.large();
       auto south = p.large();
       if (leaky) south[1] = p.draw(1, 4);
       auto all = north;
       for (size_t i = 0; i < 5; ++i) all[i] += south[i];
       const size_t whole = p.wave("all", all);
       p.nobody_missing(whole);
       const size_t part = p.group("north", north);
       const size_t other = p.group("south", south);
       p.release().groups[whole].partitions.push_back({part, other});
       p.show(whole, "12345");
       p.show(part, "12345");
       if (!leaky) p.show(other, "12345");
     }},
    {"OrganisationsAndTheirPeople", LeakKind::kKnownSmall,
     [](Planter& p, bool leaky) {
       const auto organisations = p.large();
       auto people = organisations;
       for (int64_t& count : people) count += p.draw(6, 30);
       if (leaky) people[0] = organisations[0] + p.draw(1, 4);
       const size_t at = p.wave("w", people);
       const size_t of = p.wave("w organisations", organisations);
       p.release().groups[of].people = at;
       for (const size_t group : {at, of}) {
         p.nobody_missing(group);
         p.show(group, "12345");
       }
     }},
    {"AChangeFromAHiddenFigure", LeakKind::kKnownHidden,
     [](Planter& p, bool leaky) {
       const auto then = with_small(p);
       const auto now = p.large();
       const size_t first = p.wave("then", then);
       const size_t second = p.wave("now", now);
       p.nobody_missing(first);
       p.nobody_missing(second);
       p.show(first, "123");
       p.hide(first, "45");
       p.show(second, "12345");
       if (!leaky) return;
       ReleasedFigure change = figure(FigureRole::kChange, second, "4");
       change.since = first;
       change.base = total(now);
       change.since_base = total(then);
       change.count = now[3] * total(then) - then[3] * total(now);
       p.release().figures.push_back(change);
     }},
    {"EveryoneOfASmallNamedGroup", LeakKind::kUniform,
     [](Planter& p, bool leaky) {
       p.release().rules.count_under = 0;
       p.release().rules.uniform_under = 30;
       std::array<int64_t, 5> chairs{0, 0, 0, p.draw(12, 20), 0};
       if (!leaky) chairs = {5, 3, 2, 6, 4};
       const size_t at = p.group("chairs", chairs);
       p.release().groups[at].named = true;
       p.nobody_missing(at);
       p.show(at, "12345");
     }},
    {"AColumnOnASmallBase", LeakKind::kSmallBase,
     [](Planter& p, bool leaky) {
       p.release().rules.count_under = 0;
       std::array<int64_t, 5> nurses{2, 1, 3, 0, 2};
       if (!leaky) nurses = {5, 7, 3, 4, 2};
       const size_t at = p.group("nurses", nurses);
       p.nobody_missing(at);
       p.percent(at, '1');
     }},
};

class PlantedLeak : public ::testing::TestWithParam<Plant> {};

TEST_P(PlantedLeak, IsFoundEveryTimeAndNothingWhereThereIsNone) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Planter leaky(seed);
    GetParam().plant(leaky, true);
    const auto found = attack_release(leaky.release(), {}, Progress());
    ASSERT_TRUE(found.has_value()) << found.error().message;
    const bool told = std::ranges::any_of(
        found->leaks, [&](const Leak& leak) { return leak.kind == GetParam().kind; });
    EXPECT_TRUE(told) << "seed " << seed;
    for (const Leak& leak : found->leaks) {
      EXPECT_FALSE(leak.from.empty()) << leak.text;
      EXPECT_FALSE(leak.hide.empty()) << leak.text;
    }
    Planter clean(seed);
    GetParam().plant(clean, false);
    const auto none = attack_release(clean.release(), {}, Progress());
    ASSERT_TRUE(none.has_value()) << none.error().message;
    EXPECT_TRUE(none->leaks.empty()) << "seed " << seed << " " << none->leaks.front().text;
  }
}

TEST_P(PlantedLeak, IsGoneAfterHiding) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Planter leaky(seed);
    GetParam().plant(leaky, true);
    const auto done = protect_release(leaky.release(), {}, Progress());
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_TRUE(done->left.empty()) << done->left.front().text;
    EXPECT_FALSE(done->hidden.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Every, PlantedLeak, ::testing::ValuesIn(kPlants),
                         [](const auto& plant) { return std::string(plant.param.name); });

TEST(ReleaseAttack, NamesTheFiguresThatALeakNeedsAndNoOther) {
  Planter planter(3);
  kPlants[1].plant(planter, true);  // the NET less the part that is shown
  const auto found = attack_release(planter.release(), {}, Progress());
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->leaks.size(), 1U);
  std::set<std::string> from;
  for (const size_t at : found->leaks[0].from) {
    from.insert(planter.release().figures[at].id);
  }
  EXPECT_EQ(from, (std::set<std::string>{"0.high", "0.5"}));
  EXPECT_THAT(found->leaks[0].text,
              HasSubstr("answer '4' is suppressed, but its count is exactly"));
}

TEST(ReleaseAttack, FiguresThatContradictEachOtherAreNamed) {
  Planter planter(4);
  const size_t at = planter.wave("w", planter.large());
  planter.nobody_missing(at);
  planter.show(at, "12345");
  planter.release().figures.back().count = 1;
  const auto found = attack_release(planter.release(), {}, Progress());
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found.error().message, HasSubstr("0.5"));
}

TEST(ReleaseAttack, AGroupThatIsAPartOfItselfIsRefused) {
  Planter planter(5);
  const size_t a = planter.wave("a", planter.large());
  planter.release().groups[a].partitions.push_back({a});
  EXPECT_FALSE(attack_release(planter.release(), {}, Progress()).has_value());
}

}  // namespace
}  // namespace barometer
