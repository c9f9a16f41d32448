// The pages that people who are asked see, from plain data; the questions themselves are drawn by
// question_page.h. No page names the person: a link may have been passed on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/date.h"
#include "barometer/interview/page_view.h"
#include "barometer/server/page_layout.h"

namespace barometer {

// What all pages of a survey share.
struct SurveySite {
  std::string title;  // of the survey, in its first language
  std::string introduction;
  // In its other languages; what is not there is said in the first.
  std::map<std::string, std::string, std::less<>> titles, introductions;
  std::string sponsor;  // who asks
  std::string conducted_by;
  std::string help_email, help_telephone;
  std::string privacy_notice;
  std::optional<Date> closes;
  std::string assets;
  std::vector<std::string> languages;  // of the questionnaire
  bool unlinked = false;
  bool operators_see_all = false;  // FieldworkSettings::operators_see
  int retention_days = 365;

  [[nodiscard]] const std::string& title_in(std::string_view language) const;
  [[nodiscard]] const std::string& introduction_in(std::string_view language) const;
};

// One page for one link.
struct LinkPage {
  const SurveySite& site;
  std::string base;  // "/i/TOKEN"; empty: a page without a link
  std::string language = "en";
  std::string ticket;  // of the form on it
  std::string error;   // a message about that form; empty: none
};

struct StartFacts {
  std::vector<std::string> organisations;
  std::string role;
  size_t pages = 0;
  bool begun = false;
  bool submitted = false;
};
std::string start_page(const LinkPage& page, const StartFacts& facts);
// `view` with what was typed. `back` leads to the page before it; `notice` stands above it, empty
// for none.
std::string interview_page(const LinkPage& page, const PageView& view, const std::string& action,
                           const std::string& back, std::string_view notice);
struct CheckLine {
  std::string change_href;
  std::string question;
  std::vector<std::string> answers;
};
Html check_list(const std::vector<CheckLine>& lines, std::string_view language);
std::string check_page(const LinkPage& page, const std::vector<CheckLine>& lines, bool submitted);
std::string done_page(const LinkPage& page);

// Each of these asks once more, with nothing chosen: what follows links of itself chooses nothing.
std::string decline_page(const LinkPage& page);
std::string stop_page(const LinkPage& page, const std::string& action);
std::string erase_page(const LinkPage& page);
std::string declined_page(const LinkPage& page);  // with the way back
std::string stopped_page(const LinkPage& page, const std::string& back_action);
std::string erased_page(const LinkPage& page);

struct ColleagueForm {
  std::string name, email, kind;                    // as typed; kind is "share" or "transfer"
  std::string name_error, email_error, kind_error;  // empty: none
};
std::string colleague_page(const LinkPage& page, const ColleagueForm& form);
std::string colleague_done_page(const LinkPage& page);
std::string accept_page(const LinkPage& page, const std::vector<std::string>& organisations,
                        const std::string& action);
std::string passed_on_page(const LinkPage& page);   // a colleague answers instead
std::string other_link_page(const LinkPage& page);  // of an unlinked wave: begun with another link

std::string code_page(const LinkPage& page);
std::string unknown_link_page(const LinkPage& page);
std::string closed_page(const LinkPage& page, bool not_open_yet);
std::string privacy_page(const LinkPage& page);
std::string accessibility_page(const LinkPage& page);
// For what cannot be served: the reason in plain words, and what to do. In the survey's first
// language: whose request it was may not be known.
std::string failure_page(const SurveySite& site, int status);

}  // namespace barometer
