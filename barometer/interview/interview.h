// The interview: a pure state machine over a questionnaire. No clock, no files, no globals.
//
//   state = interview.start(seed, language)         or apply() for each journal entry of the
//   subject page  = interview.first_open_page(state)        where a link lands, on any device view
//   = interview.show(*page, state)            what to draw post  = interview.post(*page, form,
//   state, …)   PostAccepted: append body, then go to next
//                                                   PostRefused: draw its page again, 422
// Nothing is taken for an item that is not asked, nor for one that is not on the posted page. An
// answer that leaves the route because an earlier one changed stays in the journal and in the
// state, counts nowhere, and comes back when the route does.
//
// Routing is the expression of `ask_if` over the answers on the route: an item asked and not yet
// answered is a missing value there, and only true asks. An Interview is immutable once made: any
// number of threads may use one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "barometer/interview/answer.h"
#include "barometer/interview/form.h"
#include "barometer/interview/page_view.h"
#include "barometer/questionnaire/questionnaire.h"

namespace barometer {

// Per cent of the items asked of a person that have an answer (GivenAnswer::counts); set before
// fieldwork and printed. Below `partial` a case with answers is a break-off.
struct CompletionThresholds {
  int complete = 80;
  int partial = 50;
};

struct InterviewSettings {
  CompletionThresholds thresholds{};
  bool submit_to_complete = false;  // complete only when the answers were sent as well
  size_t max_text = 5'000;          // characters of an open answer that says no other limit
};

// A page: one item, or the statements of one battery.
struct InterviewPage {
  std::string id;             // of the item or battery; "ID.2" for later parts of a split battery
  std::string battery;        // empty for a lone item
  std::vector<size_t> items;  // indices of the questionnaire's items
};

enum class InterviewStatus {
  kNew,      // nothing answered; a page saved blank is nothing
  kStarted,  // something answered or refused
  kPartial,
  kComplete,
};
std::string_view name_of(InterviewStatus status);  // "new", "started", "partial", "complete"

struct InterviewCount {
  size_t asked = 0;
  size_t answered = 0;  // GivenAnswer::counts
  InterviewStatus status = InterviewStatus::kNew;
};

// Said by the caller of each post, recorded in the entry.
struct PostFacts {
  std::string language{};  // one of the questionnaire's; else its first
  // Or "telephone", "paper": entered by an operator, whom no required item stops.
  std::string mode = "web";
  std::string by{};     // of the team: who entered it; empty: the person
  int64_t seconds = 0;  // since the page was shown; 0: not known
  CaseFacts facts{};    // recorded with the first entry of a subject only
  // What the case holds and `by` is not shown: an item that is left blank keeps its answer there.
  const InterviewState* unseen = nullptr;
};

// What an entry says beside the answers.
struct EntryFacts {
  std::string page{};  // empty: sent, or erased
  std::string mode{};
  std::string by{};
  int64_t seconds = 0;
};

struct PostAccepted {
  std::string body{};  // canonical JSON of the journal entry of kind kAnswersEntry
  InterviewState state{};
  // The next page on the route that is open, from this one on, then from the start; none: all are
  // saved, so check your answers.
  std::optional<size_t> next{};
  size_t ignored = 0;  // fields that are no part of the page
};
struct PostRefused {
  PageView page;           // what was typed, with messages
  bool off_route = false;  // the page is not asked (any more): go to first_open_page
};
using PostOutcome = std::variant<PostAccepted, PostRefused>;

// Kinds of journal entries that apply() takes. Others are left alone.
inline constexpr std::string_view kAnswersEntry = "answers";
inline constexpr std::string_view kSubmittedEntry = "submitted";

class Interview {
 public:
  // kInvalid: routing or piping that the questionnaire's reader would have refused, no items.
  static Result<Interview> make(Questionnaire questionnaire,
                                const InterviewSettings& settings = {});

  [[nodiscard]] const Questionnaire& questionnaire() const&;
  [[nodiscard]] const InterviewSettings& settings() const&;
  [[nodiscard]] const std::vector<InterviewPage>& pages() const&;
  [[nodiscard]] std::optional<size_t> page_named(std::string_view id) const;

  [[nodiscard]] InterviewState start(uint64_t seed, std::string_view language = {}) const;
  // One journal entry of this subject. kInvalid: a body that we did not write.
  Status apply(std::string_view kind, std::string_view body, InterviewState& state,
               EntryFacts* facts = nullptr) const;

  // One byte an item, 1 where it is asked.
  [[nodiscard]] std::vector<uint8_t> asked(const InterviewState& state) const;
  // Indices of pages with an item that is asked, in order.
  [[nodiscard]] std::vector<size_t> route(const InterviewState& state) const;
  // The first page on the route with an item that was never saved; none when all were.
  [[nodiscard]] std::optional<size_t> first_open_page(const InterviewState& state) const;
  [[nodiscard]] InterviewCount count(const InterviewState& state) const;
  // The answers that hold: those of items that are asked.
  [[nodiscard]] std::vector<AnswerSummary> summary(const InterviewState& state,
                                                   std::string_view language = {}) const;

  // kNotFound: the page is not on the route.
  [[nodiscard]] Result<PageView> show(size_t page, const InterviewState& state,
                                      std::string_view language = {}) const;
  // `fields` as a browser sends them; the server's own (CSRF, key) are ignored like any other name.
  [[nodiscard]] PostOutcome post(size_t page, const FormFields& fields, const InterviewState& state,
                                 const PostFacts& facts) const;
  // "Send my answers": the entry is of kind kSubmittedEntry. kInvalid while a page is open, except
  // where there are unseen answers: they may open a page that `by` cannot be told of, so it stays
  // open. Answers may be changed afterwards, as long as the caller lets them.
  [[nodiscard]] Result<PostAccepted> submit(const InterviewState& state,
                                            const PostFacts& facts) const;

  // Option codes of an item, and statements of a battery (indices of items), as this case sees
  // them.
  [[nodiscard]] std::vector<int> option_order(size_t item, uint64_t seed) const;
  [[nodiscard]] std::vector<size_t> statement_order(size_t page, uint64_t seed) const;

  struct Plan;  // private to the module

 private:
  explicit Interview(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}
  std::shared_ptr<const Plan> plan_;
};

// The seed of a case: the first eight bytes of SHA-256("order|" + subject). It is recorded with the
// first entry, so that the order stands even if this rule changes.
uint64_t seed_of(std::string_view subject);

}  // namespace barometer
