// The view that the team has of answers moves by many interviews, never by one.
#include "barometer/fieldwork/held_back.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

Interview two_items() {
  Diagnostics problems;
  const YamlNode root = load_yaml(
      "title: T\nitems:\n  - {id: a, type: yes-no, text: Q}\n  - {id: b, type: yes-no, text: Q}\n",
      "q.yaml", problems);
  return Interview::make(read_questionnaire(root, problems)).value();
}

class Wave {
 public:
  explicit Wave(size_t step) : held_(two_items(), step) {}

  void answer(int person, const char* item, int code) {
    add(person, kAnswersEntry, fmt::format(R"({{"answers":{{"{}":[{}]}}}})", item, code));
  }
  void complete(int person) {
    answer(person, "a", 1);
    answer(person, "b", 1);
  }
  void add(int person, std::string_view kind, const std::string& body) {
    const std::string subject = fmt::format("p{}", person);
    const int64_t next = held_.now().sequence() + 1;
    ASSERT_TRUE(
        held_.add({.sequence = next, .subject = subject, .kind = kind, .body = body, .at_ms = 1}));
  }
  // Cases in the view, or -1.
  [[nodiscard]] int shown() const {
    return held_.shown() == nullptr ? -1 : static_cast<int>(held_.shown()->cases().size());
  }
  [[nodiscard]] const HeldBack& held() const { return held_; }

 private:
  HeldBack held_;
};

TEST(TheView, MovesByItsStepOnly) {
  Wave wave(3);
  std::vector<int> seen;
  for (int person = 0; person < 8; ++person) {
    wave.complete(person);
    seen.push_back(wave.shown());
  }
  EXPECT_EQ(seen, (std::vector{-1, -1, 3, 3, 3, 6, 6, 6}));
  EXPECT_EQ(wave.held().complete(), 8U);
  EXPECT_EQ(wave.held().next(), 9U);
}

TEST(TheView, DoesNotFollowAChangedAnswer) {
  Wave wave(2);
  wave.complete(1);
  wave.complete(2);
  wave.answer(1, "a", 2);
  EXPECT_EQ(wave.held().shown()->find("p1")->state.answers.at("a").codes.at(0), 1);
  EXPECT_EQ(wave.held().now().find("p1")->state.answers.at("a").codes.at(0), 2);
}

TEST(TheView, ClosesWithAnErasureUntilManyMoreHaveCome) {
  Wave wave(2);
  for (int person = 0; person < 4; ++person) wave.complete(person);
  EXPECT_EQ(wave.shown(), 4);
  wave.add(1, "erased", "{}");
  EXPECT_EQ(wave.shown(), -1);
  EXPECT_EQ(wave.held().complete(), 3U);
  wave.complete(5);
  EXPECT_EQ(wave.shown(), -1);
  wave.complete(6);
  ASSERT_EQ(wave.shown(), 6);
  EXPECT_TRUE(wave.held().shown()->find("p1")->state.answers.empty());
}

TEST(TheView, RefusesWhatTheProjectionRefuses) {
  Wave wave(1);
  wave.complete(1);
  HeldBack copy = wave.held();
  EXPECT_FALSE(copy.add({.sequence = 1, .subject = "p2", .kind = "declined", .body = "{}"}));
  EXPECT_EQ(copy.complete(), 1U);
}

}  // namespace
}  // namespace barometer
