// Invitations and reminders of a wave: when each step is due, to whom, and with which words.
//
// Steps, days and audiences are the wave's (wave.yaml fieldwork.contacts); texts are in its folder
// contact/. A step of everyone includes those who have answered; reminders go to those who have
// not.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "barometer/contact/outbox.h"
#include "barometer/contact/template.h"
#include "barometer/fieldwork/token.h"
#include "barometer/interview/interview.h"
#include "barometer/study/study.h"

namespace barometer {

// How far a person's interview is, by id.
using StatusOf = std::function<InterviewStatus(const std::string& person)>;

// The step that names a colleague is sent at once, with the template "share".
inline constexpr std::string_view kShareStep = "share";

class Campaign {
 public:
  // Reads and checks all templates of the wave: contact/NAME.md, and contact/NAME.LANGUAGE.md for
  // people of that language; "share" has a text of ours when there is no file. Reports everything
  // that is wrong; kInvalid then.
  static Result<Campaign> make(const Study& study, const Wave& wave, Diagnostics& problems);

  // Steps whose day has come and whose wave is open, in order.
  [[nodiscard]] std::vector<MailStep> due(int64_t now_ms) const;
  // kNotFound: no such step.
  [[nodiscard]] Result<MailStep> step(const std::string& id) const;
  // Who gets the step, as things stand.
  [[nodiscard]] std::vector<std::string> audience(const MailStep& step,
                                                  const std::vector<FieldPerson>& people,
                                                  const std::vector<ContactEvent>& events,
                                                  const StatusOf& status) const;

  // Makes mails: texts, personal links, addresses. `tokens` and `key` outlive the function; people
  // who have answered, declined or opted out since the step was queued are skipped.
  [[nodiscard]] RenderMail render(Tokens& tokens, People& people, StatusOf status,
                                  const std::function<int64_t()>& now_ms) const;

 private:
  struct Texts;
  explicit Campaign(std::shared_ptr<const Texts> texts) : texts_(std::move(texts)) {}
  std::shared_ptr<const Texts> texts_;
};

}  // namespace barometer
