// barometer team: who may sign in to the pages of the team.
#include <sodium.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/team.h"
#include "barometer/server/credentials.h"
#include "cli/field.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    "Who may sign in under /team/: adds or changes a member, ends sign-ins, lists all.\n"
    "'set' reads the password from the standard input and prints the secret of the one-time "
    "codes,\n"
    "once, as an otpauth:// address for an authenticator app. Roles: viewer (sees figures), "
    "editor\n"
    "(also people, and queues reminders), owner (also closes the wave and ends sign-ins).\n"
    "Example: barometer team set ada --data field --role owner --name 'Ada L.' < password.txt";

struct Options {
  std::string act, member, data, store, role = "viewer", name, email;
};

int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool is_member_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

Status set_member(const Options& options, const FieldFolder& folder, Team& team, const Io& io) {
  const auto role = team_role_named(options.role);
  if (!role) {
    return fail(ErrorCode::kInvalid,
                fmt::format("there is no role '{}'; known: viewer, editor, owner",
                            printable(options.role)));
  }
  std::string password;
  std::getline(std::cin, password);
  const auto random = [](std::span<unsigned char> out) {
    ::randombytes_buf(out.data(), out.size());
  };
  const std::string secret = new_totp_secret(random);
  const SecretKey key = TRY(folder.key("team"));
  TeamMember member;
  member.id = options.member;
  member.name = options.name;
  member.email = options.email;
  member.role = *role;
  member.password_hash = TRY(password_hash(password));
  member.totp_secret = sealed_text(secret, key, random);
  TRY_DONE(team.save(member));
  TRY_DONE(team.revoke_all(member.id));
  io.out << fmt::format("{} is {} {}\n{}\n", member.id, *role == TeamRole::kViewer ? "a" : "an",
                        options.role, totp_address(secret, "Barometer", member.id));
  return {};
}

Result<int> run_team(const Options& options, const Io& io) {
  const FieldStart start = options.act == "set" ? FieldStart::kMayBegin : FieldStart::kBegun;
  const FieldFolder folder = TRY(open_folder(options.data, options.store, start, io));
  const DatabasePtr database = TRY(open_database(folder.identity()));
  TRY_DONE(People::prepare(*database));
  Team team(*database);
  if (options.act == "list") {
    for (const TeamMember& member : TRY(team.members())) {
      io.out << fmt::format("{} {}{}\n", member.id, team_role_name(member.role),
                            member.disabled ? " (disabled)" : "");
    }
    return kFine;
  }
  if (!is_member_id(options.member)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is no name of a member: letters, digits, . _ -",
                            printable(options.member)));
  }
  if (options.act == "set") {
    TRY_DONE(set_member(options, folder, team, io));
  } else {
    auto member = TRY(team.member(options.member));
    if (!member) {
      return fail(ErrorCode::kNotFound, fmt::format("there is no member '{}'", options.member));
    }
    member->disabled = options.act == "disable";
    TRY_DONE(team.save(*member));
    TRY_DONE(team.revoke_all(member->id));
  }
  AuditLog audit = TRY(AuditLog::open(folder.identity()));
  Act act;
  act.at_ms = unix_ms();
  act.who = "command line";
  act.what = "team " + options.act;
  act.detail = options.member;
  TRY_DONE(audit.record(act));
  return kFine;
}

}  // namespace

void add_team(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("team", kHelp);
  verb->add_option("act", options->act, "set, disable, enable or list")
      ->required()
      ->check(CLI::IsMember({"set", "disable", "enable", "list"}));
  verb->add_option("member", options->member, "name to sign in with");
  verb->add_option("--data", options->data, "folder of people, answers and keys")->required();
  verb->add_option("--store", options->store, "postgresql://… in place of files in --data");
  verb->add_option("--role", options->role, "viewer, editor or owner");
  verb->add_option("--name", options->name, "in full");
  verb->add_option("--email", options->email, "");
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_team(*options, io); }; });
}

}  // namespace barometer::cli
