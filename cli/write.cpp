// barometer write STUDY [STORY]: stories, bound to the study's figures.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/publish/publish.h"
#include "barometer/publish/stories.h"
#include "barometer/story/render.h"
#include "barometer/wording/write.h"
#include "cli/studies.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::string study;
  std::string story;
  std::string style;
  std::string format = "text";
};

// Leaves only the story that was asked for.
Status choose_story(const Options& options, Study& study) {
  std::vector<std::string> names;
  for (Wave& wave : study.waves) {
    for (const StoryFile& file : wave.stories) names.push_back(file.name);
    if (options.story.empty()) continue;
    std::erase_if(wave.stories, [&](const StoryFile& file) { return file.name != options.story; });
  }
  if (names.empty()) {
    return fail(ErrorCode::kNotFound, "the study has no stories: waves/WAVE/stories/*.md");
  }
  if (options.story.empty() || std::ranges::count(names, options.story) > 0) return {};
  return fail(ErrorCode::kNotFound,
              fmt::format("there is no story '{}'; {}", printable(options.story),
                          suggestion(options.story, names)));
}

std::string written(const Options& options, const Ledger& ledger, const Story& story) {
  if (options.format == "html") return story_page(ledger, story, {});
  return options.format == "md" ? story_markdown(story) : story_text(story);
}

Result<int> run_write(const Options& options, const Io& io) {
  if (!options.style.empty() && wording::find_house_style(options.style) == nullptr) {
    return fail(ErrorCode::kInvalid,
                fmt::format("there is no house style '{}'", printable(options.style)));
  }
  Study study = TRY(read_sound_study(options.study, io));
  TRY_DONE(choose_story(options, study));
  const Publication publication = TRY(compute_publication(study, io.progress));
  Diagnostics problems;
  const std::vector<Story> stories =
      write_stories(study, publication.ledger, {options.style}, problems);
  problems.sort();
  io.err << problems.text();
  if (!problems.ok()) return kFindings;
  if (options.format == "json") {
    io.out << stories_json(publication.ledger, stories);
    return kFine;
  }
  for (size_t i = 0; i < stories.size(); ++i) {
    io.out << (i == 0 ? "" : "\n") << written(options, publication.ledger, stories[i]);
  }
  return kFine;
}

}  // namespace

void add_write(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "write",
      "Write a study's stories (waves/WAVE/stories/*.md): every number from the ledger.\n"
      "\n"
      "A number that no reference wrote, a verb of change that no test supports, a majority that\n"
      "is none are errors, with the reason and the sentence that would be true; the language is\n"
      "in docs/stories.md. Exit 0 when all stories may be published, 1 when one may not.\n"
      "\n"
      "Examples: barometer write studies/ccg-barometer\n"
      "          barometer write studies/ccg-barometer confidence --style Guardian --format md");
  verb->add_option("study", options->study, "study folder")->required();
  verb->add_option("story", options->story, "name of one story; without it, all");
  verb->add_option("--style", options->style,
                   "house style in place of the story's own: HSJ, Guardian, ONS, AP");
  verb->add_option("--format", options->format, "text, md, html or json")
      ->check(CLI::IsMember({"text", "md", "html", "json"}))
      ->capture_default_str();
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_write(*options, io); }; });
}

}  // namespace barometer::cli
