#include "barometer/contact/outbox.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include <gmock/gmock.h>

#include "barometer/base/text.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using testing::SmtpSink;
using testing::TempFolder;

constexpr int64_t kNow = 1'700'000'000'000;
const MailStep kInvitation{"invitation", 0};

SmtpSettings to_sink(const SmtpSink& sink) {
  SmtpSettings settings{.host = "127.0.0.1", .port = sink.port(), .security = "none"};
  settings.timeout_seconds = 5;
  return settings;
}

// People named by their address: "busy@x.example" has the id "busy".
class OutboxOf {
 public:
  explicit OutboxOf(const std::vector<std::string>& names) : OutboxOf() {
    std::vector<FieldPerson> people;
    for (const std::string& name : names) {
      people.push_back({.id = name, .name = "N", .email = name + "@x.example"});
      people.back().organisations = {"o1"};
    }
    EXPECT_TRUE(People(*database_, "w1").import(people, kNow));
    EXPECT_EQ(outbox_->queue(kInvitation, names, kNow).value(), names.size());
  }
  OutboxOf() { reopen(); }

  void reopen() {
    database_ = open_database({(folder_ / "f.sqlite").string()}).value();
    EXPECT_TRUE(People::prepare(*database_));
    EXPECT_TRUE(Outbox::prepare(*database_));
    outbox_.emplace(*database_, "w1");
  }

  DeliverOptions options() {
    DeliverOptions how;
    how.now_ms = [this] { return now_ms; };
    how.pause = [this](int64_t ms) {
      now_ms += ms;
      return true;
    };
    how.per_minute = 6'000;
    return how;
  }
  DeliverReport deliver(Mailer& mailer) {
    auto report = outbox_->deliver(mailer, render(), options());
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(DeliverReport{});
  }
  static RenderMail render() {
    return [](const FieldPerson& person, const MailRow& row) -> Result<RenderedMail> {
      if (person.opted_out) return RenderedMail{.mail = {}, .skip = "opted out"};
      return RenderedMail{.mail = {.from = "from@x.example",
                                   .to = person.email,
                                   .message = "Message-ID: <" + row.message_id +
                                              "@x.example>\r\n\r\nHello\r\n.dot\r\n"},
                          .skip = {}};
    };
  }
  std::string state_of(const std::string& person) {
    const auto rows = outbox_->rows();
    EXPECT_TRUE(rows);
    for (const MailRow& row : *rows) {
      if (row.person == person) return std::string(mail_state_name(row.state));
    }
    return "none";
  }
  std::string said_to(const std::string& person) {
    const auto rows = outbox_->rows().value();
    for (const MailRow& row : rows) {
      if (row.person == person) return row.said;
    }
    return {};
  }
  Outbox& outbox() { return *outbox_; }
  Database& database() { return *database_; }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  int64_t now_ms = kNow;

 private:
  TempFolder folder_;
  DatabasePtr database_;
  std::optional<Outbox> outbox_;
};

