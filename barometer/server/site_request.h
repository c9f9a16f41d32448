// A request as the sites see it: its own copy of everything, so that work on another thread can
// keep it; forms decoded; and what may never be let through refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "barometer/interview/form.h"
#include "barometer/server/http.h"

namespace barometer {

struct SiteRequest {
  HttpMethod method = HttpMethod::kGet;
  std::vector<std::string> parts;  // of the path
  FormFields query, form;
  std::string cookie, accept_language, authorization, if_none_match, address;
  bool accepts_gzip = false;
  bool secure = false;
  bool proxied = false;

  [[nodiscard]] bool posts() const { return method == HttpMethod::kPost; }
  // The part at `index`; empty where the path is shorter.
  [[nodiscard]] std::string_view part(size_t index) const;
  [[nodiscard]] std::string_view field(std::string_view name) const;  // of the form
};
using SiteRequestPtr = std::shared_ptr<const SiteRequest>;

// The request, or the status that refuses it: 404 for a path that is none of ours; of posts 415
// (not a form), 403 (sent by a page of another site, as Sec-Fetch-Site or Origin say), 400 (a form
// that cannot be decoded), 413.
std::variant<SiteRequestPtr, int> read_site_request(const HttpRequest& request);

}  // namespace barometer
