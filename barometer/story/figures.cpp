#include "barometer/story/figures_internal.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

std::string unit_word(std::string_view unit) {
  std::string word(unit);
  std::ranges::replace(word, ' ', '-');
  return word;
}

Found<std::string> find_unit(const CellName& name) {
  const std::string people = unit_word(name_of(Unit::kRespondent));
  if (!name.unit) return people;
  const std::vector<std::string> known = {"respondents", "organisations", "population"};
  const std::string& asked = name.unit->text;
  if (asked == "respondents") return people;
  if (asked == "organisations") return unit_word(name_of(Unit::kOrganisation));
  if (asked == "population") return unit_word(name_of(Unit::kOrganisationBySize));
  return problem(name.unit->at, "story-unknown-unit",
                 fmt::format("there is no unit '{}'", printable(asked)), suggestion(asked, known));
}

// "Region: North" is also called "North" and, in the plural, "Norths": "chairs".
bool is_called(const Figure& figure, const std::string& name) {
  const std::string wanted = lowered(name);
  const std::string label = lowered(figure.group_label);
  if (figure.group == name || label == wanted) return true;
  const size_t colon = label.rfind(": ");
  const std::string last = colon == std::string::npos ? label : label.substr(colon + 2);
  return last == wanted || last + "s" == wanted;
}

Found<std::string> find_group(const StorySources& sources, const Wave& wave, const Operand& name) {
  std::set<std::string> found;
  std::set<std::string> known;
  for (const Figure& figure : sources.ledger.figures) {
    if (figure.wave != wave.id || figure.group.empty()) continue;
    known.insert(figure.group_label);
    if (is_called(figure, name.text)) found.insert(figure.group);
  }
  const std::vector<std::string> labels(known.begin(), known.end());
  if (found.size() == 1) return *found.begin();
  if (found.size() > 1) {
    return problem(
        name.at, "story-unknown-group",
        fmt::format("'{}' is the name of {} groups", printable(name.text), found.size()),
        fmt::format("write one of: {}", join(std::vector(found.begin(), found.end()), ", ")));
  }
  return problem(name.at, "story-unknown-group",
                 fmt::format("wave {} has no figures of '{}'", wave.id, printable(name.text)),
                 labels.empty() ? "groups are those of 'tables: banner' in wave.yaml"
                                : suggestion(name.text, labels));
}

// Options and NETs under any of their names.
Found<std::string> answer_key(const Item& item, const Operand& name, std::vector<int>& codes) {
  const std::string wanted = lowered(name.text);
  for (const Net& net : item.nets) {
    if (net.id != name.text && lowered(net.label) != wanted) continue;
    codes = net.codes;
    return net.id;
  }
  for (const Category& option : item.options) {
    if (lowered(option.label) != wanted && std::to_string(option.code) != name.text) continue;
    codes = {option.code};
    return std::to_string(option.code);
  }
  std::vector<std::string> known;
  for (const Net& net : item.nets) known.push_back(net.id);
  for (const Category& option : item.options) known.push_back(option.label);
  return problem(
      name.at, "story-unknown-answer",
      fmt::format("'{}' has no answer and no declared NET '{}'", item.id, printable(name.text)),
      suggestion(name.text, known));
}

std::string why_hidden(const Figure& figure) {
  if (!figure.note.empty()) return figure.note;
  return std::string(meaning_of(figure.marker));
}

Found<const Figure*> shown(const Figure& figure, size_t at) {
  switch (figure.marker) {
    case Marker::kNone:
    case Marker::kSmallBase:
    case Marker::kCount:
    case Marker::kLow:
      return &figure;
    case Marker::kSuppressed:
      return problem(at, "story-suppressed",
                     fmt::format("{} is suppressed: {}", figure.id, why_hidden(figure)),
                     "no sentence may say it, in figures or in words");
    default:
      return problem(at, "story-not-available",
                     fmt::format("{} has no figure to show, {}: {}", figure.id, figure.printed,
                                 why_hidden(figure)));
  }
}

