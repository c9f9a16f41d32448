#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/io/duckdb_internal.h"
#include "barometer/io/io.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxSmallCsv = size_t{4} << 20;  // larger files are streamed through DuckDB
constexpr size_t kMaxPerColumn = 50;              // problems shown of one column
constexpr size_t kMaxShown = 60;                  // bytes of a cell in a message

std::optional<double> number_of(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const bool whole = problem == std::errc() && end == cell.data() + cell.size();
  if (!whole || !std::isfinite(value)) return std::nullopt;
  return value;
}

// "3" and "3.0", as Parquet files of other programs have it.
std::optional<int> integer_of(std::string_view cell) {
  const auto value = number_of(cell);
  if (!value || *value != std::floor(*value) || std::abs(*value) > 1e6) return std::nullopt;
  return static_cast<int>(*value);
}

// The kind of missing that a cell says; kNone when it holds something else.
Missing missing_of_cell(std::string_view cell) {
  if (cell.empty() || cell == "NA") return Missing::kSystem;
  if (cell.front() != '-') return Missing::kNone;
  const auto code = integer_of(cell);
  return code ? missing_of_file_code(*code).value_or(Missing::kNone) : Missing::kNone;
}

// A cell for a message; a long one may be someone's words that slipped into a wrong column.
std::string shown(std::string_view cell) {
  if (cell.size() > kMaxShown) return fmt::format("a text of {} bytes", cell.size());
  return "'" + printable(cell, kMaxShown) + "'";
}

// Says what is wrong with the cells of one column, up to a bound.
class ColumnReport {
 public:
  ColumnReport(std::string file, std::string column, Diagnostics& problems)
      : file_(std::move(file)), column_(std::move(column)), problems_(&problems) {}

  void error(const char* code, size_t line, const std::string& what, std::string hint = {}) {
    if (++count_ > kMaxPerColumn) return;
    problems_->error(code, {file_, line, 0}, fmt::format("column '{}': {}", column_, what),
                     std::move(hint));
  }
  void finish() const {
    if (count_ <= kMaxPerColumn) return;
    problems_->error("responses-more", {file_, 0, 0},
                     fmt::format("column '{}': {} more cells have problems", column_,
                                 with_thousands(static_cast<long long>(count_ - kMaxPerColumn))));
  }

 private:
  std::string file_;
  std::string column_;
  Diagnostics* problems_;
  size_t count_ = 0;
};

// Reads the cells of one column of the file.
class CellReader {
 public:
  explicit CellReader(ColumnReport report) : report_(std::move(report)) {}
  virtual ~CellReader() = default;
  virtual void add(std::string_view cell, size_t line) = 0;
  void finish() const { report_.finish(); }

 protected:
  ColumnReport& report() { return report_; }

 private:
  ColumnReport report_;
};

// Finds the code a cell means, by number or by label.
class AnswerFinder {
 public:
  explicit AnswerFinder(const Variable& variable) : variable_(variable) {
    for (const Category& category : variable.categories) {
      codes_.insert(category.code);
      by_label_.try_emplace(category.label, category.code);
      labels_.push_back(category.label);
    }
  }

  [[nodiscard]] std::optional<int> code_of(std::string_view cell) const {
    const auto code = integer_of(cell);
    if (code && (codes_.contains(*code) || variable_.has_code(*code))) return code;
    const auto label = by_label_.find(cell);
    if (label == by_label_.end()) return std::nullopt;
    return label->second;
  }

  void explain(std::string_view cell, size_t line, ColumnReport& report) const {
    std::string hint = cell.size() > kMaxShown ? "" : suggestion(cell, labels_);
    if (variable_.kind == VariableKind::kScale) {
      hint =
          fmt::format("the scale runs from {} to {}", *variable_.scale_low, *variable_.scale_high);
    } else if (integer_of(cell)) {
      hint = codes_.size() <= 12 ? fmt::format("codes: {}", fmt::join(codes_, ", ")) : "";
    }
    report.error("responses-unknown-code", line, shown(cell) + " is not one of its answers",
                 std::move(hint));
  }

 private:
  const Variable& variable_;
  std::set<int> codes_;
  std::map<std::string, int, std::less<>> by_label_;
  std::vector<std::string> labels_;
};

class CodeReader : public CellReader {
 public:
  CodeReader(const Variable& variable, std::vector<int>& codes, ColumnReport report)
      : CellReader(std::move(report)), answers_(variable), codes_(codes) {}

