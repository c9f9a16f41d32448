// The words of items in a language, and answers put into words.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/interview/language.h"
#include "barometer/interview/phrases_internal.h"
#include "barometer/interview/plan_internal.h"

namespace barometer {
namespace {

constexpr size_t kLongestPipe = 200;  // bytes of an open answer within a question

const ItemWords* words_in(const Item& item, std::string_view language) {
  const auto found = item.asking.words.find(language);
  return found == item.asking.words.end() ? nullptr : &found->second;
}

std::string_view either(const std::string& translated, std::string_view otherwise) {
  return translated.empty() ? otherwise : std::string_view(translated);
}

std::string cut(std::string_view text) {
  if (text.size() <= kLongestPipe) return std::string(text);
  size_t end = kLongestPipe;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string said_code(const Item& item, const GivenAnswer& answer, int code,
                      std::string_view language) {
  const auto option = std::ranges::find(item.options, code, &Category::code);
  std::string out(option == item.options.end() ? "" : spoken_label(item, *option, language));
  const auto specified = answer.specified.find(code);
  if (specified != answer.specified.end()) out += ": " + specified->second;
  return out;
}

}  // namespace

SpokenItem spoken(const Interview::Plan& plan, const Item& item, std::string_view language) {
  const Battery* battery = plan.battery(item.battery);
  SpokenItem out{.stem = item.stem,
                 .text = item.text,
                 .hint = item.asking.hint,
                 .title = battery == nullptr ? std::string_view() : battery->title,
                 .low_label = item.scale_low_label,
                 .high_label = item.scale_high_label};
  if (const ItemWords* words = words_in(item, language)) {
    out.stem = either(words->stem, out.stem);
    out.text = either(words->text, out.text);
    out.hint = either(words->hint, out.hint);
    out.title = either(words->title,
                       battery != nullptr && battery->title == item.stem ? out.stem : out.title);
    out.low_label = either(words->low_label, out.low_label);
    out.high_label = either(words->high_label, out.high_label);
  }
  return out;
}

std::string_view spoken_label(const Item& item, const Category& option, std::string_view language) {
  if (const ItemWords* words = words_in(item, language)) {
    const auto found = words->labels.find(option.code);
    if (found != words->labels.end()) return either(found->second, option.label);
  }
  return option.label;
}

std::string_view spoken_specify(const Item& item, int code, std::string_view language) {
  if (const ItemWords* words = words_in(item, language)) {
    const auto found = words->specify.find(code);
    if (found != words->specify.end() && !found->second.empty()) return found->second;
  }
  const auto found = item.asking.specify.find(code);
  if (found != item.asking.specify.end() && !found->second.empty()) return found->second;
  return phrases_in(language).please_specify;
}

std::string piped(const Interview::Plan& plan, const CaseRoute& route, std::string_view text,
                  std::string_view language) {
  if (text.find("{{") == std::string_view::npos) return std::string(text);
  const auto parts = parse_piped(text);
  if (!parts) return std::string(text);  // refused by the questionnaire's reader
  std::string out;
  for (const PipedPart& part : *parts) {
    out += part.literal;
    const auto index = plan.item_index.find(part.item);
    const GivenAnswer* answer =
        index == plan.item_index.end() ? nullptr : route.answer(index->second);
    const bool there = answer != nullptr && answer->missing == Missing::kNone;
    const auto words = there ? said(plan.item(index->second), *answer, language)
                             : std::vector<std::string>{part.fallback};
    out += cut(fmt::format("{}", fmt::join(words, ", ")));
  }
  return out;
}

std::vector<std::string> said(const Item& item, const GivenAnswer& answer,
                              std::string_view language) {
  const Phrases& phrases = phrases_in(language);
  if (answer.missing == Missing::kDontKnow) return {std::string(phrases.dont_know)};
  if (answer.missing == Missing::kRefused) return {std::string(phrases.prefer_not_to_say)};
  if (answer.missing != Missing::kNone) return {};
  std::vector<std::string> out;
  for (const int code : answer.codes) out.push_back(said_code(item, answer, code, language));
  if (item.kind() == VariableKind::kText && item.asking.format == TextFormat::kDate) {
    const auto date = parse_date(answer.text);
    return {date ? spoken_date(*date, language) : answer.text};
  }
  if (item.kind() == VariableKind::kText) return {answer.text};
  if (item.kind() == VariableKind::kNumber) {
    const std::string& unit = item.asking.unit;
    if (unit == "£" || unit == "€" || unit == "$") return {unit + answer.text};
    return {unit == "%" || unit.empty() ? answer.text + unit : answer.text + " " + unit};
  }
  return out;
}

}  // namespace barometer
