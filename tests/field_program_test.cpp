// The program as people run it: `barometer serve` of a wave, and beside it every verb that touches
// the same folder, while people answer; the server is killed at random moments and started again.
// BAROMETER_ROUNDS says how often (4); tests/CMakeLists.txt asks for 100. And a server that takes a
// new certificate, a new log and its end while people answer over TLS.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "barometer/base/date.h"
#include "barometer/base/text.h"
#include "barometer/server/credentials.h"
#include "tests/support/command.h"
#include "tests/support/program_server.h"
#include "tests/support/server_child.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/tls_client.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using testing::Answering;
using testing::CommandResult;
using ::testing::HasSubstr;
using testing::HttpAnswer;
using testing::ProgramServer;
using testing::RawClient;
using testing::SmtpSink;
using testing::TempFolder;
using testing::TlsClient;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kProgram = BUILD_DIR "/cli/barometer";
constexpr int kAnswering = 6;
constexpr int kMailedARound = 8;
constexpr int kRoundsOfOneWave = 20;  // so that checking it stays quick

int rounds() {
  const char* asked = std::getenv("BAROMETER_ROUNDS");
  return asked == nullptr ? 4 : std::atoi(asked);
}

std::string day(int from_today) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return iso_text(Date(today + std::chrono::days(from_today)));
}

uint64_t inode_of(const fs::path& file) {
  struct stat found{};
  return ::stat(file.c_str(), &found) == 0 ? found.st_ino : 0;
}

// A study whose wave is open, on a port of its own; people p0 to p5 have their links by mail.
class ProgramWave {
 public:
  ProgramWave() {
    folder.write("study/study.yaml",
                 "title: Leaders\nsponsor: A paper\ngeography: England\npopulation: L\n");
    folder.write("study/frame/2026/frame.yaml",
                 "date: 2026-01-01\nsource: A\ncoverage_gaps: No\nexclusions: No\n");
    std::string organisations = "id,name,region\n";
    for (int i = 0; i < kAnswering; ++i) {
      organisations += fmt::format("a{0},Organisation {0},North\n", i);
    }
    folder.write("study/frame/2026/organisations.csv", organisations);
    const std::string wave = "study/waves/2026-11/";
    folder.write(wave + "wave.yaml",
                 fmt::format("title: First\nmode: Online\nframe: '2026'\nfieldwork:\n  start: {}\n"
                             "  end: {}\n  thresholds: {{complete: 1, partial: 0}}\n  mails: "
                             "by-date\n  contact: {{from: Survey team, address: team@x.example, "
                             "site: 'http://127.0.0.1:{}/'}}\n",
                             day(-2), day(20), port));
    fs::copy_file(SOURCE_DIR "/tests/data/field/questionnaire.yaml",
                  folder / (wave + "questionnaire.yaml"));
    folder.write(wave + "contact/invitation.md", "Subject: Invited\n\n{{link}}\n");
    folder.write("data/smtp.yaml",
                 fmt::format("host: 127.0.0.1\nport: {}\nsecurity: none\nper_minute: 100000\n",
                             sink.port()));
    fs::permissions(folder / "data", fs::perms::owner_all);
    fs::permissions(folder / "data/smtp.yaml", fs::perms::owner_read | fs::perms::owner_write);
  }

  // So many people are on the list, each with an address.
  void list(int count) const {
    std::string listed = "id,organisation,role\n";
    std::string contacts = "id,email\n";
    for (int i = 0; i < count; ++i) {
      listed += fmt::format("p{},a{},Chair\n", i, i % kAnswering);
      contacts += fmt::format("p{0},p{0}@post.example\n", i);
    }
    folder.write("study/frame/2026/people.csv", listed);
    folder.write("contacts.csv", contacts);
  }
  void import() const {
    const CommandResult imported = run(of_wave("people import", "--contacts contacts.csv"));
    EXPECT_EQ(imported.exit, 0) << imported.output;
  }
  void invite_those_who_answer() {
    list(kAnswering);
    import();
    const CommandResult invited = run(of_wave("invite"));
    ASSERT_EQ(invited.exit, 0) << invited.output;
    const auto links = testing::links_in(sink.mails(), "/i/");
    for (int i = 0; i < kAnswering; ++i) {
      const std::string person = fmt::format("p{}", i);
      people.emplace(person, Answering(links.at(person + "@post.example")));
    }
    sink.slow_down(20);  // so that a kill meets mails on their way
  }

