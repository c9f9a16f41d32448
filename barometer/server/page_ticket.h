// The hidden field of every form: proof that we drew this form for this person and page, and the
// key by which a post that comes twice is one post.
//
//   nonce (32 hexadecimal digits) | issued, seconds since 1970 (8) | MAC (32)
//   MAC = keyed BLAKE2b-128 of nonce, issued, owner and purpose
// The owner is what the client proves to be otherwise: the token of its link, the hash of its
// sign-in. A ticket of another owner, another page or more than `lifetime_s` old is none.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "barometer/fieldwork/folder.h"

namespace barometer {

// Fills with bytes that nobody can foretell; any thread.
using RandomBytes = std::function<void(std::span<unsigned char>)>;
// `count` of them as lower-case hexadecimal digits.
std::string random_hex(const RandomBytes& random, size_t count);

struct PageTicket {
  std::string key;       // the nonce
  int64_t issued_s = 0;  // since 1970
};

class PageTickets {
 public:
  PageTickets(SecretKey key, RandomBytes random, int64_t lifetime_s = int64_t{7} * 86400)
      : key_(std::move(key)), random_(std::move(random)), lifetime_s_(lifetime_s) {}

  [[nodiscard]] std::string make(std::string_view owner, std::string_view purpose,
                                 int64_t now_s) const;
  // None when it is not ours, not this owner's, not for this purpose, or too old.
  [[nodiscard]] std::optional<PageTicket> open(std::string_view ticket, std::string_view owner,
                                               std::string_view purpose, int64_t now_s) const;

 private:
  SecretKey key_;
  RandomBytes random_;
  int64_t lifetime_s_;
};

}  // namespace barometer
