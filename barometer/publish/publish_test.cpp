// A collected survey (not a reconstruction) through the whole of publication: three units of
// analysis, weights, clusters, a change, suppression, and every drawn mark against the ledger.
#include "barometer/publish/publish.h"

#include <cmath>
#include <random>
#include <tuple>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/attack/attack.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/chart/read_back.h"
#include "barometer/publish/charts.h"
#include "barometer/table/table.h"
#include "tests/support/near.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempFolder;

constexpr const char* kQuestionnaire = R"(
title: Small survey
items:
  - id: role
    type: single
    text: What is your role?
    label: Role
    options: [Chair, Officer, Nurse]
    nets: {lead: {label: Chair or officer, options: [Chair, Officer]}}
    chart: pie
  - id: confidence
    type: score
    scale: {low: 1, high: 10, low_label: none, high_label: full}
    text: How confident are you?
    label: Confidence
  - battery: plans
    type: likelihood
    title: Plans
    stem: How likely are you to
    chart: diverging
    items:
      - {id: merge, text: "merge?", label: Merge}
      - {id: leave, text: "leave?", label: Leave}
  - {id: words, type: open, text: "Anything else?", label: Anything else}
)";

struct Answer {
  int organisation;
  int role, confidence, merge, leave;
};

// 60 organisations, 1 to 3 answers each; the generator's own numbers, so the same everywhere.
std::vector<Answer> answers(unsigned seed) {
  std::minstd_rand random(seed);
  const auto draw = [&](unsigned n) { return static_cast<int>(random() % n); };
  std::vector<Answer> out;
  for (int organisation = 1; organisation <= 60; ++organisation) {
    for (int k = draw(3); k >= 0; --k) {
      const int merge = draw(40) == 0 ? 5 : 1 + draw(4);  // few don't know
      out.push_back(
          {organisation, 1 + draw(2) + (draw(40) == 0 ? 1 : 0), 1 + draw(10), merge, 1 + draw(5)});
    }
  }
  return out;
}

std::string responses_csv(const std::vector<Answer>& rows) {
  std::string out = "respondent,organisation,role,confidence,merge,leave,words\n";
  int n = 0;
  for (const Answer& row : rows) {
    out += fmt::format("r{},o{:03d},{},{},{},{},the secret words of person {}\n", ++n,
                       row.organisation, row.role, row.confidence, row.merge, row.leave, n);
  }
  return out;
}

void write_frame(TempFolder& folder) {
  std::string organisations = "id,name,region,population\n";
  std::string people = "id,organisation,role,name\n";
  for (int i = 1; i <= 100; ++i) {
    organisations += fmt::format("o{0:03d},Organisation {0},{1},{2}\n", i,
                                 i % 2 == 0 ? "North" : "South", 1000 * i);
    for (int k = 1; k <= 3; ++k)
      people += fmt::format("p{0}-{1},o{0:03d},Role {1},Person Named {0} {1}\n", i, k);
  }
  folder.write("study/frame/f1/frame.yaml",
               "date: 2020-01-01\nsource: a list\ncoverage_gaps: none\nexclusions: none\n");
  folder.write("study/frame/f1/organisations.csv", organisations);
  folder.write("study/frame/f1/people.csv", people);
}

void write_wave(TempFolder& folder, const std::string& id, const std::string& design,
                unsigned seed) {
  const std::string wave = "study/waves/" + id + "/";
  folder.write(
      wave + "wave.yaml",
      fmt::format(
          "title: Wave {0}\nfieldwork: {{start: {0}-01, end: {0}-20}}\nmode: web\nframe: f1\n"
          "population: leaders\nweighting: Not weighted.\ndesign: {1}\n",
          id, design));
  folder.write(wave + "questionnaire.yaml", kQuestionnaire);
  folder.write(wave + "responses.csv", responses_csv(answers(seed)));
}

