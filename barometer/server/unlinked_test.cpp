// An unlinked wave over real sockets: what its stores hold joins nobody to an answer, and the mode
// stays what the first person was promised.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/fieldwork/monitor.h"
#include "tests/support/field_wave.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using barometer::testing::FieldWave;
using barometer::testing::HttpAnswer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kDay = 86'400'000;

Study study_of(PrivacyMode mode) {
  Study study = testing::field_study();
  study.waves[0].fieldwork.privacy = mode;
  return study;
}

class UnlinkedWave : public FieldWave {
 public:
  UnlinkedWave() : FieldWave({}, study_of(PrivacyMode::kUnlinked)) {}

  // As a mail has it.
  std::string new_link(const std::string& person) {
    const auto key = data().key("tokens");
    auto database = open_database(data().identity());
    return "/i/" + *Tokens(**database, *key).issue_unlinked("w1", person, now_ms + 30 * kDay);
  }
  std::vector<JournalEntry> all_entries() {
    auto journal = Journal::open(data().answers());
    std::vector<JournalEntry> found;
    const Status read = (*journal)->read(1, [&](const JournalEntry& entry) -> Status {
      found.push_back(entry);
      return {};
    });
    EXPECT_TRUE(read);
    return found;
  }
  // Each cell of the database of people, as text.
  std::string identity_side() {
    std::string all;
    auto database = open_database(data().identity());
    for (const char* sql :
         {"SELECT id || name || email || phone || role || shared_by FROM person",
          "SELECT person || kind || channel || made_by || note FROM contact_event",
          "SELECT hash || person FROM token", "SELECT wave || name || value FROM wave_setting"}) {
      const Status read = (**database).ask(sql, {}, [&](const DbRow& row) -> Status {
        all += std::string(row.text(0)) + "\n";
        return {};
      });
      EXPECT_TRUE(read);
    }
    return all;
  }
  void answer_all(const std::string& link) {
    for (const char* step : {"role role=1", "topics topics=1", "views v1=1&v2=2&v3=1",
                             "staff staff=5", "score score=4"}) {
      const std::string words = step;
      const size_t blank = words.find(' ');
      ASSERT_EQ(fill(link + "/p/" + words.substr(0, blank), words.substr(blank + 1)).status, 303)
          << step;
    }
  }
};

TEST(AnUnlinkedWave, KeepsAnswersUnderAMarkOfTheLinkAlone) {
  UnlinkedWave wave;
  const std::string link = wave.new_link("p1");
  ASSERT_NO_FATAL_FAILURE(wave.answer_all(link));
  const auto entries = wave.all_entries();
  ASSERT_EQ(entries.size(), 5U);
  const std::string subject = unlinked_subject("w1", link.substr(3));
  const std::string people = wave.identity_side();
  for (const JournalEntry& entry : entries) {
    EXPECT_EQ(entry.subject, subject);
    EXPECT_EQ(entry.at_ms % kDay, 0) << "times are days";
    EXPECT_THAT(entry.body, AllOf(Not(HasSubstr("organisations")), Not(HasSubstr("Chair"))));
    EXPECT_THAT(people, Not(HasSubstr(entry.subject)));
    EXPECT_THAT(people, Not(HasSubstr(entry.key)));
  }
  EXPECT_THAT(entries[0].body, HasSubstr(R"("privacy":"unlinked")"));
  EXPECT_THAT(people, Not(HasSubstr(link.substr(3)))) << "no store holds a link";
  EXPECT_FALSE(fs::exists(wave.data().path() / "keys/pseudonym-w1")) << "no key joins the two";
  EXPECT_THAT(wave.log(), AllOf(HasSubstr("/i/:link/p/:page"), Not(HasSubstr("127.0.0.0/24"))));
  // Resumed with the same link, from the journal alone.
  wave.start();
  EXPECT_THAT(wave.get(link + "/check").body, HasSubstr("Chair"));
}

