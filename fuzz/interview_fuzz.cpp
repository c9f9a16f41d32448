// Whatever is posted to a page: no crash, an error that is a sentence, nothing taken for an item
// that is not asked on the page, and an entry that reads back as the state it made. The first line
// of the input names the page by its number, the rest is the form; each line that follows, of the
// same shape, is the next post.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/base/text.h"
#include "barometer/interview/interview.h"
#include "barometer/questionnaire/questionnaire.h"

namespace {

using barometer::Interview;
using barometer::InterviewState;

constexpr std::string_view kQuestionnaire = R"(title: T
languages: [cy]
items:
  - {id: role, type: single, text: Q, required: true, randomise: options, options: [A, B, {label: C, code: 9, specify: true}]}
  - {id: many, type: multi, text: Q, choices: [1, 2], prefer_not_to_say: true, options: [A, B, {label: N, exclusive: true}]}
  - {id: count, type: number, text: "Q {{role|x}}", range: [0, 99], unit: "%", offer_dont_know: true}
  - {id: day, type: open, text: Q, format: date, ask_if: role = 'A' or many has 'B', base: Some}
  - {id: words, type: open, text: "Q {{count}}", max_length: 40, quote: true, required: soft}
  - {battery: rank, type: score, stem: S, scale: [1, 2], rank: true, randomise_items: true, items: [{id: r1, text: Q}, {id: r2, text: Q, ask_if: count > 5, base: Some}]}
)";

const Interview& interview() {
  static const Interview made = [] {
    barometer::Diagnostics problems;
    const auto root = barometer::load_yaml(kQuestionnaire, "q.yaml", problems);
    auto questionnaire = barometer::read_questionnaire(root, problems);
    CHECK(problems.ok(), problems.text());
    return Interview::make(std::move(questionnaire)).value();
  }();
  return made;
}

void check_taken(size_t page, const InterviewState& before, const barometer::PostAccepted& taken) {
  InterviewState again = before;
  CHECK(interview().apply(barometer::kAnswersEntry, taken.body, again), "an entry reads back");
  CHECK(again == taken.state, "an entry makes the state that was answered");
  const auto asked = interview().asked(before);
  for (const auto& [id, answer] : taken.state.answers) {
    const auto old = before.answers.find(id);
    if (old != before.answers.end() && old->second == answer) continue;
    bool here = false;
    for (const size_t item : interview().pages()[page].items) {
      here = here || (asked[item] != 0 && interview().questionnaire().items[item].id == id);
    }
    CHECK(here, "only items that are asked on the page are taken");
  }
}

void check_refused(const barometer::PostRefused& refused) {
  CHECK(refused.off_route || !refused.page.errors.empty(), "a refusal says why");
  for (const auto& error : refused.page.errors) {
    CHECK(!error.text.empty() && barometer::is_utf8(error.text), "a message is a sentence");
  }
}

InterviewState after_post(const InterviewState& state, size_t page, std::string_view form) {
  const auto fields = barometer::parse_form(form);
  if (!fields) {
    CHECK(barometer::is_utf8(fields.error().message), "an error is a sentence");
    return state;
  }
  const auto again = barometer::parse_form(barometer::form_text(*fields), {.bytes = 1 << 20});
  CHECK(again && *again == *fields, "a form is written so that it reads back");
  const auto outcome = interview().post(page, *fields, state, {.language = "cy"});
  if (const auto* taken = std::get_if<barometer::PostAccepted>(&outcome)) {
    check_taken(page, state, *taken);
    return taken->state;
  }
  check_refused(std::get<barometer::PostRefused>(outcome));
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kLargest = 20'000;
  if (size > kLargest) return 0;
  InterviewState state = interview().start(1);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const std::string& line : barometer::split(input, '\n')) {
    if (line.empty()) continue;
    const size_t page = static_cast<unsigned char>(line[0]) % interview().pages().size();
    state = after_post(state, page, std::string_view(line).substr(1));
    (void)interview().summary(state);
    for (const size_t shown : interview().route(state)) {
      CHECK(interview().show(shown, state), "a page on the route can be shown");
    }
  }
  // The same bytes as a journal entry that someone forged.
  InterviewState forged = interview().start(1);
  const auto status = interview().apply(barometer::kAnswersEntry, input, forged);
  CHECK(status || barometer::is_utf8(status.error().message), "an error is a sentence");
  if (status) (void)interview().summary(forged);
  return 0;
}
