// The journal's entries as cases: what each subject has answered by now.
//
// Reads entries in the order of their sequence, each once; the state is a function of them alone,
// so that a projection can be thrown away and made again. Entries of kinds that are not about an
// interview are passed over. Not for several threads at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/interview/interview.h"
#include "barometer/journal/journal.h"
#include "barometer/study/fieldwork_settings.h"

namespace barometer {

// An entry of the journal, as far as answers go.
struct JournalLine {
  int64_t sequence = 0;
  std::string_view subject{};
  std::string_view kind{};
  std::string_view body{};  // empty when it was erased
  int64_t at_ms = 0;
};

// What the team is told of an interview while answers can be entered into it. Partial and complete
// are shares of what was asked, and what was asked follows from answers that the team does not see:
// an operator who entered all of their own route would learn from "partial" that there is more.
// Whether something was said, and whether it was sent, follow from no answer.
enum class CaseProgress { kNotBegun, kBegun, kSent };
std::string_view name_of(CaseProgress progress);  // "not begun", "begun", "sent"

struct ProjectedCase {
  std::string subject{};
  InterviewState state{};
  std::string mode{};  // of the first page saved
  int64_t first_ms = 0, last_ms = 0;
  int64_t submitted_ms = 0;  // 0: not
  int64_t seconds = 0;       // sum of what the pages took
  bool erased = false;       // on request: nothing of the answers is kept
};

class Projection {
 public:
  explicit Projection(const Interview& interview) : interview_(interview) {}

  // kInvalid: a sequence that is not past the last one, or a body that we did not write (names the
  // sequence).
  Status add(const JournalLine& line);

  [[nodiscard]] const Interview& interview() const& { return interview_; }
  [[nodiscard]] int64_t sequence() const { return sequence_; }
  // By subject. nullptr when there is none.
  [[nodiscard]] const ProjectedCase* find(std::string_view subject) const;
  [[nodiscard]] const std::map<std::string, ProjectedCase, std::less<>>& cases() const& {
    return cases_;
  }
  // kInvalid, in a sentence: a person answered under the promise of another mode than this one.
  [[nodiscard]] Status keeps(PrivacyMode mode) const;
  // By the thresholds of the interview; kNew for a subject without answers.
  [[nodiscard]] InterviewStatus status(std::string_view subject) const;
  [[nodiscard]] CaseProgress progress(std::string_view subject) const;

 private:
  Status take(const JournalLine& line, ProjectedCase& projected) const;

  Interview interview_;
  int64_t sequence_ = 0;
  std::map<std::string, ProjectedCase, std::less<>> cases_;
};

// The refusal of a mode that is not the one promised to those who have answered.
Status other_promise(std::string_view promised, PrivacyMode mode);

// Views into `entry`, which must outlive the line.
JournalLine line_of(const JournalEntry& entry);
JournalLine line_of(JournalEntry&& entry) = delete;

}  // namespace barometer
