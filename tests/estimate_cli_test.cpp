// The command line of estimates: options together, output in its three forms, and what is refused.
// Values are checked by hand; those of R are in tests/oracle_cli_test.cpp.
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command.h"
#include "tests/support/near.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::run_command;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = BUILD_DIR "/cli/barometer";
const std::string kData = SOURCE_DIR "/barometer/estimate/testdata/";
const std::string kClusters = kData + "apiclus1.csv --weight pw --id dnum --fpc fpc ";

testing::CommandResult estimate(const std::string& arguments) {
  return run_command(kProgram + " estimate " + arguments);
}

Json json_of(const std::string& arguments) {
  const auto result =
      run_command(kProgram + " estimate " + arguments + " --format json 2>/dev/null");
  EXPECT_LE(result.exit, 1) << result.output;
  return Json::parse(result.output, nullptr, false);
}

TEST(EstimateOptions, ThatCannotBeFollowedAreRefused) {
  struct Refusal {
    const char* arguments;
    const char* said;
  };
  const Refusal refusals[] = {
      {"chisq sch_wide stype --by comp_imp", "--by does not go with chisq"},
      {"ttest 'api00 ~ sch_wide' --df 3", "--df does not go with ttest"},
      {"glm 'api00 ~ ell' --by stype", "--by does not go with glm"},
      {"glm 'api00 ~ ell' --deff", "--deff does not go with glm"},
      {"kappa comp_imp sch_wide --cv", "--cv does not go with kappa"},
      {"quantile api00 --deff", "--deff does not go with quantile"},
      {"mean api00 --pps brewer --make-replicates jk1", "exclude each other"},
      {"mean api00 --make-replicates jk1 --phase2 pw", "exclude each other"},
      {"mean api00 --response-classes stype", "--respondents"},
      {"mean api00 --scale 2", "belong to replicate weights"},
      {"mean api00 --replicates api00,api99 --rep-type fay", "--fay-rho"},
      {"mean api00 --organisation dnum", "--weight does not go with --organisation"},
  };
  for (const Refusal& refusal : refusals) {
    const auto result = estimate(kClusters + refusal.arguments);
    EXPECT_EQ(result.exit, 2) << refusal.arguments << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(refusal.said)) << refusal.arguments;
  }
  EXPECT_THAT(estimate(kData + "apiclus1.csv --organisation dnum mean api00 --by stype").output,
              HasSubstr("--by does not go with --organisation"));
  EXPECT_THAT(estimate(kData + "apiclus1.csv --replicates api00,api99 --rep-type brr "
                               "--replicate-factors mean enroll")
                  .output,
              HasSubstr("--weight, or --unweighted"));
}

TEST(EstimateOutput, ThreeFormsSayTheSame) {
  const std::string arguments = kClusters + "mean api00 enroll --by stype --covariance --deff --cv";
  const Json json = json_of(arguments);
  const auto csv = estimate(arguments + " --format csv");
  const auto text = estimate(arguments);
  ASSERT_EQ(json["estimates"].size(), 6U);
  ASSERT_EQ(json["covariance"].size(), 6U);
  for (size_t i = 0; i < 6; ++i) {
    const Json& line = json["estimates"][i];
    EXPECT_THAT(text.output, HasSubstr(line["label"].get<std::string>()));
    EXPECT_THAT(csv.output, HasSubstr(line["label"].get<std::string>() + "," +
                                      line["estimate"].dump().substr(0, 8)));
    const double se = line["se"];
    EXPECT_TRUE(near_rel(json["covariance"][i][i].get<double>(), se * se, 1e-9, "variance = se²"));
    EXPECT_TRUE(near_rel(line["cv"].get<double>(), se / line["estimate"].get<double>(), 1e-12, ""));
  }
  for (const char* key : {"design", "df_rule", "software"}) EXPECT_TRUE(json.contains(key)) << key;
}

TEST(EstimateOutput, PredictionsHaveNoRowInTheCovariance) {
  const TempFolder folder;
  const auto points = folder.write("p.csv", "ell\n10\n60\n");
  const std::string arguments =
      kClusters + "glm 'api00 ~ ell' --covariance --at " + points.string();
  const Json json = json_of(arguments);
  EXPECT_EQ(json["estimates"].size(), 4U);
  EXPECT_EQ(json["covariance"].size(), 2U);
  const std::string csv = estimate(arguments + " --format csv").output;
  EXPECT_THAT(csv, AllOf(HasSubstr("cov_(Intercept),cov_ell\n"), HasSubstr("predicted 2")));
  EXPECT_EQ(csv.find("cov_predicted"), std::string::npos);
}

