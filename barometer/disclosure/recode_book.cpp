#include "barometer/disclosure/recode_book.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/protection/recoding.h"

namespace barometer {
namespace {

int64_t whole(double count) { return std::llround(count); }

std::vector<BookColumn> columns_of(const BookTable& table, size_t group) {
  std::vector<BookColumn> out;
  for (const BookColumn& column : table.columns) {
    if (column.kind == ColumnKind::kCategory && column.group == group) out.push_back(column);
  }
  return out;
}

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
        const RowKind kind = table.rows[r].kind;
        if (!is_share(kind) || kind == RowKind::kDontKnow || table.rows[r].hidden) continue;
        out.counts.push_back(whole(table.at(r, c).count));
        out.counts.push_back(whole(column.n) - out.counts.back());
      }
    }
  }
  return out;
}

bool same_outer(const BookColumn& a, const BookColumn& b) {
  return std::equal(a.codes.begin(), a.codes.end() - 1, b.codes.begin(), b.codes.end() - 1);
}

std::string outer_label(const BookColumn& column) {
  const std::vector<std::string> outer(
      column.labels.begin(), column.labels.empty() ? column.labels.end() : column.labels.end() - 1);
  return join(outer, ", ");
}

class GroupRecoder {
 public:
  GroupRecoder(const Book& book, const BookTable& table, size_t group, const ReleaseRules& rules)
      : book_(book),
        banner_(book.plan.banner[group]),
        rule_{.least_base = rules.base_under, .least_count = rules.count_under},
        group_(group),
        columns_(columns_of(table, group)) {}

  BookRecoding::Group run(BannerGroup& planned) {
    said_.words = join(banner_.variables, " > ");
    said_.columns = columns_.size();
    if (banner_.sequence) {
      said_.kept.emplace_back("a wave is not merged with the next");
    } else if (overlap()) {
      said_.kept.emplace_back("its columns overlap");
    } else {
      for (size_t first = 0, end = 0; first < columns_.size(); first = end) {
        while (end < columns_.size() && same_outer(columns_[first], columns_[end])) ++end;
        recode(first, end);
      }
    }
    for (const auto& [why, within] : kept_) {
      const std::string names = join(within, ", ");
      said_.kept.push_back((names.empty() ? "" : names + ": ") + why);
    }
    if (!said_.merged.empty()) planned.merged = std::move(merged_);
    return std::move(said_);
  }

 private:
  // They sum to more than the total, as answers to a multi variable may.
  [[nodiscard]] bool overlap() const {
    return std::ranges::any_of(book_.tables, [&](const BookTable& table) {
      double inside = 0;
      double total = -1;
      for (const BookColumn& column : table.columns) {
        if (column.kind == ColumnKind::kTotal) total = column.n;
        if (column.kind == ColumnKind::kCategory && column.group == group_) inside += column.n;
      }
      return total >= 0 && inside > total + 0.5;
    });
  }

  // Neighbours within the same outer columns.
  void recode(size_t first, size_t end) {
    std::vector<OrderedCategory> categories;
    for (size_t c = first; c < end; ++c) categories.push_back(category_of(book_, columns_[c]));
    const auto recoding = merged_adjacent(categories, rule_);
    if (!recoding) {
      kept_[recoding.error().message].push_back(outer_label(columns_[first]));
      for (size_t c = first; c < end; ++c) merged_.push_back({columns_[c].codes});
      return;
    }
    for (size_t i = 0; i < recoding->starts.size(); ++i) {
      const bool last = i + 1 == recoding->starts.size();
      add(first + recoding->starts[i], last ? end : first + recoding->starts[i + 1]);
    }
    add_loss(first, end, recoding->entropy_lost);
  }

  void add(size_t first, size_t end) {
    std::vector<std::string> labels;
    merged_.emplace_back();
    for (size_t c = first; c < end; ++c) {
      merged_.back().push_back(columns_[c].codes);
      labels.push_back(columns_[c].labels.empty() ? "" : columns_[c].labels.back());
    }
    if (labels.size() < 2) return;
    const std::string within = outer_label(columns_[first]);
    if (!within.empty()) labels.front() = within + ": " + labels.front();
    said_.merged.push_back(std::move(labels));
  }

  // Of all people of the group: those of a part lose what the part loses.
  void add_loss(size_t first, size_t end, double lost) {
    double here = 0;
    double all = 0;
    for (size_t c = 0; c < columns_.size(); ++c) {
      all += columns_[c].n;
      if (c >= first && c < end) here += columns_[c].n;
    }
    if (all > 0) said_.entropy_lost += lost * here / all;
  }

  const Book& book_;
  const BannerGroup& banner_;
  RecodingRule rule_;
  size_t group_;
  std::vector<BookColumn> columns_;
  std::vector<std::vector<std::vector<int>>> merged_;
  std::map<std::string, std::vector<std::string>> kept_;  // why, and within which outer columns
  BookRecoding::Group said_;
};

std::string text_of(const BookRecoding::Group& group) {
  const std::string name = fmt::format("'{}'", printable(group.words));
  std::string kept;
  for (const std::string& why : group.kept) kept += (kept.empty() ? "" : "; ") + printable(why);
  if (group.merged.empty()) {
    return name + (kept.empty() ? " needs no merging" : " stays as it is (" + kept + ")");
  }
  std::vector<std::string> merged;
  for (const auto& labels : group.merged) {
    merged.push_back(printable(labels.size() <= 3 ? join(labels, " + ")
                                                  : labels.front() + " … " + labels.back()));
  }
  const size_t left = group.left();
  return fmt::format("{} has {} column{} in place of {}: {} ({:.2f} nats lost){}{}", name, left,
                     left == 1 ? "" : "s", group.columns, join(merged, "; "), group.entropy_lost,
                     left == 1 ? ", which says no more than the total and is left out" : "",
                     kept.empty() ? "" : fmt::format("; not merged: {}", kept));
}

}  // namespace

BookRecoding recode_plan(const Book& book, const ReleaseRules& rules, BookPlan& plan) {
  BookRecoding out;
  const auto table = std::ranges::find(book.tables, false, &BookTable::grid);
  if (table == book.tables.end()) return out;
  for (size_t group = 0; group < book.plan.banner.size(); ++group) {
    out.groups.push_back(GroupRecoder(book, *table, group, rules).run(plan.banner.at(group)));
  }
  return out;
}

void leave_out_totals(const BookRecoding& recoding, BookPlan& plan) {
  for (size_t group = recoding.groups.size(); group-- > 0;) {
    if (!recoding.groups[group].is_total()) continue;
    plan.banner.erase(plan.banner.begin() + static_cast<std::ptrdiff_t>(group));
  }
  plan.total = plan.total || plan.banner.empty();
}

size_t BookRecoding::Group::left() const {
  size_t lost = 0;
  for (const auto& labels : merged) lost += labels.size() - 1;
  return columns - lost;
}

bool BookRecoding::merges() const {
  return std::ranges::any_of(groups, [](const Group& group) { return !group.merged.empty(); });
}

std::string BookRecoding::text() const {
  std::vector<std::string> told;
  for (const Group& group : groups) told.push_back(text_of(group));
  return join(told, ". ") + (told.empty() ? "" : ".");
}

}  // namespace barometer
