// The keys of questionnaire.yaml that say how an item is asked.
#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/questionnaire/asking_internal.h"

namespace barometer {

const std::vector<std::string> kAskingItemKeys{"hint",
                                               "required",
                                               "prefer_not_to_say",
                                               "offer_dont_know",
                                               "randomise",
                                               "choices",
                                               "range",
                                               "decimals",
                                               "unit",
                                               "format",
                                               "dates",
                                               "max_length",
                                               "quote",
                                               "labels"};
const std::vector<std::string> kAskingBatteryKeys{"hint",
                                                  "required",
                                                  "prefer_not_to_say",
                                                  "offer_dont_know",
                                                  "randomise",
                                                  "choices",
                                                  "range",
                                                  "decimals",
                                                  "unit",
                                                  "format",
                                                  "dates",
                                                  "max_length",
                                                  "quote",
                                                  "labels",
                                                  "randomise_items",
                                                  "rank"};
const std::vector<std::string> kAskingBatteryItemKeys{"hint", "required", "prefer_not_to_say"};

namespace {

constexpr long long kMostText = 100'000;
constexpr long long kMostDecimals = 6;

// Reports a key that means nothing for this kind of item; true when the key is there and fits.
bool fits(const YamlNode& node, std::string_view key, bool fitting, const Item& item) {
  const YamlNode child = node.child(key);
  if (!child.exists()) return false;
  if (fitting) return true;
  child.error("key-not-for-type",
              fmt::format("'{}' means nothing for an item of type '{}'", key, name_of(item.type)));
  return false;
}

// The two whole numbers of a list.
std::optional<std::pair<long long, long long>> whole_ends(const YamlNode& node) {
  const auto elements = node.elements();
  if (elements.size() != 2) return std::nullopt;
  const auto first = elements[0].as_integer();
  const auto second = elements[1].as_integer();
  if (!first || !second) return std::nullopt;
  return std::pair(*first, *second);
}

void read_choices(const YamlNode& node, Asking& asking, const Item& item) {
  if (!fits(node, "choices", item.kind() == VariableKind::kMulti, item)) return;
  const YamlNode choices = node.child("choices");
  const auto ends = whole_ends(choices);
  const auto options = static_cast<long long>(item.options.size());
  if (!ends || ends->first < 0 || ends->second < 1 || ends->first > ends->second ||
      ends->second > options) {
    choices.error("choices",
                  fmt::format("'choices' must be the least and the most of {} options", options),
                  "choices: [1, 3]");
    return;
  }
  asking.least_choices = static_cast<size_t>(ends->first);
  asking.most_choices = static_cast<size_t>(ends->second);
}

// Numbers below zero would be read back from data files as kinds of missing.
void read_number(const YamlNode& node, Asking& asking, const Item& item) {
  const bool number = item.kind() == VariableKind::kNumber;
  if (number) asking.least = Decimal{};
  if (fits(node, "unit", number, item)) asking.unit = node.child("unit").as_text();
  if (number && asking.unit == "%") asking.most = Decimal{100, 0};
  if (fits(node, "range", number, item)) {
    const YamlNode range = node.child("range");
    const auto ends = range.elements();
    const auto least = parse_decimal(ends.size() == 2 ? ends[0].as_text() : "");
    const auto most = parse_decimal(ends.size() == 2 ? ends[1].as_text() : "");
    if (!least || !most || least->digits < 0 || !(least->ratio() < most->ratio())) {
      range.error("range", "a range is two numbers from 0 up, the lower first",
                  "range: [0, 100]; numbers below zero stand for kinds of missing in data files");
    } else {
      asking.least = *least;
      asking.most = *most;
    }
  }
  if (fits(node, "decimals", number, item)) {
    const auto decimals = node.optional_integer("decimals");
    if (decimals && *decimals >= 0 && *decimals <= kMostDecimals) {
      asking.decimals = static_cast<int>(*decimals);
    } else if (decimals) {
      node.child("decimals")
          .error("decimals",
                 fmt::format("{} decimals are not between 0 and {}", *decimals, kMostDecimals));
    }
  }
}

void read_dates(const YamlNode& node, Asking& asking, const Item& item) {
  if (!fits(node, "dates", asking.format == TextFormat::kDate, item)) return;
  const YamlNode dates = node.child("dates");
  const auto ends = dates.elements();
  if (ends.size() == 2) {
    asking.earliest = ends[0].as_date();
    asking.latest = ends[1].as_date();
  }
  const bool ordered = asking.earliest && asking.latest && *asking.earliest <= *asking.latest;
  if (!ordered) {
    dates.error("dates", "'dates' must be the earliest and the latest day",
                "[2026-01-01, 2026-12-31]");
  }
}

void read_words_asked(const YamlNode& node, Asking& asking, const Item& item) {
  const bool open = item.kind() == VariableKind::kText;
  if (fits(node, "format", open, item)) {
    const std::string format = node.choice("format", {"paragraphs", "line", "date"});
    asking.format = format == "date"   ? TextFormat::kDate
                    : format == "line" ? TextFormat::kLine
                                       : TextFormat::kParagraphs;
  }
  read_dates(node, asking, item);
  const bool prose = open && asking.format != TextFormat::kDate;
  if (fits(node, "quote", prose || !asking.specify.empty(), item)) {
    asking.quote = node.optional_bool("quote").value_or(false);
  }
  if (!fits(node, "max_length", prose, item)) return;
  const auto length = node.optional_integer("max_length");
  if (length && *length >= 1 && *length <= kMostText) {
    asking.max_length = static_cast<size_t>(*length);
  } else if (length) {
    node.child("max_length")
        .error("max-length",
               fmt::format("{} is not a length between 1 and {}", *length, kMostText));
  }
}

void read_order(const YamlNode& node, Asking& asking, const Item& item) {
  const bool options = item.kind() == VariableKind::kSingle || item.kind() == VariableKind::kMulti;
  if (!fits(node, "randomise", options, item)) return;
  const std::string order = node.choice("randomise", {"none", "options", "reverse"});
  if (order == "options") asking.order = OptionsOrder::kRandom;
  if (order == "reverse") asking.order = OptionsOrder::kReverse;
}

void check_translated_options(const YamlNode& node, const Languages& languages, const Item& item) {
  if (item.kind() != VariableKind::kSingle && item.kind() != VariableKind::kMulti) return;
  for (size_t i = 1; i < languages.all().size(); ++i) {
    const std::string& language = languages.all()[i];
    const auto words = item.asking.words.find(language);
    const bool all =
        words != item.asking.words.end() && words->second.labels.size() == item.options.size();
    if (all) continue;
    node.error("untranslated", fmt::format("not every option has words in '{}'", language),
               fmt::format("labels: {{{}: [first option, second option, …]}}", language));
  }
}

// labels: {cy: [first option, second option, …]}, for options that come with the type.
void read_labels(const YamlNode& node, const Languages& languages, Item& item) {
  const YamlNode labels = node.child("labels");
  if (!labels.exists()) return;
  for (const auto& [language, list] : labels.entries()) {
    const auto words = list.as_text_list();
    const bool known = std::ranges::count(languages.all(), language) > 0;
    if (!known || language == languages.all().front() || words.size() != item.options.size()) {
      list.error("labels",
                 fmt::format("'{}' must be another language of the questionnaire, with one label "
                             "for each of the {} options",
                             printable(language), item.options.size()));
      continue;
    }
    for (size_t i = 0; i < words.size(); ++i) {
      item.asking.words[language].labels[item.options[i].code] = words[i];
    }
  }
}

AnswerNeed read_need(const YamlNode& node, AnswerNeed otherwise) {
  if (!node.exists()) return otherwise;
  const std::string text = lowered(node.as_text());
  if (text == "true") return AnswerNeed::kRequired;
  if (text == "false") return AnswerNeed::kOptional;
  if (text == "soft") return AnswerNeed::kSoft;
  if (node.is_scalar()) {
    node.error("unknown-value", fmt::format("'{}' is not true, false or soft", printable(text)),
               "soft: asked once more when left out");
  }
  return otherwise;
}

// The first of these nodes that has the key.
YamlNode first_with(std::string_view key, const YamlNode& a, const YamlNode& b, const YamlNode& c) {
  if (a.has(key)) return a.child(key);
  return b.has(key) ? b.child(key) : c.child(key);
}

void read_item_words(const YamlNode& node, const YamlNode& battery, const Languages& languages,
                     Item& item) {
  for (size_t i = 1; i < languages.all().size(); ++i) {
    const std::string& language = languages.all()[i];
    ItemWords& words = item.asking.words[language];
    words.text = Languages::in(node.child("text"), language);
    words.hint =
        Languages::in(node.has("hint") ? node.child("hint") : battery.child("hint"), language);
    if (item.battery.empty()) continue;
    words.stem = Languages::in(battery.child("stem"), language);
    words.title = Languages::in(battery.child("title"), language);
  }
}

}  // namespace

void read_option_asking(const YamlNode& node, const Category& option, const Languages& languages,
                        Asking& asking) {
  if (!node.is_map()) return;
  for (size_t i = 1; i < languages.all().size(); ++i) {
    const std::string& language = languages.all()[i];
    const std::string label = Languages::in(node.child("label"), language);
    if (!label.empty()) asking.words[language].labels[option.code] = label;
    const std::string specify = Languages::in(node.child("specify"), language);
    if (!specify.empty()) asking.words[language].specify[option.code] = specify;
  }
  if (node.optional_bool("exclusive").value_or(false)) asking.exclusive.push_back(option.code);
  if (node.optional_bool("fixed").value_or(false)) asking.fixed.push_back(option.code);
  const YamlNode specify = node.child("specify");
  if (!specify.exists()) return;
  const std::string label = languages.own(specify);
  if (lowered(label) == "false") return;
  asking.specify[option.code] = lowered(label) == "true" ? std::string() : label;
}

void read_answer_asking(const YamlNode& node, const Languages& languages, Item& item) {
  Asking& asking = item.asking;
  if (!asking.exclusive.empty() && item.kind() != VariableKind::kMulti) {
    node.child("options").error(
        "key-not-for-type",
        fmt::format("'exclusive' means nothing for an item of type '{}'", name_of(item.type)));
  }
  read_order(node, asking, item);
  read_choices(node, asking, item);
  read_number(node, asking, item);
  read_words_asked(node, asking, item);
  read_labels(node, languages, item);
  check_translated_options(node, languages, item);
  const bool no_options = item.kind() == VariableKind::kScale ||
                          item.kind() == VariableKind::kNumber ||
                          item.kind() == VariableKind::kText;
  if (fits(node, "offer_dont_know", no_options, item)) {
    asking.offer_dont_know = node.optional_bool("offer_dont_know").value_or(false);
  }
  const YamlNode scale = node.child("scale");
  if (!scale.is_map()) return;
  for (size_t i = 1; i < languages.all().size(); ++i) {
    const std::string& language = languages.all()[i];
    asking.words[language].low_label = Languages::in(scale.child("low_label"), language);
    asking.words[language].high_label = Languages::in(scale.child("high_label"), language);
  }
}

void read_item_asking(const YamlNode& node, const YamlNode& battery, const YamlNode& root,
                      const Languages& languages, Item& item) {
  Asking& asking = item.asking;
  const YamlNode hint = node.has("hint") ? node.child("hint") : battery.child("hint");
  if (hint.exists()) asking.hint = languages.own(hint);
  asking.need = read_need(first_with("required", node, battery, root), asking.need);
  const YamlNode prefer_not = first_with("prefer_not_to_say", node, battery, root);
  if (prefer_not.exists()) asking.prefer_not_to_say = prefer_not.as_bool().value_or(false);
  read_item_words(node, battery, languages, item);
}

void read_battery_asking(const YamlNode& node, const Languages& languages, const Item* first,
                         Battery& battery) {
  for (size_t i = 1; i < languages.all().size(); ++i) {
    const std::string& language = languages.all()[i];
    battery.titles[language] = Languages::in(node.child("title"), language);
  }
  battery.randomise_items = node.optional_bool("randomise_items").value_or(false);
  battery.rank = node.optional_bool("rank").value_or(false);
  if (!battery.rank || first == nullptr) return;
  const bool places = first->kind() == VariableKind::kScale && first->scale_low == 1 &&
                      first->scale_high &&
                      *first->scale_high <= static_cast<int>(battery.items.size());
  if (places) return;
  node.child("rank").error(
      "rank", "a ranking is a battery of scores from 1 to at most its number of items",
      fmt::format("type: score, scale: [1, {}]", std::max<size_t>(battery.items.size(), 2)));
  battery.rank = false;
}

void check_pipes(const YamlNode& node, const Item& item, size_t earlier, const Questionnaire& all) {
  const std::span<const Item> asked = std::span(all.items).first(earlier);
  std::vector<std::string> texts{item.stem, item.text, item.asking.hint};
  for (const auto& [language, words] : item.asking.words) {
    texts.insert(texts.end(), {words.stem, words.text, words.hint});
  }
  for (const std::string& text : texts) {
    const auto parts = parse_piped(text);
    if (!parts) {
      node.error("pipe", parts.error().message, "{{role|your role}}");
      continue;
    }
    for (const PipedPart& part : *parts) {
      if (part.item.empty() || std::ranges::count(asked, part.item, &Item::id) > 0) continue;
      const bool known = all.find(part.item) != nullptr;
      std::vector<std::string> names;
      for (const Item& one : asked) names.push_back(one.id);
      node.error("pipe",
                 fmt::format("the text of '{}' pipes '{}', which {}", item.id, part.item,
                             known ? "is not on an earlier page" : "is no item"),
                 known ? "" : suggestion(part.item, names));
    }
  }
}

}  // namespace barometer