  void add(std::string_view cell, size_t line) override {
    if (const Missing missing = missing_of_cell(cell); missing != Missing::kNone) {
      codes_.push_back(file_code(missing));
      return;
    }
    const auto code = answers_.code_of(cell);
    if (!code) answers_.explain(cell, line, report());
    codes_.push_back(code.value_or(file_code(Missing::kSystem)));
  }

 private:
  AnswerFinder answers_;
  std::vector<int>& codes_;
};

// One column that lists the chosen options.
class ListReader : public CellReader {
 public:
  ListReader(const Variable& variable, OptionSets& sets, ColumnReport report)
      : CellReader(std::move(report)), variable_(variable), answers_(variable), sets_(sets) {}

  void add(std::string_view cell, size_t line) override {
    sets_.missing.push_back(missing_of_cell(cell));
    sets_.bits.push_back(0);
    if (sets_.missing.back() != Missing::kNone) return;
    const std::string parts = replaced(std::string(cell), "|", ";");
    for (const std::string& part : split(parts, ';')) {
      const std::string_view answer = trimmed(part);
      if (answer.empty()) continue;
      if (const auto code = answers_.code_of(answer)) {
        const Category* category = variable_.category(*code);
        sets_.bits.back() |= uint64_t{1} << (category - variable_.categories.data());
      } else {
        answers_.explain(answer, line, report());
      }
    }
    if (sets_.bits.back() == 0) sets_.missing.back() = Missing::kSystem;
  }

 private:
  const Variable& variable_;
  AnswerFinder answers_;
  OptionSets& sets_;
};

// One 0/1 column of an option. A blank beside answers is a 0; file codes hold for the whole case.
class OptionReader : public CellReader {
 public:
  OptionReader(size_t option, OptionSets& sets, ColumnReport report)
      : CellReader(std::move(report)), bit_(uint64_t{1} << option), sets_(sets) {}

  void add(std::string_view cell, size_t line) override {
    if (row_ == sets_.bits.size()) {
      sets_.bits.push_back(0);
      sets_.missing.push_back(Missing::kSystem);
    }
    const size_t row = row_++;
    const Missing missing = missing_of_cell(cell);
    const auto value = integer_of(cell);
    if (missing == Missing::kSystem) return;
    if (missing != Missing::kNone) {
      add_missing(row, missing, line);
    } else if (value == 0 || value == 1) {
      add_answer(row, value == 1, line);
    } else {
      report().error("responses-unknown-code", line, shown(cell) + " is neither 0 nor 1");
    }
  }

 private:
  void add_missing(size_t row, Missing missing, size_t line) {
    const Missing before = sets_.missing[row];
    if (before == Missing::kSystem) sets_.missing[row] = missing;
    if (before == Missing::kSystem || before == missing) return;
    report().error(
        "responses-mixed", line,
        fmt::format("'{}' here, but not in the question's other columns", file_code(missing)));
  }
  void add_answer(size_t row, bool chosen, size_t line) {
    const Missing before = sets_.missing[row];
    if (before == Missing::kSystem) sets_.missing[row] = Missing::kNone;
    if (before != Missing::kSystem && before != Missing::kNone) {
      report().error(
          "responses-mixed", line,
          fmt::format("an answer here, but {} in the question's other columns", file_code(before)));
    } else if (chosen) {
      sets_.bits[row] |= bit_;
    }
  }

  uint64_t bit_;
  OptionSets& sets_;
  size_t row_ = 0;
};

class NumberReader : public CellReader {
 public:
  NumberReader(Numbers& numbers, ColumnReport report)
      : CellReader(std::move(report)), numbers_(numbers) {}

  void add(std::string_view cell, size_t line) override {
    Missing missing = missing_of_cell(cell);
    const auto value = missing == Missing::kNone ? number_of(cell) : std::nullopt;
    if (missing == Missing::kNone && !value) {
      report().error("responses-not-a-number", line, shown(cell) + " is not a number");
      missing = Missing::kSystem;
    }
    numbers_.values.push_back(value.value_or(0));
    numbers_.missing.push_back(missing);
  }

 private:
  Numbers& numbers_;
};

class TextReader : public CellReader {
 public:
  TextReader(Texts& texts, ColumnReport report) : CellReader(std::move(report)), texts_(texts) {}

