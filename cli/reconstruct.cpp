// barometer reconstruct STUDY: responses that meet every published figure, or the figures that
// cannot all be true.
#include "barometer/reconstruct/reconstruct.h"

#include <map>
#include <memory>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::string study;
  std::string wave;
  std::string format = "text";
  bool dry_run = false;
};

struct Solved {
  const Wave* wave = nullptr;
  ReconstructionOutcome outcome;
};

// The marked waves in date order as far as the wanted one: a change is measured from a wave before.
Result<std::vector<Solved>> solve(const Study& study, const Options& options,
                                  const Progress& progress) {
  std::map<std::string, Reconstruction> earlier;
  std::vector<Solved> out;
  for (const Wave& wave : study.waves) {
    if (!wave.reconstruction) continue;
    ReconstructionOutcome outcome = TRY(reconstruct(study, wave, earlier, progress));
    if (outcome.solved()) earlier[wave.id] = outcome.record;
    if (options.wave.empty() || options.wave == wave.id) {
      out.push_back({&wave, std::move(outcome)});
    }
    if (options.wave == wave.id) break;
  }
  if (out.empty()) {
    return fail(ErrorCode::kNotFound,
                options.wave.empty()
                    ? "no wave of this study is marked `reconstruction: true`"
                    : fmt::format("'{}' is no wave marked `reconstruction: true`", options.wave));
  }
  return out;
}

nlohmann::ordered_json conflicts_json(const std::vector<FigureConflict>& conflicts) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const FigureConflict& conflict : conflicts) {
    out.push_back(
        {{"item", conflict.item}, {"figures", conflict.figures}, {"message", conflict.message}});
  }
  return out;
}

void print_json(const std::vector<Solved>& waves, bool written, std::ostream& out) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Solved& solved : waves) {
    nlohmann::ordered_json wave{{"wave", solved.wave->id},
                                {"solved", solved.outcome.solved()},
                                {"written", written},
                                {"conflicts", conflicts_json(solved.outcome.conflicts)}};
    if (solved.outcome.solved()) {
      wave["record"] =
          nlohmann::ordered_json::parse(reconstruction_json(solved.outcome.record), nullptr, false);
    }
    all.push_back(std::move(wave));
  }
  out << all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

void print_solved(const Solved& solved, std::ostream& out) {
  const Reconstruction& record = solved.outcome.record;
  size_t used = 0;
  for (const FoundFigure& figure : record.figures) used += figure.used ? 1 : 0;
  fmt::print(out, "{}: {} of {} figures met by {} respondents ({}) from {} organisations ({})\n",
             record.wave, used, record.figures.size(), record.n,
             record.n_printed ? "printed" : "ASSUMED, none was printed", record.organisations,
             record.organisations_printed ? "printed" : "not identified");
  for (const FoundFigure& figure : record.figures) {
    if (!figure.used) fmt::print(out, "  {} is not used: {}\n", figure.id, figure.how);
  }
  for (const FoundItem& item : record.items) {
    if (!item.base_searched) continue;
    fmt::print(out, "  {}: base {} taken; {} fit\n", item.item, item.base, runs_text(item.bases));
  }
}

void print_text(const std::vector<Solved>& waves, bool written, std::ostream& out) {
  for (const Solved& solved : waves) {
    if (solved.outcome.solved()) print_solved(solved, out);
    for (const FigureConflict& conflict : solved.outcome.conflicts) {
      fmt::print(out, "{}: conflict: {}\n", solved.wave->id, conflict.message);
    }
  }
  fmt::print(out, "{}\n",
             written ? "Written beside each wave: responses.parquet, reconstruction.json, "
                       "reconstruction.md. These are reconstructions, not the original answers."
                     : "Nothing was written.");
}

Result<int> run(const Options& options, const Io& io) {
  Diagnostics problems;
  const Study study = read_study(options.study, problems, false);
  TRY_DONE(problems.status());
  const std::vector<Solved> waves = TRY(solve(study, options, io.progress));
  bool all_solved = true;
  for (const Solved& solved : waves) {
    all_solved &= solved.outcome.solved();
    TRY_DONE(may_replace_responses(*solved.wave));
  }
  const bool write = all_solved && !options.dry_run;
  for (const Solved& solved : waves) {
    if (write) TRY_DONE(save_reconstruction(*solved.wave, solved.outcome));
  }
  options.format == "json" ? print_json(waves, write, io.out) : print_text(waves, write, io.out);
  return all_solved ? kFine : kFindings;
}

}  // namespace

void add_reconstruct(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "reconstruct", "Work out responses that meet every published figure of a wave");
  verb->footer(
      "Solves each wave marked `reconstruction: true` for whole-number counts that meet every row "
      "of its\npublished.csv, and writes responses.parquet, reconstruction.json and "
      "reconstruction.md beside it.\nWhen figures cannot all be true it names the smallest set "
      "that conflicts, writes nothing, and exits 1.");
  verb->add_option("STUDY", options->study, "the study folder")->required();
  verb->add_option("--wave", options->wave, "only this wave (default: every marked wave)");
  verb->add_flag("--dry-run", options->dry_run, "solve and report, write nothing");
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run(*options, io); }; });
}

}  // namespace barometer::cli
