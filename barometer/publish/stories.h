// The stories of a bundle: stories/NAME.html, .md and .txt, and stories.json.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "barometer/publish/page.h"
#include "barometer/story/story.h"

namespace barometer {

// All stories of the study. kInvalid with every mistake when one of them may not be published.
Result<std::vector<Story>> sound_stories(const Study& study, const Ledger& ledger);

// The page of a story, which stands in the bundle's folder stories/.
std::string story_page(const Ledger& ledger, const Story& story,
                       const std::vector<WavePage>& waves);
// Name in the bundle and bytes; nothing when there are no stories.
std::vector<std::pair<std::string, std::string>> story_files(const Ledger& ledger,
                                                             const std::vector<Story>& stories,
                                                             const std::vector<WavePage>& waves);

}  // namespace barometer
