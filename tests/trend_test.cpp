// barometer trend on small waves whose shares are counted by hand: answers that one wave did not
// hear, organisations, links, forms of output; and what is refused, by a sentence with the option.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run_command;
using ::testing::StartsWith;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = std::string(BUILD_DIR) + "/cli/barometer";

// Answers of code 2 and "unsure" come in the second wave first, 0 is in the first one only.
// Organisation A has two people.
constexpr const char* kFirst =
    "id,y.a,c,q,org,w,rep1,rep2\n"
    "1,1,0,yes,A,1,2,0\n2,2,0,no,A,2,4,0\n3,4,1,yes,B,1,0,2\n4,5,1,no,C,1,0,2\n5,3,1,no,D,1,2,0\n";
constexpr const char* kSecond =
    "q,id,y.a,c,org,w,rep1,rep2\n"
    "yes,1,2,1,A,1,2,0\nno,2,2,2,A,2,4,0\nyes,3,5,1,B,1,0,2\nunsure,4,7,2,C,1,0,2\nno,6,3,1,D,1,2,"
    "0\n";

class Trend : public ::testing::Test {
 protected:
  [[nodiscard]] testing::CommandResult run(const std::string& arguments) const {
    return run_command(kProgram + " trend " + arguments +
                       " --wave one=" + (folder_ / "a.csv").string() +
                       " --wave two=" + (folder_ / "b.csv").string());
  }
  [[nodiscard]] Json json(const std::string& arguments) const {
    const auto result = run(arguments + " --format json");
    EXPECT_EQ(result.exit, 0) << result.output;
    return result.exit == 0 ? Json::parse(result.output) : Json();
  }
  // Estimates of a label in each wave.
  [[nodiscard]] static std::vector<double> values(const Json& all, const std::string& label) {
    std::vector<double> found;
    for (const Json& trend : all["trends"]) {
      if (trend["label"] != label) continue;
      for (const Json& wave : trend["estimates"]) found.push_back(wave["estimate"]);
    }
    return found;
  }
  void write(const char* name, const std::string& text) const { folder_.write(name, text); }

  void SetUp() override {
    write("a.csv", kFirst);
    write("b.csv", kSecond);
  }
  TempFolder folder_;
};

using Shares = std::vector<double>;

TEST_F(Trend, FollowsAnswersThatOneWaveDidNotHear) {
  const Json all = json("prop q c");
  EXPECT_EQ(values(all, "q=yes"), (Shares{0.4, 0.4}));
  EXPECT_EQ(values(all, "q=unsure"), (Shares{0, 0.2}));
  EXPECT_EQ(values(all, "c=0"), (Shares{0.4, 0}));
  EXPECT_EQ(values(all, "c=1"), (Shares{0.6, 0.6}));
  EXPECT_EQ(values(all, "c=2"), (Shares{0, 0.4}));
  EXPECT_EQ(all["trends"].size(), 6U);
}

TEST_F(Trend, OrdersNumbersBySizeWhateverWaveTheyAreIn) {
  write("a.csv", "c\n10\n9\n9\n");
  write("b.csv", "c\n2\n10\nx\n");
  std::vector<std::string> labels;
  const Json all = json("prop c");
  for (const Json& trend : all["trends"]) labels.push_back(trend["label"]);
  EXPECT_THAT(labels, ::testing::ElementsAre("c=2", "c=9", "c=10", "c=x"));
  EXPECT_EQ(values(all, "c=10"), (Shares{1.0 / 3, 1.0 / 3}));
}

TEST_F(Trend, TotalsOfAnswersAreUnitedToo) {
  EXPECT_EQ(values(json("total q --weight w"), "q=unsure"), (Shares{0, 1}));
  EXPECT_EQ(values(json("total q --weight w"), "q=no"), (Shares{4, 3}));
}

