#include "barometer/publish/stories.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/publish/page_parts_internal.h"
#include "barometer/story/render.h"

namespace barometer {
namespace {

// "index.html#2013-04-policy", where the item has a section.
std::string table_of(const Figure& figure, const std::vector<WavePage>& waves) {
  for (const WavePage& page : waves) {
    if (page.wave->id != figure.wave) continue;
    for (const Section& section : page.sections) {
      const bool here = std::ranges::any_of(
          section.items, [&](const ItemTable* table) { return table->item.id == figure.item; });
      if (here) return "index.html#" + section.id;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Story>> sound_stories(const Study& study, const Ledger& ledger) {
  Diagnostics problems;
  std::vector<Story> stories = write_stories(study, ledger, {}, problems);
  problems.sort();
  TRY_DONE(problems.status());
  return stories;
}

std::string story_page(const Ledger& ledger, const Story& story,
                       const std::vector<WavePage>& waves) {
  const auto wave = std::ranges::find_if(
      waves, [&](const WavePage& page) { return page.wave->id == story.wave; });
  Html header;
  header +=
      element("p", {{"class", "lead"}},
              {text(fmt::format("{}. ", wave == waves.end() ? ledger.title : wave->wave->title)),
               link("../index.html", "All results")});
  const StoryLinks links{"../", [&](const Figure& figure) { return table_of(figure, waves); }};
  return page_of(fmt::format("{} – {}", story.title, ledger.title), header,
                 element("article", {{"class", "story"}}, {story_html(ledger, story, links)}), {},
                 "../")
      .bytes();
}

std::vector<std::pair<std::string, std::string>> story_files(const Ledger& ledger,
                                                             const std::vector<Story>& stories,
                                                             const std::vector<WavePage>& waves) {
  std::vector<std::pair<std::string, std::string>> files;
  if (stories.empty()) return files;
  for (const Story& story : stories) {
    const std::string stem = "stories/" + story.name;
    files.emplace_back(stem + ".html", story_page(ledger, story, waves));
    files.emplace_back(stem + ".md", story_markdown(story));
    files.emplace_back(stem + ".txt", story_text(story));
  }
  files.emplace_back("stories.json", stories_json(ledger, stories));
  return files;
}

}  // namespace barometer
