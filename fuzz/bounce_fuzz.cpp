// Whatever the bytes of a mailbox: no crash, no more reports than mails have room for, and nothing
// in them that was not in the bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/contact/bounce.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const barometer::BounceFile file = barometer::read_bounces(bytes);
  CHECK(file.others <= file.mails, "what is no report is a mail");
  CHECK(file.mails <= size, "a mail has a byte");
  for (const barometer::Bounce& bounce : file.bounces) {
    CHECK(bytes.find(bounce.recipient) != std::string_view::npos ||
              bounce.recipient.find(' ') != std::string::npos,
          "a recipient is in the report");
    CHECK(bounce.message_id.find('>') == std::string::npos, "an id has no brackets");
  }
  return 0;
}
