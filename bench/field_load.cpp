// Load on a server of fieldwork as it runs: its own process, durable journal, tickets, validation.
// usage: field_load [--tls] [--posts N] [--requests N] [--people N] [--store postgresql://…]
//
//   pages    question pages at 64 connections; their tickets are kept
//   posts    each ticket posted once at 64 connections, answers changing, every one durable
//   single   the same with one commit a post, on the same disk
//   many     1,000 connections, 200 of them stalled half way
//   memory   of the server after a tenth and after all of many requests
#include <fcntl.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/token.h"
#include "barometer/server/field_server.h"
#include "bench/field_load_client.h"
#include "tests/support/command.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_folder.h"

namespace barometer::bench {
namespace {

using testing::form_request;
using testing::get_request;

struct Asked {
  bool tls = false;
  size_t posts = 60'000;
  size_t requests = 100'000;
  size_t people = 1'000;
  std::string store;  // an empty database: each page asks it whether the case is all there
};

constexpr std::array<const char*, 5> kPages = {"role", "topics", "views", "staff", "score"};

int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}
int64_t clock_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Study load_study(size_t people) {
  Diagnostics problems;
  Study study;
  study.title = "Load";
  std::string organisations = "id,name,region\n", listed = "id,organisation,role\n";
  for (size_t i = 0; i < people; ++i) {
    organisations += fmt::format("a{0},Organisation {0},R{1}\n", i, i % 9);
    listed += fmt::format("p{0},a{0},Chair\n", i);
  }
  study.frames.emplace("f", Frame::parse(organisations, "o", listed, "p", {}, problems));
  Wave wave;
  wave.id = "w1";
  wave.frame_version = "f";
  wave.fieldwork.opens_ms = 0;
  const auto yaml = read_file(SOURCE_DIR "/tests/data/field/questionnaire.yaml");
  wave.questionnaire = read_questionnaire(load_yaml(*yaml, "q.yaml", problems), problems);
  study.waves.push_back(std::move(wave));
  CHECK(problems.error_count() == 0, problems.text());
  return study;
}

std::vector<std::string> import(const Study& study, const FieldFolder& folder) {
  auto database = open_database(folder.identity());
  CHECK(database && People::prepare(**database), "the database opens");
  std::vector<FieldPerson> people;
  for (const Person& person : study.frames.begin()->second.people()) {
    FieldPerson field;
    field.id = person.id;
    field.role = person.role;
    field.organisations = person.organisations;
    people.push_back(std::move(field));
  }
  CHECK(People(**database, "w1").import(people, unix_ms()), "people are imported");
  const auto key = folder.key("tokens");
  Tokens tokens(**database, *key);
  std::vector<std::string> links;
  for (const FieldPerson& person : people) {
    links.push_back("/i/" +
                    *tokens.issue(TokenPurpose::kAnswer, "w1", person.id, unix_ms() + 86'400'000));
  }
  return links;
}

// The server in a process of its own; ends with its holder.
class ServerChild {
 public:
  ServerChild(const Study& study, const FieldFolder& folder, const FieldServerOptions& options) {
    std::array<int, 2> pipe{};
    CHECK(::pipe(pipe.data()) == 0, "a pipe");
    pid_ = ::fork();
    if (pid_ == 0) serve(study, folder, options, pipe[1]);
    ::close(pipe[1]);
    CHECK(::read(pipe[0], &port_, sizeof port_) == sizeof port_, "the server started");
    ::close(pipe[0]);
  }
  ServerChild(const ServerChild&) = delete;
  ServerChild& operator=(const ServerChild&) = delete;
  ~ServerChild() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] uint16_t port() const { return port_; }
  // Processor time so far by the names of its threads: what a busy machine does not change much.
  [[nodiscard]] std::map<std::string, double> cpu_seconds() const {
    std::map<std::string, double> seconds;
    for (const auto& task :
         std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid_))) {
      std::ifstream names(task.path() / "comm"), times(task.path() / "schedstat");
      std::string name;
      double nanoseconds = 0;
      if (names >> name && times >> nanoseconds) seconds[name] += nanoseconds / 1e9;
    }
    return seconds;
  }
  [[nodiscard]] double megabytes() const {
    std::ifstream in(fmt::format("/proc/{}/status", pid_));
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    }
    return 0;
  }

 private:
  [[noreturn]] static void serve(const Study& study, const FieldFolder& folder,
                                 const FieldServerOptions& options, int to) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    FieldServerHooks hooks;
    hooks.unix_ms = unix_ms;
    hooks.microseconds = clock_us;
    hooks.random = [](std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); };
    hooks.log = [](std::string_view line) { std::cerr << line << '\n'; };
    hooks.log_requests = false;
    const auto server = FieldServer::start(study, study.waves[0], folder, options, hooks);
    const uint16_t port = server ? (*server)->port() : 0;
    if (!server) std::cerr << server.error().message << '\n';
    if (::write(to, &port, sizeof port) != sizeof port) ::_exit(1);
    for (;;) ::pause();
  }

  pid_t pid_ = -1;
  uint16_t port_ = 0;
};

