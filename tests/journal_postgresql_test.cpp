// The journal in PostgreSQL: as in SQLite, by two processes on one wave, and with the server killed
// at random moments under load.
#include <random>

#include <gmock/gmock.h>

#include "barometer/base/text.h"
#include "barometer/journal/journal.h"
#include "tests/support/journal_load.h"
#include "tests/support/server_process.h"

namespace barometer {
namespace {

using testing::Account;
using testing::Acknowledged;
using ::testing::HasSubstr;
using testing::PostgresqlServer;
using testing::WriterProcess;

class JournalPostgresql : public ::testing::Test {
 protected:
  // A schema for each case: one server serves the whole test.
  DatabaseAddress address() {
    static int number = 0;
    return {server().address(), fmt::format("journal_{}", ++number)};
  }
  static PostgresqlServer& server() {
    static PostgresqlServer one;
    return one;
  }
};

TEST_F(JournalPostgresql, TakesEachKeyOnceAndEachVersionInTurn) {
  for (const size_t group_max : {1U, 512U}) testing::expect_appends(address(), group_max);
}

TEST_F(JournalPostgresql, TwoWritersShareTheChain) {
  const DatabaseAddress shared = address();
  auto first = Journal::open(shared).value();
  auto second = Journal::open(shared).value();
  testing::expect_group_commit({first.get(), second.get()}, shared, 8, 40);
  testing::expect_one_of_two_devices(*first, *second);
}

TEST_F(JournalPostgresql, AWriterKnowsTheKeysOfOthers) {
  const DatabaseAddress shared = address();
  auto first = Journal::open(shared).value();
  auto second = Journal::open(shared).value();
  testing::expect_keys_of_others_known(*first, *second, shared);
}

TEST_F(JournalPostgresql, ErasureRemovesBodiesAndTheChainHolds) {
  testing::expect_erasure(address());
}

TEST_F(JournalPostgresql, TamperingIsFound) { testing::expect_tampering_found(address()); }

TEST_F(JournalPostgresql, TwoProcessesOpenOneSchemaAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const DatabaseAddress shared = address();
    Account account(2, 2);
    WriterProcess first(shared, 0, 2, account);
    WriterProcess second(shared, 1, 2, account);
    first.await_first(account);
    second.await_first(account);
    EXPECT_GE(account.acknowledged(), 2U) << "a process could not open the journal";
    first.kill();
    second.kill();
    first.read_into(account);
    second.read_into(account);
    account.expect_kept(shared);
  }
}

TEST_F(JournalPostgresql, ProcessesOfOneWaveAreKilledInTurn) {
  std::mt19937 random(9);
  std::uniform_int_distribution<int> moment(0, 20'000);
  const DatabaseAddress shared = address();
  Account account(2, 4);
  for (int round = 0; round < 10; ++round) {
    WriterProcess first(shared, 0, 4, account);
    WriterProcess second(shared, 1, 4, account);
    first.await_first(account);
    second.await_first(account);
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    (round % 2 == 0 ? first : second).kill();
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    (round % 2 == 0 ? second : first).kill();
    first.read_into(account);
    second.read_into(account);
    account.expect_kept(shared);
  }
}

TEST_F(JournalPostgresql, AWrongPasswordIsRefusedAndNotRepeated) {
  DatabaseAddress wrong = address();
  wrong.text = replaced(wrong.text, PostgresqlServer::kPassword, "guess-9");
  const auto refused = Journal::open(wrong);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("password authentication failed"));
  EXPECT_THAT(refused.error().message, ::testing::Not(HasSubstr("guess-9")));
}

// The clients stay; the server is killed under them and started again.
TEST_F(JournalPostgresql, TheServerIsKilledUnderLoad) {
  std::mt19937 random(10);
  std::uniform_int_distribution<int> moment(0, 40'000);
  const DatabaseAddress shared = address();
  auto journal = Journal::open(shared).value();
  constexpr int kClients = 4;
  Account account(1, kClients);
  std::mutex mutex;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int client = 0; client < kClients; ++client) {
    threads.emplace_back([&, client] {
      testing::run_client(*journal, 0, client, 1, stop, [&](const Acknowledged& told) {
        const std::lock_guard guard(mutex);
        account.add(told);
      });
    });
  }
  const auto acknowledged = [&] {
    const std::lock_guard guard(mutex);
    return account.acknowledged();
  };
  for (int round = 0; round < 6; ++round) {
    const size_t before = acknowledged();
    while (acknowledged() < before + 20) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    server().stop();
    server().start();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  account.expect_kept(shared);
}

}  // namespace
}  // namespace barometer
