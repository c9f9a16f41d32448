// Passwords and one-time codes of the team.
//
// Passwords: argon2id by libsodium, 32 MiB and 3 passes (more than the least that OWASP's Password
// Storage cheat sheet names), in libsodium's own text form. One takes some 60 ms of a core, so it
// does not run on a thread that serves.
// Codes: RFC 6238 over RFC 4226, six digits, 30 seconds, HMAC-SHA-1 as every authenticator app has
// it; the step before and the one after are taken too, and none twice (Team::take_totp_step).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/server/page_ticket.h"

namespace barometer {

// kInvalid: shorter than 12 or longer than 128 characters, not UTF-8, or among the commonest.
Status check_new_password(std::string_view password);
Result<std::string> password_hash(std::string_view password);
// A hash that is empty or no hash takes as long and is false.
bool password_matches(std::string_view hash, std::string_view password);

enum class TotpDigest { kSha1, kSha256, kSha512 };
// The code of a step (seconds since 1970 / 30), RFC 4226 section 5.3.
std::string totp_code(std::string_view secret, int64_t step, int digits = 6,
                      TotpDigest digest = TotpDigest::kSha1);
// The step for which `code` holds, of now, the one before or the one after; none otherwise. Takes
// the same time whatever the code.
std::optional<int64_t> totp_step_of(std::string_view secret, std::string_view code, int64_t now_s);

std::string base32_text(std::string_view bytes);  // RFC 4648, no padding
Result<std::string> base32_bytes(std::string_view text);

// 20 random bytes.
std::string new_totp_secret(const RandomBytes& random);
// "otpauth://totp/…" for an authenticator app.
std::string totp_address(std::string_view secret, std::string_view issuer, std::string_view member);

// A secret under a key of ours (XSalsa20-Poly1305), as hexadecimal digits, and back.
std::string sealed_text(std::string_view secret, const SecretKey& key, const RandomBytes& random);
Result<std::string> opened_text(std::string_view sealed, const SecretKey& key);

}  // namespace barometer