TEST_F(Trend, OrganisationsAnswersAreThoseOfAllWaves) {
  // Of A both say 0, then one says 1 and one 2: half of A each. The shares of a wave make 1.
  const Json all = json("prop c --organisation org");
  EXPECT_EQ(values(all, "c=0"), (Shares{0.25, 0}));
  EXPECT_EQ(values(all, "c=1"), (Shares{0.75, 0.625}));
  EXPECT_EQ(values(all, "c=2"), (Shares{0, 0.375}));
  EXPECT_EQ(all["relation"], "panel");
  EXPECT_EQ(all["overlaps"][0]["both"], 4);
  EXPECT_EQ(all["estimand"], "prop");
  const Json words = json("prop q --organisation org --organisation-rule any");
  EXPECT_EQ(values(words, "q=yes"), (Shares{0.5, 0.5}));
  EXPECT_EQ(values(words, "q=unsure"), (Shares{0, 0.25}));
}

TEST_F(Trend, OrganisationsAsIndependentSamples) {
  const Json linked = json("mean y.a --organisation org");
  const Json independent = json("mean y.a --organisation org --independent");
  EXPECT_EQ(values(linked, "y.a"), values(independent, "y.a"));
  EXPECT_EQ(independent["relation"], "independent");
  EXPECT_TRUE(independent["overlaps"].empty());
  const auto variance = [](const Json& all, size_t a, size_t b) {
    return all["trends"][0]["covariance"][a][b].get<double>();
  };
  EXPECT_EQ(variance(independent, 0, 1), 0);
  EXPECT_GT(variance(linked, 0, 1), 0);
  const double se = independent["trends"][0]["changes"][0]["se"];
  EXPECT_NEAR(se * se, variance(independent, 0, 0) + variance(independent, 1, 1), 1e-12);
}

TEST_F(Trend, SeniorsSpeakForTheirOrganisation) {
  // Of A the person 2 is senior.
  const Json all = json("mean y.a --organisation org --organisation-rule senior --roles id:2,1");
  EXPECT_EQ(values(all, "y.a"), (Shares{(2 + 4 + 5 + 3) / 4.0, (2 + 5 + 7 + 3) / 4.0}));
}

TEST_F(Trend, RolesMayBeVacantInAWave) {
  write("a.csv", "org,role,y\nA,chair,1\nA,officer,5\nB,officer,3\n");
  write("b.csv", "org,role,y\nA,officer,4\nB,officer,2\nB,clerk,9\n");
  const std::string senior = "mean y --organisation org --organisation-rule senior --roles ";
  EXPECT_EQ(values(json(senior + "role:chair,officer"), "y"), (Shares{2, 3}));
  const auto typo = run(senior + "role:chiar,officer");
  EXPECT_EQ(typo.exit, 2);
  EXPECT_THAT(typo.output, HasSubstr("'chiar' is no role of variable 'role'"));
}

TEST_F(Trend, NamesAreThoseOfTheFileDotsAndAll) {
  const Shares means = {3, 3.8};
  EXPECT_EQ(values(json("mean y.a"), "y.a"), means);
  EXPECT_EQ(values(json("mean y_a"), "y.a"), means);
  // In the second wave another column takes the id y_a, and the link and organisation have dots.
  write("a.csv", "p.id,y.a,o.rg\n1,1,A\n2,2,B\n3,6,C\n");
  write("b.csv", "y_a,y.a,p.id,o.rg\n9,2,1,A\n9,3,2,B\n9,7,3,C\n");
  EXPECT_EQ(values(json("mean y.a --link p.id"), "y.a"), (Shares{3, 4}));
  EXPECT_EQ(json("mean y.a --link p.id")["relation"], "panel");
  EXPECT_EQ(values(json("mean y.a --organisation o.rg"), "y.a"), (Shares{3, 4}));
}

TEST_F(Trend, LinksMayRepeatOnlyWhenToldSo) {
  const auto refused = run("mean y.a --link org");
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.output, HasSubstr("'A' is the 'org' of rows 1 and 2"));
  const Json all = json("mean y.a --link org --link-repeats");
  EXPECT_EQ(all["relation"], "panel");
  EXPECT_EQ(all["trends"][0]["changes"][0]["df"], 3) << "four organisations";
}

