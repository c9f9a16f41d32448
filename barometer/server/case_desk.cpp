#include "barometer/server/case_desk.h"

#include "barometer/fieldwork/asked_record.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "barometer/base/moment.h"
#include "barometer/fieldwork/contact_event.h"
#include "barometer/fieldwork/projection.h"
#include "barometer/fieldwork/wave_end.h"

namespace barometer {
namespace {

// "I do not want to take part", not taken back.
bool has_declined(const std::vector<ContactEvent>& events) {
  bool declined = false;
  for (const ContactEvent& event : events) {
    if (event.kind == ContactKind::kDeclined) declined = true;
    if (event.kind == ContactKind::kDeclineWithdrawn) declined = false;
  }
  return declined;
}

}  // namespace

std::vector<std::string> organisation_names(const Frame& frame,
                                            const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    const Organisation* organisation = frame.organisation(id);
    names.push_back(organisation == nullptr ? id : organisation->name);
  }
  return names;
}

std::shared_ptr<const CaseCard> FieldCase::card() const {
  const std::scoped_lock guard(lock_);
  return card_;
}

std::shared_ptr<const InterviewState> FieldCase::state() const {
  const std::scoped_lock guard(lock_);
  return reading_.state;
}

void FieldCase::advance(CaseReading reading) {
  const std::scoped_lock guard(lock_);
  if (reading.state->entries >= reading_.state->entries) reading_ = std::move(reading);
}

void FieldCase::advance(std::shared_ptr<const InterviewState> state, std::optional<size_t> page,
                        std::string_view ticket) {
  const std::scoped_lock guard(lock_);
  if (state->entries <= reading_.state->entries) return;
  reading_.state = std::move(state);
  if (page) reading_.last_tickets.at(*page) = ticket_mark(ticket);
}

void FieldCase::renew(const FieldCase& read) {
  advance(read.reading_);
  const std::scoped_lock guard(lock_);
  card_ = read.card_;
  read_ms_ = read.read_ms();
  renewing_ = false;
}

bool FieldCase::is_last_ticket(size_t page, std::string_view ticket) const {
  const std::scoped_lock guard(lock_);
  return reading_.last_tickets.at(page) == ticket_mark(ticket);
}

uint64_t ticket_mark(std::string_view key) {
  uint64_t mark = 0;
  const std::string_view digits = key.substr(0, 16);
  std::from_chars(digits.data(), digits.data() + digits.size(), mark, 16);
  return mark;
}

CaseDesk::CaseDesk(const Study& study, const Wave& wave, const Interview& interview,
                   std::optional<SecretKey> pseudonyms, SecretKey tokens,
                   const CaseDeskOptions& options)
    : study_(study),
      wave_(wave),
      interview_(interview),
      options_(options),
      pseudonym_key_(std::move(pseudonyms)),
      token_key_(std::move(tokens)),
      unlinked_(wave.fieldwork.privacy == PrivacyMode::kUnlinked) {}

Result<std::unique_ptr<CaseDesk>> CaseDesk::open(const FieldFolder& folder, const Study& study,
                                                 const Wave& wave, const Interview& interview,
                                                 const CaseDeskOptions& options) {
  std::optional<SecretKey> pseudonyms;
  if (wave.fieldwork.privacy != PrivacyMode::kUnlinked) {
    pseudonyms.emplace(TRY(folder.pseudonym_key(wave.id)));
  }
  auto desk = std::make_unique<CaseDesk>(study, wave, interview, std::move(pseudonyms),
                                         TRY(folder.key("tokens")), options);
  desk->identity_ = TRY(open_database(folder.identity()));
  desk->answers_at_ = folder.answers();
  TRY_DONE(People::prepare(*desk->identity_));
  desk->people_.emplace(*desk->identity_, wave.id);
  desk->tokens_.emplace(*desk->identity_, desk->token_key_);
  const auto held = TRY(desk->people_->setting(kPrivacySetting));
  if (held && *held != name_of(wave.fieldwork.privacy)) {
    return tl::unexpected(other_promise(*held, wave.fieldwork.privacy).error());
  }
  TRY(check_asked(*desk->people_, wave.questionnaire));
  if (held) TRY_DONE(hold_asked(*desk->people_, wave.questionnaire));
  desk->journal_ = TRY(Journal::open(folder.answers(), options.journal));
  if (folder.answers().is_postgresql()) {
    desk->watch_.emplace(wave.id, TRY(open_database(folder.answers())),
                         TRY(open_database(folder.identity())));
  }
  return desk;
}

std::string CaseDesk::slot_of(std::string_view token) const {
  return token_key_.hash({"in memory", token}, 16);
}

FieldCasePtr CaseDesk::cached(std::string_view token, int64_t now_ms) const {
  const std::string slot = slot_of(token);
  const std::scoped_lock guard(lock_);
  const auto found = cases_.find(slot);
  if (found == cases_.end()) return nullptr;
  const bool fresh = now_ms - found->second->read_ms() < options_.fresh_ms;
  return fresh ? found->second : nullptr;
}

Result<FieldCasePtr> CaseDesk::load(std::string_view token, int64_t now_ms) {
  const Result<std::optional<TokenHolder>> whose = holder(TokenPurpose::kAnswer, token, now_ms);
  if (!whose) return tl::unexpected(whose.error());
  const std::string slot = slot_of(token);
  if (!*whose) {
    const std::scoped_lock guard(lock_);
    cases_.erase(slot);
    return FieldCasePtr();
  }
  const auto card = TRY(read_card((*whose)->person, token));
  if (!card) return FieldCasePtr();
  return keep(slot, std::make_shared<FieldCase>(card, TRY(read_state(*card)), now_ms));
}