std::string cpu_of(const ServerChild& server, const std::map<std::string, double>& before,
                   const LoadResult& result) {
  const auto each = static_cast<double>(std::max<size_t>(result.answers, 1));
  double all = 0;
  std::string parts;
  for (const auto& [name, seconds] : server.cpu_seconds()) {
    const auto known = before.find(name);
    const double us = (seconds - (known == before.end() ? 0 : known->second)) * 1e6 / each;
    all += us;
    if (us >= 0.05) parts += fmt::format("{}{} {:.1f}", parts.empty() ? "" : ", ", name, us);
  }
  return fmt::format("  {:>5.1f} us of the server each ({}), {:.1f} MB", all, parts,
                     server.megabytes());
}

// Of a thousand connections at once: how long the first answer of each took.
std::string first_of(const LoadResult& result) {
  return fmt::format("  first p50 {:.1f} longest {:.1f} ms", result.first_p50_ms,
                     result.first_longest_ms);
}

void say(const std::string& what, const LoadResult& result, const std::string& more = "") {
  std::cout << fmt::format(
                   "{:<34} {:>8.0f}/s  p50 {:>6.1f} ms  p99 {:>6.1f} ms  longest {:>6.1f} ms{}{}\n",
                   what, result.per_second(), result.p50_ms, result.p99_ms, result.longest_ms,
                   result.broken > 0 ? fmt::format("  {} broken", result.broken) : "", more)
            << std::flush;
}

struct Ticket {
  size_t person = 0, page = 0, round = 0;
  std::string text;
};

std::string answers_of(const Ticket& ticket) {
  const size_t one = 1 + ticket.round % 2;
  switch (ticket.page) {
    case 0:
      return fmt::format("role={}", one);
    case 1:
      return fmt::format("topics={}", one);
    case 2:
      return fmt::format("v1={}&v2={}&v3=2", one + 1, one);
    case 3:
      return fmt::format("staff={}", 100 + ticket.round);
    default:
      return fmt::format("score={}", one);
  }
}

// Fetches `count` question pages, each person's pages in turn, and keeps their tickets.
std::vector<Ticket> fetch(const ServerChild& server, bool tls, size_t count, size_t connections,
                          const std::vector<std::string>& links, const std::string& what) {
  std::vector<Ticket> tickets(count);
  std::vector<size_t> asked(connections);
  size_t next = 0, wrong = 0;
  const auto before = server.cpu_seconds();
  const LoadResult result = run_load(
      server.port(), connections, tls,
      [&](size_t connection) {
        if (next == count) return std::string();
        Ticket& ticket = tickets[asked[connection] = next++];
        const size_t i = asked[connection];
        ticket.page = i / links.size() % kPages.size();
        ticket.person = i % links.size();
        ticket.round = i / (links.size() * kPages.size());
        return get_request(links[ticket.person] + "/p/" + kPages[ticket.page]);
      },
      [&](size_t connection, int status, const std::string& answer) {
        constexpr std::string_view kMark = "name=\"_ticket\" value=\"";
        const size_t at = answer.find(kMark);
        if (status != 200 || at == std::string::npos) {
          ++wrong;
        } else {
          tickets[asked[connection]].text = answer.substr(at + kMark.size(), 72);
        }
      });
  say(what, result,
      cpu_of(server, before, result) + first_of(result) +
          (wrong > 0 ? fmt::format("  {} WRONG", wrong) : ""));
  return tickets;
}

