#include "barometer/fieldwork/held_back.h"

namespace barometer {

HeldBack::HeldBack(const Interview& interview, size_t step)
    : now_(interview), step_(step), next_(step) {
  CHECK(step > 0, "a view moves by at least one interview");
}

Status HeldBack::add(const JournalLine& line) {
  const bool before = now_.status(line.subject) == InterviewStatus::kComplete;
  TRY_DONE(now_.add(line));
  const bool after = now_.status(line.subject) == InterviewStatus::kComplete;
  if (before && !after) --complete_;
  if (!before && after) ++complete_;
  if (line.kind == kErasedKind) {
    shown_.reset();
    next_ = complete_ + step_;
  } else if (complete_ >= next_) {
    shown_ = now_;
    next_ = complete_ + step_;
  }
  return {};
}

}  // namespace barometer