std::string absent_reason(const StorySources& sources, const Wave& wave, const std::string& unit) {
  const bool any = std::ranges::any_of(sources.ledger.figures, [&](const Figure& figure) {
    return figure.wave == wave.id && unit_word(figure.unit) == unit && !figure.item.empty();
  });
  if (any) return "the item has no such figure";
  if (wave.reconstruction && unit != "respondents") {
    return "a reconstruction has no figures of organisations: who answered with whom is not known";
  }
  return fmt::format("wave {} has no figures of {}", wave.id, unit);
}

}  // namespace

Found<const Wave*> find_wave(const StorySources& sources, const std::optional<Operand>& name) {
  if (!name) return &sources.wave;
  if (const Wave* wave = sources.study.wave(name->text)) return wave;
  std::vector<std::string> known;
  for (const Wave& wave : sources.study.waves) known.push_back(wave.id);
  return problem(name->at, "story-unknown-wave",
                 fmt::format("there is no wave '{}'", printable(name->text)),
                 suggestion(name->text, known));
}

Found<const Item*> find_item(const Wave& wave, const Operand& name) {
  if (const Item* item = wave.questionnaire.find(name.text)) return item;
  std::vector<std::string> known;
  for (const Item& item : wave.questionnaire.items) known.push_back(item.id);
  return problem(name.at, "story-unknown-item",
                 fmt::format("wave {} asked no '{}'", wave.id, printable(name.text)),
                 suggestion(name.text, known));
}

Found<CellFigure> find_cell(const StorySources& sources, const CellName& name, size_t verb_at) {
  if (name.words.empty()) return problem(verb_at, "story-syntax", "an item's name is missing");
  CellFigure out;
  out.at = name.words.front().at;
  out.wave = TRY(find_wave(sources, name.wave));
  out.item = TRY(find_item(*out.wave, name.words.front()));
  std::string answer = "mean";
  if (name.words.size() > 1) answer = TRY(answer_key(*out.item, name.words[1], out.codes));
  const std::string unit = TRY(find_unit(name));
  std::string id = fmt::format("{}.{}.{}.{}", out.wave->id, out.item->id, answer, unit);
  if (name.group) id += "." + TRY(find_group(sources, *out.wave, *name.group));
  const Figure* figure = sources.ledger.find(id);
  if (figure == nullptr) {
    return problem(out.at, "story-not-available",
                   fmt::format("the ledger has no figure '{}': {}", id,
                               absent_reason(sources, *out.wave, unit)));
  }
  out.figure = TRY(shown(*figure, out.at));
  return out;
}

Found<const Figure*> find_wave_figure(const StorySources& sources, const Wave& wave,
                                      std::string_view name, size_t at) {
  const Figure* figure = sources.ledger.find(fmt::format("{}.wave.{}", wave.id, name));
  if (figure == nullptr) {
    return problem(at, "story-not-available",
                   fmt::format("wave {} has no '{}' in the ledger", wave.id, name),
                   "the number of organisations was not published, or the wave has no responses");
  }
  return shown(*figure, at);
}

Found<ChangeFigures> find_change(const StorySources& sources, const Reference& reference) {
  ChangeFigures out;
  out.now = TRY(find_cell(sources, reference.cell, reference.verb_at));
  const Wave* since = TRY(find_wave(sources, reference.since));
  const std::string id =
      fmt::format("{}.{}.{}.change.{}", out.now.wave->id, out.now.item->id,
                  out.now.codes.empty() ? "mean" : out.now.figure->answer, since->id);
  const Figure* change = sources.ledger.find(id);
  if (change == nullptr || !out.now.figure->group.empty()) {
    return problem(
        reference.since->at, "story-no-trend",
        fmt::format("the ledger has no change of {} since {}: the item was not asked then in the "
                    "same words, or nothing of it was published",
                    out.now.figure->id, since->id),
        "trend_links in wave.yaml joins items whose wording differs; the link is printed");
  }
  out.change = change;
  const auto link = out.now.wave->trend_links.find(out.now.item->id);
  CellName then = reference.cell;
  if (link != out.now.wave->trend_links.end() && link->second.starts_with(since->id + "/")) {
    then.words.front().text = link->second.substr(since->id.size() + 1);
  }
  then.wave = reference.since;
  out.then = TRY(find_cell(sources, then, reference.verb_at));
  return out;
}

