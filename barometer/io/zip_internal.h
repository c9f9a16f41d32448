// A zip archive in memory (libzip behind): parts in the order given, the same bytes at any time.
#pragma once

#include <span>
#include <string>

#include "barometer/base/result.h"

namespace barometer {

struct ZipPart {
  std::string name{};  // "META-INF/manifest.xml"
  std::string bytes{};
  bool deflated = true;
};

Result<std::string> zip_bytes(std::span<const ZipPart> parts);

}  // namespace barometer
