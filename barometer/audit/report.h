// An audit as people and programs read it: terminal, JSON, SARIF 2.1.0, a page.
//
// The forms are described in docs/audit.md; the keys of the JSON are stable.
#pragma once

#include <cstddef>
#include <string>

#include "barometer/audit/audit.h"

namespace barometer {

struct ReportStyle {
  bool colours = false;
  size_t width = 100;  // columns
};

// Each finding with carets under its words, then what the article does not say, then what was
// checked.
std::string audit_text(const Audit& audit, const ReportStyle& style = {});
// Of one document its object, of several {"documents": […]}; start and end count code points.
std::string audit_json(const Audit& audit);
// Columns count code points. Findings in what was taken out of HTML or PDF have no region.
std::string audit_sarif(const Audit& audit);
// The articles with their claims marked and the findings beside them; one file, no scripts.
std::string audit_html(const Audit& audit);

}  // namespace barometer