TEST(AnUnlinkedWave, LetsAPersonAnswerOnceWhateverLinksTheyHave) {
  UnlinkedWave wave;
  const std::string first = wave.new_link("p1");
  const std::string second = wave.new_link("p1");
  EXPECT_NE(first, second);
  EXPECT_EQ(wave.get(second).status, 200) << "looking begins nothing";
  ASSERT_EQ(wave.fill(first + "/p/role", "role=1").status, 303);
  const HttpAnswer other = wave.fill(second + "/p/role", "role=2");
  EXPECT_EQ(other.status, 409);
  EXPECT_THAT(other.body, HasSubstr("You have begun with another link"));
  EXPECT_EQ(wave.fill(first + "/p/topics", "topics=1").status, 303);
  EXPECT_EQ(wave.all_entries().size(), 2U);
  // Somebody else is not concerned.
  EXPECT_EQ(wave.fill(wave.new_link("p2") + "/p/role", "role=2").status, 303);
}

TEST(AnUnlinkedWave, SaysInPlainWordsWhatItIs) {
  UnlinkedWave wave;
  const std::string link = wave.new_link("p1");
  for (const std::string& page : {link, link + "/privacy"}) {
    const std::string html = wave.get(page).body;
    EXPECT_THAT(html, AllOf(HasSubstr("Your answers are not linked to you."),
                            HasSubstr("organisations are approximate"),
                            Not(HasSubstr("Your answers are confidential"))));
  }
  EXPECT_THAT(wave.get(link).body, HasSubstr("it is the only way back to your answers"));
  EXPECT_THAT(wave.get(link + "?language=cy").body,
              HasSubstr("Nid yw eich atebion wedi’u cysylltu"));
}

TEST(AnUnlinkedWave, CountsWhoHasBegunAndTheAnswersApart) {
  UnlinkedWave wave;
  ASSERT_NO_FATAL_FAILURE(wave.answer_all(wave.new_link("p1")));
  ASSERT_EQ(wave.fill(wave.new_link("p2") + "/p/role", "role=2").status, 303);
  ASSERT_EQ(wave.fill(wave.new_link("p3") + "/decline", "answer=no").status, 303);
  auto database = open_database(wave.data().identity());
  People people(**database, "w1");
  Projection answers(*Interview::make(wave.study.waves[0].questionnaire));
  for (const JournalEntry& entry : wave.all_entries()) ASSERT_TRUE(answers.add(line_of(entry)));
  const WaveSides sides{**database, people, answers, nullptr};
  const auto progress = progress_of(wave.study.waves[0], sides).value();
  EXPECT_EQ(progress.size(), 2U);
  EXPECT_EQ(progress.at("p2"), CaseProgress::kSent) << "has begun: no reminder";
  const auto monitor =
      monitor_sides(wave.study, wave.study.waves[0], sides, CompleteBy::kThresholds).value();
  EXPECT_EQ(monitor.people.counts.complete, 1);
  EXPECT_EQ(monitor.people.counts.refusal, 2) << "one declined, one broke off";
  EXPECT_EQ(monitor.people.counts.total(), 3);
  EXPECT_EQ(monitor.organisations.counts.complete, 2);
  EXPECT_TRUE(monitor.approximate);
  ASSERT_EQ(monitor.by_day.size(), 1U);
  EXPECT_EQ(monitor.by_day[0].completed, 1U);
}

// Each column of a moment, in each table of both databases.
std::vector<std::string> moments_from(UnlinkedWave& wave, int64_t from_ms) {
  std::vector<std::string> found;
  for (const DatabaseAddress& address : {wave.data().identity(), wave.data().answers()}) {
    auto database = open_database(address).value();
    std::vector<std::pair<std::string, std::string>> columns;
    EXPECT_TRUE(
        database->ask("SELECT m.name, p.name FROM sqlite_master m, "
                      "pragma_table_info(m.name) p WHERE m.type = 'table' AND "
                      "p.name LIKE '%_ms'",
                      {}, [&](const DbRow& row) -> Status {
                        columns.emplace_back(row.text(0), row.text(1));
                        return {};
                      }));
    for (const auto& [table, column] : columns) {
      EXPECT_TRUE(database->ask(fmt::format("SELECT {0} FROM {1} WHERE {0} >= ?", column, table),
                                {from_ms}, [&](const DbRow& row) -> Status {
                                  found.push_back(
                                      fmt::format("{}.{} {}", table, column, row.whole(0) % kDay));
                                  return {};
                                }));
    }
  }
  std::ranges::sort(found);
  return found;
}

