#include "barometer/fieldwork/people.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "barometer/fieldwork/token.h"
#include "barometer/fieldwork/wave_end.h"
#include "barometer/journal/journal.h"
#include "tests/support/forgotten.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TempFolder;

constexpr int64_t kNow = 1'700'000'000'000;

Frame frame() {
  Diagnostics problems;
  Frame made = Frame::parse("id,name,region\no1,One,North\no2,Two,South\n", "organisations.csv",
                            "id,organisation,role,name\np1,o1,Chair,Anna\np2,o1;o2,Officer,Ben\n",
                            "people.csv", {}, problems);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return made;
}

std::vector<FieldPerson> from_csv(const std::string& csv) {
  Diagnostics problems;
  auto people = read_people(csv, "c.csv", frame(), problems);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return people;
}

TEST(Contacts, AddToTheFrameOrNameAnOrganisation) {
  const auto people =
      from_csv("id,email,phone,organisation\np1,anna@x.example,01,\np9,new@x.example,,o2;o1\n");
  ASSERT_EQ(people.size(), 3U);
  EXPECT_EQ(people[0].email, "anna@x.example");
  EXPECT_EQ(people[0].role, "Chair");
  EXPECT_EQ(people[1].id, "p2");
  EXPECT_EQ(people[1].email, "") << "of the frame, without an address";
  EXPECT_THAT(people[2].organisations, ElementsAre("o2", "o1"));
  EXPECT_EQ(from_csv("").size(), 2U);
}

TEST(Contacts, MistakesAreFoundWithTheirPlace) {
  const struct {
    const char* csv;
    const char* said;
  } lines[] = {
      {"id\np1\n", "email"},
      {"id,email,mail\np1,a@x.example,\n", "mail"},
      {"id,email\n,a@x.example\n", "c.csv:2:1: error: a person needs an id"},
      {"id,email\np1,a@x.example\np1,b@x.example\n", "'p1' is at c.csv:2:1 already"},
      {"id,email\np9,a@x.example\n", "'p9' is not in the frame and has no organisation"},
      {"id,email,organisation\np9,a@x.example,o7\n", "there is no organisation 'o7'"},
      {"id,email\np1,anna\n", "c.csv:2:4: error: 'anna' is not a mail address"},
      {"id,email\np1+2,a@x.example\n", "cannot be an id"},
      {"id,email\nanna@x.example,a@x.example\n", "ids stay when a person is erased"},
      {"id,email,name\np1,a@x.example,\"A\nBcc: b\"\n", "one line of at most"},
      {"id,email\np1,a@x.example\np2,A@x.example\n", "warning: 'A@x.example' is at c.csv:2:4 too"},
  };
  for (const auto& line : lines) {
    Diagnostics problems;
    read_people(line.csv, "c.csv", frame(), problems);
    EXPECT_THAT(problems.text(), HasSubstr(line.said)) << line.csv;
  }
}

TEST(Contacts, MailAddresses) {
  for (const char* good :
       {"a@b.example", "a.b+c@x-y.example", "o'neill@x.example", "é@x.example"}) {
    EXPECT_TRUE(is_mail_address(good)) << good;
  }
  for (const char* bad :
       {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x>", "<a@b>", "a@.b", "a@b.",
        "a@b..c", "a..b@c", "a,b@c", "\"a\"@b", "-a@b", "a@-b", "a;b@c", "\xff@b", "a@b\t"}) {
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  }
  EXPECT_FALSE(is_mail_address(std::string(250, 'a') + "@b.example"));
}

class PeopleStore : public ::testing::Test {
 protected:
  PeopleStore() : folder_(FieldFolder::open(temp_ / "data").value()) {
    database_ = open_database(folder_.identity()).value();
    EXPECT_TRUE(People::prepare(*database_));
    people_.emplace(*database_, "w1");
    key_.emplace(folder_.key("tokens").value());
    tokens_.emplace(*database_, *key_);
    import("id,email\np1,anna@x.example\np2,ben@x.example\n");
  }
  PeopleImport import(const std::string& csv, const std::string& wave = "w1") {
    auto done = People(*database_, wave).import(from_csv(csv), kNow);
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(PeopleImport{});
  }
  FieldPerson person(const std::string& id) { return people_->find(id).value().value(); }
  std::vector<std::string> kinds(const std::string& id) {
    std::vector<std::string> names;
    const auto events = people_->events(id).value();
    for (const ContactEvent& event : events) {
      names.emplace_back(contact_kind_name(event.kind));
    }
    return names;
  }
  std::string token(const std::string& id, TokenPurpose purpose = TokenPurpose::kAnswer) {
    return tokens_->issue(purpose, "w1", id, kNow + 1000).value();
  }
  std::string holder(const std::string& text, TokenPurpose purpose = TokenPurpose::kAnswer,
                     int64_t now = kNow) {
    const auto found = tokens_->find(purpose, text, now).value();
    return found ? found->wave + "/" + found->person : "nobody";
  }

