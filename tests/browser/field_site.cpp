// The small wave of the tests on a port, for a browser: prints its address and its links as JSON,
// and ends when its standard input does.
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

// Enough people for charts that have something to show.
Study larger_study() {
  Study study = testing::field_study();
  std::string organisations = "id,name,region\n";
  std::string people = "id,organisation,role\n";
  for (int i = 1; i <= 30; ++i) {
    organisations += fmt::format("a{0},Group {0} with a rather long name & <b>bold</b>,{1}\n", i,
                                 i % 3 == 0   ? "North of England"
                                 : i % 3 == 1 ? "South"
                                              : "London");
    people += fmt::format("p{0},a{0},{1}\n", i, i % 2 == 0 ? "Chair" : "Accountable officer");
  }
  Diagnostics problems;
  study.frames.clear();
  study.frames.emplace("f", Frame::parse(organisations, "o.csv", people, "p.csv", {}, problems));
  study.waves[0].fieldwork.contact.help_telephone = "020 7946 0000";
  return study;
}

void serve() {
  FieldServerOptions options;
  options.link_rate = options.address_rate = {0, 0};
  testing::FieldWave wave(options, larger_study());
  add_owner(wave);
  for (int i = 12; i <= 30; ++i) {
    const std::string link = wave.link(fmt::format("p{}", i));
    wave.now_ms += 5 * 3'600'000LL;
    if (i % 5 == 0) {
      (void)wave.fill(link + "/decline", "answer=no");
      continue;
    }
    (void)wave.fill(link + "/p/role", "role=1");
    (void)wave.fill(link + "/p/topics", "topics=1");
    (void)wave.fill(link + "/p/views", "v1=2&v2=2&v3=1");
    (void)wave.fill(link + "/p/staff", "staff=5");
    (void)wave.fill(link + "/p/score", "score=4");
  }
  std::string links;
  for (int i = 1; i <= 11; ++i) {
    links += fmt::format("{}\"{}\"", i == 1 ? "" : ",", wave.link(fmt::format("p{}", i)));
  }
  const std::string code = totp_code(kSecret, wave.now_ms / 30'000);
  const std::string next = totp_code(kSecret, wave.now_ms / 30'000 + 1);
  std::cout
      << fmt::format(
             R"({{"base":"http://127.0.0.1:{}","links":[{}],"stop":"/s/{}","code":"{}","codes":["{}","{}"]}})",
             wave.server->port(), links, wave.token(TokenPurpose::kStop, "p1"),
             wave.token(TokenPurpose::kCode, "p1"), code, next)
      << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
}

}  // namespace
}  // namespace barometer

int main() {
  barometer::serve();
  return 0;
}
