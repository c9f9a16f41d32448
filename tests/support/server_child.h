// A server of fieldwork in a process of its own, which can be killed at any moment; and clients
// that answer like browsers: a page is sent again, as it was drawn, until it is acknowledged.
#pragma once

#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/server/field_server.h"
#include "tests/support/child_process.h"
#include "tests/support/field_wave.h"
#include "tests/support/journal_cases.h"

namespace barometer::testing {

// Forked: make it while no other thread runs. Ends with its holder.
class ServerChild {
 public:
  using Start = std::function<std::unique_ptr<FieldServer>()>;  // in the child

  explicit ServerChild(const Start& start) : child_([&start](int to) { serve(start, to); }) {}

  // Waits until it listens; 0 when it did not start.
  uint16_t port() {
    if (port_ == 0 && !child_.read(port_)) port_ = 0;
    return port_;
  }
  void kill() { child_.kill(); }

 private:
  [[noreturn]] static void serve(const Start& start, int to) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::unique_ptr<FieldServer> server = start();
    const uint16_t port = server ? server->port() : 0;
    if (::write(to, &port, sizeof port) != sizeof port) ::_exit(1);
    for (;;) ::pause();
  }

  ChildProcess child_;
  uint16_t port_ = 0;
};

// One person who answers the question "staff" with 1, 2, 3, …: each number once, whatever breaks.
class Answering {
 public:
  explicit Answering(std::string link) : page_(std::move(link) + "/p/staff") {}

  // Until the connection ends. `told` after each acknowledgement.
  void run(uint16_t port, const std::atomic<bool>& stop, const std::function<void()>& told) {
    RawClient client(port);
    run_on(client, stop, told);
  }
  void run_on(RawClient& client, const std::atomic<bool>& stop, const std::function<void()>& told) {
    while (client.connected() && !stop) {
      if (form_.empty() && !draw(client)) return;
      if (form_.empty()) continue;
      const HttpAnswer answer = client.ask(form_request(page_, form_), 5'000);
      if (answer.status == 0) return;
      if (answer.status == 503) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        continue;
      }
      EXPECT_EQ(answer.status, 303) << answer.body;
      if (answer.status != 303) return;
      ++acknowledged_;
      form_.clear();
      told();
    }
  }
  [[nodiscard]] int64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] bool in_doubt() const { return !form_.empty(); }
  [[nodiscard]] const std::string& page() const { return page_; }

 private:
  // The page as it is drawn holds what was acknowledged last, or the answer that is in doubt.
  bool draw(RawClient& client) {
    const HttpAnswer drawn = client.ask(get_request(page_), 5'000);
    if (drawn.status == 503) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (drawn.status != 200) return drawn.status == 503;
    if (acknowledged_ > 0) {
      EXPECT_NE(drawn.body.find(fmt::format("value=\"{}\"", acknowledged_)), std::string::npos)
          << "what was acknowledged is not shown";
    }
    form_ = fmt::format("staff={}&_ticket={}", acknowledged_ + 1, FieldWave::ticket_in(drawn.body));
    return true;
  }

  std::string page_;
  std::string form_;  // sent, and not acknowledged yet
  int64_t acknowledged_ = 0;
};

// Nothing acknowledged is lost, nothing is there twice, every row follows the one before it.
inline void expect_answers_kept(const FieldFolder& data, const std::string& wave,
                                const std::map<std::string, Answering>& people) {
  const JournalCheck check = check_of(data.answers());
  EXPECT_THAT(check.problems, ::testing::IsEmpty());
  for (const auto& [person, client] : people) {
    std::set<std::string> keys;
    int64_t next = 1;
    for (const JournalEntry& entry : entries_of_person(data, wave, person)) {
      EXPECT_TRUE(keys.insert(entry.key).second) << person << ": one post is there twice";
      EXPECT_NE(entry.body.find(fmt::format("\"staff\":\"{}\"", next)), std::string::npos)
          << person << ": " << entry.body << " where " << next << " should be";
      EXPECT_EQ(entry.version, next);
      ++next;
    }
    const int64_t saved = next - 1;
    EXPECT_GE(saved, client.acknowledged()) << person << ": an acknowledged answer is lost";
    EXPECT_LE(saved, client.acknowledged() + (client.in_doubt() ? 1 : 0)) << person;
  }
}
inline void expect_answers_kept(FieldWave& wave, const std::map<std::string, Answering>& people) {
  expect_answers_kept(wave.data(), "w1", people);
}

}  // namespace barometer::testing