TEST(EstimateBase, CasesWithoutWeightAreNotCounted) {
  const TempFolder folder;
  const auto file = folder.write("d.csv", "w,y\n1,2\n0,9\n1,4\n2,5\n");
  const Json json = json_of(file.string() + " --weight w mean y");
  EXPECT_EQ(json["estimates"][0]["n"], 3);
  EXPECT_DOUBLE_EQ(json["estimates"][0]["estimate"], 4);
}

TEST(EstimateExit, WeightsThatMissTheirTotalsAreAFinding) {
  const std::string margins = " --rake " SOURCE_DIR "/docs/examples/stype.csv," SOURCE_DIR
                              "/docs/examples/sch_wide.csv total enroll";
  EXPECT_EQ(estimate(kClusters + margins).exit, 0);
  const auto stopped = estimate(kClusters + margins + " --max-iterations 1");
  EXPECT_EQ(stopped.exit, 1) << stopped.output;
  EXPECT_THAT(json_of(kClusters + margins + " --max-iterations 1").dump(), HasSubstr("note"));
}

// Rubin's rules by hand: means 2 and 4 of two files, each of n = 4 with variance s²/4.
TEST(EstimateImputations, AreCombinedLineByLine) {
  const TempFolder folder;
  const auto one = folder.write("1.csv", "g,y\na,1\na,3\nb,2\nb,2.5\n").string();
  const auto two = folder.write("2.csv", "g,y\na,2\na,6\nb,4\nb,4.5\n").string();
  const Json all = json_of(one + " mean y --imputations " + two);
  const double mean1 = 8.5 / 4, mean2 = 16.5 / 4;
  const auto variance = [](std::vector<double> y, double mean) {
    double sum = 0;
    for (const double v : y) sum += (v - mean) * (v - mean);
    return sum / 3 / 4;
  };
  const double within = (variance({1, 3, 2, 2.5}, mean1) + variance({2, 6, 4, 4.5}, mean2)) / 2;
  const double between = (mean1 - mean2) * (mean1 - mean2) / 2;
  const Json& line = all["estimates"][0];
  EXPECT_TRUE(near_rel(line["estimate"], (mean1 + mean2) / 2, 1e-12, "by hand"));
  EXPECT_TRUE(near_rel(line["se"], std::sqrt(within + 1.5 * between), 1e-12, "by hand"));

  const Json by = json_of(one + " mean y --by g --imputations " + two);
  const Json alone = json_of(one + " mean y --where \"g = 'a'\" --imputations " + two);
  EXPECT_TRUE(near_rel(by["estimates"][0]["df"], alone["estimates"][0]["df"], 1e-9,
                       "each line has the df of its own base"));
  EXPECT_THAT(estimate(one + " ttest 'y ~ g' --imputations " + two).output,
              HasSubstr("no covariance to combine"));
}

TEST(EstimateOptions, EachIsTakenByTheProgram) {
  const TempFolder folder;
  const auto totals =
      folder.write("t.csv", "term,total\n(Intercept),6194\napi99,3914069\n").string();
  const auto partial =
      folder.write("m.csv", "stype,population\nE,4421\nH,755\nM,1018\nX,10\n").string();
  const std::string calibrate = "--calibrate '~api99' --population " + totals;
  const std::string total = " total enroll";
  const char* standard = SOURCE_DIR "/docs/examples/standard.csv";
  for (const std::string& arguments :
       {"--poststratify " + partial + " --partial" + total, calibrate + " --aggregate dnum" + total,
        calibrate + " --calibrate-variance api00" + total,
        calibrate + " --calfun raking --epsilon 1e-9" + total,
        std::string("mean api00 target --listwise"), std::string("mean api00 --domain-lonely"),
        std::string(
            "--make-replicates subbootstrap --replicate-count 20 --seed 3 --mse mean api00"),
        std::string("standardize api00 --standard-by comp_imp --keep-missing --population ") +
            standard,
        std::string("glm 'stype ~ ell' --family ordinal --link probit --terms"),
        std::string("glm 'api00 ~ ell + stype' --terms --method WorkingWald"),
        std::string("glm 'sch_wide ~ ell + stype' --family binomial --margins ell,stype"),
        std::string("loglin '~stype+comp_imp' '~stype*comp_imp' --format csv")}) {
    const auto result = estimate(kClusters + arguments);
    EXPECT_EQ(result.exit, 0) << arguments << "\n" << result.output;
  }
  const Json listwise = json_of(kClusters + "mean api00 target --listwise");
  EXPECT_EQ(listwise["estimates"][0]["n"], listwise["estimates"][1]["n"]);
}