TEST_F(Trend, ComparesWithThePreviousWaveOrTheFirst) {
  const std::string third = " --wave three=" + (folder_ / "a.csv").string();
  const auto pairs = [&](const std::string& arguments) {
    // The third wave comes before the others on the command line.
    std::vector<std::string> found;
    const Json all = json(arguments + third);
    for (const Json& change : all["trends"][0]["changes"]) {
      found.push_back(change["from"].get<std::string>() + "-" + change["to"].get<std::string>());
    }
    return found;
  };
  EXPECT_THAT(pairs("mean y.a"), ::testing::ElementsAre("three-one", "one-two"));
  EXPECT_THAT(pairs("mean y.a --first"), ::testing::ElementsAre("three-one", "three-two"));
}

TEST_F(Trend, OfReplicatesIsWhatEstimateTells) {
  const std::string draw = "--replicates 'rep*' --rep-type jk1 mean y.a --format json";
  const Json all = json("--replicates 'rep*' --rep-type jk1 mean y.a");
  const char* files[] = {"a.csv", "b.csv"};
  for (size_t w = 0; w < 2; ++w) {
    const auto one =
        run_command(kProgram + " estimate " + (folder_ / files[w]).string() + " " + draw);
    ASSERT_EQ(one.exit, 0) << one.output;
    const Json estimate = Json::parse(one.output)["estimates"][0];
    const Json& here = all["trends"][0]["estimates"][w];
    EXPECT_NEAR(here["estimate"].get<double>(), estimate["estimate"].get<double>(), 1e-12);
  }
}

TEST_F(Trend, SharesOfNoneOrAllHaveAReasonAndNoInterval) {
  for (const char* arguments : {"prop c", "prop c --organisation org"}) {
    const Json all = json(arguments);
    const Json& none = all["trends"][2]["estimates"][0];
    EXPECT_EQ(none["estimate"], 0) << arguments;
    EXPECT_TRUE(none["ci"].is_null());
    EXPECT_THAT(none["no_interval"].get<std::string>(), StartsWith("no one in the base"));
    EXPECT_FALSE(all["trends"][2]["estimates"][1]["ci"].is_null());
  }
  const Json all = json("prop c --where 'c = 1'");
  EXPECT_THAT(all["trends"][1]["estimates"][0]["no_interval"].get<std::string>(),
              StartsWith("everyone in the base"));
  const Json& change = all["trends"][1]["changes"][0];
  EXPECT_EQ(change["verdict"], "not tested");
  EXPECT_TRUE(change["ci"].is_null() && change["p"].is_null());
  EXPECT_THAT(run("prop c --where 'c = 1'").output, HasSubstr("its sampling error cannot"));
}

TEST_F(Trend, TextTellsBasesCorrelationAndDegreesOfFreedom) {
  EXPECT_THAT(run("mean y.a --weight w --link id").output,
              AllOf(HasSubstr("weighted base\n"), HasSubstr("correlation 0."),
                    HasSubstr("5 units in one, 5 in two, 4 in both."),
                    HasSubstr("; df PSUs - strata; 95% t intervals.")));
  EXPECT_THAT(run("mean y.a --df Inf --level 0.9").output,
              AllOf(HasSubstr("df as given; 90% t"), Not(HasSubstr("correlation"))));
}

TEST_F(Trend, CsvHasTheSameNumbersAsJson) {
  const auto csv = run("mean y.a --weight w --link id --format csv");
  EXPECT_EQ(csv.exit, 0);
  EXPECT_THAT(csv.output,
              StartsWith("label,from,to,estimate,se,lower,upper,df,n,weighted_base,t,p,correlation,"
                         "units_from,units_to,both,verdict,reason\ny.a,one,,"));
  const Json trend = json("mean y.a --weight w --link id")["trends"][0];
  const Json& wave = trend["estimates"][1];
  EXPECT_THAT(csv.output,
              HasSubstr("y.a,two,," + wave["estimate"].dump() + "," + wave["se"].dump() + "," +
                        wave["ci"][0].dump() + "," + wave["ci"][1].dump() + ",4,5,6,,,,,,,,\n"));
  const Json& change = trend["changes"][0];
  EXPECT_THAT(csv.output,
              HasSubstr("," + change["t"].dump() + "," + change["p"].dump() + "," +
                        change["correlation"].dump() + ",5,5,4,no detectable change,\n"));
  const auto lines = std::ranges::count(csv.output, '\n');
  const auto commas = std::ranges::count(csv.output, ',');
  EXPECT_EQ(lines, 4);
  EXPECT_EQ(commas, 17 * lines) << "each line has every column";
}

