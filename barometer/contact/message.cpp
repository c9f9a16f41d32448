#include "barometer/contact/message.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/fieldwork/people.h"

namespace barometer {
namespace {

constexpr size_t kWordBytes = 42;  // 42 bytes are 56 letters of base64: a word of at most 75
constexpr size_t kLineMax = 76;
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group =
          (group << 8U) | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += at + i <= bytes.size() ? kDigits[(group >> (18 - 6 * i)) & 63U] : '=';
    }
  }
  return out;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool is_plain(char c) { return c >= ' ' && c <= '~'; }

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

// A name before an address: a quoted string, or encoded words.
std::string written(const MailAddress& one) {
  if (one.name.empty()) return one.address;
  if (!std::ranges::all_of(one.name, is_plain)) {
    return fmt::format("{} <{}>", encoded_words(one.name), one.address);
  }
  const std::string quoted = replaced(replaced(one.name, "\\", "\\\\"), "\"", "\\\"");
  return fmt::format("\"{}\" <{}>", quoted, one.address);
}

Status check(const MailHeaders& headers, const MailText& text) {
  for (const std::string* address :
       {&headers.from.address, &headers.to.address, &headers.reply_to}) {
    if (address == &headers.reply_to && address->empty()) continue;
    if (!is_mail_address(*address)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is not a mail address", printable(*address)));
    }
  }
  for (const std::string* line : {&headers.from.name, &headers.to.name, &headers.message_id,
                                  &headers.stop_link, &text.subject}) {
    if (has_control(*line) || !is_utf8(*line)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' cannot stand in the head of a mail", printable(*line)));
    }
  }
  if (!is_utf8(text.body)) return fail(ErrorCode::kInvalid, "the mail is not text in UTF-8");
  return {};
}

}  // namespace

std::string mail_date(int64_t at_ms) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(at_ms)};
  const auto day = floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(floor<std::chrono::seconds>(at - day));
  return fmt::format(
      "{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays.at(std::chrono::weekday(day).c_encoding()),
      static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
      static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
      time.seconds().count());
}

std::string encoded_words(std::string_view utf8) {
  if (std::ranges::all_of(utf8, is_plain)) return std::string(utf8);
  std::string out;
  while (!utf8.empty()) {
    size_t size = std::min(utf8.size(), kWordBytes);
    // A character is not cut between two words.
    while (size > 0 && size < utf8.size() && is_continuation(utf8[size])) --size;
    if (size == 0) size = std::min(utf8.size(), kWordBytes);
    if (!out.empty()) out += "\r\n ";
    out += fmt::format("=?UTF-8?B?{}?=", base64(utf8.substr(0, size)));
    utf8.remove_prefix(size);
  }
  return out;
}

std::string quoted_printable(std::string_view utf8) {
  std::string out;
  size_t column = 0;
  const auto add = [&](std::string_view piece) {
    if (column + piece.size() > kLineMax - 1) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  };
  for (size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == utf8.size() || utf8[i + 1] == '\n';
    const bool blank = c == ' ' || c == '\t';
    // A line of "From " or "." would mean something to programs on the way.
    const bool risky = column == 0 && (c == '.' || utf8.substr(i).starts_with("From "));
    if ((is_plain(c) && c != '=' && !risky && !(blank && ends_line)) || (c == '\t' && !ends_line)) {
      add(utf8.substr(i, 1));
    } else {
      add(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    }
  }
  if (column > 0) out += "\r\n";
  return out;
}

Result<std::string> mail_message(const MailHeaders& headers, const MailText& text) {
  TRY_DONE(check(headers, text));
  std::string out =
      fmt::format("From: {}\r\nTo: {}\r\n", written(headers.from), written(headers.to));
  if (!headers.reply_to.empty()) out += fmt::format("Reply-To: {}\r\n", headers.reply_to);
  out += fmt::format("Subject: {}\r\nDate: {}\r\nMessage-ID: <{}>\r\n", encoded_words(text.subject),
                     mail_date(headers.at_ms), headers.message_id);
  if (!headers.stop_link.empty()) {
    // Without List-Unsubscribe-Post: mail gateways post by themselves, and this page asks first.
    out += fmt::format("List-Unsubscribe: <{}>\r\n", headers.stop_link);
  }
  out +=
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  return out + quoted_printable(text.body);
}

}  // namespace barometer
