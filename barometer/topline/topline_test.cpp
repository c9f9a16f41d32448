// Interim results: of as many as may be shown, suppressed, and never of one person more.
#include "barometer/topline/topline.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/study/study_folder_test_internal.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

TEST(ATopline, OfAnOpenWaveMovesByTensAndHidesWhatIsSmall) {
  StudyFolder folder;
  folder.change("study.yaml", "sponsor:", "print: {suppress_count_under: 3}\nsponsor:");
  folder.change("waves/2013-01/wave.yaml",
                "mode:", "design: {weight: w, population: none}\nweighting: By role\nmode:");
  Diagnostics problems;
  const Study study = read_study(folder.path(), problems, false);
  ASSERT_EQ(problems.error_count(), 0U) << problems.text();
  const Wave& wave = *study.wave("2013-01");
  EXPECT_EQ(topline_step(study.print), 10U);
  HeldBack answers(Interview::make(wave.questionnaire).value(), topline_step(study.print));
  const auto place = folder.path() / "passing";
  std::filesystem::create_directories(place);
  // Of every twelve, one officer: too few to be told.
  for (int person = 1; person <= 24; ++person) {
    const std::string subject = fmt::format("p{}", person);
    const std::string body = fmt::format(
        R"({{"answers":{{"role":[{}],"trust":[{}]}},"case":{{"organisations":["g{}"]}},)"
        R"("seed":"1"}})",
        person % 12 == 0 ? 2 : 1, person % 10 + 1, person % 3 + 1);
    ASSERT_TRUE(answers.add(
        {.sequence = person, .subject = subject, .kind = kAnswersEntry, .body = body, .at_ms = 1}));
    const auto topline = make_topline(study, wave, answers, place, Progress());
    if (person < 10) {
      ASSERT_FALSE(topline);
      EXPECT_THAT(topline.error().message, HasSubstr("the first results come with 10"));
      continue;
    }
    if (person % 10 > 1) continue;
    ASSERT_TRUE(topline) << topline.error().message;
    EXPECT_EQ(topline->cases, static_cast<size_t>(person / 10 * 10));
    EXPECT_EQ(topline->tables.respondents, topline->cases);
    EXPECT_THAT(topline->note, HasSubstr("Not weighted yet"));
    const Cell* officer = topline->tables.find("role")->find(Unit::kRespondent, "2");
    ASSERT_NE(officer, nullptr);
    EXPECT_EQ(officer->printed.text, person < 20 ? "0 of 10" : "[c]");
    EXPECT_TRUE(std::filesystem::is_empty(place));
  }
}

}  // namespace
}  // namespace barometer
