// Templates, messages, settings of the mail server, delivery reports.
#include <gmock/gmock.h>

#include "barometer/base/text.h"
#include "barometer/contact/bounce.h"
#include "barometer/contact/mailer.h"
#include "barometer/contact/message.h"
#include "barometer/contact/template.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(MailTemplate, MistakesAreFoundBeforeAnythingIsSent) {
  const struct {
    const char* text;
    const char* said;
  } lines[] = {
      {"", "the first line of a mail is 'Subject: …'"},
      {"Hello\n\n{{link}}", "m.md:1:1: error: the first line"},
      {"Subject:  \n\n{{link}}", "the first line"},
      {"Subject: {{stdy}}\n\n{{link}}", "m.md:1:10: error: there is no field 'stdy'"},
      {"Subject: x\n\nDear {{nam}},\n{{link}}", "m.md:3:6: error: there is no field 'nam'"},
      {"Subject: x\n\né {{Name}}\n{{link}}", "m.md:3:3: error: there is no field 'Name'"},
      {"Subject: x\n\n{{link}} {{name\n}}", "m.md:3:10: error: a field starts with {{"},
      {"Subject: x\n\n{{link}} {{name", "a field starts with {{"},
      {"Subject: x\n\nNo address", "the mail has no {{link}}"},
      {"Subject: \xff\n\n{{link}}", "a text in UTF-8"},
      {"Subject: x\n\n\x07{{link}}", "no control characters"},
  };
  for (const auto& line : lines) {
    Diagnostics problems;
    MailTemplate::parse(line.text, "m.md", true, problems);
    EXPECT_THAT(problems.text(), HasSubstr(line.said)) << line.text;
  }
  Diagnostics problems;
  MailTemplate::parse("Subject: x\n\n{{nme}} {{link}}", "m.md", true, problems);
  EXPECT_THAT(problems.text(), HasSubstr("did you mean 'name'?"));
}

TEST(MailTemplate, FieldsAreFilledOnce) {
  Diagnostics problems;
  const auto made = MailTemplate::parse(
      "Subject: {{study}}, {{name}}\r\n\r\nDear {{name|colleague}},\r\n{{link}}\r\n", "m.md", true,
      problems);
  EXPECT_EQ(problems.text(), "");
  const MergeValues values{
      {"study", "S"}, {"name", "{{link}}\nBcc: x@y"}, {"link", "L"}, {"stop_link", "STOP"}};
  const MailText text = made.fill(values).value();
  EXPECT_EQ(text.subject, "S, {{link}} Bcc: x@y") << "a name starts no header and no field";
  EXPECT_THAT(text.body, HasSubstr("Dear {{link}}\nBcc: x@y,\nL\n"));
  EXPECT_THAT(text.body, HasSubstr("STOP")) << "every mail says how to stop it";
  const auto without = made.fill({{"study", "S"}, {"link", "L"}, {"stop_link", "STOP"}});
  ASSERT_FALSE(without);
  EXPECT_THAT(without.error().message, HasSubstr("m.md:1:21: there is no name here"));
  Diagnostics none;
  const auto soft = MailTemplate::parse(
      "Subject: x\n\nDear {{ name | colleague }} {{link}}{{stop_link}}", "m.md", true, none);
  EXPECT_EQ(soft.fill({{"link", "L"}, {"stop_link", "S"}})->body, "Dear colleague LS");
}

