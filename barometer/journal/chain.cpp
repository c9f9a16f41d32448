#include <sodium.h>

#include "barometer/base/hash.h"
#include "barometer/journal/chain_internal.h"

namespace barometer {
namespace {

constexpr std::array<Migration, 1> kSteps = {{
    {1,
     "CREATE TABLE journal (sequence ROW_KEY, version BIGINT NOT NULL, wave TEXT NOT NULL, "
     "subject TEXT NOT NULL, kind TEXT NOT NULL, entry_key TEXT NOT NULL, at_ms BIGINT NOT NULL, "
     "nonce TEXT, body TEXT, body_hash TEXT NOT NULL, hash TEXT NOT NULL, "
     "UNIQUE (wave, entry_key), UNIQUE (wave, subject, version));"
     "CREATE TABLE journal_head (id BIGINT PRIMARY KEY CHECK (id = 1), "
     "sequence BIGINT NOT NULL, hash TEXT NOT NULL);"
     "INSERT INTO journal_head (id, sequence, hash) VALUES (1, 0, "
     "'0000000000000000000000000000000000000000000000000000000000000000')"},
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

std::string entry_hash_of(std::string_view previous, const JournalEntry& entry,
                          std::string_view body_hash) {
  return blake2b_hex({previous, std::to_string(entry.sequence), std::to_string(entry.version),
                      entry.wave, entry.subject, entry.kind, entry.key, std::to_string(entry.at_ms),
                      body_hash});
}

std::string new_nonce() {
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

DbValues chained(ChainHead& head, JournalEntry& entry) {
  entry.sequence = head.sequence + 1;
  std::string nonce = new_nonce();
  std::string body_hash = body_hash_of(nonce, entry.body);
  head = {entry.sequence, entry_hash_of(head.hash, entry, body_hash)};
  DbValues row;  // filled one by one: a list in braces would copy every text twice
  row.reserve(11);
  row.emplace_back(entry.sequence);
  row.emplace_back(entry.version);
  for (const std::string* text : {&entry.wave, &entry.subject, &entry.kind, &entry.key}) {
    row.emplace_back(*text);
  }
  row.emplace_back(entry.at_ms);
  row.emplace_back(std::move(nonce));
  row.emplace_back(entry.body);
  row.emplace_back(std::move(body_hash));
  row.emplace_back(head.hash);
  return row;
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