TEST(AnUnlinkedWave, KnowsNoMomentOfAnythingAPersonDid) {
  UnlinkedWave wave;
  const int64_t today = (wave.now_ms / kDay + 2) * kDay;
  ASSERT_TRUE(open_database(wave.data().identity()).value()->run("DELETE FROM token"));
  wave.now_ms = today;  // links that a test makes end with a day
  const std::string shares = wave.new_link("p1");
  const std::string erases = wave.new_link("p2");
  const std::string declines = wave.new_link("p3");
  const std::string stop = "/s/" + wave.token(TokenPurpose::kStop, "p3");
  wave.now_ms = today + 12'345'678;
  const std::string named = "kind=transfer&name=Col&email=col%40post.example";
  ASSERT_EQ(wave.fill(shares + "/p/role", "role=1").status, 303);
  ASSERT_EQ(wave.fill(shares + "/colleague", named).status, 200);
  wave.now_ms = today;
  const std::string accept = "/a/" + wave.token(TokenPurpose::kAccept, "p1+1");
  wave.now_ms = today + 23'456'789;
  const HttpAnswer accepted = wave.fill(accept, "");
  ASSERT_EQ(accepted.status, 303);
  ASSERT_EQ(wave.fill(accepted.header("Location") + "/p/role", "role=1").status, 303);
  ASSERT_EQ(wave.fill(erases + "/p/role", "role=1").status, 303);
  ASSERT_EQ(wave.fill(erases + "/erase", "answer=erase").status, 200);
  ASSERT_EQ(wave.fill(declines + "/decline", "answer=no").status, 303);
  ASSERT_EQ(wave.fill(stop, "answer=all").status, 200);
  const auto moments = moments_from(wave, today);
  std::set<std::string> columns;
  for (const std::string& moment : moments) {
    EXPECT_THAT(moment, ::testing::EndsWith(" 0"));
    columns.insert(moment.substr(0, moment.find(' ')));
  }
  EXPECT_THAT(columns, ::testing::IsSupersetOf(
                           {"contact_event.at_ms", "journal.at_ms", "person.made_at_ms",
                            "opt_out_address.at_ms", "token.expires_at_ms", "token.revoked_at_ms",
                            "person_organisation.since_ms", "person_organisation.until_ms"}))
      << "the acts are there";
  EXPECT_THAT(wave.log(), Not(::testing::ContainsRegex("\"time\":\"[0-9-]+T0[1-9]:")))
      << "lines stand in the order of the journal";
}

// What SQLite's log would show: the pages as each begin left them.
TEST(AnUnlinkedWave, LeavesNoOrderOfBeginningInTheLogOfTheDatabase) {
  UnlinkedWave wave;
  const fs::path log = wave.data().path() / "fieldwork.sqlite-wal";
  for (const char* person : {"p3", "p1", "p2"}) {
    const std::string link = wave.new_link(person);
    EXPECT_GT(fs::file_size(log), 0U) << "the making of links is in it";
    ASSERT_EQ(wave.fill(link + "/p/role", "role=1").status, 303);
    EXPECT_EQ(fs::file_size(log), 0U) << person;
  }
}

