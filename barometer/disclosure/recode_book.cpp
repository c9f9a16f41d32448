#include "barometer/disclosure/recode_book.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/merge.h"
#include "barometer/protection/primary.h"
#include "barometer/protection/recoding.h"

namespace barometer {
namespace {

std::vector<BookColumn> columns_of(const BookTable& table, size_t group) {
  std::vector<BookColumn> out;
  for (const BookColumn& column : table.columns) {
    if (column.kind == ColumnKind::kCategory && column.group == group) out.push_back(column);
  }
  return out;
}

int64_t whole(double count) { return std::llround(count); }

// Every count of the column in every table, and what each leaves of its base.
OrderedCategory category_of(const Book& book, const BookColumn& like) {
  OrderedCategory out;
  for (const BookTable& table : book.tables) {
    for (size_t c = 0; !table.grid && c < table.columns.size(); ++c) {
      const BookColumn& column = table.columns[c];
      const bool same = column.kind == ColumnKind::kCategory && column.group == like.group &&
                        column.codes == like.codes;
      if (!same) continue;
      out.base = std::max(out.base, whole(column.n));
      for (size_t r = 0; r < table.rows.size(); ++r) {
        if (!is_share(table.rows[r].kind) || table.rows[r].hidden) continue;
        out.counts.push_back(whole(table.at(r, c).count));
        out.counts.push_back(whole(column.n) - out.counts.back());
      }
    }
  }
  return out;
}

// "North + West"; of more in the words of a range, as neighbours have them: "18 to 24 … 65 to 74".
std::string label_of(const std::vector<std::string>& labels) {
  return labels.size() <= 2 ? join(labels, " + ") : labels.front() + " … " + labels.back();
}

// The new columns, and what is said of them.
std::vector<MergedColumn> columns_from(const std::vector<BookColumn>& old, const Recoding& recoding,
                                       BookRecoding::Group& said) {
  std::vector<MergedColumn> out;
  for (size_t i = 0; i < recoding.starts.size(); ++i) {
    const size_t end = i + 1 < recoding.starts.size() ? recoding.starts[i + 1] : old.size();
    MergedColumn& column = out.emplace_back();
    std::vector<std::string> labels;
    for (size_t c = recoding.starts[i]; c < end; ++c) {
      column.from.push_back(old[c].codes);
      labels.push_back(old[c].labels.empty() ? "" : old[c].labels.front());
    }
    column.codes = column.from.front();
    column.labels = {label_of(labels)};
    if (labels.size() > 1) said.merged.push_back(std::move(labels));
  }
  said.entropy_lost = recoding.entropy_lost;
  return out;
}

BookRecoding::Group recode_group(Book& book, size_t plain, size_t group,
                                 const ReleaseRules& rules) {
  BookRecoding::Group said;
  said.words = join(book.plan.banner[group].variables, " > ");
  std::vector<OrderedCategory> categories;
  const std::vector<BookColumn> old = columns_of(book.tables[plain], group);
  said.columns = old.size();
  for (const BookColumn& column : old) categories.push_back(category_of(book, column));
  if (book.plan.banner[group].variables.size() > 1) {
    said.reason = "its variables are nested";
    return said;
  }
  const RecodingRule rule{.least_base = rules.base_under, .least_count = rules.count_under};
  const auto recoding = merged_adjacent(categories, rule);
  if (!recoding) {
    said.reason = recoding.error().message;
    return said;
  }
  const std::vector<MergedColumn> merged = columns_from(old, *recoding, said);
  if (said.merged.empty()) return said;
  auto recoded = with_merged_columns(book, group, merged);
  if (recoded) {
    book = std::move(*recoded);
  } else {
    said.reason = recoded.error().message;
    said.merged.clear();
  }
  return said;
}

}  // namespace

BookRecoding recode_book(Book& book, const ReleaseRules& rules) {
  BookRecoding out;
  size_t plain = 0;
  while (plain < book.tables.size() && book.tables[plain].grid) ++plain;
  if (plain == book.tables.size()) return out;
  for (size_t group = 0; group < book.plan.banner.size(); ++group) {
    out.groups.push_back(recode_group(book, plain, group, rules));
  }
  return out;
}

std::string BookRecoding::text() const {
  std::vector<std::string> told;
  for (const Group& group : groups) {
    const std::string name = fmt::format("'{}'", printable(group.words));
    if (!group.reason.empty()) {
      told.push_back(fmt::format("{} stays as it is ({})", name, group.reason));
    } else if (group.merged.empty()) {
      told.push_back(name + " needs no merging");
    } else {
      size_t lost = 0;
      std::vector<std::string> merged;
      for (const auto& labels : group.merged) {
        lost += labels.size() - 1;
        merged.push_back(printable(join(labels, " + ")));
      }
      told.push_back(fmt::format("{} has {} columns in place of {}: {} ({:.2f} nats lost)", name,
                                 group.columns - lost, group.columns, join(merged, "; "),
                                 group.entropy_lost));
    }
  }
  return join(told, ". ") + (told.empty() ? "" : ".");
}

}  // namespace barometer
