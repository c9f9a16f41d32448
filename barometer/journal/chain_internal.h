// The tables of the journal, and the hashes of its chain.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "barometer/journal/database.h"
#include "barometer/journal/journal.h"

namespace barometer {

inline constexpr std::string_view kFirstPrevious =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct ChainHead {
  int64_t sequence = 0;
  std::string hash;
};
// Within a transaction: the head, which stays ours until its end.
Result<ChainHead> lock_head(Database& database);
Status move_head(Database& database, const ChainHead& head);

std::string body_hash_of(std::string_view nonce, std::string_view body);
std::string entry_hash_of(std::string_view previous, const JournalEntry& entry,
                          std::string_view body_hash);
// 16 random bytes in hexadecimal.
std::string new_nonce();

// Gives the entry the next place in the chain and returns the values of its row.
DbValues chained(ChainHead& head, JournalEntry& entry);
inline constexpr std::string_view kInsertEntry =
    "INSERT INTO journal (sequence, version, wave, subject, kind, entry_key, at_ms, nonce, body, "
    "body_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// The columns of an entry as read_entry() wants them.
#define BAROMETER_ENTRY_COLUMNS "sequence, version, wave, subject, kind, body, entry_key, at_ms"
JournalEntry read_entry(const DbRow& row);

}  // namespace barometer
