#include "barometer/interview/typed_internal.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/interview/language.h"
#include "barometer/interview/phrases_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxNumberBytes = 40;
constexpr size_t kMaxSpecified = 500;  // characters of "which?"

std::optional<int> code_in(std::string_view text) {
  int code = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), code);
  const bool whole = problem == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(code) : std::nullopt;
}

// "role" or "role.part" of an item on the page.
void take_field(std::string_view part, const std::string& value, FieldValues& values,
                size_t& ignored) {
  if (part.empty()) {
    values.chosen.push_back(value);
  } else if (part == "day") {
    values.day = value;
  } else if (part == "month") {
    values.month = value;
  } else if (part == "year") {
    values.year = value;
  } else if (part == "instead") {
    values.instead.push_back(value);
  } else if (part == "quote") {
    values.quote = value;
  } else if (const auto code =
                 part.starts_with("other.") ? code_in(part.substr(6)) : std::nullopt) {
    values.specified[*code] = value;
  } else {
    ++ignored;
  }
}

size_t characters_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// "1,250,000.5" and "1 250 000.5" without their marks, when these stand before groups of three
// digits; else as it was: "1,25" is not 125.
std::string without_thousands(const std::string& written) {
  const std::string_view text = trimmed(written);
  const std::string_view whole = text.substr(0, text.find('.'));
  std::string out;
  size_t group = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    const bool mark = whole[i] == ',' || whole[i] == ' ';
    const bool first = out.size() == group;
    if (mark && (group == 0 || group > 3 || (!first && group != 3))) return written;
    if (!mark) out += whole[i];
    group = mark ? 0 : group + 1;
  }
  if (out.size() != group && group != 3) return written;
  return out + std::string(text.substr(whole.size()));
}

// One answer being made; the first problem stands.
class Typed {
 public:
  Typed(const Interview::Plan& plan, const Item& item, const FieldValues& values,
        std::string_view language)
      : plan_(plan),
        item_(item),
        values_(values),
        says_(phrases_in(language)),
        language_(language) {
    out_.field = item.id;
  }

  TypedAnswer read() && {
    if (has_instead(item_)) {
      read_words();
    } else {
      read_choices();
    }
    if (!out_.problem.empty()) {
      out_.answer = {};
      return std::move(out_);
    }
    const GivenAnswer& answer = out_.answer;
    if (answer.missing == Missing::kNone && answer.codes.empty() && answer.text.empty()) {
      out_.answer = {.missing = Missing::kSystem};
    }
    return std::move(out_);
  }

 private:
  void refuse(std::string message, std::string_view part = {}) {
    if (!out_.problem.empty()) return;
    out_.problem = std::move(message);
    out_.field = item_.id + std::string(part);
  }

  // Refused or don't know, where the item offers it.
  [[nodiscard]] std::optional<Missing> apart(std::string_view value) const {
    if (value == kRefusedValue && item_.asking.prefer_not_to_say) return Missing::kRefused;
    if (value == kDontKnowValue && item_.asking.offer_dont_know) return Missing::kDontKnow;
    return std::nullopt;
  }
  [[nodiscard]] std::string_view words_of(Missing missing) const {
    return missing == Missing::kRefused ? says_.prefer_not_to_say : says_.dont_know;
  }

  void read_choices() {
    std::set<int> codes;
    std::optional<Missing> missing;
    for (const std::string& value : values_.chosen) {
      if (value.empty()) continue;  // the empty choice of a select
      if (const auto kind = apart(value)) {
        if (missing && missing != kind) return refuse(std::string(says_.choose_one_only));
        missing = kind;
        continue;
      }
      const auto code = code_in(value);
      const bool listed = code && std::ranges::count(item_.options, *code, &Category::code) > 0;
      if (!listed) return refuse(std::string(says_.choose_listed));
      codes.insert(*code);
    }
    if (missing && !codes.empty()) {
      return refuse(item_.kind() == VariableKind::kMulti
                        ? said_with(says_.alone, words_of(*missing))
                        : std::string(says_.choose_one_only));
    }
    if (missing) out_.answer.missing = *missing;
    out_.answer.codes.assign(codes.begin(), codes.end());
    if (item_.kind() == VariableKind::kMulti) return check_several();
    if (codes.size() > 1) return refuse(std::string(says_.choose_one_only));
    take_specified();
  }

