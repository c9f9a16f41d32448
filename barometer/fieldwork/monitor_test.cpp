// The wave as it stands, against counts by hand.
#include "barometer/fieldwork/monitor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/fieldwork/token.h"
#include "barometer/study/study_folder_test_internal.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kDay = 86'400'000;
constexpr int64_t kOpens = 1'357'516'800'000;  // 2013-01-07

class MonitoredWave {
 public:
  explicit MonitoredWave(const std::string& fieldwork = "") {
    folder_.change("waves/2013-01/wave.yaml", "end: 2013-01-25", "end: 2013-01-25" + fieldwork);
    Diagnostics problems;
    study_ = read_study(folder_.path(), problems, false);
    EXPECT_EQ(problems.error_count(), 0U) << problems.text();
  }
  [[nodiscard]] const Wave& wave() const { return *study_.wave("2013-01"); }
  [[nodiscard]] Result<FieldworkMonitor> monitor(const std::vector<MonitoredPerson>& people) const {
    return monitor_wave(study_, wave(), people, {1, 0});
  }

 private:
  StudyFolder folder_;
  Study study_;
};

MonitoredPerson person(std::vector<std::string> organisations, std::string role,
                       InterviewStatus interview, int64_t completed = 0) {
  MonitoredPerson out{
      .person = "p", .organisations = std::move(organisations), .role = std::move(role)};
  out.events = {{.at_ms = kOpens + 1000, .kind = ContactKind::kInvited}};
  out.interview = interview;
  if (completed > 0) out.completed_ms = completed;
  return out;
}

TEST(AMonitor, CountsPeopleAndOrganisationsApart) {
  const MonitoredWave wave;
  auto declined = person({"g3"}, "Officer", InterviewStatus::kNew);
  declined.events.push_back({.at_ms = kOpens + 2 * kDay, .kind = ContactKind::kDeclined});
  const auto monitor =
      wave.monitor({person({"g2", "g3"}, "Chair", InterviewStatus::kComplete, kOpens + 3 * kDay),
                    person({"g2"}, "Officer", InterviewStatus::kPartial), declined,
                    person({"g1"}, "Officer", InterviewStatus::kNew)})
          .value();
  EXPECT_TRUE(monitor.people.rate("RR1").value == (Ratio{1, 4}));
  EXPECT_TRUE(monitor.organisations.rate("RR1").value == (Ratio{2, 3}));
  EXPECT_EQ(monitor.people.unit, "people");
  EXPECT_EQ(monitor.organisations.unit, "organisations");
  EXPECT_EQ(monitor.organisations_answering, 2U);
  EXPECT_EQ(monitor.organisations_answering_twice, 1U);
  EXPECT_FALSE(monitor.approximate);
  ASSERT_EQ(monitor.by_role.size(), 2U);
  EXPECT_EQ(monitor.by_role[1].group, "Officer");
  EXPECT_TRUE(monitor.by_role[1].response == (Ratio{0, 3}));
  ASSERT_EQ(monitor.by_region.size(), 2U);
  EXPECT_EQ(monitor.by_region[1].group, "South");
  EXPECT_EQ(monitor.by_region[1].people.total(), 3);
  ASSERT_EQ(monitor.by_organisation.size(), 3U);
  EXPECT_EQ(monitor.by_organisation[2].people.complete, 1);
  EXPECT_EQ(monitor.by_organisation[2].people.refusal, 1);
}

TEST(AMonitor, LeavesNoDayOut) {
  const MonitoredWave wave;
  auto declined = person({"g3"}, "Officer", InterviewStatus::kNew);
  declined.events.push_back({.at_ms = kOpens + 2 * kDay, .kind = ContactKind::kDeclined});
  const auto monitor =
      wave.monitor({person({"g2"}, "Chair", InterviewStatus::kComplete, kOpens + kDay - 1),
                    person({"g2"}, "Chair", InterviewStatus::kComplete, kOpens + 3 * kDay),
                    declined})
          .value();
  std::string text;
  for (const DayRow& row : monitor.by_day) {
    text += fmt::format("{} {} {} {} {}\n", row.day, row.invited, row.completed, row.declined,
                        row.completed_so_far);
  }
  EXPECT_EQ(text,
            "2013-01-07 3 1 0 1\n2013-01-08 0 0 0 1\n2013-01-09 0 0 1 1\n2013-01-10 0 1 0 2\n");
}

