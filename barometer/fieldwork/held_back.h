// Answers as the team may look at them while a wave is open.
//
// A table that moves with every interview tells the answers of the last one: what was, what is, and
// who has answered are known, and the rest is subtraction. So the team sees the answers as they
// stood when `step` more interviews were complete than in the view before, and the first comes with
// the first `step` of them. An erasure closes the view until `step` more
// have come: the table without the erased case beside the one before would be that case.
//
// The same entries give the same view, on any machine and after any restart. Not for several
// threads at a time.
#pragma once

#include <optional>

#include "barometer/fieldwork/projection.h"

namespace barometer {

class HeldBack {
 public:
  // `step` is at least 1; PrintRules::suppress_base_under at least, so that no table shows fewer.
  HeldBack(const Interview& interview, size_t step);

  Status add(const JournalLine& line);  // as Projection::add

  // All answers, for the export at the end.
  [[nodiscard]] const Projection& now() const& { return now_; }
  // What may be shown; nullptr while there is nothing yet.
  [[nodiscard]] const Projection* shown() const& { return shown_ ? &*shown_ : nullptr; }
  [[nodiscard]] size_t complete() const { return complete_; }
  // Complete interviews at which the view moves next.
  [[nodiscard]] size_t next() const { return next_; }

 private:
  Projection now_;
  std::optional<Projection> shown_;
  size_t step_ = 1;
  size_t complete_ = 0;
  size_t next_ = 1;
};

}  // namespace barometer
