#include "barometer/reconstruct/reconstruct.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/io/io.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kQuestions = R"(
title: Leaders
items:
  - {id: role, type: single, text: Role, options: [Chair, Accountable officer, Other post]}
  - {id: leave, type: likelihood, text: Would you leave}
  - {id: pooled, type: yes-no, text: Pooled budget}
  - {id: confidence, type: score, text: How confident, scale: {low: 1, high: 10}}
  - {id: blocks, type: multi, text: Which blocks, options: [Tariff, Rules, Money]}
  - {id: hopes, type: open, text: Hopes}
)";

// A study of 40 organisations, each with a chair, an accountable officer and a finance officer.
struct World {
  Study study;
  Diagnostics problems;

  World() {
    study.id = "leaders";
    study.title = "Leaders";
    std::string organisations = "id,name,region\n";
    std::string people = "id,organisation,role\n";
    for (int i = 1; i <= 40; ++i) {
      const std::string id = "g" + std::to_string(i);
      organisations += id + ",Group " + id + ",North\n";
      people += id + "-chair," + id + ",Chair\n";
      people += id + "-officer," + id + ",Accountable officer\n";
      people += id + "-finance," + id + ",Chief finance officer\n";
    }
    study.frames["f"] =
        Frame::parse(organisations, "organisations.csv", people, "people.csv", {}, problems);
  }

  // Rows "id,kind,item,answer,value,base,since" of wave `id`.
  Wave& add_wave(const std::string& id, const std::string& rows,
                 const std::string& questions = kQuestions) {
    Wave wave;
    wave.id = id;
    wave.frame_version = "f";
    wave.reconstruction = true;
    wave.questionnaire =
        read_questionnaire(load_yaml(questions, "questionnaire.yaml", problems), problems);
    const CsvTable table = CsvTable::parse("id,kind,item,answer,value,base,since\n" + rows,
                                           "waves/" + id + "/published.csv", problems);
    for (size_t row = 0; row < table.row_count(); ++row) {
      PublishedFigure figure;
      figure.id = table.cell(row, "id").text;
      figure.kind = table.cell(row, "kind").text;
      figure.item = table.cell(row, "item").text;
      figure.answer = table.cell(row, "answer").text;
      figure.value = *parse_decimal(table.cell(row, "value").text);
      figure.base = table.cell(row, "base").text;
      figure.since = table.cell(row, "since").text;
      figure.source = "the report";
      figure.place = table.cell(row, "id").place;
      wave.published.push_back(figure);
    }
    study.waves.push_back(std::move(wave));
    EXPECT_EQ(problems.text(), "");
    return study.waves.back();
  }

  Result<ReconstructionOutcome> run(const std::string& rows) {
    return reconstruct(study, add_wave("w", rows), {}, Progress());
  }
};

ReconstructionOutcome solved(const std::string& rows) {
  World world;
  auto outcome = world.run(rows);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().message);
  EXPECT_TRUE(outcome->solved()) << (outcome->solved() ? "" : outcome->conflicts[0].message);
  return *std::move(outcome);
}

FigureConflict refused(const std::string& rows) {
  World world;
  auto outcome = world.run(rows);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().message);
  EXPECT_EQ(outcome->conflicts.size(), 1U);
  EXPECT_FALSE(outcome->responses.has_value());
  return outcome->conflicts.empty() ? FigureConflict{} : outcome->conflicts[0];
}

std::string error_of(const std::string& rows) {
  World world;
  const auto outcome = world.run(rows);
  EXPECT_FALSE(outcome.has_value());
  return outcome ? "" : outcome.error().message;
}

const Texts& text_column(const Dataset& data, std::string_view id) {
  return std::get<Texts>(**data.find(id));
}

// How many cases hold each file code.
std::map<int, size_t> tally(const Dataset& data, std::string_view id) {
  std::map<int, size_t> out;
  const Column& column = **data.find(id);
  for (size_t row = 0; row < data.case_count(); ++row) {
    const Missing missing = missing_at(column, row);
    ++out[missing == Missing::kNone ? code_at(column, row) : file_code(missing)];
  }
  return out;
}

