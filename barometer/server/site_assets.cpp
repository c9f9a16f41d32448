#include "barometer/server/site_assets.h"

#include <optional>
#include <utility>

#include <zlib.h>

#include "barometer/base/assets.h"
#include "barometer/base/hash.h"
#include "barometer/base/result.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kHashDigits = 16;

std::string_view embedded(std::string_view name) {
  const auto found = assets::find(name);
  CHECK(found.has_value(), "the file is embedded in the program");
  return *found;
}

// Its fonts may be used on gov.uk only, and its crest not at all.
std::string neutral(std::string css) {
  for (size_t at = 0; (at = css.find("url(/assets/", at)) != std::string::npos;) {
    const size_t end = css.find(')', at);
    CHECK(end != std::string::npos, "a style sheet closes its parentheses");
    css.replace(at, end + 1 - at, "none");
  }
  css = replaced(std::move(css), "GDS Transport,arial,sans-serif", "var(--font)");
  return replaced(std::move(css), "@font-face{font-family:GDS Transport",
                  "@font-face{font-family:none");
}

}  // namespace

std::string gzip_of(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) == Z_OK,
        "zlib starts");
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  CHECK(ended == Z_STREAM_END, "the bound of zlib holds");
  return out;
}

SiteAssets SiteAssets::make(std::string_view theme) {
  const auto both = [](std::string bytes) {
    Text text;
    text.packed = std::make_shared<const std::string>(gzip_of(bytes));
    text.plain = std::make_shared<const std::string>(std::move(bytes));
    return text;
  };
  SiteAssets made;
  std::string css = neutral(std::string(embedded("govuk-frontend.min.css")));
  css.append("\n").append(embedded("survey.css")).append("\n").append(theme);
  made.style_ = both(std::move(css));
  made.icon_ = both(std::string(embedded("survey-icon.svg")));
  made.folder_ =
      "/assets/" + sha256_hex(*made.style_.plain + *made.icon_.plain).substr(0, kHashDigits);
  return made;
}

std::optional<HttpResponse> SiteAssets::answer(const SiteRequest& request) const {
  if (request.posts() || request.parts.size() != 3 || request.part(0) != "assets") {
    return std::nullopt;
  }
  if (request.part(1) != std::string_view(folder_).substr(8)) return std::nullopt;
  const bool style = request.part(2) == "site.css";
  if (!style && request.part(2) != "icon.svg") return std::nullopt;
  const Text& text = style ? style_ : icon_;
  HttpResponse response;
  response.route = "/assets";
  response.cacheable = true;
  response.content_type = style ? "text/css; charset=utf-8" : "image/svg+xml";
  response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (request.accepts_gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  response.shared = request.accepts_gzip ? text.packed : text.plain;
  return response;
}

}  // namespace barometer
