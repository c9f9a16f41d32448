#include <zlib.h>

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr size_t kIndexHead = 24;
constexpr size_t kIndexEntry = 24;
// deflate makes at most 1,032 bytes of one: a block that claims more claims too much.
constexpr uint64_t kMostInflation = 1032;

struct ZlibBlock {
  size_t from = 0;  // in the decompressed cases
  size_t size = 0;
  std::string_view packed{};
};

// The index of the blocks, which stands after them.
Result<std::vector<ZlibBlock>> blocks_in(SavCursor& cursor, size_t data_offset,
                                         std::string_view file_bytes) {
  constexpr const char* kRecord = "the index of compressed blocks";
  const int64_t head_at = TRY(cursor.int64(kRecord));
  const int64_t index_at = TRY(cursor.int64(kRecord));
  const int64_t index_size = TRY(cursor.int64(kRecord));
  const auto file_size = static_cast<int64_t>(file_bytes.size());
  if (head_at != static_cast<int64_t>(data_offset) || index_at < head_at || index_at > file_size ||
      index_size < static_cast<int64_t>(kIndexHead) || index_size > file_size - index_at) {
    return cursor.wrong(data_offset, fmt::format("the index of compressed blocks is said to be {} "
                                                 "bytes at byte {} of {}",
                                                 index_size, index_at, file_size));
  }
  const auto at = static_cast<size_t>(index_at);
  SavCursor index(file_bytes.substr(at, static_cast<size_t>(index_size)), cursor.file(), at);
  index.set_swapped(cursor.swapped());
  TRY_DONE(index.take(kIndexHead - 4, kRecord));
  const int32_t count = TRY(index.int32(kRecord));
  if (count < 0 || static_cast<uint64_t>(count) > index.left() / kIndexEntry) {
    return index.wrong(at + kIndexHead - 4, fmt::format("an index of {} blocks", count));
  }
  std::vector<ZlibBlock> blocks;
  size_t from = 0;
  for (int32_t i = 0; i < count; ++i) {
    const size_t entry_at = index.offset();
    TRY(index.int64(kRecord));
    const int64_t packed_at = TRY(index.int64(kRecord));
    const int32_t size = TRY(index.int32(kRecord));
    const int32_t packed_size = TRY(index.int32(kRecord));
    if (packed_at < 0 || packed_at > index_at || packed_size < 0 || size < 0 ||
        packed_size > index_at - packed_at ||
        static_cast<uint64_t>(size) / kMostInflation > static_cast<uint64_t>(packed_size)) {
      return index.wrong(entry_at, fmt::format("block {} is said to be {} bytes at byte {}, {} "
                                               "decompressed",
                                               i + 1, packed_size, packed_at, size));
    }
    blocks.push_back({.from = from,
                      .size = static_cast<size_t>(size),
                      .packed = file_bytes.substr(static_cast<size_t>(packed_at),
                                                  static_cast<size_t>(packed_size))});
    from += static_cast<size_t>(size);
  }
  return blocks;
}

bool inflate_into(const ZlibBlock& block, char* out) {
  uLongf size = block.size;
  const int done =
      ::uncompress(reinterpret_cast<Bytef*>(out), &size,
                   reinterpret_cast<const Bytef*>(block.packed.data()), block.packed.size());
  return done == Z_OK && size == block.size;
}

}  // namespace

Result<std::vector<char>> inflated_sav(SavCursor& cursor, size_t data_offset,
                                       std::string_view file_bytes, unsigned threads) {
  const std::vector<ZlibBlock> blocks = TRY(blocks_in(cursor, data_offset, file_bytes));
  // Blocks that lie over each other would let a small file claim any memory.
  uint64_t packed = 0;
  for (const ZlibBlock& block : blocks) packed += block.packed.size();
  if (packed > file_bytes.size()) {
    return cursor.wrong(data_offset,
                        fmt::format("compressed blocks of {} bytes in all overlap", packed));
  }
  std::vector<char> out(blocks.empty() ? 0 : blocks.back().from + blocks.back().size);
  std::mutex lock;
  size_t failed = blocks.size();
  in_parallel(blocks.size(), threads, [&](size_t i) {
    if (inflate_into(blocks[i], out.data() + blocks[i].from)) return;
    const std::scoped_lock locked(lock);
    failed = std::min(failed, i);
  });
  if (failed < blocks.size()) {
    const auto at = static_cast<size_t>(blocks[failed].packed.data() - file_bytes.data());
    return cursor.wrong(
        at, fmt::format("compressed block {} of {} is damaged", failed + 1, blocks.size()));
  }
  return out;
}

}  // namespace barometer