size_t distinct_organisations(const Dataset& data) {
  std::set<std::string> seen;
  for (const std::string& ids : text_column(data, "organisation").values) {
    for (const std::string& id : split(ids, ';')) seen.insert(id);
  }
  return seen.size();
}

constexpr const char* kWave =
    "f1,n,,,46,,\n"
    "f2,organisations,,,37,,\n"
    "f3,percent,role,Chair,59,,\n"
    "f4,percent,role,Accountable officer,22,,\n"
    "f5,percent,leave,likely,45,solve,\n"
    "f6,mean,confidence,,7.2,,\n"
    "f7,percent,blocks,Tariff,80,,\n"
    "f8,count,blocks,Rules,30,,\n";

TEST(Reconstruct, ResponsesGiveEveryFigureBack) {
  const ReconstructionOutcome outcome = solved(kWave);
  const Dataset& data = *outcome.responses;
  EXPECT_EQ(data.case_count(), 46U);
  EXPECT_EQ(distinct_organisations(data), 37U);
  const auto roles = tally(data, "role");
  EXPECT_EQ(roles.at(1), 27U);
  EXPECT_EQ(roles.at(2), 10U);
  // 45 per cent cannot be had from 46 leaders; the largest base that gives it is 44.
  const auto leave = tally(data, "leave");
  EXPECT_EQ(leave.at(1) + leave.at(2), 20U);
  EXPECT_EQ(leave.at(-2), 2U);
  int64_t scores = 0;
  for (const auto& [code, count] : tally(data, "confidence")) {
    scores += code * static_cast<int64_t>(count);
  }
  EXPECT_EQ(round(Ratio{scores, 46}, 1), (Decimal{72, 1}));
  size_t tariff = 0;
  size_t rules = 0;
  for (const uint64_t bits : std::get<OptionSets>(**data.find("blocks")).bits) {
    tariff += bits & 1U;
    rules += bits >> 1U & 1U;
  }
  EXPECT_EQ(tariff, 37U);
  EXPECT_EQ(rules, 30U);
}

TEST(Reconstruct, QuestionsWithNoFigureHaveNoAnswers) {
  const ReconstructionOutcome outcome = solved(kWave);
  EXPECT_EQ(tally(*outcome.responses, "pooled"), (std::map<int, size_t>{{-2, 46}}));
  EXPECT_EQ(text_column(*outcome.responses, "hopes").missing.front(), Missing::kSystem);
  EXPECT_EQ(outcome.record.item("pooled"), nullptr);
  EXPECT_THAT(outcome.record.notes, Contains(HasSubstr("No figure was printed of pooled, hopes")));
}

TEST(Reconstruct, EveryFigureHasItsResult) {
  const ReconstructionOutcome outcome = solved(kWave);
  std::vector<std::string> found;
  for (const FoundFigure& figure : outcome.record.figures) {
    EXPECT_TRUE(figure.used);
    found.push_back(figure.id + " " + figure.recomputed);
  }
  EXPECT_THAT(found,
              ElementsAre("f1 46", "f2 37", "f3 59", "f4 22", "f5 45", "f6 7.2", "f7 80", "f8 30"));
}

