#include "barometer/server/field_server.h"

#include <atomic>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <sodium.h>

#include "barometer/base/date.h"
#include "barometer/server/metrics.h"
#include "barometer/server/respondent_site.h"
#include "barometer/server/site_assets.h"
#include "barometer/server/team_site.h"

namespace barometer {
namespace {

constexpr int64_t kRefreshMs = 10'000;

SurveySite site_of(const Study& study, const Wave& wave, const Interview& interview,
                   const std::string& assets) {
  const FieldworkSettings& settings = wave.fieldwork;
  SurveySite site;
  site.title =
      interview.questionnaire().title.empty() ? study.title : interview.questionnaire().title;
  site.sponsor = study.sponsor;
  site.conducted_by = study.conducted_by;
  site.introduction = interview.questionnaire().introduction;
  site.titles = interview.questionnaire().titles;
  site.introductions = interview.questionnaire().introductions;
  site.help_email = settings.contact.help_email;
  site.help_telephone = settings.contact.help_telephone;
  site.privacy_notice = settings.contact.privacy_notice;
  if (settings.closes_ms) {
    const std::chrono::sys_time<std::chrono::milliseconds> closes{
        std::chrono::milliseconds(*settings.closes_ms)};
    site.closes = Date(std::chrono::floor<std::chrono::days>(closes));
  }
  site.assets = assets;
  site.languages =
      settings.languages.empty() ? interview.questionnaire().languages : settings.languages;
  site.unlinked = settings.privacy == PrivacyMode::kUnlinked;
  site.operators_see_all = settings.operators_see == OperatorsSee::kAll;
  site.retention_days = settings.retention_days;
  return site;
}

Result<Interview> interview_of(const Wave& wave) {
  InterviewSettings settings;
  settings.thresholds = {wave.fieldwork.complete_percent, wave.fieldwork.partial_percent};
  settings.submit_to_complete = wave.fieldwork.submit_to_complete;
  return Interview::make(wave.questionnaire, settings);
}

std::array<unsigned char, 16> random_key(const RandomBytes& random) {
  std::array<unsigned char, 16> key{};
  random(key);
  return key;
}

class OpenFieldServer final : public FieldServer {
 public:
  OpenFieldServer(const Study& study, const Wave& wave, Interview interview, SecretKey ticket_key,
                  const FieldServerOptions& options, const FieldServerHooks& hooks)
      : options_(options),
        hooks_(hooks),
        interview_(std::move(interview)),
        assets_(SiteAssets::make(options.theme_css)),
        site_(site_of(study, wave, interview_, assets_.folder())),
        tickets_(std::move(ticket_key), hooks.random),
        link_rate_(options.link_rate, random_key(hooks.random)),
        address_rate_(options.address_rate, random_key(hooks.random)),
        unknown_rate_(options.unknown_rate, random_key(hooks.random)),
        sign_in_rate_(options.sign_in_rate, random_key(hooks.random)),
        study_(study),
        wave_(wave) {}
  ~OpenFieldServer() override { OpenFieldServer::stop(0); }

  Status open(const FieldFolder& folder) {
    desk_ = TRY(CaseDesk::open(folder, study_, wave_, interview_, options_.desk));
    desk_work_.emplace([this](std::string_view what) { fault(what); });
    respondents_.emplace(
        RespondentParts{.wave = wave_,
                        .interview = interview_,
                        .site = site_,
                        .desk = *desk_,
                        .desk_work = *desk_work_,
                        .tickets = tickets_,
                        .metrics = metrics_,
                        .link_rate = link_rate_,
                        .unknown_rate = unknown_rate_,
                        .unix_ms = hooks_.unix_ms,
                        .log_error = [this](std::string_view what) { log("error", what); }});
    respondents_->refresh();
    TRY_DONE(open_team(folder));
    http_ = TRY(HttpServer::start(
        options_.http,
        [this](const HttpRequest& request, const HttpReply& reply) { handle(request, reply); },
        http_hooks()));
    if (options_.sends_mail) postman_ = TRY(start_postman(folder));
    log("info", fmt::format("listening on {} port {}", options_.http.address, http_->port()));
    return {};
  }

  [[nodiscard]] uint16_t port() const override { return http_->port(); }
  Status reload() override { return http_->reload(); }
  void refresh() override { refresh_now_and_then(); }
  void stop(int seconds) override {
    if (postman_) postman_->stop();
    if (http_) http_->stop(seconds);
    if (respondents_) respondents_->end();
    if (desk_) desk_->end_watch();
    if (team_work_) team_work_->finish();
    if (desk_work_) desk_work_->finish();
    if (desk_) desk_->close();
    postman_.reset();
  }

 private:
  Status open_team(const FieldFolder& folder) {
    team_work_.emplace([this](std::string_view what) { fault(what); });
    const TeamParts parts{.study = study_,
                          .wave = wave_,
                          .interview = interview_,
                          .survey = site_.title,
                          .assets = assets_.folder(),
                          .desk = *desk_,
                          .work = *team_work_,
                          .tickets = tickets_,
                          .metrics = metrics_,
                          .sign_in_rate = sign_in_rate_,
                          .random = hooks_.random,
                          .unix_ms = hooks_.unix_ms,
                          .log_error = [this](std::string_view what) { log("error", what); },
                          .failure = [this](int status) { return failure(status); }};
    team_ = TRY(TeamSite::open(parts, folder));
    return {};
  }

