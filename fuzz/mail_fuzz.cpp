// A template and values of any bytes: what comes out is refused, or is a mail of which each header
// is one of ours, with lines that a mail server takes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/base/text.h"
#include "barometer/contact/message.h"
#include "barometer/contact/template.h"

namespace {

constexpr size_t kLineMax = 998;  // RFC 5322, 2.1.1

void check_mail(const std::string& mail) {
  const size_t body = mail.find("\r\n\r\n");
  CHECK(body != std::string::npos, "a mail has a head and a body");
  size_t headers = 0;
  for (const std::string& line : barometer::split(mail.substr(0, body), '\n')) {
    CHECK(line.size() <= kLineMax, "a line of the head is not too long");
    headers += line.starts_with(' ') ? 0U : 1U;
  }
  CHECK(headers == 10, "no header but ours");
  for (const std::string& line : barometer::split(mail.substr(body), '\n')) {
    CHECK(line.size() <= 78, "a line of the body is short");
    CHECK(line != ".\r" && !line.starts_with("From "), "no line that means something else");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t cut = bytes.find('\0');
  const std::string name(cut == std::string_view::npos ? "" : bytes.substr(cut + 1, 200));
  barometer::Diagnostics problems;
  const auto made = barometer::MailTemplate::parse(bytes.substr(0, cut), "m.md", false, problems);
  if (!problems.ok()) return 0;
  barometer::MergeValues values;
  for (const std::string& field : barometer::merge_fields()) values[field] = name;
  values["stop_link"] = "https://s.example/s/1";
  const auto text = made.fill(values);
  if (!text) return 0;
  barometer::MailHeaders headers{.from = {"T", "t@x.example"}, .to = {name, "z@y.example"}};
  headers.message_id = "a@x.example";
  headers.stop_link = values["stop_link"];
  const auto mail = barometer::mail_message(headers, *text);
  if (mail) check_mail(*mail);
  return 0;
}
