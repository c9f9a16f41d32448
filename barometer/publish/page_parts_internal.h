// What the pages of a bundle have in common.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/html.h"
#include "barometer/publish/charts.h"

namespace barometer {

Html header_row(const std::vector<std::string>& headings);
// A table that scrolls in a frame of its own, which a keyboard reaches.
Html scrolling_table(const std::string& caption, const Html& head, const std::vector<Html>& rows);

// A chart's drawing, on a phone its narrow one.
Html picture_of(const SectionChart& entry);
// "Chart as SVG, PNG, ..."; of the index also the way to its table.
Html downloads_of(const SectionChart& entry, bool to_table);

// A page with its skip link. `script` is a file beside it, or nothing: only that page may run one.
// `root` leads from the page to the bundle's folder: "../".
Html page_of(const std::string& title, const Html& header, const Html& main,
             const std::string& script = {}, const std::string& root = {});

}  // namespace barometer
