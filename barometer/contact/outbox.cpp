#include "barometer/contact/outbox.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "barometer/base/moment.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr std::array<std::string_view, 9> kStates = {
    "queued", "sending", "ending", "sent", "unclear", "failed", "skipped", "held", "bounced"};
constexpr int64_t kRetryMaxMs = 4 * 3'600'000LL;
constexpr std::string_view kColumns =
    "person, step, number, state, attempts, next_at_ms, changed_at_ms, message_id, claim, said";

MailRow read_row(const DbRow& row) {
  const auto* const state = std::ranges::find(kStates, row.text(3));
  return {.person = std::string(row.text(0)),
          .step = std::string(row.text(1)),
          .number = static_cast<int>(row.whole(2)),
          .state = static_cast<MailState>(state - kStates.begin()),
          .attempts = static_cast<int>(row.whole(4)),
          .next_at_ms = row.whole(5),
          .changed_at_ms = row.whole(6),
          .message_id = std::string(row.text(7)),
          .claim = std::string(row.text(8)),
          .said = std::string(row.text(9))};
}

std::string name_of(MailState state) { return std::string(mail_state_name(state)); }

std::string random_id() {
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return {hex.data(), hex.size() - 1};
}

int64_t retry_after(int attempts, int64_t first_ms) {
  int64_t wait = first_ms;
  for (int i = 1; i < attempts && wait < kRetryMaxMs; ++i) wait *= 2;
  return std::min(wait, kRetryMaxMs);
}

}  // namespace

std::string_view mail_state_name(MailState state) { return kStates.at(static_cast<size_t>(state)); }

std::string in_words(const DeliverReport& report) {
  return fmt::format("{} sent, {} later, {} failed, {} unclear", report.sent, report.later,
                     report.failed, report.unclear);
}

Status Outbox::prepare(Database& database) { return People::prepare(database); }

Result<size_t> Outbox::queue(const MailStep& step, const std::vector<std::string>& people,
                             int64_t at_ms) {
  std::vector<DbValues> sets;
  sets.reserve(people.size());
  for (const std::string& person : people) {
    sets.push_back({wave_, person, step.id, int64_t{step.number}, at_ms, at_ms, random_id(),
                    std::string(kNoAddressSkip)});
  }
  if (sets.empty()) return size_t{0};
  const int64_t added = TRY(database_->each(
      "INSERT INTO mail (wave, person, step, number, state, attempts, next_at_ms, changed_at_ms, "
      "message_id, claim, said) VALUES (?, ?, ?, ?, 'queued', 0, ?, ?, ?, '', '') "
      "ON CONFLICT (wave, person, step) DO UPDATE SET state = 'queued', next_at_ms = "
      "excluded.next_at_ms, changed_at_ms = excluded.changed_at_ms, said = '' "
      "WHERE mail.state = 'skipped' AND mail.said = ?",
      sets, {}));
  return static_cast<size_t>(added);
}

Status Outbox::settle_stale(int64_t now_ms, int64_t lease_ms) {
  const int64_t before = now_ms - lease_ms;
  TRY(
      database_->run("UPDATE mail SET state = 'queued', changed_at_ms = ? WHERE wave = ? AND "
                     "state = 'sending' AND changed_at_ms <= ?",
                     {now_ms, wave_, before}));
  TRY(
      database_->run("UPDATE mail SET state = 'unclear', changed_at_ms = ?, said = ? "
                     "WHERE wave = ? AND state = 'ending' AND changed_at_ms <= ?",
                     {now_ms, "the program ended before the answer", wave_, before}));
  return {};
}

// The mail that has waited longest, taken for this process alone.
Result<std::optional<MailRow>> Outbox::claim(int64_t now_ms) {
  while (true) {
    std::optional<MailRow> row;
    TRY_DONE(database_->ask(fmt::format("SELECT {} FROM mail WHERE wave = ? AND state = 'queued' "
                                        "AND next_at_ms <= ? ORDER BY next_at_ms, person, step "
                                        "LIMIT 1",
                                        kColumns),
                            {wave_, now_ms}, [&](const DbRow& found) -> Status {
                              row = read_row(found);
                              return {};
                            }));
    if (!row) return row;
    row->claim = random_id();
    const int64_t taken =
        TRY(database_->run("UPDATE mail SET state = 'sending', claim = ?, changed_at_ms = ? "
                           "WHERE wave = ? AND person = ? AND step = ? AND state = 'queued'",
                           {row->claim, now_ms, wave_, row->person, row->step}));
    if (taken == 1) return row;  // else another process was quicker
  }
}

Status Outbox::move(const MailRow& row, MailState from, MailState to, int64_t now_ms) {
  const int64_t moved = TRY(
      database_->run("UPDATE mail SET state = ?, changed_at_ms = ? WHERE wave = ? AND person = ? "
                     "AND step = ? AND state = ? AND claim = ?",
                     {name_of(to), now_ms, wave_, row.person, row.step, name_of(from), row.claim}));
  if (moved == 1) return {};
  return fail(ErrorCode::kInvalid, "another process has taken this mail over");
}

