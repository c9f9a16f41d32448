// barometer serve STUDY --wave W --data DIR: the wave on the web, until it is told to stop.
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/server/field_server.h"
#include "barometer/server/metrics.h"
#include "cli/field.h"
#include "cli/studies.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    "Asks a wave's questions over HTTP: the respondents' pages, the team's pages under /team/,\n"
    "/health and /metrics. Everything is kept in one folder (--data), made when it is not there.\n"
    "A page is acknowledged only when it is durable. Mail that is queued is sent through\n"
    "DIR/smtp.yaml, and with 'mails: by-date' in wave.yaml what falls due. Stops on SIGTERM or\n"
    "SIGINT after the requests under way; SIGHUP reads certificate and key again and reopens the\n"
    "log. docs/fieldwork.md shows how to run a wave.\n"
    "Example: barometer serve my-survey --wave 2026-11 --data field --port 8080";

struct Options {
  std::string study;
  std::string wave;
  std::string data;
  std::string store;
  std::string log = "-";
  std::string theme;
  std::string metrics_token_file;
  std::vector<std::string> wording_corrected;
  bool no_rates = false;
  bool no_requests = false;
  bool no_mail = false;
  int grace = 20;
  FieldServerOptions server;
};

// Lines to a file or the standard error; a writer that can be reopened.
class LogFile {
 public:
  static Result<std::unique_ptr<LogFile>> open(const std::string& path) {
    auto log = std::make_unique<LogFile>(path);
    TRY_DONE(log->reopen());
    return log;
  }
  explicit LogFile(std::string path) : path_(std::move(path)) {}
  Status reopen() {
    if (path_ == "-") return {};
    std::unique_ptr<FILE, int (*)(FILE*)> fresh(std::fopen(path_.c_str(), "ae"), std::fclose);
    if (!fresh) {
      return fail(ErrorCode::kIo, fmt::format("cannot write the log '{}'", printable(path_)));
    }
    const std::scoped_lock guard(lock_);
    file_.swap(fresh);
    return {};
  }
  void write(std::string_view line) {
    const std::scoped_lock guard(lock_);
    FILE* to = file_ ? file_.get() : stderr;
    std::fwrite(line.data(), 1, line.size(), to);
    std::fputc('\n', to);
  }
  void flush() {
    const std::scoped_lock guard(lock_);
    std::fflush(file_ ? file_.get() : stderr);
  }

 private:
  std::string path_;
  std::mutex lock_;
  std::unique_ptr<FILE, int (*)(FILE*)> file_{nullptr, std::fclose};
};

int64_t clock_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A descriptor for each connection, and some for the databases.
void raise_descriptor_limit(size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = static_cast<rlim_t>(connections) + 200;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

sigset_t signals_of_ours() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  return set;
}

void reload(FieldServer& server, LogFile& log) {
  for (const auto& [what, done] : {std::pair<const char*, Status>{"log", log.reopen()},
                                   {"certificate and key", server.reload()}}) {
    log.write(done ? log_line("info", fmt::format("reload: {} renewed", what), unix_ms())
                   : log_line("error",
                              fmt::format("reload: {} as before: {}", what, done.error().message),
                              unix_ms()));
  }
}

void wait_for_the_end(FieldServer& server, LogFile& log, const sigset_t& signals) {
  const timespec second{1, 0};
  for (;;) {
    const int signal = ::sigtimedwait(&signals, nullptr, &second);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) reload(server, log);
    server.refresh();
    log.flush();
  }
}

Status read_files(Options& options) {
  if (!options.theme.empty()) options.server.theme_css = TRY(read_file(options.theme, 1 << 20));
  if (!options.metrics_token_file.empty()) {
    options.server.metrics_token = trimmed(TRY(read_file(options.metrics_token_file, 4096)));
  }
  if (options.server.http.certificate_file.empty() != options.server.http.key_file.empty()) {
    return fail(ErrorCode::kInvalid, "--certificate and --key are given together");
  }
  if (options.no_rates) {
    options.server.link_rate = options.server.address_rate = options.server.unknown_rate = {0, 0};
  }
  return {};
}

