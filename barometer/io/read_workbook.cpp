#include "barometer/io/read_workbook.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/xml.h"
#include "barometer/io/zip_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostColumns = 16'384;

// What all sheets may hold together: a few bytes can refer to one long text a million times.
class Budget {
 public:
  explicit Budget(const WorkbookLimits& limits)
      : cells_(limits.cells), bytes_(limits.unpacked_bytes) {}

  [[nodiscard]] bool is_spent() const { return spent_; }
  [[nodiscard]] bool take(size_t cells, size_t bytes) {
    spent_ = spent_ || cells > cells_ || bytes > bytes_;
    if (spent_) return false;
    cells_ -= cells;
    bytes_ -= bytes;
    return true;
  }

  [[nodiscard]] Status status() const {
    if (!spent_) return {};
    return fail(ErrorCode::kLimit, "the workbook has too many cells");
  }

 private:
  size_t cells_, bytes_;
  bool spent_ = false;
};

std::optional<size_t> whole_number(std::string_view text) {
  size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

// ---- XLSX

// The shared strings, in order.
class StringsReader final : public XmlReader {
 public:
  explicit StringsReader(Budget& budget) : budget_(budget) {}

  void open(std::string_view element, const XmlAttributes&) override {
    if (element == "si" && budget_.take(1, 0)) strings.emplace_back();
    in_text_ = element == "t";
  }
  void close(std::string_view) override { in_text_ = false; }
  void text(std::string_view words) override {
    if (in_text_ && !strings.empty()) strings.back() += words;
  }
  [[nodiscard]] bool is_done() const override { return budget_.is_spent(); }

  std::vector<std::string> strings{};

 private:
  Budget& budget_;
  bool in_text_ = false;
};

// Names and relationship ids of the sheets, and what the ids stand for.
class BookReader final : public XmlReader {
 public:
  void open(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "sheet") {
      sheets.emplace_back(attribute(attributes, "name"), attribute(attributes, "r:id"));
    }
    if (element == "Relationship") {
      targets[std::string(attribute(attributes, "Id"))] = attribute(attributes, "Target");
    }
  }
  void close(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<std::pair<std::string, std::string>> sheets{};
  std::map<std::string, std::string> targets{};
};

class SheetReader final : public XmlReader {
 public:
  SheetReader(const std::vector<std::string>& shared, Budget& budget)
      : shared_(shared), budget_(budget) {}

  void open(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "row" && budget_.take(1, 0)) rows.emplace_back();
    if (element == "c") {
      text_.clear();
      type_ = attribute(attributes, "t");
      place_ = attribute(attributes, "r");
    }
    in_text_ = element == "t" || element == "v";
  }
  void close(std::string_view element) override {
    in_text_ = false;
    if (element == "c" && !rows.empty()) place_cell();
  }
  void text(std::string_view words) override {
    if (in_text_) text_ += words;
  }
  [[nodiscard]] bool is_done() const override { return budget_.is_spent(); }

  std::vector<std::vector<std::string>> rows{};

 private:
  // "AB12": column 28.
  [[nodiscard]] size_t column() const {
    size_t column = 0;
    for (const char letter : place_) {
      if (letter < 'A' || letter > 'Z' || column > kMostColumns) break;
      column = column * 26 + static_cast<size_t>(letter - 'A') + 1;
    }
    return column;
  }

  // A cell without a place follows the one before it.
  void place_cell() {
    std::vector<std::string>& row = rows.back();
    const size_t at = place_.empty() ? row.size() + 1 : column();
    if (at == 0 || at > kMostColumns) return;
    const auto shared = type_ == "s" ? whole_number(text_) : std::nullopt;
    const std::string& words = shared && *shared < shared_.size() ? shared_[*shared] : text_;
    if (!budget_.take(at > row.size() ? at - row.size() : 0, words.size())) return;
    row.resize(std::max(row.size(), at));
    row[at - 1] = words;
  }

  const std::vector<std::string>& shared_;
  Budget& budget_;
  bool in_text_ = false;
  std::string text_, type_, place_;
};

using Parts = std::map<std::string, std::string>;

Status read_part(const Parts& parts, const std::string& name, XmlReader& reader) {
  const auto part = parts.find(name);
  if (part == parts.end()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the workbook has no part '{}'", printable(name, 200)));
  }
  Status read = read_xml(part->second, reader);
  if (!read) return tl::unexpected(std::move(read).error().in(printable(name, 200)));
  return {};
}

