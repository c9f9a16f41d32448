// A page of the interview as a form: one item, or the statements of a battery, each a fieldset with
// its own legend. What looks like a grid on a wide screen is only their arrangement.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/html.h"
#include "barometer/interview/page_view.h"

namespace barometer {

// Everything within <main>: error summary, progress, form. `action` takes the post; `hints` are
// said under the button.
std::vector<Html> question_page(const PageView& page, const std::string& action,
                                const std::string& ticket);

// The id of the first input of a form field, which messages link to.
std::string input_id(const std::string& field_name);

}  // namespace barometer