TEST_F(Trend, RefusesWithASentenceThatNamesTheOption) {
  const std::pair<const char*, const char*> cases[] = {
      {"nonsense y.a", "'nonsense' is no estimand of a trend"},
      {"nonsense y.a --organisation org", "'nonsense' is no estimand of a trend"},
      {"nonsense", "'nonsense' is no estimand of a trend"},
      {"total y.a --organisation org", "total: of organisations, mean and prop"},
      {"mean", "mean: of which variables?"},
      {"mean y.a y_a", "'y.a' is asked for twice"},
      {"mean yy", "wave 'one': there is no variable 'yy'"},
      {"mean q", "variable 'q' holds no numbers"},
      {"mean y.a --link no", "there is no variable 'no'"},
      {"mean y.a --pps brewer --fpc w", "--pps: "},
      {"mean y.a --phase2 c", "--phase2: "},
      {"mean y.a --strata2 c", "--strata2: "},
      {"mean y.a --make-replicates jk1", "--make-replicates: a trend makes no replicates"},
      {"mean y.a --seed 3", "--seed: "},
      {"mean y.a --mse", "--mse: it belongs to replicate weights"},
      {"mean y.a --weight w --unweighted", "--unweighted: "},
      {"mean y.a --link-repeats", "--link-repeats: it belongs to --link"},
      {"mean y.a --link id --independent", "--independent: "},
      {"mean y.a --roles id:1", "--roles: it belongs to --organisation"},
      {"mean y.a --organisation org --roles id:1", "--roles: roles belong to"},
      {"mean y.a --organisation org --frame f.csv", "--frame: "},
      {"mean y.a --organisation org --weight w", "--weight: with --organisation"},
      {"mean y.a --organisation org --strata c", "--strata: with --organisation"},
      {"mean y.a --organisation org --fpc w", "--fpc: with --organisation"},
      {"mean y.a --organisation org --replicates 'rep*'", "--replicates: with --organisation"},
      {"mean y.a --organisation org --link id", "--link: with --organisation"},
      {"mean y.a --df 1e-300", "--df 1e-300: at least 0.01 degrees of freedom"},
      {"mean y.a --df -1", "--df -1: at least"},
      {"mean y.a --df x", "--df: 'x' is not a number"},
      {"mean y.a --level 1", "the level 1 is not between 0 and 1"},
  };
  for (const auto& [arguments, said] : cases) {
    const auto result = run(arguments);
    EXPECT_EQ(result.exit, 2) << arguments << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(said)) << arguments;
  }
}

TEST_F(Trend, RefusesNumbersInOneWaveAndWordsInAnother) {
  write("b.csv", "y.a,q,org\nlow,yes,A\nhigh,no,B\n");
  for (const char* arguments : {"mean y.a", "mean y.a --organisation org"}) {
    const auto result = run(arguments);
    EXPECT_EQ(result.exit, 2) << arguments;
    EXPECT_THAT(result.output, HasSubstr("'y.a' is of one kind (numbers, answers or open text) in "
                                         "wave 'one' and of another in 'two'"));
  }
  EXPECT_EQ(values(json("prop y.a"), "y.a=low"), (Shares{0, 0.5})) << "as answers they compare";
}

TEST_F(Trend, SurvivesFewDegreesOfFreedom) {
  const Json all = json("mean y.a --df 0.01 --level 0.9999999");
  EXPECT_TRUE(all["trends"][0]["estimates"][0]["ci"].is_null());
  EXPECT_THAT(all["trends"][0]["estimates"][0]["no_interval"].get<std::string>(),
              HasSubstr("too few"));
}

}  // namespace
}  // namespace barometer
