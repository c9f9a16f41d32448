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

std::string BookGroups::name_of_column(const BookColumn& column) const {
  std::string out;
  const auto& variables = book_.plan.banner.at(column.group).variables;
  for (size_t i = 0; i < column.codes.size(); ++i) {
    out += fmt::format("{}{}={}", i == 0 ? "" : "&", i < variables.size() ? variables[i] : "?",
                       column.codes[i]);
  }
  for (size_t i = 1; i < column.merged.size(); ++i) {
    out += fmt::format("+{}", fmt::join(column.merged[i], "&"));
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
  const bool rest = column.kind == ColumnKind::kRest;
  const std::string name = prefix + name_of_column(column) + (rest ? " (rest)" : "");
  Banner& banner = banners_[{table.filter, column.group}];
  const size_t group = made(name, true);
  if (rest) {
    banner.rests[column.codes] = group;
  } else if (column.merged.empty()) {
    banner.columns[column.codes] = {group, {column.codes}};
  } else {
    banner.columns[column.codes] = {group, column.merged};
  }
  n_[table.id][group] = n;
  return group;
}

// Who is in none of the columns of a banner gave none of their answers. Of nested columns that is
// not so: it may have been the other variable.
void BookGroups::leave_out(const std::vector<size_t>& parts, size_t rest) {
  for (const size_t part : parts) {
    if (!alone_.contains(part)) continue;
    for (const AnswerOfGroup& given : release_.groups[part].gave) {
      release_.groups[rest].gave_none.push_back(given);
    }
  }
}

void BookGroups::say_answers() {
  for (const auto& [key, banner] : banners_) {
    const auto& variables = book_.plan.banner.at(key.second).variables;
    for (const auto& [codes, column] : banner.columns) {
      if (variables.size() == 1) alone_.insert(column.group);
      for (size_t at = 0; at < variables.size(); ++at) {
        const size_t question = release_.question(variables[at]);
        if (question == kNowhere) continue;
        std::set<int> given;
        for (const auto& combination : column.combinations) given.insert(combination.at(at));
        release_.groups[column.group].gave.push_back({question, {given.begin(), given.end()}});
      }
    }
  }
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
      const size_t rest = add_rest(release_, whole, {part}, fmt::format("the others of {}", id));
      leave_out({part}, rest);
    }
  } else if (less) {
    const size_t rest =
        add_rest(release_, whole, parts, fmt::format("those of {} in none of its columns", id));
    leave_out(parts, rest);
  } else {
    release_.groups[whole].partitions.push_back(parts);
  }
}

// A group of all people of several, which no two share.
size_t BookGroups::all_of(const std::vector<size_t>& groups) {
  std::string id = "together:";
  for (const size_t group : groups) id += " " + release_.groups[group].id;
  const bool is_new = release_.group(id) == kNowhere;
  const size_t all = made(id, false);
  if (is_new) release_.groups[all].partitions.push_back(groups);
  for (auto& [table, n] : n_) {
    double sum = 0;
    size_t known = 0;
    for (const size_t group : groups) {
      known += n.contains(group) ? 1U : 0U;
      sum += n.contains(group) ? n.at(group) : 0;
    }
    if (known == groups.size()) n[all] = sum;
  }
  return all;
}

// The columns of a nested banner by their code of the variable `at` are parts of its columns in a
// banner of that variable alone. Merged columns hold several codes: what is bound together by one
// of either banner is compared as a whole.
void BookGroups::relate_nested(const Banner& nested, size_t at, const Banner& outer) {
  std::map<int, int> family;  // of a code the least that it is bound to
  const auto top = [&](int code) {
    family.try_emplace(code, code);
    while (family[code] != code) code = family[code];
    return code;
  };
  const auto bind = [&](const Column& column, size_t place) {
    for (const auto& codes : column.combinations) {
      const int first = top(column.combinations.front().at(place));
      const int other = top(codes.at(place));
      family[std::max(first, other)] = std::min(first, other);
    }
  };
  for (const auto& [codes, column] : nested.columns) bind(column, at);
  for (const auto& [codes, column] : outer.columns) bind(column, 0);
  std::map<int, std::vector<size_t>> inner_of, outer_of;
  for (const auto& [codes, column] : nested.columns) {
    inner_of[top(codes.at(at))].push_back(column.group);
  }
  for (const auto& [codes, column] : outer.columns) {
    outer_of[top(codes.at(0))].push_back(column.group);
  }
  for (const auto& [code, groups] : outer_of) {
    if (!inner_of.contains(code)) continue;
    divide(groups.size() == 1 ? groups.front() : all_of(groups), inner_of.at(code));
  }
}

void BookGroups::relate_banner(const std::string& filter, size_t banner, const Banner& said) {
  std::vector<size_t> all;
  for (const auto& [codes, column] : said.columns) all.push_back(column.group);
  if (all.empty()) return;
  divide(totals_[filter], all);
  for (const auto& [codes, rest] : said.rests) {
    std::vector<size_t> others;
    for (const auto& [other, column] : said.columns) {
      if (other != codes) others.push_back(column.group);
    }
    if (!others.empty()) divide(rest, others);
  }
  const auto& variables = book_.plan.banner.at(banner).variables;
  if (variables.size() < 2) return;
  for (const size_t at : {size_t{0}, variables.size() - 1}) {
    for (const auto& [key, other] : banners_) {
      if (key.first != filter || key.second == banner) continue;
      if (book_.plan.banner.at(key.second).variables == std::vector<std::string>{variables[at]}) {
        relate_nested(said, at, other);
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
