// kill -9 of a process that writes the journal, at random moments under load. BAROMETER_ROUNDS says
// how often (20); tests/CMakeLists.txt asks for 200 and 1,000.
#include <chrono>
#include <cstdlib>
#include <random>

#include <gmock/gmock.h>

#include "barometer/journal/journal.h"
#include "tests/support/journal_load.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using testing::Account;
using testing::TempFolder;
using testing::WriterProcess;

constexpr int kClients = 8;
constexpr int kRoundsOfOneFile = 50;  // so that checking it stays quick

int rounds() {
  const char* asked = std::getenv("BAROMETER_ROUNDS");
  return asked == nullptr ? 20 : std::atoi(asked);
}

TEST(JournalCrash, NoAcknowledgedEntryIsLostAndNoneIsDoubled) {
  std::mt19937 random(20261122);
  std::uniform_int_distribution<int> moment(0, 20'000);
  size_t acknowledged = 0;
  for (int round = 0; round < rounds();) {
    const TempFolder folder;
    const DatabaseAddress address{(folder / "j.sqlite").string()};
    Account account(1, kClients);
    for (int i = 0; i < kRoundsOfOneFile && round < rounds(); ++i, ++round) {
      const size_t before = account.acknowledged();
      WriterProcess writer(address, 0, kClients, account);
      writer.await_first(account);
      std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
      writer.kill();
      writer.read_into(account);
      ASSERT_GT(account.acknowledged(), before) << "a round without load shows nothing";
      account.expect_kept(address);
      ASSERT_FALSE(HasFailure()) << "in round " << round;
    }
    acknowledged += account.acknowledged();
  }
  RecordProperty("acknowledged", static_cast<int>(acknowledged));
}

// The moments before the first acknowledgement: while the tables are made and the log is replayed.
TEST(JournalCrash, AKillWhileOpeningLeavesASoundJournal) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> moment(0, 60'000);
  const TempFolder folder;
  for (int round = 0; round < 10; ++round) {
    const DatabaseAddress address{(folder / fmt::format("{}.sqlite", round)).string()};
    Account account(1, kClients);
    for (int i = 0; i < 2; ++i) {
      WriterProcess writer(address, 0, kClients, account);
      std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
      writer.kill();
      writer.read_into(account);
    }
    {
      ASSERT_TRUE(Journal::open(address)) << "in round " << round;
    }
    account.expect_kept(address);
  }
}

TEST(JournalCrash, TwoProcessesOnOneFileAreKilledInTurn) {
  std::mt19937 random(8);
  std::uniform_int_distribution<int> moment(0, 20'000);
  const TempFolder folder;
  const DatabaseAddress address{(folder / "j.sqlite").string()};
  Account account(2, 4);
  for (int round = 0; round < 6; ++round) {
    WriterProcess first(address, 0, 4, account);
    WriterProcess second(address, 1, 4, account);
    first.await_first(account);
    second.await_first(account);
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    (round % 2 == 0 ? first : second).kill();
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    (round % 2 == 0 ? second : first).kill();
    first.read_into(account);
    second.read_into(account);
    account.expect_kept(address);
  }
}

}  // namespace
}  // namespace barometer
