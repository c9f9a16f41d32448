#include "barometer/base/hash.h"

#include <array>

#include <sodium.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

std::string hex_of(std::span<const unsigned char> digest) {
  std::string hex(digest.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  hex.pop_back();
  return hex;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return hex_of(digest);
}

std::string blake2b_hex(std::initializer_list<std::string_view> fields, size_t size,
                        std::span<const unsigned char> key) {
  CHECK(size >= crypto_generichash_BYTES_MIN && size <= crypto_generichash_BYTES_MAX &&
            (key.empty() || (key.size() >= crypto_generichash_KEYBYTES_MIN &&
                             key.size() <= crypto_generichash_KEYBYTES_MAX)),
        "sizes that BLAKE2b has");
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), size);
  for (const std::string_view field : fields) {
    std::array<unsigned char, 8> length{};
    for (size_t i = 0; i < length.size(); ++i) {
      length[i] = static_cast<unsigned char>(field.size() >> (8 * i));
    }
    crypto_generichash_update(&state, length.data(), length.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(field.data()),
                              field.size());
  }
  std::array<unsigned char, crypto_generichash_BYTES_MAX> digest{};
  crypto_generichash_final(&state, digest.data(), size);
  return hex_of(std::span(digest).first(size));
}

}  // namespace barometer
