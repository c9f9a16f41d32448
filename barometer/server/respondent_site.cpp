#include "barometer/server/respondent_site.h"

#include <algorithm>
#include <utility>

#include "barometer/fieldwork/wave_end.h"
#include "barometer/server/phrases.h"
#include "barometer/server/respondent_site_internal.h"

namespace barometer {
namespace {

HttpResponse page_response(std::string html, std::string_view route, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(html);
  response.route = route;
  return response;
}

std::string_view route_of(std::string_view sub) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kRoutes = {{
      {"", kStartRoute},
      {"begin", "/i/:link/begin"},
      {"p", kPageRoute},
      {"check", kCheckRoute},
      {"done", "/i/:link/done"},
      {"decline", "/i/:link/decline"},
      {"return", "/i/:link/return"},
      {"colleague", "/i/:link/colleague"},
      {"erase", "/i/:link/erase"},
      {"privacy", "/i/:link/privacy"},
  }};
  const auto* const found =
      std::ranges::find(kRoutes, sub, &std::pair<std::string_view, std::string_view>::first);
  return found == kRoutes.end() ? "/i/:link/other" : found->second;
}

}  // namespace

bool RespondentSite::handle(const SiteRequestPtr& request, const HttpReply& reply) {
  const std::string_view first = request->part(0);
  if (first == "i" && request->parts.size() > 1) return handle_link(request, reply), true;
  if (first == "s" && request->parts.size() == 2) return handle_stop(request, reply), true;
  if (first == "a" && request->parts.size() == 2) return handle_accept(request, reply), true;
  return request->parts.size() <= 1 && handle_common(request, reply);
}

bool RespondentSite::handle_common(const SiteRequestPtr& request, const HttpReply& reply) {
  const std::string_view name = request->part(0);
  if (name == "code" && request->posts()) return handle_code(request, reply), true;
  if (request->posts()) return false;
  LinkPage page = common_page(*request, "");
  if (request->parts.empty() || name == "code") {
    page.ticket = parts_.tickets.make("code", "code", parts_.unix_ms() / 1000);
    reply(page_response(code_page(page), "/"));
  } else if (name == "privacy") {
    reply(page_response(privacy_page(page), "/privacy"));
  } else if (name == "accessibility") {
    reply(page_response(accessibility_page(page), "/accessibility"));
  } else {
    return false;
  }
  return true;
}

// A code is exchanged for the link it stands for: addresses of pages hold links only.
void RespondentSite::handle_code(const SiteRequestPtr& request, const HttpReply& reply) {
  static constexpr std::string_view kRoute = "/code";
  const int64_t now = parts_.unix_ms();
  if (!parts_.tickets.open(request->field("_ticket"), "code", "code", now / 1000)) {
    parts_.metrics.count(ServerCount::kPostsUnsigned);
    return fail_with(reply, 403, kRoute);
  }
  if (!parts_.unknown_rate.take(request->address, now * 1000)) {
    parts_.metrics.count(ServerCount::kRateLimited);
    return fail_with(reply, 429, kRoute);
  }
  at_desk(reply, kRoute, [this, request, reply, now]() -> Status {
    const auto whose = parts_.desk.holder(TokenPurpose::kCode, request->field("code"), now);
    if (!whose) return tl::unexpected(whose.error());
    if (*whose) {
      const auto link = parts_.desk.answer_link((*whose)->person, link_expires_ms());
      if (!link) return tl::unexpected(link.error());
      reply(redirect_to("/i/" + *link, kRoute));
      return {};
    }
    parts_.metrics.count(ServerCount::kUnknownLinks);
    LinkPage page = common_page(*request, parts_.tickets.make("code", "code", now / 1000));
    page.error = phrase(Phrase::kNoSuchCode, page.language);
    reply(page_response(code_page(page), kRoute, 422));
    return {};
  });
}

