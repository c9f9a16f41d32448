// Verbs that write words which a figure must make true.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/verb_internal.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

using wording::Truth;

WrittenPiece guarded(std::string text, std::vector<const Figure*> figures, std::string truth) {
  WrittenPiece out;
  out.text = std::move(text);
  out.kind = StoryClaimKind::kGuarded;
  out.figures = std::move(figures);
  out.truth = std::move(truth);
  return out;
}

WrittenPiece number(std::string text, const Figure& figure, std::string truth) {
  WrittenPiece out = guarded(std::move(text), {&figure}, std::move(truth));
  out.kind = StoryClaimKind::kFigure;
  return out;
}

// ---- shares said in words --------------------------------------------------------------------

// Words that say a share, a number or a part of the whole.
struct Sayable {
  std::optional<wording::NumberPhrase> phrase;
  const wording::Quantifier* quantifier = nullptr;

  [[nodiscard]] Truth is_true_of(const Ratio& value) const {
    return quantifier != nullptr ? is_true(*quantifier, value, {}) : is_true(*phrase, value);
  }
  // True of every value that the figure can have.
  [[nodiscard]] bool holds(const KnownValue& known) const {
    return is_true_of(known.low) == Truth::kTrue && is_true_of(known.high) == Truth::kTrue;
  }
  [[nodiscard]] bool is_part(wording::Part part) const {
    return quantifier != nullptr && quantifier->part == part;
  }
};

Found<Sayable> sayable(const Operand& words) {
  // "most" alone is no phrase of a text.
  if (const auto* quantifier = wording::find_quantifier(lowered(words.text))) {
    return Sayable{{}, quantifier};
  }
  const auto phrases = wording::read_numbers(words.text);
  if (phrases.size() == 1) return Sayable{phrases.front(), phrases.front().quantifier};
  return problem(words.at, "story-untested",
                 fmt::format("'{}' says {} that can be tested", printable(words.text),
                             phrases.empty() ? "nothing" : "more than one thing"),
                 "\"a majority\", \"nearly two-thirds\", \"more than four in five\"");
}

// What is true of the share, best first: fractions, then the percentage.
std::vector<std::string> true_wordings(const Writing& how, const Figure& figure) {
  std::vector<std::string> out;
  const KnownValue known = known_value(figure, how.sources.study.print.rounding);
  for (const wording::ShareWording& wording : wording::share_wordings(known.low, how.place)) {
    const auto read = wording::read_numbers(wording.text);
    if (read.size() == 1 && Sayable{read.front(), nullptr}.holds(known)) {
      out.push_back(wording.text);
    }
  }
  out.push_back(figure_text(how, figure));
  return out;
}

// "most leaders" is "nearly half of leaders" when it is not most.
std::string instead_of(const std::string& words, const std::string& wording) {
  const bool bare = lowered(words) == "most" || lowered(words) == "majority";
  return bare ? wording + " of" : wording;
}

Written untrue(const Writing& how, const CellFigure& cell, const Operand& words,
               const std::string& why) {
  const std::vector<std::string> wordings = true_wordings(how, *cell.figure);
  Written out = only(number(instead_of(words.text, wordings.front()), *cell.figure, why));
  out.untrue = Untrue{
      {words.at,
       "story-untrue",
       fmt::format("'{}' is not true of {}: {}", printable(words.text), cell.figure->id, why),
       {}},
      {}};
  return out;
}

// More than every other answer, each of which is shown.
Found<Written> say_largest(const Writing& how, const CellFigure& cell, const Operand& words) {
  const OtherAnswers others = other_answers(how.sources, cell);
  const Rounding rounding = how.sources.study.print.rounding;
  if (!others.hidden.empty()) {
    return problem(words.at, "story-untested",
                   fmt::format("'{}' needs every answer to '{}', and '{}' is not shown",
                               printable(words.text), cell.item->id, printable(others.hidden)));
  }
  std::string truth = value_words(*cell.figure, rounding) + "; the others";
  for (const Figure* other : others.figures) {
    truth += fmt::format(" {} {},", other->label, other->printed);
    if (known_value(*other, rounding).high >= known_value(*cell.figure, rounding).low) {
      return untrue(how, cell, words,
                    fmt::format("{}, and {} has {}", value_words(*cell.figure, rounding),
                                printable(other->label), value_words(*other, rounding)));
    }
  }
  truth.pop_back();
  return only(guarded(capitalised(words.text, how.place), {cell.figure}, truth));
}

