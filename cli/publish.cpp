#include <filesystem>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/ledger/read.h"
#include "barometer/publish/publish.h"
#include "cli/studies.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::string study;
  std::string out;
  std::vector<std::string> with;
  bool replace_anyway = false;
};

// An edition of the same study that lies in the folder: readers may have kept it. Nothing where
// there is none, or what lies there is no bundle.
bool has_edition(const std::string& folder, const Study& study) {
  const auto ledger = read_ledger_file(std::filesystem::path(folder) / "ledger.json");
  return ledger && ledger->study == study.id;
}

Result<int> run_publish(const Options& options, const Io& io) {
  if (options.out.empty()) return fail(ErrorCode::kInvalid, "--out names no folder");
  if (lies_in(options.out, options.study)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--out '{}' lies in the study '{}'; give a folder outside of it",
                            options.out, options.study));
  }
  const Study study = TRY(read_sound_study(options.study, io));
  std::vector<std::filesystem::path> earlier(options.with.begin(), options.with.end());
  const bool replaces = !options.replace_anyway && has_edition(options.out, study);
  if (replaces) earlier.emplace_back(options.out);
  auto published = publish(study, options.out, io.progress, earlier);
  if (!published && replaces) {
    published.error().message += fmt::format(
        "\nAn earlier edition lies in '{}', and readers may have kept it, so that both were taken "
        "together; --replace-anyway looks at the new one alone.",
        printable(options.out));
  }
  const PublishReport report = TRY(std::move(published));
  io.out << fmt::format("{}: {} figures, {} charts, {} files in {}\n", study.title,
                        report.ledger.figures.size(), report.charts, report.files, options.out);
  if (report.suppressed > 0) {
    io.out << fmt::format("{} cells suppressed to protect respondents\n", report.suppressed);
  }
  for (const std::string& note : report.notes) io.out << note << '\n';
  return kFine;
}

}  // namespace

void add_publish(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "publish",
      "Write a study's bundle: pages, tables, charts, downloads and the ledger of every figure.\n"
      "The folder appears whole or not at all; an earlier bundle there is replaced in one step.\n"
      "It is attacked first as 'barometer attack' does, together with an edition of the study\n"
      "that lies in --out; what leaks is not published.\n"
      "Example: barometer publish studies/ccg-barometer --out site");
  verb->add_option("study", options->study, "study folder")->required();
  verb->add_option("--out", options->out, "folder to write: new, empty, or an earlier bundle")
      ->required();
  verb->add_option(
      "--with", options->with,
      "earlier bundles that readers may have kept, attacked together with the new one");
  verb->add_flag("--replace-anyway", options->replace_anyway,
                 "does not attack the new edition together with one of the same study that lies in "
                 "--out");
  verb->callback([options, &chosen] {
    chosen = [options](const Io& io) { return run_publish(*options, io); };
  });
}

}  // namespace barometer::cli