  [[nodiscard]] CommandResult run(const std::string& words) const {
    return testing::run_command(
        fmt::format("cd {} && {} {}", folder.path().string(), kProgram, words));
  }
  [[nodiscard]] static std::string of_wave(const std::string& verb, const std::string& more = {}) {
    return fmt::format("{} study --wave 2026-11 --data data {}", verb, more);
  }
  // `barometer serve`, listening.
  [[nodiscard]] std::unique_ptr<ProgramServer> serve(std::vector<std::string> more = {}) const {
    std::vector<std::string> command = {kProgram,
                                        "serve",
                                        (folder / "study").string(),
                                        "--wave",
                                        "2026-11",
                                        "--data",
                                        (folder / "data").string(),
                                        "--port",
                                        std::to_string(port),
                                        "--no-rate-limits"};
    command.insert(command.end(), more.begin(), more.end());
    return std::make_unique<ProgramServer>(std::move(command), port, folder / "serve.log");
  }
  [[nodiscard]] std::string log() const { return testing::text_of_file(folder / "serve.log"); }
  [[nodiscard]] uint16_t port_number() const { return static_cast<uint16_t>(port); }
  [[nodiscard]] FieldFolder data() const { return FieldFolder::open(folder / "data").value(); }
  [[nodiscard]] int64_t acknowledged() const {
    int64_t all = 0;
    for (const auto& [person, client] : people) all += client.acknowledged();
    return all;
  }

  TempFolder folder;
  SmtpSink sink;
  const int port = testing::free_port();
  std::map<std::string, Answering> people;
};

// What is done at the office while people answer: each verb must do its work, whatever happens to
// the server meanwhile, and see everything that was acknowledged before it began.
class Office {
 public:
  Office(const ProgramWave& wave, const std::atomic<int64_t>& told, int seed)
      : wave_(wave), told_(told), random_(static_cast<unsigned>(seed)) {}

  void keep_copies(const std::atomic<bool>& stop) {
    for (int i = 0; !stop || i == 0; ++i) {
      expect_all_seen("backup --data data --to copy");
      expect_all_seen("verify --data data");
      expect_fine("restore copy --verify");
      expect_fine(ProgramWave::of_wave("export"));
    }
  }
  void write_to_people(const std::atomic<bool>& stop) {
    std::uniform_int_distribution<int> moment(20, 400);
    for (int i = 0; !stop || i == 0; ++i) {
      expect_fine(ProgramWave::of_wave("people import", "--contacts contacts.csv"));
      // Killed at some moment, and then again to its end.
      const CommandResult killed = testing::run_command(
          fmt::format("cd {} && timeout -s KILL {:.3f} {} {}", wave_.folder.path().string(),
                      moment(random_) / 1000.0, kProgram, ProgramWave::of_wave("invite")));
      killed_ += killed.exit == 0 ? 0 : 1;
      expect_fine(ProgramWave::of_wave("invite"));
      expect_fine(ProgramWave::of_wave("people list"));
    }
  }
  [[nodiscard]] int killed() const { return killed_; }

 private:
  CommandResult expect_fine(const std::string& words) const {
    CommandResult result = wave_.run(words);
    EXPECT_EQ(result.exit, 0) << words << "\n" << result.output;
    return result;
  }
  void expect_all_seen(const std::string& words) const {
    const int64_t before = told_;
    const CommandResult result = expect_fine(words);
    const std::string_view mark = "answers: ";
    const size_t at = result.output.find(mark);
    if (at == std::string::npos) {
      ADD_FAILURE() << words << "\n" << result.output;
      return;
    }
    const std::string counted = result.output.substr(at + mark.size());
    const std::string digits = replaced(counted.substr(0, counted.find(' ')), ",", "");
    EXPECT_GE(std::stoll(digits), before) << words << "\n" << result.output;
  }

