#include "barometer/sql/sql_union_internal.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr std::array kBanks = {SqlType::kText, SqlType::kNumber, SqlType::kWhole};
constexpr std::string_view kBankLetters = "tnw";
constexpr size_t kColumnText = 40;  // bytes that a column of the union adds to each statement

size_t bank_of(SqlType type) {
  return static_cast<size_t>(std::ranges::find(kBanks, type) - kBanks.begin());
}

std::string_view no_value(const Dialect& dialect, size_t bank) {
  return std::array{dialect.no_text, dialect.no_number, dialect.no_whole}[bank];
}

}  // namespace

bool SqlUnion::add(const SqlStatement& statement) {
  Widths widths{};
  for (const SqlType type : statement.types) ++widths[bank_of(type)];
  for (size_t bank = 0; bank < widths.size(); ++bank) {
    widths[bank] = std::max(widths[bank], widths_[bank]);
  }
  const size_t columns = 1 + std::accumulate(widths.begin(), widths.end(), size_t{0});
  const size_t count = parts_.size() + 1;
  const size_t text_bytes = text_bytes_ + statement.text.size();
  const bool fits = count <= kMostStatements && columns <= kMostColumns &&
                    text_bytes + count * columns * kColumnText <= kMostText;
  if (!fits && !parts_.empty()) return false;
  parts_.push_back(&statement);
  text_bytes_ = text_bytes;
  widths_ = widths;
  places_.clear();
  return true;
}

// Of each column of the statement, its place in the union.
std::vector<size_t> SqlUnion::places(const SqlStatement& part) const {
  Widths next = {1, 1 + widths_[0], 1 + widths_[0] + widths_[1]};
  std::vector<size_t> found;
  found.reserve(part.types.size());
  for (const SqlType type : part.types) found.push_back(next[bank_of(type)]++);
  return found;
}

std::string SqlUnion::select(size_t part) const {
  std::vector<std::string> columns = {fmt::format(fmt::runtime(dialect_->whole), part) + " AS q"};
  for (size_t bank = 0; bank < kBanks.size(); ++bank) {
    for (size_t i = 0; i < widths_[bank]; ++i) {
      columns.push_back(
          fmt::format("{} AS {}{}", no_value(*dialect_, bank), kBankLetters[bank], i));
    }
  }
  const std::vector<size_t> own = places(*parts_[part]);
  for (size_t i = 0; i < own.size(); ++i) {
    std::string& column = columns[own[i]];
    column = fmt::format("{}{}{}", alias_, i, column.substr(column.rfind(" AS ")));
  }
  return fmt::format("SELECT {} FROM ({}) AS s{}", join(columns, ", "), parts_[part]->text, part);
}

SqlStatement SqlUnion::statement() const {
  if (parts_.size() == 1) return *parts_[0];
  std::vector<std::string> selects;
  for (size_t part = 0; part < parts_.size(); ++part) selects.push_back(select(part));
  SqlStatement all{.text = join(selects, " UNION ALL "), .types = {SqlType::kWhole}};
  for (size_t bank = 0; bank < kBanks.size(); ++bank) {
    all.types.insert(all.types.end(), widths_[bank], kBanks[bank]);
  }
  return all;
}

Status SqlUnion::route(SqlRow row, const RowUser& use) {
  if (parts_.size() == 1) return use(0, row);
  if (places_.empty()) {
    for (const SqlStatement* part : parts_) places_.push_back(places(*part));
  }
  const auto part = static_cast<size_t>(row[0].whole);
  if (!row[0].known || part >= parts_.size()) {
    return fail(ErrorCode::kIo, fmt::format("a row of statement {} came where {} were asked",
                                            row[0].whole, parts_.size()));
  }
  cells_.clear();
  for (const size_t place : places_[part]) cells_.push_back(row[place]);
  return use(part, cells_);
}

}  // namespace barometer
