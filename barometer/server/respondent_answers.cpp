// The interview over HTTP: pages shown, saved, checked and sent.
#include <algorithm>
#include <utility>

#include "barometer/server/phrases.h"
#include "barometer/server/request_target.h"
#include "barometer/server/respondent_site.h"
#include "barometer/server/respondent_site_internal.h"

namespace barometer {
namespace {

constexpr int kMostAttempts = 5;
// Something was said on some page: blanks do not begin an interview.
bool says_something(const InterviewState& state) {
  return std::ranges::any_of(
      state.answers, [](const auto& given) { return given.second.missing != Missing::kSystem; });
}

std::string purpose_of(const InterviewPage& page) { return "page " + page.id; }

}  // namespace

std::string RespondentSite::language_asked(const SiteRequest& request,
                                           const std::string& otherwise) const {
  const std::vector<std::string>& known = parts_.site.languages;
  const auto is_known = [&](std::string_view language) {
    return std::ranges::find(known, language) != known.end();
  };
  const std::string_view asked = form_value(request.query, "language");
  if (is_known(asked)) return std::string(asked);
  const std::string_view posted = request.field("language");
  if (is_known(posted)) return std::string(posted);
  if (is_known(otherwise)) return otherwise;
  std::string wanted = preferred_language(request.accept_language, known);
  if (!wanted.empty()) return wanted;
  return known.empty() ? "en" : known.front();
}

std::string RespondentSite::language_of(const Visit& visit) const {
  const auto state = visit.one->state();
  const bool answered = state->entries > 0 && !state->language.empty();
  return language_asked(*visit.request,
                        answered ? state->language : visit.one->card()->person.language);
}

std::string RespondentSite::home_of(const Visit& visit) const {
  const bool several = parts_.site.languages.size() > 1;
  return several ? visit.base() + "?language=" + language_of(visit) : visit.base();
}

bool RespondentSite::serve_interview(const VisitPtr& visit) {
  const std::string_view sub = visit->request->part(2);
  const bool posts = visit->request->posts();
  const size_t depth = visit->request->parts.size();
  // Who declined says first that they come back: an old page is no answer of theirs.
  if (!sub.empty() && visit->one->card()->declined) {
    return visit->go(home_of(*visit), kStartRoute), true;
  }
  if (sub == "p" && depth == 4) {
    const auto page = parts_.interview.page_named(visit->request->part(3));
    if (!page) return false;
    if (posts) return save_page(visit, *page), true;
    return show_page(visit, *page, "", 200), true;
  }
  if (depth > 3) return false;
  if (sub.empty() && !posts) return show_start(visit), true;
  if (sub == "begin") return begin(visit), true;
  if (sub == "check") return posts ? submit(visit) : show_check(visit), true;
  if (sub == "done" && !posts) {
    return visit->answer(done_page(link_page(*visit, "")), "/i/:link/done"), true;
  }
  return false;
}

void RespondentSite::show_start(const VisitPtr& visit) {
  const auto card = visit->one->card();
  const auto state = visit->one->state();
  if (card->declined) {
    return visit->answer(declined_page(link_page(*visit, "return")), kStartRoute);
  }
  if (state->submitted) return visit->answer(done_page(link_page(*visit, "")), kStartRoute);
  StartFacts facts;
  facts.organisations = card->organisation_names;
  facts.role = card->person.role;
  facts.pages = parts_.interview.route(*state).size();
  facts.begun = state->entries > 0;
  visit->answer(start_page(link_page(*visit, "begin"), facts), kStartRoute);
}

// To where the person stopped, on whatever device. Writes nothing, so it asks for no ticket: a
// reload or a bookmark of this address is led on as well.
void RespondentSite::begin(const VisitPtr& visit) {
  static constexpr std::string_view kRoute = "/i/:link/begin";
  const auto state = visit->one->state();
  const auto open = parts_.interview.first_open_page(*state);
  std::string where = visit->base() + "/check";
  if (open) where = visit->base() + "/p/" + parts_.interview.pages()[*open].id;
  const std::string language = language_of(*visit);
  const bool says = state->entries == 0 && parts_.site.languages.size() > 1;
  visit->go(says ? where + "?language=" + language : where, kRoute);
}

void RespondentSite::show_page(const VisitPtr& visit, size_t page, std::string_view notice,
                               int status) {
  const auto state = visit->one->state();
  const auto view = parts_.interview.show(page, *state, language_of(*visit));
  if (!view) return begin(visit);  // not on the route (any more)
  draw(*visit, page, *view, notice, status);
}

void RespondentSite::draw(const Visit& visit, size_t page, const PageView& view,
                          std::string_view notice, int status) const {
  const auto& pages = parts_.interview.pages();
  const std::string base = visit.base();
  const std::string back = view.previous ? base + "/p/" + pages[*view.previous].id : base;
  const LinkPage frame = link_page(visit, purpose_of(pages[page]));
  visit.answer(interview_page(frame, view, base + "/p/" + pages[page].id, back, notice), kPageRoute,
               status);
}

void RespondentSite::save_page(const VisitPtr& visit, size_t page) {
  const int64_t now_s = parts_.unix_ms() / 1000;
  const auto ticket = parts_.tickets.open(visit->request->field("_ticket"), visit->request->part(1),
                                          purpose_of(parts_.interview.pages()[page]), now_s);
  if (!ticket) {
    parts_.metrics.count(ServerCount::kPostsUnsigned);
    return show_page(visit, page, phrase(Phrase::kPageTooOld, language_of(*visit)), 403);
  }
  auto posting = std::make_shared<Posting>();
  posting->visit = visit;
  posting->page = page;
  posting->ticket = ticket->key;
  posting->key = ticket->key;
  posting->seconds = std::clamp<int64_t>(now_s - ticket->issued_s, 0, 86'400);
  post_again(posting);
}

// Reads the form against the answers as they are now, and appends.
void RespondentSite::post_again(const PostingPtr& posting) {
  const VisitPtr& visit = posting->visit;
  const auto state = visit->one->state();
  const PostFacts facts{.language = language_of(*visit),
                        .mode = "web",
                        .seconds = posting->seconds,
                        .facts = parts_.desk.facts_of(*visit->one->card())};
  PostOutcome outcome = parts_.interview.post(posting->page, visit->request->form, *state, facts);
  if (const auto* refused = std::get_if<PostRefused>(&outcome)) {
    if (refused->off_route) return begin(visit);
    parts_.metrics.count(ServerCount::kPostsRefused);
    return draw(*visit, posting->page, refused->page, "", 422);
  }
  auto& accepted = std::get<PostAccepted>(outcome);
  posting->next =
      visit->base() +
      (accepted.next ? "/p/" + parts_.interview.pages()[*accepted.next].id : std::string("/check"));
  if (state->entries == 0 && !says_something(accepted.state)) {
    return visit->go(posting->next, kPageRoute);
  }
  if (accepted.state.answers == state->answers &&
      visit->one->is_last_ticket(posting->page, posting->ticket)) {
    parts_.metrics.count(ServerCount::kPostsReplayed);
    return visit->go(posting->next, kPageRoute);
  }
  posting->body = std::move(accepted.body);
  posting->expected = state->entries;
  posting->state = std::make_shared<const InterviewState>(std::move(accepted.state));
  append(posting);
}

void RespondentSite::append(const PostingPtr& posting) {
  if (posting->expected > 0 || !parts_.desk.must_begin()) return append_now(posting);
  const VisitPtr& visit = posting->visit;
  at_desk(visit->reply, kPageRoute, [this, posting]() -> Status {
    const VisitPtr& begins = posting->visit;
    const auto mine = parts_.desk.begin(*begins->one->card(), begins->request->part(1));
    if (!mine) return tl::unexpected(mine.error());
    if (*mine) {
      append_now(posting);
    } else {
      begins->answer(other_link_page(link_page(*begins, "")), kPageRoute, 409);
    }
    return {};
  });
}

void RespondentSite::append_now(const PostingPtr& posting) {
  if (ending_) return fail_with(posting->visit->reply, 503, kPageRoute);
  NewEntry entry;
  entry.wave = parts_.wave.id;
  entry.subject = posting->visit->one->card()->subject;
  entry.kind = posting->submits ? kSubmittedEntry : kAnswersEntry;
  entry.body = posting->body;
  entry.key = posting->key;
  entry.expected_version = posting->expected;
  entry.at_ms = parts_.desk.recorded_ms(parts_.unix_ms());
  parts_.desk.journal().append(std::move(entry), [this, posting](const Result<Appended>& result) {
    appended(posting, result);
  });
}

// On the journal's thread: everything that may take time is left to others.
void RespondentSite::appended(const PostingPtr& posting, const Result<Appended>& result) {
  const VisitPtr& visit = posting->visit;
  const std::string_view route = posting->submits ? kCheckRoute : kPageRoute;
  if (!result) return store_failed(visit->reply, route, result.error());
  if (result->outcome == AppendOutcome::kAppended) {
    parts_.metrics.count(ServerCount::kPagesSaved);
    visit->one->advance(posting->state,
                        posting->submits ? std::nullopt : std::optional(posting->page),
                        posting->ticket);
    return visit->go(posting->next, route);
  }
  if (result->outcome != AppendOutcome::kConflict) return come_again(posting);
  parts_.metrics.count(ServerCount::kConflicts);
  if (++posting->attempts > kMostAttempts) return fail_with(visit->reply, 503, route);
  at_desk(visit->reply, route, [this, posting]() -> Status {
    TRY_DONE(parts_.desk.reload(*posting->visit->one));
    posting->submits ? submit(posting->visit) : post_again(posting);
    return {};
  });
}

// The key of this page as drawn is in the journal. Sent twice, it is answered as before. Sent with
// other answers from the page as it was last saved, the person went back and changed them: a new
// entry. From an older page, it is a late copy, and what was saved since stands.
void RespondentSite::come_again(const PostingPtr& posting) {
  const VisitPtr& visit = posting->visit;
  parts_.metrics.count(ServerCount::kPostsReplayed);
  if (posting->submits) return visit->go(posting->next, kCheckRoute);
  const auto state = visit->one->state();
  const bool changed = state->answers != posting->state->answers;
  const bool fresh = posting->key == posting->ticket;
  if (changed && fresh && visit->one->is_last_ticket(posting->page, posting->ticket)) {
    posting->key = posting->ticket + "-" + std::to_string(posting->expected);
    return append(posting);
  }
  visit->go(posting->next, kPageRoute);
}

void RespondentSite::show_check(const VisitPtr& visit) {
  const auto state = visit->one->state();
  std::vector<CheckLine> lines;
  for (AnswerSummary& answer : parts_.interview.summary(*state, language_of(*visit))) {
    const std::string& page = parts_.interview.pages()[answer.page].id;
    lines.push_back(
        {visit->base() + "/p/" + page, std::move(answer.question), std::move(answer.answers)});
  }
  visit->answer(check_page(link_page(*visit, "check"), lines, state->submitted), kCheckRoute);
}

void RespondentSite::submit(const VisitPtr& visit) {
  const auto state = visit->one->state();
  const int64_t now_s = parts_.unix_ms() / 1000;
  const auto ticket = parts_.tickets.open(visit->request->field("_ticket"), visit->request->part(1),
                                          "check", now_s);
  if (!ticket) {
    parts_.metrics.count(ServerCount::kPostsUnsigned);
    return fail_with(visit->reply, 403, kCheckRoute);
  }
  if (!says_something(*state)) return begin(visit);
  auto sent = parts_.interview.submit(
      *state, {.language = language_of(*visit), .mode = "web", .seconds = 0, .facts = {}});
  if (!sent) return begin(visit);  // a page is open
  auto posting = std::make_shared<Posting>();
  posting->visit = visit;
  posting->ticket = posting->key = ticket->key;
  posting->submits = true;
  posting->next = visit->base() + "/done";
  if (state->submitted) return visit->go(posting->next, kCheckRoute);
  posting->body = std::move(sent->body);
  posting->expected = state->entries;
  posting->state = std::make_shared<const InterviewState>(std::move(sent->state));
  append(posting);
}

}  // namespace barometer
