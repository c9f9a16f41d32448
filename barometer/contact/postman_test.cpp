#include "barometer/contact/postman.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <mutex>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "barometer/contact/campaign.h"
#include "barometer/fieldwork/team.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::SmtpSink;
using testing::TempFolder;

constexpr int64_t kOpens = 1'700'000'000'000;
constexpr int64_t kDay = 86'400'000;
const MailStep kInvitation{"invitation", 0};

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 2'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// A wave of some people with addresses, its folder, and a clock that the test moves.
class PostedWave {
 public:
  explicit PostedWave(size_t count) {
    std::string listed = "id,organisation,role\n";
    for (size_t i = 0; i < count; ++i) listed += fmt::format("p{},a1,Chair\n", i);
    Diagnostics problems;
    study_.title = "Leaders";
    study_.frames.emplace(
        "f", Frame::parse("id,name,region\na1,North,N\n", "o", listed, "p", {}, problems));
    wave_.id = "w1";
    wave_.frame_version = "f";
    wave_.folder = folder_.path() / "wave";
    const auto yaml =
        load_yaml("title: T\nitems:\n  - {id: q, type: yes-no, text: Q}\n", "q.yaml", problems);
    wave_.questionnaire = read_questionnaire(yaml, problems);
    wave_.fieldwork.opens_ms = kOpens;
    wave_.fieldwork.closes_ms = kOpens + 30 * kDay;
    wave_.fieldwork.contact.from_address = "team@survey.example";
    wave_.fieldwork.contact.address = "https://survey.example";
    wave_.fieldwork.contacts = {
        {.id = "invitation", .audience = Audience::kEveryone, .text = "invitation"},
        {.id = "reminder-1", .after_days = 7, .text = "reminder"},
        {.id = "reminder-2", .after_days = 14, .text = "reminder"}};
    folder_.write("wave/contact/invitation.md", "Subject: Invitation\n\n{{link}}\n");
    folder_.write("wave/contact/reminder.md", "Subject: Reminder\n\n{{link}}\n");
    EXPECT_EQ(problems.text(), "");
    import(count);
    interview_.emplace(Interview::make(wave_.questionnaire).value());
  }