void RespondentSite::handle_link(const SiteRequestPtr& request, const HttpReply& reply) {
  const int64_t now = parts_.unix_ms();
  const std::string_view route = route_of(request->part(2));
  if (!parts_.link_rate.take(request->part(1), now * 1000)) {
    parts_.metrics.count(ServerCount::kRateLimited);
    return fail_with(reply, 429, route);
  }
  if (FieldCasePtr one = parts_.desk.cached(request->part(1), now)) {
    if (CaseWatch* watch = parts_.desk.watch()) {
      return check_and_serve(*watch,
                             std::make_shared<Visit>(Visit{request, reply, std::move(one)}));
    }
    if (parts_.desk.is_ageing(*one, now) && one->claim_renewal()) {
      parts_.desk_work.add([this, request, now] { (void)parts_.desk.load(request->part(1), now); },
                           [] {});
    }
    return serve(std::make_shared<Visit>(Visit{request, reply, std::move(one)}));
  }
  // Asking costs a database: an address that asks for links that are none is soon told to wait.
  if (!parts_.unknown_rate.has_room(request->address, now * 1000)) {
    parts_.metrics.count(ServerCount::kRateLimited);
    return fail_with(reply, 429, route);
  }
  load_and_serve(request, reply);
}

// Another server may have written since: what it has acknowledged is read first.
void RespondentSite::check_and_serve(CaseWatch& watch, const VisitPtr& visit) {
  const auto card = visit->one->card();
  watch.check({card->subject, card->person.id, visit->one->state()->entries, card->events},
              [this, visit](const Result<bool>& current) {
                at_desk(visit->reply, route_of(visit->request->part(2)),
                        [this, visit, current]() -> Status {
                          if (!current) return tl::unexpected(current.error());
                          *current ? serve(visit) : load_and_serve(visit->request, visit->reply);
                          return {};
                        });
              });
}

void RespondentSite::load_and_serve(const SiteRequestPtr& request, const HttpReply& reply) {
  const std::string_view route = route_of(request->part(2));
  at_desk(reply, route, [this, request, reply, route]() -> Status {
    const int64_t now = parts_.unix_ms();
    const auto one = parts_.desk.load(request->part(1), now);
    if (!one) return tl::unexpected(one.error());
    if (*one) {
      serve(std::make_shared<Visit>(Visit{request, reply, *one}));
      return {};
    }
    parts_.metrics.count(ServerCount::kUnknownLinks);
    parts_.unknown_rate.take(request->address, now * 1000);
    reply(page_response(unknown_link_page(common_page(*request, "")), route, 404));
    return {};
  });
}

void RespondentSite::serve(const VisitPtr& visit) {
  const std::string_view sub = visit->request->part(2);
  const bool posts = visit->request->posts();
  const auto card = visit->one->card();
  if (!posts && sub == "privacy") {
    return visit->answer(privacy_page(link_page(*visit, "")), route_of(sub));
  }
  if (!posts && sub == "accessibility") {
    return visit->answer(accessibility_page(link_page(*visit, "")), route_of(sub));
  }
  if (card->person.state == PersonState::kTransferred) {
    return visit->answer(passed_on_page(link_page(*visit, "")), route_of(sub));
  }
  if (serve_wishes(visit)) return;
  const FieldworkPhase now = phase();
  const bool may = now == FieldworkPhase::kOpen ||
                   may_answer(now, parts_.interview.count(*visit->one->state()).status);
  if (!may) {
    return visit->answer(closed_page(link_page(*visit, ""), now == FieldworkPhase::kNotOpen),
                         route_of(sub), posts ? 403 : 200);
  }
  if (!serve_interview(visit)) fail_with(visit->reply, 404, route_of(sub));
}

bool RespondentSite::serve_wishes(const VisitPtr& visit) {
  const std::string_view sub = visit->request->part(2);
  const bool posts = visit->request->posts();
  const std::string_view route = route_of(sub);
  if (visit->request->parts.size() > 3) return false;
  if (sub == "decline") {
    if (posts) return decline(visit), true;
    return visit->answer(decline_page(link_page(*visit, "decline")), route), true;
  }
  if (sub == "return" && posts) return take_back(visit), true;
  if (sub == "erase") {
    if (posts) return erase(visit), true;
    return visit->answer(erase_page(link_page(*visit, "erase")), route), true;
  }
  if (sub == "colleague") {
    if (posts) return bring_colleague(visit), true;
    return visit->answer(colleague_page(link_page(*visit, "colleague"), {}), route), true;
  }
  return false;
}

LinkPage RespondentSite::common_page(const SiteRequest& request, std::string ticket) const {
  return {parts_.site, "", language_asked(request, ""), std::move(ticket), ""};
}

