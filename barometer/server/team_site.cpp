#include "barometer/server/team_site.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/wave_end.h"
#include "barometer/server/request_target.h"
#include "barometer/server/topline_page.h"

namespace barometer {
namespace {

constexpr int64_t kIdleMs = int64_t{30} * 60'000;
constexpr int64_t kLongestMs = int64_t{12} * 3'600'000;
constexpr int64_t kTouchMs = 60'000;
constexpr size_t kActsShown = 200;
constexpr std::string_view kSignInRoute = "/team/sign-in";
constexpr const char* kWrong = "Name, password or code is not right, or the code was used before.";

std::string_view cookie_name(bool secure) { return secure ? "__Host-team" : "team"; }

std::string cookie_text(const std::string& value, bool secure, int64_t seconds) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_name(secure),
                     value, seconds, secure ? "; Secure" : "");
}

HttpResponse page_response(std::string html, std::string_view route, int status) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(html);
  response.route = route;
  return response;
}

std::string_view route_of(std::string_view sub) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kRoutes = {{
      {"", "/team"},
      {"organisations", "/team/organisations"},
      {"rates", "/team/rates"},
      {"toplines", "/team/toplines"},
      {"contact", "/team/contact"},
      {"entry", "/team/entry"},
      {"audit", "/team/audit"},
      {"sign-ins", "/team/sign-ins"},
      {"sign-out", "/team/sign-out"},
      {"close", "/team/close"},
  }};
  const auto* const found =
      std::ranges::find(kRoutes, sub, &std::pair<std::string_view, std::string_view>::first);
  return found == kRoutes.end() ? "/team/other" : found->second;
}

std::string last_contact(const std::vector<ContactEvent>& events, const std::string& person) {
  std::string last = "none";
  for (const ContactEvent& event : events) {
    if (event.person == person) last = contact_kind_name(event.kind);
  }
  return last;
}

}  // namespace

TeamSite::TeamSite(const TeamParts& parts, SecretKey team_key, std::optional<SecretKey> pseudonyms)
    : parts_(parts),
      team_key_(std::move(team_key)),
      pseudonym_key_(std::move(pseudonyms)),
      answers_(parts.interview, topline_step(parts.study.print)) {}

Result<std::unique_ptr<TeamSite>> TeamSite::open(const TeamParts& parts,
                                                 const FieldFolder& folder) {
  std::optional<SecretKey> pseudonyms;
  if (parts.wave.fieldwork.privacy != PrivacyMode::kUnlinked) {
    pseudonyms.emplace(TRY(folder.pseudonym_key(parts.wave.id)));
  }
  auto site = std::make_unique<TeamSite>(parts, TRY(folder.key("team")), std::move(pseudonyms));
  site->topline_folder_ = folder.path() / "topline";
  site->answers_at_ = folder.answers();
  site->database_ = TRY(open_database(folder.identity()));
  TRY_DONE(Outbox::prepare(*site->database_));
  site->people_.emplace(*site->database_, parts.wave.id);
  site->team_.emplace(*site->database_);
  site->outbox_.emplace(*site->database_, parts.wave.id);
  site->audit_.emplace(TRY(AuditLog::open(folder.identity())));
  return site;
}

bool TeamSite::handle(const SiteRequestPtr& request, const HttpReply& reply) {
  const size_t most = request->part(1) == "entry" ? 3 : 2;
  if (request->part(0) != "team" || request->parts.size() > most) return false;
  const auto failed = [this, reply](int status) {
    HttpResponse response = parts_.failure(status);
    response.route = "/team";
    reply(std::move(response));
  };
  const bool taken = parts_.work.add(
      [this, request, reply, failed] {
        if (const Status done = serve(request, reply); !done) {
          parts_.metrics.count(ServerCount::kStoreErrors);
          parts_.log_error(done.error().message);
          failed(done.error().code == ErrorCode::kIo ? 503 : 500);
        }
      },
      [failed] { failed(500); });
  if (!taken) failed(503);
  return true;
}

Status TeamSite::serve(const SiteRequestPtr& request, const HttpReply& reply) {
  if (request->part(1) == "sign-in") {
    if (request->posts()) return sign_in(request, reply);
    show_sign_in(reply, "", 200);
    return {};
  }
  auto visit = TRY(visit_of(request, reply));
  if (!visit) {
    reply(redirect_to("/team/sign-in", route_of(request->part(1))));
    return {};
  }
  return serve_signed_in(*visit);
}

