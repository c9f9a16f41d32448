#include "barometer/disclosure/book_groups_internal.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace barometer {

size_t BookGroups::made(const std::string& id, bool named) {
  const size_t known = release_.group(id);
  if (known != kNowhere) return known;
  ReleasedGroup group;
  group.id = id;
  group.named = named;
  release_.groups.push_back(std::move(group));
  return release_.groups.size() - 1;
}

std::string BookGroups::name_of_column(size_t banner, const std::vector<int>& codes) const {
  std::string out;
  const auto& variables = book_.plan.banner.at(banner).variables;
  for (size_t i = 0; i < codes.size(); ++i) {
    out += fmt::format("{}{}={}", i == 0 ? "" : "&", i < variables.size() ? variables[i] : "?",
                       codes[i]);
  }
  return out;
}

size_t BookGroups::of(const BookTable& table, const BookColumn& column, double n) {
  const std::string prefix = table.filter.empty() ? "" : "[" + table.filter + "] ";
  size_t& total = totals_[table.filter];
  total = made(prefix + "total", false);
  if (table.grid || column.kind == ColumnKind::kTotal || column.kind == ColumnKind::kOption) {
    n_[table.id][total] = n;
    return total;
  }
  const std::string name = prefix + name_of_column(column.group, column.codes);
  Banner& banner = banners_[{table.filter, column.group}];
  size_t& group =
      column.kind == ColumnKind::kRest ? banner.rests[column.codes] : banner.columns[column.codes];
  group = column.kind == ColumnKind::kRest ? made(name + " (rest)", true) : made(name, true);
  n_[table.id][group] = n;
  return group;
}

void BookGroups::divide(size_t whole, const std::vector<size_t>& parts) {
  bool less = false;
  bool more = false;
  for (const auto& [table, n] : n_) {
    const auto all = n.find(whole);
    if (all == n.end()) continue;
    double sum = 0;
    for (const size_t part : parts) sum += n.contains(part) ? n.at(part) : 0;
    less = less || sum < all->second - 0.5;
    more = more || sum > all->second + 0.5;
  }
  const std::string id = release_.groups[whole].id;  // add_rest() moves the groups
  if (more) {
    for (const size_t part : parts) {
      add_rest(release_, whole, {part}, fmt::format("the others of {}", id));
    }
  } else if (less) {
    add_rest(release_, whole, parts, fmt::format("those of {} in none of its columns", id));
  } else {
    release_.groups[whole].partitions.push_back(parts);
  }
}

void BookGroups::relate_banner(const std::string& filter, size_t banner, const Banner& said) {
  std::vector<size_t> all;
  for (const auto& [codes, group] : said.columns) all.push_back(group);
  if (all.empty()) return;
  divide(totals_[filter], all);
  for (const auto& [codes, rest] : said.rests) {
    std::vector<size_t> others;
    for (const auto& [other, group] : said.columns) {
      if (other != codes) others.push_back(group);
    }
    if (!others.empty()) divide(rest, others);
  }
  // A nested banner's columns, by their outer code, are parts of that column elsewhere.
  const auto& variables = book_.plan.banner.at(banner).variables;
  if (variables.size() < 2) return;
  for (const size_t at : {size_t{0}, variables.size() - 1}) {
    std::map<std::vector<int>, std::vector<size_t>> by_code;
    for (const auto& [codes, group] : said.columns) {
      if (at < codes.size()) by_code[{codes[at]}].push_back(group);
    }
    for (const auto& [key, other] : banners_) {
      if (key.first != filter || key.second == banner) continue;
      if (book_.plan.banner.at(key.second).variables != std::vector<std::string>{variables[at]}) {
        continue;
      }
      for (const auto& [codes, group] : other.columns) {
        if (by_code.contains(codes)) divide(group, by_code.at(codes));
      }
    }
  }
}

void BookGroups::relate() {
  for (const auto& [key, said] : banners_) relate_banner(key.first, key.second, said);
  const auto everyone = totals_.find("");
  for (const auto& [filter, group] : totals_) {
    if (everyone == totals_.end() || filter.empty()) continue;
    add_rest(release_, everyone->second, {group}, fmt::format("those outside '{}'", filter));
  }
}

}  // namespace barometer
