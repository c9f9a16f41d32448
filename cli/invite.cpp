// barometer invite|remind STUDY --wave W --data DIR: mails that are due. barometer close. barometer
// bounces.
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/contact/bounce.h"
#include "barometer/contact/mailer.h"
#include "cli/field.h"

namespace barometer::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kFirst = 3;  // mails shown by --dry-run
constexpr const char* kHelp =
    R"(Sends what is due: the invitation to whoever has not had it, reminders whose day has come to those
who have not answered, and the mails to colleagues who were named.

  barometer invite STUDY --wave 2026-11 --data DIR --dry-run     what would go out, to how many
  barometer invite STUDY --wave 2026-11 --data DIR               the invitation
  barometer remind STUDY --wave 2026-11 --data DIR               reminders that are due
  barometer remind STUDY --wave 2026-11 --data DIR --step reminder-1

Steps, days and audiences are in wave.yaml (fieldwork), texts in the wave's folder contact/. DIR/smtp.yaml
names the mail server: host, port, security (starttls or tls), username, password, per_minute; chmod 600.

Nobody is reminded who had a mail of ours less than a day ago, has one waiting, or had none yet; how many
are left out, and why, is said. --anyway takes them in. Of several reminders that are due, the last is sent.

A step reaches a person once, however often this is run and whatever breaks: what was handed over is
not sent again, what the server put off is tried later (run it again, or leave it to `barometer serve`,
which sends what is queued while it runs; with `mails: by-date` in wave.yaml also what falls due).
When the connection breaks after the end of a mail and before the server's answer, nobody can know
whether it was taken: such a mail is `unclear`, is not sent again, and is counted. --again unclear
sends those after all; --again failed and --again held (after a restore) do the same for these.

Exit code 1: some mails failed, are unclear, or wait for a server that does not answer.)";

struct Options {
  FieldOptions field;
  std::string step;
  std::string again;
  bool anyway = false;
  bool dry_run = false;
  bool is_reminder = false;
};

// The steps that this run is about.
Result<std::vector<MailStep>> steps_of(const Campaign& campaign, const Options& options) {
  if (!options.step.empty()) return std::vector<MailStep>{TRY(campaign.step(options.step))};
  std::vector<MailStep> steps;
  for (const MailStep& step : campaign.due(clock_ms())) {
    const bool invites = step.number == 0;
    if (invites != options.is_reminder) steps.push_back(step);
  }
  if (steps.empty()) {
    return fail(ErrorCode::kInvalid,
                options.is_reminder ? "no reminder is due today (wave.yaml, fieldwork.reminders)"
                                    : "the wave is not open (wave.yaml, fieldwork)");
  }
  return steps;
}

struct Plan {
  MailStep step;
  StepAudience audience;
};

void print_plan(const Plan& plan, const Io& io) {
  fmt::print(io.out, "{}: {} people\n", plan.step.id, plan.audience.people.size());
  const std::string left_out = left_out_in_words(plan.audience);
  if (!left_out.empty()) fmt::print(io.out, "  left out: {}\n", left_out);
  if (plan.audience.by_spacing > 0) {
    fmt::print(io.out, "  --anyway would take in {} of them\n", plan.audience.by_spacing);
  }
}

Json as_json(const std::vector<Plan>& plans) {
  Json steps = Json::array();
  for (const Plan& plan : plans) {
    Json left_out = Json::object();
    for (const auto& [why, count] : plan.audience.left_out) left_out[why] = count;
    steps.push_back({{"step", plan.step.id},
                     {"people", plan.audience.people.size()},
                     {"left_out", std::move(left_out)},
                     {"left_out_by_spacing", plan.audience.by_spacing}});
  }
  return steps;
}

Result<int> show_plan(const std::vector<Plan>& plans, const RenderMail& preview, People& people,
                      const Io& io) {
  fmt::print(io.out,
             "Nothing is sent. Links and codes are made when a mail leaves: those below lead "
             "nowhere.\n");
  for (const Plan& plan : plans) {
    print_plan(plan, io);
    size_t shown = 0;
    for (const std::string& id : plan.audience.people) {
      const auto person = TRY(people.find(id));
      if (!person) continue;
      MailRow row{.person = id, .step = plan.step.id, .number = plan.step.number};
      row.message_id = "dry-run";
      const RenderedMail made = TRY(preview(*person, row));
      if (!made.skip.empty() || shown++ >= kFirst) continue;
      fmt::print(io.out, "\n{}\n", made.mail.message);
    }
  }
  return kFine;
}

