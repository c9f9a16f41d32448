#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/expression.h"
#include "barometer/interview/plan_internal.h"

namespace barometer {
namespace {

bool mentions_any(const Expression& rule, const Questionnaire& all,
                  const std::vector<size_t>& items) {
  return std::ranges::any_of(rule.variables(), [&](const std::string& name) {
    return std::ranges::any_of(items, [&](size_t item) { return all.items[item].id == name; });
  });
}

// A name that the rule of item `at` may not use: none of the items before it.
std::optional<std::string> later_name(const std::vector<std::string>& names,
                                      const Questionnaire& all, size_t at) {
  for (const std::string& name : names) {
    const auto end = all.items.begin() + static_cast<std::ptrdiff_t>(at);
    if (std::find_if(all.items.begin(), end, [&](const Item& item) { return item.id == name; }) ==
        end) {
      return name;
    }
  }
  return std::nullopt;
}

// A statement that is asked by the answer to another of its battery goes on a page after it.
void place_item(Interview::Plan& plan, size_t index, const Expression* rule) {
  const Item& item = plan.item(index);
  const bool same_battery =
      !item.battery.empty() && !plan.pages.empty() && plan.pages.back().battery == item.battery;
  const bool fits = same_battery && (rule == nullptr || !mentions_any(*rule, plan.questionnaire,
                                                                      plan.pages.back().items));
  if (fits) {
    plan.pages.back().items.push_back(index);
    return;
  }
  const auto parts = std::ranges::count_if(plan.pages, [&](const InterviewPage& page) {
    return !item.battery.empty() && page.battery == item.battery;
  });
  std::string id = item.battery.empty() ? item.id : item.battery;
  if (parts > 0) id += fmt::format(".{}", parts + 1);
  plan.pages.push_back({.id = std::move(id), .battery = item.battery, .items = {index}});
}

Status add_item(Interview::Plan& plan, size_t index) {
  const Item& item = plan.item(index);
  plan.item_index[item.id] = index;
  if (item.ask_if.empty()) {
    plan.rules.emplace_back();
    place_item(plan, index, nullptr);
    return {};
  }
  auto rule = Expression::parse(item.ask_if);
  if (!rule) return tl::unexpected(std::move(rule).error().in(fmt::format("item '{}'", item.id)));
  if (const auto name = later_name(rule->variables(), plan.questionnaire, index)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the routing of '{}' asks for '{}', which is no earlier item", item.id,
                            printable(*name)));
  }
  auto bound = rule->bind(plan.codebook);
  if (!bound) return tl::unexpected(std::move(bound).error().in(fmt::format("item '{}'", item.id)));
  plan.rules.emplace_back(*std::move(bound));
  place_item(plan, index, &*rule);
  return {};
}

}  // namespace

const Battery* Interview::Plan::battery(std::string_view id) const {
  const auto found = std::ranges::find(questionnaire.batteries, id, &Battery::id);
  return found == questionnaire.batteries.end() ? nullptr : &*found;
}

const std::string& Interview::Plan::language(std::string_view wanted,
                                             std::string_view otherwise) const {
  const auto& all = questionnaire.languages;
  if (const auto found = std::ranges::find(all, wanted); found != all.end()) return *found;
  if (const auto found = std::ranges::find(all, otherwise); found != all.end()) return *found;
  return all.front();
}

Result<std::shared_ptr<const Interview::Plan>> make_plan(Questionnaire questionnaire,
                                                         const InterviewSettings& settings) {
  if (questionnaire.items.empty()) {
    return fail(ErrorCode::kInvalid, "the questionnaire has no items to ask");
  }
  if (questionnaire.languages.empty()) {
    return fail(ErrorCode::kInvalid, "the questionnaire has no language");
  }
  const CompletionThresholds& thresholds = settings.thresholds;
  if (thresholds.partial < 0 || thresholds.partial > thresholds.complete ||
      thresholds.complete < 1 || thresholds.complete > 100) {
    return fail(ErrorCode::kInvalid,
                fmt::format("an interview cannot be complete from {} and partial from {} per cent",
                            thresholds.complete, thresholds.partial));
  }
  auto plan = std::make_shared<Interview::Plan>();
  plan->codebook = TRY(questionnaire.codebook());
  plan->questionnaire = std::move(questionnaire);
  plan->settings = settings;
  for (size_t i = 0; i < plan->questionnaire.items.size(); ++i) TRY_DONE(add_item(*plan, i));
  return plan;
}

}  // namespace barometer