void remark_for_editor(const Sayable& said, const CellFigure& cell, const Operand& words,
                       Written& out) {
  const bool hedged = said.phrase && said.phrase->hedge->for_editor;
  if (hedged || (said.quantifier != nullptr && said.quantifier->for_editor)) {
    out.remarks.push_back(
        {words.at,
         "story-editor",
         fmt::format("'{}' is a judgement; an editor must stand behind it", printable(words.text)),
         {}});
  }
  if (said.is_part(wording::Part::kMajority) && cell.figure->lower && *cell.figure->lower <= 50) {
    out.remarks.push_back(
        {words.at,
         "story-editor",
         fmt::format("the interval of {} begins at {:.1f}: '{}' is true of those who answered, and "
                     "not shown of all",
                     cell.figure->id, *cell.figure->lower, printable(words.text)),
         {}});
  }
}

// A share in words for a percentage, a plain number for a mean.
bool is_said_of(const Sayable& said, const Figure& figure) {
  if (figure.kind != FigureKind::kMean)
    return said.quantifier != nullptr || said.phrase->is_share();
  return said.phrase && (said.phrase->form == wording::Form::kDecimal ||
                         said.phrase->form == wording::Form::kCount);
}

Found<Written> say(const Writing& how, const CellFigure& cell, const Operand& words) {
  const Sayable said = TRY(sayable(words));
  if (said.is_part(wording::Part::kPlurality)) return say_largest(how, cell, words);
  const Figure& figure = *cell.figure;
  const KnownValue known = known_value(figure, how.sources.study.print.rounding);
  const std::string value = value_words(figure, how.sources.study.print.rounding);
  if (!is_said_of(said, figure)) {
    return problem(words.at, "story-untested",
                   fmt::format("'{}' is said of no {}", printable(words.text),
                               figure.kind == FigureKind::kMean ? "mean" : "share"));
  }
  if (said.is_true_of(known.low) == Truth::kUnknown) {
    return problem(words.at, "story-untested",
                   fmt::format("no number can test '{}'", printable(words.text)),
                   fmt::format("true is: {}", join(true_wordings(how, figure), ", ")));
  }
  if (!said.holds(known)) return untrue(how, cell, words, value);
  Written out = only(guarded(capitalised(words.text, how.place), {&figure}, value));
  out.states = cell;
  remark_for_editor(said, cell, words, out);
  return out;
}

Found<Written> say_fixed(const Writing& how, const Reference& reference, const char* words) {
  const CellFigure cell = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
  return say(how, cell, Operand{words, reference.verb_at, true});
}

// ---- changes and comparisons -----------------------------------------------------------------

struct Direction {
  std::string_view word;
  wording::Change change;
};
constexpr auto kDirections = std::to_array<Direction>({
    {"more", wording::Change::kUp},
    {"greater", wording::Change::kUp},
    {"larger", wording::Change::kUp},
    {"bigger", wording::Change::kUp},
    {"fewer", wording::Change::kDown},
    {"less", wording::Change::kDown},
    {"smaller", wording::Change::kDown},
    {"no detectable change", wording::Change::kSame},
    {"did not change detectably", wording::Change::kSame},
    {"not detectably different", wording::Change::kSame},
});

bool has_word(std::string_view text, std::string_view word) {
  const std::string padded = " " + lowered(text) + " ";
  return padded.find(fmt::format(" {} ", word)) != std::string::npos;
}

