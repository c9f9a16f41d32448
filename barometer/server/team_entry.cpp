// Entry by telephone or from paper: an editor opens a case and answers for the person, through the
// same interview as on the web, with mode and operator in every entry of the journal.
//
// What the operator sees is decided by the wave (FieldworkSettings::operators_see): an interview of
// their own over the answers they may see, so that neither a value nor the route nor a piped word
// tells what else the person has answered. What they enter takes the place of what was there; a
// page left blank takes nothing away. Not in an unlinked wave: who opened which case, and when, is
// in the audit log.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/server/team_entry_pages.h"
#include "barometer/server/team_site.h"

namespace barometer {
namespace {

constexpr size_t kMostFound = 50;
constexpr size_t kMostNote = 200;
constexpr int kMostAttempts = 5;
constexpr int64_t kSessionMs = int64_t{12} * 3'600'000;
constexpr std::string_view kRoute = "/team/entry";

std::string address_of(std::string_view what, const FormFields& query) {
  return fmt::format("/team/entry/{}?{}", what, form_text(query));
}

std::string_view channel_of(std::string_view mode) { return mode == "paper" ? "post" : mode; }

std::string names_in(const Frame& frame, const std::vector<std::string>& organisations) {
  return join(organisation_names(frame, organisations), ", ");
}

bool is_mode(std::string_view mode) { return mode == "telephone" || mode == "paper"; }

std::string sees_in_words(OperatorsSee which) {
  switch (which) {
    case OperatorsSee::kOwn:
      return "You see what you entered yourself. What the person answered on the web, or a "
             "colleague entered, is not shown: the questions begin anew, what you enter takes its "
             "place, and what you leave blank stays as it was.";
    case OperatorsSee::kEntered:
      return "You see what you and colleagues entered. What the person answered on the web is not "
             "shown: what you enter takes its place, and what you leave blank stays as it was.";
    case OperatorsSee::kAll:
      return "You see what the person has answered so far, as the person was told.";
  }
  return {};
}

// Of a case: all of it, and what this operator may see of it.
struct SeenCase {
  FieldPerson person;
  std::string subject;
  InterviewState full;
  InterviewState seen;
  InterviewState unseen;      // answers that are not in `seen`
  std::vector<char> offered;  // by item: this operator may see that it was, with its page
};

bool may_see(OperatorsSee which, const EntryFacts& facts, const std::string& member) {
  if (which == OperatorsSee::kAll) return true;
  const bool entered = facts.mode != "web" && !facts.mode.empty();
  return entered && (which == OperatorsSee::kEntered || facts.by == member);
}

}  // namespace

class TeamSite::Entry {
 public:
  Entry(TeamSite& site, Visit& visit)
      : site_(site),
        visit_(visit),
        interview_(site.parts_.interview),
        person_(form_value(visit.request->query, "person")),
        mode_(form_value(visit.request->query, "mode")) {}

  Status serve();

 private:
  Status list();
  Status show_case(const FieldPerson& person);
  Status act(const FieldPerson& person);
  Status begin(const FieldPerson& person);
  Status record_outcome(const FieldPerson& person);
  Status record_once(ContactEvent event, const char* what, const std::string& detail);
  Status take_entry(const JournalEntry& entry, SeenCase& out) const;
  Status serve_interview(const FieldPerson& person);
  Status save_page(SeenCase seen, size_t page);
  Status draw_again(const SeenCase& seen, const InterviewState& typed, size_t page);
  Status send(const SeenCase& seen);
  Result<Appended> append(const NewEntry& entry);
  Status not_found();

