// The pages of the team, from plain data: figures of response, outcome rates, people, acts. Charts
// are drawn as SVG in the page, each with its numbers in a table below.
#pragma once

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
std::string overview_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                          FieldworkPhase phase);
std::string organisations_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                               const Frame& organisations);
std::string rates_page(const TeamFrame& frame, const FieldworkMonitor& monitor);

struct PersonLine {
  std::string id, role, organisations, contact, interview;
};
struct StepLine {
  std::string id;
  size_t audience = 0;  // who would get it now
  size_t queued = 0;    // who has it already, sent or not
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

// Bars of one group each, part of a whole; and a line over days.
Html response_bars(const std::string& title, const std::vector<ResponseRow>& rows);
Html response_line(const std::string& title, const std::vector<DayRow>& days);

std::string moment_text(int64_t unix_ms);  // "2026-11-22 23:50", UTC

}  // namespace barometer
