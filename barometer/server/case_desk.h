// The people who answer, as the server holds them: whose link it is, what they have answered so
// far, what they have told us.
//
// The journal and the databases are the only state. What is here is a copy of it in memory, read
// again after `fresh_ms`, so that links that were revoked elsewhere end soon; and a copy that is
// behind is found out by the journal, which refuses an entry made from it.
//
// Threads: each function says which. "desk" is the one thread (a WorkQueue) that owns the database
// of people.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "barometer/fieldwork/folder.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/token.h"
#include "barometer/interview/interview.h"
#include "barometer/journal/journal.h"
#include "barometer/server/case_watch.h"
#include "barometer/study/study.h"

namespace barometer {

// The names of organisations by their ids; an id that the frame does not have stands for itself.
std::vector<std::string> organisation_names(const Frame& frame,
                                            const std::vector<std::string>& ids);

// What is known of a person, apart from answers. Never changed: a new one takes its place.
struct CaseCard {
  FieldPerson person;
  std::string subject;  // the pseudonym
  std::vector<std::string> organisation_names;
  bool declined = false;
  int64_t events = 0;  // contact events it was read from
};

// What the journal holds of a case.
struct CaseReading {
  std::shared_ptr<const InterviewState> state;
  // By index of the page: a mark of the ticket with which it was last saved, 0 without one.
  std::vector<uint64_t> last_tickets;
};
// Of a ticket's key: its first 16 digits.
uint64_t ticket_mark(std::string_view key);

class FieldCase {
 public:
  FieldCase(std::shared_ptr<const CaseCard> card, CaseReading reading, int64_t read_ms)
      : read_ms_(read_ms), card_(std::move(card)), reading_(std::move(reading)) {}

  // Any thread.
  [[nodiscard]] std::shared_ptr<const CaseCard> card() const;
  [[nodiscard]] std::shared_ptr<const InterviewState> state() const;
  // Takes what is not behind what is held.
  void advance(CaseReading reading);
  // The page was saved with this ticket, which made this state; no page: the answers were sent.
  void advance(std::shared_ptr<const InterviewState> state, std::optional<size_t> page,
               std::string_view ticket);
  // Whoever saves a page again with its last ticket and other answers has gone back in the browser
  // and changed them.
  [[nodiscard]] bool is_last_ticket(size_t page, std::string_view ticket) const;
  [[nodiscard]] int64_t read_ms() const { return read_ms_.load(); }
  // What was read again. Who holds this case sees it too, and no answer saved meanwhile is lost.
  void renew(const FieldCase& read);
  // True once for each time it is read: whoever gets it reads it again.
  bool claim_renewal() { return !renewing_.exchange(true); }

 private:
  std::atomic<int64_t> read_ms_;
  std::atomic<bool> renewing_ = false;
  mutable std::mutex lock_;
  std::shared_ptr<const CaseCard> card_;
  CaseReading reading_;
};
using FieldCasePtr = std::shared_ptr<FieldCase>;

struct CaseDeskOptions {
  size_t cases_max = 20'000;  // in memory; those read longest ago go first
  int64_t fresh_ms = 10'000;
  JournalOptions journal{};
};

class CaseDesk {
 public:
  // Opens the databases of `folder`. kNotFound: the wave's key of pseudonyms was destroyed.
  // kInvalid: people have answered under another privacy mode than the wave's.
  static Result<std::unique_ptr<CaseDesk>> open(const FieldFolder& folder, const Study& study,
                                                const Wave& wave, const Interview& interview,
                                                const CaseDeskOptions& options);
  // What open() starts from: no database yet.
  CaseDesk(const Study& study, const Wave& wave, const Interview& interview,
           std::optional<SecretKey> pseudonyms, SecretKey tokens, const CaseDeskOptions& options);

