#include "barometer/topline/topline.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "barometer/disclosure/suppress.h"
#include "barometer/fieldwork/responses_export.h"
#include "barometer/io/io.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLeastStep = 10;

// Removes a file at the end, whatever the end is.
class PassingFile {
 public:
  explicit PassingFile(fs::path path) : path_(std::move(path)) {}
  PassingFile(const PassingFile&) = delete;
  PassingFile& operator=(const PassingFile&) = delete;
  ~PassingFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const& { return path_; }

 private:
  fs::path path_;
};

// The design without what comes after fieldwork: weights, and strata that a file brings along.
DesignSettings design_so_far(const Wave& wave) {
  DesignSettings design = wave.design;
  design.weight.clear();
  const bool known = design.stratum == "region" || design.stratum == "area_team" ||
                     wave.questionnaire.find(design.stratum) != nullptr;
  const bool unlinked = wave.fieldwork.privacy == PrivacyMode::kUnlinked;
  if (!known || unlinked) design.stratum.clear();
  if (unlinked) design.kind = "simple";
  return design;
}

std::string note_of(const Wave& wave, const HeldBack& answers, size_t cases) {
  std::string out = fmt::format(
      "Interim results of {} interviews; they move again when {} are complete. Not final, and not "
      "for publication.",
      cases, answers.next());
  if (!wave.design.weight.empty()) out += " Not weighted yet.";
  return out;
}

}  // namespace

size_t topline_step(const PrintRules& rules) {
  return std::max(kLeastStep, static_cast<size_t>(std::max(rules.suppress_base_under, 0)));
}

Result<Topline> make_topline(const Study& study, const Wave& wave, const HeldBack& answers,
                             const fs::path& folder, const Progress& progress) {
  if (answers.shown() == nullptr) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{} interviews are complete; the first results come with {}",
                            answers.complete(), answers.next()));
  }
  // The order within the file shows in no table.
  const ExportedResponses exported =
      TRY(export_responses(study, wave, *answers.shown(), {.seed = 1}));
  const PassingFile file(folder / "responses.csv");
  TRY_DONE(write_csv(exported.data, file.path()));
  Wave so_far = wave;
  so_far.responses = file.path();
  so_far.design = design_so_far(wave);
  Topline out{.tables = TRY(make_wave_tables(study, so_far, progress))};
  out.cases = exported.data.case_count();
  out.suppressed = suppress_small_cells(out.tables, study.print);
  add_notes(study, so_far, out.tables);
  out.note = note_of(wave, answers, out.cases);
  return out;
}

}  // namespace barometer