  void add(std::string_view cell, size_t line) override {
    Missing missing = missing_of_cell(cell);
    if (!is_utf8(cell)) {
      report().error("responses-encoding", line, "the text is not UTF-8");
      missing = Missing::kSystem;
    }
    texts_.values.emplace_back(missing == Missing::kNone ? cell : "");
    texts_.missing.push_back(missing);
  }

 private:
  Texts& texts_;
};

// What a variable's cells become.
struct Target {
  std::vector<int> codes;
  OptionSets sets;
  Numbers numbers;
  Texts texts;
};

Column column_of(const Variable& variable, Target target) {
  switch (variable.kind) {
    case VariableKind::kSingle:
    case VariableKind::kScale:
      return make_codes(target.codes);
    case VariableKind::kMulti:
      return std::move(target.sets);
    case VariableKind::kNumber:
      return std::move(target.numbers);
    case VariableKind::kText:
      return std::move(target.texts);
  }
  return {};
}

// Matches the file's columns with the codebook's variables and reads the rows.
class ResponsesReader {
 public:
  ResponsesReader(std::string file, const Codebook& codebook, Diagnostics& problems)
      : file_(std::move(file)),
        codebook_(codebook),
        problems_(problems),
        targets_(codebook.variables().size()) {}

  void header(const std::vector<std::string>& names) {
    for (const std::string& name : names) readers_.push_back(reader_for(name));
    for (size_t i = 0; i < targets_.size(); ++i) report_missing(i);
  }
  void cell(size_t column, std::string_view text, size_t line) {
    if (readers_[column]) readers_[column]->add(text, line);
  }
  Result<Dataset> finish(size_t rows) {
    for (const auto& reader : readers_) {
      if (reader) reader->finish();
    }
    std::vector<Column> columns;
    for (size_t i = 0; i < targets_.size(); ++i) {
      const Variable& variable = codebook_.variables()[i];
      fill_up(targets_[i], rows);
      columns.push_back(column_of(variable, std::move(targets_[i])));
    }
    return Dataset::make(codebook_, std::move(columns));
  }

 private:
  // The variable and option that a column name stands for.
  struct Meaning {
    size_t variable;
    std::optional<size_t> option;
  };

  std::optional<Meaning> meaning_of(std::string_view name) const {
    if (const auto index = codebook_.index_of(name)) return Meaning{*index, std::nullopt};
    const size_t cut = name.rfind('_');
    if (cut == std::string_view::npos) return std::nullopt;
    const auto index = codebook_.index_of(name.substr(0, cut));
    const auto code = integer_of(name.substr(cut + 1));
    if (!index || !code) return std::nullopt;
    const Variable& variable = codebook_.variables()[*index];
    const Category* category = variable.category(*code);
    if (variable.kind != VariableKind::kMulti || category == nullptr) return std::nullopt;
    return Meaning{*index, static_cast<size_t>(category - variable.categories.data())};
  }

  std::unique_ptr<CellReader> reader_for(const std::string& name) {
    const auto meaning = meaning_of(name);
    if (!meaning) {
      problems_.error("responses-unknown-column", {file_, 1, 0},
                      fmt::format("unknown column '{}'", printable(name, kMaxShown)),
                      suggestion(name, column_names()));
      return nullptr;
    }
    const uint64_t bit = meaning->option ? uint64_t{1} << *meaning->option : ~uint64_t{0};
    if ((found_[meaning->variable] & bit) != 0) {
      problems_.error("responses-doubled-column", {file_, 1, 0},
                      fmt::format("the column '{}' says again what another column says", name),
                      "give a question either one column or one for each option");
      return nullptr;
    }
    found_[meaning->variable] |= bit;
    return make_reader(*meaning, ColumnReport(file_, name, problems_));
  }

  std::unique_ptr<CellReader> make_reader(const Meaning& meaning, ColumnReport report) {
    const Variable& variable = codebook_.variables()[meaning.variable];
    Target& target = targets_[meaning.variable];
    switch (variable.kind) {
      case VariableKind::kSingle:
      case VariableKind::kScale:
        return std::make_unique<CodeReader>(variable, target.codes, std::move(report));
      case VariableKind::kMulti:
        if (!meaning.option) {
          return std::make_unique<ListReader>(variable, target.sets, std::move(report));
        }
        return std::make_unique<OptionReader>(*meaning.option, target.sets, std::move(report));
      case VariableKind::kNumber:
        return std::make_unique<NumberReader>(target.numbers, std::move(report));
      case VariableKind::kText:
        return std::make_unique<TextReader>(target.texts, std::move(report));
    }
    CHECK(false, "a variable is of a known kind");
  }