TEST(Reconstruct, SaysWhatTheFiguresFix) {
  const Reconstruction record = solved(kWave).record;
  struct Row {
    const char* item;
    const char* answer;
    bool fixed;
  };
  const Row rows[] = {
      {"role", "1", true},
      {"role", "3", true},  // the remainder: 9 of 46
      {"leave", "likely", true},
      {"leave", "1", false},
      {"leave", "unlikely", false},
      {"confidence", "mean", true},
      {"confidence", "7", false},
      {"blocks", "1", true},
      {"blocks", "3", false},
      {"pooled", "1", false},
      {"leave", "no such answer", false},
      {"hopes", "mean", false},
      {"", "", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(record.is_fixed(row.item, row.answer), row.fixed) << row.item << " " << row.answer;
  }
  EXPECT_TRUE(record.is_base_fixed("role"));
  EXPECT_FALSE(record.is_base_fixed("leave"));
  EXPECT_FALSE(record.is_base_fixed("pooled"));
  EXPECT_EQ(record.assumed_n(), std::nullopt);
}

// People of the frame who may have given each role: no organisation sends two chairs.
TEST(Reconstruct, RolesAreThoseOfPeopleInTheFrame) {
  const Dataset data = *solved(kWave).responses;
  const Column& role = **data.find("role");
  std::set<std::pair<std::string, int>> seats;
  for (size_t row = 0; row < data.case_count(); ++row) {
    const std::string& organisation = text_column(data, "organisation").values[row];
    EXPECT_TRUE(seats.insert({organisation, code_at(role, row)}).second)
        << organisation << " answers twice through the same role";
  }
}

TEST(Reconstruct, TheSameStudyGivesTheSameBytes) {
  const ReconstructionOutcome first = solved(kWave);
  const ReconstructionOutcome again = solved(kWave);
  EXPECT_EQ(reconstruction_json(first.record), reconstruction_json(again.record));
  EXPECT_EQ(csv_text(*first.responses), csv_text(*again.responses));
}

TEST(Reconstruct, MoreRolesThanTheFrameHasAreSaid) {
  const auto notes = solved("f1,n,,,45,,\nf2,percent,role,Chair,100,,\n").record.notes;
  EXPECT_THAT(notes, Contains(HasSubstr("5 of the respondents sit in an organisation")));
}

TEST(Reconstruct, OneRespondentMaySpeakForSeveralOrganisations) {
  const ReconstructionOutcome outcome = solved("f1,n,,,27,,\nf2,organisations,,,32,,\n");
  EXPECT_EQ(outcome.responses->case_count(), 27U);
  EXPECT_EQ(distinct_organisations(*outcome.responses), 32U);
  EXPECT_THAT(outcome.record.notes, Contains(HasSubstr("32 organisations answered through 27")));
}

TEST(Reconstruct, CoverageCountsOrganisations) {
  const Reconstruction record = solved("f1,n,,,46,,\nf2,coverage,,,93,,\n").record;
  EXPECT_EQ(record.organisations, 37);  // 37 of 40 is 92.5
  EXPECT_TRUE(record.organisations_printed);
}

TEST(Reconstruct, UnprintedOrganisationsAreNotIdentified) {
  const Reconstruction record = solved("f1,n,,,30,,\n").record;
  EXPECT_EQ(record.organisations, 30);
  EXPECT_FALSE(record.organisations_printed);
  EXPECT_THAT(record.notes, Contains(HasSubstr("not identified")));
}

TEST(Reconstruct, AnAssumedNumberOfRespondentsIsSaidLoudly) {
  World world;
  Wave& wave = world.add_wave("w", "f1,mean,confidence,,6.5,,\n");
  wave.assumed_respondents = 38;
  const auto outcome = reconstruct(world.study, wave, {}, Progress());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->record.assumed_n(), 38);
  EXPECT_FALSE(outcome->record.is_base_fixed("confidence"));
  EXPECT_THAT(outcome->record.notes,
              Contains(HasSubstr("NO NUMBER OF RESPONDENTS WAS EVER PRINTED")));
  EXPECT_THAT(reconstruction_markdown(outcome->record), HasSubstr("**assumed"));
}

TEST(Reconstruct, DontKnowOutOfTheBaseIsNotCounted) {
  World world;
  Wave& wave = world.add_wave("w", "f1,n,,,40,,\nf2,percent,pooled,Yes,62,solve,\n");
  for (Item& item : wave.questionnaire.items) {
    if (item.id == "pooled") item.dont_know_in_base = false;
  }
  const auto outcome = reconstruct(world.study, wave, {}, Progress());
  ASSERT_TRUE(outcome.has_value());
  const Variable* pooled = outcome->responses->codebook().find("pooled");
  for (const Category& option : pooled->categories) {
    if (option.dont_know) {
      EXPECT_EQ(outcome->record.find("pooled", std::to_string(option.code)), nullptr);
      EXPECT_FALSE(tally(*outcome->responses, "pooled").contains(option.code));
    }
  }
}

struct Refusal {
  const char* name;
  const char* rows;
  std::vector<std::string> figures;
  std::vector<const char*> says;
};

