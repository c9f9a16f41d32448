#include "barometer/fieldwork/token.h"

#include <sodium.h>

#include <array>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/fieldwork/store_internal.h"

namespace barometer {
namespace {

// Crockford's digits: none that is taken for another.
constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kTokenDigits = 26;  // 128 bits
constexpr size_t kCodeDigits = 12;   // 60 bits
constexpr size_t kTypedMax = 200;    // bytes of a token that are looked at

std::string_view name_of(TokenPurpose purpose) {
  constexpr std::array<std::string_view, 4> kNames = {"answer", "code", "stop", "accept"};
  return kNames.at(static_cast<size_t>(purpose));
}

int value_of(char hex) { return hex <= '9' ? hex - '0' : hex - 'a' + 10; }

// The first digits of a number in hexadecimal, five bits each; what is missing at the end is zero.
std::string base32_of(std::string_view hex, size_t digits) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  size_t at = 0;
  while (out.size() < digits) {
    if (count < 5) {
      bits = (bits << 4U) | (at < hex.size() ? static_cast<unsigned>(value_of(hex[at])) : 0U);
      ++at;
      count += 4;
      continue;
    }
    count -= 5;
    out += kDigits[(bits >> static_cast<unsigned>(count)) & 31U];
  }
  return out;
}

std::string with_hyphens(const std::string& code) {
  return fmt::format("{}-{}-{}", code.substr(0, 4), code.substr(4, 4), code.substr(8, 4));
}

// As people type a code.
std::string normal(std::string_view typed) {
  std::string code;
  for (char c : typed.substr(0, kTypedMax)) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-' || c == ' ') continue;
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    code += c;
  }
  return code;
}

// Hashed as it is stored; links are written in small letters.
std::string stored(const SecretKey& key, TokenPurpose purpose, std::string_view token) {
  const std::string read =
      purpose == TokenPurpose::kCode ? normal(token) : std::string(token.substr(0, kTypedMax));
  return key.hash({"stored", name_of(purpose), read});
}

Result<int64_t> generation_of(Database& database, const std::string& wave,
                              const std::string& person) {
  const auto generation = TRY(database.ask_whole(
      "SELECT token_generation FROM person WHERE wave = ? AND id = ? AND state <> 'erased'",
      {wave, person}));
  if (generation) return *generation;
  return fail(ErrorCode::kNotFound, fmt::format("there is nobody '{}' in the wave '{}'",
                                                printable(person), printable(wave)));
}

}  // namespace

std::string random_hex() {
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return {hex.data(), hex.size() - 1};
}

Status end_tokens(Database& database, const std::string& wave, const std::string& person,
                  int64_t at_ms) {
  TRY(database.run(
      "UPDATE token SET revoked_at_ms = ? WHERE wave = ? AND person = ? AND revoked_at_ms IS NULL",
      {at_ms, wave, person}));
  TRY(database.run(
      "UPDATE person SET token_generation = token_generation + 1 WHERE wave = ? AND id = ?",
      {wave, person}));
  return {};
}

Result<std::string> Tokens::issue(TokenPurpose purpose, const std::string& wave,
                                  const std::string& person, int64_t expires_at_ms) {
  const int64_t generation = TRY(generation_of(*database_, wave, person));
  const bool typed = purpose == TokenPurpose::kCode;
  const std::string hex =
      key_->hash({"token", name_of(purpose), wave, person, std::to_string(generation)}, 16);
  const std::string digits = base32_of(hex, typed ? kCodeDigits : kTokenDigits);
  std::string token = typed ? with_hyphens(digits) : lowered(digits);
  TRY(
      database_->run("INSERT INTO token (hash, wave, person, expires_at_ms) VALUES (?, ?, ?, ?) "
                     "ON CONFLICT (hash) DO UPDATE SET expires_at_ms = excluded.expires_at_ms "
                     "WHERE token.expires_at_ms < excluded.expires_at_ms",
                     {stored(*key_, purpose, token), wave, person, expires_at_ms}));
  return token;
}