  void report_missing(size_t index) {
    const Variable& variable = codebook_.variables()[index];
    const uint64_t found = found_[index];
    const auto say = [&](const std::string& name) {
      problems_.error("responses-missing-column", {file_, 1, 0},
                      fmt::format("the column '{}' is missing", name));
    };
    if (found == 0) return say(variable.id);
    if (variable.kind != VariableKind::kMulti) return;
    for (size_t option = 0; option < variable.categories.size(); ++option) {
      if (((found >> option) & 1) == 0) {
        say(fmt::format("{}_{}", variable.id, variable.categories[option].code));
      }
    }
  }

  std::vector<std::string> column_names() const {
    std::vector<std::string> names;
    for (const Variable& variable : codebook_.variables()) {
      names.push_back(variable.id);
      for (size_t i = 0; variable.kind == VariableKind::kMulti && i < variable.categories.size();
           ++i) {
        names.push_back(fmt::format("{}_{}", variable.id, variable.categories[i].code));
      }
    }
    return names;
  }

  // "No answer" for every case of a variable that the file lacks.
  static void fill_up(Target& target, size_t rows) {
    target.codes.resize(rows, file_code(Missing::kSystem));
    target.sets.bits.resize(rows);
    target.sets.missing.resize(rows, Missing::kSystem);
    target.numbers.values.resize(rows);
    target.numbers.missing.resize(rows, Missing::kSystem);
    target.texts.values.resize(rows);
    target.texts.missing.resize(rows, Missing::kSystem);
  }

  std::string file_;
  const Codebook& codebook_;
  Diagnostics& problems_;
  std::vector<Target> targets_;
  std::map<size_t, uint64_t> found_;  // variable -> options whose columns were found
  std::vector<std::unique_ptr<CellReader>> readers_;
};

Result<Dataset> read_small_csv(const std::string& bytes, const std::string& name,
                               const Codebook& codebook, Diagnostics& problems) {
  const CsvTable table = CsvTable::parse(bytes, name, problems);
  ResponsesReader reader(name, codebook, problems);
  if (table.header().empty()) return reader.finish(0);
  std::vector<std::string> names;
  for (const CsvCell& cell : table.header()) names.push_back(cell.text);
  reader.header(names);
  for (size_t row = 0; row < table.row_count(); ++row) {
    const std::vector<CsvCell>& cells = table.row(row);
    for (size_t column = 0; column < cells.size(); ++column) {
      reader.cell(column, cells[column].text, cells[0].place.line);
    }
  }
  return reader.finish(table.row_count());
}

Result<Dataset> read_streamed(const fs::path& file, const std::string& name,
                              const Codebook& codebook, Diagnostics& problems) {
  const TableFile table = TRY(TableFile::open(file, 0, true));
  ResponsesReader reader(name, codebook, problems);
  std::vector<std::string> names;
  for (const FileColumn& column : table.columns()) names.push_back(column.name);
  reader.header(names);
  size_t rows = 0;
  TRY_DONE(table.read([&](const FileBlock& block) -> Status {
    for (size_t column = 0; column < names.size(); ++column) {
      for (size_t row = 0; row < block.rows(); ++row) {
        const bool present = block.has_value(column, row);
        const std::string_view cell = present ? block.text(column, row) : std::string_view();
        reader.cell(column, trimmed(cell), block.first_row() + row + 2);
      }
    }
    rows += block.rows();
    return {};
  }));
  return reader.finish(rows);
}

}  // namespace

Result<Dataset> read_responses_table(const fs::path& file, const Codebook& codebook,
                                     Diagnostics& problems) {
  const FileFormat format = TRY(format_of(file));
  const std::string name = file.string();
  std::error_code unknown;
  const uintmax_t size = fs::file_size(file, unknown);
  if (format != FileFormat::kCsv || unknown || size > kMaxSmallCsv) {
    return read_streamed(file, name, codebook, problems);
  }
  return read_small_csv(TRY(read_file(file)), name, codebook, problems);
}

}  // namespace barometer
