// A mail as it goes over the wire (RFC 5322, MIME): plain text in UTF-8, quoted-printable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/contact/template.h"

namespace barometer {

struct MailAddress {
  std::string name{};  // may be empty
  std::string address{};
};

struct MailHeaders {
  MailAddress from{};
  MailAddress to{};
  std::string reply_to{};    // an address; may be empty
  std::string message_id{};  // without angle brackets; the same for every attempt of one mail
  std::string stop_link{};   // List-Unsubscribe: a page that asks before it stops anything
  int64_t at_ms = 0;
};

// kInvalid: an address that is none, or a header with a line end or control in it.
Result<std::string> mail_message(const MailHeaders& headers, const MailText& text);

// "Sun, 22 Nov 2026 23:24:00 +0000"
std::string mail_date(int64_t at_ms);
// As RFC 2047 writes words that are not ASCII; ASCII stays as it is.
std::string encoded_words(std::string_view utf8);
// Lines of at most 76 characters, ended by CRLF.
std::string quoted_printable(std::string_view utf8);

}  // namespace barometer
