// The site of the team, under /team/: who is signed in, what they see, what they may do.
//
// A sign-in is a random cookie of 256 bits, of which the database holds a hash: __Host-team over
// TLS (Secure, HttpOnly, SameSite=Strict, of the whole host only), "team" without. It ends after 30
// minutes without use, after 12 hours, when it is revoked, or when its member is disabled. Signing
// in takes password and one-time code together, says the same whatever is wrong, and is limited by
// member and by address. Every act goes into the audit log first.
//
// Threads: handle() on any; everything runs on `work`, the one thread that owns these databases.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/contact/campaign.h"
#include "barometer/contact/outbox.h"
#include "barometer/fieldwork/held_back.h"
#include "barometer/fieldwork/monitor.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/team.h"
#include "barometer/server/case_desk.h"
#include "barometer/server/credentials.h"
#include "barometer/server/metrics.h"
#include "barometer/server/page_ticket.h"
#include "barometer/server/rate_limit.h"
#include "barometer/server/site_request.h"
#include "barometer/server/team_pages.h"
#include "barometer/server/work_queue.h"
#include "barometer/topline/topline.h"

namespace barometer {

// What the site stands on; all of it outlives the site.
struct TeamParts {
  const Study& study;
  const Wave& wave;
  const Interview& interview;
  std::string survey;  // its title
  std::string assets;
  CaseDesk& desk;  // for its journal
  WorkQueue& work;
  const PageTickets& tickets;
  ServerMetrics& metrics;
  RateLimit& sign_in_rate;
  RandomBytes random;
  std::function<int64_t()> unix_ms;
  std::function<void(std::string_view)> log_error;
  std::function<HttpResponse(int status)> failure;
};

class TeamSite {
 public:
  static Result<std::unique_ptr<TeamSite>> open(const TeamParts& parts, const FieldFolder& folder);
  TeamSite(const TeamParts& parts, SecretKey team_key,
           std::optional<SecretKey> pseudonyms);  // for open()
  // False: the path is not of this site.
  bool handle(const SiteRequestPtr& request, const HttpReply& reply);

 private:
  struct Visit {
    SiteRequestPtr request;
    HttpReply reply;
    TeamMember member;
    SignIn sign_in;
    std::string notice, error;
  };

  Status serve(const SiteRequestPtr& request, const HttpReply& reply);
  Status serve_signed_in(Visit& visit);
  class Entry;  // what is entered by telephone or from paper: team_entry.cpp
  Status serve_entry(Visit& visit);
  Status show(const Visit& visit);
  Status show_figures(const Visit& visit);
  Status act(Visit& visit);
  Status sign_in(const SiteRequestPtr& request, const HttpReply& reply);
  Status sign_out(const Visit& visit);
  Status close_wave(Visit& visit);
  Status queue_step(Visit& visit);
  Status show_contact(const Visit& visit);
  void show_sign_in(const HttpReply& reply, const std::string& error, int status) const;
  // The member, when name, password and code are right together.
  Result<std::optional<TeamMember>> proven(const SiteRequestPtr& request);
  Result<std::optional<Visit>> visit_of(const SiteRequestPtr& request, const HttpReply& reply);
  Status record(const Visit& visit, const std::string& what, const std::string& detail);

  Status project();  // entries of the journal since the last time
  WaveSides sides();
  Result<ProgressOf> progress();
  Result<StepFacts> step_facts();
  Status show_toplines(const Visit& visit);
  Result<FieldworkMonitor> monitor();
  [[nodiscard]] InterimFacts interim() const;
  [[nodiscard]] FieldworkPhase phase();
  [[nodiscard]] TeamFrame frame_of(const Visit& visit) const;
  void answer(const Visit& visit, std::string html, std::string_view route, int status = 200) const;

  TeamParts parts_;
  SecretKey team_key_;
  std::optional<SecretKey> pseudonym_key_;  // none in an unlinked wave
  DatabasePtr database_;
  std::optional<People> people_;
  std::optional<Team> team_;
  std::optional<Tokens> tokens_;
  std::optional<Outbox> outbox_;
  std::optional<AuditLog> audit_;
  HeldBack answers_;
  std::filesystem::path topline_folder_;
  DatabaseAddress answers_at_;
  std::optional<Topline> topline_;  // of the view that moves at topline_next_
  size_t topline_next_ = 0;
};

}  // namespace barometer