Result<std::optional<TeamSite::Visit>> TeamSite::visit_of(const SiteRequestPtr& request,
                                                          const HttpReply& reply) {
  const std::string_view cookie = cookie_value(request->cookie, cookie_name(request->secure));
  if (cookie.size() != 64) return std::optional<Visit>();
  const int64_t now = parts_.unix_ms();
  auto found = TRY(team_->find_sign_in(sha256_hex(cookie), now));
  if (!found) return std::optional<Visit>();
  auto member = TRY(team_->member(found->member));
  if (!member || member->disabled) return std::optional<Visit>();
  if (now - found->seen_at_ms > kTouchMs) {
    const int64_t ends = std::min(now + kIdleMs, found->made_at_ms + kLongestMs);
    TRY_DONE(team_->touch(found->hash, now, ends));
  }
  return std::optional(
      Visit{request, reply, std::move(*member), std::move(*found), std::string(), std::string()});
}

void TeamSite::show_sign_in(const HttpReply& reply, const std::string& error, int status) const {
  TeamFrame frame;
  frame.survey = parts_.survey;
  frame.assets = parts_.assets;
  frame.error = error;
  frame.ticket = parts_.tickets.make("nobody", "sign-in", parts_.unix_ms() / 1000);
  reply(page_response(sign_in_page(frame), kSignInRoute, status));
}

Result<std::optional<TeamMember>> TeamSite::proven(const SiteRequestPtr& request) {
  const auto member = TRY(team_->member(std::string(request->field("member"))));
  const bool password =
      password_matches(member ? member->password_hash : "", request->field("password"));
  std::string secret;
  if (member) {
    const auto opened = opened_text(member->totp_secret, team_key_);
    if (opened) secret = *opened;
  }
  const auto step = totp_step_of(secret.empty() ? "none" : secret, request->field("code"),
                                 parts_.unix_ms() / 1000);
  if (!member || member->disabled || secret.empty() || !password || !step) {
    return std::optional<TeamMember>();
  }
  if (!TRY(team_->take_totp_step(member->id, *step))) return std::optional<TeamMember>();
  return member;
}

Status TeamSite::sign_in(const SiteRequestPtr& request, const HttpReply& reply) {
  const int64_t now = parts_.unix_ms();
  if (!parts_.tickets.open(request->field("_ticket"), "nobody", "sign-in", now / 1000)) {
    parts_.metrics.count(ServerCount::kPostsUnsigned);
    show_sign_in(reply, "The page was open for too long. Please try again.", 403);
    return {};
  }
  const std::string by_name = fmt::format("member {}", request->field("member"));
  const std::string by_address = fmt::format("address {}", request->address);
  if (!parts_.sign_in_rate.has_room(by_name, now * 1000) ||
      !parts_.sign_in_rate.has_room(by_address, now * 1000)) {
    parts_.metrics.count(ServerCount::kRateLimited);
    show_sign_in(reply, "There were too many attempts. Please wait some minutes.", 429);
    return {};
  }
  const auto found = proven(request);
  if (!found) return tl::unexpected(found.error());
  const std::optional<TeamMember>& member = *found;
  if (!member) {
    parts_.sign_in_rate.take(by_name, now * 1000);
    parts_.sign_in_rate.take(by_address, now * 1000);
    parts_.metrics.count(ServerCount::kSignInsFailed);
    show_sign_in(reply, kWrong, 403);
    return {};
  }
  const std::string cookie = random_hex(parts_.random, 32);
  SignIn made;
  made.hash = sha256_hex(cookie);
  made.member = member->id;
  made.made_at_ms = made.seen_at_ms = now;
  made.expires_at_ms = now + kIdleMs;
  made.device = "from " + network_of(request->address);
  TRY_DONE(audit_->record({0, now, member->id, "sign-in", parts_.wave.id, made.device}));
  TRY_DONE(team_->sign_in(made));
  parts_.metrics.count(ServerCount::kSignIns);
  HttpResponse response = redirect_to("/team", kSignInRoute);
  response.headers.emplace_back("Set-Cookie",
                                cookie_text(cookie, request->secure, kLongestMs / 1000));
  reply(std::move(response));
  return {};
}

Status TeamSite::serve_signed_in(Visit& visit) {
  if (visit.request->part(1) == "entry") return serve_entry(visit);
  if (!visit.request->posts()) return show(visit);
  const bool signed_ = parts_.tickets
                           .open(visit.request->field("_ticket"), visit.sign_in.hash, "team",
                                 parts_.unix_ms() / 1000)
                           .has_value();
  if (!signed_) {
    parts_.metrics.count(ServerCount::kPostsUnsigned);
    const TeamFrame frame = frame_of(visit);
    answer(visit,
           team_message_page(frame, "Nothing was done",
                             "The form was open for too long, or not drawn for this sign-in."),
           route_of(visit.request->part(1)), 403);
    return {};
  }
  return act(visit);
}

