#include "barometer/interview/interview.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/interview/entry_internal.h"
#include "barometer/interview/view_internal.h"

namespace barometer {

std::string_view name_of(InterviewStatus status) {
  switch (status) {
    case InterviewStatus::kNew:
      return "new";
    case InterviewStatus::kStarted:
      return "started";
    case InterviewStatus::kPartial:
      return "partial";
    case InterviewStatus::kComplete:
      return "complete";
  }
  return "";
}

Result<Interview> Interview::make(Questionnaire questionnaire, const InterviewSettings& settings) {
  return Interview(TRY(make_plan(std::move(questionnaire), settings)));
}

const Questionnaire& Interview::questionnaire() const& { return plan_->questionnaire; }
const InterviewSettings& Interview::settings() const& { return plan_->settings; }
const std::vector<InterviewPage>& Interview::pages() const& { return plan_->pages; }

void take_entry(const Interview::Plan& plan, std::string_view kind, EntryBody body,
                InterviewState& state) {
  if (body.seed) {
    state.seed = *body.seed;
    state.facts = std::move(body.facts);
    state.begun = true;
  }
  if (!body.language.empty()) state.language = plan.language(body.language, state.language);
  for (auto& [item, answer] : body.answers) {
    state.answers.insert_or_assign(item, std::move(answer));
  }
  if (kind == kSubmittedEntry) state.submitted = true;
  ++state.entries;
}

std::optional<size_t> Interview::page_named(std::string_view id) const {
  const auto found = std::ranges::find(plan_->pages, id, &InterviewPage::id);
  if (found == plan_->pages.end()) return std::nullopt;
  return static_cast<size_t>(found - plan_->pages.begin());
}

InterviewState Interview::start(uint64_t seed, std::string_view language) const {
  return {.seed = seed, .language = plan_->language(language, {})};
}

Status Interview::apply(std::string_view kind, std::string_view body, InterviewState& state,
                        EntryFacts* facts) const {
  if (kind != kAnswersEntry && kind != kSubmittedEntry) {
    ++state.entries;
    return {};
  }
  EntryBody entry = TRY(read_entry(*plan_, body));
  if (facts != nullptr) {
    *facts = {.page = entry.page, .mode = entry.mode, .by = entry.by, .seconds = entry.seconds};
  }
  take_entry(*plan_, kind, std::move(entry), state);
  return {};
}

std::vector<uint8_t> Interview::asked(const InterviewState& state) const {
  return CaseRoute(*plan_, state).asked();
}

std::vector<size_t> Interview::route(const InterviewState& state) const {
  const CaseRoute route(*plan_, state);
  std::vector<size_t> pages;
  for (size_t page = 0; page < plan_->pages.size(); ++page) {
    if (route.on_route(page)) pages.push_back(page);
  }
  return pages;
}

std::optional<size_t> Interview::first_open_page(const InterviewState& state) const {
  return CaseRoute(*plan_, state).first_open();
}

InterviewCount Interview::count(const InterviewState& state) const {
  const CaseRoute route(*plan_, state);
  InterviewCount out;
  bool anything = false;
  for (size_t i = 0; i < plan_->questionnaire.items.size(); ++i) {
    if (!route.asked(i)) continue;
    ++out.asked;
    const GivenAnswer* answer = route.answer(i);
    if (answer == nullptr) continue;
    anything = anything || answer->missing != Missing::kSystem;
    out.answered += answer->counts() ? 1U : 0U;
  }
  const InterviewSettings& settings = plan_->settings;
  const size_t share = out.answered * 100;  // compared with asked times a percentage: exact
  const auto reaches = [&](int percent) {
    return out.answered > 0 && share >= out.asked * static_cast<size_t>(percent);
  };
  if (!anything) return out;
  out.status = InterviewStatus::kStarted;
  if (reaches(settings.thresholds.partial)) out.status = InterviewStatus::kPartial;
  const bool sent = state.submitted || !settings.submit_to_complete;
  if (reaches(settings.thresholds.complete) && sent) out.status = InterviewStatus::kComplete;
  return out;
}

std::vector<AnswerSummary> Interview::summary(const InterviewState& state,
                                              std::string_view language) const {
  const CaseRoute route(*plan_, state);
  const std::string& spoken_in = plan_->language(language, state.language);
  std::vector<AnswerSummary> out;
  for (size_t page = 0; page < plan_->pages.size(); ++page) {
    for (const size_t index : plan_->pages[page].items) {
      if (!route.asked(index)) continue;
      const Item& item = plan_->item(index);
      const SpokenItem words = spoken(*plan_, item, spoken_in);
      AnswerSummary line{.page = page, .item = item.id, .question = {}, .answers = {}};
      line.question = piped(*plan_, route, words.text, spoken_in);
      if (!words.stem.empty()) {
        line.question = piped(*plan_, route, words.stem, spoken_in) + " " + line.question;
      }
      if (const GivenAnswer* answer = route.answer(index)) {
        line.answers = said(item, *answer, spoken_in);
      }
      out.push_back(std::move(line));
    }
  }
  return out;
}

Result<PageView> Interview::show(size_t page, const InterviewState& state,
                                 std::string_view language) const {
  CHECK(page < plan_->pages.size(), "a page of the interview");
  const CaseRoute route(*plan_, state);
  if (!route.on_route(page)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("the page '{}' is not asked", plan_->pages[page].id));
  }
  std::map<size_t, FieldValues> values;
  for (const size_t item : plan_->pages[page].items) {
    if (route.asked(item)) values[item] = values_of(plan_->item(item), route.answer(item));
  }
  return page_view(*this, *plan_, page, route, state.seed,
                   plan_->language(language, state.language), values);
}

}  // namespace barometer