TEST(Reconstruct, NamesTheFiguresThatCannotAllBeTrue) {
  const Refusal refusals[] = {
      {"a share no count has",
       "f1,n,,,94,,\nf2,percent,leave,unlikely,18,,\nf3,percent,leave,likely,42,,\n",
       {"f3"},
       {"leave: 42 % (f3, the report) cannot be had on a base of 94: 39 of 94 is 41.49 %, 40 of 94 "
        "is 42.55 %; bases 88…93 would fit",
        "waves/w/published.csv:4:1: f3"}},
      {"three parts over the whole",
       "f1,n,,,100,,\nf2,percent,role,1,40,,\nf3,percent,role,2,40,,\nf4,percent,role,3,30,,\n",
       {"f2", "f3", "f4"},
       {"these 3 figures cannot all be true", "together they need at least 110 of 100",
        "40 % of '1' needs 40 of 100", "30 % of '3' needs 30 of 100"}},
      {"a NET above what is left",
       "f1,n,,,100,,\nf2,percent,leave,likely,60,,\nf3,percent,leave,Very unlikely,45,,\n",
       {"f2", "f3"},
       {"at least 105 of 100"}},
      {"a mean outside its scale",
       "f1,n,,,46,,\nf2,mean,confidence,,10.4,,\n",
       {"f2"},
       {"the scale runs from 1 to 10"}},
      {"a mean no sum has",
       "f1,n,,,28,,\nf2,mean,confidence,,5.19,,\n",
       {"f2"},
       {"a sum of 145 gives 5.1786, a sum of 146 gives 5.2143"}},
      {"a base above the respondents",
       "f1,n,,,46,,\nf2,percent,leave,likely,50,80,\n",
       {"f2"},
       {"cannot have a base of 80: 46 answered"}},
      {"a searched base that does not exist",
       "f1,n,,,46,,\nf2,percent,leave,likely,50.01,solve,\n",
       {"f2"},
       {"cannot be had on any base up to 46"}},
      {"two numbers of respondents",
       "f1,n,,,272,,\nf2,n,,,273,,\nf3,percent,leave,likely,64,,\n",
       {"f1", "f2"},
       {"272 respondents", "273 respondents"}},
      {"organisations against coverage",
       "f1,n,,,46,,\nf2,organisations,,,30,,\nf3,coverage,,,93,,\n",
       {"f2", "f3"},
       {"93 % of the 40 organisations in the frame is 37 to 37"}},
      {"respondents called organisations",
       "f1,n,,,46,,\nf2,organisations,,,46,,\n",
       {"f2"},
       {"of 40 in the frame"}},
      {"another frame", "f1,n,,,46,,\nf2,frame,,,211,,\n", {"f2"}, {"holds 40"}},
  };
  for (const Refusal& refusal : refusals) {
    const FigureConflict conflict = refused(refusal.rows);
    EXPECT_EQ(conflict.figures, refusal.figures) << refusal.name;
    for (const char* words : refusal.says) {
      EXPECT_THAT(conflict.message, HasSubstr(words)) << refusal.name;
    }
  }
}

TEST(Reconstruct, EachQuestionInConflictIsNamed) {
  World world;
  const auto outcome = world.run(
      "f1,n,,,94,,\nf2,percent,leave,likely,42,,\nf3,percent,role,1,63,,\nf4,percent,pooled,1,42,,"
      "\n");
  ASSERT_TRUE(outcome.has_value());
  ASSERT_EQ(outcome->conflicts.size(), 2U);
  EXPECT_EQ(outcome->conflicts[0].item, "leave");
  EXPECT_EQ(outcome->conflicts[1].item, "pooled");
}

