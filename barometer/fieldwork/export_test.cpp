// From journal entries to a study that reads, checks and holds what was answered.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/fieldwork/responses_export.h"
#include "barometer/io/io.h"
#include "barometer/study/study_folder_test_internal.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kQuestionnaire = R"(title: First
items:
  - {id: role, type: single, text: Your role, options: [Chair, Officer, {label: Other, code: 9, specify: true}]}
  - {id: trust, type: score, text: How far do you trust, scale: [1, 10], prefer_not_to_say: true}
  - {id: barriers, type: multi, text: Which, options: [Money, Staff, Time]}
  - {id: sessions, type: number, text: Sessions, ask_if: role = 'Chair', base: Chairs, offer_dont_know: true}
  - {id: since, type: open, text: Since, format: date}
  - {id: words, type: open, text: Anything else, quote: true}
)";
constexpr const char* kWaveFile = "waves/2013-01/wave.yaml";
constexpr const char* kSessionsOfChair =
    "role=1 trust=7 barriers=1&barriers=3 sessions=2.5 since.day=1&since.month=4&since.year=2012 "
    "words=Airedale+is+fine&words.quote=role";

// A wave without responses, and a journal that tests fill.
class Collected {
 public:
  explicit Collected(const std::string& fieldwork = "") {
    folder_.write("waves/2013-01/questionnaire.yaml", kQuestionnaire);
    folder_.change(kWaveFile, "end: 2013-01-25", "end: 2013-01-25" + fieldwork);
    Diagnostics problems;
    study_ = read_study(folder_.path(), problems, false);
    EXPECT_EQ(problems.error_count(), 0U) << problems.text();
    const FieldworkSettings& settings = wave().fieldwork;
    interview_ =
        Interview::make(wave().questionnaire,
                        {.thresholds = {settings.complete_percent, settings.partial_percent},
                         .submit_to_complete = settings.submit_to_complete})
            .value();
    projection_.emplace(*interview_);
  }

  [[nodiscard]] const Wave& wave() const { return *study_.wave("2013-01"); }
  [[nodiscard]] const Study& study() const { return study_; }
  [[nodiscard]] const StudyFolder& folder() const { return folder_; }
  Projection& projection() { return *projection_; }

  // Forms by page, separated by blanks: the page is that of the first field.
  void answer(const std::string& subject, const std::string& forms, const CaseFacts& facts) {
    std::istringstream all(forms);
    for (std::string form; all >> form;) {
      const ProjectedCase* known = projection_->find(subject);
      const InterviewState state =
          known == nullptr ? interview_->start(seed_of(subject)) : known->state;
      const std::string id = form.substr(0, form.find_first_of("=."));
      const auto outcome = interview_->post(*interview_->page_named(id), parse_form(form).value(),
                                            state, {.seconds = 5, .facts = facts});
      const auto* accepted = std::get_if<PostAccepted>(&outcome);
      ASSERT_NE(accepted, nullptr) << form;
      entry(subject, kAnswersEntry, accepted->body);
    }
  }
  void entry(const std::string& subject, std::string_view kind, const std::string& body) {
    const int64_t next = projection_->sequence() + 1;
    const auto status = projection_->add(
        {.sequence = next, .subject = subject, .kind = kind, .body = body, .at_ms = next * 1000});
    ASSERT_TRUE(status) << status.error().message;
  }

  [[nodiscard]] ExportedResponses exported(uint64_t seed = 1) const {
    auto out = export_responses(study_, wave(), *projection_, {.seed = seed});
    EXPECT_TRUE(out) << (out ? "" : out.error().message);
    return *std::move(out);
  }
  // What the study says once the file is in its place.
  [[nodiscard]] std::string problems_with(const ExportedResponses& out, bool parquet) const {
    const auto place = folder_.path() / "waves/2013-01";
    const auto written = parquet ? write_parquet(out.data, place / "responses.parquet")
                                 : write_csv(out.data, place / "responses.csv");
    EXPECT_TRUE(written);
    return folder_.problems();
  }

 private:
  StudyFolder folder_;
  Study study_;
  std::optional<Interview> interview_;
  std::optional<Projection> projection_;
};

// Lines without the respondent's number, sorted.
std::vector<std::string> rows_of(const ExportedResponses& out) {
  std::istringstream lines(csv_text(out.data));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);)
    rows.push_back(line.substr(line.find(',') + 1));
  std::ranges::sort(rows.begin() + 1, rows.end());
  return rows;
}

