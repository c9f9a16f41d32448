// barometer export STUDY --wave W --data DIR: answers as data, into the study's folder.
// barometer erase: one person, forgotten.
#include <sodium.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "barometer/base/date.h"
#include "barometer/base/file.h"
#include "barometer/base/moment.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/responses_export.h"
#include "barometer/fieldwork/wave_end.h"
#include "barometer/io/io.h"
#include "barometer/io/sav.h"
#include "barometer/questionnaire/asked.h"
#include "cli/field.h"

namespace barometer::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  FieldOptions field;
  std::string out;
  std::string person;
  bool expired = false;
  bool hand_over = false;
  bool replace_anyway = false;
  std::vector<std::string> wording_corrected;
};

Status make_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (fs::is_directory(folder, problem)) return {};
  return fail(ErrorCode::kIo, fmt::format("cannot make the folder '{}'", folder.string()));
}

// What came of everybody who is asked, for the method statement of the publication.
Result<std::string> outcomes_of(const OpenField& field, const Projection& projection) {
  const auto key = TRY(pseudonyms_of(field));
  People people(*field.identity, field.wave->id);
  FieldworkMonitor seen = TRY(monitor_sides(
      field.study, *field.wave, {*field.identity, people, projection, key ? &*key : nullptr},
      CompleteBy::kThresholds));
  return outcomes_csv(field.wave->fieldwork,
                      {std::move(seen.people), std::move(seen.organisations)});
}

// An export from the wrong folder, or of the wrong wave, is not to take the place of the right one.
Status may_replace(const fs::path& file, const std::string& fresh) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return {};
  const auto lost = lost_by_replacing(TRY(read_file(file, size_t{1} << 30U)), fresh);
  if (!lost) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is not replaced: {}; is this the right --data? With "
                          "--replace-anyway it is",
                          printable(file.string(), 300), *lost));
}

Result<int> run_export(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io));
  TRY_DONE(settle_asked(field->folder, *field->wave, options.wording_corrected, io));
  const auto projection = TRY(project(*field));
  ExportOptions how;
  randombytes_buf(&how.seed, sizeof how.seed);
  const ExportedResponses made =
      TRY(export_responses(field->study, *field->wave, *projection, how));
  const fs::path folder = options.out.empty() ? field->wave->folder : fs::path(options.out);
  TRY_DONE(make_folder(folder));
  if (!options.replace_anyway) {
    TRY_DONE(may_replace(folder / "responses.csv", csv_text(made.data)));
  }
  TRY_DONE(write_csv(made.data, folder / "responses.csv"));
  TRY_DONE(write_file(folder / "asked.csv", asked_csv(field->wave->questionnaire)));
  TRY_DONE(write_sav(made.data, folder / "responses.sav"));  // with its codebook inside
  TRY_DONE(write_file(folder / "collected-verbatims.csv", verbatims_csv(made)));
  const std::string note = export_note(*field->wave, made);
  TRY_DONE(write_file(folder / "responses.txt", note));
  const auto outcomes = outcomes_of(*field, *projection);
  if (outcomes) {
    TRY_DONE(write_file(folder / "outcomes.csv", *outcomes));
  } else if (outcomes.error().code == ErrorCode::kNotFound) {
    fmt::print(io.out, "outcomes.csv stays as it was at the hand-over\n");
  } else {
    return tl::unexpected(outcomes.error());
  }
  TRY_DONE(forget_order_of(*field));
  const bool linked = field->wave->fieldwork.privacy != PrivacyMode::kUnlinked;
  if (options.hand_over && linked) {
    TRY_DONE(field->folder.destroy_key("pseudonym-" + field->wave->id));
  }
  TRY_DONE(field->record(
      options.hand_over ? "hand-over" : "export",
      fmt::format("{} complete, {} partial", made.counts.complete, made.counts.partial)));
  fmt::print(io.out, "{}: {} answers\n{}", (folder / "responses.csv").string(),
             made.data.case_count(), note);
  if (options.hand_over) {
    fmt::print(io.out, "{}",
               linked ? "The key that joined people and answers is destroyed.\n"
                      : "No key joined people and answers of this wave.\n");
  }
  return kFine;
}

