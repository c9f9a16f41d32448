#include "cli/field.h"

#include <chrono>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "barometer/base/text.h"
#include "barometer/fieldwork/asked_record.h"
#include "barometer/fieldwork/projection.h"
#include "barometer/fieldwork/wave_end.h"
#include "cli/studies.h"

namespace barometer::cli {
namespace {

Result<const Wave*> wave_of(const Study& study, const std::string& id) {
  if (const Wave* wave = study.wave(id)) return wave;
  std::vector<std::string> ids;
  for (const Wave& known : study.waves) ids.push_back(known.id);
  const std::string hint = suggestion(id, ids);
  return fail(ErrorCode::kNotFound, fmt::format("there is no wave '{}'{}{}", printable(id),
                                                hint.empty() ? "" : "; ", hint));
}

// A folder may hold several waves; one that holds others only was not meant.
Status holds_wave(Database& identity, const FieldFolder& folder, const std::string& wave) {
  std::vector<std::string> others;
  bool found = false;
  TRY_DONE(identity.ask("SELECT DISTINCT wave FROM person ORDER BY wave", {},
                        [&](const DbRow& row) -> Status {
                          found = found || row.text(0) == wave;
                          others.push_back("'" + printable(row.text(0)) + "'");
                          return {};
                        }));
  if (found || others.empty()) return {};
  const DatabasePtr answers = TRY(open_database(folder.answers()));
  TRY_DONE(prepare_answers(*answers));
  const std::string_view any = "SELECT 1 FROM journal WHERE wave = ? LIMIT 1";
  if (TRY(answers->ask_whole(any, {wave}))) return {};
  return fail(ErrorCode::kNotFound,
              fmt::format("'{}' holds people of {} and nobody of the wave '{}'; 'barometer people "
                          "import' puts people on its list",
                          printable(folder.path().string(), 300), join(others, ", "), wave));
}

}  // namespace

Result<FieldFolder> open_folder(const std::string& data, const std::string& store, FieldStart start,
                                const Io& io) {
  if (start == FieldStart::kBegun) return FieldFolder::open_begun(data, store);
  if (!FieldFolder::has_begun(data)) {
    const auto near = FieldFolder::begun_near(data);
    if (!near.empty()) {
      fmt::print(io.err, "note: fieldwork begins in '{}', which is new; it has begun in '{}' too\n",
                 printable(data, 300), printable(near.front(), 300));
    }
  }
  return FieldFolder::open(data, store);
}

void add_data_options(CLI::App& verb, FieldOptions& options) {
  verb.add_option("--data", options.data, "The folder of the fieldwork's data")->required();
  verb.add_option("--store", options.store,
                  "postgresql://user:password@host/database instead of files in the folder");
}

void add_field_options(CLI::App& verb, FieldOptions& options) {
  verb.add_option("STUDY", options.study, "The study's folder")->required();
  verb.add_option("--wave", options.wave, "The wave")->required();
  add_data_options(verb, options);
  verb.add_option("--format", options.format, "How to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

int64_t clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Status prepare_identity(Database& database) {
  TRY_DONE(People::prepare(database));
  TRY_DONE(Outbox::prepare(database));
  return prepare_journal(database);
}

Status prepare_answers(Database& database) { return prepare_journal(database); }

Result<std::unique_ptr<OpenField>> open_field(const FieldOptions& options, const Io& io,
                                              FieldStart start) {
  Study study = TRY(read_study_of_fieldwork(options.study, io));
  TRY(wave_of(study, options.wave));
  FieldFolder folder = TRY(open_folder(options.data, options.store, start, io));
  DatabasePtr identity = TRY(open_database(folder.identity()));
  TRY_DONE(prepare_identity(*identity));
  if (start == FieldStart::kBegun) TRY_DONE(holds_wave(*identity, folder, options.wave));
  SecretKey key = TRY(folder.key("tokens"));
  auto field = std::make_unique<OpenField>(OpenField{.study = std::move(study),
                                                     .wave = nullptr,
                                                     .folder = std::move(folder),
                                                     .identity = std::move(identity),
                                                     .token_key = std::move(key)});
  field->wave = field->study.wave(options.wave);
  if (const auto forgot = forget_order_after_end(*field); !forgot) {
    io.err << fmt::format("warning: the order of answers is still in the logs: {}\n",
                          forgot.error().message);
  }
  return field;
}

Status OpenField::record(const std::string& what, const std::string& detail) const {
  AuditLog log = TRY(AuditLog::open(folder.identity()));
  return log.record({.at_ms = clock_ms(),
                     .who = "command line",
                     .what = what,
                     .wave = wave == nullptr ? "" : wave->id,
                     .detail = detail});
}

Status settle_asked(const FieldFolder& folder, const Wave& wave,
                    const std::vector<std::string>& corrected, const Io& io) {
  const DatabasePtr identity = TRY(open_database(folder.identity()));
  TRY_DONE(prepare_identity(*identity));
  const DatabasePtr answers = TRY(open_database(folder.answers()));
  TRY_DONE(prepare_answers(*answers));
  People people(*identity, wave.id);
  if (!TRY(has_answers(*answers, wave.id))) return keep_asked(people, wave.questionnaire);
  const Diagnostics notes = TRY(check_asked(people, wave.questionnaire, corrected));
  AuditLog log = TRY(AuditLog::open(folder.identity()));
  for (const Diagnostic& note : notes.items()) {
    fmt::print(io.err, "{}\n", note.text());
    TRY_DONE(log.record({.at_ms = clock_ms(),
                         .who = "command line",
                         .what = note.code,
                         .wave = wave.id,
                         .detail = note.message}));
  }
  if (!notes.items().empty()) return keep_asked(people, wave.questionnaire);
  // A wave that began before any of this was kept.
  const std::string_view any = "SELECT 1 FROM journal WHERE wave = ? LIMIT 1";
  const bool begun = TRY(answers->ask_whole(any, {wave.id})).has_value();
  return begun ? hold_asked(people, wave.questionnaire) : Status();
}

Result<std::shared_ptr<const Projection>> project(const OpenField& field) {
  const Wave& wave = *field.wave;
  InterviewSettings settings;
  settings.thresholds = {wave.fieldwork.complete_percent, wave.fieldwork.partial_percent};
  settings.submit_to_complete = wave.fieldwork.submit_to_complete;
  const Interview interview = TRY(Interview::make(wave.questionnaire, settings));
  auto projection = std::make_shared<Projection>(interview);
  const DatabasePtr answers = TRY(open_database(field.folder.answers()));
  TRY_DONE(prepare_answers(*answers));
  People people(*field.identity, wave.id);
  if (TRY(has_answers(*answers, wave.id))) TRY(check_asked(people, wave.questionnaire));
  TRY_DONE(read_entries(*answers, 1, [&](const JournalEntry& entry) -> Status {
    return entry.wave == wave.id ? projection->add(line_of(entry)) : Status();
  }));
  TRY_DONE(projection->keeps(wave.fieldwork.privacy));
  return std::shared_ptr<const Projection>(std::move(projection));
}

Result<std::optional<SecretKey>> pseudonyms_of(const OpenField& field) {
  std::optional<SecretKey> key;
  if (field.wave->fieldwork.privacy != PrivacyMode::kUnlinked) {
    key.emplace(TRY(field.folder.pseudonym_key(field.wave->id)));
  }
  return key;
}

Status forget_order_of(const OpenField& field) {
  if (field.wave->fieldwork.privacy != PrivacyMode::kUnlinked) return {};
  const DatabasePtr answers = TRY(open_database(field.folder.answers()));
  TRY_DONE(prepare_answers(*answers));
  return forget_order(*field.identity, *answers, field.wave->id);
}

Result<bool> forget_order_after_end(const OpenField& field) {
  return barometer::forget_order_after_end(*field.identity, field.folder.answers(), field.wave->id,
                                           field.wave->fieldwork, clock_ms());
}

Result<ProgressOf> interview_progress(const OpenField& field) {
  const auto projection = TRY(project(field));
  const auto key = TRY(pseudonyms_of(field));
  People people(*field.identity, field.wave->id);
  return lookup_of(
      TRY(progress_of(*field.wave, {*field.identity, people, *projection, key ? &*key : nullptr})));
}

}  // namespace barometer::cli