TEST(AnExport, HoldsWhatWasAnsweredAndWhyTheRestIsMissing) {
  Collected wave;
  wave.answer("s1", kSessionsOfChair, {.organisations = {"g1"}, .role = "Chair"});
  wave.answer("s2",
              "role=2 trust=refused barriers= since= words=", {.organisations = {"g2", "g3"}});
  wave.answer("s3", "role=1 trust=10 barriers=2 sessions.instead=dont_know",
              {.organisations = {"g2"}});
  wave.answer("s4", "role=2", {.organisations = {"g3"}});
  const auto out = wave.exported();
  EXPECT_THAT(
      rows_of(out),
      ElementsAre("organisation,role,trust,barriers_1,barriers_2,barriers_3,sessions,since,words",
                  "g1,1,7,1,0,1,2.5,2012-04-01,Airedale is fine", "g2,1,10,0,1,0,-8,,"));
  EXPECT_EQ(out.counts.cases, 4U);
  EXPECT_EQ(out.counts.complete, 1U);
  EXPECT_EQ(out.counts.partial, 1U);  // four of six
  EXPECT_EQ(out.counts.break_off, 2U);
}

TEST(AnExport, IsReadByTheStudyWithoutAManualStep) {
  for (const bool parquet : {false, true}) {
    Collected wave;
    wave.answer("s1", kSessionsOfChair, {.organisations = {"g1"}});
    wave.answer("s2", "role=2 trust=3 barriers=1 since= words=%22quoted%22%2C+lines%0Aand+-2",
                {.organisations = {"g2", "g3"}});
    wave.answer("s3", "role=9&role.other.9=Lead trust=4 barriers= words=%3D1%2B1", {});
    const auto out = wave.exported();
    EXPECT_EQ(out.data.case_count(), 3U);
    // The blank organisation of s3 is said to be one; nothing else.
    EXPECT_THAT(wave.problems_with(out, parquet), HasSubstr("names no organisation"));
    Diagnostics problems;
    const Study study = read_study(wave.folder().path(), problems, false);
    const auto again = read_responses(study, *study.wave("2013-01"), problems);
    ASSERT_TRUE(again) << again.error().message;
    for (size_t i = 0; i < out.data.codebook().variables().size(); ++i) {
      const Column& read = **again->find(out.data.codebook().variables()[i].id);
      const Column& written = out.data.column(i);
      for (size_t row = 0; row < out.data.case_count(); ++row) {
        const Missing missing = missing_at(written, row);
        EXPECT_EQ(missing_at(read, row), missing) << i << " " << row;
        if (const auto* texts = std::get_if<Texts>(&written)) {
          EXPECT_EQ(std::get<Texts>(read).values[row], texts->values[row]);
        }
        if (const auto* numbers = std::get_if<Numbers>(&written)) {
          EXPECT_EQ(std::get<Numbers>(read).values[row], numbers->values[row]);
        }
        if (const auto* sets = std::get_if<OptionSets>(&written)) {
          EXPECT_EQ(std::get<OptionSets>(read).bits[row], sets->bits[row]);
        }
        if (std::holds_alternative<NarrowCodes>(written) && missing == Missing::kNone) {
          EXPECT_EQ(code_at(read, row), code_at(written, row));
        }
      }
    }
  }
}

TEST(AnExport, HasColumnsOfTheQuestionnaireWhateverWasAnswered) {
  Collected empty;
  const auto none = empty.exported();
  EXPECT_EQ(none.data.case_count(), 0U);
  Collected wave;
  wave.answer("s1", kSessionsOfChair, {.organisations = {"g1"}});
  EXPECT_EQ(none.data.codebook().ids(), wave.exported().data.codebook().ids());
}

TEST(AnExport, LeavesOutWhatAWordOfAFileWouldTurnIntoMissing) {
  Collected wave;
  wave.answer("s1", "role=2 trust=3 barriers=1 words=NA", {.organisations = {"g1"}});
  wave.answer("s2", "role=2 trust=3 barriers=1 words=-1", {.organisations = {"g2"}});
  const auto out = wave.exported();
  EXPECT_EQ(out.counts.texts_like_codes, 2U);
  EXPECT_THAT(wave.problems_with(out, false),
              AllOf(Not(HasSubstr("error:")), Not(HasSubstr("warning:"))));
  ASSERT_EQ(out.verbatims.size(), 2U);
  EXPECT_THAT(export_note(wave.wave(), out), HasSubstr("\"-1\"): 2"));
}

