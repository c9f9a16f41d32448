// Reconstruction from published figures.
//
// The answers of some surveys were never public; figures from them were printed. A wave marked
// `reconstruction: true` is solved for whole-number counts that meet every row of its
// published.csv, question by question (counts.h); respondents are then drawn from the wave's frame
// to carry those counts. When no counts exist, the smallest set of figures that cannot all be true
// is named instead, and nothing is written.
//
// What it is not: the original answers. Only the margins that the figures fix are real. Answers to
// different questions are put together by lot, so that every cross-break, and every standard error
// that rests on who answered with whom, is an artefact. Where a figure leaves counts open, `low`
// and `high` say how far over ALL solutions, and is_fixed() whether the printed value is the same
// over all of them; a publication shows only what is fixed.
//
// Read exactly:
//   percent, count  of an option or NET; base `wave`, a number, or `solve`: then the largest base
//                   that fits is taken (fewest missing answers) and every other is reported
//   mean            of a score item, over those who gave a score
//   n, organisations, frame, coverage   of the wave; coverage counts organisations, never people
//   change          since a wave solved before: of the printed or of the unrounded figures
// An answer "don't know" that is out of its item's base, and an off-scale answer of a score, are
// not counted in the base.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/data/dataset.h"
#include "barometer/printed/printed.h"
#include "barometer/study/study.h"

namespace barometer {

inline constexpr int64_t kMaxReconstructed = 10'000;  // respondents of a wave

// One option (its code), NET (its id) or mean ("mean") of an item at the item's base.
struct FoundAnswer {
  std::string item;
  std::string answer;
  std::string label;
  int64_t base = 0;
  int64_t count = 0;           // of the solution written; for a mean the sum of scores
  WholeRange range;            // over all solutions at this base
  Decimal printed;             // `count` as it prints
  bool printed_fixed = false;  // every solution, at every base that fits, prints so
};

struct FoundItem {
  std::string item;
  int64_t base = 0;
  bool base_searched = false;  // no figure states it
  std::vector<int64_t> bases;  // every base that fits, ascending; cut when not bases_complete
  bool bases_complete = true;
};

// What became of one row of published.csv.
struct FoundFigure {
  std::string id, kind, item, answer, printed, source, quote, place;
  bool derived = false;
  bool used = true;  // false: `how` says why it could not be
  int64_t base = 0;  // 0 when it has none
  int64_t count = 0;
  WholeRange range;        // of the count, over all solutions
  std::string recomputed;  // from the solution
  std::string how;         // a change: "as printed", "unrounded", "as printed and unrounded"
};

struct Reconstruction {
  std::string study, wave, title;
  int64_t n = 0;
  bool n_printed = false;
  int64_t organisations = 0;
  bool organisations_printed = false;  // or fixed by a printed coverage
  std::vector<FoundItem> items;        // those with figures, in order of the questionnaire
  std::vector<FoundFigure> figures;
  std::vector<FoundAnswer> identified;
  std::vector<std::string> notes;  // sentences: what is assumed, what is made up

  // The number of respondents that wave.yaml assumes because none was printed.
  [[nodiscard]] std::optional<int64_t> assumed_n() const;
  // nullptr when no figure bears on the item or it has no such answer.
  [[nodiscard]] const FoundAnswer* find(std::string_view item, std::string_view answer) const;
  // Whether the published figures fix what prints of this answer (option code, NET id, "mean"),
  // given the respondents (assumed_n).
  [[nodiscard]] bool is_fixed(std::string_view item, std::string_view answer) const;
  // nullptr when no figure bears on the item.
  [[nodiscard]] const FoundItem* item(std::string_view id) const;
  // Whether they fix how many answered the item; never when the respondents are assumed.
  [[nodiscard]] bool is_base_fixed(std::string_view item) const;
};

// Figures that cannot all be true; with one left out they can.
struct FigureConflict {
  std::string item;                  // empty for figures of the wave as a whole
  std::vector<std::string> figures;  // ids
  std::string message;               // names each row: place, id, value, source and arithmetic
};

struct ReconstructionOutcome {
  Reconstruction record;
  std::vector<FigureConflict> conflicts;  // at most one a question; then there are no responses
  std::optional<Dataset> responses;

  [[nodiscard]] bool solved() const { return conflicts.empty(); }
};

// `earlier` holds the solved waves by id, for changes. The same study gives the same outcome, byte
// for byte. kInvalid: a figure that names no answer, no number of respondents, no frame.
// kUnsupported: a weighted wave, a NET of a question with many answers, a mean of no score.
// kLimit: over kMaxReconstructed respondents, or stopped.
Result<ReconstructionOutcome> reconstruct(const Study& study, const Wave& wave,
                                          const std::map<std::string, Reconstruction>& earlier,
                                          const Progress& progress);

// reconstruction.json and reconstruction.md.
std::string reconstruction_json(const Reconstruction& record);
std::string reconstruction_markdown(const Reconstruction& record);
Result<Reconstruction> parse_reconstruction(std::string_view json);
Result<Reconstruction> read_reconstruction(const std::filesystem::path& path);

// Whether the folder may be written: responses that no reconstruction made are never replaced.
Status may_replace_responses(const Wave& wave);
// Writes responses.parquet, reconstruction.json and reconstruction.md of a solved wave: all three
// beside their places first, then renamed.
Status save_reconstruction(const Wave& wave, const ReconstructionOutcome& outcome);

}  // namespace barometer