  const ProgramWave& wave_;
  const std::atomic<int64_t>& told_;
  std::mt19937 random_;
  int killed_ = 0;
};

// One wave and its servers, one after the other.
class KilledWave {
 public:
  KilledWave() {
    wave_.invite_those_who_answer();
    wave_.folder.write("password", "correct horse battery\n");
    const CommandResult set =
        wave_.run("team set vi --data data --role viewer --name V < password");
    const size_t at = set.output.find("secret=") + 7;
    EXPECT_EQ(set.exit, 0) << set.output;
    secret_ = base32_bytes(set.output.substr(at, set.output.find('&', at) - at)).value();
  }

  // Serves under load with the office at work, and is killed at this moment after the first answer.
  void round(milliseconds moment, int seed) {
    wave_.list(listed_ += kMailedARound);
    // Every other time there is mail for the server from its first moment on.
    if (seed % 2 == 0) wave_.import();
    const auto server = wave_.serve();
    const std::array<uint64_t, 4> before = files();
    std::atomic<bool> stop = false;
    std::atomic<int64_t> told = wave_.acknowledged();
    const int64_t at_first = told;
    std::vector<std::thread> all;
    Office copies(wave_, told, seed), mails(wave_, told, seed);
    all.emplace_back([&] { copies.keep_copies(stop); });
    all.emplace_back([&] { mails.write_to_people(stop); });
    const std::atomic<bool> never = false;
    for (auto& [person, client] : wave_.people) {
      all.emplace_back(
          [&, &one = client] { one.run(wave_.port_number(), never, [&told] { ++told; }); });
    }
    for (int i = 0; i < 10'000 && told == at_first; ++i)
      std::this_thread::sleep_for(milliseconds(1));
    look_at_the_figures();
    std::this_thread::sleep_for(moment);
    EXPECT_EQ(files(), before) << "a verb beside the server has removed a file that it writes to";
    stop = true;
    (void)server->stop(SIGKILL);
    for (std::thread& one : all) one.join();
    EXPECT_GT(told, at_first) << "a round without load shows nothing\n" << wave_.log();
    kills_ += 1 + mails.killed();
    testing::expect_answers_kept(wave_.data(), "2026-11", wave_.people);
  }

  // Nobody has a mail twice; who has none was being written to in the moment of a kill.
  void expect_mails_once() const {
    std::map<std::string, int> mails;
    for (const SmtpSink::Mail& mail : wave_.sink.mails()) ++mails[mail.to];
    const Json list =
        Json::parse(wave_.run(ProgramWave::of_wave("people list", "--format json")).output);
    int without = 0;
    for (const Json& person : list) {
      const std::string id = person["id"].get<std::string>();
      const int count = mails[id + "@post.example"];
      EXPECT_LE(count, 1) << id;
      if (person["last_event"] == "invited") {
        EXPECT_EQ(count, 1) << id;
      }
      if (person["has_address"] == true && count == 0) ++without;
    }
    EXPECT_LE(without, kills_);
    EXPECT_GT(wave_.sink.mails().size(), static_cast<size_t>(kAnswering)) << "none in a round";
  }

  void expect_backup_restores() const {
    ASSERT_EQ(wave_.run("backup --data data --to last").exit, 0);
    const CommandResult restored = wave_.run("restore last --data back");
    ASSERT_EQ(restored.exit, 0) << restored.output;
    const CommandResult there = wave_.run("verify --data back --format json");
    EXPECT_EQ(there.exit, 0) << there.output;
    EXPECT_EQ(Json::parse(there.output)["answers"],
              Json::parse(wave_.run("verify --data data --format json").output)["answers"]);
  }

  // The last answer of each, by the road to the data file.
  void expect_exported() const {
    fs::create_directories(wave_.folder / "exported");
    ASSERT_EQ(wave_.run(ProgramWave::of_wave("export", "--out exported")).exit, 0);
    const std::string csv = testing::text_of_file(wave_.folder / "exported/responses.csv");
    const FieldFolder data = wave_.data();
    for (const auto& [person, client] : wave_.people) {
      const size_t saved = testing::entries_of_person(data, "2026-11", person).size();
      EXPECT_THAT(csv, HasSubstr(fmt::format(",{},", saved))) << person;
    }
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + kAnswering);
  }

