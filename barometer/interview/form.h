// Form posts as browsers send them: application/x-www-form-urlencoded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

using FormFields = std::vector<std::pair<std::string, std::string>>;  // in the order sent

struct FormLimits {
  size_t bytes = 65'536;
  size_t fields = 1'000;
};

// kLimit: over a limit. kInvalid: a percent sign without two hexadecimal digits, bytes that are not
// UTF-8, a control byte other than tab, CR and LF. CRLF and CR become LF in values.
Result<FormFields> parse_form(std::string_view body, const FormLimits& limits = {});
// The first value of a name; empty when there is none.
std::string_view form_value(const FormFields& fields, std::string_view name);
// The same fields as parse_form reads them back.
std::string form_text(const FormFields& fields);

}  // namespace barometer