std::vector<wording::ChangeWord> words_of_change(std::string_view text) {
  std::vector<wording::ChangeWord> out;
  for (const Direction& direction : kDirections) {
    if (has_word(text, direction.word)) out.push_back({direction.word, direction.change, false});
  }
  for (const wording::ChangeUse& use : wording::read_changes(text)) out.push_back(*use.word);
  return out;
}

// All of the words hold of what the test found.
bool holds(const std::vector<wording::ChangeWord>& words, const StoryComparison& found) {
  const Ratio difference{static_cast<int64_t>(found.difference * 1e6), 1'000'000};
  return found.tested && std::ranges::all_of(words, [&](const wording::ChangeWord& word) {
           if (word.change == wording::Change::kSame && !found.exact) return false;
           return is_true(word, difference, found.significant);
         });
}

void remark_on(const std::vector<wording::ChangeWord>& words, const Operand& said, Written& out) {
  if (std::ranges::none_of(words, &wording::ChangeWord::for_editor)) return;
  out.remarks.push_back(
      {said.at,
       "story-editor",
       fmt::format("'{}' is dramatic; an editor must stand behind it", printable(said.text)),
       {}});
}

// "CCG leaders", "CCG leaders, Role: Chair,"
std::string whom_words(const Writing& how, const Figure& figure) {
  const Study& study = how.sources.study;
  const bool people = figure.unit == name_of(Unit::kRespondent);
  return (people ? study.respondent_word : study.organisation_word) +
         (figure.group_label.empty() ? "" : ", " + figure.group_label + ",");
}

// The neutral form, which needs no test: "was 68 per cent, compared with 73 per cent in January".
std::vector<WrittenPiece> neutral_change(const Writing& how, const ChangeFigures& figures,
                                         const std::string& truth) {
  Writing inside = how;
  inside.place = wording::Place::kInside;
  return {joining(capitalised("was ", how.place)),
          number(figure_text(inside, *figures.now.figure), *figures.now.figure, truth),
          joining(", compared with "),
          number(figure_text(inside, *figures.then.figure), *figures.then.figure, truth),
          joining(" in " + when_words(*figures.then.wave))};
}

std::vector<WrittenPiece> tested_change(const Writing& how, const ChangeFigures& figures,
                                        const StoryComparison& found) {
  Writing inside = how;
  inside.place = wording::Place::kInside;
  const char* verb = found.difference > 0 ? "rose" : "fell";
  return {guarded(capitalised(verb, how.place), {figures.change}, found.words), joining(" "),
          number(points_text(inside, *figures.change), *figures.change, found.words),
          joining(" to "),
          number(figure_text(inside, *figures.now.figure), *figures.now.figure, found.words)};
}

std::string change_sentence(const Writing& how, const ChangeFigures& figures,
                            const StoryComparison& found) {
  Writing start = how;
  start.place = wording::Place::kSentenceStart;
  Writing inside = how;
  inside.place = wording::Place::kInside;
  std::string verb;
  if (found.significant) {
    verb = fmt::format(", {} from {} in {}", found.difference > 0 ? "up" : "down",
                       figure_text(inside, *figures.then.figure), when_words(*figures.then.wave));
  } else {
    verb = fmt::format(", compared with {} in {}", figure_text(inside, *figures.then.figure),
                       when_words(*figures.then.wave));
  }
  return plain_clause(start, figures.now) + verb + ".";
}

// "the 85 per cent of CCG leaders who answered “Yes” to “Pooled budget”"
std::string other_clause(const Writing& how, const CellFigure& cell) {
  if (cell.figure->kind == FigureKind::kMean) {
    return fmt::format("the mean of “{}”, {}", cell.item->label, figure_text(how, *cell.figure));
  }
  return fmt::format("the {} of {} who answered “{}” to “{}”", figure_text(how, *cell.figure),
                     whom_words(how, *cell.figure), cell.figure->label, cell.item->label);
}

