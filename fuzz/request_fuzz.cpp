// Whatever a request names, holds or carries: no crash; what is taken is well formed, and what is
// read twice reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/base/text.h"
#include "barometer/interview/form.h"
#include "barometer/server/request_target.h"
#include "barometer/server/site_request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t line = bytes.find('\n');
  const std::string_view first = bytes.substr(0, line);
  const std::string_view rest =
      line == std::string_view::npos ? std::string_view() : bytes.substr(line + 1);

  if (const auto parts = barometer::path_parts(first)) {
    std::string again;
    for (const std::string_view part : *parts) again.append("/").append(part);
    if (again.empty()) again = "/";
    const auto twice = barometer::path_parts(again);  // views into `again`
    CHECK(twice && *twice == *parts, "a path has one form");
    CHECK(again.find("..") == std::string::npos || again.find("/../") == std::string::npos,
          "no path leads up");
  }
  const std::string_view cookie = barometer::cookie_value(rest, first);
  CHECK(cookie.find_first_of("\r\n;, \"") == std::string_view::npos, "a cookie's value is one");
  barometer::preferred_language(rest, {"en", "cy"});
  CHECK(barometer::is_utf8(barometer::network_of(first)), "a network is text of ours");

  barometer::HttpRequest request;
  request.method = barometer::HttpMethod::kPost;
  request.path = first;
  request.query = rest;
  request.body = rest;
  request.content_type = "application/x-www-form-urlencoded";
  const auto read = barometer::read_site_request(request);
  const auto* asked = std::get_if<barometer::SiteRequestPtr>(&read);
  if (asked == nullptr) return 0;
  const auto& fields = (*asked)->form;
  const auto again = barometer::parse_form(barometer::form_text(fields));
  CHECK(again && *again == fields, "a form is read back");
  return 0;
}
