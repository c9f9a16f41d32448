#include "barometer/fieldwork/team.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "barometer/fieldwork/store_internal.h"

namespace barometer {
namespace {

constexpr std::array<std::string_view, 3> kRoles = {"viewer", "editor", "owner"};
constexpr std::string_view kMemberColumns =
    "id, name, email, role, password_hash, totp_secret, totp_last_step, disabled";

TeamMember read_member(const DbRow& row) {
  return {.id = std::string(row.text(0)),
          .name = std::string(row.text(1)),
          .email = std::string(row.text(2)),
          .role = team_role_named(row.text(3)).value_or(TeamRole::kViewer),
          .password_hash = std::string(row.text(4)),
          .totp_secret = std::string(row.text(5)),
          .totp_last_step = row.whole(6),
          .disabled = row.whole(7) != 0};
}

SignIn read_sign_in(const DbRow& row) {
  return {.hash = std::string(row.text(0)),
          .member = std::string(row.text(1)),
          .made_at_ms = row.whole(2),
          .seen_at_ms = row.whole(3),
          .expires_at_ms = row.whole(4),
          .device = std::string(row.text(5))};
}

bool is_member_id(std::string_view id) {
  return !id.empty() && id.size() <= 60 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::string text_of(const nlohmann::json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string_view team_role_name(TeamRole role) { return kRoles.at(static_cast<size_t>(role)); }

std::optional<TeamRole> team_role_named(std::string_view name) {
  const auto* const found = std::ranges::find(kRoles, name);
  if (found == kRoles.end()) return std::nullopt;
  return static_cast<TeamRole>(found - kRoles.begin());
}

Status Team::save(const TeamMember& member) {
  if (!is_member_id(member.id)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' cannot be the id of a team member: letters, digits, . _ -",
                            printable(member.id)));
  }
  TRY(database_->run(
      "INSERT INTO team_member (id, name, email, role, password_hash, totp_secret, "
      "totp_last_step, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
      "name = excluded.name, email = excluded.email, role = excluded.role, "
      "password_hash = excluded.password_hash, totp_secret = excluded.totp_secret, "
      "totp_last_step = excluded.totp_last_step, disabled = excluded.disabled",
      {member.id, member.name, member.email, std::string(team_role_name(member.role)),
       member.password_hash, member.totp_secret, member.totp_last_step,
       int64_t{member.disabled ? 1 : 0}}));
  return {};
}

Result<std::optional<TeamMember>> Team::member(const std::string& id) {
  std::optional<TeamMember> found;
  TRY_DONE(database_->ask(fmt::format("SELECT {} FROM team_member WHERE id = ?", kMemberColumns),
                          {id}, [&](const DbRow& row) -> Status {
                            found = read_member(row);
                            return {};
                          }));
  return found;
}

Result<std::vector<TeamMember>> Team::members() {
  std::vector<TeamMember> found;
  TRY_DONE(database_->ask(fmt::format("SELECT {} FROM team_member", kMemberColumns), {},
                          [&](const DbRow& row) -> Status {
                            found.push_back(read_member(row));
                            return {};
                          }));
  std::ranges::sort(found, {}, &TeamMember::id);
  return found;
}

Result<bool> Team::take_totp_step(const std::string& member, int64_t step) {
  return TRY(database_->run(
             "UPDATE team_member SET totp_last_step = ? WHERE id = ? AND totp_last_step < ?",
             {step, member, step})) == 1;
}

Status Team::sign_in(const SignIn& sign_in) {
  TRY(
      database_->run("INSERT INTO sign_in (hash, member, made_at_ms, seen_at_ms, expires_at_ms, "
                     "device) VALUES (?, ?, ?, ?, ?, ?)",
                     {sign_in.hash, sign_in.member, sign_in.made_at_ms, sign_in.seen_at_ms,
                      sign_in.expires_at_ms, sign_in.device}));
  return {};
}

Result<std::optional<SignIn>> Team::find_sign_in(const std::string& hash, int64_t now_ms) {
  std::optional<SignIn> found;
  TRY_DONE(database_->ask(
      "SELECT sign_in.hash, member, made_at_ms, seen_at_ms, expires_at_ms, device FROM sign_in "
      "JOIN team_member ON team_member.id = sign_in.member "
      "WHERE sign_in.hash = ? AND expires_at_ms > ? AND disabled = 0",
      {hash, now_ms}, [&](const DbRow& row) -> Status {
        found = read_sign_in(row);
        return {};
      }));
  return found;
}

Status Team::touch(const std::string& hash, int64_t seen_at_ms, int64_t expires_at_ms) {
  TRY(database_->run("UPDATE sign_in SET seen_at_ms = ?, expires_at_ms = ? WHERE hash = ?",
                     {seen_at_ms, expires_at_ms, hash}));
  return {};
}

Result<std::vector<SignIn>> Team::sign_ins(const std::string& member) {
  std::vector<SignIn> found;
  TRY_DONE(
      database_->ask("SELECT hash, member, made_at_ms, seen_at_ms, expires_at_ms, device "
                     "FROM sign_in WHERE member = ? ORDER BY made_at_ms",
                     {member}, [&](const DbRow& row) -> Status {
                       found.push_back(read_sign_in(row));
                       return {};
                     }));
  return found;
}

Status Team::revoke(const std::string& hash) {
  TRY(database_->run("DELETE FROM sign_in WHERE hash = ?", {hash}));
  return {};
}

Status Team::revoke_all(const std::string& member) {
  TRY(database_->run("DELETE FROM sign_in WHERE member = ?", {member}));
  return {};
}

Result<AuditLog> AuditLog::open(const DatabaseAddress& identity) {
  return AuditLog(TRY(Journal::open(identity)));
}

Status AuditLog::record(const Act& act) {
  const nlohmann::json body{{"what", act.what}, {"wave", act.wave}, {"detail", act.detail}};
  const Appended done = TRY(
      journal_->append({.wave = std::string(kAuditWave),
                        .subject = act.who,
                        .kind = "act",
                        .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                        .key = random_hex(),
                        .at_ms = act.at_ms}));
  CHECK(done.acknowledged(), "an act has a key of its own");
  return {};
}

Result<std::vector<Act>> AuditLog::newest(size_t limit) {
  const int64_t last = TRY(journal_->last_sequence());
  std::vector<Act> acts;
  const int64_t first = std::max<int64_t>(1, last - static_cast<int64_t>(limit) + 1);
  TRY_DONE(journal_->read(first, [&](const JournalEntry& entry) -> Status {
    const auto body = nlohmann::json::parse(entry.body, nullptr, false);
    if (!body.is_object()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("entry {} of the audit log is not ours", entry.sequence));
    }
    acts.push_back({entry.sequence, entry.at_ms, entry.subject, text_of(body, "what"),
                    text_of(body, "wave"), text_of(body, "detail")});
    return {};
  }));
  std::ranges::reverse(acts);
  if (acts.size() > limit) acts.resize(limit);
  return acts;
}

}  // namespace barometer