 private:
  // What the server writes to. A verb that takes itself for the last one to close a database
  // removes the log beside it, with all that others wrote there.
  [[nodiscard]] std::array<uint64_t, 4> files() const {
    const fs::path data = wave_.folder / "data";
    return {inode_of(data / "answers.sqlite"), inode_of(data / "answers.sqlite-wal"),
            inode_of(data / "fieldwork.sqlite"), inode_of(data / "fieldwork.sqlite-wal")};
  }

  void look_at_the_figures() {
    RawClient client(wave_.port_number());
    if (cookie_.empty()) {
      const std::string drawn = client.ask(testing::get_request("/team/sign-in")).body;
      const HttpAnswer entered = client.ask(testing::form_request(
          "/team/sign-in",
          fmt::format("_ticket={}&member=vi&password=correct+horse+battery&code={}",
                      testing::FieldWave::ticket_in(drawn),
                      totp_code(secret_, std::time(nullptr) / 30))));
      ASSERT_EQ(entered.status, 303) << entered.body;
      const std::string cookie = entered.header("Set-Cookie");
      cookie_ = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
    }
    const HttpAnswer figures = client.ask(testing::get_request("/team/", cookie_));
    EXPECT_EQ(figures.status, 200) << figures.body;
  }

  ProgramWave wave_;
  int listed_ = kAnswering;
  int kills_ = 0;
  std::string secret_, cookie_;
};

TEST(FieldProgram, KilledWhileEveryVerbIsAtWorkItLosesAndDoublesNothing) {
  std::mt19937 random(20261123);
  std::uniform_int_distribution<int> moment(0, 700);
  for (int round = 0; round < rounds();) {
    const int of_this = std::min(rounds() - round, kRoundsOfOneWave);
    KilledWave wave;
    for (int i = 0; i < of_this; ++i, ++round) {
      wave.round(milliseconds(moment(random)), round);
      ASSERT_FALSE(HasFailure()) << "in round " << round;
    }
    wave.expect_mails_once();
    wave.expect_backup_restores();
    wave.expect_exported();
  }
}

// Certificates named c0, c1, …, and the files that the server reads.
class Certificates {
 public:
  Certificates(const TempFolder& folder, int count) : folder_(folder) {
    for (int i = 0; i < count; ++i) {
      const CommandResult made = testing::run_command(fmt::format(
          "cd {0} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
          "-nodes -days 2 -subj /CN=c{1} -keyout c{1}.key -out c{1}.pem",
          folder.path().string(), i));
      EXPECT_EQ(made.exit, 0) << made.output;
    }
  }
  void put(int i, const char* ending) const {
    const std::string name = fmt::format("c{}.{}", i, ending);
    fs::copy_file(folder_ / name, folder_ / (name + ".copy"));
    fs::rename(folder_ / (name + ".copy"), folder_ / (std::string("now.") + ending));
  }

 private:
  const TempFolder& folder_;
};