Result<std::string> Tokens::issue_unlinked(const std::string& wave, const std::string& person,
                                           int64_t expires_at_ms) {
  TRY(generation_of(*database_, wave, person));  // there is such a person
  std::string token = lowered(base32_of(random_hex(), kTokenDigits));
  TRY(database_->run("INSERT INTO token (hash, wave, person, expires_at_ms) VALUES (?, ?, ?, ?)",
                     {stored(*key_, TokenPurpose::kAnswer, token), wave, person, expires_at_ms}));
  return token;
}

Result<std::string> Tokens::issue_answer(PrivacyMode mode, const std::string& wave,
                                         const std::string& person, int64_t expires_at_ms) {
  if (mode == PrivacyMode::kUnlinked) return issue_unlinked(wave, person, expires_at_ms);
  return issue(TokenPurpose::kAnswer, wave, person, expires_at_ms);
}

Result<bool> Tokens::begin(const TokenHolder& holder, std::string_view token) {
  const std::string hash = stored(*key_, TokenPurpose::kAnswer, token);
  bool mine = true;
  TRY_DONE(database_->transaction([&]() -> Status {
    mine = true;
    // Changes nothing but holds the row: two links at once are taken one after the other. It is the
    // wave's row, and below all links are written: which were written last tells no order.
    TRY(database_->run("UPDATE wave_setting SET value = value WHERE wave = ? AND name = ?",
                       {holder.wave, std::string(kPrivacySetting)}));
    const auto other = TRY(database_->ask_whole(
        "SELECT count(*) FROM token WHERE wave = ? AND person = ? AND begun = 1 AND hash <> ?",
        {holder.wave, holder.person, hash}));
    mine = other.value_or(0) == 0;
    if (mine) {
      TRY(database_->run(
          "UPDATE token SET begun = CASE WHEN hash = ? THEN 1 ELSE begun END WHERE wave = ?",
          {hash, holder.wave}));
    }
    return {};
  }));
  // Until it is emptied, SQLite's log holds the pages as each begin left them: the order in which
  // people began, to lay beside the order of the answers. Where a long read is in the way, the next
  // begin does it, or forget_order().
  if (mine && !database_->is_postgresql()) (void)database_->purge("token");
  return mine;
}

Result<std::set<std::string>> people_begun(Database& database, const std::string& wave) {
  std::set<std::string> begun;
  TRY_DONE(database.ask("SELECT person FROM token WHERE wave = ? AND begun = 1", {wave},
                        [&](const DbRow& row) -> Status {
                          begun.emplace(row.text(0));
                          return {};
                        }));
  return begun;
}

Status forget_order(Database& identity, Database& answers, const std::string& wave) {
  if (answers.is_postgresql()) {
    TRY(answers.run("UPDATE journal SET wave = wave WHERE wave = ?", {wave}));
  }
  TRY_DONE(answers.purge("journal"));
  return identity.purge("token");
}

Result<std::optional<TokenHolder>> Tokens::find(TokenPurpose purpose, std::string_view token,
                                                int64_t now_ms) {
  const std::string hash = stored(*key_, purpose, token);
  TokenHolder holder;
  std::string found(hash.size(), '-');
  bool valid = false;
  TRY_DONE(database_->ask(
      "SELECT hash, wave, person, expires_at_ms, revoked_at_ms FROM token WHERE hash = ?", {hash},
      [&](const DbRow& row) -> Status {
        found = std::string(row.text(0));
        holder = {std::string(row.text(1)), std::string(row.text(2))};
        valid = row.whole(3) > now_ms && row.is_null(4);
        return {};
      }));
  const bool same =
      found.size() == hash.size() && sodium_memcmp(found.data(), hash.data(), hash.size()) == 0;
  if (!same || !valid) return std::nullopt;
  return holder;
}

Status Tokens::revoke(const std::string& wave, const std::string& person, int64_t at_ms) {
  return database_->transaction([&] { return end_tokens(*database_, wave, person, at_ms); });
}

}  // namespace barometer
