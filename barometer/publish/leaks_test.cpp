// Real bundles, then tampered with: what one file shows that the ledger hides is found in every
// format; and an edition that names one person, taken with the one before, does not leave.
#include <array>
#include <filesystem>
#include <functional>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/attack/attack.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/chart/read_back.h"
#include "barometer/io/workbook.h"
#include "barometer/publish/books.h"
#include "barometer/publish/publish.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempFolder;

constexpr const char* kQuestionnaire = R"(
title: Small
items:
  - id: role
    type: single
    text: What is your role?
    label: Role
    options: [Chair, Officer, Nurse, Clerk]
    nets: {lead: {label: Chair or officer, options: [Chair, Officer]}}
  - {id: merge, type: likelihood, text: "Will you merge?", label: Merge}
)";

// Two nurses and few who do not know; everything else is large.
std::string responses(size_t people) {
  std::minstd_rand random(5);
  std::string out = "respondent,organisation,role,merge\n";
  for (size_t i = 1; i <= people; ++i) {
    const auto draw = static_cast<unsigned>(random());
    const int role = i <= 2 ? 3 : i % 7 == 0 ? 4 : 1 + static_cast<int>(draw / 7 % 2);
    const int merge = i % 40 == 0 ? 5 : 1 + static_cast<int>(draw / 31 % 4);
    out += fmt::format("r{},o{},{},{}\n", i, i, role, merge);
  }
  return out;
}

Study write_study(const TempFolder& folder, const std::string& name, size_t people,
                  const std::string& print) {
  const std::string root = name + "/";
  folder.write(root + "study.yaml",
               "title: Small\nseries: Small\nsponsor: S\nconducted_by: C\ngeography: G\n"
               "population: leaders\nprint: " +
                   print + "\n");
  std::string organisations = "id,name,region,population\n";
  std::string listed = "id,organisation,role,name\n";
  for (int i = 1; i <= 300; ++i) {
    organisations += fmt::format("o{0},Organisation {0},North,1000\n", i);
    listed += fmt::format("p{0},o{0},Chair,Person {0}\n", i);
  }
  folder.write(root + "frame/f1/frame.yaml",
               "date: 2020-01-01\nsource: a list\ncoverage_gaps: none\nexclusions: none\n");
  folder.write(root + "frame/f1/organisations.csv", organisations);
  folder.write(root + "frame/f1/people.csv", listed);
  folder.write(root + "waves/2020-01/wave.yaml",
               "title: Wave\nfieldwork: {start: 2020-01-01, end: 2020-01-20}\nmode: web\n"
               "frame: f1\npopulation: leaders\nweighting: Not weighted.\n"
               "design: {kind: simple, population: frame}\n");
  folder.write(root + "waves/2020-01/questionnaire.yaml", kQuestionnaire);
  folder.write(root + "waves/2020-01/responses.csv", responses(people));
  Diagnostics problems;
  Study study = read_study(folder / name, problems, true);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return study;
}

constexpr const char* kUnderFive = "{suppress_count_under: 5}";
constexpr const char* kNurse = "2020-01.role.3.respondents";

class TamperedBundle : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    const Study study = write_study(*folder_, "study", 160, kUnderFive);
    const auto report = publish(study, *folder_ / "site", Progress());
    ASSERT_TRUE(report.has_value()) << report.error().message;
    auto bundle = read_bundle(*folder_ / "site");
    ASSERT_TRUE(bundle.has_value());
    bundle_ = std::make_unique<BundleText>(std::move(*bundle));
  }
  static void TearDownTestSuite() {
    bundle_.reset();
    folder_.reset();
  }

  static BundleAttack attacked(const BundleText& bundle) {
    auto attack = attack_bundles({bundle}, {}, Progress());
    EXPECT_TRUE(attack.has_value()) << attack.error().message;
    return attack ? std::move(*attack) : BundleAttack();
  }

  // The bundle with one file changed: `from`, after the place of `after`, is replaced.
  static BundleText changed(const std::string& file, const std::string& after,
                            const std::string& from, const std::string& to) {
    BundleText out = *bundle_;
    std::string& bytes = out.files.at(file);
    const size_t start = bytes.find(after);
    EXPECT_NE(start, std::string::npos) << file << " has no " << after;
    const size_t at = bytes.find(from, start);
    EXPECT_NE(at, std::string::npos) << file << " has no " << from;
    if (at != std::string::npos) bytes.replace(at, from.size(), to);
    return out;
  }

  static void expect_shown(const BundleText& bundle, const std::string& file) {
    const BundleAttack attack = attacked(bundle);
    bool told = false;
    for (const Leak& leak : attack.leaks) {
      told = told || (leak.kind == LeakKind::kShown && leak.text.find(file) != std::string::npos);
    }
    EXPECT_TRUE(told) << report_text(attack);
  }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline std::unique_ptr<BundleText> bundle_;
};