LinkPage RespondentSite::link_page(const Visit& visit, std::string_view purpose) const {
  LinkPage page{parts_.site, visit.base(), language_of(visit), "", ""};
  if (!purpose.empty()) {
    page.ticket = parts_.tickets.make(visit.request->part(1), purpose, parts_.unix_ms() / 1000);
  }
  return page;
}

bool RespondentSite::has_ticket(const Visit& visit, std::string_view purpose) const {
  const bool has = parts_.tickets
                       .open(visit.request->field("_ticket"), visit.request->part(1), purpose,
                             parts_.unix_ms() / 1000)
                       .has_value();
  if (!has) parts_.metrics.count(ServerCount::kPostsUnsigned);
  return has;
}

FieldworkPhase RespondentSite::phase() const {
  FieldworkSettings settings = parts_.wave.fieldwork;
  const int64_t closed = closed_ms_.load();
  if (closed > 0 && (!settings.closes_ms || closed < *settings.closes_ms)) {
    settings.closes_ms = closed;
    settings.grace_days = 0;
  }
  return phase_at(settings, parts_.unix_ms());
}

void RespondentSite::refresh() {
  const auto closed = parts_.desk.closed_ms();
  if (closed) closed_ms_ = closed->value_or(0);
  if (const auto forgot = parts_.desk.forget_order_after_end(parts_.unix_ms()); !forgot) {
    parts_.log_error(forgot.error().message);
  }
}

int64_t RespondentSite::link_expires_ms() const {
  return links_end_ms(parts_.wave.fieldwork, parts_.desk.recorded_ms(parts_.unix_ms()));
}

void RespondentSite::decline(const VisitPtr& visit) {
  const std::string_view route = route_of("decline");
  const std::string_view said = visit->request->field("answer");
  LinkPage page = link_page(*visit, "decline");
  if (!has_ticket(*visit, "decline")) {
    page.error = phrase(Phrase::kPageTooOld, page.language);
    return visit->answer(decline_page(page), route, 403);
  }
  if (said == "yes") {
    return visit->one->card()->declined ? resume(visit, route) : visit->go(home_of(*visit), route);
  }
  if (said != "no" && said != "stop") {
    page.error = phrase(Phrase::kChooseAnswer, page.language);
    return visit->answer(decline_page(page), route, 422);
  }
  at_desk(visit->reply, route, [this, visit, said, route]() -> Status {
    const std::string person = visit->one->card()->person.id;
    const int64_t now = parts_.desk.recorded_ms(parts_.unix_ms());
    ContactEvent event;
    event.person = person;
    event.at_ms = now;
    event.kind = ContactKind::kDeclined;
    event.channel = "web";
    TRY_DONE(parts_.desk.people().record(event));
    if (said == "stop") TRY_DONE(parts_.desk.people().opt_out(person, true, now, ""));
    parts_.desk.forget(visit->request->part(1));
    visit->go(home_of(*visit), route);
    return {};
  });
}

void RespondentSite::take_back(const VisitPtr& visit) {
  const std::string_view route = route_of("return");
  if (!has_ticket(*visit, "return")) return fail_with(visit->reply, 403, route);
  resume(visit, route);
}

// Whoever takes part after all: a refusal that was said is withdrawn.
void RespondentSite::resume(const VisitPtr& visit, std::string_view route) {
  at_desk(visit->reply, route, [this, visit, route]() -> Status {
    const auto card = visit->one->card();
    const int64_t now = parts_.desk.recorded_ms(parts_.unix_ms());
    if (card->declined) {
      ContactEvent event;
      event.person = card->person.id;
      event.at_ms = now;
      event.kind = ContactKind::kDeclineWithdrawn;
      event.channel = "web";
      TRY_DONE(parts_.desk.people().record(event));
    }
    if (card->person.opted_out) {
      TRY_DONE(parts_.desk.people().withdraw_opt_out(card->person.id, now, ""));
    }
    parts_.desk.forget(visit->request->part(1));
    visit->go(home_of(*visit), route);
    return {};
  });
}