TEST(Reconstruct, RefusesWhatItCannotRead) {
  struct Row {
    const char* rows;
    const char* says;
  };
  const Row rows[] = {
      {"f1,percent,leave,likely,42,,\n", "assumed_respondents"},
      {"f1,n,,,46,,\nf2,percent,no_such,1,42,,\n", "there is no question 'no_such'"},
      {"f1,n,,,46,,\nf2,percent,leave,likley,42,,\n", "did you mean 'likely'"},
      {"f1,n,,,46,,\nf2,percent,leave,99,42,,\n", "'99' is no answer"},
      {"f1,n,,,46,,\nf2,percent,leave,likely,42,half,\n", "the base 'half'"},
      {"f1,n,,,46,,\nf2,percent,leave,likely,42,0,\n", "the base '0'"},
      {"f1,n,,,46,,\nf2,mean,leave,,4.2,,\n", "no score"},
      {"f1,n,,,46,,\nf2,percent,hopes,1,4,,\n", "no answers to count"},
      {"f1,n,,,20000,,\n", "more than 10000"},
  };
  for (const Row& row : rows) EXPECT_THAT(error_of(row.rows), HasSubstr(row.says));
}

TEST(Reconstruct, AWeightedWaveAndAMissingFrameAreRefused) {
  World world;
  Wave wave = world.add_wave("w", "f1,n,,,46,,\n");
  wave.design.weight = "w";
  EXPECT_THAT(reconstruct(world.study, wave, {}, Progress()).error().message,
              HasSubstr("weighted"));
  wave.design.weight = "";
  wave.frame_version = "none";
  EXPECT_THAT(reconstruct(world.study, wave, {}, Progress()).error().message,
              HasSubstr("frame 'none'"));
}

// First wave, then what a second wave says of the change since.
ReconstructionOutcome after(const std::string& first_rows, const std::string& rows) {
  World world;
  const auto first = reconstruct(world.study, world.add_wave("w1", first_rows), {}, Progress());
  EXPECT_TRUE(first.has_value() && first->solved());
  auto second =
      reconstruct(world.study, world.add_wave("w2", rows), {{"w1", first->record}}, Progress());
  EXPECT_TRUE(second.has_value());
  return *std::move(second);
}

TEST(Reconstruct, AChangeIsMeasuredFromTheEarlierWave) {
  const auto outcome = after("f1,n,,,110,,\nf2,percent,leave,likely,73,,\n",
                             "g1,n,,,94,,\ng2,percent,leave,likely,68,,\n"
                             "g3,change,leave,likely,-5,,w1\n");
  ASSERT_TRUE(outcome.solved());
  EXPECT_EQ(outcome.record.figures[2].recomputed, "68 from 73");
  EXPECT_EQ(outcome.record.figures[2].how, "as printed and unrounded");
}

TEST(Reconstruct, AChangeThatDoesNotAddUpIsAConflict) {
  const auto outcome = after("f1,n,,,110,,\nf2,percent,leave,likely,73,,\n",
                             "g1,n,,,94,,\ng2,percent,leave,likely,68,,\n"
                             "g3,change,leave,likely,-8,,w1\n");
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].figures, (std::vector<std::string>{"g2", "g3"}));
  EXPECT_THAT(outcome.conflicts[0].message, HasSubstr("was 73 before"));
}

TEST(Reconstruct, AChangeWithoutAnEarlierFigureIsReportedUnused) {
  for (const char* since : {"w1", "w0"}) {
    const auto outcome =
        after("f1,n,,,110,,\nf2,percent,leave,unlikely,13,,\n",
              std::string("g1,n,,,94,,\ng3,change,leave,likely,-5,,") + since + "\n");
    ASSERT_TRUE(outcome.solved());
    EXPECT_FALSE(outcome.record.figures[1].used);
    EXPECT_THAT(outcome.record.figures[1].how, HasSubstr(since));
  }
}

TEST(Record, ReadsBackWhatWasWritten) {
  const Reconstruction record = solved(kWave).record;
  const std::string json = reconstruction_json(record);
  const auto back = parse_reconstruction(json);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(reconstruction_json(*back), json);
  EXPECT_TRUE(back->is_fixed("leave", "likely"));
}

TEST(Record, RefusesWhatIsNoRecord) {
  const std::string json = reconstruction_json(solved(kWave).record);
  const std::string broken[] = {
      "",
      "{",
      "[]",
      "{\"what\": \"something else\"}",
      replaced(json, "\"n\": 46", "\"n\": \"46\""),
      replaced(json, "\"printed_fixed\": true", "\"printed_fixed\": 1"),
      replaced(json, "\"identified\"", "\"identities\""),
      replaced(json, "\"printed\": \"59\"", "\"printed\": 59"),
  };
  for (const std::string& text : broken) {
    EXPECT_FALSE(parse_reconstruction(text).has_value()) << text.substr(0, 60);
  }
  EXPECT_FALSE(read_reconstruction("/nowhere/reconstruction.json").has_value());
}

