// The table of verbs, and what is common to them.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/verb_internal.h"

namespace barometer {
namespace {

constexpr std::string_view kCell = "of in by";

constexpr auto kVerbs = std::to_array<VerbRule>({
    {"pct", 2, 2, kCell, "", write_pct, "pct ITEM ANSWER [of GROUP] [in WAVE] [by UNIT]"},
    {"share_of_organisations", 2, 2, "of in", "", write_share_of_organisations,
     "share_of_organisations ITEM ANSWER [in WAVE]"},
    {"count", 2, 2, kCell, "", write_count_of, "count ITEM ANSWER [of GROUP] [in WAVE]"},
    {"mean", 1, 1, kCell, "", write_mean, "mean ITEM [of GROUP] [in WAVE]"},
    {"base", 1, 2, kCell, "", write_base, "base ITEM [ANSWER] [of GROUP] [in WAVE]"},
    {"interval", 1, 2, kCell, "", write_interval, "interval ITEM [ANSWER] [of GROUP] [in WAVE]"},
    {"points", 1, 2, "in SINCE", "", write_points_of, "points ITEM [ANSWER] since WAVE"},
    {"n", 0, 0, "in", "", write_wave_figure, "n [in WAVE]"},
    {"organisations", 0, 0, "in", "", write_wave_figure, "organisations [in WAVE]"},
    {"frame", 0, 0, "in", "", write_wave_figure, "frame [in WAVE]"},
    {"coverage", 0, 0, "in", "", write_wave_figure, "coverage [in WAVE]"},

    {"say", 2, 3, kCell, "", write_say, "say \"WORDS\" ITEM [ANSWER]"},
    {"fraction", 2, 2, "of in by as", "", write_fraction_of, "fraction ITEM ANSWER [as \"WORDS\"]"},
    {"majority", 2, 2, kCell, "", write_majority, "majority ITEM ANSWER"},
    {"most", 2, 2, kCell, "", write_most, "most ITEM ANSWER"},
    {"largest", 2, 2, kCell, "", write_largest, "largest ITEM ANSWER"},
    {"change", 1, 2, "in as SINCE", "", write_change,
     "change ITEM [ANSWER] since WAVE [as \"rose\"]"},
    {"compare", 1, 2, "of in by as WITH", "", write_compare,
     "compare ITEM ANSWER with ITEM ANSWER [as \"fewer than\"]"},
    {"remainder", 2, 2, "of in by as", "", write_remainder, "remainder ITEM ANSWER"},
    {"remaining", 2, 2, kCell, "", write_remaining, "remaining ITEM ANSWER"},

    {"method", 0, 0, "in", "", write_words_of_study, "method [in WAVE]"},
    {"title", 0, 0, "in", "", write_words_of_study, "title [in WAVE]"},
    {"when", 0, 0, "in", "", write_words_of_study, "when [in WAVE]"},
    {"dates", 0, 0, "in", "", write_words_of_study, "dates [in WAVE]"},
    {"sponsor", 0, 0, "", "", write_words_of_study, "sponsor"},
    {"conducted_by", 0, 0, "", "", write_words_of_study, "conducted_by"},
    {"mode", 0, 0, "in", "", write_words_of_study, "mode [in WAVE]"},
    {"population", 0, 0, "in", "", write_words_of_study, "population [in WAVE]"},
    {"weighting", 0, 0, "in", "", write_words_of_study, "weighting [in WAVE]"},
    {"questionnaire", 0, 0, "in", "", write_words_of_study, "questionnaire [in WAVE]"},
    {"wording", 1, 1, "in", "", write_wording, "wording ITEM [in WAVE]"},
    {"label", 1, 2, "in", "", write_label, "label ITEM [ANSWER] [in WAVE]"},
    {"scale", 1, 1, "in", "", write_scale, "scale ITEM [in WAVE]"},
    {"quote", 1, 1, "in", "", write_quote, "quote ID [in WAVE]"},
    {"outside", 1, 1, "", "source", write_outside, "outside \"TEXT\" source=\"WHERE FROM\""},
    {"plain", 1, 1, "", "why", write_plain, "plain \"TEXT\" why=\"REASON\""},
});

// What people call a verb before they have read the list.
struct OtherName {
  std::string_view said, verb;
};
constexpr auto kOtherNames = std::to_array<OtherName>({
    {"percent", "pct"},
    {"percentage", "pct"},
    {"per_cent", "pct"},
    {"share", "pct"},
    {"number", "count"},
    {"average", "mean"},
    {"respondents", "n"},
    {"sample", "n"},
    {"ccgs", "organisations"},
    {"difference", "compare"},
    {"trend", "change"},
    {"rest", "remainder"},
    {"source", "outside"},
});

enum class Need { kNone, kMay, kMust };

Need need_of(const VerbRule& rule, std::string_view clause) {
  for (const std::string& word : split(rule.clauses, ' ')) {
    if (word == clause) return Need::kMay;
    if (lowered(word) == clause) return Need::kMust;
  }
  return Need::kNone;
}

Found<bool> check_clause(const VerbRule& rule, std::string_view clause, bool there, size_t at,
                         size_t verb_at) {
  const Need need = need_of(rule, clause);
  if (there && need == Need::kNone) {
    return problem(at, "story-syntax", fmt::format("'{}' has no '{}'", rule.name, clause),
                   std::string(rule.form));
  }
  if (!there && need == Need::kMust) {
    return problem(verb_at, "story-syntax", fmt::format("'{}' needs '{}'", rule.name, clause),
                   std::string(rule.form));
  }
  return true;
}

Found<bool> check_clauses(const VerbRule& rule, const Reference& reference) {
  const auto check = [&](std::string_view clause, const std::optional<Operand>& operand) {
    return check_clause(rule, clause, operand.has_value(), operand ? operand->at : 0,
                        reference.verb_at);
  };
  for (const CellName* cell : {&reference.cell, reference.other ? &*reference.other : nullptr}) {
    if (cell == nullptr) continue;
    TRY_DONE(check("of", cell->group));
    TRY_DONE(check("in", cell->wave));
    TRY_DONE(check("by", cell->unit));
  }
  TRY_DONE(check("since", reference.since));
  TRY_DONE(check("as", reference.said));
  const size_t other_at = reference.other && !reference.other->words.empty()
                              ? reference.other->words.front().at
                              : reference.verb_at;
  return check_clause(rule, "with", reference.other.has_value(), other_at, reference.verb_at);
}

Found<bool> check_operands(const VerbRule& rule, const CellName& cell, size_t verb_at) {
  const size_t count = cell.words.size();
  if (count >= rule.least && count <= rule.most) return true;
  const bool more = count > rule.most;
  return problem(more ? cell.words[rule.most].at : verb_at, "story-syntax",
                 more ? fmt::format("'{}' is one word too many for '{}'",
                                    printable(cell.words[rule.most].text), rule.name)
                      : fmt::format("'{}' says too little", rule.name),
                 std::string(rule.form));
}

Found<bool> check_attributes(const VerbRule& rule, const Reference& reference) {
  for (const auto& [key, value] : reference.attributes) {
    if (key != rule.attribute) {
      return problem(value.at, "story-syntax",
                     fmt::format("'{}' has no '{}='", rule.name, printable(key)),
                     std::string(rule.form));
    }
  }
  if (rule.attribute.empty()) return true;
  const Operand* value = reference.attribute(rule.attribute);
  if (value != nullptr && !trimmed(value->text).empty()) return true;
  return problem(reference.verb_at, "story-source",
                 fmt::format("'{}' needs {}=\"…\"", rule.name, rule.attribute),
                 std::string(rule.form));
}

}  // namespace

std::span<const VerbRule> verbs() { return kVerbs; }

Found<const VerbRule*> check_shape(const Reference& reference) {
  const auto* const rule = std::ranges::find(kVerbs, reference.verb, &VerbRule::name);
  if (rule == kVerbs.end()) {
    std::vector<std::string> known;
    for (const VerbRule& verb : kVerbs) known.emplace_back(verb.name);
    const auto* const meant = std::ranges::find(kOtherNames, reference.verb, &OtherName::said);
    const std::string hint = meant != kOtherNames.end()
                                 ? fmt::format("did you mean '{}'?", meant->verb)
                                 : suggestion(reference.verb, known);
    return problem(reference.verb_at, "story-unknown-verb",
                   fmt::format("there is no reference '{}'", printable(reference.verb)),
                   hint.empty() ? "docs/stories.md lists them" : hint);
  }
  TRY_DONE(check_operands(*rule, reference.cell, reference.verb_at));
  if (reference.other) TRY_DONE(check_operands(*rule, *reference.other, reference.verb_at));
  TRY_DONE(check_clauses(*rule, reference));
  TRY_DONE(check_attributes(*rule, reference));
  return rule;
}

Found<Written> write_reference(const Writing& how, const Reference& reference) {
  const VerbRule* rule = TRY(check_shape(reference));
  return rule->write(how, reference);
}

WrittenPiece joining(std::string text) {
  WrittenPiece out;
  out.text = std::move(text);
  out.bound = false;
  return out;
}

Written only(WrittenPiece piece) {
  Written out;
  out.pieces.push_back(std::move(piece));
  return out;
}

std::string capitalised(std::string text, wording::Place place) {
  if (place == wording::Place::kSentenceStart && !text.empty()) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  }
  return text;
}

}  // namespace barometer
