// Content hashes (libsodium's SHA-256).
#pragma once

#include <string>
#include <string_view>

namespace barometer {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace barometer