TEST(Outbox, WhatBecomesOfAMailIsWhatTheServerSaid) {
  const SmtpSink sink;
  const struct {
    const char* name;
    const char* state;
    const char* said;
    size_t received;  // messages whose end came
  } lines[] = {
      {"anna", "sent", "250 2.0.0 taken", 1},
      {"gone", "failed", "550 5.1.1 … is unknown here", 0},
      {"busy", "queued", "451 4.3.0 come back later", 0},
      {"later", "queued", "451 4.7.1 greylisted", 1},
      {"spam", "failed", "554 5.7.1 refused", 1},
      {"cut", "unclear", "", 1},
      {"broken", "queued", "", 0},
      {"zoe", "sent", "250 2.0.0 taken", 1},
  };
  std::vector<std::string> names;
  for (const auto& line : lines) names.emplace_back(line.name);
  OutboxOf all(names);
  // The message of "broken" is too long for one write.
  const auto mailer = make_smtp_mailer(to_sink(sink));
  const DeliverReport report = all.deliver(*mailer);
  EXPECT_EQ(report.sent, 2U);
  EXPECT_EQ(report.later + report.failed + report.unclear, 6U);
  for (const auto& line : lines) {
    const std::string address = std::string(line.name) + "@x.example";
    EXPECT_EQ(sink.count_to(address), line.received) << line.name;
    if (std::string(line.name) == "broken") continue;  // asserted below
    EXPECT_EQ(all.state_of(line.name), line.state) << line.name;
    EXPECT_THAT(all.said_to(line.name), HasSubstr(line.said));
  }
  const auto events = People(all.database(), "w1").events("gone").value();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, ContactKind::kBounced) << "refused for good is a bounce, only sooner";
  // The server broke off before it can have seen the end, or after we had begun to send it; never
  // is such a mail taken for sent.
  EXPECT_THAT(all.state_of("broken"), ::testing::AnyOf("queued", "unclear"));
}

TEST(Outbox, ATextThatLacksWordsForSomebodyHoldsUpNobodyElse) {
  const SmtpSink sink;
  OutboxOf all({"anna", "bert", "carl"});
  const auto mailer = make_smtp_mailer(to_sink(sink));
  bool mended = false;
  const RenderMail render = [&](const FieldPerson& person,
                                const MailRow& row) -> Result<RenderedMail> {
    if (person.id == "anna" && !mended) return fail(ErrorCode::kInvalid, "there is no name here");
    return OutboxOf::render()(person, row);
  };
  for (int round = 0; round < 3; ++round) {
    const DeliverReport report = all.outbox().deliver(*mailer, render, all.options()).value();
    EXPECT_EQ(report.sent, round == 0 ? 2U : 0U);
    EXPECT_EQ(report.unfilled, 1U);
    EXPECT_EQ(report.lacking, "there is no name here");
    EXPECT_EQ(all.state_of("anna"), "queued");
    all.now_ms += 60'000;
  }
  mended = true;
  EXPECT_EQ(all.outbox().deliver(*mailer, render, all.options())->sent, 1U);
  for (const char* address : {"anna@x.example", "bert@x.example", "carl@x.example"}) {
    EXPECT_EQ(sink.count_to(address), 1U) << address;
  }
}

