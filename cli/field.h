// What the verbs of fieldwork share: a study, one of its waves, and the folder of its data.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "barometer/contact/campaign.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/fieldwork/monitor.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/projection.h"
#include "barometer/fieldwork/team.h"
#include "barometer/study/study.h"
#include "cli/verb.h"

namespace barometer::cli {

struct FieldOptions {
  std::string study;
  std::string wave;
  std::string data;
  std::string store;
  std::string format = "text";
};
// STUDY --wave W --data DIR [--store ADDRESS] [--format text|json]
void add_field_options(CLI::App& verb, FieldOptions& options);
// --data and --store alone.
void add_data_options(CLI::App& verb, FieldOptions& options);

// Milliseconds since 1970, UTC.
int64_t clock_ms();

// Makes or upgrades all tables of the identity side, and those of the answers.
Status prepare_identity(Database& database);
Status prepare_answers(Database& database);

struct OpenField {
  Study study;
  const Wave* wave = nullptr;  // of the study
  FieldFolder folder;
  DatabasePtr identity;
  SecretKey token_key;

  // One act of the command line in the audit log.
  [[nodiscard]] Status record(const std::string& what, const std::string& detail) const;
};
// Whether a verb may be the first on its folder. All others refuse a folder in which nothing has
// begun, which may be a misspelt name, and one that holds only other waves.
enum class FieldStart { kBegun, kMayBegin };
Result<FieldFolder> open_folder(const std::string& data, const std::string& store, FieldStart start,
                                const Io& io);
// On the heap, since `wave` points into `study`.
Result<std::unique_ptr<OpenField>> open_field(const FieldOptions& options, const Io& io,
                                              FieldStart start = FieldStart::kBegun);

// What joins people and answers; none in an unlinked wave. kNotFound once it was destroyed.
Result<std::optional<SecretKey>> pseudonyms_of(const OpenField& field);
// In an unlinked wave: forget_order() (fieldwork/token.h).
Status forget_order_of(const OpenField& field);
// The same once it has ended (fieldwork/wave_end.h); open_field() does it for every verb.
Result<bool> forget_order_after_end(const OpenField& field);
// What changed in the questionnaire since the first answer: refused, or noted on io.err, in the
// audit log, and kept. `corrected`: items of --wording-corrected.
Status settle_asked(const FieldFolder& folder, const Wave& wave,
                    const std::vector<std::string>& corrected, const Io& io);
// The answers, from the journal as it stands. kInvalid: they were given under another privacy mode,
// or to a questionnaire in which they meant something else.
Result<std::shared_ptr<const Projection>> project(const OpenField& field);
// How far each person's interview is, from the journal as it stands.
Result<ProgressOf> interview_progress(const OpenField& field);

}  // namespace barometer::cli
