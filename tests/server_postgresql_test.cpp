// Two servers of one wave on PostgreSQL, over HTTP: what one has acknowledged, the other shows with
// its next page; and the database and the servers killed under load.
#include <chrono>
#include <random>

#include <gmock/gmock.h>

#include "barometer/server/field_server.h"
#include "tests/support/forgotten.h"
#include "tests/support/server_child.h"
#include "tests/support/server_process.h"

namespace barometer {
namespace {

using testing::Answering;
using testing::FieldPlace;
using testing::FieldWave;
using testing::form_request;
using testing::get_request;
using ::testing::HasSubstr;
using testing::HttpAnswer;
using ::testing::Not;
using testing::PostgresqlServer;
using testing::RawClient;
using testing::ServerChild;

FieldServerOptions without_rates() {
  FieldServerOptions options;
  options.link_rate = options.address_rate = {0, 0};
  return options;
}

std::string where(const HttpAnswer& answer) { return answer.header("Location"); }

class ServerPostgresql : public ::testing::Test {
 protected:
  // A database for each case: one PostgreSQL serves the whole test.
  static FieldPlace place() {
    static int number = 0;
    const std::string name = fmt::format("wave_{}", ++number);
    auto database = open_database({server().address()});
    EXPECT_TRUE(database && (*database)->script("CREATE DATABASE " + name));
    std::string address = server().address();
    return {{}, address.substr(0, address.rfind('/') + 1) + name};
  }
  static PostgresqlServer& server() {
    static PostgresqlServer one;
    return one;
  }
};

TEST_F(ServerPostgresql, NoColumnAndNoFileOfATableKeepsTheErased) {
  for (const bool expires : {false, true}) {
    const FieldPlace where_it_is = place();
    const DatabaseAddress address{where_it_is.store, "barometer_fieldwork"};
    FieldWave wave({}, testing::field_study(), where_it_is);
    auto database = open_database(address).value();
    ASSERT_TRUE(
        database->run("INSERT INTO mail (wave, person, step, number, state, attempts, next_at_ms, "
                      "changed_at_ms, message_id, claim, said) VALUES ('w1', 'p1', 'invitation', "
                      "0, 'failed', 1, 0, 0, 'm', 'c', 's')"));
    EXPECT_GE(testing::mark_all_of(*database, "w1", "p1"), 9);
    ASSERT_TRUE(database->script("CHECKPOINT"));
    EXPECT_THAT(testing::marked_files(server().data() / "base"), Not(::testing::IsEmpty()));
    People people(*database, "w1");
    if (expires) {
      ASSERT_TRUE(people.expire());
    } else {
      ASSERT_TRUE(people.erase("p1", wave.now_ms, "owner"));
    }
    EXPECT_THAT(testing::marked_columns(*database), ::testing::IsEmpty());
    ASSERT_TRUE(database->script("CHECKPOINT"));
    EXPECT_THAT(testing::marked_files(server().data() / "base"), ::testing::IsEmpty())
        << "the write-ahead log is another matter";
  }
}

// Both sides count their transactions in one row, and each row of a table says its own.
TEST_F(ServerPostgresql, TheEndOfAnUnlinkedWaveLevelsTheOrderOfItsTransactions) {
  const FieldPlace where_it_is = place();
  Study unlinked = testing::field_study();
  unlinked.waves[0].fieldwork.privacy = PrivacyMode::kUnlinked;
  FieldWave wave({}, std::move(unlinked), where_it_is);
  auto list = open_database(wave.data().identity()).value();
  auto answers = open_database(wave.data().answers()).value();
  const SecretKey key = wave.data().key("tokens").value();
  for (const char* person : {"p1", "p2", "p3"}) {
    const std::string link =
        "/i/" + Tokens(*list, key).issue_unlinked("w1", person, wave.now_ms + 1'000'000).value();
    ASSERT_EQ(wave.fill(link + "/p/role", "role=1").status, 303);
  }
  const auto transactions = [&] {
    return answers->ask_whole("SELECT count(DISTINCT xmin::text) FROM journal").value();
  };
  EXPECT_EQ(transactions(), 3);
  ASSERT_TRUE(forget_order(*list, *answers, "w1"));
  EXPECT_EQ(transactions(), 1);
  const JournalCheck check = verify_journal(*answers).value();
  EXPECT_EQ(check.entries, 3);
  EXPECT_THAT(check.problems, ::testing::IsEmpty()) << "the chain is as it was";
}

// Two servers, and the same client at either.
class Pair {
 public:
  explicit Pair(const FieldPlace& place)
      : wave(without_rates(), testing::field_study(), place), second_(wave.another()) {}
  [[nodiscard]] HttpAnswer get(int server, const std::string& target) const {
    return RawClient(port(server)).ask(get_request(target));
  }
  [[nodiscard]] HttpAnswer post(int server, const std::string& target,
                                const std::string& form) const {
    return RawClient(port(server)).ask(form_request(target, form));
  }
  [[nodiscard]] std::string ticket(int server, const std::string& target) const {
    return "_ticket=" + FieldWave::ticket_in(get(server, target).body);
  }
  [[nodiscard]] HttpAnswer fill(int server, const std::string& target,
                                const std::string& form) const {
    return post(server, target, ticket(server, target) + "&" + form);
  }
  FieldWave wave;