Result<std::vector<SheetText>> read_xlsx(const Parts& parts, Budget& budget) {
  StringsReader strings(budget);
  BookReader book;
  if (parts.contains("xl/sharedStrings.xml")) {
    TRY_DONE(read_part(parts, "xl/sharedStrings.xml", strings));
  }
  TRY_DONE(read_part(parts, "xl/workbook.xml", book));
  TRY_DONE(read_part(parts, "xl/_rels/workbook.xml.rels", book));
  TRY_DONE(budget.status());
  std::vector<SheetText> out;
  std::set<std::string> read;
  for (const auto& [name, id] : book.sheets) {
    const std::string target = book.targets.contains(id) ? book.targets.at(id) : "";
    if (!read.insert(target).second) {
      return fail(ErrorCode::kInvalid, fmt::format("two sheets of the workbook are one part, '{}'",
                                                   printable(target, 200)));
    }
    SheetReader sheet(strings.strings, budget);
    TRY_DONE(read_part(parts, target.starts_with('/') ? target.substr(1) : "xl/" + target, sheet));
    TRY_DONE(budget.status());
    out.push_back({name, std::move(sheet.rows)});
  }
  return out;
}

// ---- ODS

class OdsReader final : public XmlReader {
 public:
  explicit OdsReader(Budget& budget) : budget_(budget) {}

  void open(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "table:table")
      sheets.push_back({std::string(attribute(attributes, "table:name")), {}});
    if (element == "table:table-row") {
      row_.clear();
      repeated_ = repeats(attributes, "table:number-rows-repeated");
      gap_ = 0;
    }
    if (element == "table:table-cell" || element == "table:covered-table-cell") {
      cell_.clear();
      in_cell_ = true;
      cells_ = repeats(attributes, "table:number-columns-repeated");
    }
    if (!in_cell_) return;
    if (element == "text:p") {
      if (!cell_.empty()) cell_ += '\n';
      ++paragraphs_;
    }
    if (element == "text:s") {
      cell_.append(std::min(repeats(attributes, "text:c"), kMostBlanks), ' ');
    }
    if (element == "text:tab") cell_ += '\t';
    if (element == "text:line-break") cell_ += '\n';
  }

  void close(std::string_view element) override {
    if (element == "text:p" && paragraphs_ > 0) --paragraphs_;
    if (element == "table:table-cell" || element == "table:covered-table-cell") add_cell();
    if (element == "table:table-row") add_row();
  }

  void text(std::string_view words) override {
    if (in_cell_ && paragraphs_ > 0) cell_ += words;
  }

  [[nodiscard]] bool is_done() const override { return budget_.is_spent(); }

  std::vector<SheetText> sheets{};

 private:
  static constexpr size_t kMostBlanks = 1000;

  static size_t repeats(const XmlAttributes& attributes, std::string_view name) {
    return std::max<size_t>(whole_number(attribute(attributes, name)).value_or(1), 1);
  }

  // Empty cells are made once one with words follows.
  void add_cell() {
    in_cell_ = false;
    if (cell_.empty()) {
      gap_ += std::min(cells_, kMostColumns);
      return;
    }
    const size_t count = std::min(cells_, kMostColumns);
    const size_t width = row_.size() + gap_ + count;
    if (width > kMostColumns || !budget_.take(width - row_.size(), count * cell_.size())) return;
    row_.resize(row_.size() + gap_);
    row_.resize(width, cell_);
    gap_ = 0;
  }

  // Rows without words keep their place, but a run of them is one.
  void add_row() {
    if (sheets.empty()) return;
    const size_t count = row_.empty() ? 1 : repeated_;
    size_t bytes = 0;
    for (const std::string& cell : row_) bytes += cell.size();
    if (count > kMostRows || !budget_.take(count * (row_.size() + 1), count * bytes)) return;
    sheets.back().rows.insert(sheets.back().rows.end(), count, row_);
    row_.clear();
  }

  static constexpr size_t kMostRows = 1'048'576;

  Budget& budget_;
  std::vector<std::string> row_;
  std::string cell_;
  bool in_cell_ = false;
  size_t paragraphs_ = 0;
  size_t repeated_ = 1, cells_ = 1;  // of the row and the cell that are open
  size_t gap_ = 0;                   // empty cells before the next
};

bool is_wanted(std::string_view name) {
  return name == "content.xml" || name == "xl/workbook.xml" || name == "xl/sharedStrings.xml" ||
         name == "xl/_rels/workbook.xml.rels" ||
         (name.starts_with("xl/worksheets/") && name.ends_with(".xml"));
}

}  // namespace

Result<std::vector<SheetText>> read_workbook(std::string_view bytes, const WorkbookLimits& limits) {
  const Parts parts =
      TRY(unzipped(bytes, is_wanted, {.bytes = limits.unpacked_bytes, .members = limits.members}));
  Budget budget(limits);
  if (!parts.contains("content.xml")) return read_xlsx(parts, budget);
  OdsReader content(budget);
  TRY_DONE(read_part(parts, "content.xml", content));
  TRY_DONE(budget.status());
  return std::move(content.sheets);
}

}  // namespace barometer
