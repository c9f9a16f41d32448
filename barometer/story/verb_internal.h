// The verbs of the reference language: what each takes, and what it writes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/story/comparison_internal.h"
#include "barometer/story/figures_internal.h"
#include "barometer/story/story.h"
#include "barometer/wording/write.h"

namespace barometer {

// Where and how a reference is written.
struct Writing {
  const StorySources& sources;
  const wording::HouseStyle& style;
  wording::Place place = wording::Place::kInside;
  // Figures of answers stated in this paragraph before it: what "the remainder" is of.
  std::span<const CellFigure> stated;
};

struct WrittenPiece {
  std::string text;
  bool bound = true;  // false: words that join the others
  StoryClaimKind kind = StoryClaimKind::kFigure;
  std::vector<const Figure*> figures{};
  std::string truth{};
  std::string source{};
  const Verbatim* verbatim = nullptr;  // of kQuoted
};

// A guard that does not hold: the text written is what would be true.
struct Untrue {
  StoryProblem problem;
  std::string sentence;  // that would be true; empty: the one written
};

struct Written {
  std::vector<WrittenPiece> pieces;
  std::optional<Untrue> untrue;
  std::optional<CellFigure> states;     // an answer's share, for "the remainder"
  std::vector<StoryProblem> remarks{};  // for an editor
};

using WriteVerb = Found<Written> (*)(const Writing&, const Reference&);

struct VerbRule {
  std::string_view name;
  size_t least = 0, most = 0;  // operands: item and answer
  std::string_view clauses;    // allowed: "of in by since as with"; upper case ones are needed
  std::string_view attribute;  // needed: "source"
  WriteVerb write = nullptr;
  std::string_view form;  // for messages: "pct ITEM ANSWER [of GROUP] [in WAVE] [by UNIT]"
};
std::span<const VerbRule> verbs();
// The rule, when the reference keeps to it.
Found<const VerbRule*> check_shape(const Reference& reference);
Found<Written> write_reference(const Writing& how, const Reference& reference);

// ---- shared by the verbs ---------------------------------------------------------------------
WrittenPiece joining(std::string text);
Written only(WrittenPiece piece);
std::string capitalised(std::string text, wording::Place place);
// As the house prints it, symbols and small bases included.
std::string figure_text(const Writing& how, const Figure& figure);
std::string points_text(const Writing& how, const Figure& change);
// "January 2013", by the dates of fieldwork or the wave's id, else its title.
std::string when_words(const Wave& wave);
// "Sixty-eight per cent of CCG leaders answered “Good” to “Dealings with the area team”"
std::string plain_clause(const Writing& how, const CellFigure& cell);
// "wave: n, organisations, …" for the method statement.
Written method_pieces(const Writing& how, const Wave& wave);

Found<Written> write_pct(const Writing& how, const Reference& reference);
Found<Written> write_share_of_organisations(const Writing& how, const Reference& reference);
Found<Written> write_count_of(const Writing& how, const Reference& reference);
Found<Written> write_mean(const Writing& how, const Reference& reference);
Found<Written> write_base(const Writing& how, const Reference& reference);
Found<Written> write_interval(const Writing& how, const Reference& reference);
Found<Written> write_points_of(const Writing& how, const Reference& reference);
Found<Written> write_wave_figure(const Writing& how, const Reference& reference);

Found<Written> write_say(const Writing& how, const Reference& reference);
Found<Written> write_fraction_of(const Writing& how, const Reference& reference);
Found<Written> write_majority(const Writing& how, const Reference& reference);
Found<Written> write_most(const Writing& how, const Reference& reference);
Found<Written> write_largest(const Writing& how, const Reference& reference);
Found<Written> write_change(const Writing& how, const Reference& reference);
Found<Written> write_compare(const Writing& how, const Reference& reference);
Found<Written> write_remainder(const Writing& how, const Reference& reference);
Found<Written> write_remaining(const Writing& how, const Reference& reference);

Found<Written> write_words_of_study(const Writing& how, const Reference& reference);
Found<Written> write_wording(const Writing& how, const Reference& reference);
Found<Written> write_label(const Writing& how, const Reference& reference);
Found<Written> write_scale(const Writing& how, const Reference& reference);
Found<Written> write_quote(const Writing& how, const Reference& reference);
Found<Written> write_outside(const Writing& how, const Reference& reference);
Found<Written> write_plain(const Writing& how, const Reference& reference);

}  // namespace barometer