Result<std::shared_ptr<const CaseCard>> CaseDesk::read_card(const std::string& person,
                                                            std::string_view token) {
  auto found = TRY(people_->find(person));
  if (!found || found->state == PersonState::kErased) return std::shared_ptr<const CaseCard>();
  auto card = std::make_shared<CaseCard>();
  card->person = std::move(*found);
  card->subject =
      unlinked_ ? unlinked_subject(wave_.id, token) : pseudonym(*pseudonym_key_, wave_.id, person);
  const auto events = TRY(people_->events(person));
  card->events = static_cast<int64_t>(events.size());
  card->declined = has_declined(events);
  card->organisation_names =
      barometer::organisation_names(study_.frame_of(wave_), card->person.organisations);
  return card;
}

Result<CaseReading> CaseDesk::read_state(const CaseCard& card) {
  auto state = std::make_shared<InterviewState>(
      interview_.start(seed_of(card.subject), card.person.language));
  CaseReading reading{state, std::vector<uint64_t>(interview_.pages().size(), 0)};
  const auto take = [&](const JournalEntry& entry) -> Status {
    EntryFacts facts;
    if (!entry.erased) TRY_DONE(interview_.apply(entry.kind, entry.body, *state, &facts));
    const auto page = interview_.page_named(facts.page);
    if (page) reading.last_tickets[*page] = ticket_mark(entry.key);
    state->entries = entry.version;
    return {};
  };
  if (const Status read = journal_->read_subject(wave_.id, card.subject, take); !read) {
    return tl::unexpected(read.error());
  }
  return reading;
}

Result<std::vector<std::string>> CaseDesk::organisation_names(const std::string& person) {
  const auto card = TRY(read_card(person, ""));
  return card ? card->organisation_names : std::vector<std::string>();
}

Result<std::string> CaseDesk::answer_link(const std::string& person, int64_t expires_at_ms) {
  return tokens_->issue_answer(wave_.fieldwork.privacy, wave_.id, person, expires_at_ms);
}

// The first to write it decides, for every server of the wave.
Status CaseDesk::hold_mode(People& people) {
  const PrivacyMode mode = wave_.fieldwork.privacy;
  const std::string held = TRY(people.set_once(kPrivacySetting, std::string(name_of(mode))));
  if (held != name_of(mode)) return other_promise(held, mode);
  TRY_DONE(hold_asked(people, wave_.questionnaire));
  mode_is_held_ = true;
  return {};
}

Result<bool> CaseDesk::begin(const CaseCard& card, std::string_view token) {
  if (!mode_is_held_) TRY_DONE(hold_mode(*people_));
  return unlinked_ ? tokens_->begin({wave_.id, card.person.id}, token) : true;
}

Status CaseDesk::reload(FieldCase& one) {
  one.advance(TRY(read_state(*one.card())));
  return {};
}

void CaseDesk::forget(std::string_view token) {
  const std::string slot = slot_of(token);
  const std::scoped_lock guard(lock_);
  cases_.erase(slot);
}

void CaseDesk::forget_person(std::string_view person) {
  const std::scoped_lock guard(lock_);
  std::erase_if(cases_, [&](const auto& held) { return held.second->card()->person.id == person; });
}

size_t CaseDesk::size() const {
  const std::scoped_lock guard(lock_);
  return cases_.size();
}

FieldCasePtr CaseDesk::keep(const std::string& slot, const FieldCasePtr& one) {
  const std::scoped_lock guard(lock_);
  if (const auto held = cases_.find(slot); held != cases_.end()) {
    held->second->renew(*one);
    return held->second;
  }
  if (cases_.size() >= options_.cases_max) {
    std::vector<int64_t> read;
    read.reserve(cases_.size());
    for (const auto& [key, held] : cases_) read.push_back(held->read_ms());
    const auto middle = read.begin() + static_cast<std::ptrdiff_t>(read.size() / 2);
    std::ranges::nth_element(read, middle);
    std::erase_if(cases_, [&](const auto& held) { return held.second->read_ms() <= *middle; });
  }
  cases_[slot] = one;
  return one;
}

Result<std::optional<TokenHolder>> CaseDesk::holder(TokenPurpose purpose, std::string_view token,
                                                    int64_t now_ms) {
  Result<std::optional<TokenHolder>> found = tokens_->find(purpose, token, now_ms);
  if (found && *found && (*found)->wave != wave_.id) return std::optional<TokenHolder>();
  return found;
}

Result<std::optional<int64_t>> CaseDesk::closed_ms() {
  const auto text = TRY(people_->setting("closed_at_ms"));
  if (!text) return std::optional<int64_t>();
  int64_t value = 0;
  std::from_chars(text->data(), text->data() + text->size(), value);
  return std::optional(value);
}

Result<bool> CaseDesk::forget_order_after_end(int64_t now_ms) {
  return barometer::forget_order_after_end(*identity_, answers_at_, wave_.id, wave_.fieldwork,
                                           now_ms);
}

int64_t CaseDesk::recorded_ms(int64_t now_ms) const {
  return unlinked_ ? now_ms / kDayMs * kDayMs : now_ms;
}

CaseFacts CaseDesk::facts_of(const CaseCard& card) const {
  const std::string mode(name_of(wave_.fieldwork.privacy));
  if (unlinked_) return {{}, "", mode};
  return {card.person.organisations, card.person.role, mode};
}

}  // namespace barometer
