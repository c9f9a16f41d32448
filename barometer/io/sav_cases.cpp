#include <algorithm>

#include <fmt/format.h>

#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr size_t kGroup = 8;  // commands that stand together
constexpr size_t kBlockElements =
    32768;  // 288 kB of commands and raw elements: the cache of a core
constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

uint64_t group_at(const char* bytes) {
  uint64_t group = 0;
  std::memcpy(&group, bytes, sizeof group);
  return group;
}

// The highest bit of each byte that equals `command`, exactly.
uint64_t equal_bytes(uint64_t group, uint8_t command) {
  const uint64_t other = group ^ (kOnes * command);
  return ~(((other & ~kHighs) + ~kHighs) | other | ~kHighs);
}

bool is_special(uint64_t group) {
  return (equal_bytes(group, kSavSkip) | equal_bytes(group, kSavEnd) |
          equal_bytes(group, kSavRaw)) != 0;
}

size_t count_of(uint64_t group, uint8_t command) {
  return static_cast<size_t>(__builtin_popcountll(equal_bytes(group, command)));
}

}  // namespace

Result<SavCases> SavCases::of(const SavDictionary& dictionary, std::string_view bytes,
                              const std::string& file, unsigned threads) {
  SavCases cases;
  size_t first_byte = dictionary.data_offset;
  cases.bytes_ = bytes.substr(first_byte);
  cases.packed_ = dictionary.packing != SavPacking::kNone;
  cases.elements_ = dictionary.elements;
  if (cases.elements_ == 0) return cases;
  cases.block_rows_ = std::max<size_t>(8, kBlockElements / cases.elements_);
  if (dictionary.packing == SavPacking::kZlib) {
    SavCursor cursor(cases.bytes_, file, first_byte);
    cursor.set_swapped(dictionary.swapped);
    cases.inflated_ = TRY(inflated_sav(cursor, first_byte, bytes, threads));
    cases.bytes_ = {cases.inflated_.data(), cases.inflated_.size()};
    first_byte = 0;
  }
  const SavCursor cursor(cases.bytes_, file, first_byte);
  TRY_DONE(cases.packed_ ? cases.scan(dictionary.case_count, cursor)
                         : cases.count_plain(dictionary.case_count, cursor));
  return cases;
}

Status SavCases::count_plain(int64_t claimed, const SavCursor& cursor) {
  const size_t row_size = elements_ * kSavElement;
  const size_t there = bytes_.size() / row_size;
  const bool known = claimed >= 0;
  if (known ? there < static_cast<uint64_t>(claimed) : bytes_.size() % row_size != 0) {
    return cursor.wrong(cursor.offset() + bytes_.size(),
                        fmt::format("the file ends inside case {}{}", there + 1,
                                    known ? fmt::format(" of {}", claimed) : ""));
  }
  rows_ = known ? static_cast<size_t>(claimed) : there;
  for (size_t row = 0; row < rows_; row += block_rows_) {
    places_.push_back({.raw = row * row_size});
  }
  return {};
}

// Notes where each block begins, up to `wanted` elements.
SavCases::Scan SavCases::scan_blocks(size_t wanted) {
  const size_t block = block_rows_ * elements_;
  size_t seen = 0;
  size_t at = 0;
  size_t next_block = 0;
  while (seen < wanted && at + kGroup <= bytes_.size()) {
    const uint64_t group = group_at(bytes_.data() + at);
    const size_t raws = count_of(group, kSavRaw);
    const bool plain = equal_bytes(group, kSavEnd) == 0;
    const size_t elements = kGroup - count_of(group, kSavSkip);
    const size_t after = at + kGroup + raws * kSavElement;
    if (plain && after <= bytes_.size() && seen + elements <= std::min(next_block, wanted)) {
      seen += elements;
      at = after;
      continue;
    }
    size_t raw = at + kGroup;
    for (size_t i = 0; i < kGroup && seen < wanted; ++i) {
      const auto command = static_cast<uint8_t>(bytes_[at + i]);
      if (command == kSavSkip) continue;
      if (command == kSavEnd || (command == kSavRaw && raw + kSavElement > bytes_.size())) {
        return {seen, command == kSavEnd ? at + i : raw, command == kSavEnd};
      }
      if (seen == next_block) {
        places_.push_back({.group = at, .next = i, .raw = raw});
        next_block += block;
      }
      if (command == kSavRaw) raw += kSavElement;
      ++seen;
    }
    at = raw;
  }
  return {seen, at, at == bytes_.size()};
}

Status SavCases::scan(int64_t claimed, const SavCursor& cursor) {
  // Each element is a byte at least.
  const bool known = claimed >= 0;
  const size_t most = bytes_.size() / elements_ + 1;
  const size_t rows = known ? std::min(static_cast<size_t>(claimed), most) : most;
  const auto [seen, end, ended] = scan_blocks(rows * elements_);
  rows_ = seen / elements_;
  const bool whole =
      known ? rows_ == static_cast<uint64_t>(claimed) : ended && seen % elements_ == 0;
  if (!whole) {
    return cursor.wrong(
        cursor.offset() + end,
        fmt::format("the {}cases end inside case {}{}", inflated_.empty() ? "" : "decompressed ",
                    rows_ + 1, known ? fmt::format(" of {}", claimed) : ""));
  }
  return {};
}

SavBlock SavCases::block(size_t index, Scratch& scratch) const {
  SavBlock block;
  block.first_row = index * block_rows_;
  block.rows = std::min(block_rows_, rows_ - block.first_row);
  if (!packed_) {
    block.raw = bytes_.data() + places_[index].raw;
    return block;
  }
  const size_t wanted = block.rows * elements_;
  scratch.commands.resize(block_rows_ * elements_ + kGroup);
  scratch.raw.resize(block_rows_ * elements_ * kSavElement);
  uint8_t* commands = scratch.commands.data();
  char* raws = scratch.raw.data();
  auto [at, next, raw] = places_[index];
  for (size_t done = 0; done < wanted;) {
    const char* bytes = bytes_.data();
    const uint64_t group = group_at(bytes + at);
    if (next == 0 && done + kGroup <= wanted && !is_special(group)) {
      std::memcpy(commands + done, &group, kGroup);
      done += kGroup;
      at = raw;
      raw += kGroup;
      continue;
    }
    if (next == 0 && done + kGroup <= wanted && group == kOnes * kSavRaw) {
      std::memcpy(commands + done, &group, kGroup);
      std::memcpy(raws + done * kSavElement, bytes + raw, kGroup * kSavElement);
      done += kGroup;
      at = raw + kGroup * kSavElement;
      raw = at + kGroup;
      continue;
    }
    for (; next < kGroup && done < wanted; ++next) {
      const auto command = static_cast<uint8_t>(bytes[at + next]);
      if (command == kSavSkip) continue;
      if (command == kSavRaw) {
        std::memcpy(raws + done * kSavElement, bytes + raw, kSavElement);
        raw += kSavElement;
      }
      commands[done++] = command;
    }
    at = raw;
    raw += kGroup;
    next = 0;
  }
  block.commands = commands;
  block.raw = raws;
  return block;
}

}  // namespace barometer