// People who answer over one connection each, and visitors who make a new one for each page.
class TlsLoad {
 public:
  explicit TlsLoad(ProgramWave& wave) : wave_(wave) {
    for (auto& [person, client] : wave.people) {
      threads_.emplace_back([this, &one = client] {
        TlsClient connection(wave_.port_number());
        one.run_on(connection, never_, [this] { ++told_; });
        EXPECT_TRUE(ending_) << "a connection ended while the server serves";
      });
    }
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { visit(); });
  }
  ~TlsLoad() { join(); }
  TlsLoad(const TlsLoad&) = delete;
  TlsLoad& operator=(const TlsLoad&) = delete;

  void await_answers(int64_t more) const {
    const int64_t until = told_ + more;
    for (int i = 0; i < 20'000 && told_ < until; ++i) std::this_thread::sleep_for(milliseconds(1));
    EXPECT_GE(told_, until) << "answers are not taken any more";
  }
  // From now on connections may end.
  void expect_end() { ending_ = true; }
  void join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  void visit() {
    while (!ending_) {
      TlsClient visitor(wave_.port_number());
      const HttpAnswer page = visitor.ask(testing::get_request("/privacy"));
      EXPECT_TRUE(page.status == 200 || ending_) << page.status;
    }
  }

  ProgramWave& wave_;
  const std::atomic<bool> never_ = false;
  std::atomic<bool> ending_ = false;
  std::atomic<int64_t> told_ = 0;
  std::vector<std::thread> threads_;
};

void expect_served(const ProgramWave& wave, const std::string& name) {
  std::string last;
  for (int i = 0; i < 200 && last != name; ++i) {
    last = TlsClient(wave.port_number()).server_name();
    if (last != name) std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(last, name) << testing::text_of_file(wave.folder / "requests.log");
}

// Pages saved, as all the logs of requests have it.
int64_t saved_in_logs(const ProgramWave& wave) {
  int64_t saved = 0;
  for (const auto& entry : fs::directory_iterator(wave.folder.path())) {
    if (!entry.path().filename().string().starts_with("requests.log")) continue;
    std::istringstream lines(testing::text_of_file(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      const Json json = Json::parse(line, nullptr, false);
      EXPECT_FALSE(json.is_discarded()) << line;
      saved += json.value("method", "") == "POST" && json.value("status", 0) == 303 ? 1 : 0;
    }
  }
  return saved;
}

TEST(FieldProgram, TakesNewCertificatesANewLogAndItsEndWhilePeopleAnswer) {
  constexpr int kCertificates = 5;
  ProgramWave wave;
  const Certificates certificates(wave.folder, kCertificates);
  wave.invite_those_who_answer();
  const auto renew = [&](int i) {
    certificates.put(i, "pem");
    certificates.put(i, "key");
  };
  renew(0);
  const auto server = wave.serve({"--certificate", (wave.folder / "now.pem").string(), "--key",
                                  (wave.folder / "now.key").string(), "--log",
                                  (wave.folder / "requests.log").string()});
  TlsLoad load(wave);
  expect_served(wave, "c0");
  for (int i = 1; i < kCertificates; ++i) {
    load.await_answers(20);
    // Between the two files they do not belong together: the old ones go on.
    certificates.put(i, "pem");
    server->signal(SIGHUP);
    load.await_answers(20);
    expect_served(wave, fmt::format("c{}", i - 1));
    fs::rename(wave.folder / "requests.log", wave.folder / fmt::format("requests.log.{}", i));
    certificates.put(i, "key");
    server->signal(SIGHUP);
    expect_served(wave, fmt::format("c{}", i));
  }
  load.await_answers(20);
  load.expect_end();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(server->stop(SIGTERM), 0) << wave.log();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  load.join();
  testing::expect_answers_kept(wave.data(), "2026-11", wave.people);
  // Told to end, a server answers what it does, and does not what it cannot answer any more.
  int64_t saved = 0;
  for (const auto& [person, client] : wave.people) {
    const size_t entries = testing::entries_of_person(wave.data(), "2026-11", person).size();
    EXPECT_EQ(static_cast<int64_t>(entries), client.acknowledged()) << person;
    saved += client.acknowledged();
  }
  EXPECT_EQ(saved_in_logs(wave), saved) << "a line of the log for each, over all its files";
  EXPECT_THAT(testing::text_of_file(wave.folder / "requests.log.1"),
              HasSubstr("certificate and key as before"));
}

}  // namespace
}  // namespace barometer
