#include "barometer/engine/shared_points_internal.h"

#include <cmath>

namespace barometer {
namespace {

// Of the three points -√2, 0, √2 with masses ¼, ½, ¼: mean 0, second moment 1.
constexpr double kReach = 1.4142135623730951;
// A variance below this, against the square of the numbers, is rounding.
constexpr double kNoSpread = 1e-15;

struct Moments {
  uint64_t n = 0, live = 0;
  double w = 0, w2 = 0, first = 0, second = 0;
};

Moments moments_of(const Groups& groups, size_t at) {
  const double* moment = groups.moment.data() + at * groups.moments;
  return {groups.n[at], groups.live[at], groups.w[at], groups.w2[at], moment[0], moment[1]};
}

}  // namespace

SharedPoints::SharedPoints(const Groups& groups, std::span<const uint8_t> has_number) {
  const std::vector<uint32_t> ids = place_ids(groups, has_number.size());
  std::vector<Moments> whole(ids.size());
  for (size_t at = 0; at < groups.size(); ++at) {
    Moments& sum = whole[place_[groups.id[at]]];
    const Moments one = moments_of(groups, at);
    sum.n += one.n;
    sum.live += one.live;
    sum.w += one.w;
    sum.w2 += one.w2;
    sum.first += one.first;
    sum.second += one.second;
  }
  for (size_t c = 0; c < ids.size(); ++c) {
    Shape shape{static_cast<uint32_t>(points_.size()), 0, 0};
    const Moments& sum = whole[c];
    if (has_number[ids[c]] != 0 && sum.w > 0) {
      shape.mean = sum.first / sum.w;
      const double square = sum.second / sum.w;
      const double variance = square - shape.mean * shape.mean;
      if (variance > kNoSpread * square) shape.spread = std::sqrt(variance);
    }
    shapes_.push_back(shape);
    add_points(ids[c], shape, {sum.n, sum.live, sum.w, sum.w2});
  }
}

// The combinations that occur, ascending, and where each stands among them.
std::vector<uint32_t> SharedPoints::place_ids(const Groups& groups, size_t combinations) {
  constexpr uint32_t kNowhere = ~uint32_t{0};
  place_.assign(combinations, kNowhere);
  for (const uint32_t id : groups.id) place_[id] = 0;
  std::vector<uint32_t> ids;
  for (uint32_t id = 0; id < combinations; ++id) {
    if (place_[id] == kNowhere) continue;
    place_[id] = static_cast<uint32_t>(ids.size());
    ids.push_back(id);
  }
  return ids;
}

void SharedPoints::add_points(uint32_t id, const Shape& shape, const Point& whole) {
  if (shape.spread == 0) {
    points_.push_back({whole.n, whole.live, whole.w, whole.w2, shape.mean, id});
    return;
  }
  const double reach = kReach * shape.spread;
  points_.push_back({whole.n, whole.live, whole.w / 2, whole.w2 / 2, shape.mean, id});
  points_.push_back({0, 0, whole.w / 4, whole.w2 / 4, shape.mean - reach, id});
  points_.push_back({0, 0, whole.w / 4, whole.w2 / 4, shape.mean + reach, id});
}

void SharedPoints::reserve(const Groups& groups, CellSums& sums) {
  const size_t most = 3 * groups.size();
  sums.cell.reserve(most);
  sums.row_n.reserve(most);
  sums.row_w.reserve(most);
}

// With t = (v - mean) / spread and M_k = Σ w t^k, the weights of the points are those whose sums of
// 1, t and t² are M_0, M_1 and M_2.
void SharedPoints::add_row(const Groups& groups, size_t at, CellSums& sums) const {
  const Moments one = moments_of(groups, at);
  const Shape& shape = shapes_[place_[groups.id[at]]];
  const auto add = [&](uint32_t offset, uint64_t n, double w) {
    sums.cell.push_back(shape.begin + offset);
    sums.row_n.push_back(static_cast<uint32_t>(n));
    sums.row_w.push_back(w);
  };
  if (shape.spread == 0) {
    add(0, one.n, one.w);
    return;
  }
  const double first = (one.first - shape.mean * one.w) / shape.spread;
  const double second =
      (one.second - 2 * shape.mean * one.first + shape.mean * shape.mean * one.w) /
      (shape.spread * shape.spread);
  add(0, one.n, one.w - second / 2);
  add(1, 0, (second / 2 - first / kReach) / 2);
  add(2, 0, (second / 2 + first / kReach) / 2);
}

}  // namespace barometer
