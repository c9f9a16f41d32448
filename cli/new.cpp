// barometer new DIR: a commented study to start from.
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "barometer/base/date.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/study/new_study.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string folder;
  std::string title;
  std::string start;
};

Status refuse_full_folder(const fs::path& folder) {
  std::error_code problem;
  if (!fs::exists(folder, problem)) return {};
  if (!fs::is_directory(folder, problem)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is a file, not a folder", folder.string()));
  }
  if (fs::is_empty(folder, problem)) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is not empty; give a new folder", folder.string()));
}

std::string title_from(const fs::path& folder) {
  fs::path clean = fs::absolute(folder).lexically_normal();
  if (!clean.has_filename()) clean = clean.parent_path();
  std::string title = replaced(clean.filename().string(), "-", " ");
  title = replaced(std::move(title), "_", " ");
  if (!is_utf8(title) || trimmed(title).empty()) return "New study";
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

Date today() {
  return Date(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
}

Result<int> run(const Options& options, const Io& io) {
  if (!is_utf8(options.title)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the title '{}' is not UTF-8 text", printable(options.title)));
  }
  TRY_DONE(refuse_full_folder(options.folder));
  const std::string title =
      trimmed(options.title).empty() ? title_from(options.folder) : options.title;
  // No folder holds this marker, so only an empty or new one is ever replaced.
  StagedFolder staged = TRY(StagedFolder::make(options.folder, ".barometer-new-study"));
  const Date start = options.start.empty() ? today() : TRY(parse_date(options.start));
  const auto files = new_study_files(title, start);
  for (const auto& [name, text] : files) TRY_DONE(staged.write(name, text));
  TRY_DONE(staged.commit());
  fmt::print(io.out, "Started the study “{}” in {}\n", title, options.folder);
  for (const auto& [name, text] : files) fmt::print(io.out, "  {}\n", name);
  fmt::print(io.out, "Write over the examples, then run: barometer check {}\n", options.folder);
  return kFine;
}

}  // namespace

void add_new(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("new", "Start a study from a commented example");
  verb->footer(
      "Writes study.yaml, a frame of example organisations and a first wave whose questionnaire\n"
      "shows every type of question, with three weeks of fieldwork from today and the mails to\n"
      "invite and remind. The folder must be new or empty.");
  auto options = std::make_shared<Options>();
  verb->add_option("DIR", options->folder, "The folder to make")->required();
  verb->add_option("--title", options->title, "The study's title [the folder's name]");
  verb->add_option("--start", options->start, "The first day of fieldwork [today], as 2026-11-23");
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run(*options, io); }; });
}

}  // namespace barometer::cli
