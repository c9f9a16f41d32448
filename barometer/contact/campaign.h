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
#include <utility>
#include <vector>

#include "barometer/contact/outbox.h"
#include "barometer/contact/template.h"
#include "barometer/fieldwork/monitor.h"
#include "barometer/fieldwork/token.h"
#include "barometer/study/study.h"

namespace barometer {

// What decides who gets a step, as things stand.
struct StepFacts {
  std::vector<FieldPerson> people{};
  std::vector<ContactEvent> events{};
  std::vector<MailRow> mails{};  // of all steps
  ProgressOf progress{};
  int64_t now_ms = 0;
};

// Nobody is reminded who had no mail of ours yet, has one waiting, or had one less than a day ago.
enum class Spacing {
  kKept,
  kLeftAside,  // a person has decided so
};

struct StepAudience {
  std::vector<std::string> people{};  // who gets it, and has not had it
  // Why the others of the list do not, in words, and how many; none for the step "share".
  std::vector<std::pair<std::string, size_t>> left_out{};
  size_t by_spacing = 0;  // of them: who would get it with Spacing::kLeftAside
};
// "3 have sent their answers, 2 had a mail within the last day"; empty: nobody is left out.
std::string left_out_in_words(const StepAudience& audience);

// The step that names a colleague is sent at once, with the template "share".
inline constexpr std::string_view kShareStep = "share";

class Campaign {
 public:
  // Reads and checks all templates of the wave: contact/NAME.md, and contact/NAME.LANGUAGE.md for
  // people of that language; "share" has a text of ours when there is no file. Reports everything
  // that is wrong; kInvalid then.
  static Result<Campaign> make(const Study& study, const Wave& wave, Diagnostics& problems);

  // Steps whose day has come and whose wave is open: the invitation, of the reminders the last (a
  // wave that is late sends no three at once), and the mail to colleagues.
  [[nodiscard]] std::vector<MailStep> due(int64_t now_ms) const;
  // kNotFound: no such step.
  [[nodiscard]] Result<MailStep> step(const std::string& id) const;
  // Who gets the step.
  [[nodiscard]] StepAudience audience(const MailStep& step, const StepFacts& facts,
                                      Spacing spacing = Spacing::kKept) const;

  // Makes mails: texts, personal links, addresses. `tokens` and `people` outlive the function;
  // people who have answered, declined or opted out since the step was queued are skipped.
  [[nodiscard]] RenderMail render(Tokens& tokens, People& people, ProgressOf progress,
                                  const std::function<int64_t()>& now_ms) const;
  // The same to look at: links and code lead nowhere and say so, and none is made.
  [[nodiscard]] RenderMail preview(People& people, ProgressOf progress,
                                   const std::function<int64_t()>& now_ms) const;

 private:
  struct Texts;
  struct Maker;
  explicit Campaign(std::shared_ptr<const Texts> texts) : texts_(std::move(texts)) {}
  std::shared_ptr<const Texts> texts_;
};

}  // namespace barometer
