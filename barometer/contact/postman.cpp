#include "barometer/contact/postman.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "barometer/contact/campaign.h"
#include "barometer/fieldwork/monitor.h"
#include "barometer/fieldwork/projection.h"
#include "barometer/fieldwork/team.h"
#include "barometer/fieldwork/token.h"

namespace barometer {
namespace {

constexpr int64_t kLookMs = 60'000;        // between two looks at the days of the steps
constexpr int64_t kFirstPauseMs = 60'000;  // after a mail server that does not serve; doubles
constexpr int64_t kLongestPauseMs = int64_t{15} * 60'000;
constexpr int64_t kForAnAnswerMs = 5'000;
constexpr const char* kWho = "server";  // in the audit log

}  // namespace

struct Postman::Round {
  Round(const Study& its_study, const Wave& its_wave, const Interview& its_interview,
        const FieldFolder& its_folder, const PostmanOptions& given, PostmanHooks its_hooks,
        SecretKey tokens_from, std::optional<SecretKey> pseudonyms_from, DatabasePtr people_in,
        DatabasePtr answers_in)
      : study(its_study),
        wave(its_wave),
        interview(its_interview),
        folder(its_folder),
        options(given),
        hooks(std::move(its_hooks)),
        token_key(std::move(tokens_from)),
        pseudonyms(std::move(pseudonyms_from)),
        identity(std::move(people_in)),
        answers(std::move(answers_in)),
        people(*identity, wave.id),
        tokens(*identity, token_key),
        outbox(*identity, wave.id) {}

  void run();
  Status go_unharmed();
  Status go();
  Result<bool> is_open();
  Status queue_steps();
  Result<std::vector<std::string>> audience_of(const MailStep& step);
  [[nodiscard]] std::vector<MailStep> steps_by_date() const;
  Status deliver();
  void tell(const DeliverReport& report);
  Status record(const std::string& what, const std::string& detail);
  Status read_answers();
  [[nodiscard]] CaseProgress progress_of(const std::string& person) const;
  bool pause(int64_t ms);
  void say_once(std::string_view level, const std::string& message);
  [[nodiscard]] bool gives_up(bool ended) const;

