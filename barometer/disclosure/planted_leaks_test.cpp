// Planted leaks of each kind in 240 generated publications of the size of real surveys, the same
// publications without them, and what is left of them after hiding: nothing.
#include <algorithm>
#include <array>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/disclosure/release_attack.h"
#include "barometer/disclosure/release_protect.h"
#include "barometer/disclosure/release_testing_internal.h"

namespace barometer {
namespace {

using testing::figure;
using ::testing::HasSubstr;
using testing::single_question;

// Counts of five options "1" … "5" with NETs "low" {1, 2} and "high" {4, 5}; nobody is missing.
struct Survey {
  Release release;
  std::vector<std::array<int64_t, 5>> counts;  // of each group
};

int64_t total(const std::array<int64_t, 5>& counts) {
  int64_t sum = 0;
  for (const int64_t count : counts) sum += count;
  return sum;
}

class Planter {
 public:
  explicit Planter(unsigned seed) : random_(seed) {
    survey_.release.rules.count_under = 5;
    survey_.release.questions.push_back(single_question(5, {{"low", {1, 2}}, {"high", {4, 5}}}));
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
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Planter leaky(seed);
    GetParam().plant(leaky, true);
    const auto done = protect_release(leaky.release(), {}, Progress());
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_TRUE(done->left.empty()) << done->left.front().text;
    EXPECT_FALSE(done->hidden.empty());
    const auto again = attack_release(leaky.release(), {.explain = false}, Progress());
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_TRUE(again->leaks.empty()) << "seed " << seed << " " << again->leaks.front().text;
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

// 74 people: 50, 4 and 20 gave answers 1, 2 and 3 of the first question, which make the columns of
// the second. Column 2 is hidden.
Release with_columns_of_answers(bool said) {
  Release out;
  out.rules.count_under = 5;
  out.questions = {single_question(3, {}), single_question(2, {})};
  out.questions[1].id = "leave";
  out.groups.push_back({.id = "wave", .size_is_public = true});
  for (const int code : {1, 2, 3}) {
    ReleasedGroup column{.id = "column " + std::to_string(code), .named = true};
    if (said) column.gave.push_back({0, {code}});
    out.groups.push_back(std::move(column));
  }
  out.groups[0].partitions.push_back({1, 2, 3});
  out.figures = {figure(FigureRole::kSize, 0, "", 74), figure(FigureRole::kHidden, 0, "2"),
                 figure(FigureRole::kHidden, 0, "1"), figure(FigureRole::kHidden, 0, "3")};
  for (const auto& [group, base] : {std::pair<size_t, int64_t>{1, 50}, {3, 20}, {0, 74}}) {
    ReleasedFigure column = figure(FigureRole::kBase, group, "", base);
    column.question = 1;
    out.figures.push_back(std::move(column));
  }
  return out;
}

TEST(ReleaseAttack, TheBaseOfAColumnIsTheCountOfTheAnswerThatMakesIt) {
  const auto blind = attack_release(with_columns_of_answers(false), {}, Progress());
  ASSERT_TRUE(blind.has_value());
  EXPECT_TRUE(blind->leaks.empty());
  const auto attack = attack_release(with_columns_of_answers(true), {}, Progress());
  ASSERT_TRUE(attack.has_value()) << attack.error().message;
  std::set<std::string> told;
  for (const Leak& leak : attack->leaks) told.insert(leak.text);
  EXPECT_TRUE(told.contains("wave, q: answer '2' is suppressed, but its count is exactly 4"))
      << ::testing::PrintToString(told);
  Release hidden = with_columns_of_answers(true);
  const auto done = protect_release(hidden, {}, Progress());
  ASSERT_TRUE(done.has_value());
  EXPECT_TRUE(done->left.empty());
  EXPECT_FALSE(done->hidden.empty());
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
