#include "barometer/server/page_ticket.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

namespace barometer {
namespace {

constexpr size_t kNonceDigits = 32;
constexpr size_t kIssuedDigits = 8;
constexpr size_t kMacDigits = 32;
constexpr size_t kMacBytes = kMacDigits / 2;
constexpr int64_t kClockSlackS = 300;  // between two servers

std::string_view mac_of(std::string_view ticket) {
  return ticket.substr(kNonceDigits + kIssuedDigits);
}

}  // namespace

std::string random_hex(const RandomBytes& random, size_t count) {
  std::vector<unsigned char> bytes(count);
  random(bytes);
  std::string hex(count * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

std::string PageTickets::make(std::string_view owner, std::string_view purpose,
                              int64_t now_s) const {
  const std::string head =
      fmt::format("{}{:08x}", random_hex(random_, kNonceDigits / 2), now_s & 0xffffffff);
  return head + key_.hash({"ticket", head, owner, purpose}, kMacBytes);
}

std::optional<PageTicket> PageTickets::open(std::string_view ticket, std::string_view owner,
                                            std::string_view purpose, int64_t now_s) const {
  if (ticket.size() != kNonceDigits + kIssuedDigits + kMacDigits) return std::nullopt;
  const std::string_view head = ticket.substr(0, kNonceDigits + kIssuedDigits);
  const std::string mac = key_.hash({"ticket", head, owner, purpose}, kMacBytes);
  if (sodium_memcmp(mac.data(), mac_of(ticket).data(), kMacDigits) != 0) return std::nullopt;
  PageTicket found{std::string(head.substr(0, kNonceDigits)), 0};
  const std::string_view issued = head.substr(kNonceDigits);
  std::from_chars(issued.data(), issued.data() + issued.size(), found.issued_s, 16);
  const bool fresh = found.issued_s <= now_s + kClockSlackS && now_s - found.issued_s < lifetime_s_;
  return fresh ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace barometer
