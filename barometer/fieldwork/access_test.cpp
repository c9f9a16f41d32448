// The data folder with its keys, the team, the audit log.
#include <sys/stat.h>

#include <thread>

#include <gmock/gmock.h>

#include "barometer/fieldwork/folder.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/team.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TempFolder;

TEST(FieldFolder, KeysAreMadeOnceAndAreTheOwnersAlone) {
  const TempFolder temp;
  const FieldFolder folder = FieldFolder::open(temp / "deep/data").value();
  const std::string first = folder.key("tokens")->hash({"x"});
  EXPECT_EQ(folder.key("tokens")->hash({"x"}), first);
  EXPECT_EQ(FieldFolder::open(temp / "deep/data")->key("tokens")->hash({"x"}), first);
  EXPECT_NE(folder.key("other")->hash({"x"}), first);
  const auto file = temp / "deep/data/keys/tokens";
  struct stat found{};
  ASSERT_EQ(::stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  const auto open = folder.key("tokens");
  ASSERT_FALSE(open);
  EXPECT_THAT(open.error().message, HasSubstr("chmod 600"));
  for (const char* name : {"", ".", "../x", "a/b", ".hidden", "a b"}) {
    EXPECT_FALSE(folder.key(name)) << name;
  }
  temp.write("deep/data/keys/short", "abcd\n");
  ASSERT_EQ(::chmod((temp / "deep/data/keys/short").c_str(), 0600), 0);
  EXPECT_FALSE(folder.key("short"));
  EXPECT_FALSE(FieldFolder::open(temp / "x", "mysql://host/db"));
}

TEST(FieldFolder, AMisspeltNameIsToldFromWhereFieldworkHasBegunAndMakesNothing) {
  const TempFolder temp;
  temp.write("field/fieldwork.sqlite", "");
  temp.write("archive/answers.sqlite", "");
  temp.write("tables/keys/tokens", "");
  temp.write("empty/smtp.yaml", "");
  std::filesystem::create_directories(temp / "bare/keys");
  temp.write("outer/inner/fieldwork.sqlite", "");
  const auto path = [&](const char* name) { return (temp / name).string(); };
  for (const char* name : {"field", "field/", "archive", "tables"}) {
    EXPECT_TRUE(FieldFolder::has_begun(path(name))) << name;
    EXPECT_TRUE(FieldFolder::open_begun(path(name))) << name;
  }
  EXPECT_THAT(FieldFolder::begun_near(path("feild")),
              ElementsAre(path("field"), path("archive"), path("tables")));
  EXPECT_THAT(FieldFolder::begun_near(path("outer")),
              ElementsAre(path("archive"), path("field"), path("tables"), path("outer/inner")));
  EXPECT_THAT(FieldFolder::begun_near(path("nowhere/at/all")), IsEmpty());
  const auto misspelt = FieldFolder::open_begun(path("feild"));
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().message, "there is no folder '" + path("feild") +
                                          "'; fieldwork has begun in '" + path("field") + "', '" +
                                          path("archive") + "', '" + path("tables") + "'");
  EXPECT_FALSE(std::filesystem::exists(temp / "feild"));
  const auto empty = FieldFolder::open_begun(path("empty"));
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, HasSubstr("nothing has begun in the folder"));
  EXPECT_FALSE(std::filesystem::exists(temp / "empty/keys"));
}