void write_study(TempFolder& folder, const std::string& print, const std::string& design) {
  folder.write("study/study.yaml",
               "title: Small\nseries: Small\nsponsor: S\nconducted_by: C\ngeography: "
               "G\npopulation: leaders\n"
               "words: {organisations: groups, respondents: leaders}\nprint: " +
                   print + "\n");
  write_frame(folder);
  write_wave(folder, "2020-01", design, 1);
  write_wave(folder, "2020-06", design, 2);
}

Study read(TempFolder& folder) {
  Diagnostics problems;
  Study study = read_study(folder / "study", problems, true);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return study;
}

constexpr const char* kClustered = "{kind: clustered, population: frame, lonely_psu: adjust}";
constexpr const char* kSimple = "{kind: simple, population: frame}";

Publication computed(const std::string& print, const std::string& design) {
  TempFolder folder;
  write_study(folder, print, design);
  auto publication = compute_publication(read(folder), Progress());
  EXPECT_TRUE(publication.has_value()) << publication.error().message;
  return std::move(*publication);
}

double value(const Publication& publication, const std::string& id) {
  const Figure* figure = publication.ledger.find(id);
  EXPECT_NE(figure, nullptr) << id;
  return figure == nullptr || !figure->value ? NAN : *figure->value;
}

TEST(CollectedSurvey, TheThreeUnitsAreThreeEstimands) {
  const Publication publication = computed("{}", kClustered);
  const std::vector<Answer> rows = answers(2);
  double chairs = 0;
  std::map<int, std::pair<double, double>> by_organisation;  // chairs, answers
  for (const Answer& row : rows) {
    chairs += row.role == 1 ? 1 : 0;
    by_organisation[row.organisation].first += row.role == 1 ? 1 : 0;
    by_organisation[row.organisation].second += 1;
  }
  double plain = 0;
  double sized = 0;
  double size = 0;
  for (const auto& [organisation, counts] : by_organisation) {
    plain += counts.first / counts.second;
    sized += 1000.0 * organisation * counts.first / counts.second;
    size += 1000.0 * organisation;
  }
  EXPECT_TRUE(testing::near_rel(value(publication, "2020-06.role.1.respondents"),
                                100 * chairs / static_cast<double>(rows.size()), 1e-12,
                                "the same sum"));
  EXPECT_TRUE(testing::near_rel(value(publication, "2020-06.role.1.organisations"),
                                100 * plain / static_cast<double>(by_organisation.size()), 1e-12,
                                "the same sum"));
  EXPECT_TRUE(testing::near_rel(value(publication, "2020-06.role.1.organisations-by-population"),
                                100 * sized / size, 1e-12, "the same sum"));
}

TEST(CollectedSurvey, CoverageCountsOrganisationsOnce) {
  const Publication publication = computed("{}", kSimple);
  EXPECT_EQ(publication.ledger.find("2020-06.wave.organisations")->printed, "60");
  EXPECT_EQ(publication.ledger.find("2020-06.wave.coverage")->printed, "60");
  EXPECT_EQ(publication.ledger.find("2020-06.wave.frame")->printed, "100");
  EXPECT_EQ(publication.ledger.find("2020-06.wave.n")->printed, std::to_string(answers(2).size()));
}

TEST(CollectedSurvey, ChangesAreOfUnroundedEstimatesWithAnInterval) {
  const Publication publication = computed("{}", kSimple);
  const double now = value(publication, "2020-06.confidence.mean.respondents");
  const double then = value(publication, "2020-01.confidence.mean.respondents");
  const Figure* change = publication.ledger.find("2020-06.confidence.mean.change.2020-01");
  ASSERT_NE(change, nullptr);
  EXPECT_TRUE(testing::near_rel(*change->value, now - then, 1e-12, "a difference"));
  ASSERT_TRUE(change->se.has_value());
  const double se = std::hypot(*publication.ledger.find("2020-06.confidence.mean.respondents")->se,
                               *publication.ledger.find("2020-01.confidence.mean.respondents")->se);
  EXPECT_TRUE(testing::near_rel(*change->se, se, 1e-12, "independent samples"));
}

