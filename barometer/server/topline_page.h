// Interim results as the team sees them: held back and suppressed (topline/topline.h), with bars.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/html.h"
#include "barometer/topline/topline.h"

namespace barometer {

// The body of the page.
std::vector<Html> topline_body(const Topline& topline);

}  // namespace barometer
