// The ledger: every figure of one publication, with its identity, its base and its method.
//
// A figure's id says what it is and never changes between runs:
//   2013-04.leave_self.likely.respondents       percentage of respondents
//   2013-04.confidence.mean.respondents         mean
//   2013-04.area_team.good.change.2013-01       points of change since a wave
//   2013-04.leave_self.likely.respondents.region:2     percentage of a group: of region 2
//   2013-04.wave.n | organisations | frame | coverage
// A figure that may not be seen keeps its id and its symbol and holds no number.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/layout/printed_book.h"
#include "barometer/table/table.h"

namespace barometer {

enum class FigureKind { kPercent, kMean, kChange, kCount, kCoverage };
std::string_view name_of(FigureKind kind);  // "percent", ...

struct Figure {
  std::string id;
  FigureKind kind = FigureKind::kPercent;
  std::string wave;
  std::string item;  // empty for figures of the wave as a whole
  std::string answer;
  std::string label;        // a reader's words: "Likely", "Respondents"
  std::string group;        // of respondents, "region:2"; empty: all of them
  std::string group_label;  // "Region: North"
  std::string printed;      // without unit sign: "63", "[c]"
  Marker marker = Marker::kNone;
  std::string unit;             // "respondents", "organisations", ...
  std::optional<double> value;  // percent 0 … 100, mean, points, count
  std::optional<double> se;     // in the unit of value
  std::optional<double> lower, upper, level;
  std::string interval_method;  // or why there is none
  std::optional<size_t> n;      // unweighted base
  std::optional<double> weighted_base, effective_base;
  std::optional<size_t> organisations;
  std::optional<size_t> count;  // cases with the answer
  std::optional<size_t> not_asked, no_answer, refused, dont_know;
  std::string dont_know_rule;  // "in the base", "not in the base", ""
  std::string base;            // in words
  std::string question;        // wording as asked
  std::string wording;         // "verbatim" or "paraphrase"
  std::string wording_hash;
  std::string method;
  std::string weighting;
  std::string rounding;
  std::string frame;   // version
  std::string source;  // "reconstruction from published figures" or "collected"
  std::string data_hash;
  std::string note;  // "count 97 or 98", ...
};

struct Ledger {
  std::string study;
  std::string title;
  std::string version;  // of the software
  std::vector<Figure> figures;

  [[nodiscard]] const Figure* find(std::string_view id) const;
  [[nodiscard]] std::string json() const;  // stable order and formatting, one figure an object
  [[nodiscard]] std::string csv() const;   // value and marker in columns of their own
};

// A wave's items by groups of respondents.
struct WaveBook {
  std::string wave;
  Book book;
  PrintedBook printed;  // of that book
  // Whether everyone of the wave is in one of the columns; one a banner group.
  std::vector<uint8_t> complete{};
  std::string note{};  // which items are not in it, and why
};

// Every cell and change of every wave, and of its tables by group; then checks that ids are unique
// (CHECK).
Ledger make_ledger(const Study& study, const std::vector<WaveTables>& waves,
                   const std::vector<WaveBook>& books = {});

std::string figure_id(const WaveTables& wave, const Cell& cell);
std::string group_figure_id(const std::string& wave, const BookRow& row,
                            const PrintedColumn& column);
// "region-2", "region-2.size-1": a printed column as Figure::group has it.
std::string group_word(const PrintedColumn& column);
// Gives each printed cell the id of its figure: of its group, or of the wave.
void name_figures(WaveBook& book);
// The cell behind a figure of a group; none when there is none in this book.
struct GroupCell {
  size_t table = 0, row = 0, column = 0;  // places in Book::tables and its rows and columns
};
std::optional<GroupCell> find_group_cell(const WaveBook& book, std::string_view figure);
std::string change_id(const WaveTables& wave, const Change& change);

// A printed figure beside the computed one.
struct LedgerCheck {
  const PublishedFigure* published = nullptr;
  std::string figure;    // id looked for
  std::string computed;  // as printed by us, "" when there is no such figure
  bool reproduced = false;
  std::string why;  // when it is not
};
// One row a published figure of the wave, in file order.
std::vector<LedgerCheck> check_ledger(const Ledger& ledger, const Wave& wave);

}  // namespace barometer
