#include "barometer/engine/kernels.h"

#include <algorithm>

namespace barometer {
namespace {

template <class T>
void add_offsets_of(std::span<const T> codes, std::span<const uint16_t> index, size_t stride,
                    std::span<uint16_t> offsets) {
  const auto step = static_cast<uint16_t>(stride);
  const T* code = codes.data();
  uint16_t* out = offsets.data();
  if (index.empty()) {
    for (size_t i = 0; i < offsets.size(); ++i) {
      out[i] = static_cast<uint16_t>(out[i] + step * static_cast<uint16_t>(code[i]));
    }
    return;
  }
  const uint16_t* of = index.data();
  for (size_t i = 0; i < offsets.size(); ++i) {
    out[i] = static_cast<uint16_t>(out[i] + step * of[code[i]]);
  }
}

}  // namespace

void add_offsets(std::span<const uint8_t> codes, std::span<const uint16_t> index, size_t stride,
                 std::span<uint16_t> offsets) {
  add_offsets_of(codes, index, stride, offsets);
}

void add_offsets(std::span<const uint16_t> codes, std::span<const uint16_t> index, size_t stride,
                 std::span<uint16_t> offsets) {
  add_offsets_of(codes, index, stride, offsets);
}

void send_elsewhere(std::span<const uint8_t> mask, uint16_t elsewhere,
                    std::span<uint16_t> offsets) {
  for (size_t i = 0; i < offsets.size(); ++i) offsets[i] = mask[i] == 0 ? elsewhere : offsets[i];
}

void make_quads(std::span<const double> weights, std::span<double> quads) {
  double* out = quads.data();
  for (const double w : weights) {
    out[0] = w;
    out[1] = w * w;
    out[2] = 1;
    out[3] = w > 0 ? 1 : 0;
    out += kQuad;
  }
}

void add_quads(std::span<const double> quads, std::span<const uint16_t> offsets, size_t copies,
               std::span<double> sums) {
  const size_t apart = sums.size() / copies;
  const double* quad = quads.data();
  for (size_t i = 0; i < offsets.size(); ++i, quad += kQuad) {
    double* to = sums.data() + (i % copies) * apart + offsets[i];
    for (size_t k = 0; k < kQuad; ++k) to[k] += quad[k];
  }
}

void fold_copies(std::span<double> sums, size_t copies, std::span<double> folded) {
  const size_t apart = sums.size() / copies;
  double* from = sums.data();
  for (size_t i = 0; i < folded.size(); ++i) {
    folded[i] = copies == 4
                    ? (from[i] + from[apart + i]) + (from[2 * apart + i] + from[3 * apart + i])
                    : from[i];
  }
  std::fill(sums.begin(), sums.end(), 0.0);
}

void add_row(std::span<const double> quads, std::span<double> row_w, std::span<uint32_t> row_n,
             std::span<double> totals) {
  for (size_t cell = 0; cell < row_w.size(); ++cell) {
    row_w[cell] += quads[kQuad * cell];
    row_n[cell] += static_cast<uint32_t>(quads[kQuad * cell + 2]);
  }
  add_to(quads.first(totals.size()), totals);
}

void add_to(std::span<const double> from, std::span<double> to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace barometer