  Result<SeenCase> read(const FieldPerson& person);
  Result<std::string> closed_to(const FieldPerson& person);
  Result<bool> has_begun(const FieldPerson& person);
  [[nodiscard]] std::optional<size_t> next_page(const SeenCase& seen, size_t from) const;
  void go_on(const SeenCase& seen, size_t from) const;
  void show_page(const SeenCase& seen, const PageView& view, size_t page, int status) const;
  void show_check(const SeenCase& seen) const;
  [[nodiscard]] EntryFrame frame_of(const SeenCase& seen) const;
  [[nodiscard]] PostFacts facts_of(const SeenCase& seen, int64_t seconds) const;
  [[nodiscard]] std::string purpose(std::string_view what) const {
    return fmt::format("entry {} {} {}", mode_, what, person_);
  }
  [[nodiscard]] std::string case_href() const { return address_of("case", {{"person", person_}}); }
  [[nodiscard]] std::string page_href(size_t page) const {
    return address_of(
        "page", {{"person", person_}, {"mode", mode_}, {"page", interview_.pages()[page].id}});
  }
  [[nodiscard]] std::string check_href() const {
    return address_of("check", {{"person", person_}, {"mode", mode_}});
  }
  void answer(std::string html, int status = 200) const {
    site_.answer(visit_, std::move(html), kRoute, status);
  }
  void go(const std::string& where) const { visit_.reply(redirect_to(where, kRoute)); }

