// Tables of a wave: for each item its options, NETs and mean as cells, ready to print.
//
// A cell carries the whole estimate and what a reader sees of it. Three units of analysis are
// three lists of cells, never mixed. In a wave that is a reconstruction only cells that the
// published figures fix are available; the rest is marked [x] and holds no numbers at all, and
// there are no organisation cells, because who answered with whom is not known.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/estimate/estimate.h"
#include "barometer/reconstruct/reconstruct.h"
#include "barometer/study/study.h"
#include "barometer/table/print.h"

namespace barometer {

enum class CellKind { kOption, kNet, kMean };

struct Cell {
  std::string item;    // variable id
  std::string answer;  // option code as text, NET id, or "mean"
  std::string label;   // of the option or NET
  CellKind kind = CellKind::kOption;
  Estimate estimate;
  Printed printed;
  // Reconstructions: every count (or sum of scores) that the published figures allow.
  std::optional<std::pair<long long, long long>> count_range;
  // How many are not in the base, by kind, would give away a small count: those fields of the
  // estimate say nothing then.
  bool missing_withheld = false;
};

// A difference between two waves of one item, in points (percentage points or scale points).
struct Change {
  std::string since;  // wave id
  std::string item;
  std::string answer;
  std::string label;
  Statistic statistic = Statistic::kProportion;
  double points = 0;
  std::optional<double> se;  // of independent samples: sqrt(se1² + se2²)
  std::optional<Interval> interval;
  std::string printed;  // "-5"
  std::string basis;    // "from unrounded estimates", "from printed figures: ..."
};

struct ItemTable {
  Item item;
  bool base_known = true;    // false: the number of answers was never published
  bool base_chosen = false;  // reconstructions: several bases fit, the largest was taken
  // Of a number all of whose answers are whole and from 0 to 10: 1, 3, 5 or 10, the least that none
  // is over. A mean of such numbers says something of counts of people.
  std::optional<int> whole_to{};
  std::vector<Cell> respondents;
  std::vector<Cell> organisations;
  std::vector<Cell> organisations_by_size;
  std::vector<Change> changes;
  std::vector<std::string> notes;

  // nullptr when there is none.
  [[nodiscard]] const Cell* find(Unit unit, std::string_view answer) const;
  // At least one cell of respondents is available.
  [[nodiscard]] bool has_figures() const;
};

struct WaveTables {
  std::string wave;
  size_t respondents = 0;
  bool respondents_known = true;     // false: the number is an assumption of the reconstruction
  std::optional<Coverage> coverage;  // none when organisations are not known
  std::optional<size_t> population;  // people, when the design gives their number
  std::vector<ItemTable> items;
  std::string method;     // of the design, one line
  std::string data_hash;  // SHA-256 of the responses file

  [[nodiscard]] const ItemTable* find(std::string_view item) const;
};

// One engine request a wave and unit; no notes and no changes yet. kInvalid with every problem when
// responses cannot be read.
Result<WaveTables> make_wave_tables(const Study& study, const Wave& wave, const Progress& progress);

// The table of an earlier wave that an item of `wave` may be compared with: the same item, or the
// one its trend link names; nullptr when there is none, or wording differs and no link joins them.
// Another reading of the same fieldwork is never compared with.
const ItemTable* comparable_table(const Study& study, const Wave& wave, const Item& item,
                                  const WaveTables& then);

// Adds the notes under each table: small bases, item bases, rounding that shows. They speak of what
// the cells show, so they come after suppression.
void add_notes(const Study& study, const Wave& wave, WaveTables& tables);

// Adds changes of `now` since each earlier wave that has the same item with the same wording hash,
// or one joined by a trend link. Waves that are another reading of the same fieldwork are left out.
void add_changes(const Study& study, const std::vector<WaveTables>& earlier, WaveTables& now);

}  // namespace barometer