Status TeamSite::act(Visit& visit) {
  const std::string_view what = visit.request->part(1);
  const TeamRole role = visit.member.role;
  if (what == "sign-out") return sign_out(visit);
  if (what == "contact" && role != TeamRole::kViewer) return queue_step(visit);
  if (what == "close" && role == TeamRole::kOwner) return close_wave(visit);
  answer(visit, team_message_page(frame_of(visit), "Not allowed", "Your role does not allow this."),
         route_of(what), 403);
  return {};
}

Status TeamSite::show(const Visit& visit) {
  const std::string_view what = visit.request->part(1);
  const TeamFrame frame = frame_of(visit);
  const std::string_view route = route_of(what);
  if (what == "audit") {
    answer(visit, audit_page(frame, TRY(audit_->newest(kActsShown))), route);
  } else if (what == "sign-ins") {
    answer(visit, sign_ins_page(frame, TRY(team_->sign_ins(visit.member.id))), route);
  } else if (what == "contact" && visit.member.role != TeamRole::kViewer) {
    return show_contact(visit);
  } else if (what == "toplines") {
    return show_toplines(visit);
  } else if (what.empty() || what == "organisations" || what == "rates") {
    return show_figures(visit);
  } else {
    HttpResponse response = parts_.failure(404);
    response.route = route;
    visit.reply(std::move(response));
  }
  return {};
}

Status TeamSite::show_figures(const Visit& visit) {
  const std::string_view what = visit.request->part(1);
  const TeamFrame frame = frame_of(visit);
  const FieldworkMonitor seen = TRY(monitor());
  if (what == "rates") {
    answer(visit, rates_page(frame, seen, parts_.wave.fieldwork), route_of(what));
  } else if (what == "organisations") {
    answer(visit, organisations_page(frame, seen, parts_.study.frame_of(parts_.wave)),
           route_of(what));
  } else {
    answer(visit, overview_page(frame, seen, phase(), interim()), route_of(what));
  }
  return {};
}

Status TeamSite::show_toplines(const Visit& visit) {
  TRY_DONE(project());
  if (answers_.shown() == nullptr) {
    const std::string words =
        fmt::format("Interim results begin with {} complete interviews.", answers_.next());
    answer(visit, team_page(frame_of(visit), "Interim results", {paragraph(words)}),
           "/team/toplines");
    return {};
  }
  if (!topline_ || topline_next_ != answers_.next()) {
    std::error_code ignored;
    std::filesystem::create_directories(topline_folder_, ignored);
    topline_ = TRY(make_topline(parts_.study, parts_.wave, answers_, topline_folder_, Progress()));
    topline_next_ = answers_.next();
  }
  answer(visit, team_page(frame_of(visit), "Interim results", topline_body(*topline_)),
         "/team/toplines");
  return {};
}

Status TeamSite::sign_out(const Visit& visit) {
  if (visit.request->field("which") == "all") {
    TRY_DONE(record(visit, "sign-out everywhere", ""));
    TRY_DONE(team_->revoke_all(visit.member.id));
  } else {
    TRY_DONE(record(visit, "sign-out", ""));
    TRY_DONE(team_->revoke(visit.sign_in.hash));
  }
  HttpResponse response = redirect_to("/team/sign-in", "/team/sign-out");
  response.headers.emplace_back("Set-Cookie", cookie_text("", visit.request->secure, 0));
  visit.reply(std::move(response));
  return {};
}

Status TeamSite::close_wave(Visit& visit) {
  if (visit.request->field("confirm") != parts_.wave.id) {
    visit.error = fmt::format("Nothing was done: type '{}' to close the wave.", parts_.wave.id);
    const FieldworkMonitor seen = TRY(monitor());
    answer(visit, overview_page(frame_of(visit), seen, phase(), interim()), "/team/close", 422);
    return {};
  }
  TRY_DONE(record(visit, "close", ""));
  TRY_DONE(people_->set("closed_at_ms", fmt::format("{}", parts_.unix_ms())));
  TRY(forget_order_after_end(*database_, answers_at_, parts_.wave.id, parts_.wave.fieldwork,
                             parts_.unix_ms()));
  visit.reply(redirect_to("/team", "/team/close"));
  return {};
}

Status TeamSite::queue_step(Visit& visit) {
  Diagnostics problems;
  const auto campaign = Campaign::make(parts_.study, parts_.wave, problems);
  const std::string id(visit.request->field("step"));
  const auto step =
      campaign ? campaign->step(id) : Result<MailStep>(tl::unexpected(campaign.error()));
  if (!step) {
    visit.error = step.error().message;
    return show_contact(visit);
  }
  const bool anyway = visit.request->field("anyway") == "yes";
  const StepAudience audience =
      campaign->audience(*step, TRY(step_facts()), anyway ? Spacing::kLeftAside : Spacing::kKept);
  TRY_DONE(record(visit, "queue",
                  fmt::format("{} for {}{}", id, audience.people.size(),
                              anyway ? ", spacing left aside" : "")));
  const size_t added = TRY(outbox_->queue(*step, audience.people, parts_.unix_ms()));
  visit.notice = fmt::format("{} is queued for {} people.", id, added);
  const std::string left_out = left_out_in_words(audience);
  if (!left_out.empty()) visit.notice += fmt::format(" Left out: {}.", left_out);
  return show_contact(visit);
}