// A signal that comes while the study is read waits until there is a server.
void block_reload() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Result<int> run_serve(Options options, const Io& io) {
  block_reload();
  TRY_DONE(read_files(options));
  const Study study = TRY(read_study_of_fieldwork(options.study, io));
  const Wave* wave = study.wave(options.wave);
  if (wave == nullptr) {
    return fail(ErrorCode::kNotFound,
                fmt::format("there is no wave '{}' in the study", printable(options.wave)));
  }
  const FieldFolder folder =
      TRY(open_folder(options.data, options.store, FieldStart::kMayBegin, io));
  TRY_DONE(settle_asked(folder, *wave, options.wording_corrected, io));
  const auto log = TRY(LogFile::open(options.log));
  raise_descriptor_limit(options.server.http.connections);
  const sigset_t signals = signals_of_ours();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the first thread
  // A client that has gone, a file that may not grow: errors of the call, not our end.
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_IGN);
  FieldServerHooks hooks;
  hooks.unix_ms = unix_ms;
  hooks.microseconds = clock_us;
  hooks.random = [](std::span<unsigned char> out) { ::randombytes_buf(out.data(), out.size()); };
  hooks.log_requests = !options.no_requests;
  hooks.log = [&log](std::string_view line) { log->write(line); };
  options.server.sends_mail = !options.no_mail;
  const auto server = TRY(FieldServer::start(study, *wave, folder, options.server, hooks));
  const bool tls = !options.server.http.certificate_file.empty();
  io.out << fmt::format("Serving wave {} at {}://{}:{}/\n", wave->id, tls ? "https" : "http",
                        options.server.http.address, server->port())
         << std::flush;
  log->flush();
  wait_for_the_end(*server, *log, signals);
  server->stop(options.grace);
  log->flush();
  return kFine;
}

void add_limits(CLI::App& verb, Options& options) {
  HttpOptions& http = options.server.http;
  verb.add_option("--threads", http.threads, "threads that serve")->check(CLI::Range(1, 64));
  verb.add_option("--connections", http.connections, "at most, all together")
      ->check(CLI::Range(1, 100'000));
  verb.add_option("--connections-of-address", http.connections_of_address,
                  "at most, of one address; 0: any number");
  verb.add_option("--grace", options.grace, "seconds for requests under way when told to stop")
      ->check(CLI::Range(0, 600));
  verb.add_flag("--no-rate-limits", options.no_rates, "for measurements only");
}

}  // namespace

void add_serve(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  HttpOptions& http = options->server.http;
  http.port = 8080;
  CLI::App* verb = app.add_subcommand("serve", kHelp);
  verb->add_option("study", options->study, "study folder")->required();
  verb->add_option("--wave", options->wave, "wave of the study")->required();
  verb->add_option("--data", options->data, "folder of people, answers and keys")->required();
  verb->add_option("--store", options->store,
                   "postgresql://user:password@host/database in place of files in --data");
  verb->add_option("--address", http.address, "literal address to listen on; :: for all");
  verb->add_option("--port", http.port, "0: any free one, which is printed");
  verb->add_option("--certificate", http.certificate_file, "PEM file: TLS without a proxy");
  verb->add_option("--key", http.key_file, "PEM file of its key");
  verb->add_flag("--behind-proxy", http.behind_proxy,
                 "believe X-Forwarded-For and X-Forwarded-Proto; only where a proxy sets them");
  verb->add_option("--log", options->log, "file; - for the standard error");
  verb->add_flag("--no-mail", options->no_mail,
                 "send nothing: another server or 'barometer remind' does");
  verb->add_flag("--no-request-log", options->no_requests, "log only what the server itself says");
  verb->add_option("--theme", options->theme, "style sheet added after ours");
  verb->add_option("--metrics-token-file", options->metrics_token_file,
                   "who sends this as a bearer token may read /metrics from elsewhere");
  verb->add_option("--wording-corrected", options->wording_corrected,
                   "an item in which a typing error was mended since people answered");
  add_limits(*verb, *options);
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_serve(*options, io); }; });
}

}  // namespace barometer::cli