TEST(AMonitor, OfNobodyHasRatesWithoutValuesAndNoDays) {
  const MonitoredWave wave;
  const auto monitor = wave.monitor({}).value();
  EXPECT_FALSE(monitor.people.rate("RR1").value);
  EXPECT_TRUE(monitor.by_day.empty());
  EXPECT_EQ(monitor.organisations.counts.unknown_other, 3);
  EXPECT_FALSE(monitor.by_organisation[0].response);
}

TEST(AMonitor, RefusesStrangersAndClocksGoneMad) {
  const MonitoredWave wave;
  const auto stranger = wave.monitor({person({"g9"}, "Chair", InterviewStatus::kNew)});
  ASSERT_FALSE(stranger);
  EXPECT_THAT(stranger.error().message, HasSubstr("'g9' is not in the frame"));
  const auto mad = wave.monitor({person({"g1"}, "Chair", InterviewStatus::kComplete, kOpens * 3)});
  ASSERT_FALSE(mad);
  EXPECT_THAT(mad.error().message, HasSubstr("are of no one wave"));
}

TEST(AMonitor, CountsQuotasAndSaysWhenOrganisationsAreAGuess) {
  const MonitoredWave wave(
      ", privacy: unlinked, quotas: [{group: region, value: South, target: 2}]");
  const auto monitor =
      wave.monitor({person({"g2", "g1"}, "Chair", InterviewStatus::kComplete, kOpens),
                    person({"g1", "g2"}, "Chair", InterviewStatus::kComplete, kOpens),
                    person({"g3"}, "Chair", InterviewStatus::kPartial)})
          .value();
  ASSERT_EQ(monitor.quotas.size(), 1U);
  EXPECT_EQ(monitor.quotas[0].complete, 1);
  EXPECT_EQ(monitor.quotas[0].quota.target, 2);
  EXPECT_TRUE(monitor.approximate);
}

// An unlinked wave of two people who have both answered, with stores of its own.
class UnlinkedStores {
 public:
  UnlinkedStores() {
    EXPECT_TRUE(People::prepare(*database_));
    Diagnostics problems;
    const auto list = read_people("id,email\np1,a@x.example\np2,b@x.example\n", "c.csv",
                                  study_.frame_of(wave()), problems);
    EXPECT_TRUE(people_.import(list, kOpens));
    for (const char* person : {"p1", "p2"}) {
      const std::string link = tokens_.issue_unlinked("2013-01", person, kOpens + 9 * kDay).value();
      EXPECT_TRUE(tokens_.begin({"2013-01", person}, link).value());
      subjects_.push_back(unlinked_subject("2013-01", link));
      entry(person[1] - '0', kAnswersEntry, R"({"answers":{"role":[1],"trust":[7]}})");
    }
  }
  // Of the subject of p1 (1) or p2 (2).
  void entry(int of, std::string_view kind, const std::string& body) {
    const auto added = answers_.add({.sequence = answers_.sequence() + 1,
                                     .subject = subjects_.at(static_cast<size_t>(of) - 1),
                                     .kind = kind,
                                     .body = body,
                                     .at_ms = kOpens + kDay});
    EXPECT_TRUE(added) << added.error().message;
  }
  People& people() { return people_; }
  FieldworkMonitor monitor(CompleteBy complete_by = CompleteBy::kThresholds) {
    return monitor_sides(study_, wave(), {*database_, people_, answers_}, complete_by).value();
  }

 private:
  [[nodiscard]] const Wave& wave() const { return *study_.wave("2013-01"); }

