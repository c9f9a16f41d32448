// The small wave of the tests on a port, for a browser: prints its address and its links as JSON,
// and ends when its standard input does.
#include <array>
#include <iostream>
#include <string>

#include <fmt/format.h>

#include "barometer/fieldwork/team.h"
#include "barometer/server/credentials.h"
#include "tests/support/field_wave.h"

namespace barometer {
namespace {

constexpr const char* kSecret = "12345678901234567890";

void add_owner(const testing::FieldWave& wave) {
  auto database = open_database(wave.data().identity());
  TeamMember member;
  member.id = "olga";
  member.role = TeamRole::kOwner;
  member.password_hash = *password_hash("correct horse battery");
  member.totp_secret =
      sealed_text(kSecret, *wave.data().key("team"),
                  [](std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); });
  const Status saved = Team(**database).save(member);
  CHECK(saved.has_value(), "the member is saved");
}

constexpr int kOrganisations = 211;
constexpr int kPeople = 400;
constexpr int kForTheBrowser = 11;  // the first people, who have not answered
constexpr int kComplete = 116;
constexpr int kPartial = 12;
constexpr int kDeclined = 15;

// The wave of a real study, with names that are hard on a page.
Study larger_study() {
  const std::array<const char*, 5> regions = {"North of England", "Midlands and East", "London",
                                              "South of England", "Isles & <b>Bold</b>"};
  const std::array<const char*, 3> roles = {"Chair", "Accountable officer",
                                            "Chief finance officer"};
  Study study = testing::field_study();
  std::string organisations = "id,name,region\n";
  std::string people = "id,organisation,role\n";
  for (size_t i = 1; i <= kOrganisations; ++i) {
    const char* words = i % 20 == 0 ? "with a rather long name that has to go somewhere" : "area";
    organisations += fmt::format("a{0},NHS group {0} {1},{2}\n", i, words, regions.at(i * 2 % 5));
  }
  for (size_t i = 1; i <= kPeople; ++i) {
    people += fmt::format("p{},a{},{}\n", i, i % kOrganisations + 1, roles.at(i % 7 % 3));
  }
  Diagnostics problems;
  study.frames.clear();
  study.frames.emplace("f", Frame::parse(organisations, "o.csv", people, "p.csv", {}, problems));
  FieldworkSettings& settings = study.waves[0].fieldwork;
  settings.contact.help_telephone = "020 7946 0000";
  settings.closes_ms = 1'803'000'000'000;
  settings.quotas = {{.group = "role", .value = "Chair", .target = 60},
                     {.group = "role", .value = "Accountable officer", .target = 50},
                     {.group = "region", .value = "London", .target = 20}};
  study.print.suppress_count_under = 5;
  return study;
}

void add_steps(const testing::FieldWave& wave) {
  // What 'barometer invite' leaves behind, and what comes back.
  auto database = open_database(wave.data().identity());
  People people(**database, "w1");
  for (int i = 1; i <= kPeople; ++i) {
    ContactEvent event{.person = fmt::format("p{}", i), .at_ms = wave.now_ms};
    event.kind = ContactKind::kInvited;
    event.channel = "mail";
    CHECK(people.record(event).has_value(), "an event is recorded");
    event.kind = ContactKind::kBounced;
    if (i % 40 == 0) CHECK(people.record(event).has_value(), "an event is recorded");
  }
}

void answer(testing::FieldWave& wave, int i) {
  const std::string link = wave.link(fmt::format("p{}", kForTheBrowser + i));
  wave.now_ms += 4 * 3'600'000LL + i * 60'000LL % 3'600'000LL;
  if (i % 3 == 0) wave.now_ms -= 4 * 3'600'000LL;
  if (i > kComplete + kPartial) {
    (void)wave.fill(link + "/decline", "answer=no");
    return;
  }
  (void)wave.fill(link + "/p/role", fmt::format("role={}", i % 2 + 1));
  (void)wave.fill(link + "/p/topics", fmt::format("topics={}", i % 3 + 1));
  (void)wave.fill(link + "/p/views", fmt::format("v1={}&v2={}&v3=2", i % 4 + 2, i % 5 + 1));
  if (i > kComplete) return;
  (void)wave.fill(link + "/p/staff", fmt::format("staff={}", 5 + i));
  (void)wave.fill(link + "/p/score", fmt::format("score={}", i % 5 + 1));
  if (i % 6 > 0) (void)wave.fill(link + "/check", "");
}

void serve() {
  FieldServerOptions options;
  options.link_rate = options.address_rate = {0, 0};
  testing::FieldWave wave(options, larger_study());
  add_owner(wave);
  add_steps(wave);
  for (int i = 1; i <= kComplete + kPartial + kDeclined; ++i) answer(wave, i);
  std::string links;
  for (int i = 1; i <= kForTheBrowser; ++i) {
    links += fmt::format("{}\"{}\"", i == 1 ? "" : ",", wave.link(fmt::format("p{}", i)));
  }
  const std::string code = totp_code(kSecret, wave.now_ms / 30'000);
  const std::string next = totp_code(kSecret, wave.now_ms / 30'000 + 1);
  std::cout
      << fmt::format(
             R"({{"base":"http://127.0.0.1:{}","links":[{}],"stop":"/s/{}","code":"{}","codes":["{}","{}"]}})",
             wave.server->port(), links, wave.token(TokenPurpose::kStop, "p1"),
             wave.token(TokenPurpose::kCode, "p1"), code, next)
      << "\n"
      << std::flush;
  for (std::string line; std::getline(std::cin, line);) {
  }
}

}  // namespace
}  // namespace barometer

int main() {
  barometer::serve();
  return 0;
}
