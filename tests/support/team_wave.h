// The small wave of field_wave.h with a team: an owner, an editor (two of them) and a viewer, who
// sign in as people do.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/fieldwork/team.h"
#include "barometer/server/credentials.h"
#include "tests/support/field_wave.h"

namespace barometer::testing {

class TeamWave : public FieldWave {
 public:
  static constexpr const char* kPassword = "correct horse battery";
  static constexpr const char* kSecret = "12345678901234567890";

  explicit TeamWave(Study with = field_study()) : FieldWave({}, std::move(with)) {
    static const std::string hash = *password_hash(kPassword);  // once: it is slow by design
    const auto key = data().key("team");
    const auto random = [](std::span<unsigned char> out) {
      randombytes_buf(out.data(), out.size());
    };
    for (const auto& [id, role] :
         std::vector<std::pair<std::string, TeamRole>>{{"olga", TeamRole::kOwner},
                                                       {"ed", TeamRole::kEditor},
                                                       {"eve", TeamRole::kEditor},
                                                       {"vi", TeamRole::kViewer}}) {
      TeamMember member;
      member.id = id;
      member.name = "<script>" + id;
      member.role = role;
      member.password_hash = hash;
      member.totp_secret = sealed_text(kSecret, *key, random);
      save(member);
    }
  }

  void save(const TeamMember& member) {
    auto database = open_database(data().identity());
    const Status saved = Team(**database).save(member);
    ASSERT_TRUE(saved) << saved.error().message;
  }
  TeamMember member_named(const std::string& id) {
    auto database = open_database(data().identity());
    return **Team(**database).member(id);
  }
  std::string code() {
    now_ms += 60'000;  // a fresh step: none is taken twice
    return totp_code(kSecret, now_ms / 30'000);
  }
  HttpAnswer enter(const std::string& member, const std::string& password,
                   const std::string& given) {
    return post("/team/sign-in", "_ticket=" + ticket("/team/sign-in") + "&member=" + member +
                                     "&password=" + password + "&code=" + given);
  }
  // The Cookie header of a member who is signed in.
  std::string signed_in(const std::string& member) {
    const HttpAnswer answer = enter(member, "correct+horse+battery", code());
    EXPECT_EQ(answer.status, 303);
    const std::string cookie = answer.header("Set-Cookie");
    return "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  }
  // Posts a form with the ticket of the page it is drawn on.
  HttpAnswer act(const std::string& target, const std::string& form, const std::string& cookie,
                 const std::string& drawn_on) {
    const std::string drawn = ticket_in(get(drawn_on, cookie).body);
    return post(target, "_ticket=" + drawn + "&" + form, cookie);
  }
};

}  // namespace barometer::testing
