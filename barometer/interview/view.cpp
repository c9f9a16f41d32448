// A page as plain data.
#include "barometer/interview/view_internal.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/interview/phrases_internal.h"

namespace barometer {
namespace {

bool is_chosen(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

FieldKind kind_of(const Interview::Plan& plan, const Item& item) {
  switch (item.kind()) {
    case VariableKind::kSingle:
      return FieldKind::kRadios;
    case VariableKind::kMulti:
      return FieldKind::kCheckboxes;
    case VariableKind::kScale:
      return is_ranking(plan, item) ? FieldKind::kSelect : FieldKind::kRadios;
    case VariableKind::kNumber:
      return FieldKind::kNumber;
    case VariableKind::kText:
      break;
  }
  if (item.asking.format == TextFormat::kDate) return FieldKind::kDate;
  return item.asking.format == TextFormat::kLine ? FieldKind::kLine : FieldKind::kTextArea;
}

ChoiceView choice(std::string value, std::string_view label,
                  const std::vector<std::string>& chosen) {
  ChoiceView out{.value = std::move(value), .label = std::string(label)};
  out.chosen = is_chosen(chosen, out.value);
  return out;
}

// Don't know and prefer not to say, where they are no options.
std::vector<ChoiceView> set_apart(const Item& item, std::string_view language,
                                  const std::vector<std::string>& chosen) {
  const Phrases& phrases = phrases_in(language);
  std::vector<ChoiceView> out;
  if (item.asking.offer_dont_know) {
    out.push_back(choice(std::string(kDontKnowValue), phrases.dont_know, chosen));
  }
  if (item.asking.prefer_not_to_say) {
    out.push_back(choice(std::string(kRefusedValue), phrases.prefer_not_to_say, chosen));
  }
  for (ChoiceView& each : out) each.exclusive = each.set_apart = true;
  return out;
}

void add_options(const Item& item, const std::vector<int>& order, std::string_view language,
                 const FieldValues& values, FieldView& field) {
  for (const int code : order) {
    const auto option = std::ranges::find(item.options, code, &Category::code);
    CHECK(option != item.options.end(), "an order holds the item's options");
    ChoiceView view =
        choice(fmt::format("{}", code), spoken_label(item, *option, language), values.chosen);
    view.exclusive = std::ranges::count(item.asking.exclusive, code) > 0;
    if (item.asking.specify.contains(code)) {
      view.specify_name = fmt::format("{}.other.{}", item.id, code);
      view.specify_label = spoken_specify(item, code, language);
      const auto typed = values.specified.find(code);
      if (typed != values.specified.end()) view.specify_value = typed->second;
    }
    field.choices.push_back(std::move(view));
  }
}

void add_quoting(const Item& item, std::string_view language, const FieldValues& values,
                 FieldView& field) {
  if (!item.asking.quote) return;
  const Phrases& phrases = phrases_in(language);
  const std::string given = values.quote.empty() ? "no" : values.quote;
  field.quoting_legend = phrases.quoting_legend;
  for (const auto& [quoting, label] : {std::pair{Quoting::kNo, phrases.quote_no},
                                       {Quoting::kUnattributed, phrases.quote_unattributed},
                                       {Quoting::kByRole, phrases.quote_role},
                                       {Quoting::kByName, phrases.quote_name}}) {
    field.quoting.push_back(choice(std::string(name_of(quoting)), label, {given}));
  }
}

void add_unit(const Item& item, FieldView& field) {
  const std::string& unit = item.asking.unit;
  const bool before = unit == "£" || unit == "€" || unit == "$";
  (before ? field.prefix : field.suffix) = unit;
}

FieldView field_view(const Interview& interview, const Interview::Plan& plan, size_t index,
                     uint64_t seed, std::string_view language, const FieldValues& values) {
  const Item& item = plan.item(index);
  FieldView field{.item = item.id, .name = item.id, .kind = kind_of(plan, item)};
  const bool lists = field.kind == FieldKind::kRadios || field.kind == FieldKind::kCheckboxes ||
                     field.kind == FieldKind::kSelect;
  if (field.kind == FieldKind::kSelect) {
    field.choices.push_back({.value = "", .label = std::string(phrases_in(language).not_ranked)});
    field.choices.back().chosen = values.chosen.empty();
  }
  if (lists) {
    add_options(item, interview.option_order(index, seed), language, values, field);
  } else if (!values.chosen.empty()) {
    field.value = values.chosen.front();
  }
  if (has_instead(item)) {
    field.instead = set_apart(item, language, values.instead);
  } else {
    for (ChoiceView& each : set_apart(item, language, values.chosen)) {
      field.choices.push_back(std::move(each));
    }
  }
  field.day = values.day;
  field.month = values.month;
  field.year = values.year;
  if (field.kind == FieldKind::kLine || field.kind == FieldKind::kTextArea) {
    field.max_length =
        item.asking.max_length == 0 ? plan.settings.max_text : item.asking.max_length;
  }
  if (field.kind == FieldKind::kNumber) add_unit(item, field);
  field.required = item.asking.need == AnswerNeed::kRequired;
  add_quoting(item, language, values, field);
  return field;
}

void add_words(const Interview::Plan& plan, const CaseRoute& route, const Item& item,
               const std::string& language, FieldView& field) {
  const SpokenItem words = spoken(plan, item, language);
  field.legend = piped(plan, route, words.text, language);
  field.hint = piped(plan, route, words.hint, language);
  field.low_label = words.low_label;
  field.high_label = words.high_label;
}

InterviewProgress progress_at(const Interview::Plan& plan, size_t page, const CaseRoute& route) {
  InterviewProgress out;
  for (size_t i = 0; i < plan.pages.size(); ++i) {
    if (!route.on_route(i)) continue;
    ++out.pages;
    if (i <= page) ++out.page;
  }
  for (size_t i = 0; i < plan.questionnaire.items.size(); ++i) {
    out.asked += route.asked(i) ? 1U : 0U;
    out.answered += route.answer(i) != nullptr ? 1U : 0U;
  }
  return out;
}

std::optional<size_t> page_before(size_t page, const CaseRoute& route) {
  for (size_t i = page; i-- > 0;) {
    if (route.on_route(i)) return i;
  }
  return std::nullopt;
}

}  // namespace

bool has_instead(const Item& item) {
  return item.kind() == VariableKind::kNumber || item.kind() == VariableKind::kText;
}

bool is_ranking(const Interview::Plan& plan, const Item& item) {
  const Battery* battery = plan.battery(item.battery);
  return battery != nullptr && battery->rank;
}

FieldValues values_of(const Item& item, const GivenAnswer* answer) {
  FieldValues out;
  if (answer == nullptr) return out;
  std::vector<std::string>& apart = has_instead(item) ? out.instead : out.chosen;
  if (answer->missing == Missing::kRefused) apart.emplace_back(kRefusedValue);
  if (answer->missing == Missing::kDontKnow) apart.emplace_back(kDontKnowValue);
  if (answer->missing != Missing::kNone) return out;
  for (const int code : answer->codes) out.chosen.push_back(fmt::format("{}", code));
  out.specified = answer->specified;
  out.quote = name_of(answer->quoting);
  if (item.kind() == VariableKind::kText && item.asking.format == TextFormat::kDate) {
    if (const auto date = parse_date(answer->text)) {
      out.day = fmt::format("{}", static_cast<unsigned>(date->day()));
      out.month = fmt::format("{}", static_cast<unsigned>(date->month()));
      out.year = fmt::format("{}", static_cast<int>(date->year()));
    }
  } else if (has_instead(item)) {
    out.chosen.push_back(answer->text);
  }
  return out;
}

PageView page_view(const Interview& interview, const Interview::Plan& plan, size_t page,
                   const CaseRoute& route, uint64_t seed, const std::string& language,
                   const std::map<size_t, FieldValues>& values) {
  const InterviewPage& shown = plan.pages[page];
  PageView view{.id = shown.id, .language = language};
  view.is_battery = !shown.battery.empty();
  for (const size_t index : interview.statement_order(page, seed)) {
    if (!route.asked(index)) continue;
    const auto given = values.find(index);
    FieldView field = field_view(interview, plan, index, seed, language,
                                 given == values.end() ? FieldValues{} : given->second);
    add_words(plan, route, plan.item(index), language, field);
    view.fields.push_back(std::move(field));
  }
  const Item& first = plan.item(shown.items.front());
  const SpokenItem words = spoken(plan, first, language);
  view.title =
      view.is_battery ? std::string(words.title) : piped(plan, route, words.text, language);
  if (view.is_battery) view.stem = piped(plan, route, words.stem, language);
  view.is_ranking = is_ranking(plan, first);
  view.progress = progress_at(plan, page, route);
  view.previous = page_before(page, route);
  return view;
}

}  // namespace barometer
