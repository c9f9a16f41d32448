#include <algorithm>

#include <boost/asio/ip/address.hpp>

#include "barometer/base/text.h"
#include "barometer/server/http_head_internal.h"

namespace barometer {
namespace {

namespace http = boost::beast::http;

constexpr size_t kLongestTarget = 2048;

struct Counts {
  size_t host = 0, length = 0, encoding = 0;
};

std::string_view view_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_number(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host(std::string_view host) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']' || c == '_';
  };
  return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, fits);
}

std::string_view last_of_list(std::string_view list) {
  const size_t comma = list.rfind(',');
  return trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

void take_proxy_field(std::string_view name, std::string_view value, HttpRequest& request) {
  if (lowered(name) == "x-forwarded-for") {
    const std::string_view client = last_of_list(value);
    if (is_ip_address(client)) request.address = client;
    request.proxied = true;
  } else if (lowered(name) == "x-forwarded-proto") {
    request.secure = value == "https";
  }
}

void take_named_field(std::string_view name, std::string_view value, HttpRequest& request) {
  if (name.size() == 14 && lowered(name) == "sec-fetch-site") request.fetch_site = value;
}

void take_field(const http::fields::value_type& field, bool behind_proxy, HttpRequest& request,
                Counts& counts) {
  const std::string_view value = view_of(field.value());
  switch (field.name()) {
    case http::field::host:
      ++counts.host;
      request.host = value;
      break;
    case http::field::content_length:
      counts.length += is_number(value) ? 1U : 2U;
      break;
    case http::field::transfer_encoding:
      ++counts.encoding;
      break;
    case http::field::origin:
      request.origin = value;
      break;
    case http::field::cookie:
      request.cookie = value;
      break;
    case http::field::content_type:
      request.content_type = value;
      break;
    case http::field::if_none_match:
      request.if_none_match = value;
      break;
    case http::field::accept_language:
      request.accept_language = value;
      break;
    case http::field::authorization:
      request.authorization = value;
      break;
    case http::field::accept_encoding:
      request.accepts_gzip = value.find("gzip") != std::string_view::npos;
      break;
    default:
      take_named_field(view_of(field.name_string()), value, request);
      if (behind_proxy) take_proxy_field(view_of(field.name_string()), value, request);
  }
}

int take_method(const BeastRequest& message, HttpRequest& request) {
  switch (message.method()) {
    case http::verb::get:
      request.method = HttpMethod::kGet;
      return 0;
    case http::verb::head:
      request.method = HttpMethod::kHead;
      return 0;
    case http::verb::post:
      request.method = HttpMethod::kPost;
      return 0;
    default:
      return 405;
  }
}

int take_target(std::string_view target, HttpRequest& request) {
  if (target.size() > kLongestTarget) return 414;
  if (!target.starts_with('/') || !is_visible(target)) return 400;
  const size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
  return target.find('#') == std::string_view::npos ? 0 : 400;
}

}  // namespace

bool is_ip_address(std::string_view text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string(text), error);
  return !error;
}

int read_head(const BeastRequest& message, bool behind_proxy, HttpRequest& request) {
  if (message.version() != 11 && message.version() != 10) return 400;
  if (const int refused = take_method(message, request); refused != 0) return refused;
  if (const int refused = take_target(view_of(message.target()), request); refused != 0) {
    return refused;
  }
  Counts counts;
  for (const auto& field : message) take_field(field, behind_proxy, request, counts);
  if (counts.encoding > 0) return 501;
  if (counts.host != 1 || !is_host(request.host) || counts.length > 1) return 400;
  const bool posts = request.method == HttpMethod::kPost;
  if (posts && counts.length == 0) return 411;
  return !posts && counts.length > 0 && message.at(http::field::content_length) != "0" ? 400 : 0;
}

}  // namespace barometer
