// An HTTP/1.1 server on Boost.Beast: some threads, each with its own connections; TLS by OpenSSL or
// behind a proxy; bounded in everything that a client decides.
//
// Refused before a handler sees it, with the connection closed afterwards: a head over
// `header_bytes` (431), a body over `body_bytes` (413), a target that is not in origin form, has
// control bytes or is longer than 2,048 bytes (400, 414), no Host or two (400), two lengths (400),
// any Transfer-Encoding (501: forms have a length, and a request that two servers could cut
// differently is none), another method (405), a POST without length (411).
// A client that is slow with a head, a body or in taking its answer is cut off after the seconds
// below; so are connections over the limit, with 503.
//
// Threads: start() to stop() from one thread; the handler is called on the server's threads, one
// request of a connection at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/server/http.h"

namespace barometer {

struct HttpOptions {
  std::string address = "127.0.0.1";  // a literal address; "::" for all
  uint16_t port = 0;                  // 0: any free one
  unsigned threads = 2;
  size_t connections = 4096;
  size_t connections_of_address = 0;  // 0: no limit; offices share an address
  size_t header_bytes = 8192;
  size_t body_bytes = 65536;
  int header_seconds = 10;    // from the first to the last byte of a head; of a TLS handshake
  int body_seconds = 20;      // for the rest of a request
  int idle_seconds = 60;      // between requests
  int reply_seconds = 30;     // for our own answer
  int write_seconds = 20;     // for the client to take it
  bool behind_proxy = false;  // believe the last X-Forwarded-For, and X-Forwarded-Proto
  std::string certificate_file{}, key_file{};  // PEM; empty: no TLS
};

// What happened to one request, for log and metrics.
struct HttpEvent {
  HttpMethod method = HttpMethod::kGet;
  std::string_view route;  // empty: refused before it was routed
  std::string_view address;
  int status = 0;
  size_t bytes = 0;
  int64_t microseconds = 0;  // from the whole request to the answer
};

struct HttpHooks {
  std::function<int64_t()> microseconds;  // a clock that never goes back
  std::function<void(const HttpEvent&)> on_event;
  // The page for a request that is refused or failed; the default is one line of text.
  std::function<HttpResponse(int status)> error_page;
  std::function<void(std::string_view what)> on_fault;  // a broken promise of ours, for the log
};

class HttpServer {
 public:
  // Listens and serves. kIo: the address cannot be had; kInvalid: certificate or key do not serve.
  static Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options, HttpHandler handler,
                                                   HttpHooks hooks);
  virtual ~HttpServer() = default;
  [[nodiscard]] virtual uint16_t port() const = 0;
  [[nodiscard]] virtual size_t open_connections() const = 0;
  // Reads certificate and key again: for connections made from now on.
  virtual Status reload() = 0;
  // Takes no more connections, lets requests under way be answered for up to `seconds`, and ends.
  virtual void stop(int seconds) = 0;
};

}  // namespace barometer
