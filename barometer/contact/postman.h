// Mail that leaves by itself while a server runs: what is queued (by a person of the team, or put
// off by the mail server), the mails to colleagues who were named, and, where the wave says
// `mails: by-date`, the invitation and each reminder once its day has come.
//
// By date, of the reminders that are due only the last is sent: who puts a wave on the web late
// does not send three at once. A reminder goes to whoever had a mail of ours, and none within a
// day. Nothing is sent while the wave is not open. Several servers and the command line may send at
// once: a mail is claimed before it is sent (outbox.h).
//
// Threads: one of its own, with its own connections; the server's pages never wait for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "barometer/contact/outbox.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/interview/interview.h"
#include "barometer/study/study.h"

namespace barometer {

struct PostmanOptions {
  int64_t round_ms = 5'000;                 // between two looks at the outbox
  int64_t lease_ms = int64_t{15} * 60'000;  // as DeliverOptions
  int64_t first_retry_ms = int64_t{5} * 60'000;
};

struct PostmanHooks {
  std::function<int64_t()> unix_ms;
  // "info" or "error", and a sentence without names, addresses or secrets. Its own thread.
  std::function<void(std::string_view level, std::string_view message)> log;
  std::function<void(const DeliverReport&)> on_report{};
};

class Postman {
 public:
  // Study, wave and interview outlive it. Errors are those of the databases; a wave without texts
  // or mail server is said in the log, and nothing is sent.
  static Result<std::unique_ptr<Postman>> start(const Study& study, const Wave& wave,
                                                const Interview& interview,
                                                const FieldFolder& folder,
                                                const PostmanOptions& options, PostmanHooks hooks);
  Postman(const Postman&) = delete;
  Postman& operator=(const Postman&) = delete;
  ~Postman();

  // Begins no other mail. The one under way is given up, or, when its end is out, waits some
  // seconds for its answer; the destructor waits for that.
  void stop();

  struct Round;  // private to the module
  explicit Postman(std::unique_ptr<Round> round);

 private:
  std::unique_ptr<Round> round_;
};

}  // namespace barometer