// A template that does not fit is put right by its author: the mail waits, behind what is due now.
Status Outbox::put_back(const MailRow& row, int64_t now_ms) {
  TRY(
      database_->run("UPDATE mail SET state = 'queued', changed_at_ms = ?, next_at_ms = ? "
                     "WHERE wave = ? AND person = ? AND step = ? AND state = 'sending' AND "
                     "claim = ?",
                     {now_ms, now_ms + 1, wave_, row.person, row.step, row.claim}));
  return {};
}

namespace {

// Replies about the mailbox, not the message: unavailable, not local, not allowed (RFC 5321,
// 4.2.3).
bool names_mailbox(int code) { return code == 550 || code == 551 || code == 553; }

}  // namespace

Status Outbox::finish(const MailRow& row, const SendResult& result, const DeliverOptions& options,
                      DeliverReport& report) {
  const int64_t now_ms = options.now_ms();
  MailState state = MailState::kSent;
  const int attempts = row.attempts + (result.state == SendState::kNoServer ? 0 : 1);
  int64_t next = row.next_at_ms;
  switch (result.state) {
    case SendState::kSent:
      ++report.sent;
      break;
    case SendState::kUnclear:
      state = MailState::kUnclear;
      ++report.unclear;
      break;
    case SendState::kPermanent:
      state = MailState::kFailed;
      ++report.failed;
      break;
    case SendState::kTemporary:
    case SendState::kNoServer:
      state = attempts < options.attempts_max ? MailState::kQueued : MailState::kFailed;
      next = now_ms + retry_after(attempts, options.first_retry_ms);
      if (result.state == SendState::kNoServer) next = row.next_at_ms;
      ++(state == MailState::kQueued ? report.later : report.failed);
      break;
  }
  return database_->transaction([&]() -> Status {
    // Whoever was taken for dead meanwhile has nothing to say any more.
    const int64_t ours = TRY(database_->run(
        "UPDATE mail SET state = ?, attempts = ?, next_at_ms = ?, changed_at_ms = ?, said = "
        // The words of the server, unless the person was erased while it spoke.
        "CASE WHEN EXISTS (SELECT 1 FROM person WHERE person.wave = mail.wave AND "
        "person.id = mail.person AND person.email <> '') THEN ? ELSE '' END "
        "WHERE wave = ? AND person = ? AND step = ? AND claim = ? AND "
        "state IN ('sending', 'ending')",
        {name_of(state), int64_t{attempts}, next, now_ms, printable(result.said, 200), wave_,
         row.person, row.step, row.claim}));
    // A recipient refused for good is what a bounce says, only sooner.
    const bool refused = result.state == SendState::kPermanent && names_mailbox(result.code);
    if ((state != MailState::kSent && !refused) || ours == 0) return {};
    ContactEvent event{.person = row.person, .at_ms = now_ms};
    event.kind = row.number == 0 ? ContactKind::kInvited : ContactKind::kReminded;
    if (refused) event.kind = ContactKind::kBounced;
    event.step = row.number;
    event.channel = "mail";
    return people_.record(event);
  });
}

Result<bool> Outbox::send_one(const MailRow& row, Mailer& mailer, const RenderMail& render,
                              const DeliverOptions& options, DeliverReport& report) {
  const auto person = TRY(people_.find(row.person));
  Result<RenderedMail> made = fail(ErrorCode::kNotFound, "");
  if (person) {
    made = render(*person, row);
  } else {
    made = RenderedMail{.mail = {}, .skip = "no longer on the list"};
  }
  if (!made) {
    TRY_DONE(put_back(row, options.now_ms()));
    if (made.error().code != ErrorCode::kInvalid) return tl::unexpected(std::move(made).error());
    if (report.unfilled++ == 0) report.lacking = made.error().message;
    return false;
  }
  if (!made->skip.empty()) {
    ++report.skipped;
    TRY(
        database_->run("UPDATE mail SET state = 'skipped', changed_at_ms = ?, said = ? "
                       "WHERE wave = ? AND person = ? AND step = ? AND state = 'sending' "
                       "AND claim = ?",
                       {options.now_ms(), made->skip, wave_, row.person, row.step, row.claim}));
    if (made->skip == kNoAddressSkip) {
      ContactEvent event{.person = row.person, .at_ms = options.now_ms()};
      event.kind = ContactKind::kNoAddress;
      event.channel = "mail";
      TRY_DONE(people_.record(event));
    }
    return false;
  }
  const SendResult result = mailer.send(made->mail, [&] {
    return move(row, MailState::kSending, MailState::kEnding, options.now_ms());
  });
  TRY_DONE(finish(row, result, options, report));
  if (result.state == SendState::kNoServer) report.no_server = result.said;
  return true;
}