  TempFolder temp_;
  FieldFolder folder_;
  DatabasePtr database_;
  std::optional<People> people_;
  std::optional<SecretKey> key_;
  std::optional<Tokens> tokens_;
};

TEST_F(PeopleStore, AnImportThatRunsAgainChangesWhatHasChanged) {
  EXPECT_EQ(import("id,email\np1,anna@x.example\np2,ben@x.example\n").same, 2U);
  const PeopleImport other =
      import("id,email,organisation\np1,new@x.example,o2\np3,c@x.example,o1\n");
  EXPECT_EQ(other.changed, 2U) << "p2 is of the frame and lost its address";
  EXPECT_EQ(other.added, 1U);
  EXPECT_EQ(person("p1").email, "new@x.example");
  EXPECT_THAT(person("p1").organisations, ElementsAre("o2"));
  EXPECT_EQ(import("id,email\np1,new@x.example\n").gone, 1U);
  EXPECT_THAT(kinds("p1"), ElementsAre("imported", "imported")) << "another address is an event";
  EXPECT_EQ(people_->all().value().size(), 3U);
  // The former link is kept with its end.
  EXPECT_EQ(database_
                ->ask_whole("SELECT count(*) FROM person_organisation WHERE person = 'p1' AND "
                            "organisation = 'o2' AND until_ms IS NOT NULL")
                .value(),
            1);
}

TEST_F(PeopleStore, AnOptOutHoldsForThisWaveOrForAll) {
  ASSERT_TRUE(people_->opt_out("p1", false, kNow, ""));
  ASSERT_TRUE(people_->opt_out("p2", true, kNow, "owner"));
  EXPECT_TRUE(person("p1").opted_out && person("p2").opted_out);
  import("id,email\np1,anna@x.example\np2,BEN@x.example\n", "w2");
  People next(*database_, "w2");
  EXPECT_FALSE(next.find("p1").value()->opted_out);
  EXPECT_TRUE(next.find("p2").value()->opted_out) << "letter case aside";
  ASSERT_TRUE(people_->withdraw_opt_out("p2", kNow, ""));
  EXPECT_FALSE(person("p2").opted_out);
  EXPECT_THAT(kinds("p2"), ElementsAre("imported", "opted-out", "opt-out-withdrawn"));
  EXPECT_FALSE(people_->opt_out("stranger", false, kNow, ""));
}

TEST_F(PeopleStore, SharingAddsAColleagueAndATransferReplacesOne) {
  const std::string shared = people_->share("p1", "Cleo", "cleo@x.example", false, kNow).value();
  EXPECT_EQ(shared, "p1+1");
  EXPECT_EQ(person(shared).state, PersonState::kPending);
  EXPECT_THAT(person(shared).organisations, ElementsAre("o1"));
  EXPECT_NE(person("p1").role, "");
  EXPECT_EQ(person(shared).role, "") << "of a colleague nobody said it";
  ASSERT_TRUE(people_->accept_share(shared, kNow));
  EXPECT_EQ(person("p1").state, PersonState::kActive);
  const std::string link = token("p1");
  const std::string moved = people_->share("p1", "Dan", "dan@x.example", true, kNow).value();
  EXPECT_EQ(holder(link), "w1/p1") << "until the colleague accepts";
  ASSERT_TRUE(people_->accept_share(moved, kNow));
  ASSERT_TRUE(people_->accept_share(moved, kNow));
  EXPECT_EQ(person("p1").state, PersonState::kTransferred);
  EXPECT_EQ(person(moved).state, PersonState::kActive);
  EXPECT_EQ(holder(link), "nobody");
  EXPECT_THAT(kinds("p1"), ElementsAre("imported", "shared", "shared", "transferred"));
}

