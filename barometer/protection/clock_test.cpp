// The clock decides nothing: problems that use up their steps have the same answer while time
// stands still, and while it leaps a day each time that anybody looks.
//
// The solvers come as shared libraries. The functions below take the place of the C library's for
// the whole of this program, so that they see this clock.
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/protection/protection_testing_internal.h"
#include "barometer/protection/rounding.h"

namespace {

enum class Clock { kReal, kStopped, kLeaping };
std::atomic<Clock> chosen_clock{Clock::kReal};
std::atomic<int64_t> looks{0};

int64_t seconds_now() {
  constexpr int64_t kDay = 86'400;
  const int64_t look = ++looks;
  return chosen_clock == Clock::kLeaping ? kDay * look : kDay;
}

}  // namespace

extern "C" {

int gettimeofday(struct timeval* __restrict now, void* __restrict) noexcept {
  if (chosen_clock == Clock::kReal) {
    struct timespec real{};
    clock_gettime(CLOCK_REALTIME, &real);
    *now = {real.tv_sec, real.tv_nsec / 1000};
    return 0;
  }
  *now = {seconds_now(), 0};
  return 0;
}

int getrusage(__rusage_who_t, struct rusage* usage) noexcept {
  *usage = {};
  usage->ru_utime.tv_sec = seconds_now();
  return 0;
}

clock_t clock() noexcept { return static_cast<clock_t>(seconds_now()) * CLOCKS_PER_SEC; }

}  // extern "C"

namespace barometer {
namespace {

using testing::Dice;

// Too hard for its steps, so that the search ends where they end.
SuppressionProblem hard_problem() {
  Dice dice(31);
  std::vector<int64_t> counts;
  for (int i = 0; i < 12 * 9; ++i) counts.push_back(dice.roll(0, 14));
  SuppressionProblem problem = table_problem({dimension_of(12), dimension_of(9)}, counts);
  for (SuppressibleCell& cell : problem.cells) {
    cell.sensitive = cell.value > 0 && cell.value < 4;
    cell.slide = cell.sensitive ? 5 : 0;
    cell.cost = 1 + std::log(1 + static_cast<double>(cell.value));
  }
  return problem;
}

struct Answer {
  SuppressionResult hidden;
  RoundedCounts rounded;
  std::vector<SumRange> ranges;
};

Answer answer_by(Clock clock, const Progress& progress) {
  chosen_clock = clock;
  const SuppressionProblem problem = hard_problem();
  SuppressionOptions options;
  options.steps = kStepsPerSecond / 8;
  const auto hidden = suppress_cells(problem, options, progress);
  EXPECT_TRUE(hidden.has_value()) << hidden.error().message;
  std::vector<LinearSum> cells, inner;
  std::vector<int64_t> values;
  CountSystem margins{problem.known.atoms, {}, {}};
  for (const SuppressibleCell& cell : problem.cells) {
    cells.push_back(cell.sum);
    values.push_back(cell.value);
    if (cell.sum.terms.size() == 1) {
      inner.push_back(cell.sum);
    } else {
      margins.statements.push_back({cell.sum, cell.value, cell.value + 1, ""});
    }
  }
  const auto rounded = rounded_counts(cells, values, 7, kStepsPerSecond / 8, progress);
  EXPECT_TRUE(rounded.has_value()) << rounded.error().message;
  RangeOptions few;
  few.steps = 20'000;
  const auto ranges = ranges_of(margins, inner, few, progress);
  EXPECT_TRUE(ranges.has_value()) << ranges.error().message;
  chosen_clock = Clock::kReal;
  if (!hidden || !rounded || !ranges) return {};
  return {*hidden, *rounded, *ranges};
}

void expect_same(const Answer& a, const Answer& b) {
  EXPECT_EQ(a.hidden.hidden, b.hidden.hidden);
  EXPECT_EQ(a.hidden.cost, b.hidden.cost);
  EXPECT_EQ(a.hidden.bound, b.hidden.bound);
  EXPECT_EQ(a.hidden.optimal, b.hidden.optimal);
  EXPECT_EQ(a.rounded.counts, b.rounded.counts);
  EXPECT_EQ(a.rounded.optimal, b.rounded.optimal);
  ASSERT_EQ(a.ranges.size(), b.ranges.size());
  for (size_t i = 0; i < a.ranges.size(); ++i) {
    EXPECT_EQ(a.ranges[i].least, b.ranges[i].least) << i;
    EXPECT_EQ(a.ranges[i].most, b.ranges[i].most) << i;
    EXPECT_EQ(a.ranges[i].exact, b.ranges[i].exact) << i;
  }
}

TEST(Clock, StoppedOrLeapingChangesNoAnswer) {
  const Answer stopped = answer_by(Clock::kStopped, Progress());
  EXPECT_FALSE(stopped.hidden.optimal);  // else the steps were never used up
  const int64_t before = looks;
  expect_same(stopped, answer_by(Clock::kLeaping, Progress()));
  EXPECT_GT(looks, before);  // the solvers do look, and saw days go by
}

TEST(Clock, SlowListenersAndBusyCoresChangeNoAnswer) {
  const Answer alone = answer_by(Clock::kStopped, Progress());
  std::atomic<bool> done{false};
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      while (!done) std::this_thread::yield();
    });
  }
  const Progress slow([](const std::string&, size_t, size_t) {
    const struct timespec pause{0, 1'000'000};
    nanosleep(&pause, nullptr);
  });
  expect_same(alone, answer_by(Clock::kReal, slow));
  done = true;
  for (std::thread& other : others) other.join();
}

// Time may only stop the work, and then there is no answer.
TEST(Clock, StoppedWorkHasNoAnswer) {
  for (const int after : {1, 2, 5}) {
    int reports = 0;
    Progress* stopping = nullptr;
    Progress progress([&](const std::string&, size_t, size_t) {
      if (++reports == after) stopping->stop();
    });
    stopping = &progress;
    const auto out = suppress_cells(hard_problem(), {}, progress);
    ASSERT_FALSE(out.has_value());
    EXPECT_EQ(out.error().code, ErrorCode::kLimit);
  }
}

}  // namespace
}  // namespace barometer