Result<DeliverReport> Outbox::deliver(Mailer& mailer, const RenderMail& render,
                                      const DeliverOptions& options) {
  DeliverReport report;
  TRY_DONE(settle_stale(options.now_ms(), options.lease_ms));
  // What is put off in this run is not due again in it, however short its pause.
  const int64_t due_ms = options.now_ms();
  const int64_t apart_ms = kMinuteMs / std::max(options.per_minute, 1);
  int64_t next_ms = due_ms;
  while (report.no_server.empty()) {
    const int64_t wait_ms = next_ms - options.now_ms();
    if (!options.pause(std::max<int64_t>(wait_ms, 0))) break;
    const auto row = TRY(claim(due_ms));
    if (!row) break;
    next_ms = options.now_ms();
    if (TRY(send_one(*row, mailer, render, options, report))) next_ms += apart_ms;
  }
  return report;
}

Result<bool> Outbox::has_due(int64_t now_ms, int64_t lease_ms) {
  const auto waiting = TRY(database_->ask_whole(
      "SELECT count(*) FROM mail WHERE wave = ? AND ((state = 'queued' AND next_at_ms <= ?) OR "
      "(state IN ('sending', 'ending') AND changed_at_ms <= ?))",
      {wave_, now_ms, now_ms - lease_ms}));
  return waiting.value_or(0) > 0;
}

Result<std::vector<MailRow>> Outbox::rows(const std::string& step) {
  std::vector<MailRow> found;
  TRY_DONE(database_->ask(
      fmt::format("SELECT {} FROM mail WHERE wave = ? AND (step = ? OR ? = '')", kColumns),
      {wave_, step, step}, [&](const DbRow& row) -> Status {
        found.push_back(read_row(row));
        return {};
      }));
  std::ranges::sort(found, [](const MailRow& a, const MailRow& b) {
    return std::tie(a.person, a.number, a.step) < std::tie(b.person, b.number, b.step);
  });
  return found;
}

Result<std::map<MailState, size_t>> Outbox::counts(const std::string& step) {
  std::map<MailState, size_t> counts;
  for (const MailRow& row : TRY(rows(step))) ++counts[row.state];
  return counts;
}

Result<size_t> Outbox::release(MailState state, int64_t at_ms) {
  CHECK(state == MailState::kUnclear || state == MailState::kFailed || state == MailState::kHeld,
        "only mail that has come to rest is released");
  const int64_t released = TRY(database_->run(
      "UPDATE mail SET state = 'queued', attempts = 0, next_at_ms = ?, changed_at_ms = ? "
      "WHERE wave = ? AND state = ?",
      {at_ms, at_ms, wave_, name_of(state)}));
  return static_cast<size_t>(released);
}

Result<size_t> Outbox::hold_unsent(Database& database, int64_t at_ms) {
  const int64_t held =
      TRY(database.run("UPDATE mail SET state = 'held', changed_at_ms = ? WHERE "
                       "state IN ('queued', 'sending', 'ending')",
                       {at_ms}));
  return static_cast<size_t>(held);
}

Result<std::optional<std::string>> Outbox::bounced(const std::string& message_id,
                                                   const std::string& address, bool for_good,
                                                   const std::string& status, int64_t at_ms) {
  const std::string id = message_id.substr(0, message_id.find('@'));
  std::optional<std::string> person;
  if (!id.empty()) {
    person = TRY(database_->ask_text("SELECT person FROM mail WHERE wave = ? AND message_id = ?",
                                     {wave_, id}));
  }
  if (!person && !address.empty()) {
    person = TRY(database_->ask_text("SELECT id FROM person WHERE wave = ? AND lower(email) = ?",
                                     {wave_, lowered(address)}));
  }
  if (!person) return person;
  const auto body = [&]() -> Status {
    // A report that is read twice is one event.
    const auto last = TRY(
        database_->ask_text("SELECT kind FROM contact_event WHERE wave = ? AND person = ? AND "
                            "kind IN ('invited', 'reminded', 'bounced') ORDER BY id DESC LIMIT 1",
                            {wave_, *person}));
    if (for_good) {
      TRY(
          database_->run("UPDATE mail SET state = 'bounced', changed_at_ms = ?, said = ? "
                         "WHERE wave = ? AND person = ? AND message_id = ?",
                         {at_ms, printable(status, 40), wave_, *person, id}));
      if (last == contact_kind_name(ContactKind::kBounced)) return {};
    }
    ContactEvent event{.person = *person, .at_ms = at_ms};
    event.kind = for_good ? ContactKind::kBounced : ContactKind::kDelayed;
    event.channel = "mail";
    event.note = printable(status, 40);
    return people_.record(event);
  };
  TRY_DONE(database_->transaction(body));
  return person;
}

}  // namespace barometer
