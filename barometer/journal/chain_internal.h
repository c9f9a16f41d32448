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
// What the hash of an entry is made of, besides the hash before it.
struct ChainedFields {
  int64_t sequence = 0, version = 0;
  std::string_view wave, subject, kind, key;
  int64_t at_ms = 0;
  std::string_view body_hash;
};
std::string entry_hash_of(std::string_view previous, const ChainedFields& fields);
// 16 random bytes in hexadecimal.
std::string new_nonce();

enum EntryColumn : size_t {
  kSequenceColumn,
  kVersionColumn,
  kWaveColumn,
  kSubjectColumn,
  kKindColumn,
  kKeyColumn,
  kAtMsColumn,
  kNonceColumn,
  kBodyColumn,
  kBodyHashColumn,
  kHashColumn,
  kEntryColumns
};
inline constexpr std::string_view kInsertEntry =
    "INSERT INTO journal (sequence, version, wave, subject, kind, entry_key, at_ms, nonce, body, "
    "body_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// The values of an entry's row but those that say its place: sequence, version and hash.
DbValues unchained_row(NewEntry entry);
// Gives the row the next place in the chain.
void chain(ChainHead& head, int64_t version, DbValues& row);

// The columns of an entry as read_entry() wants them.
#define BAROMETER_ENTRY_COLUMNS "sequence, version, wave, subject, kind, body, entry_key, at_ms"
JournalEntry read_entry(const DbRow& row);

}  // namespace barometer
