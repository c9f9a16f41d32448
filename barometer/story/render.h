// Stories as they are published: HTML, Markdown, text, and the list of their claims.
//
// In HTML and Markdown each number leads to its figure. HTML needs no script: a number is a link to
// an entry at the end of the page with its wording, base, interval and table, which a style sheet
// shows as a panel when it is the target; the link's title says the same in short.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/html.h"
#include "barometer/story/story.h"

namespace barometer {

// Where a bundle keeps what stories lead to, seen from the story: "../".
struct StoryLinks {
  std::string root = "../";
  // Of a figure's table: "index.html#2013-04-policy"; empty where there is none.
  std::function<std::string(const Figure&)> table{};
};

// The article and, after it, an entry for each number; to stand in a page's main element.
Html story_html(const Ledger& ledger, const Story& story, const StoryLinks& links = {});
// Each number a link to its entry in the ledger's page.
std::string story_markdown(const Story& story, const StoryLinks& links = {});
std::string story_text(const Story& story);
// Sentences, what was written in them, figures with their base: stable order and formatting.
std::string stories_json(const Ledger& ledger, const std::vector<Story>& stories);

// What everything made from a reconstruction says.
inline constexpr const char* kStoryReconstruction =
    "Figures are a reconstruction from published figures: the answers of this survey were never "
    "public.";

}  // namespace barometer