void RespondentSite::erase(const VisitPtr& visit) {
  const std::string_view route = route_of("erase");
  const std::string_view said = visit->request->field("answer");
  LinkPage page = link_page(*visit, "erase");
  if (!has_ticket(*visit, "erase")) {
    page.error = phrase(Phrase::kPageTooOld, page.language);
    return visit->answer(erase_page(page), route, 403);
  }
  if (said == "keep") return visit->go(home_of(*visit), route);
  if (said != "erase") {
    page.error = phrase(Phrase::kChooseAnswer, page.language);
    return visit->answer(erase_page(page), route, 422);
  }
  at_desk(visit->reply, route, [this, visit, route]() -> Status {
    const auto card = visit->one->card();
    const int64_t now = parts_.desk.recorded_ms(parts_.unix_ms());
    // Answers first: when the second step fails, the link still works and asks again.
    const auto erased = parts_.desk.journal().erase(parts_.wave.id, card->subject, now);
    if (!erased) return tl::unexpected(erased.error());
    TRY_DONE(parts_.desk.people().erase(card->person.id, now, ""));
    parts_.desk.forget(visit->request->part(1));
    visit->answer(erased_page(link_page(*visit, "")), route);
    return {};
  });
}

void RespondentSite::bring_colleague(const VisitPtr& visit) {
  const std::string_view route = route_of("colleague");
  ColleagueForm form;
  form.kind = visit->request->field("kind");
  form.name = visit->request->field("name");
  form.email = visit->request->field("email");
  LinkPage page = link_page(*visit, "colleague");
  const auto say = [&page](Phrase which) { return std::string(phrase(which, page.language)); };
  if (!has_ticket(*visit, "colleague")) form.kind_error = say(Phrase::kPageTooOld);
  if (form.kind != "share" && form.kind != "transfer") form.kind_error = say(Phrase::kChooseWho);
  if (form.name.empty() || form.name.size() > 200) form.name_error = say(Phrase::kEnterName);
  if (!is_mail_address(form.email)) form.email_error = say(Phrase::kEnterEmail);
  if (!form.kind_error.empty() || !form.name_error.empty() || !form.email_error.empty()) {
    return visit->answer(colleague_page(page, form), route, 422);
  }
  at_desk(visit->reply, route, [this, visit, form, page, route]() mutable -> Status {
    const auto shared = parts_.desk.people().share(visit->one->card()->person.id, form.name,
                                                   form.email, form.kind == "transfer",
                                                   parts_.desk.recorded_ms(parts_.unix_ms()));
    if (shared) {
      visit->answer(colleague_done_page(link_page(*visit, "")), route);
      return {};
    }
    if (shared.error().code == ErrorCode::kIo) return tl::unexpected(shared.error());
    const bool many = shared.error().code == ErrorCode::kLimit;
    form.email_error =
        phrase(many ? Phrase::kTooManyColleagues : Phrase::kNotToThisAddress, page.language);
    visit->answer(colleague_page(page, form), route, 422);
    return {};
  });
}

void RespondentSite::handle_stop(const SiteRequestPtr& request, const HttpReply& reply) {
  static constexpr std::string_view kRoute = "/s/:link";
  const int64_t now = parts_.unix_ms();
  if (!parts_.link_rate.take(request->part(1), now * 1000) ||
      !parts_.unknown_rate.has_room(request->address, now * 1000)) {
    parts_.metrics.count(ServerCount::kRateLimited);
    return fail_with(reply, 429, kRoute);
  }
  at_desk(reply, kRoute, [this, request, reply, now]() -> Status {
    const auto whose = parts_.desk.holder(TokenPurpose::kStop, request->part(1), now);
    if (!whose) return tl::unexpected(whose.error());
    if (!*whose) {
      parts_.metrics.count(ServerCount::kUnknownLinks);
      parts_.unknown_rate.take(request->address, now * 1000);
      reply(page_response(unknown_link_page(common_page(*request, "")), kRoute, 404));
      return {};
    }
    stop_mail(**whose, request, reply);
    return {};
  });
}

