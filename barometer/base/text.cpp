#include "barometer/base/text.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + swap});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

// Bytes that must follow a UTF-8 lead byte; nothing for a byte that cannot lead.
std::optional<size_t> continuation_count(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return std::nullopt;
}

bool second_byte_fits(unsigned char lead, unsigned char second) {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second <= 0x8F;
  return true;
}

// Bytes of the well-formed UTF-8 character that `bytes` starts with; 0 when there is none.
size_t character_size(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const auto count = continuation_count(lead);
  if (!count || *count >= bytes.size()) return 0;
  for (size_t k = 1; k <= *count; ++k) {
    const auto byte = static_cast<unsigned char>(bytes[k]);
    if ((byte & 0xC0) != 0x80 || (k == 1 && !second_byte_fits(lead, byte))) return 0;
  }
  return *count + 1;
}

// C0, DEL, and C1 (U+0080 to U+009F, which some terminals obey).
bool is_control(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7F;
  return lead == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  for (size_t end = text.find(separator); end != std::string_view::npos;
       end = text.find(separator, start)) {
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  parts.emplace_back(text.substr(start));
  return parts;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string lowered(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  CHECK(!from.empty(), "nothing cannot be replaced");
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > 100) return std::nullopt;
  const std::string wanted = lowered(word);
  const size_t limit = word.size() == 2 ? 1 : std::min<size_t>(3, word.size() / 3);
  size_t best = limit + 1;
  std::optional<std::string> found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 100) continue;
    const size_t distance = edit_distance(wanted, lowered(candidate));
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  constexpr size_t kMaxListed = 12;
  if (const auto near = nearest(word, candidates)) return fmt::format("did you mean '{}'?", *near);
  if (candidates.empty() || candidates.size() > kMaxListed) return {};
  return fmt::format("known: {}", fmt::join(candidates, ", "));
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t size = character_size(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string with_thousands(long long value) {
  std::string digits = fmt::format("{}", value);
  const size_t first = value < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string printable(std::string_view bytes, size_t limit) {
  std::string out;
  while (!bytes.empty()) {
    if (out.size() >= limit) return out + "...";
    const size_t size = character_size(bytes);
    const std::string_view character = bytes.substr(0, std::max<size_t>(size, 1));
    if (size == 0 || is_control(character)) {
      for (const char c : character) {
        out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
      }
    } else {
      out += character;
    }
    bytes.remove_prefix(character.size());
  }
  return out;
}

std::string with_caret(std::string_view text, size_t at, std::string_view message) {
  constexpr size_t kShown = 100;  // bytes of text
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  size_t first = at > kShown / 2 ? at - kShown / 2 : 0;
  while (first > 0 && first < text.size() && is_continuation(text[first])) --first;
  size_t last = std::min(text.size(), first + kShown);
  while (last < text.size() && is_continuation(text[last])) ++last;
  std::string shown(text.substr(first, last - first));
  const auto before = text.substr(first, at - first);
  const auto letters = std::ranges::count_if(before, [&](char c) { return !is_continuation(c); });
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return fmt::format("column {}: {}\n  {}\n{}^", at + 1, message, shown,
                     std::string(2 + static_cast<size_t>(letters), ' '));
}

}  // namespace barometer
