#include "barometer/server/request_target.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kMostParts = 8;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool is_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && std::ranges::all_of(part, is_unreserved);
}

// RFC 6265, section 4.1.1: cookie-octet.
bool is_cookie_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

// What is before the mark; the rest stays in `text`.
std::string_view cut(std::string_view& text, char mark) {
  const size_t end = text.find(mark);
  const std::string_view head = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return head;
}

// Thousandths: "0.8" -> 800; what is no quality is 0.
int quality_of(std::string_view text) {
  if (text.empty()) return 1000;
  if (text == "1" || text.starts_with("1.")) return 1000;
  if (!text.starts_with("0.") || text.size() > 5) return 0;
  std::string digits(text.substr(2));
  digits.resize(3, '0');
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
}

}  // namespace

std::optional<std::vector<std::string_view>> path_parts(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const bool last = path.find('/') == std::string_view::npos;
    const std::string_view part = cut(path, '/');
    if (!is_part(part) || parts.size() == kMostParts) return std::nullopt;
    parts.push_back(part);
    if (!last && path.empty()) return std::nullopt;
  }
  return parts;
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
  std::string_view found;
  bool seen = false;
  while (!header.empty()) {
    std::string_view pair = trimmed(cut(header, ';'));
    if (cut(pair, '=') != name) continue;
    if (!is_cookie_value(pair) || (seen && pair != found)) return {};
    found = pair;
    seen = true;
  }
  return found;
}

std::string preferred_language(std::string_view header, const std::vector<std::string>& known) {
  std::string best;
  int best_quality = 0;
  while (!header.empty()) {
    std::string_view range = trimmed(cut(header, ','));
    const std::string_view tag = trimmed(cut(range, ';'));
    const std::string primary = lowered(tag.substr(0, tag.find('-')));
    const std::string_view quality = trimmed(range);
    const int value = quality.empty()             ? 1000
                      : quality.starts_with("q=") ? quality_of(quality.substr(2))
                                                  : 0;
    const auto match = std::ranges::find(known, primary);
    if (match == known.end() || value <= best_quality) continue;
    best = *match;
    best_quality = value;
  }
  return best;
}

std::string network_of(std::string_view address) {
  const std::string text(address);
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return fmt::format("{}.{}.{}.0/24", bytes[0], bytes[1], bytes[2]);
  }
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return "-";
  static constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
    return fmt::format("{}.{}.{}.0/24", bytes[12], bytes[13], bytes[14]);
  }
  std::fill(bytes.begin() + 6, bytes.end(), static_cast<unsigned char>(0));
  ::inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size());
  return fmt::format("{}/48", shown.data());
}

}  // namespace barometer