  void use(int port) {
    smtp(fmt::format("host: 127.0.0.1\nport: {}\nsecurity: none\nper_minute: 100000\n", port));
  }
  void smtp(const std::string& yaml) {
    const auto file = folder_.write("data/smtp.yaml", yaml);
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  Wave& wave() { return wave_; }
  [[nodiscard]] const FieldFolder& data() const { return *data_; }

  std::unique_ptr<Postman> post() {
    PostmanHooks hooks;
    hooks.unix_ms = [this] { return now_ms.load(); };
    hooks.log = [this](std::string_view level, std::string_view message) {
      const std::scoped_lock guard(lock_);
      lines_.push_back(fmt::format("{}: {}", level, message));
    };
    PostmanOptions options;
    options.round_ms = 10;
    return Postman::start(study_, wave_, *interview_, *data_, options, hooks).value();
  }
  // Two rounds of a postman that had nothing else to do.
  void post_for_a_while() {
    const auto postman = post();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  std::vector<std::string> log() {
    const std::scoped_lock guard(lock_);
    return lines_;
  }

  DatabasePtr database() { return open_database(data_->identity()).value(); }
  void queue(const std::vector<std::string>& people) {
    const auto open = database();
    EXPECT_TRUE(Outbox(*open, "w1").queue(kInvitation, people, now_ms));
  }
  std::map<std::string, std::string> states() {
    const auto open = database();
    std::map<std::string, std::string> found;
    const auto rows = Outbox(*open, "w1").rows().value();
    for (const MailRow& row : rows) {
      found[row.person + " " + row.step] = mail_state_name(row.state);
    }
    return found;
  }
  std::vector<std::string> ids() const { return ids_; }
  void answer(const std::string& person) {
    auto journal = Journal::open(data_->answers()).value();
    const auto key = data_->pseudonym_key("w1").value();
    const auto taken = interview_->post(0, {{"q", "1"}}, interview_->start(1), {});
    NewEntry entry{.wave = "w1", .subject = pseudonym(key, "w1", person)};
    entry.kind = kAnswersEntry;
    entry.body = std::get<PostAccepted>(taken).body;
    entry.key = "k" + person;
    EXPECT_TRUE(journal->append(entry)->acknowledged());
    entry.kind = kSubmittedEntry;
    entry.body = interview_->submit(std::get<PostAccepted>(taken).state, {})->body;
    entry.key = "s" + person;
    EXPECT_TRUE(journal->append(entry)->acknowledged());
  }
  Campaign campaign() {
    Diagnostics problems;
    return Campaign::make(study_, wave_, problems).value();
  }

  std::atomic<int64_t> now_ms = kOpens + 3'600'000;

 private:
  void import(size_t count) {
    data_.emplace(FieldFolder::open(folder_.path() / "data").value());
    std::vector<FieldPerson> people;
    for (size_t i = 0; i < count; ++i) {
      ids_.push_back(fmt::format("p{}", i));
      FieldPerson person{.id = ids_.back(), .name = "Name", .email = ids_.back() + "@post.example"};
      person.organisations = {"a1"};
      people.push_back(std::move(person));
    }
    const auto open = database();
    EXPECT_TRUE(People::prepare(*open));
    EXPECT_TRUE(Outbox::prepare(*open));
    EXPECT_TRUE(People(*open, "w1").import(people, kOpens));
  }

  TempFolder folder_;
  Study study_;
  Wave wave_;
  std::optional<Interview> interview_;
  std::optional<FieldFolder> data_;
  std::vector<std::string> ids_;
  std::mutex lock_;
  std::vector<std::string> lines_;
};

std::vector<std::string> recipients(const SmtpSink& sink, const std::string& subject) {
  std::vector<std::string> found;
  for (const SmtpSink::Mail& mail : sink.mails()) {
    if (mail.message.find("Subject: " + subject) != std::string::npos) found.push_back(mail.to);
  }
  std::ranges::sort(found);
  return found;
}

ContactEvent event_of(const std::string& person, ContactKind kind, int64_t at_ms) {
  return {.person = person, .at_ms = at_ms, .kind = kind, .channel = "mail"};
}

// Who is on the list, what happened with them, and what a reminder now does.
struct Reminded {
  const char* what;
  std::vector<std::pair<ContactKind, int64_t>> events;  // so long ago
  const char* mail;                                     // the step and state of one, or ""
  CaseProgress progress;
  const char* why;   // "": gets it
  bool even_anyway;  // left out whatever a person decides
};

TEST(Campaign, RemindsNobodyTooSoonAndSaysWhoIsLeftOut) {
  using enum ContactKind;
  using enum CaseProgress;
  constexpr int64_t kAgo = 2 * kDay;
  const std::vector<Reminded> lines = {
      {"invited long ago", {{kInvited, kAgo}}, "", kNotBegun, "", false},
      {"begun", {{kInvited, kAgo}}, "", kBegun, "", false},
      {"a day ago", {{kInvited, kDay}}, "", kNotBegun, "", false},
      {"nearly a day",
       {{kInvited, kDay - 1}},
       "",
       kNotBegun,
       "had a mail within the last day",
       false},
      {"reminded today",
       {{kInvited, kAgo}, {kReminded, 1}},
       "",
       kNotBegun,
       "had a mail within the last day",
       false},
      {"no mail yet", {}, "", kNotBegun, "have had no invitation", false},
      {"one waits",
       {{kInvited, kAgo}},
       "reminder-1 queued",
       kNotBegun,
       "have a mail waiting",
       false},
      {"one is leaving",
       {{kInvited, kAgo}},
       "reminder-1 ending",
       kNotBegun,
       "have a mail waiting",
       false},
      {"another was sent", {{kInvited, kAgo}}, "reminder-1 sent", kNotBegun, "", false},
      {"had it", {{kInvited, kAgo}}, "reminder-2 sent", kNotBegun, "had this step before", true},
      {"sent", {{kInvited, kAgo}}, "", kSent, "have sent their answers", true},
      {"declined", {{kInvited, kAgo}, {kDeclined, 5}}, "", kNotBegun, "declined", true},
      {"came back",
       {{kInvited, kAgo}, {kBounced, 5}},
       "",
       kNotBegun,
       "have an address that does not work",
       true},
  };
  PostedWave wave(1);
  const Campaign campaign = wave.campaign();
  const MailStep step = campaign.step("reminder-2").value();
  size_t too_soon = 0;
  for (const Reminded& line : lines) {
    StepFacts facts{.progress = [&](const std::string&) { return line.progress; },
                    .now_ms = kOpens + 20 * kDay};
    facts.people = {{.id = "p0", .email = "p0@post.example"}};
    for (const auto& [kind, ago] : line.events) {
      facts.events.push_back(event_of("p0", kind, facts.now_ms - ago));
    }
    const std::string mail = line.mail;
    if (!mail.empty()) {
      MailRow row{.person = "p0", .step = mail.substr(0, mail.find(' '))};
      while (mail_state_name(row.state) != mail.substr(mail.find(' ') + 1)) {
        row.state = static_cast<MailState>(static_cast<int>(row.state) + 1);
      }
      facts.mails = {row};
    }
    const StepAudience meant = campaign.audience(step, facts);
    const std::string why = line.why;
    EXPECT_EQ(meant.people.size(), why.empty() ? 1U : 0U) << line.what;
    EXPECT_EQ(left_out_in_words(meant), why.empty() ? "" : "1 " + why) << line.what;
    const bool spaced = !why.empty() && !line.even_anyway;
    EXPECT_EQ(meant.by_spacing, spaced ? 1U : 0U) << line.what;
    const StepAudience anyway = campaign.audience(step, facts, Spacing::kLeftAside);
    EXPECT_EQ(anyway.people.size(), line.even_anyway ? 0U : 1U) << line.what;
    too_soon += spaced ? 1 : 0;
  }
  EXPECT_EQ(too_soon, 5U);
}

TEST(Campaign, OfSeveralRemindersTheLastIsDue) {
  PostedWave wave(1);
  const Campaign campaign = wave.campaign();
  const auto due = [&](int64_t days) {
    std::vector<std::string> ids;
    const auto steps = campaign.due(kOpens + days * kDay);
    for (const MailStep& step : steps) ids.push_back(step.id);
    return ids;
  };
  EXPECT_THAT(due(0), ElementsAre("invitation", "share"));
  EXPECT_THAT(due(7), ElementsAre("invitation", "reminder-1", "share"));
  EXPECT_THAT(due(14), ElementsAre("invitation", "reminder-2", "share"));
  EXPECT_THAT(due(31), IsEmpty());
}

TEST(Campaign, APreviewHoldsNoLinkOfAnybodyAndMakesNone) {
  for (const PrivacyMode mode : {PrivacyMode::kConfidential, PrivacyMode::kUnlinked}) {
    PostedWave wave(1);
    wave.wave().fieldwork.privacy = mode;
    const auto open = wave.database();
    People people(*open, "w1");
    const auto nobody_began = [](const std::string&) { return CaseProgress::kNotBegun; };
    const auto now = [&] { return wave.now_ms.load(); };
    const MailRow row{.person = "p0", .step = "invitation", .message_id = "m"};
    const FieldPerson person = people.find("p0").value().value();
    const auto shown = wave.campaign().preview(people, nobody_began, now)(person, row).value();
    EXPECT_THAT(shown.mail.message, HasSubstr("/i/dry-run-this-link-leads-nowhere"));
    EXPECT_THAT(shown.mail.message, HasSubstr("/s/dry-run-this-link-leads-nowhere"));
    EXPECT_EQ(open->ask_whole("SELECT count(*) FROM token").value(), 0);
    // Beside it the real one, whose links are those that the database knows.
    const SecretKey key = wave.data().key("tokens").value();
    Tokens tokens(*open, key);
    const auto real =
        wave.campaign().render(tokens, people, nobody_began, now)(person, row).value();
    const auto link_in = [](const std::string& mail) {
      const size_t at = mail.find("/i/") + 3;
      return mail.substr(at, mail.find_first_of("\r\n", at) - at);
    };
    const auto holder = [&](const std::string& link) {
      return tokens.find(TokenPurpose::kAnswer, link, wave.now_ms).value().has_value();
    };
    EXPECT_TRUE(holder(link_in(real.mail.message))) << real.mail.message;
    EXPECT_FALSE(holder(link_in(shown.mail.message)));
  }
}

TEST(Postman, WhatIsQueuedLeavesByItself) {
  const SmtpSink sink;
  PostedWave wave(3);
  wave.use(sink.port());
  {
    const auto postman = wave.post();
    wave.queue({"p0", "p2"});
    EXPECT_TRUE(eventually([&] { return wave.states()["p2 invitation"] == "sent"; }));
    wave.queue({"p0", "p1"});
    EXPECT_TRUE(eventually([&] { return wave.states()["p1 invitation"] == "sent"; }));
  }
  EXPECT_THAT(recipients(sink, "Invitation"),
              ElementsAre("p0@post.example", "p1@post.example", "p2@post.example"));
  EXPECT_THAT(wave.log(), Each(Not(HasSubstr("@"))));
  auto audit = AuditLog::open(wave.data().identity()).value();
  EXPECT_EQ(audit.newest(1)->at(0).who, "server");
}

TEST(Postman, WithoutAWordOfTheWaveNothingGoesByDateButTheMailToAColleague) {
  const SmtpSink sink;
  PostedWave wave(2);
  wave.use(sink.port());
  wave.now_ms = kOpens + 8 * kDay;
  wave.post_for_a_while();
  EXPECT_THAT(sink.mails(), IsEmpty());
  const auto open = wave.database();
  ASSERT_TRUE(People(*open, "w1").share("p0", "Col", "col@post.example", false, wave.now_ms));
  const auto postman = wave.post();
  EXPECT_TRUE(eventually([&] { return sink.count_to("col@post.example") == 1; }));
}

TEST(Postman, ByDateEachStepGoesOnItsDayToThoseItIsMeantFor) {
  const SmtpSink sink;
  PostedWave wave(3);
  wave.use(sink.port());
  wave.wave().fieldwork.mails_by_date = true;
  const auto postman = wave.post();
  for (const char* mail : {"p0 invitation", "p1 invitation", "p2 invitation"}) {
    ASSERT_TRUE(eventually([&] { return wave.states()[mail] == "sent"; })) << mail;
  }
  wave.answer("p1");
  wave.now_ms = kOpens + 7 * kDay - 1;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(sink.mails().size(), 3U) << "the day of the reminder has not come";
  wave.now_ms = kOpens + 7 * kDay + 7'200'000;
  ASSERT_TRUE(eventually([&] { return sink.mails().size() == 5; }));
  EXPECT_THAT(recipients(sink, "Reminder"), ElementsAre("p0@post.example", "p2@post.example"));
  // Sent, not only taken: the day is that of the moment at which it is written down.
  for (const char* mail : {"p0 reminder-1", "p2 reminder-1"}) {
    ASSERT_TRUE(eventually([&] { return wave.states()[mail] == "sent"; })) << mail;
  }
  wave.now_ms = kOpens + 14 * kDay + 7'200'000;
  ASSERT_TRUE(eventually([&] { return sink.mails().size() == 7; }));
  EXPECT_EQ(wave.states().count("p1 reminder-1") + wave.states().count("p1 reminder-2"), 0U);
}

TEST(Postman, AWaveThatIsLateSendsOneMailADay) {
  const SmtpSink sink;
  PostedWave wave(1);
  wave.use(sink.port());
  wave.wave().fieldwork.mails_by_date = true;
  wave.now_ms = kOpens + 20 * kDay;
  const auto postman = wave.post();
  // Sent, not only taken: the day is that of the moment at which it is written down.
  ASSERT_TRUE(eventually([&] { return wave.states()["p0 invitation"] == "sent"; }));
  EXPECT_EQ(sink.mails().size(), 1U);
  wave.now_ms += kDay - 1;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(sink.mails().size(), 1U);
  wave.now_ms += 120'000;
  ASSERT_TRUE(eventually([&] { return sink.mails().size() == 2; }));
  wave.now_ms += 3 * kDay;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(wave.states().count("p0 reminder-1"), 0U) << "its day is long past";
  EXPECT_EQ(wave.states()["p0 reminder-2"], "sent");
}

TEST(Postman, NothingGoesOutOfAWaveThatIsNotOpen) {
  const SmtpSink sink;
  for (const int64_t now : {kOpens - 1, kOpens + 31 * kDay}) {
    PostedWave wave(1);
    wave.use(sink.port());
    wave.wave().fieldwork.mails_by_date = true;
    wave.now_ms = now;
    wave.queue({"p0"});
    wave.post_for_a_while();
  }
  PostedWave closed(1);
  closed.use(sink.port());
  closed.queue({"p0"});
  const auto open = closed.database();
  ASSERT_TRUE(People(*open, "w1").set("closed_at_ms", "1"));
  closed.post_for_a_while();
  EXPECT_THAT(sink.mails(), IsEmpty());
}

TEST(Postman, TroubleIsSaidOnceWithoutAddressesAndSecrets) {
  const struct {
    const char* smtp;
    const char* said;
  } lines[] = {
      {"", "there is no smtp.yaml"},
      {"host: 127.0.0.1\nport: 1\nsecurity: none\n", "does not serve"},
      {"host: 127.0.0.1\nport: 25\nsecurity: none\npassword: [hunter2\n", "cannot be used"},
      {"host: mail.example\npassword: hunter2\nsecurity: none\n", "cannot be used"},
  };
  for (const auto& line : lines) {
    PostedWave wave(1);
    if (*line.smtp != 0) wave.smtp(line.smtp);
    wave.queue({"p0"});
    wave.post_for_a_while();
    const auto log = wave.log();
    ASSERT_FALSE(log.empty()) << line.said;
    size_t times = 0;
    for (const std::string& said : log)
      times += said.find(line.said) != std::string::npos ? 1U : 0U;
    EXPECT_EQ(times, 1U) << line.said;
    EXPECT_THAT(log, Each(Not(HasSubstr("hunter2"))));
    EXPECT_THAT(log, Each(Not(HasSubstr("@"))));
    EXPECT_EQ(wave.states()["p0 invitation"], "queued") << line.said;
  }
}

TEST(Postman, AWaveWithoutTextsIsServedAllTheSame) {
  PostedWave wave(1);
  std::filesystem::remove(wave.wave().folder / "contact/reminder.md");
  wave.post_for_a_while();
  EXPECT_THAT(wave.log(), ElementsAre(HasSubstr("no mail is sent: 2 problems")));
}

// Accepts connections and says nothing.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(socket_, 4) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no port");
    }
    port_ = ntohs(address.sin_port);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { ::close(socket_); }
  [[nodiscard]] int port() const { return port_; }

