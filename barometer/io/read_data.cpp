#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/column_ids_internal.h"
#include "barometer/io/duckdb_internal.h"
#include "barometer/io/io.h"
#include "barometer/io/sav.h"

namespace barometer {
namespace {

constexpr uint32_t kAbsent = ~uint32_t{0};

// A text column as it is read: every distinct text once, and a number a case.
class TextColumn {
 public:
  void add(std::string_view text) {
    const auto [place, is_new] =
        numbers_.try_emplace(std::string(text), static_cast<uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(&place->first);
    cases_.push_back(place->second);
  }
  void add_absent() { cases_.push_back(kAbsent); }

  // A single variable whose categories are the texts in byte order, or open text.
  void finish(size_t max_categories, Variable& variable, Column& column) const {
    if (texts_.size() > max_categories) return finish_text(variable, column);
    std::vector<uint32_t> order(texts_.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](uint32_t i) -> const std::string& { return *texts_[i]; });
    std::vector<int> code_of(texts_.size());
    for (const uint32_t number : order) {
      const int code = static_cast<int>(variable.categories.size()) + 1;
      code_of[number] = code;
      variable.categories.push_back({.code = code, .label = *texts_[number]});
    }
    std::vector<int> codes;
    codes.reserve(cases_.size());
    for (const uint32_t number : cases_) {
      codes.push_back(number == kAbsent ? file_code(Missing::kSystem) : code_of[number]);
    }
    variable.kind = VariableKind::kSingle;
    column = make_codes(codes);
  }

 private:
  void finish_text(Variable& variable, Column& column) const {
    Texts texts;
    for (const uint32_t number : cases_) {
      texts.values.push_back(number == kAbsent ? "" : *texts_[number]);
      texts.missing.push_back(number == kAbsent ? Missing::kSystem : Missing::kNone);
    }
    variable.kind = VariableKind::kText;
    column = std::move(texts);
  }

  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> texts_;
  std::vector<uint32_t> cases_;
};

// The columns of a file as they grow; each uses one of the two.
struct GrowingColumn {
  Numbers numbers;  // also of booleans: 0 and 1
  TextColumn texts;
};

Status add_block(const FileBlock& block, size_t index, const FileColumn& column,
                 GrowingColumn& out) {
  for (size_t row = 0; row < block.rows(); ++row) {
    const bool present = block.has_value(index, row);
    if (column.type == FileType::kText) {
      if (!present) {
        out.texts.add_absent();
        continue;
      }
      const std::string_view text = block.text(index, row);
      if (text.find('\0') != std::string_view::npos || !is_utf8(text)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("row {}: the text in column '{}' is not UTF-8",
                                block.first_row() + row + 1, printable(column.name)));
      }
      out.texts.add(text);
      continue;
    }
    double value = 0;
    if (present) {
      value = column.type == FileType::kBoolean ? (block.flag(index, row) ? 1.0 : 0.0)
                                                : block.number(index, row);
    }
    if (std::isinf(value)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {}: column '{}' holds {}, which is no amount",
                              block.first_row() + row + 1, printable(column.name), value));
    }
    const bool known = present && !std::isnan(value);
    out.numbers.values.push_back(known ? value : 0);
    out.numbers.missing.push_back(known ? Missing::kNone : Missing::kSystem);
  }
  return {};
}

void finish_boolean(const Numbers& numbers, Variable& variable, Column& column) {
  variable.kind = VariableKind::kSingle;
  variable.categories = {{.code = 1, .label = "No"}, {.code = 2, .label = "Yes"}};
  std::vector<int> codes;
  for (size_t row = 0; row < numbers.values.size(); ++row) {
    const int code = numbers.values[row] != 0 ? 2 : 1;
    codes.push_back(numbers.missing[row] == Missing::kNone ? code : file_code(Missing::kSystem));
  }
  column = make_codes(codes);
}

}  // namespace

std::vector<std::string> variable_ids_of(std::span<const FileColumn> columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const FileColumn& column : columns) names.push_back(column.name);
  return column_ids(names);
}

Result<Dataset> read_data(const std::filesystem::path& file, const ReadOptions& options) {
  if (is_sav_name(file)) {
    return TRY(read_sav(file,
                        {.threads = options.threads, .max_categories = options.max_categories}))
        .data;
  }
  const TableFile table = TRY(TableFile::open(file, options.threads, false));
  std::vector<GrowingColumn> growing(table.columns().size());
  const Status read = table.read([&](const FileBlock& block) -> Status {
    for (size_t i = 0; i < growing.size(); ++i) {
      TRY_DONE(add_block(block, i, table.columns()[i], growing[i]));
    }
    return {};
  });
  if (!read) {
    const std::string& message = read.error().message;
    const bool names_file = message.find(file.string()) != std::string::npos;
    return fail(read.error().code,
                names_file ? message : fmt::format("cannot read '{}': {}", file.string(), message));
  }
  Codebook codebook;
  std::vector<Column> columns;
  const std::vector<std::string> ids = variable_ids_of(table.columns());
  for (size_t i = 0; i < growing.size(); ++i) {
    const FileColumn& source = table.columns()[i];
    Variable variable{.id = ids[i], .kind = VariableKind::kNumber, .label = source.name};
    Column column;
    if (source.type == FileType::kNumber) column = std::move(growing[i].numbers);
    if (source.type == FileType::kBoolean) {
      finish_boolean(growing[i].numbers, variable, column);
    }
    if (source.type == FileType::kText) {
      growing[i].texts.finish(std::min(options.max_categories, size_t{kMaxCode}), variable, column);
    }
    growing[i] = {};
    TRY_DONE(codebook.add(std::move(variable)));
    columns.push_back(std::move(column));
  }
  return Dataset::make(std::move(codebook), std::move(columns));
}

std::vector<std::pair<std::string, std::string>> renamed_columns(const Dataset& data) {
  std::vector<std::pair<std::string, std::string>> renamed;
  for (const Variable& variable : data.codebook().variables()) {
    if (variable.label != variable.id) renamed.emplace_back(variable.label, variable.id);
  }
  return renamed;
}

}  // namespace barometer
