// barometer backup, restore and verify: the data of fieldwork as one folder, and whether it is
// sound.
#include <sys/stat.h>

#include <map>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/journal/backup.h"
#include "cli/field.h"

namespace barometer::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kList = "SHA256SUMS";
constexpr const char* kAnswers = "answers.sqlite";
constexpr const char* kIdentity = "fieldwork.sqlite";

struct Options {
  FieldOptions field;
  std::string folder;
  std::string head;
  bool only_verify = false;
  bool without_keys = false;
};

struct Checked {
  std::string what;
  JournalCheck check;
};

Result<Checked> check(const std::string& what, const DatabaseAddress& address,
                      const std::string& known_head, bool read_only) {
  const DatabasePtr database = TRY(open_database(address, {.read_only = read_only}));
  return Checked{what, TRY(verify_journal(*database, known_head))};
}

int print_checks(const std::vector<Checked>& checks, const std::string& format, const Io& io) {
  bool sound = true;
  Json json;
  for (const auto& [what, found] : checks) {
    sound = sound && found.problems.empty();
    if (format == "json") {
      json[what] = {{"entries", found.entries},
                    {"subjects", found.subjects},
                    {"erased", found.erased},
                    {"head", found.head},
                    {"problems", found.problems}};
      continue;
    }
    fmt::print(io.out, "{}: {} entries of {} subjects, {} erased; {}\n  head {}\n", what,
               with_thousands(found.entries), with_thousands(found.subjects),
               with_thousands(found.erased), found.problems.empty() ? "sound" : "NOT SOUND",
               found.head);
    for (const std::string& problem : found.problems) fmt::print(io.out, "  {}\n", problem);
  }
  if (format == "json") {
    fmt::print(io.out, "{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  }
  return sound ? kFine : kFindings;
}

Result<int> run_verify(const Options& options, const Io& io) {
  const FieldFolder folder = TRY(FieldFolder::open_begun(options.field.data, options.field.store));
  return print_checks({TRY(check("answers", folder.answers(), options.head, true)),
                       TRY(check("audit log", folder.identity(), {}, true))},
                      options.field.format, io);
}

// Name in the backup and bytes of each key.
Status copy_keys(const FieldFolder& folder, const StagedFolder& staged) {
  for (const auto& entry : fs::directory_iterator(folder.path() / "keys")) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".new")) continue;
    TRY_DONE(staged.write(fs::path("keys") / name, TRY(read_file(entry.path(), 10'000))));
  }
  return {};
}

Result<std::string> sums_of(const fs::path& folder) {
  std::map<std::string, std::string> sums;
  std::error_code failed;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().lexically_relative(folder).string();
    if (name != kList) sums[name] = sha256_hex(TRY(read_file(entry.path())));
  }
  if (failed) {
    return fail(ErrorCode::kIo, fmt::format("'{}': {}", folder.string(), failed.message()));
  }
  std::string list;
  for (const auto& [name, sum] : sums) list += fmt::format("{}  {}\n", sum, name);
  return list;
}

Result<int> run_backup(const Options& options, const Io& io) {
  ::umask(0077);  // everything in a backup is its owner's alone
  const FieldFolder folder = TRY(FieldFolder::open_begun(options.field.data, options.field.store));
  StagedFolder staged = TRY(StagedFolder::make(options.folder, kList, Replace::kListed));
  // Answers first: what the identity side knows then includes everybody who has answered.
  TRY_DONE(back_up(folder.answers(), prepare_answers, staged.path() / kAnswers));
  TRY_DONE(back_up(folder.identity(), prepare_identity, staged.path() / kIdentity));
  if (!options.without_keys) TRY_DONE(copy_keys(folder, staged));
  std::vector<Checked> checks;
  checks.push_back(
      TRY(check("answers", {(staged.path() / kAnswers).string()}, options.head, true)));
  checks.push_back(TRY(check("audit log", {(staged.path() / kIdentity).string()}, {}, true)));
  TRY_DONE(staged.write(kList, TRY(sums_of(staged.path()))));
  TRY_DONE(staged.commit());
  return print_checks(checks, options.field.format, io);
}

Result<int> run_restore(const Options& options, const Io& io) {
  ::umask(0077);
  const fs::path from = options.folder;
  const std::string listed = TRY(read_file(from / kList));
  if (listed != TRY(sums_of(from))) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the files in '{}' are not those of the backup ({} differs)",
                            from.string(), kList));
  }
  const std::vector<Checked> checks = {
      TRY(check("answers", {(from / kAnswers).string()}, options.head, true)),
      TRY(check("audit log", {(from / kIdentity).string()}, {}, true))};
  const int sound = print_checks(checks, options.field.format, io);
  if (options.only_verify || sound != kFine) return sound;
  const FieldFolder folder = TRY(FieldFolder::open(options.field.data, options.field.store));
  TRY_DONE(restore(from / kAnswers, prepare_answers, folder.answers()));
  TRY_DONE(restore(from / kIdentity, prepare_identity, folder.identity()));
  if (fs::exists(from / "keys")) {
    for (const auto& entry : fs::directory_iterator(from / "keys")) {
      TRY_DONE(write_file(folder.path() / "keys" / entry.path().filename(),
                          TRY(read_file(entry.path(), 10'000))));
    }
  }
  const DatabasePtr identity = TRY(open_database(folder.identity()));
  const size_t held = TRY(Outbox::hold_unsent(*identity, clock_ms()));
  AuditLog log = TRY(AuditLog::open(folder.identity()));
  TRY_DONE(log.record({.at_ms = clock_ms(), .who = "command line", .what = "restore"}));
  if (held > 0 && options.field.format == "text") {
    fmt::print(io.out,
               "{} mails were not sent when the backup was made, and may have been since: they are "
               "held (barometer invite --again held)\n",
               held);
  }
  return kFine;
}

}  // namespace

void add_backup(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("backup", "Copy the data of fieldwork while it runs");
  verb->footer(
      "  barometer backup --data DIR --to FOLDER\n\n"
      "FOLDER gets answers.sqlite, fieldwork.sqlite, keys/ and SHA256SUMS, each as it stood at "
      "one\n"
      "moment, whole or not at all; an earlier backup there is replaced. It is made the same way "
      "from\n"
      "PostgreSQL. The copies are read back and their chains checked. A backup with its keys can "
      "join\n"
      "people and answers, so keep it as you keep DIR; --without-keys leaves them out, and then "
      "links\n"
      "that were sent no longer work after a restore. What is erased later stays in older "
      "backups.");
  auto options = std::make_shared<Options>();
  add_data_options(*verb, options->field);
  verb->add_option("--to", options->folder, "The backup's folder")->required();
  verb->add_flag("--without-keys", options->without_keys, "Leave the keys out");
  verb->callback([options, &chosen] {
    chosen = [options](const Io& io) { return run_backup(*options, io); };
  });
}

void add_restore(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("restore", "Check a backup, and bring it back");
  verb->footer(
      "  barometer restore FOLDER --verify                check it, change nothing\n"
      "  barometer restore FOLDER --data DIR              into an empty DIR\n"
      "  barometer restore FOLDER --data DIR --store postgresql://…\n\n"
      "A backup whose files, chain or tables are not sound is refused, and nothing is written "
      "over\n"
      "data that is there. Mail that had not been sent is held. Exit code 1: not sound.");
  auto options = std::make_shared<Options>();
  verb->add_option("FOLDER", options->folder, "The backup's folder")->required();
  CLI::Option* only = verb->add_flag("--verify", options->only_verify, "Check it only");
  CLI::Option* data = verb->add_option("--data", options->field.data, "An empty folder");
  data->excludes(only);
  verb->add_option("--store", options->field.store, "postgresql://user:password@host/database");
  verb->add_option("--head", options->head, "A hash of the chain that was written down before");
  verb->callback([options, &chosen] {
    if (!options->only_verify && options->field.data.empty()) {
      throw CLI::RequiredError("--data or --verify");
    }
    chosen = [options](const Io& io) { return run_restore(*options, io); };
  });
}

void add_verify(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("verify", "Check the journal of answers and the audit log");
  verb->footer(
      "Reads every entry: the chain of hashes, gaps, versions, and that a body is missing only "
      "where\n"
      "an erasure says so. Write the printed head down somewhere else, and give it with --head "
      "later:\n"
      "then nothing before it can have been changed unnoticed. Exit code 1: not sound.");
  auto options = std::make_shared<Options>();
  add_data_options(*verb, options->field);
  verb->add_option("--head", options->head, "A hash of the chain that was written down before");
  verb->add_option("--format", options->field.format, "How to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->callback([options, &chosen] {
    chosen = [options](const Io& io) { return run_verify(*options, io); };
  });
}

}  // namespace barometer::cli
