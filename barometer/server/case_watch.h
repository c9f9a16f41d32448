// Whether what a server holds of a case is all that is committed, where several servers write one
// wave: what one has acknowledged, the next page of any other shows.
//
// A request asks before it is served. Requests that wait share one question of the database, as
// posts share a commit: those that come while it is under way go with the next. An answer says what
// was committed at a moment after the request came.
//
// Threads: check() from any; `done` is called on the watch's own thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "barometer/journal/database.h"

namespace barometer {

// How much of a case is known: entries of the journal, events of contact.
struct CasePosition {
  std::string subject{};
  std::string person{};
  int64_t entries = 0;
  int64_t events = 0;
};

class CaseWatch {
 public:
  // True when there is nothing newer; the error is one of the database.
  using Done = std::function<void(Result<bool> current)>;

  CaseWatch(std::string wave, DatabasePtr answers, DatabasePtr identity);
  CaseWatch(const CaseWatch&) = delete;
  CaseWatch& operator=(const CaseWatch&) = delete;
  ~CaseWatch();  // answers what waits

  void check(CasePosition position, Done done);

 private:
  struct Question {
    CasePosition position;
    Done done;
  };
  void run();
  Result<std::vector<char>> answer(const std::vector<Question>& questions);

  std::string wave_;
  DatabasePtr answers_, identity_;
  std::mutex lock_;
  std::condition_variable asked_;
  std::vector<Question> waiting_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace barometer
