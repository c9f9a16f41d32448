// What a reader has of a book, table by table.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/disclosure/book_groups_internal.h"
#include "barometer/disclosure/book_release_internal.h"
#include "barometer/disclosure/release_system.h"
#include "barometer/disclosure/suppress_book.h"

namespace barometer {
namespace {

int64_t whole(double count) { return std::llround(count); }

// What a cell is of: in a grid its column says so, the rows there are the items.
struct Said {
  RowKind kind = RowKind::kCategory;
  std::string answer;
  std::vector<int> codes;
};

Said said_by(const BookTable& table, size_t row, size_t column) {
  if (!table.grid) return {table.rows[row].kind, table.rows[row].answer, table.rows[row].codes};
  const BookColumn& of = table.columns[column];
  return {of.figure, of.answer, of.codes};
}

// Of a number of which something is said of counts.
bool is_whole_mean(const BookTable& table, size_t row) {
  return table.whole_to && table.rows[row].kind == RowKind::kMean;
}

ReleasedQuestion question_of(const Variable& variable) {
  ReleasedQuestion out;
  out.id = variable.id;
  out.multi = variable.kind == VariableKind::kMulti;
  out.dont_know_in_base = variable.dont_know_in_base && variable.kind != VariableKind::kNumber;
  for (const Category& category : variable.categories) {
    out.options.push_back(
        {category.code, category.dont_know, category.dont_know && !variable.dont_know_in_base});
  }
  return out;
}

// The release of a book, made table by table.
class BookReader {
 public:
  BookReader(const Book& book, const ReleaseRules& rules, const BookBases& bases)
      : book_(book), bases_of_(bases) {
    out_.rules = rules;
  }

  Release read() {
    BookGroups groups(book_, out_);
    for (size_t at = 0; at < book_.tables.size(); ++at) read_table(at, groups);
    groups.say_answers();
    groups.relate();
    return std::move(out_);
  }

 private:
  size_t question(const BookTable& table, size_t row) {
    const std::string id = table.grid ? table.rows[row].variable : table.variable.id;
    const size_t known = out_.question(id);
    if (known != kNowhere) return known;
    ReleasedQuestion made = question_of(table.variable);
    made.id = id;
    for (int value = 0; table.whole_to && value <= *table.whole_to; ++value) {
      made.options.push_back({value, false, false});
    }
    out_.questions.push_back(std::move(made));
    return out_.questions.size() - 1;
  }

  void add_options(size_t question, const std::vector<int>& codes) {
    auto& options = out_.questions[question].options;
    for (const int code : codes) {
      const bool known = std::ranges::any_of(
          options, [&](const ReleasedOption& option) { return option.code == code; });
      if (!known) options.push_back({code, false, false});
    }
  }

  // NETs and boxes of all tables of a variable are answers of one question.
  std::string answer_of(const Said& said, size_t question) {
    add_options(question, said.codes);
    if (said.kind == RowKind::kCategory && said.codes.size() == 1) {
      return std::to_string(said.codes.front());
    }
    if (said.codes.empty()) return {};
    auto& nets = out_.questions[question].nets;
    const auto same = std::ranges::find(nets, said.codes, &ReleasedNet::codes);
    if (same != nets.end()) return same->id;
    std::string id = said.answer;
    while (out_.questions[question].net(id) != nullptr) id += "'";
    nets.push_back({id, said.codes});
    return id;
  }

  void read_table(size_t at, BookGroups& groups) {
    const BookTable& table = book_.tables[at];
    for (size_t r = 0; r < table.rows.size(); ++r) {
      const size_t of = question(table, r);
      for (size_t c = 0; c < table.columns.size(); ++c) {
        const bool counts = is_share(table, r, c) || is_whole_mean(table, r);
        const BookCell& cell = table.at(r, c);
        const bool left_out = table.columns[c].withheld && !cell.value && !cell.suppressed;
        if (!counts || table.rows[r].hidden || left_out) continue;
        read_cell(at, r, c, groups.of(table, table.columns[c], bases_of_.at(at).at(c)), of);
      }
    }
  }

