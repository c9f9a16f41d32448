// What may be quoted of a verbatim (study.h): nobody named beyond what they agreed to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/study/study.h"

namespace barometer {

// Names of the frame in the words (frame/frame_names.h) that the consent does not reach to, as they
// stand there. Whoever quotes refuses while there are any.
std::vector<std::string> names_beyond_consent(const Frame& frame, const Verbatim& verbatim);

// What stands in place of words that were left out, as a cell of the column `edited` has them; the
// words of such a verbatim are that cell's.
inline constexpr std::string_view kLeftOut = "[…]";
// That `edited` is `text` with […] or [...] in place of something, and nothing else changed.
bool only_leaves_out(std::string_view edited, std::string_view text);

}  // namespace barometer
