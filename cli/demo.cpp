// The main job, start to end: the real surveys, from their printed figures to their bundles.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/publish/publish.h"
#include "barometer/reconstruct/reconstruct.h"
#include "cli/studies.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = ".made-by-barometer-demo";

struct Options {
  std::string studies = "studies";
  std::string out;
};

Result<std::vector<fs::path>> study_folders(const fs::path& parent) {
  std::vector<fs::path> folders;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(parent, problem)) {
    if (fs::exists(entry.path() / "study.yaml")) folders.push_back(entry.path());
  }
  std::ranges::sort(folders);
  if (folders.empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("no study below '{}'", parent.string()));
  }
  return folders;
}

// A copy made by an earlier demo is replaced, nothing else.
Status copy_study(const fs::path& from, const fs::path& to) {
  if (lies_in(to, from) || lies_in(from, to)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the copy of '{}' would be '{}', which is the same folder or overlaps "
                            "it; give another --out",
                            from.string(), to.string()));
  }
  StagedFolder copy = TRY(StagedFolder::make(to, kMarker));
  std::error_code problem;
  for (fs::recursive_directory_iterator at(from, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (!at->is_regular_file(problem)) continue;
    const std::string bytes = TRY(read_file(at->path()));
    TRY_DONE(copy.write(at->path().lexically_relative(from), bytes));
  }
  if (problem) {
    return fail(ErrorCode::kIo,
                fmt::format("cannot list '{}': {}", from.string(), problem.message()));
  }
  TRY_DONE(copy.write(kMarker, "A copy made by 'barometer demo', which replaces it.\n"));
  return copy.commit();
}

// Reconstructs the waves marked so, each with what it says of its own figures.
Status reconstruct_waves(const fs::path& folder, const Io& io) {
  const Study study = TRY(read_sound_study(folder, io));
  std::map<std::string, Reconstruction> solved;
  for (const Wave& wave : study.waves) {
    if (!wave.reconstruction) continue;
    ReconstructionOutcome outcome = TRY(reconstruct(study, wave, solved, io.progress));
    if (!outcome.solved()) return fail(ErrorCode::kInvalid, outcome.conflicts.front().message);
    TRY_DONE(save_reconstruction(wave, outcome));
    io.out << fmt::format(
        "{}: {} figures met by whole-number counts for {} respondents{}\n", wave.id,
        outcome.record.figures.size(), outcome.record.n,
        outcome.record.n_printed ? "" : " (an assumption: no number was printed)");
    solved[wave.id] = std::move(outcome.record);
  }
  return {};
}

Result<Tally> show_study(const fs::path& from, const fs::path& out, const Io& io) {
  const std::string name = from.filename().string();
  const fs::path work = out / "studies" / name;
  const fs::path site = out / "site" / name;
  TRY_DONE(copy_study(from, work));
  io.out << fmt::format("\n== {} ==\n", name);
  TRY_DONE(reconstruct_waves(work, io));
  const Study study = TRY(read_sound_study(work, io));
  const PublishReport report = TRY(publish(study, site, io.progress));
  io.out << fmt::format("published {} figures and {} charts in {} files: {}\n\n",
                        report.ledger.figures.size(), report.charts, report.files,
                        (site / "index.html").string());
  return print_checks(study, report.ledger, io);
}

Result<int> run_demo(const Options& options, const Io& io) {
  if (options.out.empty()) return fail(ErrorCode::kInvalid, "--out names no folder");
  Tally all;
  for (const fs::path& folder : TRY(study_folders(options.studies))) {
    const Tally tally = TRY(show_study(folder, options.out, io));
    all.reproduced += tally.reproduced;
    all.figures += tally.figures;
  }
  io.out << fmt::format("\n{} of {} published figures reproduced\n", all.reproduced, all.figures);
  return all.reproduced == all.figures ? kFine : kFindings;
}

}  // namespace

void add_demo(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "demo",
      "Rebuild the CCG Barometer and the NHS Clinical Commissioners survey from their printed "
      "figures,\n"
      "publish them, and set every printed figure beside the computed one. Takes a few seconds.\n"
      "Example: barometer demo --out out/demo");
  verb->add_option("--out", options->out, "folder to write to")->required();
  verb->add_option("--studies", options->studies, "folder of the studies")->capture_default_str();
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_demo(*options, io); }; });
}

}  // namespace barometer::cli
