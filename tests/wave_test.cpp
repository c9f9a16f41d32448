// A wave from its list to its bundle, by the program itself: 400 people of 211 organisations are
// invited by mail, 116 complete (three of them in a real browser), 12 stop half way, some refuse,
// opt out or ask to be forgotten; then the data is published.
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/http_client.h"
#include "tests/support/program_server.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using barometer::testing::CommandResult;
using barometer::testing::form_request;
using barometer::testing::get_request;
using barometer::testing::HttpAnswer;
using barometer::testing::ProgramServer;
using barometer::testing::RawClient;
using barometer::testing::SmtpSink;
using barometer::testing::TempFolder;
using ::testing::HasSubstr;

constexpr const char* kProgram = BUILD_DIR "/cli/barometer";
constexpr size_t kPeople = 400;
constexpr size_t kBrowser = 3;
constexpr size_t kComplete = 116;
constexpr size_t kPartial = 12;
constexpr size_t kDeclined = 9;
constexpr size_t kStopped = 5;

constexpr const char* kQuestionnaire = R"(title: Leaders of clinical commissioning groups
introduction: Six questions.
items:
  - {id: role, type: single, text: "What is your role?", options: [Chair, Accountable officer, Other], required: true}
  - battery: views
    type: agreement
    stem: "How far do you agree?"
    items:
      - {id: v1, text: "We have enough money."}
      - {id: v2, text: "We have enough staff."}
      - {id: v3, text: "We have enough time."}
  - {id: merge, type: yes-no, text: "Will your group merge?"}
  - {id: staff, type: number, text: "How many people work for you?"}
)";

std::string day(int from_today) {
  const auto at = std::chrono::system_clock::now() + std::chrono::hours(24 * from_today);
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

class WaveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder / "study");
    fs::copy_file(SOURCE_DIR "/studies/ccg-barometer/study.yaml", folder / "study/study.yaml");
    fs::copy(SOURCE_DIR "/studies/ccg-barometer/frame", folder / "study/frame",
             fs::copy_options::recursive);
    const std::string wave = "study/waves/" + id + "/";
    folder.write(wave + "questionnaire.yaml", kQuestionnaire);
    folder.write(wave + "contact/invitation.md",
                 "Subject: Your view\n\nDear {{name|colleague}},\n\n{{link}}\n\n{{stop_link}}\n");
    folder.write(wave + "contact/reminder.md",
                 "Subject: Still time\n\n{{link}}\n\n{{stop_link}}\n");
    folder.write(
        wave + "wave.yaml",
        fmt::format(
            "title: Fieldwork\nfieldwork:\n  start: {}\n  end: {}\n  reminders: "
            "[{{after: 1, to: unfinished}}]\n  mails: by-date\n  contact: {{from: Editor, address: "
            "editor@survey.example, site: \"http://127.0.0.1:{}\", help_email: "
            "help@survey.example}}\nmode: Online questionnaire sent to named "
            "leaders\nframe: 2012-14\npopulation: Leaders of England's 211 clinical "
            "commissioning groups\n",
            day(-2), day(30), port));
    folder.write("contacts.csv", contacts());
    folder.write("data/smtp.yaml",
                 fmt::format("host: 127.0.0.1\nport: {}\nsecurity: none\nper_minute: 100000\n",
                             sink.port()));
    fs::permissions(folder / "data", fs::perms::owner_all);
    fs::permissions(folder / "data/smtp.yaml", fs::perms::owner_read | fs::perms::owner_write);
  }

  // The first 400 people of the frame, with addresses.
  std::string contacts() {
    const std::string people = testing::text_of_file(folder / "study/frame/2012-14/people.csv");
    std::string csv = "id,email\n";
    size_t at = people.find('\n') + 1;
    for (size_t i = 0; i < kPeople; ++i) {
      const std::string person = people.substr(at, people.find(',', at) - at);
      ids.push_back(person);
      csv += fmt::format("{0},{0}@post.example\n", person);
      at = people.find('\n', at) + 1;
    }
    return csv;
  }

  [[nodiscard]] CommandResult barometer(const std::string& words) const {
    return testing::run_command(fmt::format("{} {}", kProgram, words));
  }
  [[nodiscard]] std::string of_wave(const std::string& verb) const {
    return fmt::format("{} {} --wave {} --data {}", verb, (folder / "study").string(), id,
                       (folder / "data").string());
  }

  // The link of each mail, by address.
  [[nodiscard]] std::map<std::string, std::string> links(const char* mark) const {
    return testing::links_in(sink.mails(), mark);
  }

  [[nodiscard]] bool has_mails(size_t count) const {
    for (int i = 0; i < 1200 && sink.mails().size() < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return sink.mails().size() == count;
  }

  HttpAnswer fill(const std::string& page, const std::string& form) {
    RawClient client(static_cast<uint16_t>(port));
    const std::string html = client.ask(get_request(page)).body;
    const std::string mark = "name=\"_ticket\" value=\"";
    const size_t at = html.find(mark);
    const std::string ticket = at == std::string::npos ? "" : html.substr(at + mark.size(), 72);
    return client.ask(form_request(page, "_ticket=" + ticket + "&" + form));
  }
  void answer(const std::string& link, size_t i, bool whole) {
    ASSERT_EQ(fill(link + "/p/role", fmt::format("role={}", 1 + i % 3)).status, 303);
    ASSERT_EQ(
        fill(link + "/p/views", fmt::format("v1={}&v2={}&v3={}", 1 + i % 5, 1 + i % 4, 1 + i % 3))
            .status,
        303);
    if (!whole) return;
    ASSERT_EQ(fill(link + "/p/merge", fmt::format("merge={}", 1 + i % 2)).status, 303);
    ASSERT_EQ(fill(link + "/p/staff", fmt::format("staff={}", 50 + i)).status, 303);
    ASSERT_EQ(fill(link + "/check", "").status, 303);
  }

  TempFolder folder;
  SmtpSink sink;
  const int port = testing::free_port();
  const std::string id = "2026-11";
  std::vector<std::string> ids;
};

