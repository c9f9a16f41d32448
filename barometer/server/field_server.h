// One wave on the web: the respondents' site, the team's, and what an operator watches.
//
//   GET /health    200 {"status":"ok"} when the journal can be read, else 503
//   GET /metrics   for Prometheus; to the loopback without a proxy, or with the token of the
//   options
//
// Threads: start() to stop() from one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "barometer/contact/postman.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/server/case_desk.h"
#include "barometer/server/http_server.h"
#include "barometer/server/page_ticket.h"
#include "barometer/server/rate_limit.h"
#include "barometer/study/study.h"

namespace barometer {

struct FieldServerOptions {
  HttpOptions http{};
  CaseDeskOptions desk{};
  bool sends_mail = false;  // what is queued and what falls due (contact/postman.h)
  PostmanOptions postman{};
  RequestRate link_rate{5, 60};         // of one link
  RequestRate address_rate{100, 1000};  // of one address: an office may be behind it
  RequestRate unknown_rate{0.2, 20};    // links and codes that are none, by address
  RequestRate sign_in_rate{0.05, 10};   // sign-ins that failed, by member and by address
  std::string theme_css{};              // after our styles
  std::string metrics_token{};          // for /metrics from elsewhere; empty: from nowhere else
};

struct FieldServerHooks {
  std::function<int64_t()> unix_ms;
  std::function<int64_t()> microseconds;  // never goes back
  RandomBytes random;
  std::function<void(std::string_view)> log{};  // a line of JSON, without its end; any thread
  bool log_requests = true;                     // a line each
};

class FieldServer {
 public:
  // `study` and `wave` (one of its waves) outlive the server. kInvalid: the questionnaire cannot be
  // asked; kIo: address or databases.
  static Result<std::unique_ptr<FieldServer>> start(const Study& study, const Wave& wave,
                                                    const FieldFolder& folder,
                                                    const FieldServerOptions& options,
                                                    const FieldServerHooks& hooks);
  virtual ~FieldServer() = default;
  [[nodiscard]] virtual uint16_t port() const = 0;
  virtual Status reload() = 0;  // certificate and key
  // Does what the clock asks for, if anything: called every few seconds, also when nobody comes.
  virtual void refresh() = 0;
  virtual void stop(int seconds) = 0;  // as HttpServer::stop
};

}  // namespace barometer