  // The case of a link that was looked up not long ago; none: ask load(). Any thread.
  [[nodiscard]] FieldCasePtr cached(std::string_view token, int64_t now_ms) const;
  // Old enough to be read again before it has to be.
  [[nodiscard]] bool is_ageing(const FieldCase& one, int64_t now_ms) const {
    return now_ms - one.read_ms() > options_.fresh_ms / 2;
  }
  // Whose link it is; nullptr: nobody's. Desk.
  Result<FieldCasePtr> load(std::string_view token, int64_t now_ms);
  // Reads the answers again. Any thread; waits for the database.
  Status reload(FieldCase& one);
  // Forgets what is held of a link, or of a person, as something about them has changed. Any
  // thread.
  void forget(std::string_view token);
  void forget_person(std::string_view person);
  [[nodiscard]] size_t size() const;

  // Whose token of this purpose it is, in this wave. Desk.
  Result<std::optional<TokenHolder>> holder(TokenPurpose purpose, std::string_view token,
                                            int64_t now_ms);
  // Another link to the interview of this person: the same each time, or in an unlinked wave a
  // random one. Desk.
  Result<std::string> answer_link(const std::string& person, int64_t expires_at_ms);
  // Before the first entry of a case is appended: the wave's privacy mode is held for good, and in
  // an unlinked wave the link for this person. Whether it is needed: any thread.
  [[nodiscard]] bool must_begin() const { return unlinked_ || !mode_is_held_; }
  // False: the person has begun with another link. kInvalid: people have answered under another
  // privacy mode. Desk.
  Result<bool> begin(const CaseCard& card, std::string_view token);
  // The half of begin() that holds the mode, through `people` of the caller's thread. Any thread.
  Status hold_mode(People& people);
  // Of a person of this wave, in words. Desk.
  Result<std::vector<std::string>> organisation_names(const std::string& person);
  People& people() { return *people_; }  // desk
  Tokens& tokens() { return *tokens_; }  // desk
  // When the team closed the wave ahead of its date; read again after `fresh_ms`. Desk.
  Result<std::optional<int64_t>> closed_ms();
  // fieldwork/wave_end.h. Desk.
  Result<bool> forget_order_after_end(int64_t now_ms);

  // Where other servers write as well: asks whether a case is all that is committed. Else nullptr:
  // whoever else writes is seen after `fresh_ms`.
  [[nodiscard]] CaseWatch* watch() { return watch_ ? &*watch_ : nullptr; }
  // Answers what is being asked, and asks no more.
  void end_watch() { watch_.reset(); }

  // Writes what waits for the journal and reports it; journal() is not to be used afterwards.
  void close() { journal_.reset(); }

  // Any thread.
  Journal& journal() { return *journal_; }
  [[nodiscard]] const Wave& wave() const { return wave_; }
  // One and the same moment for a whole day where answers and people are unlinked.
  [[nodiscard]] int64_t recorded_ms(int64_t now_ms) const;
  [[nodiscard]] CaseFacts facts_of(const CaseCard& card) const;

 private:
  // `token`: the link that is looked at; in an unlinked wave it alone leads to the answers.
  Result<std::shared_ptr<const CaseCard>> read_card(const std::string& person,
                                                    std::string_view token);
  Result<CaseReading> read_state(const CaseCard& card);
  FieldCasePtr keep(const std::string& slot, const FieldCasePtr& one);
  [[nodiscard]] std::string slot_of(std::string_view token) const;

  const Study& study_;
  const Wave& wave_;
  const Interview& interview_;
  CaseDeskOptions options_;
  std::optional<SecretKey> pseudonym_key_;  // none in an unlinked wave
  SecretKey token_key_;
  bool unlinked_ = false;
  std::atomic<bool> mode_is_held_ = false;
  DatabasePtr identity_;
  DatabaseAddress answers_at_;
  std::optional<People> people_;
  std::optional<Tokens> tokens_;
  std::unique_ptr<Journal> journal_;
  std::optional<CaseWatch> watch_;
  mutable std::mutex lock_;
  std::unordered_map<std::string, FieldCasePtr> cases_;
};

}  // namespace barometer
