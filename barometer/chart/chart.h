// A chart, as a person would describe it: which figures, drawn how, under which words.
//
// Every mark is a figure of the ledger and keeps that figure's identity into the drawing, so that
// read_back.h can compare every label and every length with what was asked for.
// What is printed beside a mark is the ledger's text, never computed here: parts that round to
// 99 or 101 stay so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

// A mark without a value (suppressed, not asked in that wave, base too small to draw) is never
// drawn; where there is room its printed sign ("*", "[42]") stands in its place.
struct Mark {
  std::string figure_id;  // visible ASCII without spaces, quotes, brackets or < > &
  std::string label;      // the category: "Very likely"; one label is one colour and key entry
  std::optional<double> value;  // in the chart's unit: a percent 0..100, or a mean
  std::string printed;          // "63%", "[42]", "*"
  std::string tone = {};  // "", "positive", "negative", "neutral", "dont_know"; diverging needs it
  std::optional<double> lower = {}, upper = {};  // interval, both or neither; trends and dots
  bool new_wording = false;  // trends: not comparable with the wave before; the line is broken
};

// A field of a tile map's grid, from 0 at the top left.
struct TilePlace {
  int column = 0, row = 0;
  auto operator<=>(const TilePlace&) const = default;
};

struct Row {
  std::string label;  // a statement, a group, a wave, or the name on a tile
  std::vector<Mark> marks;
  std::string base = {};         // "n = 94", printed under the label
  std::string short_label = {};  // tiles: stands on the tile where the label has no room
  std::string group = {};        // tiles without a place stand under the heading of their group
  std::optional<TilePlace> place = {};  // tiles: all of them have one, or none has
};

enum class ChartKind {
  kPie,        // one row of parts that make up a whole
  kBar,        // bars from zero; several marks in a row stand in groups; one row: a bar a mark
  kDiverging,  // negative left of zero, positive right, neutral astride, don't know in the margin
  kTrend,      // rows are waves, left to right; a line and its interval per label
  kDot,        // a dot and its interval per mark; the axis need not start at zero
  kStacked,    // the marks of a row end to end, from zero
  kShare,      // the same, every row stretched to the whole: parts of the row's own sum
  kHeat,       // a table of rows by categories, each cell coloured by its figure and printed in it
  kTiles,      // a tile for each row (a region, an organisation), one mark on each
};

// How figures become colours in heat tables and tile maps. A figure is of the class above a cut
// when it is the cut or more; what counts is the printed number where there is one, so that no cell
// contradicts the key. The theme has five sequential classes and seven diverging ones.
enum class ShadeScale {
  kSequential,
  kDiverging,   // two hues about a middle class, which holds `middle`
  kCategories,  // tiles: a colour for each mark's label ("answered", "asked", ...), not its value
};
struct Shades {
  ShadeScale scale = ShadeScale::kSequential;
  std::vector<double> cuts = {};  // ascending; none: round ones are chosen
  double middle = 0;
};

struct Chart {
  std::string id;  // letters, digits, '-', '_' and '.'; names the drawing on a page
  ChartKind kind = ChartKind::kBar;
  std::string title;        // the finding
  std::string subtitle;     // the question and its base
  std::string source = {};  // bottom line
  std::string note = {};    // e.g. "Reconstruction from published figures"
  std::vector<Row> rows;
  std::string unit = "%";                               // "%" or ""; after axis numbers
  std::optional<double> axis_low = {}, axis_high = {};  // trends and dots; bars start at zero
  std::string alt;                                      // the text alternative
  bool multi_response = false;  // respondents could choose several: no parts of a whole
  bool bands = false;           // trends: intervals as a ribbon along each unbroken line
  Shades shades = {};           // heat tables and tiles
};

// What must hold before anything is drawn; the message names the chart, the place and the value.
// Refused: no rows or no marks; a value that is not finite; text that is not UTF-8, holds control
// characters or is over 10,000 bytes; a percent outside its range; a missing title, question or
// text alternative; the same figure drawn twice; a pie of a multiple response, of parts that do
// not make 100 within their rounding, or with an undetermined part (a row of kShare likewise);
// parts of a multiple response stacked; a bar whose axis does not start at zero; a diverging bar
// with an unknown tone or more than three grades a side; a heat table with two figures for a cell;
// tiles with other than one mark, two at one place or only some with a place; cuts that do not
// ascend.
Status check(const Chart& chart);

// The chart's figures as a table, which must stand beside every drawing: a row for each row, a
// column for each category, figures as printed, "" where a row has no such category.
struct ChartTable {
  std::vector<std::string> headings;  // the first is of the row labels
  std::vector<std::vector<std::string>> rows;
};
ChartTable data_table(const Chart& chart);

}  // namespace barometer