  Result<std::unique_ptr<Postman>> start_postman(const FieldFolder& folder) {
    PostmanHooks hooks;
    hooks.unix_ms = hooks_.unix_ms;
    hooks.log = [this](std::string_view level, std::string_view message) { log(level, message); };
    hooks.on_report = [this](const DeliverReport& report) {
      metrics_.count(ServerCount::kMailsSent, report.sent);
      metrics_.count(ServerCount::kMailsFailed, report.failed + report.unclear);
    };
    return Postman::start(study_, wave_, interview_, folder, options_.postman, std::move(hooks));
  }

  HttpHooks http_hooks() {
    HttpHooks hooks;
    hooks.microseconds = hooks_.microseconds;
    hooks.on_event = [this](const HttpEvent& event) {
      metrics_.add(event);
      if (!hooks_.log || !hooks_.log_requests) return;
      HttpEvent logged = event;
      // Pages are logged in the order of the journal: a network would tell whose each answer is.
      if (site_.unlinked) logged.address = {};
      hooks_.log(log_line(logged, logged_ms()));
    };
    hooks.error_page = [this](int status) { return failure(status); };
    hooks.on_fault = [this](std::string_view what) { fault(what); };
    return hooks;
  }

  void handle(const HttpRequest& request, const HttpReply& reply) {
    refresh_now_and_then();
    auto read = read_site_request(request);
    if (const int* refused = std::get_if<int>(&read)) return fail_with(*refused, reply);
    const auto& asked = std::get<SiteRequestPtr>(read);
    if (auto asset = assets_.answer(*asked)) return reply(std::move(*asset));
    if (asked->parts.size() == 1 && asked->part(0) == "health") return health(reply);
    if (asked->parts.size() == 1 && asked->part(0) == "metrics") return metrics(*asked, reply);
    if (!address_rate_.take(asked->address, hooks_.unix_ms() * 1000)) {
      metrics_.count(ServerCount::kRateLimited);
      return fail_with(429, reply);
    }
    if (team_->handle(asked, reply) || respondents_->handle(asked, reply)) return;
    fail_with(404, reply);
  }

  [[nodiscard]] HttpResponse failure(int status) const {
    HttpResponse response;
    response.status = status;
    response.body = failure_page(site_, status);
    return response;
  }

  void fail_with(int status, const HttpReply& reply) const {
    HttpResponse response = failure(status);
    response.route = "refused";
    if (status == 429) response.headers.emplace_back("Retry-After", "10");
    reply(std::move(response));
  }

  // The journal read, on the desk's thread: when that is stuck, so are we.
  void health(const HttpReply& reply) {
    const auto answer = [reply](bool fine) {
      HttpResponse response =
          plain_text(fine ? 200 : 503,
                     fine ? "{\"status\":\"ok\"}\n" : "{\"status\":\"failing\"}\n", "/health");
      response.content_type = "application/json";
      reply(std::move(response));
    };
    const bool taken =
        desk_work_->add([this, answer] { answer(desk_->journal().last_sequence().has_value()); },
                        [answer] { answer(false); });
    if (!taken) answer(false);
  }

  void metrics(const SiteRequest& request, const HttpReply& reply) const {
    const bool near =
        !request.proxied && (request.address == "127.0.0.1" || request.address == "::1");
    const std::string wanted = "Bearer " + options_.metrics_token;
    const bool knows =
        !options_.metrics_token.empty() && request.authorization.size() == wanted.size() &&
        sodium_memcmp(request.authorization.data(), wanted.data(), wanted.size()) == 0;
    if (!near && !knows) return fail_with(404, reply);
    HttpResponse response =
        plain_text(200, metrics_.text(http_->open_connections(), desk_->size()), "/metrics");
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply(std::move(response));
  }

  void refresh_now_and_then() {
    const int64_t now = hooks_.unix_ms();
    int64_t last = refreshed_ms_.load();
    if (now - last < kRefreshMs || !refreshed_ms_.compare_exchange_strong(last, now)) return;
    desk_work_->add([this] { respondents_->refresh(); }, [] {});
  }

  void fault(std::string_view what) {
    metrics_.count(ServerCount::kFaults);
    log("fault", what);
  }
  void log(std::string_view level, std::string_view message) const {
    if (hooks_.log) hooks_.log(log_line(level, message, logged_ms()));
  }
  // The n-th line of a page that was saved is the n-th entry of the journal: in an unlinked wave a
  // line says the day only.
  [[nodiscard]] int64_t logged_ms() const {
    return desk_ ? desk_->recorded_ms(hooks_.unix_ms()) : hooks_.unix_ms();
  }

  // In the order of who stands on whom.
  FieldServerOptions options_;
  FieldServerHooks hooks_;
  Interview interview_;
  SiteAssets assets_;
  SurveySite site_;
  ServerMetrics metrics_;
  PageTickets tickets_;
  RateLimit link_rate_, address_rate_, unknown_rate_, sign_in_rate_;
  const Study& study_;
  const Wave& wave_;
  std::unique_ptr<CaseDesk> desk_;
  std::optional<WorkQueue> desk_work_;
  std::optional<RespondentSite> respondents_;
  std::optional<WorkQueue> team_work_;
  std::unique_ptr<TeamSite> team_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<Postman> postman_;
  std::atomic<int64_t> refreshed_ms_ = 0;
};

}  // namespace

Result<std::unique_ptr<FieldServer>> FieldServer::start(const Study& study, const Wave& wave,
                                                        const FieldFolder& folder,
                                                        const FieldServerOptions& options,
                                                        const FieldServerHooks& hooks) {
  CHECK(hooks.unix_ms && hooks.microseconds && hooks.random, "a server has clocks and randomness");
  auto server = std::make_unique<OpenFieldServer>(study, wave, TRY(interview_of(wave)),
                                                  TRY(folder.key("tickets")), options, hooks);
  TRY_DONE(server->open(folder));
  return server;
}

}  // namespace barometer