  void check_several() {
    const std::vector<int>& codes = out_.answer.codes;
    const Asking& asking = item_.asking;
    for (const int code : asking.exclusive) {
      if (codes.size() < 2 || !std::ranges::binary_search(codes, code)) continue;
      const auto option = std::ranges::find(item_.options, code, &Category::code);
      return refuse(said_with(says_.alone, spoken_label(item_, *option, language_)));
    }
    const bool alone = codes.size() == 1 && std::ranges::count(asking.exclusive, codes[0]) > 0;
    if (!codes.empty() && !alone && codes.size() < asking.least_choices) {
      return refuse(said_with(says_.choose_at_least, fmt::format("{}", asking.least_choices)));
    }
    if (asking.most_choices > 0 && codes.size() > asking.most_choices) {
      return refuse(said_with(says_.choose_at_most, fmt::format("{}", asking.most_choices)));
    }
    take_specified();
  }

  // Words beside an option that was not chosen are dropped with it.
  void take_specified() {
    for (const auto& [code, label] : item_.asking.specify) {
      const auto typed = values_.specified.find(code);
      if (typed == values_.specified.end()) continue;
      if (!std::ranges::binary_search(out_.answer.codes, code)) continue;
      const std::string words(trimmed(typed->second));
      if (words.empty()) continue;
      if (characters_of(words) > kMaxSpecified) {
        return refuse(said_with(says_.too_long, fmt::format("{}", kMaxSpecified)),
                      fmt::format(".other.{}", code));
      }
      out_.answer.specified[code] = words;
    }
    if (!out_.answer.specified.empty()) take_quoting();
  }

  void take_quoting() {
    if (!item_.asking.quote) return;
    out_.answer.quoting = Quoting::kNo;
    for (const Quoting quoting : {Quoting::kUnattributed, Quoting::kByRole, Quoting::kByName}) {
      if (values_.quote == name_of(quoting)) out_.answer.quoting = quoting;
    }
  }

  // Numbers, texts and dates: something written, or a box "don't know" beside it.
  void read_words() {
    std::optional<Missing> missing;
    for (const std::string& value : values_.instead) {
      const auto kind = apart(value);
      if (!kind) return refuse(std::string(says_.choose_listed), ".instead");
      if (missing && missing != kind) {
        return refuse(std::string(says_.choose_one_only), ".instead");
      }
      missing = kind;
    }
    if (values_.chosen.size() > 1) return refuse(std::string(says_.choose_one_only));
    const bool date =
        item_.kind() == VariableKind::kText && item_.asking.format == TextFormat::kDate;
    const std::string written(values_.chosen.empty() ? "" : trimmed(values_.chosen.front()));
    const bool blank = date ? trimmed(values_.day).empty() && trimmed(values_.month).empty() &&
                                  trimmed(values_.year).empty()
                            : written.empty();
    if (missing && !blank) return refuse(said_with(says_.one_or_the_other, words_of(*missing)));
    if (missing) out_.answer.missing = *missing;
    if (blank) return;
    if (date) return read_date();
    if (item_.kind() == VariableKind::kNumber) return read_number(written);
    read_text(written);
  }

