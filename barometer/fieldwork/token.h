// Personal links and typed codes. A token is 128 bits made from a key and never stored: the
// database holds a hash of it, with purpose, end and revocation. Deriving it again gives a reminder
// the same link as the invitation; a copy of the database without the key gives nobody a link.
//
//   token = BLAKE2b-128(key; purpose, wave, person, generation)   26 letters and digits, base32
//   code  = the same with another purpose, 60 bits                ABCD-EFGH-JKMN
//   stored: BLAKE2b-256(key; "stored", purpose, token)
//
// An unlinked wave derives no links: each mail has a random one, which nobody can make again, and
// answers are kept under a hash of it (folder.h, unlinked_subject). So that one person does not
// answer twice with two links, the link that was begun with is marked; nothing says when.
//
// Looking one up takes the same steps whatever is wrong with it, and compares in constant time.
// Opening a link changes nothing here.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "barometer/fieldwork/folder.h"
#include "barometer/journal/database.h"
#include "barometer/study/fieldwork_settings.h"

namespace barometer {

// The setting of a wave that holds its privacy mode from the first answer on.
inline constexpr const char* kPrivacySetting = "privacy";

enum class TokenPurpose {
  kAnswer,  // the interview
  kCode,    // the same, typed from a letter
  kStop,    // unsubscribe: stops mail, nothing else
  kAccept,  // a colleague takes over
};

struct TokenHolder {
  std::string wave;
  std::string person;
};

class Tokens {
 public:
  Tokens(Database& database, const SecretKey& key) : database_(&database), key_(&key) {}

  // The person's token; makes it valid until `expires_at_ms` when it is not known yet, or longer
  // when it ended sooner. kNotFound without such a person.
  Result<std::string> issue(TokenPurpose purpose, const std::string& wave,
                            const std::string& person, int64_t expires_at_ms);

  // A random link to the interview, another one each time: for unlinked waves.
  Result<std::string> issue_unlinked(const std::string& wave, const std::string& person,
                                     int64_t expires_at_ms);
  // The link to the interview: the one or the other, by the wave's mode.
  Result<std::string> issue_answer(PrivacyMode mode, const std::string& wave,
                                   const std::string& person, int64_t expires_at_ms);
  // The holder of this link to the interview has begun with it, durably. False: they had begun with
  // another of theirs, and still have.
  Result<bool> begin(const TokenHolder& holder, std::string_view token);

  // Whose it is; none when it is unknown, for another purpose, expired or revoked: the caller says
  // the same in all these cases. A code may be typed in small letters, without hyphens, and with O
  // for 0 and I or L for 1.
  Result<std::optional<TokenHolder>> find(TokenPurpose purpose, std::string_view token,
                                          int64_t now_ms);

  // All tokens of a person end now; issue() gives other ones from then on.
  Status revoke(const std::string& wave, const std::string& person, int64_t at_ms);

 private:
  Database* database_;
  const SecretKey* key_;
};

// At the end of an unlinked wave, or whenever: takes out of the databases what tells the order in
// which people began. SQLite's logs are emptied; in PostgreSQL, where each row says which
// transaction wrote it and both sides count transactions in one row, the answers are written again
// by one, and both tables anew. The order of the answers among themselves stays, as the chain is
// made of it. docs/fieldwork.md says what is left.
Status forget_order(Database& identity, Database& answers, const std::string& wave);

// Who has begun, in an unlinked wave.
Result<std::set<std::string>> people_begun(Database& database, const std::string& wave);

}  // namespace barometer