  const Study& study;
  const Wave& wave;
  const Interview& interview;
  const FieldFolder folder;
  const PostmanOptions options;
  const PostmanHooks hooks;
  const SecretKey token_key;
  const std::optional<SecretKey> pseudonyms;  // none in an unlinked wave
  DatabasePtr identity, answers;
  People people;
  Tokens tokens;
  Outbox outbox;
  std::optional<Campaign> campaign;
  std::optional<AuditLog> audit;
  std::set<std::string> begun;           // in an unlinked wave
  std::optional<Projection> projection;  // read when there is something to send
  int64_t looked_ms = 0;                 // at the days of the steps
  int64_t events_seen = -1;
  int64_t quiet_until_ms = 0;
  int64_t pause_ms = kFirstPauseMs;
  std::string last_said;
  std::mutex lock;  // of `stopping`
  std::condition_variable changed;
  std::atomic<bool> stopping = false;
  int64_t stopped_ms = 0;  // before `stopping`
  std::thread thread;      // last: it uses the others
};

Result<std::unique_ptr<Postman>> Postman::start(const Study& study, const Wave& wave,
                                                const Interview& interview,
                                                const FieldFolder& folder,
                                                const PostmanOptions& options, PostmanHooks hooks) {
  DatabasePtr identity = TRY(open_database(folder.identity()));
  TRY_DONE(People::prepare(*identity));
  TRY_DONE(Outbox::prepare(*identity));
  DatabasePtr answers = TRY(open_database(folder.answers()));
  TRY_DONE(prepare_journal(*answers));
  std::optional<SecretKey> pseudonyms;
  if (wave.fieldwork.privacy != PrivacyMode::kUnlinked) {
    pseudonyms.emplace(TRY(folder.pseudonym_key(wave.id)));
  }
  auto round = std::make_unique<Round>(study, wave, interview, folder, options, std::move(hooks),
                                       TRY(folder.key("tokens")), std::move(pseudonyms),
                                       std::move(identity), std::move(answers));
  Diagnostics problems;
  if (auto campaign = Campaign::make(study, wave, problems)) {
    round->campaign.emplace(std::move(*campaign));
    round->thread = std::thread([&its = *round] { its.run(); });
  } else {
    round->hooks.log("info", fmt::format("no mail is sent: {} problems in the wave's contact; "
                                         "'barometer invite --dry-run' says which",
                                         problems.error_count()));
  }
  return std::make_unique<Postman>(std::move(round));
}

Postman::Postman(std::unique_ptr<Round> round) : round_(std::move(round)) {}

Postman::~Postman() {
  stop();
  if (round_->thread.joinable()) round_->thread.join();
}

void Postman::stop() {
  {
    const std::scoped_lock guard(round_->lock);
    if (round_->stopping) return;
    round_->stopped_ms = round_->hooks.unix_ms();
    round_->stopping = true;
  }
  round_->changed.notify_all();
}

void Postman::Round::run() {
  do {
    if (const Status done = go_unharmed(); !done) {
      // What is known of people may be in other errors than those of the databases.
      say_once("error", done.error().code == ErrorCode::kIo
                            ? fmt::format("mail waits: {}", done.error().message)
                            : std::string("mail waits: something is wrong with the wave's contact; "
                                          "'barometer invite --dry-run' says what"));
      quiet_until_ms = hooks.unix_ms() + kFirstPauseMs;
    }
  } while (pause(options.round_ms));
}

bool Postman::Round::pause(int64_t ms) {
  std::unique_lock guard(lock);
  changed.wait_for(guard, std::chrono::milliseconds(ms), [this] { return stopping.load(); });
  return !stopping;
}

bool Postman::Round::gives_up(bool ended) const {
  return stopping && (!ended || hooks.unix_ms() - stopped_ms > kForAnAnswerMs);
}

void Postman::Round::say_once(std::string_view level, const std::string& message) {
  if (message == last_said) return;
  last_said = message;
  hooks.log(level, message);
}

Result<bool> Postman::Round::is_open() {
  const FieldworkPhase phase = phase_at(wave.fieldwork, hooks.unix_ms());
  if (phase != FieldworkPhase::kOpen && phase != FieldworkPhase::kGrace) return false;
  return !TRY(people.setting("closed_at_ms")).has_value();
}

Status Postman::Round::go_unharmed() {
  try {
    return go();
  } catch (const std::exception&) {  // one round fails; pages are served, and the next is tried
    return fail(ErrorCode::kIo, "a fault of the program");
  }
}

Status Postman::Round::go() {
  if (hooks.unix_ms() < quiet_until_ms || !TRY(is_open())) return {};
  TRY_DONE(queue_steps());
  if (TRY(outbox.has_due(hooks.unix_ms(), options.lease_ms))) TRY_DONE(deliver());
  return {};
}

std::vector<MailStep> Postman::Round::steps_by_date() const {
  std::vector<MailStep> steps = campaign->due(hooks.unix_ms());
  if (!wave.fieldwork.mails_by_date) {
    std::erase_if(steps, [](const MailStep& step) { return step.id != kShareStep; });
  }
  return steps;
}

// Looked at when something happened with somebody, and now and then, since days pass.
Status Postman::Round::queue_steps() {
  const int64_t now = hooks.unix_ms();
  const int64_t events =
      TRY(identity->ask_whole("SELECT max(id) FROM contact_event WHERE wave = ?", {wave.id}))
          .value_or(0);
  if (events == events_seen && now - looked_ms < kLookMs) return {};
  for (const MailStep& step : steps_by_date()) {
    const auto meant = TRY(audience_of(step));
    const size_t added = TRY(outbox.queue(step, meant, now));
    if (added > 0) TRY_DONE(record("queue", fmt::format("{} for {}", step.id, added)));
  }
  events_seen = events;
  looked_ms = now;
  return {};
}

Result<std::vector<std::string>> Postman::Round::audience_of(const MailStep& step) {
  if (step.id != kShareStep) TRY_DONE(read_answers());
  const StepFacts facts{.people = TRY(people.all()),
                        .events = TRY(people.events()),
                        .mails = TRY(outbox.rows()),
                        .progress = [this](const std::string& id) { return progress_of(id); },
                        .now_ms = hooks.unix_ms()};
  return campaign->audience(step, facts).people;
}

Status Postman::Round::deliver() {
  auto settings = load_smtp_settings(folder.path() / "smtp.yaml");
  if (!settings) {
    // Its words may quote a line of the file, and so its password.
    say_once("error", settings.error().code == ErrorCode::kNotFound
                          ? "mail waits: there is no smtp.yaml in the folder of the data"
                          : "mail waits: smtp.yaml cannot be used; 'barometer invite' says why");
    quiet_until_ms = hooks.unix_ms() + kFirstPauseMs;
    return {};
  }
  TRY_DONE(read_answers());
  DeliverOptions how;
  how.now_ms = hooks.unix_ms;
  how.per_minute = settings->per_minute;
  how.lease_ms = options.lease_ms;
  how.first_retry_ms = options.first_retry_ms;
  how.pause = [this](int64_t ms) {
    const auto open = is_open();
    return pause(ms) && open && *open;
  };
  const auto mailer =
      make_smtp_mailer(std::move(*settings), [this](bool ended) { return gives_up(ended); });
  const RenderMail made = campaign->render(
      tokens, people, [this](const std::string& id) { return progress_of(id); }, hooks.unix_ms);
  const RenderMail render = [&](const FieldPerson& person,
                                const MailRow& row) -> Result<RenderedMail> {
    TRY_DONE(read_answers());  // an answer counts until the moment of sending
    return made(person, row);
  };
  const DeliverReport report = TRY(outbox.deliver(*mailer, render, how));
  tell(report);
  if (report.sent + report.failed + report.unclear == 0) return {};
  return record("mail", in_words(report));
}

void Postman::Round::tell(const DeliverReport& report) {
  if (hooks.on_report) hooks.on_report(report);
  if (stopping) return;
  if (report.sent + report.failed + report.unclear + report.later > 0) {
    hooks.log(report.failed + report.unclear > 0 ? "error" : "info",
              fmt::format("mail: {} sent, {} to be tried later, {} failed, {} unclear", report.sent,
                          report.later, report.failed, report.unclear));
  }
  if (report.no_server.empty()) {
    pause_ms = kFirstPauseMs;
    if (report.unfilled == 0) return last_said.clear();
    return say_once("error",
                    fmt::format("{} mails wait: a text of the wave's contact lacks words for "
                                "somebody; 'barometer invite --dry-run' says which",
                                report.unfilled));
  }
  say_once("error",
           fmt::format("mail waits: the mail server does not serve: {}", report.no_server));
  quiet_until_ms = hooks.unix_ms() + pause_ms;
  pause_ms = std::min(pause_ms * 2, kLongestPauseMs);
}

Status Postman::Round::record(const std::string& what, const std::string& detail) {
  if (!audit) audit.emplace(TRY(AuditLog::open(folder.identity())));
  return audit->record(
      {.at_ms = hooks.unix_ms(), .who = kWho, .what = what, .wave = wave.id, .detail = detail});
}

Status Postman::Round::read_answers() {
  if (!pseudonyms) {
    begun = TRY(people_begun(*identity, wave.id));
    return {};
  }
  if (!projection) projection.emplace(interview);
  return read_entries(*answers, projection->sequence() + 1,
                      [&](const JournalEntry& entry) -> Status {
                        return entry.wave == wave.id ? projection->add(line_of(entry)) : Status();
                      });
}

CaseProgress Postman::Round::progress_of(const std::string& person) const {
  // Whose answers are whose is not known: who has begun is not reminded.
  if (!pseudonyms) return begun.contains(person) ? CaseProgress::kSent : CaseProgress::kNotBegun;
  if (!projection) return CaseProgress::kNotBegun;
  return projection->progress(pseudonym(*pseudonyms, wave.id, person));
}

}  // namespace barometer