TEST(FieldFolder, ProcessesThatMakeAKeyAtOnceHaveTheSame) {
  const TempFolder temp;
  const FieldFolder folder = FieldFolder::open(temp / "data").value();
  std::vector<std::string> hashes(4);
  std::vector<std::thread> threads;
  for (std::string& hash : hashes) {
    threads.emplace_back([&] {
      if (const auto key = folder.key("k")) hash = key->hash({"x"});
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Threads share a process id, so some may find the file of another in their way; none has
  // another key.
  const std::string kept = folder.key("k")->hash({"x"});
  for (const std::string& hash : hashes) EXPECT_TRUE(hash.empty() || hash == kept);
}

TEST(FieldFolder, ADestroyedKeyStaysDestroyed) {
  const TempFolder temp;
  const FieldFolder folder = FieldFolder::open(temp / "data").value();
  ASSERT_TRUE(folder.pseudonym_key("2026-11"));
  ASSERT_TRUE(folder.destroy_key("pseudonym-2026-11"));
  const auto gone = folder.pseudonym_key("2026-11");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(temp / "data/keys/pseudonym-2026-11"));
  EXPECT_TRUE(folder.pseudonym_key("2027-01"));
}

TEST(FieldFolder, PseudonymsNeedTheKeyAndDifferByWave) {
  const TempFolder temp;
  const FieldFolder folder = FieldFolder::open(temp / "data").value();
  const SecretKey one = folder.pseudonym_key("w1").value();
  const SecretKey two = folder.pseudonym_key("w2").value();
  EXPECT_EQ(pseudonym(one, "w1", "p1"), pseudonym(one, "w1", "p1"));
  EXPECT_EQ(pseudonym(one, "w1", "p1").size(), 32U);
  EXPECT_NE(pseudonym(one, "w1", "p1"), pseudonym(one, "w1", "p2"));
  EXPECT_NE(pseudonym(one, "w1", "p1"), pseudonym(two, "w1", "p1"));
  EXPECT_NE(pseudonym(one, "w1", "2p1"), pseudonym(one, "w12", "p1"))
      << "fields do not run together";
}

class TeamStore : public ::testing::Test {
 protected:
  TeamStore() {
    database_ = open_database(address()).value();
    EXPECT_TRUE(People::prepare(*database_));
    team_.emplace(*database_);
    EXPECT_TRUE(team_->save({.id = "olga", .name = "Olga", .role = TeamRole::kOwner}));
  }
  DatabaseAddress address() { return {(temp_ / "f.sqlite").string()}; }
  TempFolder temp_;
  DatabasePtr database_;
  std::optional<Team> team_;
};

TEST_F(TeamStore, SignInsEndByTimeRevocationAndDisabling) {
  ASSERT_TRUE(team_->sign_in({.hash = "h1", .member = "olga", .expires_at_ms = 100}));
  ASSERT_TRUE(team_->sign_in({.hash = "h2", .member = "olga", .expires_at_ms = 100}));
  const auto valid = [&](const std::string& hash, int64_t now) {
    return team_->find_sign_in(hash, now).value().has_value();
  };
  EXPECT_TRUE(valid("h1", 99));
  EXPECT_FALSE(valid("h1", 100));
  EXPECT_FALSE(valid("h3", 1));
  ASSERT_TRUE(team_->touch("h1", 50, 200));
  EXPECT_TRUE(valid("h1", 150));
  EXPECT_EQ(team_->sign_ins("olga")->size(), 2U);
  ASSERT_TRUE(team_->revoke("h1"));
  EXPECT_FALSE(valid("h1", 50));
  EXPECT_TRUE(valid("h2", 50));
  ASSERT_TRUE(team_->save({.id = "olga", .role = TeamRole::kOwner, .disabled = true}));
  EXPECT_FALSE(valid("h2", 50));
  ASSERT_TRUE(team_->revoke_all("olga"));
  EXPECT_THAT(team_->sign_ins("olga").value(), IsEmpty());
}

TEST_F(TeamStore, ATotpStepIsTakenOnceAndNeverAnEarlierOne) {
  EXPECT_TRUE(team_->take_totp_step("olga", 10).value());
  EXPECT_FALSE(team_->take_totp_step("olga", 10).value());
  EXPECT_FALSE(team_->take_totp_step("olga", 9).value());
  EXPECT_TRUE(team_->take_totp_step("olga", 11).value());
  EXPECT_FALSE(team_->take_totp_step("stranger", 12).value());
}

TEST_F(TeamStore, MembersAreKeptAsGiven) {
  EXPECT_FALSE(team_->save({.id = "<script>"}));
  EXPECT_FALSE(team_->save({.id = ""}));
  ASSERT_TRUE(team_->save({.id = "abe", .name = "Abe'; DROP", .role = TeamRole::kEditor}));
  EXPECT_EQ(team_->member("abe").value()->name, "Abe'; DROP");
  EXPECT_EQ(team_->members()->size(), 2U);
  EXPECT_EQ(team_->member("nobody").value(), std::nullopt);
  EXPECT_EQ(team_role_named("owner"), TeamRole::kOwner);
  EXPECT_EQ(team_role_named("root"), std::nullopt);
}

TEST_F(TeamStore, TheAuditLogIsAChain) {
  {
    AuditLog log = AuditLog::open(address()).value();
    for (const char* what : {"sign-in", "invite", "export"}) {
      ASSERT_TRUE(
          log.record({.at_ms = 1, .who = "olga", .what = what, .wave = "w1", .detail = ""}));
    }
    const auto acts = log.newest(2).value();
    ASSERT_EQ(acts.size(), 2U);
    EXPECT_EQ(acts[0].what, "export");
    EXPECT_EQ(acts[1].what, "invite");
    EXPECT_EQ(log.newest(100)->size(), 3U);
  }
  EXPECT_THAT(verify_journal(*database_)->problems, IsEmpty());
  ASSERT_TRUE(database_->run("UPDATE journal SET body = '{\"what\":1}' WHERE sequence = 2"));
  EXPECT_EQ(verify_journal(*database_)->problems.size(), 1U);
  EXPECT_EQ(AuditLog::open(address())->newest(9).value()[1].what, "") << "odd bodies do no harm";
}

}  // namespace
}  // namespace barometer
