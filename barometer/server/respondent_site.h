// The site of those who are asked.
//
//   GET  /i/LINK              what it is about; opening it changes nothing, whoever opens it
//   POST /i/LINK/begin        to the first open page
//   GET  /i/LINK/p/PAGE       a page; POST saves it (durable before the answer), 303 to the next
//   GET  /i/LINK/check        the answers; POST sends them; /done
//        /i/LINK/decline, /return, /colleague, /erase, /privacy, /accessibility
//        /s/STOP              stops mail; also by one click of a mail program (RFC 8058)
//        /a/ACCEPT            a colleague takes over
//        /, /code             a code typed from a letter; /privacy, /accessibility
//
// A post has effect only with the ticket of the page it was drawn on (page_ticket.h), and those
// that say no only with a choice made on it: what fetches or submits forms on its own changes
// nothing. A post that comes again gets the answer it got before, and one row of the journal.
//
// Threads: handle() on the server's threads; databases are asked on `desk_work`.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "barometer/fieldwork/monitor.h"
#include "barometer/server/case_desk.h"
#include "barometer/server/http.h"
#include "barometer/server/metrics.h"
#include "barometer/server/page_ticket.h"
#include "barometer/server/rate_limit.h"
#include "barometer/server/respondent_pages.h"
#include "barometer/server/site_request.h"
#include "barometer/server/work_queue.h"

namespace barometer {

// What the site stands on; all of it outlives the site.
struct RespondentParts {
  const Wave& wave;
  const Interview& interview;
  const SurveySite& site;
  CaseDesk& desk;
  WorkQueue& desk_work;
  const PageTickets& tickets;
  ServerMetrics& metrics;
  RateLimit& link_rate;     // of one link
  RateLimit& unknown_rate;  // of links that are none, by address
  std::function<int64_t()> unix_ms;
  std::function<void(std::string_view)> log_error;
};

class RespondentSite {
 public:
  explicit RespondentSite(const RespondentParts& parts) : parts_(parts) {}
  // False: the path is not of this site.
  bool handle(const SiteRequestPtr& request, const HttpReply& reply);
  // Reads what the team has set since (the wave closed early), and does what its end asks for.
  // Desk.
  void refresh();
  // From now on nothing is begun: what comes back from the journal is answered, or refused.
  void end() { ending_ = true; }

 private:
  struct Visit;    // one request for one link
  struct Posting;  // a page on its way into the journal
  using VisitPtr = std::shared_ptr<Visit>;
  using PostingPtr = std::shared_ptr<Posting>;

  bool handle_common(const SiteRequestPtr& request, const HttpReply& reply);
  void handle_code(const SiteRequestPtr& request, const HttpReply& reply);
  void handle_link(const SiteRequestPtr& request, const HttpReply& reply);
  void handle_stop(const SiteRequestPtr& request, const HttpReply& reply);
  void handle_accept(const SiteRequestPtr& request, const HttpReply& reply);

  void check_and_serve(CaseWatch& watch, const VisitPtr& visit);
  void load_and_serve(const SiteRequestPtr& request, const HttpReply& reply);
  void serve(const VisitPtr& visit);
  bool serve_interview(const VisitPtr& visit);
  bool serve_wishes(const VisitPtr& visit);
  void show_start(const VisitPtr& visit);
  void begin(const VisitPtr& visit);
  void show_page(const VisitPtr& visit, size_t page, std::string_view notice, int status);
  void draw(const Visit& visit, size_t page, const PageView& view, std::string_view notice,
            int status) const;
  void save_page(const VisitPtr& visit, size_t page);
  void show_check(const VisitPtr& visit);
  void submit(const VisitPtr& visit);
  void post_again(const PostingPtr& posting);
  void append(const PostingPtr& posting);
  void append_now(const PostingPtr& posting);
  void appended(const PostingPtr& posting, const Result<Appended>& result);
  void come_again(const PostingPtr& posting);
  void decline(const VisitPtr& visit);
  void take_back(const VisitPtr& visit);
  void resume(const VisitPtr& visit, std::string_view route);
  void bring_colleague(const VisitPtr& visit);
  void erase(const VisitPtr& visit);
  void stop_mail(const TokenHolder& holder, const SiteRequestPtr& request, const HttpReply& reply);

  // A page without a link.
  [[nodiscard]] LinkPage common_page(const SiteRequest& request, std::string ticket) const;
  [[nodiscard]] LinkPage link_page(const Visit& visit, std::string_view purpose) const;
  [[nodiscard]] bool has_ticket(const Visit& visit, std::string_view purpose) const;
  [[nodiscard]] FieldworkPhase phase() const;
  [[nodiscard]] std::string language_of(const Visit& visit) const;
  // Said by the request; else `otherwise`, or what its browser prefers, or the first.
  [[nodiscard]] std::string language_asked(const SiteRequest& request,
                                           const std::string& otherwise) const;
  [[nodiscard]] std::string home_of(const Visit& visit) const;
  [[nodiscard]] int64_t link_expires_ms() const;
  // Runs on the desk's thread; answers 503 when it cannot, or when `work` says it failed.
  void at_desk(const HttpReply& reply, std::string_view route, std::function<Status()> work);
  void fail_with(const HttpReply& reply, int status, std::string_view route) const;
  void store_failed(const HttpReply& reply, std::string_view route, const Error& error) const;

  RespondentParts parts_;
  std::atomic<bool> ending_ = false;
  std::atomic<int64_t> closed_ms_ = 0;  // by the team; 0: not
};

}  // namespace barometer
