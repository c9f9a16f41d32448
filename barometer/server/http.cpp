#include "barometer/server/http.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

struct Reason {
  int status;
  std::string_view words;
};

constexpr std::array<Reason, 20> kReasons = {{
    {200, "OK"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
}};

// The same for every answer. Forms go to ourselves, styles come from ourselves, nothing else.
// Referrer-Policy is same-origin, as no-referrer would make browsers hide the Origin of forms.
constexpr std::string_view kSecurityHeaders =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action "
    "'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
    "X-Robots-Tag: noindex, nofollow\r\n";

bool is_header_safe(std::string_view value) {
  return std::ranges::none_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

}  // namespace

std::string_view name_of(HttpMethod method) {
  constexpr std::array<std::string_view, 3> kNames = {"GET", "HEAD", "POST"};
  return kNames[static_cast<size_t>(method)];
}

std::string_view reason_of(int status) {
  const auto* const found = std::ranges::find(kReasons, status, &Reason::status);
  return found == kReasons.end() ? "Unknown" : found->words;
}

HttpResponse redirect_to(std::string location, std::string_view route) {
  HttpResponse response;
  response.status = 303;
  response.content_type = "";
  response.headers.emplace_back("Location", std::move(location));
  response.route = route;
  return response;
}

HttpResponse plain_text(int status, std::string text, std::string_view route) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  response.route = route;
  return response;
}

std::string response_head(const HttpResponse& response, bool secure, bool keep_alive) {
  std::string head;
  head.reserve(1024);
  const auto add = [&head](std::string_view name, std::string_view value) {
    if (!is_header_safe(value)) return;
    head.append(name).append(": ").append(value).append("\r\n");
  };
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status,
                 reason_of(response.status));
  head += kSecurityHeaders;
  if (secure) add("Strict-Transport-Security", "max-age=31536000");
  if (!response.cacheable) add("Cache-Control", "no-store");
  if (!response.content_type.empty()) add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) add(name, value);
  add("Connection", keep_alive ? "keep-alive" : "close");
  if (response.status != 304) {
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", response.bytes().size());
  }
  return head += "\r\n";
}

}  // namespace barometer
