// Processes that append to a journal under load and may be killed at any moment, and the account of
// what they were told.
//
// A client posts 1, 2, 3, ... under keys that say which. Like a browser it sends a post again, with
// the same key, until it has an acknowledgement; like a server it reloads when another process was
// there first. Each acknowledgement goes through a pipe to the account, which outlives the kills.
#pragma once

#include <unistd.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/journal/journal.h"
#include "tests/support/child_process.h"
#include "tests/support/journal_cases.h"

namespace barometer::testing {

struct Acknowledged {
  int process = 0;
  int client = 0;
  int64_t post = 0;
  int64_t sequence = 0;
};

inline std::string post_key(int process, int client, int64_t post) {
  return fmt::format("p{}-c{}-{}", process, client, post);
}

// Posts until told to stop, from `post` on; every acknowledgement is handed to `told`.
template <class Told>
void run_client(Journal& journal, int process, int client, int64_t post,
                const std::atomic<bool>& stop, const Told& told) {
  int64_t version = 0;
  while (!stop) {
    NewEntry entry = entry_of(fmt::format("s{}", client), post_key(process, client, post),
                              fmt::format("{{\"post\":{}}}", post));
    entry.expected_version = version;
    const auto done = journal.append(entry);
    if (!done) continue;
    version = done->version;
    if (!done->acknowledged()) continue;
    told(Acknowledged{process, client, post, done->sequence});
    ++post;
  }
}

class Account {
 public:
  Account(int processes, int clients)
      : clients_(clients), next_(static_cast<size_t>(processes * clients), 1) {}

  void add(const Acknowledged& told) {
    int64_t& next = next_[index(told.process, told.client)];
    EXPECT_EQ(told.post, next) << "acknowledged out of turn";
    next = told.post + 1;
    const std::string key = post_key(told.process, told.client, told.post);
    EXPECT_TRUE(sequences_.emplace(key, told.sequence).second) << key << " acknowledged twice";
  }
  [[nodiscard]] int64_t next(int process, int client) const {
    return next_[index(process, client)];
  }
  [[nodiscard]] size_t acknowledged() const { return sequences_.size(); }

  // Nothing acknowledged is lost, nothing is there twice, the chain holds. A post that was written
  // but whose acknowledgement died with the process may be there as well: one a client.
  void expect_kept(const DatabaseAddress& address) const {
    const JournalCheck check = check_of(address);
    EXPECT_THAT(check.problems, ::testing::IsEmpty());
    auto database = open_database(address).value();
    std::map<std::string, int64_t> found;
    const Status read = read_entries(*database, 1, [&](const JournalEntry& entry) -> Status {
      EXPECT_TRUE(found.emplace(entry.key, entry.sequence).second) << entry.key << " is doubled";
      return {};
    });
    ASSERT_TRUE(read) << read.error().message;
    for (const auto& [key, sequence] : sequences_) {
      ASSERT_EQ(found.count(key), 1U) << key << " was acknowledged and is lost";
      EXPECT_EQ(found.at(key), sequence) << key;
    }
    EXPECT_LE(found.size(), sequences_.size() + next_.size());
  }

 private:
  [[nodiscard]] size_t index(int process, int client) const {
    return static_cast<size_t>(process * clients_ + client);
  }
  int clients_;
  std::vector<int64_t> next_;
  std::map<std::string, int64_t> sequences_;
};

// A child process with `clients` threads; what it acknowledges is told to an account.
class WriterProcess {
 public:
  WriterProcess(const DatabaseAddress& address, int process, int clients, const Account& account)
      : child_([&](int to) { work(address, process, clients, account, to); }) {}
  void kill() { child_.kill(); }
  // What it has said; waits for more until the process is gone.
  void read_into(Account& account) const {
    Acknowledged told;
    while (child_.read(told)) account.add(told);
  }
  // Waits until it has said something.
  void await_first(Account& account) const {
    Acknowledged told;
    if (child_.read(told)) account.add(told);
  }

 private:
  [[noreturn]] static void work(const DatabaseAddress& address, int process, int clients,
                                const Account& account, int out) {
    auto journal = Journal::open(address);
    if (!journal) ::_exit(1);
    const std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&, client] {
        run_client(**journal, process, client, account.next(process, client), stop,
                   [&](const Acknowledged& told) {
                     // Less than PIPE_BUF: whole or not at all.
                     if (::write(out, &told, sizeof told) < 0) ::_exit(1);
                   });
      });
    }
    for (std::thread& thread : threads) thread.join();
    ::_exit(0);
  }

  ChildProcess child_;
};

}  // namespace barometer::testing