TEST(Report, IsReadable) {
  const std::string report = reconstruction_markdown(solved(kWave).record);
  EXPECT_THAT(
      report,
      AllOf(HasSubstr("# Reconstruction from published figures"),
            HasSubstr("These are not the original answers"), HasSubstr("cross-break"),
            HasSubstr("| leave | Very likely | 44 | 0 | 20 | not fixed |"),
            HasSubstr("| f5 (the report) | leave | likely | 45 | 44 | 20 | 20 | 45 | ok |")));
}

class Saving : public testing::Test {
 protected:
  Saving() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("reconstruct_") +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Saving() override { std::filesystem::remove_all(folder_); }

  std::set<std::string> files() {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  Wave& wave(World& world) {
    Wave& wave = world.add_wave("w", kWave);
    wave.folder = folder_;
    return wave;
  }

  std::filesystem::path folder_;
};

TEST_F(Saving, WritesThreeFilesThatReadBack) {
  World world;
  Wave& saved = wave(world);
  const auto outcome = reconstruct(world.study, saved, {}, Progress());
  ASSERT_TRUE(save_reconstruction(saved, *outcome).has_value());
  EXPECT_THAT(files(),
              ElementsAre("reconstruction.json", "reconstruction.md", "responses.parquet"));
  EXPECT_TRUE(read_reconstruction(folder_ / "reconstruction.json")->is_fixed("role", "1"));
  Diagnostics problems;
  const auto data =
      read_responses_table(folder_ / "responses.parquet", outcome->responses->codebook(), problems);
  ASSERT_TRUE(data.has_value()) << data.error().message;
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(csv_text(*data), csv_text(*outcome->responses));
}

TEST_F(Saving, TwiceGivesTheSameBytes) {
  World world;
  Wave& saved = wave(world);
  std::string bytes;
  for (int run = 0; run < 2; ++run) {
    const auto outcome = reconstruct(world.study, saved, {}, Progress());
    ASSERT_TRUE(save_reconstruction(saved, *outcome).has_value());
    saved.responses = folder_ / "responses.parquet";
    const std::string now = *read_file(saved.responses);
    EXPECT_TRUE(run == 0 || now == bytes);
    bytes = now;
  }
}

TEST_F(Saving, NeverReplacesResponsesThatPeopleGave) {
  World world;
  Wave& saved = wave(world);
  saved.responses = folder_ / "responses.csv";
  ASSERT_TRUE(write_file(saved.responses, "respondent,organisation\n").has_value());
  const auto outcome = reconstruct(world.study, saved, {}, Progress());
  const Status status = save_reconstruction(saved, *outcome);
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().message, HasSubstr("was not made by a reconstruction"));
  EXPECT_THAT(files(), ElementsAre("responses.csv"));
}

TEST_F(Saving, AFailedWriteLeavesTheFolderAsItWas) {
  World world;
  Wave& saved = wave(world);
  const auto outcome = reconstruct(world.study, saved, {}, Progress());
  std::filesystem::create_directory(folder_ / "reconstruction.partial.md");
  EXPECT_FALSE(save_reconstruction(saved, *outcome).has_value());
  EXPECT_THAT(files(), Not(Contains("reconstruction.json")));
  EXPECT_THAT(files(), Not(Contains("responses.parquet")));
}

TEST_F(Saving, AConflictIsNeverWritten) {
  World world;
  Wave& conflicting = world.add_wave("w", "f1,n,,,94,,\nf2,percent,leave,likely,42,,\n");
  conflicting.folder = folder_;
  const auto outcome = reconstruct(world.study, conflicting, {}, Progress());
  EXPECT_THROW((void)save_reconstruction(conflicting, *outcome), BrokenPromise);
  EXPECT_THAT(files(), IsEmpty());
}

}  // namespace
}  // namespace barometer