TEST_F(PeopleStore, NotEverybodyCanBeNamed) {
  ASSERT_TRUE(people_->opt_out("p2", true, kNow, ""));
  const auto refused = [&](const std::string& name, const std::string& email) {
    const auto done = people_->share("p1", name, email, false, kNow);
    return done ? std::string("taken") : done.error().message;
  };
  EXPECT_THAT(refused("A", "nonsense"), HasSubstr("is not a mail address"));
  EXPECT_THAT(refused("A\nBcc: x", "a@x.example"), HasSubstr("one line"));
  EXPECT_THAT(refused("A", "Anna@x.example"), HasSubstr("is asked already"));
  EXPECT_THAT(refused("B", "ben@x.example"), HasSubstr("already"));
  EXPECT_EQ(refused("C", "c1@x.example"), "taken");
  EXPECT_EQ(refused("C", "c2@x.example"), "taken");
  EXPECT_EQ(refused("C", "c3@x.example"), "taken");
  EXPECT_THAT(refused("C", "c4@x.example"), HasSubstr("at most 3"));
  EXPECT_FALSE(people_->share("stranger", "A", "a@x.example", false, kNow));
}

TEST_F(PeopleStore, WhoIsAskedOfAnotherOrganisationIsNotNamedAgain) {
  import("id,email,organisation\np8,eva@x.example,o2\n");
  const auto named = people_->share("p1", "Eva", "Eva@X.example", false, kNow);
  ASSERT_FALSE(named.has_value());
  EXPECT_THAT(named.error().message, HasSubstr("is asked already"));
}

TEST_F(PeopleStore, AnErasedPersonIsForgottenAndNotBroughtBack) {
  const std::string link = token("p1");
  ContactEvent call{.person = "p1", .at_ms = kNow, .kind = ContactKind::kNoAnswer};
  call.note = "her secretary Susan";
  ASSERT_TRUE(people_->record(call));
  ASSERT_TRUE(people_->erase("p1", kNow, "owner"));
  ASSERT_TRUE(people_->erase("p1", kNow, "owner"));
  EXPECT_EQ(person("p1").state, PersonState::kErased);
  EXPECT_EQ(person("p1").name + person("p1").email, "");
  EXPECT_THAT(person("p1").organisations, ElementsAre("o1"));
  EXPECT_THAT(kinds("p1"), ElementsAre("imported", "no-answer", "erased"));
  EXPECT_EQ(holder(link), "nobody");
  EXPECT_FALSE(tokens_->issue(TokenPurpose::kAnswer, "w1", "p1", kNow + 1));
  import("id,email\np1,anna@x.example\n");
  EXPECT_EQ(person("p1").email, "");
  import("id,email,organisation\np8,Anna@x.example,o1\n", "w2");
  EXPECT_TRUE(People(*database_, "w2").find("p8").value()->opted_out);
  for (const auto& file : std::filesystem::directory_iterator(temp_ / "data")) {
    if (!file.is_regular_file()) continue;
    std::ifstream bytes(file.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(bytes), {}};
    EXPECT_THAT(all, Not(HasSubstr("Susan"))) << file.path();
  }
}

// A row of the person in each table that has people.
void give_rows(Database& database, Tokens& tokens) {
  ASSERT_TRUE(tokens.issue(TokenPurpose::kAnswer, "w1", "p1", kNow + 1000));
  ASSERT_TRUE(
      database.run("INSERT INTO mail (wave, person, step, number, state, attempts, next_at_ms, "
                   "changed_at_ms, message_id, claim, said) VALUES ('w1', 'p1', 'invitation', 0, "
                   "'failed', 1, 0, 0, 'm', 'c', 's')"));
}

TEST_F(PeopleStore, NoColumnOfNoTableKeepsTheErased) {
  give_rows(*database_, *tokens_);
  EXPECT_GE(testing::mark_all_of(*database_, "w1", "p1"), 9);
  EXPECT_THAT(testing::marked_columns(*database_), ::testing::Contains("mail.said"));
  ASSERT_TRUE(people_->erase("p1", kNow, "owner"));
  EXPECT_THAT(testing::marked_columns(*database_), ::testing::IsEmpty());
  EXPECT_THAT(testing::marked_files(temp_ / "data"), ::testing::IsEmpty());
}

