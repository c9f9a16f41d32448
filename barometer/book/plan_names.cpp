// Names, ranges and patterns of a plan, looked up.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/plan_internal.h"

namespace barometer {
namespace {

constexpr size_t kManyMistakes = 100;
constexpr size_t kMostHints = 10'000;  // variables that a nearest name is looked for among

// With '*' for any letters and '?' for one.
bool fits(std::string_view pattern, std::string_view name) {
  size_t p = 0;
  size_t n = 0;
  size_t star = std::string_view::npos;  // the last one, and what it had taken
  size_t taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

bool has_many(const Diagnostics& problems) { return problems.items().size() >= kManyMistakes; }

PlanNames::PlanNames(const Codebook& codebook, Diagnostics& problems)
    : codebook_(codebook), problems_(problems), ids_(codebook.ids()) {}

namespace {

// "'policy' is a battery: some_leave, leave_self"; "": it is none.
std::string battery_hint(const Codebook& codebook, std::string_view word) {
  std::vector<std::string> items;
  for (const Variable& variable : codebook.variables()) {
    if (!word.empty() && variable.battery == word) items.push_back(variable.id);
  }
  if (items.empty()) return "";
  return fmt::format("'{}' is a battery: name its items, '{}'", printable(word), join(items, ", "));
}

}  // namespace

void PlanNames::report_unknown(std::string_view word, const Place& place) {
  if (has_many(problems_)) return;
  if (const std::string hint = battery_hint(codebook_, word); !hint.empty()) {
    problems_.error("unknown-variable", place,
                    fmt::format("there is no variable '{}'", printable(word)), hint);
    return;
  }
  const bool look = ids_.size() <= kMostHints;
  problems_.error("unknown-variable", place,
                  fmt::format("there is no variable '{}'", printable(word)),
                  look ? suggestion(word, ids_) : "");
}

std::optional<size_t> PlanNames::one(std::string_view word, const Place& place) {
  const auto index = codebook_.index_of_written(word);
  if (!index) report_unknown(word, place);
  return index;
}

void PlanNames::add_range(std::string_view word, const Place& place, Kept& kept) {
  const size_t dots = word.find("..");
  const auto first = one(trimmed(word.substr(0, dots)), place);
  const auto last = one(trimmed(word.substr(dots + 2)), place);
  if (!first || !last) return;
  if (*first > *last) {
    problems_.error("plan-range", place,
                    fmt::format("'{}' runs backwards: '{}' comes after '{}' in the data",
                                printable(word), ids_[*first], ids_[*last]));
    return;
  }
  for (size_t i = *first; i <= *last; ++i) add(i, false, kept);
}

void PlanNames::add_pattern(std::string_view word, const Place& place, Kept& kept) {
  bool any = false;
  for (size_t i = 0; i < ids_.size(); ++i) {
    if (!fits(word, ids_[i])) continue;
    add(i, false, kept);
    any = true;
  }
  if (any) return;
  problems_.error("unknown-variable", place, fmt::format("no variable fits '{}'", printable(word)),
                  suggestion(word, ids_.size() <= kMostHints ? ids_ : std::vector<std::string>{}));
}

// Open text is meant only by its own name.
void PlanNames::add(size_t index, bool named, Kept& kept) const {
  if (!named && codebook_.variables()[index].kind == VariableKind::kText) return;
  const auto [entry, is_new] = kept.place_of.emplace(index, kept.found.size());
  if (is_new) {
    kept.found.push_back({index, named});
  } else if (named) {
    kept.found[entry->second].named = true;
  }
}

std::vector<PlanNames::Found> PlanNames::all(const std::vector<std::string>& words,
                                             const Place& place) {
  Kept kept;
  const size_t before = problems_.error_count();
  for (const std::string& written : words) {
    if (has_many(problems_)) break;
    const std::string_view word = trimmed(written);
    if (word.find_first_of("*?") != std::string_view::npos) {
      add_pattern(word, place, kept);
    } else if (word.find("..") != std::string_view::npos) {
      add_range(word, place, kept);
    } else if (const auto index = one(word, place)) {
      add(*index, true, kept);
    }
  }
  if (kept.found.empty() && problems_.error_count() == before) {
    problems_.error("plan-names", place,
                    words.empty()
                        ? "no variable is named"
                        : fmt::format("'{}' is nothing but open text", printable(words.front())));
  }
  return std::move(kept.found);
}

}  // namespace barometer