TEST(Outbox, NobodyGetsAStepTwice) {
  const SmtpSink sink;
  OutboxOf all({"anna", "busy", "cut"});
  const auto mailer = make_smtp_mailer(to_sink(sink));
  for (int round = 0; round < 4; ++round) {
    EXPECT_EQ(all.outbox().queue(kInvitation, {"anna", "busy", "cut"}, all.now_ms).value(), 0U);
    all.deliver(*mailer);
    all.now_ms += 10 * 3'600'000LL;
  }
  EXPECT_EQ(sink.count_to("anna@x.example"), 1U);
  EXPECT_EQ(sink.count_to("cut@x.example"), 1U) << "what is unclear waits for a person to decide";
  EXPECT_EQ(sink.count_to("busy@x.example"), 0U);
  EXPECT_EQ(all.outbox().release(MailState::kUnclear, all.now_ms).value(), 1U);
  all.deliver(*mailer);
  const auto mails = sink.mails();
  ASSERT_EQ(sink.count_to("cut@x.example"), 2U);
  // The same Message-ID both times, by which mail programs know a copy.
  std::set<std::string> ids;
  for (const auto& mail : mails) {
    if (mail.to == "cut@x.example") ids.insert(mail.message.substr(0, mail.message.find('\n')));
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST(Outbox, AServerThatIsBusyIsAskedLessAndLessOften) {
  const SmtpSink sink;
  OutboxOf all({"busy"});
  const auto mailer = make_smtp_mailer(to_sink(sink));
  std::vector<int64_t> waits;
  for (int attempt = 0; attempt < 8; ++attempt) {
    all.deliver(*mailer);
    const MailRow row = all.outbox().rows()->at(0);
    waits.push_back((row.next_at_ms - row.changed_at_ms) / 60'000);
    EXPECT_EQ(row.attempts, attempt + 1);
    EXPECT_EQ(all.deliver(*mailer).later, 0U) << "not before its time";
    all.now_ms = row.next_at_ms;
  }
  EXPECT_EQ(all.state_of("busy"), "failed");
  waits.pop_back();
  EXPECT_THAT(waits, ElementsAre(5, 10, 20, 40, 80, 160, 240));
  all.outbox().release(MailState::kFailed, all.now_ms).value();
  EXPECT_EQ(all.state_of("busy"), "queued");
}

TEST(Outbox, NoServerCostsNoAttempts) {
  OutboxOf all({"anna", "zoe"});
  int port = 0;
  {
    const SmtpSink closed;
    port = closed.port();
  }
  SmtpSettings settings{.host = "127.0.0.1", .port = port, .security = "none"};
  const auto mailer = make_smtp_mailer(settings);
  const DeliverReport report = all.deliver(*mailer);
  EXPECT_THAT(report.no_server, HasSubstr("connect"));
  EXPECT_EQ(report.later, 1U) << "the run ends at the first";
  EXPECT_EQ(all.outbox().rows()->at(0).attempts, 0);
}

TEST(Outbox, AServerWithoutEncryptionGetsNothing) {
  const SmtpSink sink;
  OutboxOf all({"anna"});
  SmtpSettings settings = to_sink(sink);
  settings.security = "starttls";
  const auto mailer = make_smtp_mailer(settings);
  EXPECT_THAT(all.deliver(*mailer).no_server, Not(IsEmpty()));
  EXPECT_THAT(sink.mails(), IsEmpty());
  EXPECT_EQ(all.state_of("anna"), "queued");
}

TEST(Outbox, SignsInAndNeverSaysThePassword) {
  const SmtpSink sink("AHN1cnZleQBzM2NyM3Q=");  // \0survey\0s3cr3t
  OutboxOf all({"anna"});
  SmtpSettings settings = to_sink(sink);
  settings.username = "survey";
  settings.password = "wrong-9";
  DeliverReport refused = all.deliver(*make_smtp_mailer(settings));
  EXPECT_THAT(refused.no_server, Not(IsEmpty()));
  EXPECT_THAT(refused.no_server + all.said_to("anna"), Not(HasSubstr("wrong-9")));
  settings.password = "s3cr3t";
  EXPECT_EQ(all.deliver(*make_smtp_mailer(settings)).sent, 1U);
}

TEST(Outbox, MailsGoOverOneConnectionAndInTime) {
  const SmtpSink sink;
  OutboxOf all({"a", "b", "c", "d"});
  DeliverOptions how = all.options();
  how.per_minute = 60;
  const auto mailer = make_smtp_mailer(to_sink(sink));
  EXPECT_EQ(all.outbox().deliver(*mailer, OutboxOf::render(), how)->sent, 4U);
  EXPECT_EQ(sink.connections(), 1);
  EXPECT_GE(all.now_ms - kNow, 3'000) << "60 a minute are a second apart";
  EXPECT_EQ(sink.mails().at(0).message.substr(sink.mails().at(0).message.find("Hello")),
            "Hello\n.dot\n");
}

TEST(Outbox, WhoOptedOutSinceIsLeftOut) {
  const SmtpSink sink;
  OutboxOf all({"anna", "zoe"});
  ASSERT_TRUE(People(all.database(), "w1").opt_out("anna", false, kNow, ""));
  const auto mailer = make_smtp_mailer(to_sink(sink));
  EXPECT_EQ(all.deliver(*mailer).skipped, 1U);
  EXPECT_EQ(all.state_of("anna"), "skipped");
  EXPECT_EQ(sink.count_to("anna@x.example"), 0U);
  const auto events = People(all.database(), "w1").events("zoe").value();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, ContactKind::kInvited);
}

// Somebody is erased while the server speaks of them.
class ErasesMeanwhile : public Mailer {
 public:
  ErasesMeanwhile(const DatabaseAddress& address, std::string person)
      : database_(open_database(address).value()), person_(std::move(person)) {}
  SendResult send(const OutgoingMail& mail, const std::function<Status()>& before_end) override {
    EXPECT_TRUE(before_end());
    if (mail.to == person_ + "@x.example") {
      EXPECT_TRUE(People(*database_, "w1").erase(person_, kNow, "owner"));
    }
    return {SendState::kPermanent, 552, "the mailbox of " + mail.to + " is full"};
  }

 private:
  DatabasePtr database_;
  std::string person_;
};

TEST(Outbox, WhatAServerSaysOfTheErasedIsNotKept) {
  OutboxOf all({"anna", "zoe"});
  ErasesMeanwhile mailer({(all.folder() / "f.sqlite").string()}, "anna");
  const std::string message = all.outbox().rows().value().at(0).message_id;
  EXPECT_EQ(all.deliver(mailer).failed, 2U);
  EXPECT_EQ(all.said_to("anna"), "") << "erased before it had spoken";
  EXPECT_THAT(all.said_to("zoe"), HasSubstr("the mailbox of zoe"));
  ASSERT_TRUE(People(all.database(), "w1").erase("zoe", kNow, "owner"));
  EXPECT_EQ(all.said_to("zoe"), "") << "erased afterwards";
  // A report that comes late finds nobody, so that it writes nothing of the erased.
  EXPECT_EQ(all.outbox().bounced(message, "anna@x.example", true, "5.1.1 anna", kNow).value(),
            std::nullopt);
}

// A process is killed in each state: what can have been taken is not sent again.
class DiesIn : public Mailer {
 public:
  DiesIn(SendState when, Mailer& real) : when_(when), real_(real) {}
  SendResult send(const OutgoingMail& mail, const std::function<Status()>& before_end) override {
    if (when_ == SendState::kTemporary) ::kill(::getpid(), SIGKILL);
    SendResult result = real_.send(mail, before_end);
    ::kill(::getpid(), SIGKILL);
    return result;
  }

 private:
  SendState when_;
  Mailer& real_;
};

TEST(Outbox, AProcessKilledBetweenSendingAndNotingSendsNothingTwice) {
  for (const SendState when : {SendState::kTemporary, SendState::kUnclear}) {
    const SmtpSink sink;
    OutboxOf all({"anna"});
    const DatabaseAddress address{(all.folder() / "f.sqlite").string()};
    const pid_t child = ::fork();
    if (child == 0) {
      const auto database = open_database(address).value();
      Outbox outbox(*database, "w1");
      const auto real = make_smtp_mailer(to_sink(sink));
      DiesIn mailer(when, *real);
      (void)outbox.deliver(mailer, OutboxOf::render(), all.options());
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    const bool taken = when == SendState::kUnclear;
    EXPECT_EQ(sink.count_to("anna@x.example"), taken ? 1U : 0U);
    EXPECT_EQ(all.state_of("anna"), taken ? "ending" : "sending");
    const auto mailer = make_smtp_mailer(to_sink(sink));
    EXPECT_EQ(all.deliver(*mailer).sent, 0U) << "another process may still be at it";
    all.now_ms += 16 * 60'000;
    all.deliver(*mailer);
    EXPECT_EQ(sink.count_to("anna@x.example"), 1U);
    EXPECT_EQ(all.state_of("anna"), taken ? "unclear" : "sent");
  }
}

// Sleeps so long in the middle of a mail that another process takes it over and sends it.
class Sleeper : public Mailer {
 public:
  Sleeper(Mailer& real, std::function<void()> meanwhile)
      : real_(real), meanwhile_(std::move(meanwhile)) {}
  SendResult send(const OutgoingMail& mail, const std::function<Status()>& before_end) override {
    meanwhile_();
    return real_.send(mail, before_end);
  }

 private:
  Mailer& real_;
  std::function<void()> meanwhile_;
};

TEST(Outbox, AProcessThatWasTakenForDeadSendsNothing) {
  const SmtpSink sink;
  OutboxOf all({"anna"});
  const auto real = make_smtp_mailer(to_sink(sink));
  Sleeper sleeper(*real, [&] {
    all.now_ms += 16 * 60'000;
    const auto database = open_database({(all.folder() / "f.sqlite").string()}).value();
    Outbox other(*database, "w1");
    const auto mailer = make_smtp_mailer(to_sink(sink));
    EXPECT_EQ(other.deliver(*mailer, OutboxOf::render(), all.options())->sent, 1U);
  });
  EXPECT_EQ(all.deliver(sleeper).sent, 0U);
  EXPECT_EQ(sink.count_to("anna@x.example"), 1U);
  EXPECT_EQ(all.state_of("anna"), "sent");
  EXPECT_EQ(all.outbox().rows()->at(0).attempts, 1);
}

TEST(Outbox, TwoProcessesSendEachMailOnce) {
  const SmtpSink one;
  const SmtpSink two;
  std::vector<std::string> names;
  for (int i = 0; i < 24; ++i) names.push_back("p" + std::to_string(i));
  OutboxOf all(names);
  const DatabaseAddress address{(all.folder() / "f.sqlite").string()};
  std::vector<std::thread> threads;
  for (const SmtpSink* sink : {&one, &two}) {
    threads.emplace_back([&, sink] {
      const auto database = open_database(address).value();
      Outbox outbox(*database, "w1");
      const auto mailer = make_smtp_mailer(to_sink(*sink));
      DeliverOptions how;
      how.now_ms = [] { return kNow; };
      how.pause = [](int64_t) { return true; };
      const auto report = outbox.deliver(*mailer, OutboxOf::render(), how);
      EXPECT_TRUE(report) << report.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& name : names) {
    EXPECT_EQ(one.count_to(name + "@x.example") + two.count_to(name + "@x.example"), 1U) << name;
  }
}

TEST(Outbox, BouncesAreOneEventAndAfterARestoreMailIsHeld) {
  const SmtpSink sink;
  OutboxOf all({"anna", "busy"});
  all.deliver(*make_smtp_mailer(to_sink(sink)));
  std::string id;
  const auto rows = all.outbox().rows().value();
  for (const MailRow& row : rows) {
    if (row.person == "anna") id = row.message_id + "@x.example";
  }
  const auto bounced = [&](const std::string& message, const std::string& address, bool good) {
    return all.outbox().bounced(message, address, good, "5.1.1", kNow).value().value_or("nobody");
  };
  EXPECT_EQ(bounced(id, "", true), "anna");
  EXPECT_EQ(bounced(id, "", true), "anna");
  EXPECT_EQ(bounced("", "ANNA@x.example", true), "anna");
  EXPECT_EQ(bounced("other@y.example", "stranger@y.example", true), "nobody");
  EXPECT_EQ(bounced("", "", true), "nobody");
  EXPECT_EQ(bounced("", "busy@x.example", false), "busy");
  EXPECT_EQ(all.state_of("anna"), "bounced");
  size_t bounces = 0;
  const auto events = People(all.database(), "w1").events("anna").value();
  for (const ContactEvent& event : events) {
    bounces += event.kind == ContactKind::kBounced ? 1U : 0U;
  }
  EXPECT_EQ(bounces, 1U);
  EXPECT_EQ(Outbox::hold_unsent(all.database(), kNow).value(), 1U);
  EXPECT_EQ(all.state_of("busy"), "held");
}

}  // namespace
}  // namespace barometer