TEST(CollectedSurvey, EveryFigureHasAnIntervalOrAReason) {
  for (const char* design : {kSimple, kClustered}) {
    const Publication publication = computed("{}", design);
    for (const Figure& figure : publication.ledger.figures) {
      EXPECT_TRUE(figure.lower.has_value() || figure.interval_method.starts_with("none: "))
          << figure.id << ": " << figure.interval_method;
      if (figure.value) {
        EXPECT_TRUE(std::isfinite(*figure.value)) << figure.id;
      }
    }
  }
}

constexpr const char* kByRegion = "{kind: simple, population: none}\ntables: {banner: region}";

TEST(CollectedSurvey, TablesByGroupAreSharesOfTheGroup) {
  const Publication publication = computed("{}", kByRegion);
  const std::vector<Answer> rows = answers(2);
  for (const bool north : {true, false}) {
    double in_region = 0;
    double likely = 0;
    double score = 0;
    for (const Answer& row : rows) {
      if ((row.organisation % 2 == 0) != north) continue;
      in_region += 1;
      likely += row.merge <= 2 ? 1 : 0;
      score += row.confidence;
    }
    const std::string group = north ? "region-1" : "region-2";
    const Figure* figure = publication.ledger.find("2020-06.merge.likely.respondents." + group);
    ASSERT_NE(figure, nullptr);
    EXPECT_EQ(figure->group, group);
    EXPECT_EQ(figure->n, static_cast<size_t>(in_region));
    EXPECT_TRUE(testing::near_rel(*figure->value, 100 * likely / in_region, 1e-12, "a share"));
    EXPECT_THAT(figure->base, HasSubstr(north ? "North" : "South"));
    EXPECT_TRUE(
        testing::near_rel(value(publication, "2020-06.confidence.mean.respondents." + group),
                          score / in_region, 1e-12, "a mean"));
  }
}