TEST_F(TamperedBundle, UntouchedItIsCleanAndHidesSomething) {
  const BundleAttack attack = attacked(*bundle_);
  EXPECT_TRUE(attack.clean()) << report_text(attack);
  EXPECT_THAT(bundle_->files.at("ledger.csv"), HasSubstr("[c]"));
  EXPECT_THAT(report_text(attack), HasSubstr("Clean: "));
  EXPECT_GT(attack.asked, 20U);
}

TEST_F(TamperedBundle, ATableThatShowsAHiddenValue) {
  expect_shown(changed("tables/2020-01-role.csv", kNurse, "[c],,,", "[c],2,,"),
               "tables/2020-01-role.csv");
}

TEST_F(TamperedBundle, TheLedgersCsvThatShowsAHiddenBase) {
  expect_shown(changed("ledger.csv", kNurse, "respondents,[c],[c],,", "respondents,[c],[c],2,"),
               "ledger.csv");
}

TEST_F(TamperedBundle, APageThatShowsAHiddenFigure) {
  expect_shown(changed("index.html", std::string(" id=\"") + kNurse, "[c]", "1%"), "index.html");
}

TEST_F(TamperedBundle, TheLedgersPageThatShowsAHiddenCount) {
  expect_shown(changed("ledger.html", std::string(" id=\"") + kNurse, "</dl>",
                       "<dt>Cases with the answer</dt><dd>2</dd></dl>"),
               "ledger.html");
}

TEST_F(TamperedBundle, AChartThatDrawsAHiddenFigure) {
  std::string other;
  for (const auto& [name, bytes] : bundle_->files) {
    if (name == "charts/2020-01-role.svg") other = bytes;
  }
  ASSERT_FALSE(other.empty());
  const size_t at = other.find("data-figure=\"") + 13;
  const std::string drawn = other.substr(at, other.find('"', at) - at);
  expect_shown(changed("charts/2020-01-role.svg", "<svg", "data-figure=\"" + drawn,
                       std::string("data-figure=\"") + kNurse),
               "charts/2020-01-role.svg");
  expect_shown(changed("charts/2020-01-role.vl.json", "{", "(figure " + drawn,
                       std::string("(figure ") + kNurse),
               "charts/2020-01-role.vl.json");
}

TEST_F(TamperedBundle, AChartThatSaysABaseNobodySays) {
  expect_shown(changed("charts/2020-01-role.svg", "<svg", "n = 160", "n = 158"),
               "charts/2020-01-role.svg");
}

TEST_F(TamperedBundle, AStoryThatSaysAHiddenFigure) {
  BundleText bundle = *bundle_;
  bundle.files["story.md"] = fmt::format("Only 2 nurses answered ({}).\n", kNurse);
  expect_shown(bundle, "story.md");
}

TEST_F(TamperedBundle, AJsonFileThatShowsAHiddenFigure) {
  BundleText bundle = *bundle_;
  bundle.files["extra.json"] =
      fmt::format(R"({{"a": [{{"figure": "{}", "share": 1.25}}]}})", kNurse);
  expect_shown(bundle, "extra.json");
}

