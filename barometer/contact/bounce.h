// Bounces: delivery reports (RFC 3464) as they come back to the sender's mailbox.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace barometer {

struct Bounce {
  std::string recipient{};   // as the report names it, without "rfc822;"; may be empty
  std::string status{};      // "5.1.1"
  std::string message_id{};  // of the mail that came back, without angle brackets; may be empty
  bool for_good = false;     // action failed; else delayed
};

struct BounceFile {
  size_t mails = 0;
  std::vector<Bounce> bounces{};
  size_t others = 0;  // mails that are no delivery report: replies, automatic answers
};

// A mailbox (mbox: each mail after a line "From …") or one mail. Any bytes: what is not a report is
// counted and left alone. At most 100,000 mails are read.
BounceFile read_bounces(std::string_view bytes);

}  // namespace barometer
