#include <sodium.h>

#include "barometer/base/hash.h"
#include "barometer/journal/chain_internal.h"

namespace barometer {
namespace {

constexpr std::array<Migration, 2> kSteps = {{
    {1,
     "CREATE TABLE journal (sequence ROW_KEY, version BIGINT NOT NULL, wave TEXT NOT NULL, "
     "subject TEXT NOT NULL, kind TEXT NOT NULL, entry_key TEXT NOT NULL, at_ms BIGINT NOT NULL, "
     "nonce TEXT, body TEXT, body_hash TEXT NOT NULL, hash TEXT NOT NULL, "
     "UNIQUE (wave, entry_key), UNIQUE (wave, subject, version));"
     "CREATE TABLE journal_head (id BIGINT PRIMARY KEY CHECK (id = 1), "
     "sequence BIGINT NOT NULL, hash TEXT NOT NULL);"
     "INSERT INTO journal_head (id, sequence, hash) VALUES (1, 0, "
     "'0000000000000000000000000000000000000000000000000000000000000000')"},
    // One index less: keys count within their subject, whose entries the other index has together.
    // The head's row keeps out a server that does not know of it yet, until it is done.
    {2,
     "UPDATE journal_head SET sequence = sequence WHERE id = 1;"
     "CREATE TABLE journal_entry (sequence ROW_KEY, version BIGINT NOT NULL, wave TEXT NOT NULL, "
     "subject TEXT NOT NULL, kind TEXT NOT NULL, entry_key TEXT NOT NULL, at_ms BIGINT NOT NULL, "
     "nonce TEXT, body TEXT, body_hash TEXT NOT NULL, hash TEXT NOT NULL, "
     "UNIQUE (wave, subject, version));"
     "INSERT INTO journal_entry (sequence, version, wave, subject, kind, entry_key, at_ms, nonce, "
     "body, body_hash, hash) SELECT sequence, version, wave, subject, kind, entry_key, at_ms, "
     "nonce, body, body_hash, hash FROM journal ORDER BY sequence;"
     "DROP TABLE journal;"
     "ALTER TABLE journal_entry RENAME TO journal"},
}};

}  // namespace

Status prepare_journal(Database& database) { return migrate(database, "journal", kSteps); }

Result<ChainHead> lock_head(Database& database) {
  ChainHead head;
  TRY_DONE(database.ask(database.is_postgresql()
                            ? "SELECT sequence, hash FROM journal_head WHERE id = 1 FOR UPDATE"
                            : "SELECT sequence, hash FROM journal_head WHERE id = 1",
                        {}, [&](const DbRow& row) -> Status {
                          head = {row.whole(0), std::string(row.text(1))};
                          return {};
                        }));
  if (head.hash.empty()) return fail(ErrorCode::kIo, "the journal has lost its head");
  return head;
}

Status move_head(Database& database, const ChainHead& head) {
  TRY(database.run("UPDATE journal_head SET sequence = ?, hash = ? WHERE id = 1",
                   {head.sequence, head.hash}));
  return {};
}

std::string body_hash_of(std::string_view nonce, std::string_view body) {
  return blake2b_hex({nonce, body});
}

std::string entry_hash_of(std::string_view previous, const ChainedFields& fields) {
  return blake2b_hex({previous, std::to_string(fields.sequence), std::to_string(fields.version),
                      fields.wave, fields.subject, fields.kind, fields.key,
                      std::to_string(fields.at_ms), fields.body_hash});
}

std::string new_nonce() {
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

DbValues unchained_row(NewEntry entry) {
  std::string nonce = new_nonce();
  std::string body_hash = body_hash_of(nonce, entry.body);
  DbValues row(kEntryColumns);
  row[kWaveColumn] = std::move(entry.wave);
  row[kSubjectColumn] = std::move(entry.subject);
  row[kKindColumn] = std::move(entry.kind);
  row[kKeyColumn] = std::move(entry.key);
  row[kAtMsColumn] = entry.at_ms;
  row[kNonceColumn] = std::move(nonce);
  row[kBodyColumn] = std::move(entry.body);
  row[kBodyHashColumn] = std::move(body_hash);
  return row;
}

void chain(ChainHead& head, int64_t version, DbValues& row) {
  const auto text = [&](EntryColumn column) -> std::string_view {
    return std::get<std::string>(row[column]);
  };
  const int64_t sequence = head.sequence + 1;
  head = {sequence, entry_hash_of(head.hash, {.sequence = sequence,
                                              .version = version,
                                              .wave = text(kWaveColumn),
                                              .subject = text(kSubjectColumn),
                                              .kind = text(kKindColumn),
                                              .key = text(kKeyColumn),
                                              .at_ms = std::get<int64_t>(row[kAtMsColumn]),
                                              .body_hash = text(kBodyHashColumn)})};
  row[kSequenceColumn] = sequence;
  row[kVersionColumn] = version;
  row[kHashColumn] = head.hash;
}

JournalEntry read_entry(const DbRow& row) {
  return {.sequence = row.whole(0),
          .version = row.whole(1),
          .wave = std::string(row.text(2)),
          .subject = std::string(row.text(3)),
          .kind = std::string(row.text(4)),
          .body = std::string(row.text(5)),
          .erased = row.is_null(5),
          .key = std::string(row.text(6)),
          .at_ms = row.whole(7)};
}

}  // namespace barometer
