#include "barometer/sample/given_replicates.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::HasSubstr;
using enum ReplicateType;

Replicates of_type(ReplicateType type, Eigen::Index count, double rho = 0) {
  Replicates replicates;
  replicates.type = type;
  replicates.weights = Matrix::Ones(3, count);
  replicates.fay_rho = rho;
  return replicates;
}

// R survey 4.1.1: svrepdesign(type = , repweights = , weights = ) $scale and $rscales.
TEST(GivenReplicates, ScalesFollowFromTheType) {
  struct Row {
    ReplicateType type;
    double rho;
    GivenScales given;
    double scale, rscale;
  };
  const Row rows[] = {
      {kBrr, 0, {}, 1 / 80.0, 1},          {kFay, 0.3, {}, 1 / (80 * 0.49), 1},
      {kSdr, 0, {}, 4 / 80.0, 1},          {kJk1, 0, {}, 79 / 80.0, 1},
      {kJk1, 0, {0.5, {}}, 0.5, 1},        {kJkn, 0, {{}, {0.5}}, 1, 0.5},
      {kBootstrap, 0, {}, 1 / 79.0, 1},    {kBootstrap, 0, {0.02, {}}, 0.02, 1},
      {kSubbootstrap, 0, {}, 1 / 79.0, 1}, {kMrbBootstrap, 0, {1, {1 / 79.0}}, 1, 1 / 79.0},
      {kOther, 0, {0.25, {2}}, 0.25, 2},   {kBrr, 0, {0.0125, {}}, 0.0125, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(name_of(row.type));
    Replicates replicates = of_type(row.type, 80, row.rho);
    ASSERT_TRUE(complete(replicates, row.given).has_value());
    EXPECT_DOUBLE_EQ(replicates.scale, row.scale);
    EXPECT_EQ(replicates.rscales, std::vector<double>(80, row.rscale));
  }
}

TEST(GivenReplicates, WrongOrMissingScalesAreRefused) {
  const auto message = [](Replicates replicates, const GivenScales& given) {
    const Status done = complete(replicates, given);
    return done ? std::string("accepted") : done.error().message;
  };
  const double nan = std::nan("");
  EXPECT_THAT(message(of_type(kJkn, 4), {}), HasSubstr("JKn replicates need their rscales"));
  EXPECT_THAT(message(of_type(kOther, 4), {{}, {1}}), HasSubstr("need their scale"));
  EXPECT_THAT(message(of_type(kJkn, 4), {{}, {1, 1, 1}}), HasSubstr("3 rscales for 4 replicates"));
  EXPECT_THAT(message(of_type(kJkn, 4), {{}, {1, 1, -1, 1}}), HasSubstr("the rscale -1"));
  EXPECT_THAT(message(of_type(kJkn, 4), {{}, {nan}}), HasSubstr("the rscale nan"));
  EXPECT_THAT(message(of_type(kJk1, 4), {-0.5, {}}), HasSubstr("the scale -0.5"));
  EXPECT_THAT(message(of_type(kJk1, 4), {nan, {}}), HasSubstr("the scale nan"));
  EXPECT_THAT(message(of_type(kFay, 4, 1), {}), HasSubstr("rho is 1; it lies"));
  EXPECT_THAT(message(of_type(kFay, 4, -0.1), {}), HasSubstr("rho is -0.1"));
  EXPECT_THAT(message(of_type(kFay, 4, nan), {}), HasSubstr("rho is nan"));
  EXPECT_THAT(message(of_type(kBrr, 4, 0.5), {}), HasSubstr("BRR replicates have no rho"));
  EXPECT_THAT(message(of_type(kBootstrap, 1), {}), HasSubstr("1 replicates show no variance"));
  EXPECT_THAT(message(of_type(kBootstrap, 0), {}), HasSubstr("0 replicates show no variance"));
}

TEST(GivenReplicates, GivenScaleCountsWhateverTheType) {
  Replicates replicates = of_type(kFay, 4);
  ASSERT_TRUE(complete(replicates, {0.5102040816326532, {}}).has_value());
  EXPECT_EQ(replicates.scale, 0.5102040816326532) << "rho of 0.3, which no one told";
}

TEST(GivenReplicates, TypesAreReadAsRWritesThem) {
  const std::pair<const char*, ReplicateType> words[] = {{"BRR", kBrr},
                                                         {"Fay", kFay},
                                                         {"JK1", kJk1},
                                                         {"JKn", kJkn},
                                                         {"jkn", kJkn},
                                                         {"JK2", kJkn},
                                                         {"bootstrap", kBootstrap},
                                                         {"ACS", kSdr},
                                                         {"successive-difference", kSdr},
                                                         {"SDR", kSdr},
                                                         {"other", kOther},
                                                         {"subbootstrap", kSubbootstrap},
                                                         {"mrbbootstrap", kMrbBootstrap}};
  for (const auto& [word, type] : words) EXPECT_EQ(parse_replicate_type(word).value(), type);
  EXPECT_THAT(parse_replicate_type("bootstrp").error().message,
              HasSubstr("did you mean 'bootstrap'?"));
  EXPECT_THAT(parse_replicate_type("").error().message, HasSubstr("known: BRR"));
}

}  // namespace
}  // namespace barometer
