// Do two figures differ by more than chance? Tests from the ledger alone.
//
//   d = a - b,  z = d / se(d),  p of both sides by the normal distribution; the level is the
//   study's.
//
// se(d) is known
//   for two answers to one single-answer question: c (a + b - (a - b)²), where c = se(a)² / a(1 -
//   a)
//     [multinomial; Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, 3rd ed.,
//     13.7], in a simple sample;
//   for two groups of one banner variable of a simple sample: √(se(a)² + se(b)²);
//   for waves: that of the ledger's change.
// For any other two figures of one wave their correlation is not in the ledger. Then the worst case
// is taken, se(d) <= se(a) + se(b), or, where a reconstruction has intervals only, intervals that
// do not meet: what is found so holds whatever the correlation, and nothing may be called the
// same.
#pragma once

#include <optional>
#include <string>

#include "barometer/story/figures_internal.h"
#include "barometer/wording/hedge.h"

namespace barometer {

struct StoryComparison {
  double difference = 0;  // in points
  bool tested = false;
  bool exact = false;  // the variance of the difference is known: it may also be called none
  bool significant = false;
  std::optional<double> z, p;  // p of a worst case is an upper bound
  std::string words;           // the test and its result, or why there is none
};

// kInvalid as a problem: figures that cannot stand in one comparison (two waves, units, scales).
Found<StoryComparison> compare(const StorySources& sources, const CellFigure& a,
                               const CellFigure& b);
StoryComparison compare_waves(const StorySources& sources, const ChangeFigures& figures);

}  // namespace barometer