TEST_F(WaveTest, FromTheListToTheBundle) {
  const auto imported =
      barometer(of_wave("people import") + " --contacts " + (folder / "contacts.csv").string());
  ASSERT_EQ(imported.exit, 0) << imported.output;
  ProgramServer server(
      {kProgram, "serve", (folder / "study").string(), "--wave", id, "--data",
       (folder / "data").string(), "--port", std::to_string(port), "--no-rate-limits"},
      port, folder / "serve.log");
  // The day of the invitation has come: the server sends it by itself.
  ASSERT_TRUE(has_mails(kPeople)) << testing::text_of_file(folder / "serve.log");
  EXPECT_EQ(barometer(of_wave("invite")).exit, 0);
  EXPECT_EQ(sink.mails().size(), kPeople) << "nobody is invited twice";
  const auto link = links("/i/");
  ASSERT_EQ(link.size(), kPeople);

  // The gateway of everybody opens everything, and submits what it finds.
  for (const auto& [address, path] : link) {
    RawClient client(static_cast<uint16_t>(port));
    ASSERT_EQ(client.ask(get_request(path)).status, 200);
    ASSERT_LT(fill(path + "/p/role", "").status, 500);
  }
  size_t at = 0;
  const auto next = [&] { return link.at(ids.at(at++ * 3 % kPeople) + "@post.example"); };
  std::string in_browser;
  for (size_t i = 0; i < kBrowser; ++i) {
    in_browser += fmt::format(" http://127.0.0.1:{}{}", port, next());
  }
  const auto browsed =
      testing::run_command("node " SOURCE_DIR "/tests/browser/answer.mjs" + in_browser);
  ASSERT_EQ(browsed.exit, 0) << browsed.output;
  for (size_t i = kBrowser; i < kComplete; ++i) ASSERT_NO_FATAL_FAILURE(answer(next(), i, true));
  for (size_t i = 0; i < kPartial; ++i) ASSERT_NO_FATAL_FAILURE(answer(next(), i, false));
  for (size_t i = 0; i < kDeclined; ++i) {
    ASSERT_EQ(fill(next() + "/decline", "answer=no").status, 303);
  }
  for (size_t i = 0; i < kStopped; ++i) {
    ASSERT_EQ(fill(next() + "/decline", "answer=stop").status, 303);
  }
  const std::string forgotten = next();
  ASSERT_NO_FATAL_FAILURE(answer(forgotten, 1, true));
  EXPECT_THAT(fill(forgotten + "/erase", "answer=erase").body, HasSubstr("have been erased"));
  EXPECT_EQ(RawClient(static_cast<uint16_t>(port)).ask(get_request(forgotten)).status, 404);

  const auto too_soon = barometer(of_wave("remind") + " --step reminder-1");
  ASSERT_EQ(too_soon.exit, 0) << too_soon.output;
  EXPECT_THAT(too_soon.output, HasSubstr(" had a mail within the last day"));
  EXPECT_EQ(sink.mails().size(), kPeople) << "all were invited just now";
  const auto reminded = barometer(of_wave("remind") + " --step reminder-1 --anyway");
  ASSERT_EQ(reminded.exit, 0) << reminded.output;
  // Those who have not finished, have not refused and were not forgotten. The server helps to send.
  const size_t reminders = kPeople - kComplete - kDeclined - kStopped - 1;
  EXPECT_TRUE(has_mails(kPeople + reminders)) << testing::text_of_file(folder / "serve.log");
  EXPECT_EQ(sink.mails().size(), kPeople + kPeople - kComplete - kDeclined - kStopped - 1);

  EXPECT_EQ(server.stop(), 0) << testing::text_of_file(folder / "serve.log");
  const auto verified = barometer(fmt::format("verify --data {}", (folder / "data").string()));
  EXPECT_EQ(verified.exit, 0) << verified.output;
  const auto exported = barometer(of_wave("export"));
  ASSERT_EQ(exported.exit, 0) << exported.output;
  const std::string csv = testing::text_of_file(folder / ("study/waves/" + id + "/responses.csv"));
  EXPECT_EQ(static_cast<size_t>(std::ranges::count(csv, '\n')), 1 + kComplete + kPartial);
  EXPECT_EQ(csv.find("post.example"), std::string::npos);
  const auto checked = barometer("check " + (folder / "study").string());
  EXPECT_LE(checked.exit, 1) << checked.output;
  const auto published = barometer(
      fmt::format("publish {} --out {}", (folder / "study").string(), (folder / "site").string()));
  ASSERT_EQ(published.exit, 0) << published.output;
  EXPECT_THAT(testing::text_of_file(folder / "site/index.html"), HasSubstr("128"));
  // Everybody of the frame is counted, those without an address as well.
  const std::string method = testing::text_of_file(folder / "site/method.md");
  const auto listed = static_cast<double>(
      std::ranges::count(testing::text_of_file(folder / "study/frame/2012-14/people.csv"), '\n') -
      1);
  EXPECT_THAT(method,
              HasSubstr(fmt::format("{} complete, {} partial, {} refused or broke off, {}",
                                    kComplete, kPartial, kDeclined + kStopped + 1,
                                    kPeople - kComplete - kPartial - kDeclined - kStopped - 1)));
  EXPECT_THAT(method, HasSubstr(fmt::format("RR1 {:.1f}%", 100 * kComplete / listed)));
  EXPECT_THAT(method, HasSubstr("211 organisations: "));
  EXPECT_THAT(method, HasSubstr("answers to at least 80 per cent of what was asked"));
}

}  // namespace
}  // namespace barometer