  void read_cell(size_t at, size_t r, size_t c, size_t group, size_t question) {
    const BookTable& table = book_.tables[at];
    const BookCell& cell = table.at(r, c);
    // Row percents have another base, which is the total's count.
    const bool mean = is_whole_mean(table, r);
    const bool dont_know = table.rows[r].kind == RowKind::kDontKnow;
    const double base = table.grid || mean || dont_know ? cell.n : table.columns[c].n;
    ReleasedFigure figure;
    figure.group = group;
    figure.question = question;
    if (!mean && !dont_know) figure.answer = answer_of(said_by(table, r, c), question);
    if (dont_know) figure.answer = table.rows[r].answer;
    if (mean) figure.answer = *table.whole_to == 1 ? "1" : "mean";
    figure.id = cell_id({at, r, c});
    figure.file = table.id;
    if (figure.answer.empty()) return;
    if (dont_know) {  // its base says no more than itself and that of the others
      if (cell.suppressed || base <= 0) return;
      figure.role = FigureRole::kMissing;
      figure.count = whole(cell.count);
      figure.base = whole(base);
    } else if (cell.suppressed) {
      figure.role = FigureRole::kHidden;
    } else if (base > 0) {
      if (mean && *table.whole_to > 1) figure.role = FigureRole::kMean;
      figure.count = whole(mean ? *cell.value * cell.n : cell.count);
      figure.base = whole(base);
      add_base(figure);
    } else {
      return;
    }
    out_.figures.push_back(std::move(figure));
  }

  void add_base(const ReleasedFigure& figure) {
    if (!bases_.insert({figure.group, figure.question}).second) return;
    ReleasedFigure base = figure;
    base.role = FigureRole::kBase;
    base.count = figure.base;
    base.base.reset();
    base.answer.clear();
    out_.figures.push_back(std::move(base));
  }

  const Book& book_;
  const BookBases& bases_of_;
  Release out_;
  std::set<std::pair<size_t, size_t>> bases_;
};

// The greatest mean, where all are of whole sums and from 0 up.
std::optional<double> greatest_whole_mean(const BookTable& table) {
  constexpr double kWhole = 1e-6;
  double greatest = -1;
  for (size_t r = 0; r < table.rows.size(); ++r) {
    if (table.rows[r].kind != RowKind::kMean) continue;
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const BookCell& cell = table.at(r, c);
      if (!cell.value) continue;
      const double sum = *cell.value * cell.n;
      if (sum < -kWhole || std::abs(sum - std::round(sum)) > kWhole) return std::nullopt;
      greatest = std::max(greatest, *cell.value);
    }
  }
  return greatest < 0 ? std::nullopt : std::optional(greatest);
}

}  // namespace

Status find_whole_numbers(Book& book, const ReleaseRules& rules, const Progress& progress) {
  for (BookTable& table : book.tables) {
    if (table.variable.kind != VariableKind::kNumber || table.grid || is_weighted(table)) continue;
    const auto greatest = greatest_whole_mean(table);
    for (const int end : {1, 3, 5, 10}) {
      if (!greatest || *greatest > end || table.whole_to) continue;
      Book alone;
      alone.plan = book.plan;
      alone.tables = {table};
      alone.tables.front().whole_to = end;
      // Groups that no column shows may have a greater mean than those that are shown.
      const auto system = TRY(ReleaseSystem::make(release_of_book(alone, rules)));
      const auto possible = ranges_of(system.system(), {}, {}, progress);
      if (possible) table.whole_to = end;
      if (!possible && possible.error().code == ErrorCode::kLimit) {
        return tl::unexpected(possible.error());
      }
    }
  }
  return {};
}

BookBases bases_of(const Book& book) {
  BookBases out;
  for (const BookTable& table : book.tables) {
    out.emplace_back();
    for (const BookColumn& column : table.columns) out.back().push_back(column.n);
  }
  return out;
}

bool is_share(const BookTable& table, size_t row, size_t column) {
  return is_share(said_by(table, row, column).kind);
}

std::string cell_id(const BookPlace& place) {
  return fmt::format("{}/{}/{}", place.table, place.row, place.column);
}

BookPlace place_of_cell(const std::string& id) {
  const auto parts = split(id, '/');
  return {std::stoul(parts.at(0)), std::stoul(parts.at(1)), std::stoul(parts.at(2))};
}

Release release_of_book(const Book& book, const ReleaseRules& rules) {
  return release_of_book(book, rules, bases_of(book));
}

Release release_of_book(const Book& book, const ReleaseRules& rules, const BookBases& bases) {
  return BookReader(book, rules, bases).read();
}

}  // namespace barometer