Result<int> run_erase(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io));
  People people(*field->identity, field->wave->id);
  if (!TRY(people.find(options.person))) {
    return fail(ErrorCode::kNotFound, fmt::format("there is nobody '{}' in the wave '{}'",
                                                  printable(options.person), field->wave->id));
  }
  const auto key = TRY(pseudonyms_of(*field));
  const int64_t now = clock_ms();
  int64_t answers = 0;
  if (key) {
    const auto journal = TRY(Journal::open(field->folder.answers()));
    const std::string subject = pseudonym(*key, field->wave->id, options.person);
    answers = TRY(journal->erase(field->wave->id, subject, now));
  }
  TRY_DONE(people.erase(options.person, now, "command line",
                        key ? ErasedAnswers::kGone : ErasedAnswers::kStay));
  TRY_DONE(field->record("erase", options.person));
  if (!key) {
    fmt::print(io.out,
               "{}: name and addresses are erased. Answers of this wave are not linked to people: "
               "only the person could have erased them, with their link\n",
               options.person);
    return kFine;
  }
  fmt::print(io.out,
             "{}: name, addresses and {} saved pages are erased; backups and exports made before "
             "keep them\n",
             options.person, answers);
  return kFine;
}

// When the personal data of the wave is no longer kept.
Result<int64_t> kept_until(const OpenField& field, People& people) {
  const FieldworkSettings& settings = field.wave->fieldwork;
  const auto end = TRY(wave_end_ms(people, settings));
  if (!end) return fail(ErrorCode::kInvalid, "the wave has no day on which it closes");
  return *end + int64_t{settings.retention_days} * kDayMs;
}

Result<int> run_expire(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io));
  People people(*field->identity, field->wave->id);
  const int64_t until = TRY(kept_until(*field, people));
  if (clock_ms() < until) {
    const std::chrono::sys_time<std::chrono::milliseconds> day{std::chrono::milliseconds(until)};
    return fail(ErrorCode::kInvalid,
                fmt::format("people were told that their data is kept until {}: {} days after the "
                            "wave closes (wave.yaml, fieldwork: retention)",
                            iso_text(Date(std::chrono::floor<std::chrono::days>(day))),
                            field->wave->fieldwork.retention_days));
  }
  const size_t known = TRY(people.expire());
  const auto key = pseudonyms_of(*field);
  if (key && *key) TRY_DONE(field->folder.destroy_key("pseudonym-" + field->wave->id));
  TRY_DONE(field->record("expire", fmt::format("{} people", known)));
  fmt::print(io.out,
             "names, addresses and notes of {} people are erased, and all links; backups made "
             "before keep them\n",
             known);
  return kFine;
}

}  // namespace

void add_export(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("export", "The answers so far as a data file of the study");
  verb->footer(
      "Writes responses.csv, the same as responses.sav with all labels, outcomes.csv,\n"
      "collected-verbatims.csv and a note on them into the wave's folder (or --out), ready\n"
      "for check, estimate and publish. Respondents have new names in a new order each time; "
      "nothing\n"
      "in the files joins them to people, links or moments. --hand-over also destroys the key "
      "that\n"
      "joins people and answers: after that nobody can resume, change or erase an answer.");
  auto options = std::make_shared<Options>();
  add_field_options(*verb, options->field);
  verb->add_option("--out", options->out, "Another folder; made when it is not there");
  verb->add_option("--wording-corrected", options->wording_corrected,
                   "An item in which a typing error was mended since people answered");
  verb->add_flag("--replace-anyway", options->replace_anyway,
                 "Also over a responses.csv most of whose answers are not in this export");
  verb->add_flag("--hand-over", options->hand_over, "Destroy the key afterwards; for good");
  verb->callback([options, &chosen] {
    chosen = [options](const Io& io) { return run_export(*options, io); };
  });
}

void add_erase(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("erase", "Forget a person and their answers");
  verb->footer(
      "Answers go from the journal, whose chain still verifies and says that they were erased; "
      "name,\n"
      "addresses and notes go from the list, and nobody writes to the address again. The row "
      "stays\n"
      "for the outcome rates: an organisation, a role, and that it was erased.\n\n"
      "--expired does this with everybody's names, addresses, notes and links, and destroys the "
      "key "
      "that\n"
      "joins people and answers, once the days of `retention` after closing are over; answers "
      "stay. "
      "Run\n"
      "it daily: before its day it changes nothing, and exits with 2.");
  auto options = std::make_shared<Options>();
  add_field_options(*verb, options->field);
  CLI::Option* one = verb->add_option("--person", options->person, "The person's id");
  verb->add_flag("--expired", options->expired, "Everybody, once the data is no longer kept")
      ->excludes(one);
  verb->callback([options, &chosen] {
    chosen = [options](const Io& io) -> Result<int> {
      if (options->expired) return run_expire(*options, io);
      if (!options->person.empty()) return run_erase(*options, io);
      return fail(ErrorCode::kInvalid, "say whom: --person ID, or --expired");
    };
  });
}

}  // namespace barometer::cli
