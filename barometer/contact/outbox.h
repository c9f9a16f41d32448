// The outbox: which mail goes to whom, once.
//
// A mail is known by (wave, person, step): that is the key of its row, so a step reaches nobody
// twice, whoever asks for it how often. Its life:
//
//   queued ─ claimed ─► sending ─ before the end of the message ─► ending ─► sent
//      ▲                   │ process died, lease over                 │ died, or no answer
//      └───────────────────┘                                          └────► unclear
//   queued ─► failed (5xx, or too many attempts)   queued ─► skipped (answered, opted out, …)
//
// Every arrow is a committed transaction. A process that dies while `sending` has not sent the end
// of the message, so the mail is sent again; one that dies while `ending` may have, so it is not.
// `unclear`, `failed` and `held` mails are sent again only when someone asks (release).
//
// Rows hold no address and no text: both are made at the moment of sending, so an opt-out or
// erasure until then is respected, and a token is never stored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "barometer/contact/mailer.h"
#include "barometer/fieldwork/people.h"

namespace barometer {

enum class MailState {
  kQueued,
  kSending,
  kEnding,
  kSent,
  kUnclear,
  kFailed,
  kSkipped,
  kHeld,
  kBounced
};
std::string_view mail_state_name(MailState state);  // "queued", …

// One step of contact. `number` 0 is the invitation, reminders count from 1; the mail to a
// colleague is the step "share".
struct MailStep {
  std::string id{};
  int number = 0;
};

struct MailRow {
  std::string person{};
  std::string step{};
  int number = 0;
  MailState state = MailState::kQueued;
  int attempts = 0;
  int64_t next_at_ms = 0;
  int64_t changed_at_ms = 0;
  std::string message_id{};  // random; of every attempt
  std::string claim{};       // of the process that is sending it, random
  std::string said{};        // by the mail server, last; without addresses
};

// What RenderedMail::skip says of somebody without an address; recorded as a contact event.
inline constexpr std::string_view kNoAddressSkip = "no address";

// A mail ready to go, or why none goes to this person now.
struct RenderedMail {
  OutgoingMail mail{};
  std::string skip{};  // not empty: "has answered", "opted out", "no address"
};
using RenderMail =
    std::function<Result<RenderedMail>(const FieldPerson& person, const MailRow& row)>;

struct DeliverOptions {
  std::function<int64_t()> now_ms{};        // the caller's clock
  std::function<bool(int64_t ms)> pause{};  // waits; false: stop the run
  int per_minute = 60;                      // mails handed over
  int attempts_max = 8;
  int64_t first_retry_ms = int64_t{5} * 60'000;  // doubles each time, at most 4 hours
  int64_t lease_ms = int64_t{15} * 60'000;       // a claim older than this is of a dead process
};

struct DeliverReport {
  size_t sent = 0, later = 0, failed = 0, skipped = 0, unclear = 0;
  std::string no_server{};  // not empty: why the run ended early
  size_t unfilled = 0;      // mails whose text lacks words for their person; they wait
  std::string lacking{};    // what the first of them lacks
};

// "3 sent, 0 later, 1 failed, 0 unclear": as the audit log has it.
std::string in_words(const DeliverReport& report);

class Outbox {
 public:
  Outbox(Database& database, std::string wave)
      : database_(&database), wave_(wave), people_(database, std::move(wave)) {}
  static Status prepare(Database& database);

  // Puts the step in for these people; those who have it already keep what they have, and those
  // who had no address when it came up get it now. Returns how many are new.
  Result<size_t> queue(const MailStep& step, const std::vector<std::string>& people, int64_t at_ms);

  // Sends what is due, one after another, and records invitations, reminders and missing addresses
  // as contact events. Stale claims are settled first. An error is one of the database; mails
  // handed over before it are recorded. A text that cannot be filled holds up no other's.
  Result<DeliverReport> deliver(Mailer& mailer, const RenderMail& render,
                                const DeliverOptions& options);

  // Whether deliver() would have anything to do.
  Result<bool> has_due(int64_t now_ms, int64_t lease_ms);

  Result<std::vector<MailRow>> rows(const std::string& step = {});  // by person and step
  Result<std::map<MailState, size_t>> counts(const std::string& step);
  // Queues again what is in this state (unclear, failed, held); returns how many.
  Result<size_t> release(MailState state, int64_t at_ms);
  // After a restore, in all waves: what the copy holds as not sent may have been sent since it was
  // made.
  static Result<size_t> hold_unsent(Database& database, int64_t at_ms);

  // A mail came back. `message_id` of what was sent, or else the recipient's address. Returns the
  // person, none when nobody fits.
  Result<std::optional<std::string>> bounced(const std::string& message_id,
                                             const std::string& address, bool for_good,
                                             const std::string& status, int64_t at_ms);

 private:
  Result<std::optional<MailRow>> claim(int64_t now_ms);
  Status settle_stale(int64_t now_ms, int64_t lease_ms);
  Status move(const MailRow& row, MailState from, MailState to, int64_t now_ms);
  Status finish(const MailRow& row, const SendResult& result, const DeliverOptions& options,
                DeliverReport& report);
  Status put_back(const MailRow& row, int64_t now_ms);
  Result<bool> send_one(const MailRow& row, Mailer& mailer, const RenderMail& render,
                        const DeliverOptions& options, DeliverReport& report);

  Database* database_;
  std::string wave_;
  People people_;
};

}  // namespace barometer
