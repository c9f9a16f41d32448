#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <thread>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {

std::vector<int> sav_segment_widths(int width) {
  if (width <= kSavMaxShortString) return {width};
  const int count = (width + kSavSegmentStep - 1) / kSavSegmentStep;
  std::vector<int> widths(static_cast<size_t>(count), kSavMaxShortString);
  widths.back() = width - (count - 1) * kSavSegmentStep;
  return widths;
}

std::vector<SavPiece> sav_pieces(size_t place, int width) {
  std::vector<SavPiece> pieces;
  auto left = static_cast<size_t>(width);
  for (const int segment : sav_segment_widths(width)) {
    const size_t size = std::min(left, static_cast<size_t>(kSavMaxShortString));
    if (size > 0) pieces.push_back({.place = place, .size = size});
    left -= size;
    place += sav_elements(segment);
  }
  return pieces;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

Result<std::string_view> SavCursor::take(uint64_t size, std::string_view record) {
  if (size > left()) {
    return wrong(offset(),
                 fmt::format("the file ends inside {}: {} more bytes of {}", record, left(), size));
  }
  const std::string_view taken = bytes_.substr(at_, size);
  at_ += taken.size();
  return taken;
}

Result<int32_t> SavCursor::int32(std::string_view record) {
  uint32_t value = 0;
  std::memcpy(&value, TRY(take(sizeof value, record)).data(), sizeof value);
  return std::bit_cast<int32_t>(swapped_ ? __builtin_bswap32(value) : value);
}

Result<int64_t> SavCursor::int64(std::string_view record) {
  uint64_t value = 0;
  std::memcpy(&value, TRY(take(sizeof value, record)).data(), sizeof value);
  return std::bit_cast<int64_t>(swapped_ ? __builtin_bswap64(value) : value);
}

Result<double> SavCursor::number(std::string_view record) {
  return std::bit_cast<double>(TRY(int64(record)));
}

tl::unexpected<Error> SavCursor::wrong(size_t at, const std::string& what) const {
  return fail(ErrorCode::kInvalid, fmt::format("'{}', byte {}: {}", file_, at, what));
}

void in_parallel(size_t count, unsigned threads, const std::function<void(size_t)>& work) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<size_t> next{0};
  const auto run = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < std::min<size_t>(threads, count); ++i) others.emplace_back(run);
  run();
}

}  // namespace barometer