// On the desk's thread.
void RespondentSite::stop_mail(const TokenHolder& holder, const SiteRequestPtr& request,
                               const HttpReply& reply) {
  static constexpr std::string_view kRoute = "/s/:link";
  const int64_t now = parts_.unix_ms();
  const std::string action = "/s/" + std::string(request->part(1));
  const auto page_for = [&](std::string_view purpose) {
    return common_page(*request, parts_.tickets.make(request->part(1), purpose, now / 1000));
  };
  if (!request->posts()) return reply(page_response(stop_page(page_for("stop"), action), kRoute));
  // RFC 8058: a mail program on its user's behalf, which has no page and so no ticket.
  const bool one_click =
      request->form.size() == 1 && request->field("List-Unsubscribe") == "One-Click";
  const bool signed_ =
      parts_.tickets.open(request->field("_ticket"), request->part(1), "stop", now / 1000)
          .has_value();
  const std::string_view said = one_click ? "wave" : request->field("answer");
  LinkPage page = page_for("stop");
  if (!one_click && !signed_) {
    parts_.metrics.count(ServerCount::kPostsUnsigned);
    page.error = phrase(Phrase::kPageTooOld, page.language);
    return reply(page_response(stop_page(page, action), kRoute, 403));
  }
  Status done;
  if (said == "wave" || said == "all") {
    done = parts_.desk.people().opt_out(holder.person, said == "all", parts_.desk.recorded_ms(now),
                                        "");
  } else if (said == "resume") {
    done = parts_.desk.people().withdraw_opt_out(holder.person, parts_.desk.recorded_ms(now), "");
  } else if (said != "keep") {
    page.error = phrase(Phrase::kChooseAnswer, page.language);
    return reply(page_response(stop_page(page, action), kRoute, 422));
  }
  if (!done) return store_failed(reply, kRoute, done.error());
  if (said == "keep" || said == "resume") return reply(redirect_to(action, kRoute));
  reply(page_response(stopped_page(page, action), kRoute));
}

void RespondentSite::handle_accept(const SiteRequestPtr& request, const HttpReply& reply) {
  static constexpr std::string_view kRoute = "/a/:link";
  const int64_t now = parts_.unix_ms();
  if (!parts_.unknown_rate.has_room(request->address, now * 1000)) {
    parts_.metrics.count(ServerCount::kRateLimited);
    return fail_with(reply, 429, kRoute);
  }
  at_desk(reply, kRoute, [this, request, reply, now]() -> Status {
    const auto whose = parts_.desk.holder(TokenPurpose::kAccept, request->part(1), now);
    if (!whose) return tl::unexpected(whose.error());
    if (!*whose) {
      parts_.metrics.count(ServerCount::kUnknownLinks);
      parts_.unknown_rate.take(request->address, now * 1000);
      reply(page_response(unknown_link_page(common_page(*request, "")), kRoute, 404));
      return {};
    }
    const std::string person = (*whose)->person;
    const std::string_view ticket = request->field("_ticket");
    if (request->posts() && parts_.tickets.open(ticket, request->part(1), "accept", now / 1000)) {
      TRY_DONE(parts_.desk.people().accept_share(person, parts_.desk.recorded_ms(now)));
      const auto link = parts_.desk.answer_link(person, link_expires_ms());
      if (!link) return tl::unexpected(link.error());
      reply(redirect_to("/i/" + *link, kRoute));
      return {};
    }
    const auto names = parts_.desk.organisation_names(person);
    if (!names) return tl::unexpected(names.error());
    const LinkPage page =
        common_page(*request, parts_.tickets.make(request->part(1), "accept", now / 1000));
    const std::string action = "/a/" + std::string(request->part(1));
    reply(page_response(accept_page(page, *names, action), kRoute, request->posts() ? 403 : 200));
    return {};
  });
}

void RespondentSite::at_desk(const HttpReply& reply, std::string_view route,
                             std::function<Status()> work) {
  if (ending_) return fail_with(reply, 503, route);
  const bool taken = parts_.desk_work.add(
      [this, reply, route, work = std::move(work)] {
        if (const Status done = work(); !done) store_failed(reply, route, done.error());
      },
      [this, reply, route] { fail_with(reply, 500, route); });
  if (!taken) fail_with(reply, 503, route);
}

void RespondentSite::fail_with(const HttpReply& reply, int status, std::string_view route) const {
  reply(page_response(failure_page(parts_.site, status), route, status));
}

void RespondentSite::store_failed(const HttpReply& reply, std::string_view route,
                                  const Error& error) const {
  parts_.metrics.count(ServerCount::kStoreErrors);
  parts_.log_error(error.message);
  fail_with(reply, 503, route);
}

}  // namespace barometer
