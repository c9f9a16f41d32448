// Zip archives in memory (libzip behind). Written: parts in the order given, the same bytes at any
// time. Read: what a stranger packed.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

struct ZipPart {
  std::string name{};  // "META-INF/manifest.xml"
  std::string bytes{};
  bool deflated = true;
};

Result<std::string> zip_bytes(std::span<const ZipPart> parts);

struct UnzipLimits {
  size_t bytes = size_t{1} << 28;  // unpacked, of all members wanted
  size_t members = 10'000;
};
// Name -> bytes of the members whose names are wanted. kInvalid: no zip archive, or one whose
// members are encrypted, do not unpack, break their checksum or have one name twice; kLimit.
Result<std::map<std::string, std::string>> unzipped(
    std::string_view archive, const std::function<bool(std::string_view name)>& wanted,
    const UnzipLimits& limits);

}  // namespace barometer
