// A posted page: every field is read, and either all of it is taken or none.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/interview/entry_internal.h"
#include "barometer/interview/phrases_internal.h"
#include "barometer/interview/typed_internal.h"

namespace barometer {
namespace {

struct PageReading {
  std::map<std::string, GivenAnswer, std::less<>> answers{};
  std::vector<PageMessage> problems{};
  bool offer_skip = false;
};

bool said_something(const GivenAnswer& answer) { return answer.missing != Missing::kSystem; }

// What was left out: required stops a person, not an operator; soft stops the first time.
void check_blank(const Interview::Plan& plan, const Item& item, const PostFacts& facts, bool skip,
                 const std::string& language, PageReading& out) {
  const AnswerNeed need = item.asking.need;
  const bool hard = need == AnswerNeed::kRequired && facts.mode == "web";
  if (need == AnswerNeed::kOptional || (!hard && skip)) return;
  std::string message = blank_message(plan, item, language);
  if (!hard) {
    out.offer_skip = true;
    message += fmt::format(" ({})", phrases_in(language).or_continue);
  }
  out.problems.push_back({.field = item.id, .text = std::move(message)});
}

// Each place of a ranking is given once; those to be given at all are as many as its scale says.
void check_ranking(const Interview::Plan& plan, const std::vector<size_t>& items,
                   const std::string& language, PageReading& out) {
  std::map<int, size_t> given;
  for (const size_t index : items) {
    const Item& item = plan.item(index);
    const auto answer = out.answers.find(item.id);
    if (answer == out.answers.end() || answer->second.codes.empty()) continue;
    const int place = answer->second.codes.front();
    if (given.try_emplace(place, index).second) continue;
    out.problems.push_back(
        {.field = item.id,
         .text = said_with(phrases_in(language).place_taken, fmt::format("{}", place))});
  }
}

PageReading read_page(const Interview::Plan& plan, const std::vector<size_t>& items,
                      const TypedPage& typed, const PostFacts& facts, const std::string& language) {
  PageReading out;
  size_t places_given = 0;
  for (const size_t index : items) {
    const Item& item = plan.item(index);
    TypedAnswer read = typed_answer(plan, item, typed.values.at(index), language);
    if (!read.problem.empty()) {
      out.problems.push_back({.field = std::move(read.field), .text = std::move(read.problem)});
      continue;
    }
    places_given += said_something(read.answer) ? 1U : 0U;
    out.answers[item.id] = std::move(read.answer);
  }
  const Item& first = plan.item(items.front());
  const bool ranking = is_ranking(plan, first);
  // A ranking of three out of eight leaves five without a place.
  const size_t wanted = ranking ? std::min(items.size(), first.options.size()) : items.size();
  if (!ranking || places_given < wanted) {
    for (const size_t index : items) {
      const auto answer = out.answers.find(plan.item(index).id);
      if (answer == out.answers.end() || said_something(answer->second)) continue;
      check_blank(plan, plan.item(index), facts, typed.skip, language, out);
    }
  }
  if (ranking) check_ranking(plan, items, language, out);
  return out;
}

// Whoever does not see an answer does not wipe it out by saying nothing.
void keep_unseen(const InterviewState& unseen, PageReading& reading) {
  std::erase_if(reading.answers, [&](const auto& read) {
    const auto held = unseen.answers.find(read.first);
    return !said_something(read.second) && held != unseen.answers.end() &&
           said_something(held->second);
  });
}

std::vector<size_t> asked_items(const InterviewPage& page, const CaseRoute& route) {
  std::vector<size_t> out;
  for (const size_t item : page.items) {
    if (route.asked(item)) out.push_back(item);
  }
  return out;
}

// In the order in which the fields stand on the page.
void put_messages(const std::vector<PageMessage>& problems, PageView& view) {
  for (FieldView& field : view.fields) {
    for (const PageMessage& problem : problems) {
      const bool own = problem.field == field.name || problem.field.starts_with(field.name + ".");
      if (!own) continue;
      if (field.error.empty()) field.error = problem.text;
      view.errors.push_back(problem);
    }
  }
}

// What is recorded of the orders the case saw on this page.
void record_orders(const Interview& interview, const Interview::Plan& plan, size_t page,
                   const std::vector<size_t>& items, uint64_t seed, EntryBody& body) {
  for (const size_t index : items) {
    const Item& item = plan.item(index);
    if (item.asking.order == OptionsOrder::kAsWritten) continue;
    body.shown_options[item.id] = interview.option_order(index, seed);
  }
  const Battery* battery = plan.battery(plan.pages[page].battery);
  if (battery == nullptr || !battery->randomise_items) return;
  for (const size_t index : interview.statement_order(page, seed)) {
    if (std::ranges::count(items, index) == 0) continue;
    body.shown_statements[plan.pages[page].id].push_back(plan.item(index).id);
  }
}

EntryBody new_entry(const Interview::Plan& plan, const InterviewState& state,
                    const PostFacts& facts) {
  EntryBody body;
  body.language = plan.language(facts.language, state.language);
  body.mode = facts.mode;
  body.by = facts.by;
  body.seconds = std::max<int64_t>(facts.seconds, 0);
  if (!state.begun) {
    body.seed = state.seed;
    body.facts = facts.facts;
  }
  return body;
}

}  // namespace

PostOutcome Interview::post(size_t page, const FormFields& fields, const InterviewState& state,
                            const PostFacts& facts) const {
  const Plan& plan = *plan_;
  CHECK(page < plan.pages.size(), "a page of the interview");
  const CaseRoute route(plan, state);
  const std::vector<size_t> items = asked_items(plan.pages[page], route);
  if (items.empty()) return PostRefused{.page = {}, .off_route = true};
  EntryBody body = new_entry(plan, state, facts);
  const TypedPage typed = typed_page(plan, items, fields);
  PageReading reading = read_page(plan, items, typed, facts, body.language);
  if (!reading.problems.empty()) {
    PostRefused refused;
    refused.page = page_view(*this, plan, page, route, state.seed, body.language, typed.values);
    refused.page.offer_skip = reading.offer_skip;
    put_messages(reading.problems, refused.page);
    return refused;
  }
  if (facts.unseen != nullptr) keep_unseen(*facts.unseen, reading);
  body.page = plan.pages[page].id;
  body.answers = std::move(reading.answers);
  record_orders(*this, plan, page, items, state.seed, body);
  PostAccepted out{.body = entry_text(body), .state = state, .next = {}, .ignored = typed.ignored};
  take_entry(plan, kAnswersEntry, std::move(body), out.state);
  const CaseRoute after(plan, out.state);
  out.next = after.first_open(page + 1);
  if (!out.next) out.next = after.first_open();
  return out;
}

Result<PostAccepted> Interview::submit(const InterviewState& state, const PostFacts& facts) const {
  const bool sees_all = facts.unseen == nullptr || facts.unseen->answers.empty();
  if (const auto open = first_open_page(state); open && sees_all) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the page '{}' has not been answered", plan_->pages[*open].id));
  }
  EntryBody body = new_entry(*plan_, state, facts);
  PostAccepted out{.body = entry_text(body), .state = state, .next = {}};
  take_entry(*plan_, kSubmittedEntry, std::move(body), out.state);
  return out;
}

}  // namespace barometer