std::string compare_sentence(const Writing& how, const CellFigure& a, const CellFigure& b,
                             const StoryComparison& found) {
  Writing start = how;
  start.place = wording::Place::kSentenceStart;
  Writing inside = how;
  inside.place = wording::Place::kInside;
  const char* verb = !found.significant     ? ", compared with "
                     : found.difference > 0 ? ", more than "
                                            : ", fewer than ";
  return plain_clause(start, a) + verb + other_clause(inside, b) + ".";
}

Found<Written> say_difference(const Operand& said, const StoryComparison& found,
                              std::vector<const Figure*> figures, const Writing& how,
                              std::string true_sentence) {
  const auto words = words_of_change(said.text);
  if (words.empty()) {
    return problem(said.at, "story-untested",
                   fmt::format("'{}' holds no word of change or comparison that is tested",
                               printable(said.text)),
                   "rose, fell, higher, lower, more than, fewer than, unchanged, significantly …");
  }
  const bool fine = holds(words, found);
  Written out = only(guarded(capitalised(said.text, how.place), std::move(figures), found.words));
  remark_on(words, said, out);
  if (!fine) {
    out.untrue =
        Untrue{{said.at,
                found.tested ? "story-untrue" : "story-untested",
                fmt::format("'{}' may not be written: {}", printable(said.text), found.words),
                {}},
               std::move(true_sentence)};
  }
  return out;
}

// ---- the rest --------------------------------------------------------------------------------

// Same question, same people.
bool is_beside(const CellFigure& a, const CellFigure& b) {
  return a.item == b.item && a.wave == b.wave && a.figure->group == b.figure->group &&
         a.figure->unit == b.figure->unit;
}

// Labels of the options that neither `cell` nor what was stated before it holds.
std::vector<std::string> options_left(const Writing& how, const CellFigure& cell, bool& doubled) {
  std::vector<int> codes = cell.codes;
  for (const CellFigure& stated : how.stated) {
    if (!is_beside(stated, cell)) continue;
    for (const int code : stated.codes) {
      doubled = doubled || std::ranges::count(cell.codes, code) > 0;
      codes.push_back(code);
    }
  }
  std::vector<std::string> left;
  for (const Category& option : cell.item->options) {
    const bool in_base = !option.dont_know || cell.item->dont_know_in_base;
    if (in_base && std::ranges::count(codes, option.code) == 0) left.push_back(option.label);
  }
  return left;
}

Found<CellFigure> rest_of(const Writing& how, const Reference& reference) {
  CellFigure cell = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
  const bool any = std::ranges::any_of(
      how.stated, [&](const CellFigure& stated) { return is_beside(stated, cell); });
  if (!any) {
    return problem(
        reference.verb_at, "story-remainder",
        fmt::format("no other answer to '{}' stands before it in this paragraph", cell.item->id));
  }
  bool doubled = false;
  const auto left = options_left(how, cell, doubled);
  const bool multi = cell.item->kind() == VariableKind::kMulti;
  if (left.empty() && !doubled && !multi) return cell;
  return problem(
      cell.at, "story-remainder",
      multi     ? fmt::format("'{}' takes several answers: nothing is left over", cell.item->id)
      : doubled ? fmt::format("part of '{}' was stated already", cell.figure->label)
                : fmt::format("with what stands before it, '{}' leaves out: {}", cell.figure->label,
                              printable(join(left, ", "), 200)));
}

}  // namespace

std::string plain_clause(const Writing& how, const CellFigure& cell) {
  if (cell.figure->kind == FigureKind::kMean) {
    return fmt::format("{} mean of “{}” was {}",
                       how.place == wording::Place::kInside ? "the" : "The", cell.item->label,
                       figure_text(how, *cell.figure));
  }
  return fmt::format("{} of {} answered “{}” to “{}”", figure_text(how, *cell.figure),
                     whom_words(how, *cell.figure), cell.figure->label, cell.item->label);
}

