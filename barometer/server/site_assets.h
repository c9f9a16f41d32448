// The style sheet and the icon of all pages, under an address that names their bytes, so that
// browsers keep them for good.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "barometer/server/http.h"
#include "barometer/server/site_request.h"

namespace barometer {

class SiteAssets {
 public:
  // GOV.UK Frontend's styles without its fonts and pictures, ours after them, `theme` last.
  static SiteAssets make(std::string_view theme);

  [[nodiscard]] const std::string& folder() const& {
    return folder_;
  }  // "/assets/0123456789abcdef"
  // None when the path is not of an asset.
  [[nodiscard]] std::optional<HttpResponse> answer(const SiteRequest& request) const;

 private:
  struct Text {
    std::shared_ptr<const std::string> plain, packed;
  };
  std::string folder_;
  Text style_, icon_;
};

// gzip (RFC 1952), the smallest of zlib; the same bytes each time.
std::string gzip_of(std::string_view bytes);

}  // namespace barometer
