#include "barometer/server/case_watch.h"

#include <utility>

namespace barometer {

CaseWatch::CaseWatch(std::string wave, DatabasePtr answers, DatabasePtr identity)
    : wave_(std::move(wave)),
      answers_(std::move(answers)),
      identity_(std::move(identity)),
      thread_([this] { run(); }) {}

CaseWatch::~CaseWatch() {
  {
    const std::scoped_lock guard(lock_);
    ending_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

void CaseWatch::check(CasePosition position, Done done) {
  {
    const std::scoped_lock guard(lock_);
    waiting_.push_back({std::move(position), std::move(done)});
  }
  asked_.notify_one();
}

void CaseWatch::run() {
  std::vector<Question> questions;
  for (;;) {
    {
      std::unique_lock guard(lock_);
      asked_.wait(guard, [this] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      questions = std::exchange(waiting_, {});
    }
    const auto current = answer(questions);
    for (size_t i = 0; i < questions.size(); ++i) {
      if (current) {
        questions[i].done((*current)[i] != 0);
      } else {
        questions[i].done(tl::unexpected(current.error()));
      }
    }
    questions.clear();
  }
}

Result<std::vector<char>> CaseWatch::answer(const std::vector<Question>& questions) {
  std::vector<char> current(questions.size(), 1);
  std::vector<DbValues> subjects;
  std::vector<DbValues> people;
  for (const Question& question : questions) {
    subjects.push_back({wave_, question.position.subject});
    people.push_back({wave_, question.position.person});
  }
  TRY(answers_->each("SELECT max(version) FROM journal WHERE wave = ? AND subject = ?", subjects,
                     [&](size_t set, const DbRow& row) -> Status {
                       if (row.whole(0) != questions[set].position.entries) current[set] = 0;
                       return {};
                     }));
  TRY(identity_->each("SELECT count(*) FROM contact_event WHERE wave = ? AND person = ?", people,
                      [&](size_t set, const DbRow& row) -> Status {
                        if (row.whole(0) != questions[set].position.events) current[set] = 0;
                        return {};
                      }));
  return current;
}

}  // namespace barometer