  StudyFolder folder_;
  Study study_ = [this] {
    folder_.change("waves/2013-01/wave.yaml", "end: 2013-01-25",
                   "end: 2013-01-25, privacy: unlinked");
    Diagnostics problems;
    return read_study(folder_.path(), problems, false);
  }();
  testing::TempFolder temp_;
  FieldFolder data_ = FieldFolder::open(temp_ / "data").value();
  DatabasePtr database_ = open_database(data_.identity()).value();
  SecretKey key_ = data_.key("tokens").value();
  People people_{*database_, "2013-01"};
  Tokens tokens_{*database_, key_};
  Interview interview_ = Interview::make(wave().questionnaire).value();
  Projection answers_{interview_};
  std::vector<std::string> subjects_;
};

std::string counts_text(const OutcomeCounts& counts) {
  return fmt::format("I {} P {} R {} NC {} of {}", counts.complete, counts.partial, counts.refusal,
                     counts.non_contact, counts.total());
}

TEST(AMonitor, CountsAnErasedPersonWhoseAnswersStayOnce) {
  UnlinkedStores wave;
  EXPECT_EQ(counts_text(wave.monitor().people.counts), "I 2 P 0 R 0 NC 0 of 2");
  ASSERT_TRUE(wave.people().erase("p1", kOpens + kDay, "", ErasedAnswers::kStay));
  const auto stays = wave.monitor();
  EXPECT_EQ(counts_text(stays.people.counts), "I 2 P 0 R 0 NC 0 of 2");
  EXPECT_TRUE(stays.people.rate("RR1").value == (Ratio{2, 2}));
  EXPECT_EQ(stays.organisations.counts.complete, 3);
  // Who erases their answers with their link has refused.
  wave.entry(2, kErasedKind, "{}");
  ASSERT_TRUE(wave.people().erase("p2", kOpens + kDay, "", ErasedAnswers::kGone));
  const auto gone = wave.monitor();
  EXPECT_EQ(counts_text(gone.people.counts), "I 1 P 0 R 1 NC 0 of 2");
  EXPECT_EQ(gone.organisations.counts.complete, 1);
  EXPECT_EQ(gone.organisations.counts.refusal, 2);
}

TEST(AMonitor, BySendingKnowsNoThreshold) {
  UnlinkedStores wave;
  EXPECT_EQ(counts_text(wave.monitor(CompleteBy::kSending).people.counts), "I 0 P 2 R 0 NC 0 of 2")
      << "all is answered, and nothing sent";
  wave.entry(1, kSubmittedEntry, "{}");
  EXPECT_EQ(counts_text(wave.monitor(CompleteBy::kSending).people.counts), "I 1 P 1 R 0 NC 0 of 2");
  EXPECT_EQ(counts_text(wave.monitor().people.counts), "I 2 P 0 R 0 NC 0 of 2");
}

TEST(APhase, FollowsTheClockToTheMillisecond) {
  const MonitoredWave wave(", grace: 2");
  const FieldworkSettings& settings = wave.wave().fieldwork;
  const int64_t closes = kOpens + 19 * kDay - 1;
  EXPECT_EQ(settings.opens_ms, kOpens);
  EXPECT_EQ(settings.closes_ms, closes);
  const auto phase = [&](int64_t at) { return std::string(name_of(phase_at(settings, at))); };
  EXPECT_EQ(phase(kOpens - 1), "not open");
  EXPECT_EQ(phase(kOpens), "open");
  EXPECT_EQ(phase(closes), "open");
  EXPECT_EQ(phase(closes + 1), "grace");
  EXPECT_EQ(phase(closes + 2 * kDay), "grace");
  EXPECT_EQ(phase(closes + 2 * kDay + 1), "closed");
  EXPECT_EQ(phase_at({}, kOpens), FieldworkPhase::kNotOpen);
  EXPECT_TRUE(may_answer(FieldworkPhase::kOpen, InterviewStatus::kNew));
  EXPECT_FALSE(may_answer(FieldworkPhase::kGrace, InterviewStatus::kNew));
  EXPECT_TRUE(may_answer(FieldworkPhase::kGrace, InterviewStatus::kStarted));
  EXPECT_FALSE(may_answer(FieldworkPhase::kClosed, InterviewStatus::kComplete));
  EXPECT_FALSE(may_answer(FieldworkPhase::kNotOpen, InterviewStatus::kNew));
}

}  // namespace
}  // namespace barometer
