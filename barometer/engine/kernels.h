// What the memory engine does for each case, as functions on spans. They run the widest vector
// instructions that the processor has; each gives the same bits with any of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace barometer {

// Sums over cases. Counts are exact in a double.
struct alignas(32) Quad {
  double w = 0;
  double w2 = 0;
  double n = 0;
  double live = 0;  // cases with a weight above 0
};

// The same of one number, v being its distance from some centre.
struct alignas(32) MomentQuad {
  double wv = 0;
  double wvv = 0;
  double w2v = 0;
  double w2vv = 0;
};

// A cell is told by its index times this: how many doubles before it.
inline constexpr size_t kQuadDoubles = 4;

// index[codes[i]], for codes below 16 and from 240 on, whose indices are below 256.
void look_up(std::span<const uint8_t> codes, std::span<const uint16_t, 256> index,
             std::span<uint8_t> indices);

// offsets[i] = stride * codes[i], or that much more.
void set_offsets(std::span<const uint8_t> codes, size_t stride, std::span<uint16_t> offsets);
void add_offsets(std::span<const uint8_t> codes, size_t stride, std::span<uint16_t> offsets);
void add_offsets(std::span<const uint16_t> codes, size_t stride, std::span<uint16_t> offsets);

// offsets[i] = elsewhere where mask[i] is 0.
void send_elsewhere(std::span<const uint8_t> mask, uint16_t elsewhere, std::span<uint16_t> offsets);

// The quad of each single case.
void make_quads(std::span<const double> weights, std::span<Quad> quads);
void make_moments(std::span<const double> weights, std::span<const double> values, double centre,
                  std::span<MomentQuad> quads);

// Adds the quad of case i to the sums of its cell. With 4 copies, sums.size() / 4 apart, case i
// goes to copy i % 4, so that additions to one cell need not wait for each other.
void add_quads(std::span<const Quad> quads, std::span<const uint16_t> offsets, size_t copies,
               std::span<Quad> sums);
void add_quads(std::span<const MomentQuad> quads, std::span<const uint16_t> offsets, size_t copies,
               std::span<MomentQuad> sums);
// The same in one copy, by the index of the cell: for more cells than offsets can tell apart.
void add_quads_at(std::span<const Quad> quads, std::span<const uint16_t> cells,
                  std::span<Quad> sums);

// The sum of 4 copies, (0 + 1) + (2 + 3), or of 1, of the first cells. The copies are all 0
// afterwards.
void fold_copies(std::span<Quad> sums, size_t copies, std::span<Quad> folded);
void fold_copies(std::span<MomentQuad> sums, size_t copies, std::span<MomentQuad> folded);

// to[i] += from[i]
void add_to(std::span<const Quad> from, std::span<Quad> to);
void add_to(std::span<const MomentQuad> from, std::span<MomentQuad> to);
void add_to(std::span<const double> from, std::span<double> to);

// Adds the w and n of each cell to a row.
void add_to_row(std::span<const Quad> quads, std::span<double> row_w, std::span<uint32_t> row_n);

// Adds each row of weights, `width` apart, of which the first `columns` count, to the line of sums
// of its cell. Lines are columns_padded(columns) long, and begin at a multiple of 32 bytes.
void add_rows(std::span<const double> weights, size_t width, size_t columns,
              std::span<const uint32_t> cells, std::span<double> sums);
constexpr size_t columns_padded(size_t columns) { return (columns + 3) / 4 * 4; }

// The sum of the quads of these weights.
Quad sum_of(std::span<const double> weights);
// Without `squares` those of w² are 0.
MomentQuad moments_of(std::span<const double> weights, std::span<const double> values,
                      double centre, bool squares);
// products[k] = Σ a[i] b[k][i], with b[k] beginning at b + k * apart.
void dot_products(std::span<const double> a, std::span<const double> b, size_t apart,
                  std::span<double> products);

}  // namespace barometer