namespace {

// Every count on the base that prints as the figure does.
std::optional<KnownValue> possible_counts(const Figure& figure, const Decimal& printed,
                                          Rounding rounding) {
  if (!figure.n || *figure.n == 0 || figure.kind != FigureKind::kPercent) return std::nullopt;
  const auto n = static_cast<int64_t>(*figure.n);
  std::optional<KnownValue> out;
  const int64_t middle = std::llround(printed.value() * static_cast<double>(n) / 100);
  const int64_t reach = n / 100 + 2;
  for (int64_t k = std::max<int64_t>(0, middle - reach); k <= std::min(n, middle + reach); ++k) {
    const Ratio share{100 * k, n};
    if (round(share, printed.places, rounding) != printed) continue;
    if (!out) out = KnownValue{share, share};
    out->high = share;
  }
  return out;
}

// "[42]" and "+5" hold their number.
std::optional<Decimal> printed_number(const Figure& figure) {
  std::string text = figure.printed;
  if (figure.marker == Marker::kSmallBase) text = text.substr(1, text.size() - 2);
  const auto number = parse_decimal(text);
  if (!number) return std::nullopt;
  return *number;
}

}  // namespace

KnownValue known_value(const Figure& figure, Rounding rounding) {
  if (figure.kind == FigureKind::kPercent && figure.count && figure.n && *figure.n > 0) {
    const Ratio share{100 * static_cast<int64_t>(*figure.count), static_cast<int64_t>(*figure.n)};
    if (figure.value && std::abs(share.value() - *figure.value) < 1e-9) return {share, share};
  }
  const bool counted = figure.kind == FigureKind::kCount || figure.kind == FigureKind::kCoverage;
  const auto printed = printed_number(figure);
  if (printed && !counted && figure.source.starts_with("reconstruction")) {
    if (const auto counts = possible_counts(figure, *printed, rounding)) return *counts;
    const RoundingInterval ends = rounding_interval(*printed, rounding);
    return {ends.lower, ends.upper};
  }
  // Known as a double: weighted shares and means.
  constexpr int64_t kParts = 1'000'000'000;
  const double value = figure.value.value_or(0);
  const Ratio near{std::llround(value * static_cast<double>(kParts)), kParts};
  return {near, near};
}

std::string value_words(const Figure& figure, Rounding rounding) {
  const KnownValue known = known_value(figure, rounding);
  const char* unit = figure.kind == FigureKind::kPercent || figure.kind == FigureKind::kCoverage
                         ? " per cent"
                         : "";
  if (known.exact() && figure.count && figure.n) {
    return fmt::format("{} of {}, {}{}", *figure.count, *figure.n, round(known.low, 1).text(),
                       unit);
  }
  const std::string base = figure.n ? fmt::format(" on a base of {}", *figure.n) : "";
  if (known.exact()) return fmt::format("{}{}{}", round(known.low, 1).text(), unit, base);
  return fmt::format("{}{} as printed, from {} to {}{}", figure.printed, unit,
                     round(known.low, 1).text(), round(known.high, 1).text(), base);
}

OtherAnswers other_answers(const StorySources& sources, const CellFigure& cell) {
  OtherAnswers out;
  const std::string own =
      fmt::format("{}.{}.{}.", cell.wave->id, cell.item->id, cell.figure->answer);
  const std::string rest = cell.figure->id.substr(own.size());
  for (const Category& option : cell.item->options) {
    if (std::ranges::find(cell.codes, option.code) != cell.codes.end()) continue;
    if (option.dont_know && !cell.item->dont_know_in_base) continue;
    const Figure* figure = sources.ledger.find(
        fmt::format("{}.{}.{}.{}", cell.wave->id, cell.item->id, option.code, rest));
    if (figure == nullptr || !figure->value) {
      out.hidden = option.label;
    } else {
      out.figures.push_back(figure);
    }
  }
  return out;
}

}  // namespace barometer
