// barometer check STUDY: everything that is wrong with a study, at once.
#include <memory>
#include <string>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "barometer/interview/language.h"
#include "barometer/publish/books.h"
#include "barometer/publish/publish.h"
#include "barometer/story/story.h"
#include "barometer/study/study.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::string study;
  std::string format = "text";
};

size_t count(const Diagnostics& problems, Severity severity) {
  size_t found = 0;
  for (const Diagnostic& item : problems.items()) found += item.severity == severity ? 1U : 0U;
  return found;
}

// "1 error", "10 errors"
std::string counted(size_t number, const char* word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

std::string summary(const Diagnostics& problems) {
  const size_t notes = count(problems, Severity::kNote);
  return fmt::format("{}, {}{}", counted(count(problems, Severity::kError), "error"),
                     counted(count(problems, Severity::kWarning), "warning"),
                     notes == 0 ? "" : ", " + counted(notes, "note"));
}

const char* word_for(Severity severity) {
  if (severity == Severity::kError) return "error";
  return severity == Severity::kWarning ? "warning" : "note";
}

nlohmann::ordered_json as_json(const Study& study, const Diagnostics& problems) {
  nlohmann::ordered_json out;
  out["study"] = study.id;
  out["errors"] = count(problems, Severity::kError);
  out["warnings"] = count(problems, Severity::kWarning);
  out["notes"] = count(problems, Severity::kNote);
  out["diagnostics"] = nlohmann::ordered_json::array();
  for (const Diagnostic& item : problems.items()) {
    nlohmann::ordered_json row;
    row["severity"] = word_for(item.severity);
    row["code"] = item.code;
    row["file"] = item.place.file;
    row["line"] = item.place.line;
    row["column"] = item.place.column;
    row["message"] = item.message;
    row["hint"] = item.hint;
    out["diagnostics"].push_back(std::move(row));
  }
  return out;
}

// The language of stories first; what they say needs the figures, and so a sound study.
void check_stories(const Study& study, const Io& io, Diagnostics& problems) {
  bool any = false;
  for (const Wave& wave : study.waves) {
    any = any || !wave.stories.empty();
    for (const StoryFile& file : wave.stories) check_story(file, problems);
  }
  if (!any || !problems.ok()) return;
  const auto publication = compute_publication(study, io.progress);
  if (!publication) {
    problems.note("story-figures", {"study.yaml", 0, 0},
                  "stories were not checked against figures: " + publication.error().message);
    return;
  }
  write_stories(study, publication->ledger, {}, problems);
}

// Pages are to be in one language: the questionnaire's words and the program's own.
void check_languages(const Wave& wave, Diagnostics& problems) {
  for (const std::string& language : wave.fieldwork.languages) {
    if (is_spoken(language)) continue;
    const bool only = wave.fieldwork.languages.size() == 1;
    const std::string words =
        fmt::format("the fixed words of the pages are not known in '{}'", printable(language));
    const char* hint = "they are in English and Welsh (fieldwork: languages)";
    if (only) {
      problems.warning("language-unspoken", wave.place, words + "; they will be English", hint);
    } else {
      problems.error("language-unspoken", wave.place, words, hint);
    }
  }
}

Result<int> run(const Options& options, const Io& io) {
  Diagnostics problems;
  io.progress.report("reading the study", 0, 1);
  const Study study = read_study(options.study, problems, true);
  if (problems.ok()) {
    for (const Wave& wave : study.waves) {
      check_languages(wave, problems);
      const Status banner = check_banner(study, wave);
      if (!banner) {
        problems.error("tables-banner", wave.place, banner.error().message);
        continue;
      }
      const auto loss = banner_loss(study, wave, io.progress);
      if (!loss && loss.error().code == ErrorCode::kLimit) return tl::unexpected(loss.error());
      if (!loss) problems.error("design", wave.place, loss.error().message);
      if (loss && !loss->empty()) problems.warning("tables-too-fine", wave.place, *loss);
    }
  }
  io.progress.report("reading the study", 1, 1);
  check_stories(study, io, problems);
  problems.sort();
  if (options.format == "json") {
    const auto text = as_json(study, problems)
                          .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    fmt::print(io.out, "{}\n", text);
  } else {
    fmt::print(io.out, "{}{}\n", problems.text(), summary(problems));
  }
  return problems.ok() ? kFine : kUsage;
}

}  // namespace

void add_check(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("check", "List everything that is wrong with a study");
  verb->footer(
      "Reads study.yaml, frames, waves, questionnaires, published figures and responses.\n"
      "Exit code 0 when there are no errors (warnings may be there), 2 with errors.");
  auto options = std::make_shared<Options>();
  verb->add_option("STUDY", options->study, "The study's folder")->required();
  verb->add_option("--format", options->format, "How to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run(*options, io); }; });
}

}  // namespace barometer::cli