 private:
  [[nodiscard]] uint16_t port(int server) const {
    return server == 0 ? wave.server->port() : second_->port();
  }
  std::unique_ptr<FieldServer> second_;
};

TEST_F(ServerPostgresql, APersonGoesOnAtTheOtherServer) {
  Pair pair(place());
  const std::string link = pair.wave.link("p1");
  const std::vector<std::pair<std::string, std::string>> pages = {{"role", "role=1"},
                                                                  {"topics", "topics=1&topics=2"},
                                                                  {"views", "v1=1&v2=2&v3=1"},
                                                                  {"staff", "staff=1,250"},
                                                                  {"score", "score=4"}};
  for (const int server : {0, 1}) ASSERT_EQ(pair.get(server, link).status, 200);  // both hold it
  for (size_t i = 0; i < pages.size(); ++i) {
    const int server = static_cast<int>(i % 2);
    const std::string next = i + 1 < pages.size() ? "/p/" + pages[i + 1].first : "/check";
    EXPECT_EQ(where(pair.fill(server, link + "/p/" + pages[i].first, pages[i].second)),
              link + next);
    EXPECT_EQ(where(pair.get(1 - server, link + "/begin")), link + next)
        << "the other knows it at once";
  }
  EXPECT_EQ(where(pair.fill(1, link + "/check", "")), link + "/done");
  EXPECT_THAT(pair.get(0, link).body, HasSubstr("Your answers have been received."));
  EXPECT_EQ(pair.wave.entries("p1").size(), 6U);
}

TEST_F(ServerPostgresql, OnePostSentToBothIsOneAnswer) {
  Pair pair(place());
  const std::string page = pair.wave.link("p1") + "/p/staff";
  for (int round = 1; round <= 20; ++round) {
    const std::string form = pair.ticket(round % 2, page) + fmt::format("&staff={}", round);
    std::array<std::string, 4> led;
    std::vector<std::thread> devices;
    for (size_t i = 0; i < led.size(); ++i) {
      devices.emplace_back(
          [&, i] { led[i] = where(pair.post(static_cast<int>(i % 2), page, form)); });
    }
    for (std::thread& device : devices) device.join();
    for (const std::string& one : led) EXPECT_EQ(one, led[0]);
    EXPECT_NE(led[0], "");
    EXPECT_EQ(pair.wave.entries("p1").size(), static_cast<size_t>(round));
  }
}

TEST_F(ServerPostgresql, WhatOneAcknowledgedTheOtherShows) {
  Pair pair(place());
  const std::string page = pair.wave.link("p1") + "/p/staff";
  int64_t longest_us = 0;
  for (int number = 1; number <= 150; ++number) {
    const int server = number % 2;
    ASSERT_EQ(pair.fill(server, page, fmt::format("staff={}", number)).status, 303);
    const int64_t asked = testing::real_us();
    const HttpAnswer shown = pair.get(1 - server, page);
    longest_us = std::max(longest_us, testing::real_us() - asked);
    ASSERT_THAT(shown.body, HasSubstr(fmt::format("value=\"{}\"", number))) << "stale";
  }
  RecordProperty("longest_us", static_cast<int>(longest_us));
}

TEST_F(ServerPostgresql, WhatIsSaidBesideTheInterviewIsKnownAtOnce) {
  Pair pair(place());
  const std::string link = pair.wave.link("p2");
  for (const int server : {0, 1}) ASSERT_EQ(pair.get(server, link).status, 200);
  ASSERT_EQ(pair.fill(0, link + "/decline", "answer=no").status, 303);
  EXPECT_THAT(pair.get(1, link).body, HasSubstr("do not want to take part"));
  ASSERT_EQ(pair.post(1, link + "/return", pair.ticket(1, link)).status, 303);
  EXPECT_THAT(pair.get(0, link).body, HasSubstr("Start now"));
  ASSERT_EQ(pair.fill(0, link + "/p/role", "role=1").status, 303);
  EXPECT_THAT(pair.fill(1, link + "/erase", "answer=erase").body, HasSubstr("have been erased"));
  EXPECT_EQ(pair.get(0, link).status, 404) << "an erased person's link is known to be none";
}

// Going back in the browser, and the change lands at the other server: it is a change there too.
TEST_F(ServerPostgresql, AChangeOfAPageIsOneAtTheOtherServerToo) {
  Pair pair(place());
  const std::string page = pair.wave.link("p3") + "/p/role";
  const std::string drawn = pair.ticket(0, page);
  ASSERT_EQ(pair.post(0, page, drawn + "&role=1").status, 303);
  ASSERT_EQ(pair.post(1, page, drawn + "&role=2").status, 303);
  EXPECT_THAT(pair.get(0, pair.wave.link("p3") + "/check").body, HasSubstr("Accountable officer"));
  EXPECT_EQ(pair.wave.entries("p3").size(), 2U);
}

std::map<std::string, Answering> clients_of(const FieldWave& wave) {
  std::map<std::string, Answering> people;
  for (const char* person : {"p1", "p2", "p3"})
    people.emplace(person, Answering(wave.link(person)));
  return people;
}

TEST_F(ServerPostgresql, ServersAreKilledInTurnUnderLoad) {
  std::mt19937 random(11);
  std::uniform_int_distribution<int> moment(0, 15'000);
  FieldWave wave(without_rates(), testing::field_study(), place());
  wave.server.reset();
  auto people = clients_of(wave);
  for (int round = 0; round < 10; ++round) {
    ServerChild first([&] { return wave.another(); });
    ServerChild second([&] { return wave.another(); });
    ASSERT_NE(first.port() * second.port(), 0);
    const std::atomic<bool> stop = false;
    std::atomic<int> told = 0;
    std::vector<std::thread> threads;
    int turn = round;
    for (auto& [person, client] : people) {
      threads.emplace_back(
          [&, &one = client, port = ++turn % 2 == 0 ? first.port() : second.port()] {
            one.run(port, stop, [&told] { ++told; });
          });
    }
    for (int i = 0; i < 10'000 && told < 3; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    (round % 2 == 0 ? first : second).kill();
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    (round % 2 == 0 ? second : first).kill();
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(told, 3);
    testing::expect_answers_kept(wave, people);
    ASSERT_FALSE(HasFailure()) << "in round " << round;
  }
}

// The server stays; PostgreSQL is killed under it and started again.
TEST_F(ServerPostgresql, TheDatabaseIsKilledUnderLoad) {
  std::mt19937 random(12);
  std::uniform_int_distribution<int> moment(0, 40'000);
  FieldWave wave(without_rates(), testing::field_study(), place());
  auto people = clients_of(wave);
  std::atomic<bool> stop = false;
  std::atomic<int> told = 0;
  std::vector<std::thread> threads;
  for (auto& [person, client] : people) {
    threads.emplace_back([&, &one = client] {
      while (!stop) one.run(wave.server->port(), stop, [&told] { ++told; });
    });
  }
  for (int round = 0; round < 6; ++round) {
    const int before = told;
    for (int i = 0; i < 30'000 && told < before + 15; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_GE(told, before + 15) << "it does not go on in round " << round;
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    server().stop();
    server().start();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  testing::expect_answers_kept(wave, people);
  EXPECT_THAT(wave.log(), Not(HasSubstr(PostgresqlServer::kPassword)));
}

}  // namespace
}  // namespace barometer