 private:
  int socket_;
  int port_ = 0;
};

TEST(Postman, StopsWhileTheMailServerSaysNothingAndTheMailWaits) {
  const SilentServer silent;
  PostedWave wave(1);
  wave.use(silent.port());
  wave.queue({"p0"});
  auto postman = wave.post();
  ASSERT_TRUE(eventually([&] { return wave.states()["p0 invitation"] == "sending"; }));
  const auto stopped = std::async(std::launch::async, [&] { postman.reset(); });
  EXPECT_EQ(stopped.wait_for(std::chrono::seconds(4)), std::future_status::ready);
  EXPECT_EQ(wave.states()["p0 invitation"], "queued") << "it counts as no attempt";
}

// A process that posts, killed at any moment; the clock of the next is past the lease.
TEST(Postman, KilledAtAnyMomentNobodyHasTwoMails) {
  const SmtpSink sink;
  PostedWave wave(25);
  wave.use(sink.port());
  wave.queue(wave.ids());
  std::mt19937 random(5);
  std::uniform_int_distribution<int> moment(0, 12'000);
  const auto all_rest = [&] {
    for (const auto& [mail, state] : wave.states()) {
      if (state != "sent" && state != "unclear") return false;
    }
    return true;
  };
  int kills = 0;
  for (; kills < 40 && !all_rest(); ++kills) {
    wave.now_ms += 16 * 60'000;
    const size_t before = sink.mails().size();
    const pid_t child = ::fork();
    if (child == 0) {
      const auto postman = wave.post();
      for (;;) ::pause();
    }
    for (int i = 0; i < 400 && sink.mails().size() == before; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  EXPECT_GT(kills, 2) << "the kills came too late to show anything";
  wave.now_ms += 16 * 60'000;
  const auto postman = wave.post();
  EXPECT_TRUE(eventually(all_rest));
  size_t unclear = 0;
  for (const auto& [mail, state] : wave.states()) {
    const size_t times = sink.count_to(mail.substr(0, mail.find(' ')) + "@post.example");
    EXPECT_LE(times, 1U) << mail << " twice";
    EXPECT_TRUE(state != "sent" || times == 1) << mail;
    unclear += state == "unclear" ? 1U : 0U;
  }
  EXPECT_LE(unclear, static_cast<size_t>(kills));
}

}  // namespace
}  // namespace barometer
