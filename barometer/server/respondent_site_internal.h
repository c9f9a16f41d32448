// One request for one link, and a page on its way into the journal.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "barometer/server/respondent_site.h"

namespace barometer {

struct RespondentSite::Visit {
  SiteRequestPtr request;
  HttpReply reply;
  FieldCasePtr one;

  [[nodiscard]] std::string token() const { return std::string(request->part(1)); }
  [[nodiscard]] std::string base() const { return "/i/" + token(); }
  void answer(std::string html, std::string_view route, int status = 200) const {
    HttpResponse response;
    response.status = status;
    response.body = std::move(html);
    response.route = route;
    reply(std::move(response));
  }
  void go(const std::string& where, std::string_view route) const {
    reply(redirect_to(where, route));
  }
};

struct RespondentSite::Posting {
  VisitPtr visit;
  size_t page = 0;
  std::string ticket;  // key of the page as drawn
  std::string key;     // of the entry: the ticket's, unless the page was changed and sent again
  int64_t seconds = 0;
  int attempts = 0;
  bool submits = false;
  std::string body;                               // of the entry
  std::shared_ptr<const InterviewState> state{};  // with it
  int64_t expected = 0;                           // entries before it
  std::string next{};                             // where the answer leads
};

inline constexpr std::string_view kPageRoute = "/i/:link/p/:page";
inline constexpr std::string_view kCheckRoute = "/i/:link/check";
inline constexpr std::string_view kStartRoute = "/i/:link";

}  // namespace barometer