TEST_F(PeopleStore, NoColumnOfNoTableKeepsPeopleWhoseTimeIsOver) {
  give_rows(*database_, *tokens_);
  EXPECT_GE(testing::mark_all_of(*database_, "w1", "p1"), 9);
  ASSERT_TRUE(people_->expire());
  EXPECT_THAT(testing::marked_columns(*database_), ::testing::IsEmpty());
  EXPECT_THAT(testing::marked_files(temp_ / "data"), ::testing::IsEmpty());
}

TEST_F(PeopleStore, AFormThatIsSentAgainSaysTheSame) {
  ContactEvent event{.person = "p1", .at_ms = kNow, .kind = ContactKind::kDeclined};
  event.form = "f1";
  event.note = "on Tuesday";
  EXPECT_FALSE(people_->is_last_of_form(event).value());
  ASSERT_TRUE(people_->record(event));
  EXPECT_TRUE(people_->is_last_of_form(event).value());
  ContactEvent other = event;
  other.form = "f2";
  EXPECT_FALSE(people_->is_last_of_form(other).value()) << "another page";
  other = event;
  other.person = "p2";
  EXPECT_FALSE(people_->is_last_of_form(other).value()) << "another person";
  other = event;
  other.note = "on Friday";
  EXPECT_FALSE(people_->is_last_of_form(other).value()) << "another note";
  other.kind = ContactKind::kReplied;
  ASSERT_TRUE(people_->record(other));
  EXPECT_FALSE(people_->is_last_of_form(event).value()) << "something else was said since";
}

TEST_F(PeopleStore, TheMarkOfHavingBegunStaysWhereTheAnswersOfTheErasedStay) {
  for (const auto answers : {ErasedAnswers::kStay, ErasedAnswers::kGone}) {
    const std::string person = answers == ErasedAnswers::kStay ? "p1" : "p2";
    const std::string begun = tokens_->issue_unlinked("w1", person, kNow + 1000).value();
    const std::string unused = tokens_->issue_unlinked("w1", person, kNow + 1000).value();
    ASSERT_TRUE(tokens_->begin({"w1", person}, begun).value());
    ASSERT_TRUE(people_->erase(person, kNow, "owner", answers));
    EXPECT_EQ(holder(begun) + " " + holder(unused), "nobody nobody");
    EXPECT_FALSE(tokens_->issue_unlinked("w1", person, kNow + 1000));
    EXPECT_THAT(people_begun(*database_, "w1").value(), ElementsAre("p1"));
    EXPECT_EQ(database_->ask_whole("SELECT count(*) FROM token WHERE wave = 'w1'", {}).value(), 1)
        << "links that nothing was begun with go";
  }
}

TEST_F(PeopleStore, WhenItsTimeIsOverPersonalDataGoesAndCountsStay) {
  const std::string link = token("p1");
  const std::string begun = tokens_->issue_unlinked("w1", "p2", kNow + 1000).value();
  ASSERT_TRUE(tokens_->begin({"w1", "p2"}, begun).value());
  ContactEvent event{.person = "p1", .at_ms = kNow, .kind = ContactKind::kReplied};
  event.note = "Susan wrote";
  ASSERT_TRUE(people_->record(event));
  const auto before = kinds("p1");
  EXPECT_GT(people_->expire().value(), 0U);
  EXPECT_EQ(people_->expire().value(), 0U) << "once is enough";
  const auto everybody = people_->all().value();
  for (const FieldPerson& one : everybody) {
    EXPECT_EQ(one.name + one.email + one.phone, "");
    EXPECT_THAT(one.organisations, Not(::testing::IsEmpty()));
  }
  EXPECT_EQ(kinds("p1"), before);
  EXPECT_EQ(people_->events("p1").value().back().note, "");
  EXPECT_EQ(holder(link) + " " + holder(begun), "nobody nobody");
  EXPECT_THAT(people_begun(*database_, "w1").value(), ElementsAre("p2")) << "for the rates";
}