Json as_json(const DeliverReport& report) {
  return {{"sent", report.sent},        {"later", report.later},
          {"failed", report.failed},    {"skipped", report.skipped},
          {"unclear", report.unclear},  {"no_server", report.no_server},
          {"unfilled", report.unfilled}};
}

Result<int> deliver(const OpenField& field, Outbox& outbox, const RenderMail& render,
                    const std::vector<Plan>& plans, const Options& options, const Io& io) {
  SmtpSettings settings = TRY(load_smtp_settings(field.folder.path() / "smtp.yaml"));
  DeliverOptions how;
  how.now_ms = clock_ms;
  how.per_minute = settings.per_minute;
  how.pause = [&](int64_t ms) {
    for (int64_t left = ms; left > 0 && !io.progress.stopped(); left -= 100) {
      std::this_thread::sleep_for(std::chrono::milliseconds(std::min<int64_t>(left, 100)));
    }
    return !io.progress.stopped();
  };
  const auto mailer = make_smtp_mailer(std::move(settings));
  const DeliverReport report = TRY(outbox.deliver(*mailer, render, how));
  TRY_DONE(field.record(options.is_reminder ? "remind" : "invite", in_words(report)));
  if (options.field.format == "json") {
    Json json = as_json(report);
    json["steps"] = as_json(plans);
    fmt::print(io.out, "{}\n", json.dump(2));
  } else {
    fmt::print(io.out, "{} sent, {} to be tried later, {} failed, {} unclear, {} not needed\n",
               report.sent, report.later, report.failed, report.unclear, report.skipped);
    if (!report.no_server.empty()) {
      fmt::print(io.out, "The mail server does not serve: {}\n", report.no_server);
    }
    if (report.unfilled > 0) {
      fmt::print(io.out, "{} wait for their text: {}\n", report.unfilled, report.lacking);
    }
  }
  const bool sound = report.failed + report.unclear + report.later + report.unfilled == 0;
  return sound && report.no_server.empty() ? kFine : kFindings;
}

Result<int> run_mails(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io));
  Diagnostics problems;
  const Campaign campaign = TRY(Campaign::make(field->study, *field->wave, problems));
  const ProgressOf progress = TRY(interview_progress(*field));
  People people(*field->identity, field->wave->id);
  Outbox outbox(*field->identity, field->wave->id);
  const int64_t now = clock_ms();
  const StepFacts facts{.people = TRY(people.all()),
                        .events = TRY(people.events()),
                        .mails = TRY(outbox.rows()),
                        .progress = progress,
                        .now_ms = now};
  const Spacing spacing = options.anyway ? Spacing::kLeftAside : Spacing::kKept;
  std::vector<Plan> plans;
  for (const MailStep& step : TRY(steps_of(campaign, options))) {
    plans.push_back({step, campaign.audience(step, facts, spacing)});
  }
  if (options.dry_run) {
    return show_plan(plans, campaign.preview(people, progress, clock_ms), people, io);
  }
  for (const Plan& plan : plans) {
    if (options.anyway) {
      TRY_DONE(field->record("queue", fmt::format("{} for {}, spacing left aside", plan.step.id,
                                                  plan.audience.people.size())));
    }
    TRY(outbox.queue(plan.step, plan.audience.people, now));
    if (options.field.format == "text") print_plan(plan, io);
  }
  for (const MailState state : {MailState::kUnclear, MailState::kFailed, MailState::kHeld}) {
    if (options.again == mail_state_name(state)) TRY(outbox.release(state, now));
  }
  Tokens tokens(*field->identity, field->token_key);
  return deliver(*field, outbox, campaign.render(tokens, people, progress, clock_ms), plans,
                 options, io);
}