TEST_F(TamperedBundle, AWorkbookThatShowsAHiddenFigure) {
  Workbook book;
  Sheet sheet;
  sheet.name = "2020-01-role";
  SheetCell label, answer, shown;
  label.value = std::string("Role");
  answer.value = std::string("Nurse");
  shown.value = 2.0;
  sheet.rows = {{label, answer, shown}};
  book.sheets.push_back(sheet);
  BundleText bundle = *bundle_;
  bundle.files["tables.xlsx"] = *workbook_bytes(book);
  expect_shown(bundle, "tables.xlsx");
  bundle.files["tables.xlsx"] = "PK no archive";
  EXPECT_THAT(report_text(attacked(bundle)), HasSubstr("Not read: tables.xlsx"));
}

TEST_F(TamperedBundle, ALedgerThatGivesTheOtherHiddenCellAway) {
  // The cell hidden for the sake of the small one is shown again: the small one follows.
  BundleText bundle = *bundle_;
  std::string& ledger = bundle.files.at("ledger.json");
  size_t opened = 0;
  for (const char* answer : {"1", "2", "4", "lead"}) {
    const std::string id = fmt::format("\"id\": \"2020-01.role.{}.respondents\"", answer);
    const size_t at = ledger.find(id);
    ASSERT_NE(at, std::string::npos);
    const size_t end = ledger.find("},", at);
    const size_t marker = ledger.find("\"marker\": \"[c]\",", at);
    if (marker > end) continue;
    const int count = answer[0] == '4' ? 22 : answer[0] == 'l' ? 136 : 68;
    ledger.replace(marker, 16, fmt::format("\"count\": {}, \"n\": 160,", count));
    ++opened;
  }
  ASSERT_GT(opened, 0U);
  const auto attack = attack_bundles({bundle}, {}, Progress());
  if (attack) {
    EXPECT_FALSE(attack->clean());
  } else {
    EXPECT_EQ(attack.error().code, ErrorCode::kInvalid);  // 68 and 68 need not be what others say
  }
}