TEST_F(PeopleStore, ATokenIsGoodForOneThingUntilItsEnd) {
  const std::string link = token("p1");
  EXPECT_EQ(link.size(), 26U);
  EXPECT_EQ(token("p1"), link) << "a reminder has the same link";
  EXPECT_NE(token("p2"), link);
  EXPECT_EQ(holder(link), "w1/p1");
  EXPECT_EQ(holder(link, TokenPurpose::kStop), "nobody");
  EXPECT_EQ(holder(token("p1", TokenPurpose::kStop), TokenPurpose::kStop), "w1/p1");
  EXPECT_EQ(holder(link, TokenPurpose::kAnswer, kNow + 999), "w1/p1");
  EXPECT_EQ(holder(link, TokenPurpose::kAnswer, kNow + 1000), "nobody");
  ASSERT_TRUE(tokens_->issue(TokenPurpose::kAnswer, "w1", "p1", kNow + 5000));
  EXPECT_EQ(holder(link, TokenPurpose::kAnswer, kNow + 4999), "w1/p1");
  ASSERT_TRUE(tokens_->revoke("w1", "p1", kNow));
  EXPECT_EQ(holder(link), "nobody");
  EXPECT_NE(token("p1"), link);
  EXPECT_EQ(holder(token("p1")), "w1/p1");
  for (const std::string& forged :
       {std::string(), std::string("x"), link.substr(1), link + "0", std::string(100'000, 'a'),
        std::string("' OR 1=1 --"), std::string("\xff\xfe")}) {
    EXPECT_EQ(holder(forged), "nobody");
  }
  EXPECT_FALSE(tokens_->issue(TokenPurpose::kAnswer, "w1", "stranger", kNow));
}

TEST_F(PeopleStore, AnUnlinkedLinkIsRandomAndTheFirstToBeginIsTheOne) {
  const auto link = [&](const char* person) {
    return tokens_->issue_unlinked("w1", person, kNow + 1000).value();
  };
  const std::string one = link("p1");
  const std::string two = link("p1");
  EXPECT_EQ(one.size(), 26U);
  EXPECT_NE(one, two) << "nothing derives it again";
  EXPECT_NE(one, token("p1"));
  EXPECT_EQ(holder(one) + " " + holder(two), "w1/p1 w1/p1");
  EXPECT_THAT(people_begun(*database_, "w1").value(), ::testing::IsEmpty());
  EXPECT_TRUE(tokens_->begin({"w1", "p1"}, two).value());
  EXPECT_TRUE(tokens_->begin({"w1", "p1"}, two).value()) << "again is the same";
  EXPECT_FALSE(tokens_->begin({"w1", "p1"}, one).value());
  EXPECT_TRUE(tokens_->begin({"w1", "p2"}, link("p2")).value()) << "somebody else";
  EXPECT_THAT(people_begun(*database_, "w1").value(), ElementsAre("p1", "p2"));
  EXPECT_THAT(people_begun(*database_, "w2").value(), ::testing::IsEmpty());
  EXPECT_FALSE(tokens_->issue_unlinked("w1", "stranger", kNow));
  ASSERT_TRUE(people_->erase("p1", kNow, "owner"));
  EXPECT_FALSE(tokens_->issue_unlinked("w1", "p1", kNow));
  EXPECT_EQ(unlinked_subject("w1", one).size(), 32U);
  EXPECT_NE(unlinked_subject("w1", one), unlinked_subject("w1", two));
  EXPECT_NE(unlinked_subject("w1", one), unlinked_subject("w2", one));
}

TEST_F(PeopleStore, TheOrderOfBeginningIsForgottenOnceAtEachEnd) {
  const int64_t day = 86'400'000;
  const int64_t closes = kNow + 10 * day;
  const struct {
    const char* what;
    PrivacyMode mode;
    std::optional<int64_t> closes_ms;
    const char* closed_at;  // by the team; empty: not
    int64_t now_ms;
    bool forgets;
  } lines[] = {
      {"a confidential wave has nothing of the kind", PrivacyMode::kConfidential, closes, "",
       closes + 5 * day, false},
      {"no day is set", PrivacyMode::kUnlinked, std::nullopt, "", closes, false},
      {"it is open", PrivacyMode::kUnlinked, closes, "", closes - 1, false},
      {"who has begun may finish", PrivacyMode::kUnlinked, closes, "", closes + 2 * day - 1, false},
      {"the last day of grace is over", PrivacyMode::kUnlinked, closes, "", closes + 2 * day, true},
      {"once more, for who began before the servers saw the end", PrivacyMode::kUnlinked, closes,
       "", closes + 2 * day + 60'000, true},
      {"the same end again", PrivacyMode::kUnlinked, closes, "", closes + 3 * day, false},
      {"it was opened for longer, and has not ended", PrivacyMode::kUnlinked, closes + 9 * day, "",
       closes + 3 * day, false},
      {"and has ended", PrivacyMode::kUnlinked, closes + 9 * day, "", closes + 11 * day, true},
      {"the team closed it ahead of its day", PrivacyMode::kUnlinked, closes + 9 * day, "5", closes,
       true},
      {"without a day the team closed it", PrivacyMode::kUnlinked, std::nullopt, "6", closes, true},
  };
  const std::filesystem::path log = folder_.answers().text + "-wal";
  auto journal = Journal::open(folder_.answers()).value();
  int number = 0;
  for (const auto& line : lines) {
    FieldworkSettings settings;
    settings.privacy = line.mode;
    settings.closes_ms = line.closes_ms;
    settings.grace_days = 2;
    if (*line.closed_at != 0) {
      ASSERT_TRUE(people_->set("closed_at_ms", line.closed_at));
    }
    ASSERT_TRUE(journal->append(
        {.wave = "w1", .subject = "s", .kind = "answers", .key = std::to_string(++number)}));
    const auto forgot =
        forget_order_after_end(*database_, folder_.answers(), "w1", settings, line.now_ms);
    ASSERT_TRUE(forgot) << line.what << ": " << forgot.error().message;
    EXPECT_EQ(*forgot, line.forgets) << line.what;
    EXPECT_EQ(std::filesystem::file_size(log) == 0, line.forgets) << line.what;
    EXPECT_EQ(journal->last_sequence().value(), number) << line.what;
  }
}

TEST_F(PeopleStore, ACodeIsReadAsPeopleTypeIt) {
  const std::string code = token("p1", TokenPurpose::kCode);
  ASSERT_EQ(code.size(), 14U);
  std::string typed;
  for (const char c : code) {
    if (c == '-') continue;
    typed += c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    typed += ' ';
  }
  EXPECT_EQ(holder(typed, TokenPurpose::kCode), "w1/p1") << typed;
  EXPECT_EQ(holder(code, TokenPurpose::kAnswer), "nobody");
}

TEST_F(PeopleStore, TheDatabaseHoldsNoToken) {
  const std::string link = token("p1");
  const std::string code = token("p1", TokenPurpose::kCode);
  ASSERT_TRUE(database_->purge("token"));
  std::ifstream bytes(temp_ / "data/fieldwork.sqlite", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(bytes), {}};
  EXPECT_THAT(all, HasSubstr("anna@x.example"));
  EXPECT_THAT(all, Not(HasSubstr(link)));
  EXPECT_THAT(all, Not(HasSubstr(code)));
  // Another key, as someone has who holds the database alone, finds nobody.
  const SecretKey other = folder_.key("other").value();
  EXPECT_FALSE(Tokens(*database_, other).find(TokenPurpose::kAnswer, link, kNow).value());
}

TEST_F(PeopleStore, SettingsAreKept) {
  EXPECT_EQ(people_->setting("privacy").value(), std::nullopt);
  ASSERT_TRUE(people_->set("privacy", "unlinked") && people_->set("privacy", "confidential"));
  EXPECT_EQ(people_->setting("privacy").value(), "confidential");
  EXPECT_EQ(People(*database_, "w2").setting("privacy").value(), std::nullopt);
  ASSERT_TRUE(people_->unset("privacy"));
  EXPECT_EQ(people_->setting("privacy").value(), std::nullopt);
}

TEST(ContactKinds, EachHasANameOfItsOwn) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ContactKind::kErased); ++i) {
    const auto kind = static_cast<ContactKind>(i);
    EXPECT_EQ(contact_kind_named(contact_kind_name(kind)), kind);
  }
  EXPECT_EQ(contact_kind_named("nonsense"), std::nullopt);
}

}  // namespace
}  // namespace barometer