double post(const ServerChild& server, bool tls, const std::vector<Ticket>& tickets,
            const std::vector<std::string>& links, const std::string& what) {
  size_t next = 0, saved = 0;
  const auto before = server.cpu_seconds();
  const LoadResult result = run_load(
      server.port(), 64, tls,
      [&](size_t) {
        if (next == tickets.size()) return std::string();
        const Ticket& ticket = tickets[next++];
        return form_request(links[ticket.person] + "/p/" + kPages[ticket.page],
                            answers_of(ticket) + "&_ticket=" + ticket.text);
      },
      [&](size_t, int status, const std::string&) { saved += status == 303 ? 1U : 0U; });
  say(what, result,
      cpu_of(server, before, result) +
          (saved < tickets.size() ? fmt::format("  {} NOT SAVED", tickets.size() - saved) : ""));
  return result.per_second();
}

void many(const ServerChild& server, bool tls, size_t requests,
          const std::vector<std::string>& links) {
  std::vector<testing::RawClient> stalled;
  for (int i = 0; i < 200; ++i) {
    stalled.emplace_back(server.port());
    // Half a head; of TLS, the beginning of a greeting that says it is longer.
    stalled.back().send(tls ? std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01", 8)
                            : "POST /i/x HTTP/1.1\r\nHost: h\r\nContent-Le");
  }
  (void)fetch(server, tls, requests, 800, links, "1,000 connections, 200 stalled");
  std::cout << fmt::format("{:<34} {:>8.1f} MB\n", "memory of the server then", server.megabytes());
}

void run(const Asked& asked) {
  const testing::TempFolder temp;
  const Study study = load_study(asked.people);
  FieldServerOptions options;
  options.link_rate = options.address_rate = options.unknown_rate = {0, 0};
  options.http.connections = 4096;
  if (asked.tls) {
    options.http.certificate_file = temp / "cert.pem";
    options.http.key_file = temp / "key.pem";
    const auto made =
        testing::run_command(fmt::format("cd {} && openssl req -x509 -newkey ec -pkeyopt "
                                         "ec_paramgen_curve:prime256v1 -nodes -days 2 "
                                         "-subj /CN=localhost -keyout key.pem -out cert.pem",
                                         temp.path().string()));
    CHECK(made.exit == 0, made.output);
  }
  double grouped = 0;
  {
    auto folder = FieldFolder::open(temp / "data", asked.store);
    const auto links = import(study, *folder);
    const ServerChild server(study, *folder, options);
    (void)fetch(server, asked.tls, links.size(), 64, links, "first visits (cold)");
    const auto tickets = fetch(server, asked.tls, asked.posts, 64, links, "question pages");
    grouped = post(server, asked.tls, tickets, links, "durable posts");
    many(server, asked.tls, asked.requests / 10, links);
    const double early = server.megabytes();
    (void)fetch(server, asked.tls, asked.requests, 64, links, "more pages, for memory");
    std::cout << fmt::format("memory: {:.1f} MB before, {:.1f} MB after {} requests more\n", early,
                             server.megabytes(), asked.requests);
  }
  if (!asked.store.empty()) return;
  auto folder = FieldFolder::open(temp / "single");
  const auto links = import(study, *folder);
  options.desk.journal.group_max = 1;
  const ServerChild server(study, *folder, options);
  (void)fetch(server, asked.tls, links.size(), 64, links, "first visits (cold)");
  const auto tickets = fetch(server, asked.tls, asked.posts / 10, 64, links, "question pages");
  const double single = post(server, asked.tls, tickets, links, "durable posts, a commit each");
  std::cout << fmt::format("group commit is {:.1f} times as fast\n", grouped / single);
}

Asked read_arguments(int argc, char** argv) {
  Asked asked;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--tls") asked.tls = true;
    if (i + 1 >= argc) continue;
    if (word == "--posts") asked.posts = std::stoul(argv[i + 1]);
    if (word == "--requests") asked.requests = std::stoul(argv[i + 1]);
    if (word == "--store") asked.store = argv[i + 1];
    if (word == "--people") asked.people = std::stoul(argv[i + 1]);
  }
  return asked;
}

}  // namespace
}  // namespace barometer::bench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  barometer::bench::run(barometer::bench::read_arguments(argc, argv));
  return 0;
}