TEST_F(TamperedBundle, ThingsThatAreNoBundleAreRefused) {
  EXPECT_EQ(read_bundle(*folder_ / "nothing").error().code, ErrorCode::kNotFound);
  BundleText bundle = *bundle_;
  for (const char* text :
       {"", "{", "[]", "{\"figures\": 3}", "{\"figures\": [{\"kind\": \"count\"}]}",
        "{\"figures\": [{\"id\": \"a\", \"n\": \"many\"}]}",
        "{\"figures\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}"}) {
    bundle.files["ledger.json"] = text;
    EXPECT_EQ(attack_bundles({bundle}, {}, Progress()).error().code, ErrorCode::kInvalid) << text;
  }
  // A figure of no wave says nothing, and takes nothing down.
  bundle.files["ledger.json"] =
      R"({"figures": [{"id": "a", "item": "q", "answer": "1", "unit": "respondents", "n": 9}]})";
  EXPECT_TRUE(attack_bundles({bundle}, {}, Progress()).has_value());
  bundle = *bundle_;
  bundle.files["disclosure.json"] = std::string(100'000, '[');
  EXPECT_EQ(attack_bundles({bundle}, {}, Progress()).error().code, ErrorCode::kInvalid);
}

// ---- editions
// ------------------------------------------------------------------------------------

TEST(Editions, OneMorePersonDoesNotLeave) {
  TempFolder folder;
  const Study before = write_study(folder, "before", 160, "{}");
  ASSERT_TRUE(publish(before, folder / "old", Progress()).has_value());
  const Study after = write_study(folder, "after", 161, "{}");
  const auto alone = publish(after, folder / "alone", Progress());
  ASSERT_TRUE(alone.has_value()) << alone.error().message;
  const auto refused = publish(after, folder / "new", Progress(), {folder / "old"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing was published"));
  EXPECT_THAT(refused.error().message, HasSubstr("the base is exactly 1, which is under 10"));
  EXPECT_THAT(refused.error().message, HasSubstr(" in the new bundle"));
  EXPECT_FALSE(fs::exists(folder / "new"));
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().string().find(".partial-"), std::string::npos) << entry.path();
  }
}

TEST(Editions, FortyMorePeopleMayLeave) {
  TempFolder folder;
  ASSERT_TRUE(
      publish(write_study(folder, "before", 120, "{}"), folder / "old", Progress()).has_value());
  const Study after = write_study(folder, "after", 160, "{}");
  const auto report = publish(after, folder / "new", Progress(), {folder / "old"});
  EXPECT_TRUE(report.has_value()) << report.error().message;
}

TEST(Editions, WhatTheOldOneShowedIsNotHiddenByTheNew) {
  TempFolder folder;
  ASSERT_TRUE(
      publish(write_study(folder, "open", 160, "{}"), folder / "old", Progress()).has_value());
  const Study closed = write_study(folder, "closed", 160, kUnderFive);
  const auto refused = publish(closed, folder / "new", Progress(), {folder / "old"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("old/ledger.json: 2020-01.role.3.respondents"));
  // Which is nothing that could still be hidden, and no size of a wave.
  EXPECT_THAT(refused.error().message,
              HasSubstr("is out: nothing that the new bundle hides takes it back"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("only sizes of waves")));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("    hide ")));
  // Leaks that were not followed to their figures say no other.
  BundleAttackOptions short_of_time;
  short_of_time.release.most_explained = 0;
  ASSERT_TRUE(publish(closed, folder / "new", Progress()).has_value());
  const auto attack = attack_bundles({*read_bundle(folder / "new"), *read_bundle(folder / "old")},
                                     short_of_time, Progress());
  ASSERT_TRUE(attack.has_value());
  EXPECT_THAT(report_text(*attack), HasSubstr("says it, and that is out"));
  EXPECT_THAT(report_text(*attack), Not(HasSubstr("only sizes of waves")));
}

TEST(Editions, TheSameBundleTwiceSaysNothingMore) {
  TempFolder folder;
  const Study study = write_study(folder, "study", 160, kUnderFive);
  ASSERT_TRUE(publish(study, folder / "old", Progress()).has_value());
  const auto again = publish(study, folder / "new", Progress(), {folder / "old"});
  EXPECT_TRUE(again.has_value()) << again.error().message;
}

// ---- numbers, small groups, fine banners

// The study with these answers to a number and to "merge", and tables by this banner.
Study with_answers(const TempFolder& folder, const std::string& print, const std::string& banner,
                   const std::string& rows) {
  write_study(folder, "study", 160, print);
  const std::string wave = "study/waves/2020-01/";
  folder.write(wave + "questionnaire.yaml",
               std::string(kQuestionnaire) +
                   "  - {id: board, type: number, text: \"On how many boards?\", label: Boards}\n");
  folder.write(wave + "responses.csv", "respondent,organisation,role,merge,board\n" + rows);
  std::string settings = *read_file(folder / (wave + "wave.yaml"));
  if (!banner.empty()) settings += "tables: {banner: '" + banner + "'}\n";
  folder.write(wave + "wave.yaml", settings);
  Diagnostics problems;
  Study study = read_study(folder / "study", problems, true);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return study;
}

// 160 people, `ones` of whom give 1 and the rest `other`.
std::string boards(int ones, const char* other) {
  std::string rows;
  for (int i = 1; i <= 160; ++i) {
    rows += fmt::format("r{},o{},{},{},{}\n", i, i, 1 + i % 2, 1 + i % 4, i <= ones ? "1" : other);
  }
  return rows;
}

TEST(Numbers, AMeanOfNoughtsAndOnesIsACountOfPeople) {
  const std::tuple<int, const char*, bool> kCases[] = {
      {3, "0", true},      // three people
      {157, "0", true},    // all but three
      {60, "0", false},    // many either way
      {0, "0", false},     // nobody
      {3, "2.5", false},   // an amount
      {100, "40", false},  // beyond ten: who knows which sums give it
  };
  for (const auto& [ones, other, hidden] : kCases) {
    TempFolder folder;
    const Study study = with_answers(folder, kUnderFive, "", boards(ones, other));
    const auto publication = compute_publication(study, Progress());
    ASSERT_TRUE(publication.has_value()) << publication.error().message;
    const Figure* mean = publication->ledger.find("2020-01.board.mean.respondents");
    ASSERT_NE(mean, nullptr);
    EXPECT_EQ(mean->marker == Marker::kSuppressed, hidden) << ones << " and " << other;
    EXPECT_NE(mean->value.has_value(), hidden);
  }
}

// ---- banners made of an item that has a table of its own

using Counts = std::array<int64_t, 4>;  // by role

std::string rows_of(const Counts& counts) {
  std::string rows;
  int i = 0;
  for (size_t role = 0; role < counts.size(); ++role) {
    for (int64_t k = 0; k < counts[role]; ++k) {
      ++i;
      rows += fmt::format("r{},o{},{},{},0\n", i, i, role + 1, 1 + i % 2);
    }
  }
  return rows;
}

// All counts that look like the ledger to a reader who knows that the base of a column is the
// number of those who gave its answer: least and most of each.
std::array<std::pair<int64_t, int64_t>, 4> seen_in(const Ledger& ledger, int64_t people) {
  std::array<std::optional<int64_t>, 4> known;
  std::optional<int64_t> lead;
  for (const Figure& figure : ledger.figures) {
    const std::string id = figure.id;
    for (size_t role = 0; role < known.size(); ++role) {
      if (id == fmt::format("2020-01.role.{}.respondents", role + 1) && figure.count) {
        known[role] = *figure.count;
      }
      if (figure.group == fmt::format("role-{}", role + 1) && figure.n) known[role] = *figure.n;
    }
    if (id == "2020-01.role.lead.respondents" && figure.count) lead = *figure.count;
  }
  std::array<std::pair<int64_t, int64_t>, 4> seen;
  seen.fill({people, -1});
  Counts world{};
  const std::function<void(size_t, int64_t)> walk = [&](size_t role, int64_t left) {
    if (role + 1 == world.size()) {
      world[role] = left;
      if (known[role] && *known[role] != left) return;
      if (lead && world[0] + world[1] != *lead) return;
      for (size_t i = 0; i < world.size(); ++i) {
        seen[i] = {std::min(seen[i].first, world[i]), std::max(seen[i].second, world[i])};
      }
      return;
    }
    for (int64_t n = known[role].value_or(0); n <= known[role].value_or(left) && n <= left; ++n) {
      world[role] = n;
      walk(role + 1, left - n);
    }
  };
  walk(0, people);
  return seen;
}

TEST(BannerOfAnItem, ItsColumnBasesGiveNoHiddenCountAway) {
  const Counts kStudies[] = {{50, 4, 20, 0},  {50, 3, 9, 0},  {40, 2, 11, 20}, {30, 30, 3, 30},
                             {60, 12, 1, 13}, {25, 25, 2, 4}, {70, 4, 4, 30},  {33, 4, 33, 33}};
  size_t hidden = 0;
  size_t columns = 0;
  for (const Counts& counts : kStudies) {
    TempFolder folder;
    const Study study = with_answers(folder, "{suppress_count_under: 5, suppress_base_under: 5}",
                                     "role", rows_of(counts));
    const auto publication = compute_publication(study, Progress());
    ASSERT_TRUE(publication.has_value()) << publication.error().message;
    const auto seen = seen_in(publication->ledger, counts[0] + counts[1] + counts[2] + counts[3]);
    for (size_t role = 0; role < counts.size(); ++role) {
      const Figure* figure =
          publication->ledger.find(fmt::format("2020-01.role.{}.respondents", role + 1));
      ASSERT_NE(figure, nullptr);
      const auto [least, most] = seen[role];
      EXPECT_LE(least, counts[role]) << fmt::format("{}", fmt::join(counts, ","));
      EXPECT_GE(most, counts[role]);
      const bool small = counts[role] >= 1 && counts[role] < 5;
      EXPECT_FALSE(small && figure->count);
      if (figure->count) continue;
      ++hidden;
      EXPECT_GE(most - least, 4) << fmt::format("{}: role {}", fmt::join(counts, ","), role + 1);
    }
    for (const Figure& figure : publication->ledger.figures) {
      columns += figure.group.empty() || !figure.n ? 0U : 1U;
      EXPECT_FALSE(!figure.group.empty() && figure.item == "role") << figure.id;
    }
    ASSERT_TRUE(publish(study, folder / "site", Progress()).has_value());
  }
  EXPECT_GT(hidden, 15U);
  EXPECT_GT(columns, 20U);  // not everything is hidden
}

TEST(Uniform, WhatASmallGroupSaysWithOneVoiceIsHiddenWhereTheStudySaysSo) {
  std::string rows;
  for (int i = 1; i <= 160; ++i) {
    const bool nurse = i <= 15;
    rows += fmt::format("r{},o{},{},{},0\n", i, i, nurse ? 3 : 1 + i % 2, nurse ? 2 : 1 + i % 4);
  }
  for (const bool asked : {false, true}) {
    TempFolder folder;
    const Study study = with_answers(folder, asked ? "{uniform_under: 20}" : "{}", "role", rows);
    const auto publication = compute_publication(study, Progress());
    ASSERT_TRUE(publication.has_value()) << publication.error().message;
    const Figure* all = publication->ledger.find("2020-01.merge.2.respondents.role-3");
    const Figure* others = publication->ledger.find("2020-01.merge.2.respondents.role-1");
    ASSERT_TRUE(all != nullptr && others != nullptr);
    EXPECT_EQ(all->marker == Marker::kSuppressed, asked);
    EXPECT_NE(others->marker, Marker::kSuppressed);
  }
}

TEST(FineBanner, IsSaidToHideMostAndWhichWouldDo) {
  TempFolder folder;
  const Study study = with_answers(folder, kUnderFive, "role > board, board", boards(60, "0"));
  EXPECT_FALSE(check_banner(study, study.waves.front()).has_value());  // a number is no banner
  TempFolder fine;
  std::string rows;  // four of each role and answer
  for (int i = 0; i < 64; ++i) {
    rows += fmt::format("r{},o{},{},{},0\n", i + 1, i + 1, 1 + i % 4, 1 + i / 4 % 4);
  }
  const Study other = with_answers(fine, kUnderFive, "region > role", rows);
  const auto told = compute_publication(other, Progress());
  ASSERT_TRUE(told.has_value()) << told.error().message;
  ASSERT_EQ(told->notes.size(), 1U);
  EXPECT_THAT(told->notes.front(), HasSubstr("2020-01, by group: "));
  EXPECT_THAT(told->notes.front(), HasSubstr(" cells are suppressed. The banner is too fine"));
  EXPECT_THAT(told->notes.front(), HasSubstr("'region' 0 of "));
  EXPECT_THAT(banner_loss(other, other.waves.front(), Progress()).value(), HasSubstr("'region'"));
  EXPECT_THAT(told->books.front().printed.tables.front().notes.back(), HasSubstr("suppressed."));
}

// ---- tiles

constexpr const char* kTileItem =
    "  - {id: stay, type: yes-no, text: \"Will you stay?\", label: Staying, chart: tiles,\n"
    "     options: [\"Yes\", \"No\"]}\n";

// People in four roles, of the last of whom there may be few, and a map of the roles.
Study with_tiles(const TempFolder& folder, const std::string& banner, const std::string& layout,
                 bool few) {
  std::string rows;
  for (int i = 1; i <= 160; ++i) {
    const int role = few && i <= 12 ? 4 : 1 + i % (few ? 3 : 4);
    const bool yes = few && role == 4 ? i <= 2 : i / 4 % 4 != 0;
    rows += fmt::format("r{},o{},{},{},0,{}\n", i, i, role, 1 + i % 4, yes ? 1 : 2);
  }
  with_answers(folder, kUnderFive, banner, boards(60, "0"));
  const std::string wave = "study/waves/2020-01/";
  folder.write(wave + "questionnaire.yaml",
               std::string(kQuestionnaire) +
                   "  - {id: board, type: number, text: \"On how many boards?\", label: Boards}\n" +
                   kTileItem);
  folder.write(wave + "responses.csv", "respondent,organisation,role,merge,board,stay\n" + rows);
  if (!layout.empty()) folder.write("study/frame/f1/tiles.csv", layout);
  Diagnostics problems;
  Study study = read_study(folder / "study", problems, true);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return study;
}

TEST(Tiles, OfAPublishedBundleHideWhatItsTablesHide) {
  TempFolder folder;
  const Study study = with_tiles(folder, "role", "", true);
  const auto report = publish(study, folder / "site", Progress());
  ASSERT_TRUE(report.has_value()) << report.error().message;
  auto bundle = read_bundle(folder / "site");
  ASSERT_TRUE(bundle.has_value());
  const std::string svg = bundle->files.at("charts/2020-01-stay.svg");
  size_t hidden = 0, drawn = 0;
  for (int role = 1; role <= 4; ++role) {
    const std::string id = fmt::format("2020-01.stay.1.respondents.role-{}", role);
    const Figure* figure = report->ledger.find(id);
    ASSERT_NE(figure, nullptr) << id;
    const bool shown = figure->marker != Marker::kSuppressed;
    EXPECT_EQ(svg.find("data-figure=\"" + id + "\"") != std::string::npos, shown) << id;
    (shown ? drawn : hidden) += 1;
  }
  EXPECT_GT(hidden, 0U);
  EXPECT_GT(drawn, 0U);
  EXPECT_THAT(svg, HasSubstr(">[c]<"));
  EXPECT_THAT(bundle->files.at("charts.html"), HasSubstr("chart-2020-01-stay"));
  EXPECT_TRUE(attack_bundles({*bundle}, {}, Progress())->clean());
  // The attack reads this chart too: a hidden figure on a tile is a leak.
  BundleText changed = *bundle;
  std::string& picture = changed.files.at("charts/2020-01-stay.svg");
  picture.replace(picture.find(">[c]<"), 5, ">17%<");
  const auto attack = attack_bundles({changed}, {}, Progress());
  ASSERT_TRUE(attack.has_value());
  ASSERT_FALSE(attack->clean());
  EXPECT_THAT(report_text(*attack), HasSubstr("charts/2020-01-stay.svg"));
}

TEST(Tiles, StandWhereTheFramesLayoutPutsThem) {
  TempFolder folder;
  const std::string layout =
      "name,short,column,row\nChair,Ch,2,0\nOfficer,Of,0,0\nNurse,Nu,1,1\nClerk,Cl,0,1\n";
  const Study study = with_tiles(folder, "role > region, role", layout, false);
  ASSERT_TRUE(check_banner(study, study.waves.front()).has_value());
  const auto report = publish(study, folder / "site", Progress());
  ASSERT_TRUE(report.has_value()) << report.error().message;
  const std::string svg = *read_file(folder / "site/charts/2020-01-stay.svg");
  const auto marks = read_back(svg);
  ASSERT_TRUE(marks.has_value()) << marks.error().message;
  std::map<std::string, const DrawnMark*> tiles;
  for (const DrawnMark& mark : *marks)
    tiles[mark.figure_id.substr(mark.figure_id.size() - 6)] = &mark;
  ASSERT_TRUE(tiles.contains("role-1") && tiles.contains("role-2"));
  EXPECT_GT(tiles.at("role-1")->left, tiles.at("role-2")->right);
  EXPECT_EQ(tiles.at("role-1")->top, tiles.at("role-2")->top);
}

TEST(Tiles, WithoutAGroupToStandForAreRefused) {
  for (const char* banner : {"", "role > region"}) {
    TempFolder folder;
    const Study study = with_tiles(folder, banner, "", true);
    const auto checked = check_banner(study, study.waves.front());
    ASSERT_FALSE(checked.has_value()) << banner;
    EXPECT_THAT(checked.error().message, HasSubstr("'stay' of wave '2020-01' is to be drawn as"));
    const auto report = publish(study, folder / "site", Progress());
    ASSERT_FALSE(report.has_value());
    EXPECT_THAT(report.error().message, HasSubstr("tables: {banner: region}"));
  }
}

}  // namespace
}  // namespace barometer
