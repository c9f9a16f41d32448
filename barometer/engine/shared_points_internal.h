// Of one number, the same few values in every row: then a cell is a combination of keys and one of
// three values, however many rows there are.
//
// The values of a combination are its mean and √2 standard deviations to both sides, with a half
// and two quarters of its weight. In a row they carry the weights with the row's Σw, Σwv and Σwv²,
// which may be negative: an influence that is a polynomial of second degree in the number has the
// same sum by row as over the cases, and that is all a variance between rows takes of it. Not for
// designs of single cases, which need the squares within a row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "barometer/design/cell_sums.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {

class SharedPoints {
 public:
  struct Point {
    uint64_t n = 0, live = 0;  // with the first point of a combination
    double w = 0, w2 = 0;
    double v = 0;     // from the centre of the number
    uint32_t id = 0;  // of the combination of keys
  };

  // has_number: by combination, up to the last that occurs; 0 where the number is missing.
  SharedPoints(const Groups& groups, std::span<const uint8_t> has_number);

  [[nodiscard]] const std::vector<Point>& points() const& { return points_; }
  // Room for the entries of every group, and the entries of one, in the row that is being filled.
  static void reserve(const Groups& groups, CellSums& sums);
  void add_row(const Groups& groups, size_t at, CellSums& sums) const;

 private:
  struct Shape {
    uint32_t begin = 0;  // its first point
    double mean = 0, spread = 0;
  };
  std::vector<uint32_t> place_ids(const Groups& groups, size_t combinations);
  void add_points(uint32_t id, const Shape& shape, const Point& whole);

  std::vector<uint32_t> place_;  // among the shapes, by combination
  std::vector<Shape> shapes_;
  std::vector<Point> points_;
};

}  // namespace barometer