Result<int> run_close(const FieldOptions& options, bool reopen, const Io& io) {
  const auto field = TRY(open_field(options, io));
  People people(*field->identity, field->wave->id);
  TRY_DONE(reopen ? people.unset("closed_at_ms")
                  : people.set("closed_at_ms", std::to_string(clock_ms())));
  TRY_DONE(field->record(reopen ? "reopen" : "close", ""));
  if (!reopen) TRY(forget_order_after_end(*field));
  fmt::print(io.out, "{} is {}\n", field->wave->id, reopen ? "open again" : "closed");
  return kFine;
}

Result<int> run_bounces(const FieldOptions& options, const std::string& file, const Io& io) {
  const auto field = TRY(open_field(options, io));
  const BounceFile found = read_bounces(TRY(read_file(file, size_t{1} << 28U)));
  Outbox outbox(*field->identity, field->wave->id);
  size_t for_good = 0;
  size_t delayed = 0;
  size_t strangers = 0;
  for (const Bounce& bounce : found.bounces) {
    const auto person = TRY(outbox.bounced(bounce.message_id, bounce.recipient, bounce.for_good,
                                           bounce.status, clock_ms()));
    ++(!person ? strangers : bounce.for_good ? for_good : delayed);
  }
  TRY_DONE(field->record("bounces", fmt::format("{} for good, {} delayed", for_good, delayed)));
  if (options.format == "json") {
    const Json json{{"mails", found.mails},
                    {"bounced", for_good},
                    {"delayed", delayed},
                    {"not_ours", strangers},
                    {"no_reports", found.others}};
    fmt::print(io.out, "{}\n", json.dump(2));
  } else {
    fmt::print(io.out,
               "{} mails: {} addresses do not work, {} delayed, {} of people who are not on the "
               "list, {} are no delivery reports\n",
               found.mails, for_good, delayed, strangers, found.others);
  }
  return kFine;
}

void add_mails(CLI::App& app, Action& chosen, const char* name, const char* what, bool reminds) {
  CLI::App* verb = app.add_subcommand(name, what);
  verb->footer(kHelp);
  auto options = std::make_shared<Options>();
  options->is_reminder = reminds;
  add_field_options(*verb, options->field);
  verb->add_option("--step", options->step, "This step, whether or not its day has come");
  verb->add_option("--again", options->again, "Send these once more")
      ->check(CLI::IsMember({"unclear", "failed", "held"}));
  verb->add_flag("--anyway", options->anyway,
                 "Also to whom a mail went less than a day ago, or none yet");
  verb->add_flag("--dry-run", options->dry_run, "Show whom and what, send nothing");
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_mails(*options, io); }; });
}

}  // namespace

void add_invite(CLI::App& app, Action& chosen) {
  add_mails(app, chosen, "invite", "Send invitations", false);
  add_mails(app, chosen, "remind", "Send reminders that are due", true);
}

void add_close(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("close", "Close a wave ahead of its date, or open it again");
  verb->footer(
      "From now on no page is saved, and every link says that the survey is closed. --reopen "
      "takes\n"
      "it back; the dates in wave.yaml then hold again.");
  auto options = std::make_shared<FieldOptions>();
  auto reopen = std::make_shared<bool>(false);
  add_field_options(*verb, *options);
  verb->add_flag("--reopen", *reopen, "Take the closing back");
  verb->callback([options, reopen, &chosen] {
    chosen = [options, reopen](const Io& io) { return run_close(*options, *reopen, io); };
  });
}

void add_bounces(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("bounces", "Read mails that came back");
  verb->footer(
      "FILE is a mailbox (mbox) or one mail, for instance what a mail server hands to a pipe: - "
      "reads\n"
      "standard input. Delivery reports (RFC 3464) are matched to the mail that came back; who "
      "cannot\n"
      "be reached shows on the list and in the outcome rates. Reading a file again changes "
      "nothing.");
  auto options = std::make_shared<FieldOptions>();
  auto file = std::make_shared<std::string>();
  add_field_options(*verb, *options);
  verb->add_option("FILE", *file, "Mailbox")->required();
  verb->callback([options, file, &chosen] {
    chosen = [options, file](const Io& io) {
      return run_bounces(*options, *file == "-" ? "/dev/stdin" : *file, io);
    };
  });
}

}  // namespace barometer::cli