TEST(AnExport, UsesTheAnswersThatHoldAndNotThoseThatLeftTheRoute) {
  Collected wave;
  wave.answer("s1", kSessionsOfChair, {.organisations = {"g1"}});
  wave.answer("s1", "role=2", {});
  EXPECT_THAT(rows_of(wave.exported())[1], "g1,2,7,1,0,1,-1,2012-04-01,Airedale is fine");
}

TEST(AnExport, HoldsNothingOfAnErasedCase) {
  Collected wave;
  wave.answer("s1", kSessionsOfChair, {.organisations = {"g1"}});
  wave.answer("s2", kSessionsOfChair, {.organisations = {"g2"}});
  wave.entry("s1", "erased", R"({"entries":6,"through":6})");
  const auto out = wave.exported();
  EXPECT_EQ(out.data.case_count(), 1U);
  EXPECT_EQ(out.counts.erased, 1U);
  EXPECT_EQ(out.verbatims.size(), 1U);
  // Read again from the start, when the bodies are gone, it is the same.
  Collected later;
  for (int i = 0; i < 6; ++i) later.entry("s1", "answers", "");
  later.entry("s1", "erased", "{}");
  EXPECT_EQ(later.exported().data.case_count(), 0U);
  EXPECT_EQ(later.exported().counts.erased, 1U);
  EXPECT_EQ(later.projection().find("s1")->state.entries, 7);
}

TEST(AnExport, PutsCasesIntoAnOrderThatOnlyItsSeedKnows) {
  Collected wave;
  for (char c = 'a'; c <= 'j'; ++c) {
    wave.answer(std::string(1, c),
                "role=1 trust=7 barriers=1 sessions=1 words=" + std::string(1, c),
                {.organisations = {"g1"}});
  }
  const auto order = [&](uint64_t seed) {
    const auto out = wave.exported(seed);
    std::string letters;
    for (const std::string& text : std::get<Texts>(**out.data.find("words")).values)
      letters += text;
    EXPECT_THAT(std::get<Texts>(**out.data.find("respondent")).values.front(), "R0001");
    return letters;
  };
  EXPECT_EQ(order(1), order(1));
  std::set<std::string> orders;
  for (uint64_t seed = 0; seed < 20; ++seed) orders.insert(order(seed));
  EXPECT_EQ(orders.size(), 20U);
}

TEST(AnUnlinkedExport, KnowsNoOrganisationAndJoinsNoWordsToAnswers) {
  Collected wave(", privacy: unlinked");
  wave.answer("s1", kSessionsOfChair, {.organisations = {"g1"}, .role = "Chair"});
  wave.answer("s2", kSessionsOfChair, {});
  const auto out = wave.exported();
  EXPECT_THAT(csv_text(out.data), Not(HasSubstr("g1")));
  for (const ExportedVerbatim& verbatim : out.verbatims) EXPECT_EQ(verbatim.respondent, "");
  EXPECT_THAT(verbatims_csv(out), HasSubstr("\n,words,,role,Airedale,Airedale is fine\n"));
  EXPECT_THAT(export_note(wave.wave(), out), HasSubstr("Unlinked"));
  EXPECT_THAT(wave.problems_with(out, false),
              AllOf(Not(HasSubstr("error:")), Not(HasSubstr("warning:"))));
}

TEST(DuplicateAnswers, OfOneOrganisationFollowTheRule) {
  const auto organisations = [](const std::string& settings) {
    Collected wave(settings);
    wave.answer("s1", kSessionsOfChair, {.organisations = {"g1", "g2"}, .role = "Deputy"});
    wave.answer("s2", kSessionsOfChair, {.organisations = {"g1"}, .role = "Chair"});
    wave.answer("s3", kSessionsOfChair, {.organisations = {"g1"}, .role = "Chair"});
    wave.answer("s4", kSessionsOfChair, {.organisations = {}, .role = "Chair"});
    const auto out = wave.exported();
    EXPECT_EQ(out.counts.organisations_twice, 1U);
    auto cells = std::get<Texts>(**out.data.find("organisation")).values;
    std::ranges::sort(cells);
    cells.push_back(std::to_string(out.counts.left_out_as_duplicates) + " left out");
    return cells;
  };
  EXPECT_THAT(organisations(""), ElementsAre("", "g1", "g1", "g1;g2", "0 left out"));
  EXPECT_THAT(organisations(", duplicates: {rule: average}"),
              ElementsAre("", "g1", "g1", "g1;g2", "0 left out"));
  // The chair who was first speaks for g1; the deputy keeps g2.
  EXPECT_THAT(organisations(", duplicates: {rule: senior, roles: [Chair, Deputy]}"),
              ElementsAre("", "g1", "g2", "1 left out"));
  EXPECT_THAT(organisations(", duplicates: {rule: senior, roles: [Deputy, Chair]}"),
              ElementsAre("", "g1;g2", "2 left out"));
}

