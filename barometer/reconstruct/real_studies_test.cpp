#include <map>

#include <gtest/gtest.h>

#include "barometer/reconstruct/reconstruct.h"

namespace barometer {
namespace {

// The two studies that come with the project: every figure the reports printed is met.
TEST(RealStudies, AreSolved) {
  struct Row {
    const char* study;
    const char* wave;
    int64_t n, organisations;
    size_t figures;
  };
  const Row rows[] = {
      {"ccg-barometer", "2012-10", 116, 101, 13}, {"ccg-barometer", "2013-01", 100, 100, 2},
      {"ccg-barometer", "2013-04", 94, 86, 37},   {"nhscc-2013", "2013-n272", 272, 211, 11},
      {"nhscc-2013", "2013-n273", 273, 211, 11},
  };
  std::map<std::string, Reconstruction> earlier;
  for (const Row& row : rows) {
    Diagnostics problems;
    const Study study =
        read_study(std::filesystem::path(SOURCE_DIR) / "studies" / row.study, problems, false);
    ASSERT_EQ(problems.error_count(), 0U) << problems.text();
    const auto outcome = reconstruct(study, *study.wave(row.wave), earlier, Progress());
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    ASSERT_TRUE(outcome->solved()) << outcome->conflicts[0].message;
    EXPECT_EQ(outcome->record.n, row.n);
    EXPECT_EQ(outcome->record.organisations, row.organisations);
    EXPECT_EQ(outcome->record.figures.size(), row.figures) << row.wave;
    for (const FoundFigure& figure : outcome->record.figures) {
      EXPECT_TRUE(figure.used) << figure.id << ": " << figure.how;
    }
    earlier[row.wave] = outcome->record;
  }
  EXPECT_EQ(earlier.at("2013-04").find("less_integrated", "likely")->base, 93);
  EXPECT_EQ(earlier.at("2012-10").find("role", "1")->count, 55);
}

}  // namespace
}  // namespace barometer
