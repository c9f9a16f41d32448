#include "barometer/book/book.h"

#include <algorithm>
#include <cmath>

namespace barometer {
namespace {

template <class Based>
bool has_weights(const Based& of) {
  constexpr double kAlike = 1e-9;
  const double tolerance = kAlike * std::max(1.0, of.n);
  return std::abs(of.weighted_base - of.n) > tolerance ||
         std::abs(of.effective_base - of.n) > tolerance;
}

}  // namespace

bool is_share(RowKind kind) {
  return kind == RowKind::kCategory || kind == RowKind::kNet || kind == RowKind::kTopBoxes ||
         kind == RowKind::kBottomBoxes || kind == RowKind::kDontKnow;
}

bool is_weighted(const BookTable& table) {
  return table.grid ? std::ranges::any_of(table.cells, has_weights<BookCell>)
                    : std::ranges::any_of(table.columns, has_weights<BookColumn>);
}

const BookTable* Book::find(std::string_view id) const {
  const auto found = std::ranges::find(tables, id, &BookTable::id);
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace barometer