  TeamSite& site_;
  Visit& visit_;
  const Interview& interview_;
  const std::string person_;
  const std::string mode_;
  std::string form_;  // the key of the form that was sent
};

Status TeamSite::serve_entry(Visit& visit) { return Entry(*this, visit).serve(); }

Status TeamSite::Entry::serve() {
  if (visit_.member.role == TeamRole::kViewer) return not_found();
  const std::string_view what = visit_.request->part(2);
  if (what.empty()) return visit_.request->posts() ? not_found() : list();
  const auto person = TRY(site_.people_->find(person_));
  if (!person || person->state == PersonState::kErased) return not_found();
  if (what == "case") return visit_.request->posts() ? act(*person) : show_case(*person);
  if ((what == "page" || what == "check") && is_mode(mode_)) return serve_interview(*person);
  return not_found();
}

Status TeamSite::Entry::not_found() {
  HttpResponse response = site_.parts_.failure(404);
  response.route = kRoute;
  visit_.reply(std::move(response));
  return {};
}

Status TeamSite::Entry::list() {
  const std::string find(form_value(visit_.request->query, "find"));
  std::vector<EntryLine> lines;
  bool more = false;
  if (!find.empty()) {
    const ProgressOf progress = TRY(site_.progress());
    const bool unlinked = site_.parts_.wave.fieldwork.privacy == PrivacyMode::kUnlinked;
    const std::string wanted = lowered(find);
    const Frame& frame = site_.parts_.study.frame_of(site_.parts_.wave);
    for (const FieldPerson& person : TRY(site_.people_->all())) {
      if (person.state == PersonState::kErased) continue;
      const std::string organisations = names_in(frame, person.organisations);
      const std::string all =
          lowered(fmt::format("{} {} {} {} {}", person.id, person.name, person.role, organisations,
                              join(person.organisations, " ")));
      if (all.find(wanted) == std::string::npos) continue;
      more = lines.size() == kMostFound;
      if (more) break;
      lines.push_back({address_of("case", {{"person", person.id}}),
                       person.name.empty() ? person.id : person.name, person.role, organisations,
                       unlinked ? "" : std::string(name_of(progress(person.id)))});
    }
  }
  answer(entry_list_page(site_.frame_of(visit_), find, lines, more));
  return {};
}

// Why nothing can be entered for this person now; empty: it can.
Result<std::string> TeamSite::Entry::closed_to(const FieldPerson& person) {
  if (site_.parts_.wave.fieldwork.privacy == PrivacyMode::kUnlinked) {
    return "Nobody enters answers for others in this wave: whoever did would know whose they are.";
  }
  if (person.state == PersonState::kTransferred) return "A colleague answers instead.";
  if (person.state == PersonState::kPending) return "This person has not accepted yet.";
  const FieldworkPhase phase = site_.phase();
  if (phase == FieldworkPhase::kOpen) return std::string();
  const bool begun = TRY(site_.progress())(person.id) != CaseProgress::kNotBegun;
  return phase == FieldworkPhase::kGrace && begun ? "" : "The survey is not open.";
}

Status TeamSite::Entry::show_case(const FieldPerson& person) {
  EntryCaseFacts facts;
  facts.person = person;
  facts.organisations =
      names_in(site_.parts_.study.frame_of(site_.parts_.wave), person.organisations);
  facts.closed = TRY(closed_to(person));
  const ProgressOf progress = TRY(site_.progress());
  facts.interview = name_of(progress(person.id));
  facts.events = TRY(site_.people_->events(person.id));
  facts.action = case_href();
  facts.sees = sees_in_words(site_.parts_.wave.fieldwork.operators_see);
  const bool begins = visit_.request->field("act") == "begin";
  (begins ? facts.mode_error : facts.outcome_error) = visit_.error;
  facts.note = visit_.error.empty() ? "" : std::string(visit_.request->field("note"));
  const EntryOutcome* recorded = entry_outcome(form_value(visit_.request->query, "recorded"));
  if (recorded != nullptr && !visit_.request->posts()) {
    visit_.notice = fmt::format("Recorded: {}.", recorded->label);
  }
  answer(entry_case_page(site_.frame_of(visit_), facts), visit_.error.empty() ? 200 : 422);
  return {};
}

Status TeamSite::Entry::act(const FieldPerson& person) {
  const auto ticket = site_.parts_.tickets.open(
      visit_.request->field("_ticket"), visit_.sign_in.hash, "team", site_.parts_.unix_ms() / 1000);
  if (!ticket) {
    site_.parts_.metrics.count(ServerCount::kPostsUnsigned);
    answer(team_message_page(site_.frame_of(visit_), "Nothing was done",
                             "The form was open for too long, or not drawn for this sign-in."),
           403);
    return {};
  }
  form_ = ticket->key;
  if (visit_.request->field("act") == "begin") return begin(person);
  if (visit_.request->field("act") == "outcome") return record_outcome(person);
  return not_found();
}

Status TeamSite::Entry::begin(const FieldPerson& person) {
  const std::string mode(visit_.request->field("mode"));
  const std::string closed = TRY(closed_to(person));
  if (!is_mode(mode)) visit_.error = "Choose how the answers come.";
  if (!closed.empty()) visit_.error = closed;
  if (!visit_.error.empty()) return show_case(person);
  ContactEvent event{.person = person.id, .at_ms = site_.parts_.unix_ms()};
  event.kind = ContactKind::kPaper;
  event.channel = channel_of(mode);
  TRY_DONE(
      record_once(std::move(event), "enter answers", fmt::format("{} by {}", person.id, mode)));
  site_.parts_.desk.forget_person(person.id);
  const SeenCase seen = TRY(read(person));
  const auto first = next_page(seen, 0);
  go(address_of(
      first ? "page" : "check",
      first
          ? FormFields{{"person", person_}, {"mode", mode}, {"page", interview_.pages()[*first].id}}
          : FormFields{{"person", person_}, {"mode", mode}}));
  return {};
}

// A form that is sent again, from a page that was gone back to, says what it said.
Status TeamSite::Entry::record_once(ContactEvent event, const char* what,
                                    const std::string& detail) {
  event.by = visit_.member.id;
  event.form = form_;
  const std::string person = event.person;
  if (TRY(site_.people_->is_last_of_form(event))) return {};
  TRY_DONE(site_.record(visit_, what, detail));
  TRY_DONE(site_.people_->record(std::move(event)));
  site_.parts_.desk.forget_person(person);
  return {};
}

Status TeamSite::Entry::record_outcome(const FieldPerson& person) {
  const EntryOutcome* outcome = entry_outcome(visit_.request->field("outcome"));
  const std::string note(trimmed(visit_.request->field("note")));
  if (outcome == nullptr) visit_.error = "Choose what became of it.";
  if (note.size() > kMostNote) visit_.error = "Say less in the note.";
  if (!visit_.error.empty()) return show_case(person);
  ContactEvent event{.person = person.id, .at_ms = site_.parts_.unix_ms()};
  event.kind = outcome->kind;
  event.channel = "telephone";
  event.note = note;
  TRY_DONE(
      record_once(std::move(event), "outcome", fmt::format("{}: {}", person.id, outcome->word)));
  // To another address, so that a reload shows the page again and records nothing.
  go(address_of("case", {{"person", person_}, {"recorded", std::string(outcome->word)}}));
  return {};
}

Result<SeenCase> TeamSite::Entry::read(const FieldPerson& person) {
  CHECK(site_.pseudonym_key_, "nobody enters for others in an unlinked wave");
  SeenCase out;
  out.person = person;
  out.subject = pseudonym(*site_.pseudonym_key_, site_.parts_.wave.id, person.id);
  out.full = interview_.start(seed_of(out.subject), person.language);
  out.seen = out.full;
  out.offered.assign(interview_.questionnaire().items.size(), 0);
  const auto take = [&](const JournalEntry& entry) { return take_entry(entry, out); };
  if (const Status done =
          site_.parts_.desk.journal().read_subject(site_.parts_.wave.id, out.subject, take);
      !done) {
    return tl::unexpected(done.error());
  }
  out.seen.seed = out.full.seed;
  out.seen.facts = out.full.facts;
  out.seen.begun = out.full.begun;
  out.seen.entries = out.full.entries;
  for (const auto& [item, given] : out.full.answers) {
    const auto shown = out.seen.answers.find(item);
    if (shown == out.seen.answers.end() || shown->second != given) out.unseen.answers[item] = given;
  }
  return out;
}

Status TeamSite::Entry::take_entry(const JournalEntry& entry, SeenCase& out) const {
  EntryFacts facts;
  if (!entry.erased) TRY_DONE(interview_.apply(entry.kind, entry.body, out.full, &facts));
  out.full.entries = entry.version;
  const OperatorsSee which = site_.parts_.wave.fieldwork.operators_see;
  if (entry.erased || !may_see(which, facts, visit_.member.id)) return {};
  if (const auto page = interview_.page_named(facts.page)) {
    const std::vector<uint8_t> asked = interview_.asked(out.seen);
    for (const size_t item : interview_.pages()[*page].items) {
      const std::string& id = interview_.questionnaire().items[item].id;
      if (asked[item] != 0 && out.full.answers.contains(id)) out.offered[item] = 1;
    }
  }
  return interview_.apply(entry.kind, entry.body, out.seen);
}

// The first page on this operator's route with an item that was not offered. None: every item on
// that route has an entry, if only one that says it was left blank, in the whole of the case.
std::optional<size_t> TeamSite::Entry::next_page(const SeenCase& seen, size_t from) const {
  const std::vector<uint8_t> asked = interview_.asked(seen.seen);
  const auto is_open = [&](size_t page) {
    return std::ranges::any_of(interview_.pages()[page].items, [&](size_t item) {
      return asked[item] != 0 && seen.offered[item] == 0 &&
             !seen.seen.answers.contains(interview_.questionnaire().items[item].id);
    });
  };
  const std::vector<size_t> route = interview_.route(seen.seen);
  for (const size_t page : route) {
    if (page >= from && is_open(page)) return page;
  }
  for (const size_t page : route) {
    if (is_open(page)) return page;
  }
  return std::nullopt;
}

void TeamSite::Entry::go_on(const SeenCase& seen, size_t from) const {
  const auto next = next_page(seen, from);
  go(next ? page_href(*next) : check_href());
}

// Begun by this member not long ago: before that, nothing of the case's answers is shown.
Result<bool> TeamSite::Entry::has_begun(const FieldPerson& person) {
  const int64_t since = site_.parts_.unix_ms() - kSessionMs;
  for (const ContactEvent& event : TRY(site_.people_->events(person.id))) {
    const bool ours = event.kind == ContactKind::kPaper && event.by == visit_.member.id;
    if (ours && event.at_ms > since && event.channel == channel_of(mode_)) return true;
  }
  return false;
}

Status TeamSite::Entry::serve_interview(const FieldPerson& person) {
  visit_.error = TRY(closed_to(person));
  if (!visit_.error.empty()) return show_case(person);
  if (!TRY(has_begun(person))) {
    go(case_href());
    return {};
  }
  SeenCase seen = TRY(read(person));
  if (visit_.request->part(2) == "check") {
    if (visit_.request->posts()) return send(seen);
    show_check(seen);
    return {};
  }
  const auto page = interview_.page_named(form_value(visit_.request->query, "page"));
  if (!page) return not_found();
  if (visit_.request->posts()) return save_page(std::move(seen), *page);
  const auto view = interview_.show(*page, seen.seen, seen.seen.language);
  if (view) {
    show_page(seen, *view, *page, 200);
  } else {
    go_on(seen, 0);
  }
  return {};
}

PostFacts TeamSite::Entry::facts_of(const SeenCase& seen, int64_t seconds) const {
  CaseCard card;
  card.person = seen.person;
  return {.language = seen.seen.language,
          .mode = mode_,
          .by = visit_.member.id,
          .seconds = seconds,
          .facts = site_.parts_.desk.facts_of(card),
          .unseen = &seen.unseen};
}

Status TeamSite::Entry::save_page(SeenCase seen, size_t page) {
  const int64_t now = site_.parts_.unix_ms();
  const auto ticket =
      site_.parts_.tickets.open(visit_.request->field("_ticket"), visit_.sign_in.hash,
                                purpose(interview_.pages()[page].id), now / 1000);
  if (!ticket) {
    site_.parts_.metrics.count(ServerCount::kPostsUnsigned);
    const auto view = interview_.show(page, seen.seen, seen.seen.language);
    if (view) show_page(seen, *view, page, 403);
    if (!view) go_on(seen, 0);
    return {};
  }
  const int64_t seconds = std::clamp<int64_t>(now / 1000 - ticket->issued_s, 0, 86'400);
  bool reused = false;  // the ticket is in the journal already
  NewEntry entry{.wave = site_.parts_.wave.id, .subject = seen.subject};
  entry.kind = kAnswersEntry;
  entry.key = ticket->key;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    PostOutcome outcome =
        interview_.post(page, visit_.request->form, seen.seen, facts_of(seen, seconds));
    if (const auto* refused = std::get_if<PostRefused>(&outcome)) {
      if (refused->off_route) return go_on(seen, 0), Status();
      show_page(seen, refused->page, page, 422);
      return {};
    }
    auto& accepted = std::get<PostAccepted>(outcome);
    if (reused && accepted.state.answers != seen.seen.answers) {
      return draw_again(seen, accepted.state, page);
    }
    if (reused) return go_on(seen, page + 1), Status();
    entry.body = std::move(accepted.body);
    entry.expected_version = seen.full.entries;
    entry.at_ms = site_.parts_.desk.recorded_ms(now);
    const Appended done = TRY(append(entry));
    if (done.outcome == AppendOutcome::kAppended) {
      site_.parts_.metrics.count(ServerCount::kPagesSaved);
      site_.parts_.desk.forget_person(seen.person.id);
    }
    reused = done.outcome == AppendOutcome::kKeyReused;
    seen = TRY(read(seen.person));
    if (done.acknowledged()) return go_on(seen, page + 1), Status();
  }
  return fail(ErrorCode::kIo, "a case is written to by others all the time");
}

// A page that was saved before, with other answers now: the operator went back. Whoever saved it
// since, the same is said, so that it tells nothing of them.
Status TeamSite::Entry::draw_again(const SeenCase& seen, const InterviewState& typed, size_t page) {
  visit_.notice =
      "This page was saved before, with other answers. What stands here now is not saved yet: "
      "continue to save it.";
  show_page(seen, TRY(interview_.show(page, typed, typed.language)), page, 409);
  return {};
}

// Whichever way the first answers of a wave come, they hold its privacy mode.
Result<Appended> TeamSite::Entry::append(const NewEntry& entry) {
  CaseDesk& desk = site_.parts_.desk;
  if (desk.must_begin()) TRY_DONE(desk.hold_mode(*site_.people_));
  return desk.journal().append(entry);
}

Status TeamSite::Entry::send(const SeenCase& seen) {
  const int64_t now = site_.parts_.unix_ms();
  const auto ticket = site_.parts_.tickets.open(visit_.request->field("_ticket"),
                                                visit_.sign_in.hash, purpose("check"), now / 1000);
  if (!ticket) {
    site_.parts_.metrics.count(ServerCount::kPostsUnsigned);
    show_check(seen);
    return {};
  }
  if (next_page(seen, 0)) {
    go_on(seen, 0);
    return {};
  }
  const PostAccepted sent = TRY(interview_.submit(seen.full, facts_of(seen, 0)));
  NewEntry entry{.wave = site_.parts_.wave.id, .subject = seen.subject};
  entry.kind = kSubmittedEntry;
  entry.key = ticket->key;
  entry.body = sent.body;
  entry.at_ms = site_.parts_.desk.recorded_ms(now);
  TRY(append(entry));
  site_.parts_.desk.forget_person(seen.person.id);
  visit_.notice = "The answers were sent.";
  return show_case(seen.person);
}

EntryFrame TeamSite::Entry::frame_of(const SeenCase& seen) const {
  EntryFrame frame;
  frame.case_href = case_href();
  frame.heading = fmt::format("{}, {}", seen.person.name.empty() ? person_ : seen.person.name,
                              mode_ == "paper" ? "from paper" : "by telephone");
  frame.notice = visit_.notice;
  if (!seen.unseen.answers.empty()) {
    frame.hidden =
        "There are answers that you are not shown. What you leave blank stays as it was.";
  }
  return frame;
}

void TeamSite::Entry::show_page(const SeenCase& seen, const PageView& view, size_t page,
                                int status) const {
  const std::string ticket = site_.parts_.tickets.make(
      visit_.sign_in.hash, purpose(interview_.pages()[page].id), site_.parts_.unix_ms() / 1000);
  answer(entry_question_page(site_.frame_of(visit_), frame_of(seen), view, page_href(page), ticket),
         status);
}

void TeamSite::Entry::show_check(const SeenCase& seen) const {
  // An answer to a question with a rule would tell the answers that led there: only that of a
  // question for everybody is mentioned.
  const auto is_for_all = [&](const std::string& id) {
    const auto& items = interview_.questionnaire().items;
    const auto item = std::ranges::find(items, id, &Item::id);
    return item != items.end() && item->ask_if.empty();
  };
  std::vector<CheckLine> lines;
  for (AnswerSummary& line : interview_.summary(seen.seen, seen.seen.language)) {
    if (line.answers.empty() && seen.unseen.answers.contains(line.item) && is_for_all(line.item)) {
      line.answers = {"Answered, and not shown to you"};
    }
    lines.push_back({page_href(line.page), std::move(line.question), std::move(line.answers)});
  }
  const std::string ticket = site_.parts_.tickets.make(visit_.sign_in.hash, purpose("check"),
                                                       site_.parts_.unix_ms() / 1000);
  answer(entry_check_page(site_.frame_of(visit_), frame_of(seen), lines, check_href(), ticket));
}

}  // namespace barometer
