// The team: who may sign in to the dashboard, their sign-ins, and the log of every act.
//
// Passwords and TOTP secrets are made, hashed and checked by the server; here are only rows. A
// sign-in is known by a hash of its cookie. The audit log is a journal (journal/journal.h) of its
// own in the identity database, so it is chained and verified as answers are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/journal/database.h"
#include "barometer/journal/journal.h"

namespace barometer {

enum class TeamRole { kViewer, kEditor, kOwner };  // each may do what those before it may
std::string_view team_role_name(TeamRole role);    // "viewer", "editor", "owner"
std::optional<TeamRole> team_role_named(std::string_view name);

struct TeamMember {
  std::string id{};  // chosen by an owner: letters, digits, . _ -
  std::string name{};
  std::string email{};
  TeamRole role = TeamRole::kViewer;
  std::string password_hash{};  // argon2id, as libsodium writes it; "" before the first sign-in
  std::string totp_secret{};    // base32, sealed by the server's key; "" before enrolment
  int64_t totp_last_step = 0;   // of the last code accepted: none is taken twice
  bool disabled = false;
};

struct SignIn {
  std::string hash{};  // of the cookie
  std::string member{};
  int64_t made_at_ms = 0;
  int64_t seen_at_ms = 0;
  int64_t expires_at_ms = 0;
  std::string device{};  // browser in words, for the list of sign-ins
};

class Team {
 public:
  explicit Team(Database& database) : database_(&database) {}

  Status save(const TeamMember& member);  // new, or replaced
  Result<std::optional<TeamMember>> member(const std::string& id);
  Result<std::vector<TeamMember>> members();  // by id
  // Takes a TOTP time step once: false when this or a later one was taken before.
  Result<bool> take_totp_step(const std::string& member, int64_t step);

  Status sign_in(const SignIn& sign_in);
  // None when it is unknown or has expired, or its member is disabled.
  Result<std::optional<SignIn>> find_sign_in(const std::string& hash, int64_t now_ms);
  Status touch(const std::string& hash, int64_t seen_at_ms, int64_t expires_at_ms);
  Result<std::vector<SignIn>> sign_ins(const std::string& member);
  Status revoke(const std::string& hash);
  Status revoke_all(const std::string& member);

 private:
  Database* database_;
};

// One act: who did what to what, when. No answers, tokens or addresses.
struct Act {
  int64_t sequence = 0;
  int64_t at_ms = 0;
  std::string who{};   // a team member's id, or "command line"
  std::string what{};  // "invite", "sign-in", "export", ...
  std::string wave{};  // "" when none
  std::string detail{};
};

// The wave under which the log's entries stand in its journal.
inline constexpr std::string_view kAuditWave = "audit";

class AuditLog {
 public:
  // In the identity database.
  static Result<AuditLog> open(const DatabaseAddress& identity);
  Status record(const Act& act);  // durable on return
  // The last `limit`, newest first.
  Result<std::vector<Act>> newest(size_t limit);

 private:
  explicit AuditLog(std::unique_ptr<Journal> journal) : journal_(std::move(journal)) {}
  std::unique_ptr<Journal> journal_;
};

}  // namespace barometer