TEST(AnUnlinkedWave, ForgetsTheOrderWhenItsDaysAreOverThoughNobodyComes) {
  Study study = study_of(PrivacyMode::kUnlinked);
  FieldWave wave({}, study);
  wave.study.waves[0].fieldwork.closes_ms = wave.now_ms + kDay;
  wave.study.waves[0].fieldwork.grace_days = 1;
  wave.start();
  auto journal = Journal::open(wave.data().answers()).value();
  ASSERT_TRUE(journal->append({.wave = "w1", .subject = "s", .kind = "note", .key = "k"}));
  const fs::path log = wave.data().path() / "answers.sqlite-wal";
  const auto emptied_by = [&](int64_t moment) {
    wave.now_ms = moment;
    wave.server->refresh();
    // What comes after it on the same thread: then it was done, or will not be.
    EXPECT_EQ(wave.get("/health").status, 200);
    return fs::file_size(log) == 0;
  };
  const int64_t closes = *wave.study.waves[0].fieldwork.closes_ms;
  EXPECT_FALSE(emptied_by(closes + 1));
  EXPECT_TRUE(emptied_by(closes + kDay));
}

TEST(AnUnlinkedWave, IsErasedByThePersonWhoHasTheLink) {
  UnlinkedWave wave;
  const std::string link = wave.new_link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=1").status, 303);
  EXPECT_THAT(wave.fill(link + "/erase", "answer=erase").body, HasSubstr("have been erased"));
  EXPECT_EQ(wave.get(link).status, 404);
  EXPECT_EQ(wave.all_entries().front().body, "");
}

TEST(APrivacyMode, IsFixedByTheFirstAnswer) {
  FieldWave wave({}, study_of(PrivacyMode::kConfidential));
  // Nothing is answered yet: another server may still say otherwise.
  wave.study.waves[0].fieldwork.privacy = PrivacyMode::kUnlinked;
  auto unlinked = wave.another();
  unlinked->stop(0);
  unlinked.reset();
  wave.study.waves[0].fieldwork.privacy = PrivacyMode::kConfidential;
  ASSERT_EQ(wave.fill(wave.link("p1") + "/p/role", "role=1").status, 303);
  EXPECT_THAT(wave.entries("p1").at(0).body, HasSubstr(R"("privacy":"confidential")"));
  wave.study.waves[0].fieldwork.privacy = PrivacyMode::kUnlinked;
  const auto refused = wave.started_another();
  ASSERT_FALSE(refused) << "a server of another mode serves";
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("people have answered under 'privacy: confidential'"),
                    HasSubstr("wave.yaml now says 'unlinked'")));
  Projection answers(*Interview::make(wave.study.waves[0].questionnaire));
  for (const JournalEntry& entry : wave.entries("p1")) ASSERT_TRUE(answers.add(line_of(entry)));
  EXPECT_TRUE(answers.keeps(PrivacyMode::kConfidential));
  EXPECT_THAT(answers.keeps(PrivacyMode::kUnlinked).error().message, HasSubstr("put the first"));
}

// Both servers run when the first answer comes: the one of the other mode takes none.
TEST(APrivacyMode, IsHeldAgainstAServerThatRunsAlready) {
  FieldWave wave({}, study_of(PrivacyMode::kConfidential));
  Study other = study_of(PrivacyMode::kUnlinked);
  const auto first = std::move(wave.server);
  std::swap(wave.study.waves[0].fieldwork.privacy, other.waves[0].fieldwork.privacy);
  wave.server = wave.another();  // unlinked; the study is read as it stands
  ASSERT_EQ(wave.fill(wave.link("p2") + "/p/role", "role=1").status, 303);
  std::swap(wave.study.waves[0].fieldwork.privacy, other.waves[0].fieldwork.privacy);
  const testing::HttpAnswer late =
      testing::RawClient(first->port()).ask(testing::get_request(wave.link("p1") + "/p/role"));
  const std::string ticket = FieldWave::ticket_in(late.body);
  const auto refused =
      testing::RawClient(first->port())
          .ask(testing::form_request(wave.link("p1") + "/p/role", "_ticket=" + ticket + "&role=1"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(wave.entries("p1").empty());
  EXPECT_THAT(wave.log(), HasSubstr("the mode is fixed with the first answer"));
  first->stop(0);
}

}  // namespace
}  // namespace barometer