// What is small anywhere is hidden, in the tables by group too, and no subtraction of the groups
// from the whole gives it back: publish() would refuse the bundle.
TEST(CollectedSurvey, SmallCountsOfGroupsAreSuppressedAndWithstandTheAttack) {
  TempFolder folder;
  write_study(folder, "{suppress_count_under: 5}", kByRegion);
  const auto report = publish(read(folder), folder / "out", Progress(), {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  size_t hidden = 0;
  size_t shown = 0;
  for (const Figure& figure : report->ledger.figures) {
    if (figure.group.empty()) continue;
    ++(figure.marker == Marker::kSuppressed ? hidden : shown);
    EXPECT_FALSE(figure.marker == Marker::kSuppressed && (figure.value || figure.n)) << figure.id;
    EXPECT_FALSE(figure.count && *figure.count > 0 && *figure.count < 5) << figure.id;
  }
  EXPECT_TRUE(hidden > 0 && shown > 0);
  EXPECT_THAT(*read_file(folder / "out/by-group-2020-06.csv"), HasSubstr("[c]"));
}

// Two of the north and one of the south did not answer: the bases would say so.
TEST(CollectedSurvey, ItemsThatFewDidNotAnswerAreNotShownByGroup) {
  TempFolder folder;
  write_study(folder, "{suppress_count_under: 5}", kByRegion);
  std::vector<Answer> rows = answers(2);
  rows[0].leave = rows[1].leave = rows.back().leave = -2;
  folder.write("study/waves/2020-06/responses.csv", responses_csv(rows));
  const auto publication = compute_publication(read(folder), Progress());
  ASSERT_TRUE(publication.has_value()) << publication.error().message;
  size_t others = 0;
  for (const Figure& figure : publication->ledger.figures) {
    if (figure.wave != "2020-06" || figure.group.empty()) continue;
    EXPECT_NE(figure.item, "leave") << figure.id;
    ++others;
  }
  EXPECT_GT(others, 0U);
  EXPECT_THAT(publication->books.back().note, HasSubstr("'Leave'"));
}

// Whoever writes a hidden number into one of the files of tables by group is found.
TEST(CollectedSurvey, TheAttackReadsTheTablesByGroup) {
  TempFolder folder;
  write_study(folder, "{suppress_count_under: 5}", kByRegion);
  const auto report = publish(read(folder), folder / "out", Progress(), {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  const BundleText sound = *read_bundle(folder / "out");
  ASSERT_TRUE(attack_bundles({sound}, {}, Progress())->clean());
  const std::pair<const char*, const char*> writes[] = {
      {"by-group-2020-06.html", ">[c]<"},
      {"by-group-2020-06.csv", ",[c],[c],"},
      {"by-group-2020-06.json", "\"printed\": \"[c]\""}};
  for (const auto& [file, sign] : writes) {
    BundleText changed = sound;
    std::string& bytes = changed.files.at(file);
    const size_t at = bytes.find("[c]", bytes.find(sign));
    bytes.replace(at, 3, "3");
    const auto attack = attack_bundles({changed}, {}, Progress());
    EXPECT_TRUE(attack.has_value() && !attack->clean()) << file;
  }
}

TEST(CollectedSurvey, ABannerOfUnknownGroupsIsAnErrorWithTheNearest) {
  TempFolder folder;
  write_study(folder, "{}", "{kind: simple, population: none}\ntables: {banner: regoin}");
  const auto publication = compute_publication(read(folder), Progress());
  ASSERT_FALSE(publication.has_value());
  EXPECT_THAT(publication.error().message, HasSubstr("did you mean 'region'?"));
  EXPECT_THAT(publication.error().message, HasSubstr("waves/2020-01/wave.yaml"));
  EXPECT_THAT(publication.error().message, Not(HasSubstr("\n")));
}

TEST(CollectedSurvey, SmallCountsAreSuppressedInEveryUnit) {
  const Publication publication = computed("{suppress_count_under: 5}", kSimple);
  size_t nurses = 0;
  for (const Answer& row : answers(2)) nurses += row.role == 3 ? 1 : 0;
  ASSERT_GT(nurses, 0U);
  ASSERT_LT(nurses, 5U);
  for (const char* id :
       {"2020-06.role.3.respondents", "2020-06.role.3.organisations",
        "2020-06.role.3.organisations-by-population", "2020-06.role.lead.respondents"}) {
    const Figure* figure = publication.ledger.find(id);
    ASSERT_NE(figure, nullptr) << id;
    EXPECT_EQ(figure->printed, "[c]") << id;
    EXPECT_FALSE(figure->value || figure->count || figure->n || figure->se) << id;
  }
  EXPECT_GT(publication.suppressed, 0U);
}

// What a reader of the ledger has of one item and unit: counts that are shown and the bases.
struct Seen {
  std::vector<size_t> counts;
  std::optional<size_t> base;
};

Seen seen_of(const Publication& publication, const std::string& item, const std::string& unit) {
  Seen out;
  for (const Figure& figure : publication.ledger.figures) {
    if (figure.wave != "2020-06" || figure.item != item || figure.unit != unit) continue;
    EXPECT_FALSE(figure.not_asked || figure.no_answer || figure.refused || figure.dont_know)
        << figure.id;
    if (figure.count) out.counts.push_back(*figure.count);
    if (figure.n) out.base = figure.n;
  }
  return out;
}

// Small cells of merge: the base less any of the counts that are shown must not be one of them,
// and no difference of two counts either.
TEST(CollectedSurvey, NoFieldOfTheLedgerGivesAHiddenCountBack) {
  const Publication publication = computed("{suppress_count_under: 5}", kSimple);
  size_t unsure = 0;
  for (const Answer& row : answers(2)) unsure += row.merge == 5 ? 1U : 0U;
  ASSERT_GT(unsure, 0U);
  ASSERT_LT(unsure, 5U);
  EXPECT_EQ(publication.ledger.find("2020-06.merge.5.respondents")->printed, "[c]");
  const Seen seen = seen_of(publication, "merge", "respondents");
  ASSERT_TRUE(seen.base.has_value());
  ASSERT_FALSE(seen.counts.empty());
  for (size_t subset = 0; subset < size_t{1} << seen.counts.size(); ++subset) {
    size_t sum = 0;
    for (size_t i = 0; i < seen.counts.size(); ++i) {
      if ((subset >> i & 1U) != 0) sum += seen.counts[i];
    }
    EXPECT_NE(sum, unsure);
    EXPECT_NE(sum + unsure, *seen.base);
    for (const size_t count : seen.counts) EXPECT_NE(sum + unsure, count);
  }
}

TEST(CollectedSurvey, WithoutTheRuleTheLedgerSaysWhoIsMissing) {
  const Publication publication = computed("{}", kSimple);
  const Figure* figure = publication.ledger.find("2020-06.merge.5.respondents");
  ASSERT_NE(figure, nullptr);
  EXPECT_EQ(figure->dont_know, figure->count);
  EXPECT_EQ(figure->no_answer, 0U);
}

// ---- one item's chart -------------------------------------------------------------------------

Result<Chart> drawn(const std::string& wave, const std::string& item,
                    std::optional<ChartKind> kind) {
  TempFolder folder;
  write_study(folder, "{}", kSimple);
  const Study study = read(folder);
  const auto publication = compute_publication(study, Progress());
  EXPECT_TRUE(publication) << publication.error().message;
  return chart_of_item(study, publication->waves, wave, item, kind);
}

TEST(ChartOfAnItem, IsOfTheKindAskedFor) {
  for (const auto& [item, kind, wanted] :
       std::vector<std::tuple<const char*, std::optional<ChartKind>, ChartKind>>{
           {"role", {}, ChartKind::kPie},
           {"role", ChartKind::kBar, ChartKind::kBar},
           {"merge", {}, ChartKind::kDiverging},
           {"plans", {}, ChartKind::kDiverging},
           {"plans", ChartKind::kShare, ChartKind::kShare},
           {"plans", ChartKind::kHeat, ChartKind::kHeat},
           {"confidence", ChartKind::kTrend, ChartKind::kTrend}}) {
    const auto chart = drawn("2020-06", item, kind);
    ASSERT_TRUE(chart) << chart.error().message;
    EXPECT_EQ(chart->kind, wanted) << item;
    EXPECT_TRUE(check(*chart)) << check(*chart).error().message;
    EXPECT_THAT(chart->subtitle, HasSubstr("Base: "));
  }
}

TEST(ChartOfAnItem, HeatAndSharesShowTheFiguresOfTheLedger) {
  const Publication publication = computed("{}", kSimple);
  for (const ChartKind kind : {ChartKind::kHeat, ChartKind::kShare}) {
    const auto chart = drawn("2020-06", "plans", kind);
    ASSERT_TRUE(chart) << chart.error().message;
    EXPECT_EQ(chart->rows.size(), 2U);
    for (const Row& row : chart->rows) {
      EXPECT_GE(row.marks.size(), 5U);
      for (const Mark& mark : row.marks) {
        const Figure* figure = publication.ledger.find(mark.figure_id);
        ASSERT_NE(figure, nullptr) << mark.figure_id;
        EXPECT_EQ(mark.printed, figure->printed + "%");
        EXPECT_TRUE(testing::near_rel(*mark.value, *figure->value, 1e-12, "the same figure"));
      }
    }
  }
}

TEST(ChartOfAnItem, SaysWhyThereIsNone) {
  const auto words = [](const char* wave, const char* item, std::optional<ChartKind> kind) {
    const auto chart = drawn(wave, item, kind);
    return chart ? std::string("a chart") : chart.error().message;
  };
  EXPECT_THAT(words("2020-07", "role", {}), HasSubstr("no wave with responses; did you mean"));
  EXPECT_THAT(words("2020-06", "rolle", {}), HasSubstr("did you mean 'role'?"));
  EXPECT_EQ(words("2020-06", "role", ChartKind::kDot), "a chart");
  EXPECT_THAT(words("2020-01", "confidence", ChartKind::kTrend), HasSubstr("fewer than two waves"));
  EXPECT_THAT(words("2020-06", "role", ChartKind::kTiles), HasSubstr("give --by region"));
}

// Three waves, the second of which has no such item: it keeps its place, and the line its gap.
Chart trend_with_middle(const std::string& from, const std::string& to) {
  TempFolder folder;
  write_study(folder, "{}", kSimple);
  write_wave(folder, "2020-09", kSimple, 3);
  for (const char* file : {"questionnaire.yaml", "responses.csv"}) {
    const std::string name = std::string("study/waves/2020-06/") + file;
    folder.write(name, replaced(read_file(folder / name).value(), from, to));
  }
  const Study study = read(folder);
  const auto publication = compute_publication(study, Progress());
  EXPECT_TRUE(publication) << publication.error().message;
  return chart_of_item(study, publication->waves, "2020-09", "confidence", ChartKind::kTrend)
      .value();
}

TEST(ChartOfAnItem, AWaveWithoutTheItemIsAGapInItsTrend) {
  for (const auto& [from, to, why] : std::vector<std::tuple<const char*, const char*, const char*>>{
           {"confidence", "sureness", "not asked"},
           {"How confident are you?", "How sure are you?", "other wording"}}) {
    const Chart chart = trend_with_middle(from, to);
    ASSERT_EQ(chart.rows.size(), 3U);
    EXPECT_EQ(chart.rows[1].label, "2020-06");
    EXPECT_TRUE(chart.rows[1].marks.empty());
    EXPECT_EQ(chart.rows[1].base, why);
    EXPECT_TRUE(chart.rows[0].marks.front().value && chart.rows[2].marks.front().value);
    EXPECT_FALSE(chart.rows[2].marks.front().new_wording);
  }
}

TEST(ChartOfAnItem, AReadingOnASmallBaseIsLeftOutOfTheLine) {
  TempFolder folder;
  write_study(folder, "{note_base_under: 10000, bracket_base_under: 10000}", kSimple);
  Diagnostics problems;
  const Study study = read_study(folder / "study", problems, true);
  if (!problems.ok()) FAIL() << problems.text();
  const auto publication = compute_publication(study, Progress());
  ASSERT_TRUE(publication) << publication.error().message;
  const auto chart =
      chart_of_item(study, publication->waves, "2020-06", "confidence", ChartKind::kTrend);
  ASSERT_FALSE(chart);
  EXPECT_THAT(chart.error().message, HasSubstr("fewer than two waves"));
}

class PublishedBundle : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    write_study(*folder_, "{suppress_count_under: 5}", kSimple);
    auto report = publish(read(*folder_), *folder_ / "site", Progress());
    ASSERT_TRUE(report.has_value()) << report.error().message;
    report_ = std::make_unique<PublishReport>(std::move(*report));
  }
  static void TearDownTestSuite() {
    report_.reset();
    folder_.reset();
  }
  static std::string bytes(const std::string& name) { return *read_file(*folder_ / "site" / name); }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline std::unique_ptr<PublishReport> report_;
};

TEST_F(PublishedBundle, EveryDrawnMarkEqualsItsFigure) {
  size_t marks = 0;
  for (const auto& entry : fs::directory_iterator(*folder_ / "site/charts")) {
    const fs::path& file = entry.path();
    // On a phone there may be no room for the axis that lengths are read against.
    if (file.extension() != ".svg" || file.stem().string().ends_with("-narrow")) continue;
    const auto drawn = read_back(*read_file(entry.path()));
    ASSERT_TRUE(drawn.has_value()) << drawn.error().message;
    for (const DrawnMark& mark : *drawn) {
      const Figure* figure = report_->ledger.find(mark.figure_id);
      ASSERT_NE(figure, nullptr) << mark.figure_id;
      const bool percent = figure->kind == FigureKind::kPercent;
      const std::string printed = figure->printed + (percent ? "%" : "");
      EXPECT_TRUE(mark.printed.empty() || mark.printed == printed)
          << mark.figure_id << " " << mark.printed;
      EXPECT_THAT(mark.description, HasSubstr(printed));
      EXPECT_NE(figure->marker, Marker::kSuppressed) << mark.figure_id;
      // A bar is as long as its figure, a dot stands at it; drawn to a tenth of a unit.
      const double measured = percent ? std::abs(mark.length()) : mark.from;
      EXPECT_NEAR(measured, *figure->value, 0.1) << mark.figure_id;
      ++marks;
    }
  }
  EXPECT_GT(marks, 10U);
}

TEST_F(PublishedBundle, HoldsNoVerbatimsNoNamesNoSuppressedNumbers) {
  for (const auto& entry : fs::recursive_directory_iterator(*folder_ / "site")) {
    if (!entry.is_regular_file()) continue;
    const std::string content = *read_file(entry.path());
    EXPECT_THAT(content, Not(HasSubstr("secret words"))) << entry.path();
    EXPECT_THAT(content, Not(HasSubstr("Person Named"))) << entry.path();
  }
}

TEST_F(PublishedBundle, TheSpecificationsHoldNoSuppressedFigure) {
  for (const Figure& figure : report_->ledger.figures) {
    if (figure.marker != Marker::kSuppressed) continue;
    for (const auto& entry : fs::directory_iterator(*folder_ / "site/charts")) {
      if (entry.path().extension() != ".json") continue;
      const std::string spec = *read_file(entry.path());
      EXPECT_THAT(spec, Not(HasSubstr("(" + figure.id + ")"))) << entry.path();
    }
  }
}

TEST_F(PublishedBundle, TablesCarryBaseWordingAndUncertainty) {
  const std::string page = bytes("index.html");
  for (const char* words :
       {"What is your role?", "Base: All respondents", "n = ", "95% interval", "Not weighted.",
        "Sample size", "Geography", "Fieldwork", "groups, by population", "1 January 2020"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
  EXPECT_THAT(bytes("tables/2020-06-plans.csv"),
              HasSubstr("figure,item,statement,answer,unit,printed,marker,value,se,lower,upper"));
}

TEST_F(PublishedBundle, EveryChartStandsBesideTheTableOfItsFigures) {
  const std::string page = bytes("charts.html");
  size_t charts = 0;
  for (const auto& entry : fs::directory_iterator(*folder_ / "site/charts")) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".vl.json")) continue;
    const std::string id = name.substr(0, name.size() - 8);
    ++charts;
    const size_t start = page.find("<section id=\"chart-" + id + "\">");
    ASSERT_NE(start, std::string::npos) << id;
    const std::string section = page.substr(start, page.find("</section>", start) - start);
    EXPECT_THAT(section, HasSubstr("charts/" + id + ".svg"));
    EXPECT_THAT(section, HasSubstr("<table>"));
    const auto drawn = read_back(bytes("charts/" + id + ".svg"));
    ASSERT_TRUE(drawn) << drawn.error().message;
    for (const DrawnMark& mark : *drawn) {
      const Figure* figure = report_->ledger.find(mark.figure_id);
      EXPECT_THAT(section, HasSubstr(figure->printed)) << mark.figure_id;
    }
    EXPECT_THAT(bytes("charts/" + id + ".js"), ::testing::StartsWith("barometerChart(\"" + id));
  }
  EXPECT_EQ(charts, report_->charts);
}

TEST_F(PublishedBundle, OnlyTheChartsPageMayRunScriptsAndOnlyTheBundles) {
  EXPECT_THAT(bytes("charts.html"), HasSubstr("script-src &#39;self&#39;\""));
  EXPECT_THAT(bytes("charts.html"), Not(HasSubstr("unsafe")));
  for (const char* page : {"index.html", "ledger.html"}) {
    EXPECT_THAT(bytes(page), Not(HasSubstr("script"))) << page;
  }
  for (const char* library : {"vega", "vega-lite", "vega-embed"}) {
    EXPECT_GT(bytes(fmt::format("vega/{}.min.js", library)).size(), 50'000U);
    EXPECT_THAT(bytes(fmt::format("vega/LICENSE-{}", library)), HasSubstr("Redistribution"));
  }
}

TEST_F(PublishedBundle, StoppedWorkWritesNothing) {
  Progress progress;
  progress.stop();
  const auto report = publish(read(*folder_), *folder_ / "stopped", progress);
  EXPECT_FALSE(report.has_value());
  EXPECT_FALSE(fs::exists(*folder_ / "stopped"));
}

}  // namespace
}  // namespace barometer
