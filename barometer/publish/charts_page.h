// charts.html: every chart of a bundle with the table of its figures. With scripts a reader may
// turn a picture into an interactive chart made from the same specification.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/publish/page.h"

namespace barometer {

std::string charts_page(const Study& study, const std::vector<WavePage>& waves);

// charts/ID.js: the wide and the narrow specification, for web/charts.js.
std::string chart_script(std::string_view id, std::string_view wide, std::string_view narrow);

// One chart as a page that needs no other file: its picture and the table of its figures.
std::string chart_page(const Chart& chart, std::string_view svg);

}  // namespace barometer
