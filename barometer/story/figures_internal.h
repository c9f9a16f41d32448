// From the names in a reference to figures of the ledger, and what is known of their values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/frame/frame_names.h"
#include "barometer/ledger/ledger.h"
#include "barometer/meaning/ledger_index.h"
#include "barometer/story/reference_internal.h"
#include "barometer/study/study.h"

namespace barometer {

// A mistake in a reference.
struct StoryProblem {
  size_t at = 0;  // byte in the reference
  std::string code;
  std::string message;
  std::string hint;
};
template <class T>
using Found = tl::expected<T, StoryProblem>;

inline auto problem(size_t at, std::string code, std::string message, std::string hint = {}) {
  return tl::unexpected<StoryProblem>(
      StoryProblem{at, std::move(code), std::move(message), std::move(hint)});
}

// What a story is written from.
struct StorySources {
  const Study& study;
  const Ledger& ledger;
  const Wave& wave;  // the story's own
  // What words mean of the ledger; without it sentences are not held against other questions.
  const LedgerIndex* index = nullptr;
  const FrameNames* parties = nullptr;  // of the wave's frame; without them no name is looked for
};

struct CellFigure {
  const Figure* figure = nullptr;
  const Wave* wave = nullptr;
  const Item* item = nullptr;
  std::vector<int> codes;  // options that the answer stands for; none of a mean
  size_t at = 0;           // byte of its first name in the reference
};

// The wave of `in`, else the story's.
Found<const Wave*> find_wave(const StorySources& sources, const std::optional<Operand>& name);
Found<const Item*> find_item(const Wave& wave, const Operand& name);
// The figure of an answer (or of the mean, without one), which may be shown.
Found<CellFigure> find_cell(const StorySources& sources, const CellName& name, size_t verb_at);
// "n", "organisations", "frame", "coverage" of a wave, which may be shown.
Found<const Figure*> find_wave_figure(const StorySources& sources, const Wave& wave,
                                      std::string_view name, size_t at);
// The change of a cell since an earlier wave.
struct ChangeFigures {
  CellFigure now, then;
  const Figure* change = nullptr;
};
Found<ChangeFigures> find_change(const StorySources& sources, const Reference& reference);

// What the ledger lets a reader know of a figure's value: exactly, or within these ends.
struct KnownValue {
  Ratio low, high;

  [[nodiscard]] bool exact() const { return low == high; }
};
// In percent, points or the unit of the figure.
KnownValue known_value(const Figure& figure, Rounding rounding);
// "59 of 94, 62.8 per cent", "64 as printed; from 63.6 to 64.3 per cent".
std::string value_words(const Figure& figure, Rounding rounding);
// The other options' known values, when the ledger shows every option of the item.
struct OtherAnswers {
  std::vector<const Figure*> figures;
  std::string hidden;  // the label of one that is not shown
};
OtherAnswers other_answers(const StorySources& sources, const CellFigure& cell);

}  // namespace barometer
