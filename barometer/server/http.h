// HTTP messages as handlers see them: one request, read whole and found sound, and its answer.
//
// What reaches a handler is already bounded and unambiguous: a target in origin form, one Host, at
// most one Content-Length, no Transfer-Encoding (http_server.h lists the rules). The views of a
// request live as long as the call of the handler: what answers later keeps copies.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace barometer {

enum class HttpMethod { kGet, kHead, kPost };
std::string_view name_of(HttpMethod method);

struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string_view path;   // as sent, before the '?'; begins with '/'
  std::string_view query;  // after the '?', as sent
  std::string_view host;
  std::string_view origin;         // empty: the client sent none
  std::string_view fetch_site;     // Sec-Fetch-Site
  std::string_view cookie;         // as sent
  std::string_view content_type;   // as sent
  std::string_view if_none_match;  // as sent
  std::string_view accept_language;
  std::string_view authorization;
  std::string_view body;
  bool accepts_gzip = false;
  bool secure = false;   // TLS, ours or that of a trusted proxy
  bool proxied = false;  // the request names another client than the peer
  std::string address;   // of the client: the peer, or whom a trusted proxy names
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::shared_ptr<const std::string> shared;  // in place of body: one text for many answers
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view route;  // a literal of ours for logs and metrics: "/i/:token/:page"
  bool cacheable = false;  // else no-store

  [[nodiscard]] std::string_view bytes() const& { return shared ? *shared : body; }
};

HttpResponse redirect_to(std::string location, std::string_view route);
HttpResponse plain_text(int status, std::string text, std::string_view route);
std::string_view reason_of(int status);  // "Not Found"

// The head of an answer: status line, our security headers, its own headers, Content-Length. A
// header value of ours never holds a line end: one that does is left out whole.
std::string response_head(const HttpResponse& response, bool secure, bool keep_alive);

// Called once, from any thread.
using HttpReply = std::function<void(HttpResponse)>;
// Called on a thread of the server, which serves others meanwhile only when it returns: work that
// waits for a disk answers later, through `reply`.
using HttpHandler = std::function<void(const HttpRequest& request, HttpReply reply)>;

}  // namespace barometer