// SAS/STAT User's Guide, The SURVEYMEANS Procedure, "Getting Started": what 40 of 4,000 pupils
// spend on ice cream; data and printed output.
TEST(EstimateTextbook, IceCreamOfTheSasManual) {
  const int pairs[][2] = {{7, 7},  {7, 7},  {8, 12}, {9, 10}, {7, 1},  {7, 10}, {7, 3}, {8, 20},
                          {8, 19}, {7, 2},  {7, 2},  {9, 15}, {8, 16}, {7, 6},  {7, 6}, {7, 6},
                          {9, 15}, {8, 17}, {8, 14}, {9, 8},  {9, 8},  {9, 7},  {7, 3}, {7, 12},
                          {7, 4},  {9, 14}, {8, 18}, {9, 9},  {7, 2},  {7, 1},  {7, 4}, {7, 11},
                          {9, 8},  {8, 10}, {8, 13}, {7, 2},  {9, 6},  {9, 11}, {7, 2}, {7, 9}};
  std::string csv = "grade,spending,school,total\n";
  for (const auto& [grade, spending] : pairs) {
    csv += std::to_string(grade) + "," + std::to_string(spending) + ",4000," +
           (grade == 7   ? "1824"
            : grade == 8 ? "1025"
                         : "1151") +
           "\n";
  }
  const TempFolder folder;
  const std::string file = folder.write("icecream.csv", csv).string();
  const Json simple = json_of(file + " --fpc school mean spending")["estimates"][0];
  EXPECT_NEAR(simple["estimate"], 8.75, 5e-7);
  EXPECT_NEAR(simple["se"], 0.845139, 5e-7);
  EXPECT_NEAR(simple["ci"][0], 7.04054539, 5e-9);
  EXPECT_NEAR(simple["ci"][1], 10.4594546, 5e-8);
  const Json strata = json_of(file + " --strata grade --fpc total mean spending")["estimates"][0];
  EXPECT_NEAR(strata["estimate"], 9.141298, 5e-7);
  EXPECT_NEAR(strata["se"], 0.531799, 5e-7);
  EXPECT_NEAR(strata["ci"][0], 8.06377052, 5e-9);
  EXPECT_NEAR(strata["ci"][1], 10.2188254, 5e-8);
  EXPECT_EQ(strata["df"], 37);
}

// Särndal, Swensson & Wretman, "Model Assisted Survey Sampling" (1992), example 4.3.2: 3
// municipalities in each of 5 of 50 clusters of MU284. The estimated variance is that of R's help
// page of the same data, 5172234.
TEST(EstimateTextbook, TwoStagesOfMunicipalities) {
  const TempFolder folder;
  const std::string file =
      folder
          .write("mu284.csv",
                 "id1,n1,id2,y1,n2\n19,50,1,41,5\n45,50,1,49,8\n47,50,1,31,5\n50,50,1,39,9\n"
                 "31,50,1,49,7\n19,50,2,49,5\n45,50,2,49,8\n47,50,2,31,5\n50,50,2,41,9\n"
                 "31,50,2,51,7\n19,50,3,49,5\n45,50,3,45,8\n47,50,3,35,5\n50,50,3,61,9\n"
                 "31,50,3,33,7\n")
          .string();
  const Json total = json_of(file + " --id id1,id2 --fpc n1,n2 total y1")["estimates"][0];
  EXPECT_DOUBLE_EQ(total["estimate"], 15080);
  EXPECT_NEAR(total["se"].get<double>() * total["se"].get<double>(), 5172234, 0.5);
}

}  // namespace
}  // namespace barometer