Found<Written> write_say(const Writing& how, const Reference& reference) {
  CellName name = reference.cell;
  const Operand words = name.words.front();
  if (!words.quoted) {
    return problem(words.at, "story-syntax", "what is said stands in quotes",
                   "say \"a majority\" ITEM ANSWER");
  }
  name.words.erase(name.words.begin());
  const CellFigure cell = TRY(find_cell(how.sources, name, reference.verb_at));
  return say(how, cell, words);
}

Found<Written> write_fraction_of(const Writing& how, const Reference& reference) {
  const CellFigure cell = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
  if (reference.said) return say(how, cell, *reference.said);
  const std::vector<std::string> wordings = true_wordings(how, *cell.figure);
  if (wordings.size() == 1) {
    return problem(cell.at, "story-untrue",
                   fmt::format("no familiar fraction is near {}: {}", cell.figure->id,
                               value_words(*cell.figure, how.sources.study.print.rounding)),
                   "{{ pct … }} writes the percentage");
  }
  Written out = only(guarded(wordings.front(), {cell.figure},
                             value_words(*cell.figure, how.sources.study.print.rounding)));
  out.states = cell;
  return out;
}

Found<Written> write_majority(const Writing& how, const Reference& reference) {
  return say_fixed(how, reference, "a majority");
}
Found<Written> write_most(const Writing& how, const Reference& reference) {
  return say_fixed(how, reference, "most");
}
Found<Written> write_largest(const Writing& how, const Reference& reference) {
  return say_fixed(how, reference, "the largest group");
}

Found<Written> write_change(const Writing& how, const Reference& reference) {
  const ChangeFigures figures = TRY(find_change(how.sources, reference));
  const StoryComparison found = compare_waves(how.sources, figures);
  if (reference.said) {
    return say_difference(*reference.said, found, {figures.change}, how,
                          change_sentence(how, figures, found));
  }
  Written out;
  out.pieces = found.significant ? tested_change(how, figures, found)
                                 : neutral_change(how, figures, found.words);
  return out;
}

Found<Written> write_compare(const Writing& how, const Reference& reference) {
  const CellFigure a = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
  const CellFigure b = TRY(find_cell(how.sources, *reference.other, reference.verb_at));
  const StoryComparison found = TRY(compare(how.sources, a, b));
  if (reference.said) {
    return say_difference(*reference.said, found, {a.figure, b.figure}, how,
                          compare_sentence(how, a, b, found));
  }
  const char* words = !found.significant     ? "compared with"
                      : found.difference > 0 ? "more than"
                                             : "fewer than";
  return only(guarded(capitalised(words, how.place), {a.figure, b.figure}, found.words));
}

Found<Written> write_remainder(const Writing& how, const Reference& reference) {
  const CellFigure cell = TRY(rest_of(how, reference));
  const std::string words = reference.said ? reference.said->text : "the remainder";
  const wording::Quantifier* quantifier = wording::find_quantifier(lowered(words));
  if (quantifier == nullptr || quantifier->part != wording::Part::kRest) {
    return problem(reference.said ? reference.said->at : reference.verb_at, "story-remainder",
                   fmt::format("'{}' does not say the rest", printable(words)),
                   "the remainder, the rest, the others, everyone else");
  }
  Written out = only(guarded(capitalised(words, how.place), {cell.figure},
                             "with what stands before it, every answer: " +
                                 value_words(*cell.figure, how.sources.study.print.rounding)));
  out.states = cell;
  return out;
}

Found<Written> write_remaining(const Writing& how, const Reference& reference) {
  const CellFigure cell = TRY(rest_of(how, reference));
  Writing inside = how;
  inside.place = wording::Place::kInside;
  Written out = only(guarded(
      capitalised("the remaining " + figure_text(inside, *cell.figure), how.place), {cell.figure},
      "with what stands before it, every answer: " +
          value_words(*cell.figure, how.sources.study.print.rounding)));
  out.states = cell;
  return out;
}

}  // namespace barometer
