#include "barometer/server/site_request.h"

#include <algorithm>

#include "barometer/base/text.h"
#include "barometer/server/request_target.h"

namespace barometer {
namespace {

// Browsers say where a form was: on this site, or (typed, or too old to say) nowhere.
bool is_from_elsewhere(const HttpRequest& request) {
  const std::string_view site = request.fetch_site;
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  if (request.origin.empty()) return false;
  const size_t scheme = request.origin.find("://");
  return scheme == std::string_view::npos || request.origin.substr(scheme + 3) != request.host;
}

bool is_form(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  return lowered(type) == "application/x-www-form-urlencoded";
}

// 0, or the status that refuses the fields.
int take_fields(std::string_view text, FormFields& fields) {
  auto parsed = parse_form(text);
  if (!parsed) return parsed.error().code == ErrorCode::kLimit ? 413 : 400;
  fields = std::move(*parsed);
  return 0;
}

int take_post(const HttpRequest& request, SiteRequest& out) {
  if (is_from_elsewhere(request)) return 403;
  if (!is_form(request.content_type)) return 415;
  return take_fields(request.body, out.form);
}

}  // namespace

std::string_view SiteRequest::part(size_t index) const {
  return index < parts.size() ? std::string_view(parts[index]) : std::string_view();
}

std::string_view SiteRequest::field(std::string_view name) const { return form_value(form, name); }

std::variant<SiteRequestPtr, int> read_site_request(const HttpRequest& request) {
  const auto parts = path_parts(request.path);
  if (!parts) return 404;
  auto out = std::make_shared<SiteRequest>();
  out->method = request.method;
  out->parts.assign(parts->begin(), parts->end());
  out->cookie = request.cookie;
  out->accept_language = request.accept_language;
  out->authorization = request.authorization;
  out->if_none_match = request.if_none_match;
  out->address = request.address;
  out->accepts_gzip = request.accepts_gzip;
  out->secure = request.secure;
  out->proxied = request.proxied;
  if (const int refused = take_fields(request.query, out->query); refused != 0) return refused;
  if (!out->posts()) return out;
  if (const int refused = take_post(request, *out); refused != 0) return refused;
  return out;
}

}  // namespace barometer
