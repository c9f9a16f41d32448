#include "cli/field.h"

#include <chrono>

#include <fmt/format.h>

#include "barometer/base/text.h"
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

}  // namespace

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

Result<std::unique_ptr<OpenField>> open_field(const FieldOptions& options, const Io& io) {
  Study study = TRY(read_study_of_fieldwork(options.study, io));
  TRY(wave_of(study, options.wave));
  FieldFolder folder = TRY(FieldFolder::open(options.data, options.store));
  DatabasePtr identity = TRY(open_database(folder.identity()));
  TRY_DONE(prepare_identity(*identity));
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

Result<std::shared_ptr<const Projection>> project(const OpenField& field) {
  const Wave& wave = *field.wave;
  InterviewSettings settings;
  settings.thresholds = {wave.fieldwork.complete_percent, wave.fieldwork.partial_percent};
  settings.submit_to_complete = wave.fieldwork.submit_to_complete;
  const Interview interview = TRY(Interview::make(wave.questionnaire, settings));
  auto projection = std::make_shared<Projection>(interview);
  const DatabasePtr answers = TRY(open_database(field.folder.answers()));
  TRY_DONE(prepare_answers(*answers));
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
