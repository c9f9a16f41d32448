// Hashes (libsodium's SHA-256 and BLAKE2b).
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace barometer {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// BLAKE2b of `size` (16 to 64) bytes over the fields, each after its length as 8 bytes, the lowest
// first, so that fields never run into each other; `key` is empty or 16 to 64 bytes.
std::string blake2b_hex(std::initializer_list<std::string_view> fields, size_t size = 32,
                        std::span<const unsigned char> key = {});

}  // namespace barometer
