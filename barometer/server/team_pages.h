// The pages of the team, from plain data: figures of response, outcome rates, people, acts. Charts
// are lists and drawings in the page that grow and shrink with it, each with its numbers in words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/base/html.h"
#include "barometer/fieldwork/monitor.h"
#include "barometer/fieldwork/team.h"
#include "barometer/server/page_layout.h"

namespace barometer {

// Who looks, and what all pages say.
struct TeamFrame {
  std::string survey;  // title
  std::string wave;
  std::string assets;
  TeamRole role = TeamRole::kViewer;
  std::string member;
  std::string ticket;  // of the page's forms
  std::string notice;  // what was done; empty: nothing
  std::string error;   // what could not be done; empty: nothing
  bool unlinked = false;
};

std::string sign_in_page(const TeamFrame& frame);
// What the team may see of the answers by now (fieldwork/held_back.h).
struct InterimFacts {
  std::optional<size_t> shown{};  // in the interim results; none: there are none yet
  size_t next = 0;                // complete interviews at which they move
};
std::string overview_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                          FieldworkPhase phase, const InterimFacts& interim);
std::string organisations_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                               const Frame& organisations);
std::string rates_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                       const FieldworkSettings& settings);

struct PersonLine {
  std::string id, role, organisations, contact, interview;
};
struct StepLine {
  std::string id;
  size_t audience = 0;     // who would get it now
  std::string left_out{};  // who would not, and why
  size_t by_spacing = 0;   // of them: who would if a person decided so
};
std::string contact_page(const TeamFrame& frame, const std::vector<StepLine>& steps,
                         const std::vector<PersonLine>& people);
std::string audit_page(const TeamFrame& frame, const std::vector<Act>& acts);
std::string sign_ins_page(const TeamFrame& frame, const std::vector<SignIn>& sign_ins);
// Any other page of the team.
std::string team_page(const TeamFrame& frame, const std::string& title,
                      const std::vector<Html>& body);
// One whose body has the heading of the page, and may have messages of its own.
std::string team_form_page(const TeamFrame& frame, const std::string& title,
                           const std::vector<Html>& body, bool has_errors);
std::string team_message_page(const TeamFrame& frame, const std::string& title,
                              const std::string& words);

// Bars, each a part of a whole, all in one scale, with their words and numbers beside them.
struct ShareBar {
  std::string label;
  int64_t part = 0, whole = 0;
};
Html share_bars(const std::vector<ShareBar>& bars);
Html response_bars(const std::string& title, const std::vector<ResponseRow>& rows);
Html organisation_bars(const std::string& title, const OutcomeCounts& counts);
Html quota_bars(const std::string& title, const std::vector<QuotaRow>& quotas);
// Completed interviews by day, and so far.
Html response_line(const std::string& title, const std::vector<DayRow>& days);

std::string moment_text(int64_t unix_ms);  // "2026-11-22 23:50", UTC

}  // namespace barometer
