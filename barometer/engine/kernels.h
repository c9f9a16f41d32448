// What the memory engine does for each case, as functions on spans.
//
// A quad is four sums of a cell: Σw, Σw², cases, cases with a weight above 0; counts are exact in a
// double. The quads of cell c begin at 4c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace barometer {

inline constexpr size_t kQuad = 4;
// Cells that the kernels can tell apart: offsets of quads are 16 bits wide.
inline constexpr size_t kMaxKernelCells = 0x3000;

// offsets[i] += stride * code, or stride * index[code] where there is an index of all codes.
void add_offsets(std::span<const uint8_t> codes, std::span<const uint16_t> index, size_t stride,
                 std::span<uint16_t> offsets);
void add_offsets(std::span<const uint16_t> codes, std::span<const uint16_t> index, size_t stride,
                 std::span<uint16_t> offsets);

// offsets[i] = elsewhere where mask[i] is 0.
void send_elsewhere(std::span<const uint8_t> mask, uint16_t elsewhere, std::span<uint16_t> offsets);

// The quad of each weight.
void make_quads(std::span<const double> weights, std::span<double> quads);

// Adds the quad of case i at offsets[i] of the sums. With 4 copies (sums.size() / 4 apart) case i
// goes to copy i % 4, so that additions to one cell need not wait for each other.
void add_quads(std::span<const double> quads, std::span<const uint16_t> offsets, size_t copies,
               std::span<double> sums);

// The sum of the copies, ((0 + 1) + (2 + 3)); `sums` are 0 afterwards.
void fold_copies(std::span<double> sums, size_t copies, std::span<double> folded);

// Adds each quad's w and n to those of its cell, and the quads to `totals`.
void add_row(std::span<const double> quads, std::span<double> row_w, std::span<uint32_t> row_n,
             std::span<double> totals);

// to[i] += from[i]
void add_to(std::span<const double> from, std::span<double> to);

}  // namespace barometer
