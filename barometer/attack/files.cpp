#include "barometer/attack/files_internal.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/chart/read_back.h"

namespace barometer {
namespace {

// Columns that are no number about people.
bool is_description(const std::string& column) {
  static const std::set<std::string> kDescriptions = {
      "level", "answer",       "code",      "item",  "wave",  "id",        "figure",
      "group", "wording_hash", "data_hash", "frame", "label", "statement", "question"};
  return kDescriptions.contains(column);
}

constexpr std::string_view kInIds = "._-";  // "q.1" is not in "q.1.b"

}  // namespace

bool holds_digit(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

LedgerView::LedgerView(const Ledger& ledger) {
  for (const Figure& figure : ledger.figures) {
    if (is_suppressed(figure)) hidden_.push_back(figure.id);
    for (const auto& number : {figure.n, figure.count, figure.organisations}) {
      if (number) bases_.insert(static_cast<int64_t>(*number));
    }
    figures_[figure.id] = &figure;
  }
}

const Figure* LedgerView::find(const std::string& id) const {
  const auto found = figures_.find(id);
  return found == figures_.end() ? nullptr : found->second;
}

bool LedgerView::is_hidden(const std::string& id) const {
  const Figure* figure = find(id);
  return figure != nullptr && is_suppressed(*figure);
}

std::string LedgerView::hidden_in(std::string_view text) const {
  for (const std::string& id : hidden_) {
    if (find_word(text, id, 0, kInIds) != std::string_view::npos) return id;
  }
  return {};
}

void check_bases(const std::string& name, std::string_view text, const LedgerView& ledger,
                 FileFindings& out) {
  constexpr std::string_view kSign = "n = ";
  std::set<int64_t> told;
  for (size_t at = find_word(text, kSign, 0, kInIds); at != std::string_view::npos;
       at = find_word(text, kSign, at + 1, kInIds)) {
    int64_t n = 0;
    const char* const start = text.data() + at + kSign.size();
    const auto [end, problem] = std::from_chars(start, text.data() + text.size(), n);
    if (problem != std::errc() || ledger.has_base(n) || !told.insert(n).second) continue;
    out.shown.push_back({name, "", fmt::format("a base of {}", n)});
  }
}

void check_csv(const std::string& name, const std::string& bytes, const LedgerView& ledger,
               FileFindings& out) {
  Diagnostics ignored;
  const CsvTable table = CsvTable::parse(bytes, name, ignored);
  for (size_t row = 0; row < table.row_count(); ++row) {
    const auto& cells = table.row(row);
    const auto of_figure = std::ranges::find_if(
        cells, [&](const CsvCell& cell) { return ledger.is_hidden(cell.text); });
    if (of_figure == cells.end()) continue;
    for (size_t i = 0; i < cells.size() && i < table.header().size(); ++i) {
      const std::string& column = table.header()[i].text;
      const bool number = parse_decimal(cells[i].text).has_value() ||
                          (column == "printed" && holds_digit(cells[i].text));
      if (number && !is_description(column)) {
        out.shown.push_back(
            {name, of_figure->text, fmt::format("a number in the column '{}'", printable(column))});
      }
    }
  }
}

// Vega keeps places on the page as numbers, so that what is drawn is compared, not where.
void check_svg(const std::string& name, const std::string& bytes, const LedgerView& ledger,
               FileFindings& out) {
  const auto marks = read_back(bytes);
  if (!marks) {
    out.problems.push_back(fmt::format("{}: {}", name, marks.error().message));
  } else {
    for (const DrawnMark& mark : *marks) {
      if (ledger.is_hidden(mark.figure_id)) {
        out.shown.push_back({name, mark.figure_id, "a drawn shape"});
      }
    }
  }
  // Labels stand where there is no shape.
  constexpr std::string_view kLabel = "data-label=\"";
  for (size_t at = bytes.find(kLabel); at != std::string::npos; at = bytes.find(kLabel, at + 1)) {
    const size_t start = at + kLabel.size();
    const std::string id = bytes.substr(start, bytes.find('"', start) - start);
    if (!ledger.is_hidden(id)) continue;
    const size_t open = bytes.find('>', start);
    const size_t close = open == std::string::npos ? open : bytes.find('<', open);
    if (close == std::string::npos) continue;
    if (holds_digit(std::string_view(bytes).substr(open + 1, close - open - 1))) {
      out.shown.push_back({name, id, "a number beside the place of its shape"});
    }
  }
  check_bases(name, bytes, ledger, out);
}

void check_lines(const std::string& name, const std::string& bytes, const LedgerView& ledger,
                 FileFindings& out) {
  for (std::string line : split(bytes, '\n')) {
    const std::string id = ledger.hidden_in(line);
    if (id.empty()) continue;
    for (const std::string& hidden : ledger.hidden()) line = replaced(line, hidden, "");
    if (holds_digit(line)) out.shown.push_back({name, id, "a number in the same line"});
  }
  check_bases(name, bytes, ledger, out);
}

FileFindings check_files(const BundleText& bundle, const Ledger& figures) {
  const LedgerView ledger(figures);
  FileFindings out;
  for (const auto& [name, bytes] : bundle.files) {
    if (name.ends_with(".csv") || name.ends_with(".tsv")) check_csv(name, bytes, ledger, out);
    if (name.ends_with(".json")) check_json(name, bytes, ledger, out);
    if (name.ends_with(".svg")) check_svg(name, bytes, ledger, out);
    if (name.ends_with(".html")) check_html(name, bytes, ledger, out);
    if (name.ends_with(".md") || name.ends_with(".txt")) check_lines(name, bytes, ledger, out);
    if (name.ends_with(".xlsx") || name.ends_with(".ods"))
      check_workbook(bundle, name, ledger, out);
  }
  check_stories(bundle, ledger, out);
  return out;
}

}  // namespace barometer
