// Files that a program other than base/file.h writes, put in place whole or not at all.
#pragma once

#include <filesystem>
#include <functional>

#include "barometer/base/result.h"

namespace barometer {

// Lets `write` make a file beside `file`, syncs it and puts it in its place; nothing is left on
// failure.
Status written_whole(const std::filesystem::path& file,
                     const std::function<Status(const std::filesystem::path&)>& write);

}  // namespace barometer