TEST(MailMessage, IsAMailThatProgramsRead) {
  MailHeaders headers{.from = {"Survey team", "team@x.example"},
                      .to = {"Zoë \"Z\" Ångström", "zoe@y.example"},
                      .message_id = "abc@x.example"};
  headers.stop_link = "https://s.example/s/1";
  headers.at_ms = 1'700'000'000'000;
  const std::string mail =
      mail_message(headers, {"Ihre Sicht: 5 % übrig?", "Zeile\n.\nFrom here \n=é\n"}).value();
  EXPECT_THAT(mail, HasSubstr("From: \"Survey team\" <team@x.example>\r\n"));
  EXPECT_THAT(mail, HasSubstr("To: =?UTF-8?B?Wm/DqyAiWiIgw4VuZ3N0csO2bQ==?= <zoe@y.example>\r\n"));
  EXPECT_THAT(mail, HasSubstr("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
  EXPECT_THAT(mail, HasSubstr("Message-ID: <abc@x.example>\r\n"));
  EXPECT_THAT(mail, HasSubstr("List-Unsubscribe: <https://s.example/s/1>\r\n"));
  EXPECT_THAT(mail, HasSubstr("\r\n\r\nZeile\r\n=2E\r\n=46rom here=20\r\n=3D=C3=A9\r\n"));
  for (const std::string& line : split(mail, '\n')) {
    EXPECT_LE(line.size(), 200U);
    EXPECT_TRUE(line.empty() || line.ends_with('\r'));
  }
}

TEST(MailMessage, LongLinesAreCutAndWordsAreNotBroken) {
  const std::string body = quoted_printable(std::string(200, 'a') + "é" + std::string(80, 'b'));
  for (const std::string& line : split(body, '\n')) EXPECT_LE(line.size(), 77U);
  EXPECT_EQ(replaced(replaced(body, "=\r\n", ""), "\r\n", ""),
            std::string(200, 'a') + "=C3=A9" + std::string(80, 'b'));
  std::string many;
  for (int i = 0; i < 60; ++i) many += "é";
  for (const std::string& word : split(encoded_words(many), '\n')) {
    EXPECT_LE(word.size(), 77U);
    // 42 bytes are 21 letters of two bytes each: none is cut.
    EXPECT_THAT(word, HasSubstr("=?UTF-8?B?w6nDqc"));
  }
  EXPECT_EQ(encoded_words("plain"), "plain");
}

TEST(MailMessage, RefusesHeadersThatAreMore) {
  const auto refused = [](auto change) {
    MailHeaders headers{.from = {"T", "t@x.example"}, .to = {"", "z@y.example"}, .message_id = "a"};
    MailText text{"Hello", "x"};
    change(headers, text);
    return !mail_message(headers, text);
  };
  EXPECT_FALSE(refused([](MailHeaders&, MailText&) {}));
  EXPECT_TRUE(refused([](MailHeaders& h, MailText&) { h.to.name = "a\r\nBcc: x@y"; }));
  EXPECT_TRUE(refused([](MailHeaders& h, MailText&) { h.to.address = "a@b\r\n"; }));
  EXPECT_TRUE(refused([](MailHeaders& h, MailText&) { h.to.address = "a"; }));
  EXPECT_TRUE(refused([](MailHeaders& h, MailText&) { h.reply_to = "a b@c"; }));
  EXPECT_TRUE(refused([](MailHeaders& h, MailText&) { h.stop_link = "x\n"; }));
  EXPECT_TRUE(refused([](MailHeaders&, MailText& t) { t.subject = "a\nb"; }));
  EXPECT_TRUE(refused([](MailHeaders&, MailText& t) { t.body = "\xff"; }));
}

TEST(SmtpSettings, MistakesAreNamed) {
  const struct {
    const char* yaml;
    const char* said;
  } lines[] = {
      {"port: 25", "host"},
      {"host: mail.example.org\nport: 0", "port is a number from 1 to 65535"},
      {"host: mail.example.org\nper_minute: -1", "per_minute is a number"},
      {"host: mail.example.org\nsecurity: none", "a server on this machine only"},
      {"host: mail.example.org\nsecurity: ssl", "security"},
      {"host: \"mail/../x\"", "is not the name of a machine"},
      {"host: mail.example.org\npasword: x", "did you mean 'password'?"},
  };
  for (const auto& line : lines) {
    Diagnostics problems;
    read_smtp_settings(line.yaml, "smtp.yaml", problems);
    EXPECT_THAT(problems.text(), HasSubstr(line.said)) << line.yaml;
  }
  Diagnostics problems;
  const SmtpSettings sound = read_smtp_settings("host: m.example\nsecurity: tls", "f", problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(sound.port, 465);
}

constexpr auto kReport =
    "From MAILER-DAEMON Sun Nov 22 10:00:00 2026\n"
    "Content-Type: multipart/report; report-type=delivery-status;\n boundary=\"xx\"\n"
    "Subject: Undelivered\n\nPreamble\n"
    "--xx\nContent-Type: text/plain\n\nSorry.\n"
    "--xx\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mail.example\n\n"
    "Final-Recipient: rfc822; zoe@y.example\nAction: failed\nStatus: 5.1.1\n\n"
    "Original-Recipient: rfc822;abe@y.example\nFinal-Recipient: rfc822; other@y.example\n"
    "Action: delayed\nStatus: 4.4.1\n\n"
    "Final-Recipient: rfc822; fine@y.example\nAction: delivered\nStatus: 2.0.0\n\n"
    "--xx\nContent-Type: message/rfc822\n\n"
    "Subject: x\nMessage-ID: <abc@x.example>\n\nBody\n--xx--\n";
constexpr auto kReply =
    "\nFrom a@b Sun Nov 22 10:00:00 2026\nSubject: Out of office\nContent-Type: text/plain\n\n"
    "Action: failed\nI am away.\n";

TEST(Bounces, ReportsAreReadAndRepliesAreLeftAlone) {
  const BounceFile file = read_bounces(std::string(kReport) + kReply);
  EXPECT_EQ(file.mails, 2U);
  EXPECT_EQ(file.others, 1U);
  ASSERT_EQ(file.bounces.size(), 2U);
  EXPECT_EQ(file.bounces[0].recipient, "zoe@y.example");
  EXPECT_EQ(file.bounces[0].status, "5.1.1");
  EXPECT_EQ(file.bounces[0].message_id, "abc@x.example");
  EXPECT_TRUE(file.bounces[0].for_good);
  EXPECT_EQ(file.bounces[1].recipient, "abe@y.example");
  EXPECT_FALSE(file.bounces[1].for_good);
  // The same with line ends as on the wire, and as one mail without a mailbox.
  EXPECT_EQ(read_bounces(replaced(kReport, "\n", "\r\n")).bounces.size(), 2U);
  const std::string lone(
      std::string_view(kReport).substr(std::string_view(kReport).find('\n') + 1));
  EXPECT_EQ(read_bounces(lone).bounces.size(), 2U);
}

TEST(Bounces, WhatIsCutOffOrOddIsReadAsFarAsItGoes) {
  for (size_t size = 0; size < std::string_view(kReport).size(); size += 7) {
    const BounceFile file = read_bounces(std::string_view(kReport).substr(0, size));
    EXPECT_LE(file.bounces.size(), 2U);
  }
  EXPECT_EQ(read_bounces("").mails, 0U);
  EXPECT_EQ(read_bounces(std::string(100, '\0')).others, 1U);
  std::string nested;
  for (int i = 0; i < 50; ++i) nested += "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
  EXPECT_EQ(read_bounces(nested).bounces.size(), 0U);
}

}  // namespace
}  // namespace barometer