  void read_number(std::string text) {
    if (text.size() > kMaxNumberBytes) return refuse(std::string(says_.not_a_number));
    const std::string& unit = item_.asking.unit;
    if (!unit.empty() && text.starts_with(unit)) text.erase(0, unit.size());
    if (!unit.empty() && text.ends_with(unit)) text.erase(text.size() - unit.size());
    text = without_thousands(replaced(std::move(text), "\xC2\xA0", " "));
    const auto number = parse_decimal(text);
    if (!number) return refuse(std::string(says_.not_a_number));
    const Asking& asking = item_.asking;
    if (number->places > asking.decimals) {
      return refuse(asking.decimals == 0
                        ? std::string(says_.whole_number)
                        : said_with(says_.too_many_decimals, fmt::format("{}", asking.decimals)));
    }
    const Ratio value = number->ratio();
    const bool low = asking.least && value < asking.least->ratio();
    const bool high = asking.most && asking.most->ratio() < value;
    if (!low && !high) {
      out_.answer.text = number->text();
    } else if (asking.least && asking.most) {
      refuse(said_with(says_.number_between, asking.least->text(), asking.most->text()));
    } else {
      refuse(said_with(says_.number_at_least, asking.least ? asking.least->text() : "0"));
    }
  }

  void read_text(const std::string& text) {
    const size_t most =
        item_.asking.max_length == 0 ? plan_.settings.max_text : item_.asking.max_length;
    if (characters_of(text) > most) {
      return refuse(said_with(says_.too_long, fmt::format("{}", most)));
    }
    const bool line = item_.asking.format == TextFormat::kLine;
    out_.answer.text = line ? replaced(text, "\n", " ") : text;
    take_quoting();
  }

  void read_date() {
    const auto day = code_in(trimmed(values_.day));
    const auto month = code_in(trimmed(values_.month));
    const auto year = code_in(trimmed(values_.year));
    const bool sizes = day && month && year && *day >= 1 && *day <= 31 && *month >= 1 &&
                       *month <= 12 && *year >= 1000 && *year <= 9999;
    const Date date =
        sizes ? Date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                     std::chrono::day(static_cast<unsigned>(*day)))
              : Date();
    if (!sizes || !date.ok()) return refuse(std::string(says_.not_a_date), ".day");
    const Asking& asking = item_.asking;
    if (asking.earliest && asking.latest && (date < *asking.earliest || date > *asking.latest)) {
      return refuse(said_with(says_.date_between, spoken_date(*asking.earliest, says_.language),
                              spoken_date(*asking.latest, says_.language)),
                    ".day");
    }
    out_.answer.text = iso_text(date);
  }

  const Interview::Plan& plan_;
  const Item& item_;
  const FieldValues& values_;
  const Phrases& says_;
  std::string_view language_;
  TypedAnswer out_;
};

}  // namespace

TypedPage typed_page(const Interview::Plan& plan, const std::vector<size_t>& items,
                     const FormFields& fields) {
  TypedPage out;
  std::map<std::string_view, size_t> by_id;
  for (const size_t item : items) {
    by_id[plan.item(item).id] = item;
    out.values[item];
  }
  for (const auto& [name, value] : fields) {
    if (name == kSkipField) {
      out.skip = value == "1";
      continue;
    }
    const size_t dot = std::min(name.find('.'), name.size());
    const auto item = by_id.find(std::string_view(name).substr(0, dot));
    const bool part = dot < name.size();
    if (item == by_id.end() || (part && dot + 1 == name.size())) {
      ++out.ignored;
      continue;
    }
    take_field(part ? std::string_view(name).substr(dot + 1) : std::string_view(), value,
               out.values[item->second], out.ignored);
  }
  return out;
}

TypedAnswer typed_answer(const Interview::Plan& plan, const Item& item, const FieldValues& values,
                         std::string_view language) {
  return Typed(plan, item, values, language).read();
}

std::string blank_message(const Interview::Plan& plan, const Item& item,
                          std::string_view language) {
  const Phrases& says = phrases_in(language);
  std::string_view message = says.choose_one;
  if (item.kind() == VariableKind::kMulti) message = says.choose_any;
  if (item.kind() == VariableKind::kNumber) message = says.enter_number;
  if (item.kind() == VariableKind::kText) {
    message = item.asking.format == TextFormat::kDate ? says.enter_date : says.enter_text;
  }
  if (item.battery.empty()) return std::string(message);
  return fmt::format("{}: {}", message, spoken(plan, item, language).text);
}

}  // namespace barometer