Status TeamSite::show_contact(const Visit& visit) {
  const StepFacts facts = TRY(step_facts());
  TeamFrame frame = frame_of(visit);
  Diagnostics problems;
  const auto campaign = Campaign::make(parts_.study, parts_.wave, problems);
  if (!campaign && frame.error.empty()) frame.error = campaign.error().message;
  std::vector<StepLine> steps;
  for (const ContactStep& contact : parts_.wave.fieldwork.contacts) {
    const auto step =
        campaign ? campaign->step(contact.id) : Result<MailStep>(tl::unexpected(campaign.error()));
    if (!step) continue;
    const StepAudience audience = campaign->audience(*step, facts);
    steps.push_back({.id = contact.id,
                     .audience = audience.people.size(),
                     .left_out = left_out_in_words(audience),
                     .by_spacing = audience.by_spacing});
  }
  std::vector<PersonLine> lines;
  for (const FieldPerson& person : facts.people) {
    lines.push_back({person.id, person.role, join(person.organisations, ", "),
                     last_contact(facts.events, person.id),
                     std::string(name_of(facts.progress(person.id)))});
  }
  answer(visit, contact_page(frame, steps, lines), "/team/contact",
         frame.error.empty() ? 200 : 422);
  return {};
}

Status TeamSite::record(const Visit& visit, const std::string& what, const std::string& detail) {
  return audit_->record({0, parts_.unix_ms(), visit.member.id, what, parts_.wave.id, detail});
}

Status TeamSite::project() {
  const auto take = [this](const JournalEntry& entry) -> Status {
    if (entry.wave != parts_.wave.id) return {};
    return answers_.add({.sequence = entry.sequence,
                         .subject = entry.subject,
                         .kind = entry.kind,
                         .body = entry.body,
                         .at_ms = entry.at_ms});
  };
  return parts_.desk.journal().read(answers_.now().sequence() + 1, take);
}

WaveSides TeamSite::sides() {
  return {.identity = *database_,
          .people = *people_,
          .answers = answers_.now(),
          .pseudonyms = pseudonym_key_ ? &*pseudonym_key_ : nullptr};
}

Result<ProgressOf> TeamSite::progress() {
  TRY_DONE(project());
  return lookup_of(TRY(progress_of(parts_.wave, sides())));
}

Result<StepFacts> TeamSite::step_facts() {
  return StepFacts{.people = TRY(people_->all()),
                   .events = TRY(people_->events()),
                   .mails = TRY(outbox_->rows()),
                   .progress = TRY(progress()),
                   .now_ms = parts_.unix_ms()};
}

Result<FieldworkMonitor> TeamSite::monitor() {
  TRY_DONE(project());
  return monitor_sides(parts_.study, parts_.wave, sides(), CompleteBy::kSending);
}

InterimFacts TeamSite::interim() const {
  InterimFacts out{.shown = {}, .next = answers_.next()};
  if (answers_.shown() != nullptr) {
    size_t shown = 0;
    for (const auto& [subject, one] : answers_.shown()->cases()) {
      shown += answers_.shown()->status(subject) == InterviewStatus::kComplete ? 1U : 0U;
    }
    out.shown = shown;
  }
  return out;
}

FieldworkPhase TeamSite::phase() {
  FieldworkSettings settings = parts_.wave.fieldwork;
  const auto closed = people_->setting("closed_at_ms");
  if (closed && *closed) {
    settings.closes_ms = 0;
    settings.grace_days = 0;
  }
  return phase_at(settings, parts_.unix_ms());
}

TeamFrame TeamSite::frame_of(const Visit& visit) const {
  TeamFrame frame;
  frame.survey = parts_.survey;
  frame.wave = parts_.wave.id;
  frame.assets = parts_.assets;
  frame.role = visit.member.role;
  frame.member = visit.member.id;
  frame.ticket = parts_.tickets.make(visit.sign_in.hash, "team", parts_.unix_ms() / 1000);
  frame.notice = visit.notice;
  frame.error = visit.error;
  frame.unlinked = parts_.wave.fieldwork.privacy == PrivacyMode::kUnlinked;
  return frame;
}

void TeamSite::answer(const Visit& visit, std::string html, std::string_view route,
                      int status) const {
  visit.reply(page_response(std::move(html), route, status));
}

}  // namespace barometer
