#include "barometer/server/credentials.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr size_t kMemory = size_t{32} << 20;
constexpr size_t kShortest = 12;
constexpr size_t kLongest = 128;
constexpr int64_t kStepSeconds = 30;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Those of twelve characters and more that lists of leaked passwords begin with.
constexpr std::array<std::string_view, 12> kCommon = {
    "123456789012",  "passwordpassword", "password1234",  "qwertyuiop12",
    "1234567890123", "iloveyou1234",     "administrator", "letmeinletmein",
    "qwertyuiopas",  "111111111111",     "password12345", "welcome12345"};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* digest_of(TotpDigest digest) {
  if (digest == TotpDigest::kSha256) return EVP_sha256();
  return digest == TotpDigest::kSha512 ? EVP_sha512() : EVP_sha1();
}

std::array<unsigned char, crypto_secretbox_KEYBYTES> box_key(const SecretKey& key) {
  const std::string hex = key.hash({"box"}, crypto_secretbox_KEYBYTES);
  std::array<unsigned char, crypto_secretbox_KEYBYTES> bytes{};
  sodium_hex2bin(bytes.data(), bytes.size(), hex.data(), hex.size(), nullptr, nullptr, nullptr);
  return bytes;
}

std::string hex_of(const std::vector<unsigned char>& bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

}  // namespace

Status check_new_password(std::string_view password) {
  if (!is_utf8(password)) return fail(ErrorCode::kInvalid, "the password is not UTF-8");
  const auto characters = static_cast<size_t>(std::ranges::count_if(
      password, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  if (characters < kShortest || characters > kLongest) {
    return fail(ErrorCode::kInvalid, fmt::format("a password has {} to {} characters, not {}",
                                                 kShortest, kLongest, characters));
  }
  if (std::ranges::find(kCommon, lowered(password)) != kCommon.end()) {
    return fail(ErrorCode::kInvalid, "this password is among the first that are guessed");
  }
  return {};
}

Result<std::string> password_hash(std::string_view password) {
  TRY_DONE(check_new_password(password));
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(ErrorCode::kLimit, "there is not enough memory to hash a password");
  }
  return std::string(out.data());
}

bool password_matches(std::string_view hash, std::string_view password) {
  // Of no password; costs what the others cost.
  static constexpr std::string_view kNobody =
      "$argon2id$v=19$m=32768,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const bool known = hash.starts_with("$argon2id$") && hash.size() < crypto_pwhash_STRBYTES;
  const std::string text(known ? hash : kNobody);
  const bool same = crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
  return known && same;
}

std::string totp_code(std::string_view secret, int64_t step, int digits, TotpDigest digest) {
  std::array<unsigned char, 8> message{};
  for (size_t i = 0; i < message.size(); ++i) {
    message[i] = static_cast<unsigned char>((step >> (56 - 8 * i)) & 0xff);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(digest_of(digest), secret.data(), static_cast<int>(secret.size()), message.data(),
       message.size(), mac.data(), &size);
  CHECK(size >= 20, "the digest is known to OpenSSL");
  const size_t at = mac[size - 1] & 0x0fU;
  const uint32_t number = (static_cast<uint32_t>(mac[at] & 0x7fU) << 24) |
                          (static_cast<uint32_t>(mac[at + 1]) << 16) |
                          (static_cast<uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
  uint32_t limit = 1;
  for (int i = 0; i < digits; ++i) limit *= 10;
  return fmt::format("{:0{}}", number % limit, digits);
}

std::optional<int64_t> totp_step_of(std::string_view secret, std::string_view code, int64_t now_s) {
  std::optional<int64_t> found;
  std::string padded(code.substr(0, 6));
  padded.resize(6, ' ');
  const int64_t now = now_s / kStepSeconds;
  for (int64_t step = now - 1; step <= now + 1; ++step) {
    const std::string right = totp_code(secret, step);
    if (sodium_memcmp(right.data(), padded.data(), right.size()) == 0) found = step;
  }
  return code.size() == 6 ? found : std::nullopt;
}

std::string base32_text(std::string_view bytes) {
  std::string out;
  uint32_t pending = 0;
  int bits = 0;
  for (const char c : bytes) {
    pending = (pending << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kBase32[(pending >> (bits - 5)) & 31U];
  }
  if (bits > 0) out += kBase32[(pending << (5 - bits)) & 31U];
  return out;
}

Result<std::string> base32_bytes(std::string_view text) {
  std::string out;
  uint32_t pending = 0;
  int bits = 0;
  for (const char c : text) {
    const size_t value = kBase32.find(c);
    if (value == std::string_view::npos) {
      return fail(ErrorCode::kInvalid, "the secret is not base32");
    }
    pending = (pending << 5) | static_cast<uint32_t>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>((pending >> bits) & 0xffU);
  }
  return out;
}

std::string new_totp_secret(const RandomBytes& random) {
  std::array<unsigned char, 20> bytes{};
  random(bytes);
  return {bytes.begin(), bytes.end()};
}

std::string totp_address(std::string_view secret, std::string_view issuer,
                         std::string_view member) {
  const std::string name = replaced(std::string(issuer), " ", "%20");
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", name, member, base32_text(secret),
                     name);
}

std::string sealed_text(std::string_view secret, const SecretKey& key, const RandomBytes& random) {
  std::vector<unsigned char> out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES +
                                 secret.size());
  random(std::span(out).first(crypto_secretbox_NONCEBYTES));
  crypto_secretbox_easy(out.data() + crypto_secretbox_NONCEBYTES, bytes_of(secret), secret.size(),
                        out.data(), box_key(key).data());
  return hex_of(out);
}

Result<std::string> opened_text(std::string_view sealed, const SecretKey& key) {
  constexpr size_t kLeast = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() < 2 * kLeast) return fail(ErrorCode::kInvalid, "this is no sealed text");
  std::vector<unsigned char> bytes(sealed.size() / 2);
  size_t size = 0;
  const bool hex = sodium_hex2bin(bytes.data(), bytes.size(), sealed.data(), sealed.size(), nullptr,
                                  &size, nullptr) == 0;
  if (!hex || size < kLeast) return fail(ErrorCode::kInvalid, "this is no sealed text");
  std::string out(size - kLeast, '\0');
  if (crypto_secretbox_open_easy(
          reinterpret_cast<unsigned char*>(out.data()), bytes.data() + crypto_secretbox_NONCEBYTES,
          size - crypto_secretbox_NONCEBYTES, bytes.data(), box_key(key).data()) != 0) {
    return fail(ErrorCode::kInvalid, "the text was sealed under another key");
  }
  return out;
}

}  // namespace barometer
