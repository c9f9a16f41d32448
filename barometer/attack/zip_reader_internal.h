// Members of a zip archive, from its central directory: stored or deflated, no encryption.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

// Those whose name ends so. kInvalid: no such archive; kLimit: more than `most` bytes in all.
Result<std::map<std::string, std::string>> unzipped(std::string_view archive,
                                                    std::string_view ending, size_t most);

}  // namespace barometer
