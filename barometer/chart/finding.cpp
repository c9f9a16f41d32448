#include "barometer/chart/finding.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

// "very likely", but of a point of a scale "answered 9".
std::string said(const std::string& label) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool number = !label.empty() && std::ranges::all_of(label, is_digit);
  return number ? "answered " + label : mid_sentence(label);
}

}  // namespace

std::string mid_sentence(const std::string& label) {
  const bool plain = label.size() > 1 && label[1] >= 'a' && label[1] <= 'z';
  return plain ? lowered(label.substr(0, 1)) + label.substr(1) : label;
}

bool all_drawn(const std::vector<Row>& rows) {
  return std::ranges::all_of(rows, [](const Row& row) {
    return std::ranges::all_of(row.marks, [](const Mark& mark) { return mark.value.has_value(); });
  });
}

std::string largest_finding(const std::string& title, const std::vector<Row>& rows) {
  const Mark* largest = nullptr;
  size_t as_large = 0;
  for (const Row& row : rows) {
    for (const Mark& mark : row.marks) {
      if (!mark.value) continue;
      if (largest == nullptr || *mark.value > *largest->value) {
        largest = &mark;
        as_large = 0;
      }
      if (*mark.value == *largest->value) ++as_large;
    }
  }
  if (largest == nullptr || !all_drawn(rows)) return title;
  // Of equal halves the first is named as well as any; of three or more none is.
  if (as_large > 1 && rows.front().marks.size() > 2) return title;
  return fmt::format("{}: {} {}", title, largest->printed, said(largest->label));
}

std::string range_finding(const std::string& title, const std::vector<Row>& rows) {
  const Row* low = nullptr;
  const Row* high = nullptr;
  for (const Row& row : rows) {
    if (row.marks.empty() || !row.marks.front().value) return title;
    if (row.marks.front().label != rows.front().marks.front().label) return title;
    const double value = *row.marks.front().value;
    if (low == nullptr || value < *low->marks.front().value) low = &row;
    if (high == nullptr || value > *high->marks.front().value) high = &row;
  }
  if (low == nullptr) return title;
  const Mark& least = low->marks.front();
  const Mark& most = high->marks.front();
  const std::string answer = said(least.label);
  if (low == high) return fmt::format("{}: {} {}", title, least.printed, answer);
  return fmt::format("{}: from {} ({}) to {} ({}) {}", title, least.printed, low->label,
                     most.printed, high->label, answer);
}

}  // namespace barometer
