// A file that others make (a library, a program), in place whole or not at all, as file.h's.
#pragma once

#include <filesystem>
#include <functional>

#include "barometer/base/result.h"

namespace barometer {

// Lets `write` make a temporary beside `path`, syncs it and renames it over the target. Errors
// speak of `path`: what `write` says of the temporary is said of it. Nothing is left on failure.
Status write_file_by(const std::filesystem::path& path,
                     const std::function<Status(const std::filesystem::path& temporary)>& write);

}  // namespace barometer
