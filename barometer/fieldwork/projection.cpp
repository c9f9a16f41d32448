#include "barometer/fieldwork/projection.h"

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {

std::string_view name_of(CaseProgress progress) {
  if (progress == CaseProgress::kSent) return "sent";
  return progress == CaseProgress::kBegun ? "begun" : "not begun";
}

JournalLine line_of(const JournalEntry& entry) {
  return {.sequence = entry.sequence,
          .subject = entry.subject,
          .kind = entry.kind,
          .body = entry.body,
          .at_ms = entry.at_ms};
}

Status Projection::add(const JournalLine& line) {
  if (line.sequence <= sequence_) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the journal's entry {} comes after {}", line.sequence, sequence_));
  }
  auto [found, is_new] = cases_.try_emplace(std::string(line.subject));
  ProjectedCase& projected = found->second;
  if (is_new) {
    projected.subject = found->first;
    projected.state = interview_.start(seed_of(line.subject));
  }
  const auto done = take(line, projected);
  if (!done) {
    if (is_new) cases_.erase(found);
    return fail(done.error().code,
                fmt::format("entry {}: {}", line.sequence, done.error().message));
  }
  sequence_ = line.sequence;
  return {};
}

Status Projection::take(const JournalLine& line, ProjectedCase& projected) const {
  if (line.kind == kErasedKind) {
    const int64_t entries = projected.state.entries + 1;
    projected.state = interview_.start(seed_of(line.subject));
    projected.state.entries = entries;
    projected.mode.clear();
    projected.seconds = projected.first_ms = projected.last_ms = projected.submitted_ms = 0;
    projected.erased = true;
    return {};
  }
  // The body of an erased entry is gone; the entry that says so comes later.
  const bool answers = line.kind == kAnswersEntry || line.kind == kSubmittedEntry;
  if (answers && line.body.empty()) {
    ++projected.state.entries;
    return {};
  }
  EntryFacts facts;
  TRY_DONE(interview_.apply(line.kind, line.body, projected.state, &facts));
  if (!answers) return {};
  projected.erased = false;  // answered anew
  if (projected.first_ms == 0) {
    projected.first_ms = line.at_ms;
    projected.mode = facts.mode;
  }
  projected.last_ms = line.at_ms;
  projected.seconds += facts.seconds;
  if (line.kind == kSubmittedEntry) projected.submitted_ms = line.at_ms;
  return {};
}

const ProjectedCase* Projection::find(std::string_view subject) const {
  const auto found = cases_.find(subject);
  return found == cases_.end() ? nullptr : &found->second;
}

Status Projection::keeps(PrivacyMode mode) const {
  for (const auto& [subject, projected] : cases_) {
    const std::string& promised = projected.state.facts.privacy;
    if (!promised.empty() && promised != name_of(mode)) return other_promise(promised, mode);
  }
  return {};
}

Status other_promise(std::string_view promised, PrivacyMode mode) {
  return fail(ErrorCode::kInvalid,
              fmt::format("people have answered under 'privacy: {}', and wave.yaml now says '{}': "
                          "the mode is fixed with the first answer, so put the first one back",
                          printable(promised), name_of(mode)));
}

InterviewStatus Projection::status(std::string_view subject) const {
  const ProjectedCase* found = find(subject);
  return found == nullptr ? InterviewStatus::kNew : interview_.count(found->state).status;
}

CaseProgress Projection::progress(std::string_view subject) const {
  const ProjectedCase* found = find(subject);
  if (found == nullptr) return CaseProgress::kNotBegun;
  if (found->state.submitted) return CaseProgress::kSent;
  const bool begun = interview_.count(found->state).status != InterviewStatus::kNew;
  return begun ? CaseProgress::kBegun : CaseProgress::kNotBegun;
}

}  // namespace barometer