TEST(AProjection, RefusesWhatIsOutOfOrderOrNotOurs) {
  Collected wave;
  wave.answer("s1", "role=1", {});
  Projection& projection = wave.projection();
  EXPECT_THAT(projection.add({.sequence = 1, .subject = "s1"}).error().message,
              HasSubstr("entry 1 comes after 1"));
  const auto forged = projection.add({.sequence = 2,
                                      .subject = "s2",
                                      .kind = kAnswersEntry,
                                      .body = R"({"answers":{"role":[5]}})"});
  EXPECT_THAT(forged.error().message, HasSubstr("entry 2: "));
  EXPECT_EQ(projection.find("s2"), nullptr);
  EXPECT_EQ(projection.sequence(), 1);
  EXPECT_TRUE(projection.add({.sequence = 2, .subject = "s2", .kind = "declined", .body = "{}"}));
  EXPECT_EQ(projection.status("s2"), InterviewStatus::kNew);
  EXPECT_EQ(projection.status("nobody"), InterviewStatus::kNew);
  EXPECT_EQ(projection.status("s1"), InterviewStatus::kStarted);
  EXPECT_EQ(projection.find("s1")->seconds, 5);
}

TEST(AnExport, OfAnotherQuestionnaireIsRefused) {
  Collected wave;
  const Study& study = wave.study();
  const auto out = export_responses(study, *study.wave("2013-04"), wave.projection(), {});
  ASSERT_FALSE(out);
  EXPECT_THAT(out.error().message, HasSubstr("not to the questionnaire of the wave '2013-04'"));
}

struct Replaced {
  const char* situation;
  std::string earlier, fresh;
  const char* lost;  // "" nothing
};

// A table of answers to one question: a row for each character.
std::string answers_table(std::string_view answers, int first = 1, const char* more = "") {
  std::string out = fmt::format("respondent,organisation,q{}\n", *more == 0 ? "" : ",new");
  for (const char answer : answers)
    out += fmt::format("R{:04},o{},{}{}\n", first++, answer, answer, more);
  return out;
}

TEST(Export, OfFewerOrOfOtherPeopleDoesNotTakeThePlaceOfTheEarlierOne) {
  const Replaced lines[] = {
      {"the same again", answers_table("12345"), answers_table("54321"), ""},
      {"more since", answers_table("12"), answers_table("123456"), ""},
      {"one erased", answers_table("12345"), answers_table("1245"), ""},
      {"the only one erased", answers_table("1"), answers_table(""),
       "1 answers, and this export has none"},
      {"half of them", answers_table("1234"), answers_table("12"), ""},
      {"fewer than half", answers_table("12345"), answers_table("12"),
       "5 answers, and this export has only 2"},
      {"none", answers_table("12345"), answers_table(""),
       "it holds 5 answers, and this export has none"},
      {"all changed, but few", answers_table("1234"), answers_table("5678"), ""},
      {"other people", answers_table("1122334455"), answers_table("6677889900"),
       "none of the 10 answers it holds is among the 10 of this export"},
      {"one is still there", answers_table("1122334455"), answers_table("6677889901"), ""},
      {"the same and a new question", answers_table("1122334455"),
       answers_table("1122334455", 7, ",9"), ""},
      {"nothing there", answers_table(""), answers_table(""), ""},
      {"an empty file", "", answers_table("1"), ""},
      {"no table", "\xff\xfe", answers_table(""), ""},
  };
  for (const Replaced& line : lines) {
    const auto lost = lost_by_replacing(line.earlier, line.fresh);
    EXPECT_EQ(lost.has_value(), *line.lost != 0) << line.situation << lost.value_or("");
    if (lost) {
      EXPECT_THAT(*lost, HasSubstr(line.lost)) << line.situation;
    }
  }
}

}  // namespace
}  // namespace barometer
