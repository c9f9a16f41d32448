#include "barometer/engine/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "barometer/engine/kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

// Compiled once for each set of instructions. Loops without intrinsics are those that compilers
// turn into vector code by themselves.
HWY_BEFORE_NAMESPACE();
namespace barometer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using UpToFour = hn::CappedTag<double, 4>;

template <class T>
void add_scaled(const T* HWY_RESTRICT codes, uint16_t stride, uint16_t* HWY_RESTRICT offsets,
                size_t count) {
  for (size_t i = 0; i < count; ++i) {
    offsets[i] = static_cast<uint16_t>(offsets[i] + stride * codes[i]);
  }
}

void add_narrow(const uint8_t* codes, uint16_t stride, uint16_t* offsets, size_t count) {
  add_scaled(codes, stride, offsets, count);
}

void add_wide(const uint16_t* codes, uint16_t stride, uint16_t* offsets, size_t count) {
  add_scaled(codes, stride, offsets, count);
}

void set_narrow(const uint8_t* HWY_RESTRICT codes, uint16_t stride, uint16_t* HWY_RESTRICT offsets,
                size_t count) {
  for (size_t i = 0; i < count; ++i) offsets[i] = static_cast<uint16_t>(stride * codes[i]);
}

void mask_offsets(const uint8_t* HWY_RESTRICT mask, uint16_t elsewhere,
                  uint16_t* HWY_RESTRICT offsets, size_t count) {
  for (size_t i = 0; i < count; ++i) offsets[i] = mask[i] == 0 ? elsewhere : offsets[i];
}

// `tables`: of the codes 0 … 15, then of 240 … 255.
void look_up_bytes(const uint8_t* HWY_RESTRICT codes, const uint8_t* HWY_RESTRICT tables,
                   uint8_t* HWY_RESTRICT indices, size_t count) {
  const hn::ScalableTag<uint8_t> d;
  const auto low = hn::LoadDup128(d, tables);
  const auto high = hn::LoadDup128(d, tables + 16);
  const auto nibble = hn::Set(d, 15);
  size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    const auto code = hn::LoadU(d, codes + i);
    const auto at = hn::And(code, nibble);
    const auto is_low = hn::Eq(at, code);
    hn::StoreU(
        hn::IfThenElse(is_low, hn::TableLookupBytes(low, at), hn::TableLookupBytes(high, at)), d,
        indices + i);
  }
  for (; i < count; ++i) {
    indices[i] = tables[codes[i] < 16 ? codes[i] : 16 + (codes[i] & 15)];
  }
}

// Stores {a[i], b[i], c[i], e[i]} for each lane i of four, at least two, or one.
template <class V>
HWY_INLINE void store_quads(V a, V b, V c, V e, double* HWY_RESTRICT to) {
#if HWY_TARGET != HWY_SCALAR
  const hn::DFromV<V> d;
  const auto ab_even = hn::InterleaveLower(d, a, b);
  const auto ab_odd = hn::InterleaveUpper(d, a, b);
  const auto ce_even = hn::InterleaveLower(d, c, e);
  const auto ce_odd = hn::InterleaveUpper(d, c, e);
  if (hn::Lanes(d) == 4) {
    hn::Store(hn::ConcatLowerLower(d, ce_even, ab_even), d, to);
    hn::Store(hn::ConcatLowerLower(d, ce_odd, ab_odd), d, to + 4);
    hn::Store(hn::ConcatUpperUpper(d, ce_even, ab_even), d, to + 8);
    hn::Store(hn::ConcatUpperUpper(d, ce_odd, ab_odd), d, to + 12);
    return;
  }
  hn::Store(ab_even, d, to);
  hn::Store(ce_even, d, to + 2);
  hn::Store(ab_odd, d, to + 4);
  hn::Store(ce_odd, d, to + 6);
#else
  const hn::DFromV<V> d;
  hn::Store(a, d, to);
  hn::Store(b, d, to + 1);
  hn::Store(c, d, to + 2);
  hn::Store(e, d, to + 3);
#endif
}

void quads_of(const double* HWY_RESTRICT weights, Quad* HWY_RESTRICT quads, size_t count) {
  const UpToFour d;
  const auto one = hn::Set(d, 1.0);
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto w = hn::LoadU(d, weights + i);
    const auto live = hn::IfThenElseZero(hn::Gt(w, hn::Zero(d)), one);
    store_quads(w, hn::Mul(w, w), one, live, &quads[i].w);
  }
  for (; i < count; ++i) {
    const double w = weights[i];
    quads[i] = {w, w * w, 1, w > 0 ? 1.0 : 0.0};
  }
}

void quads_of_moments(const double* HWY_RESTRICT weights, const double* HWY_RESTRICT values,
                      double centre, MomentQuad* HWY_RESTRICT quads, size_t count) {
  const UpToFour d;
  const auto middle = hn::Set(d, centre);
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto w = hn::LoadU(d, weights + i);
    const auto v = hn::Sub(hn::LoadU(d, values + i), middle);
    const auto wv = hn::Mul(w, v);
    store_quads(wv, hn::Mul(wv, v), hn::Mul(w, wv), hn::Mul(wv, wv), &quads[i].wv);
  }
  for (; i < count; ++i) {
    const double v = values[i] - centre;
    const double wv = weights[i] * v;
    quads[i] = {wv, wv * v, weights[i] * wv, wv * wv};
  }
}

// Quads from here on are four doubles each, whatever they mean.
HWY_INLINE void add_quad(const double* quad, double* to) {
  const UpToFour d;
  for (size_t k = 0; k < kQuadDoubles; k += hn::Lanes(d)) {
    hn::Store(hn::Add(hn::Load(d, to + k), hn::Load(d, quad + k)), d, to + k);
  }
}

void add_one_copy(const double* HWY_RESTRICT quads, const uint16_t* HWY_RESTRICT offsets,
                  size_t count, double* sums) {
  for (size_t i = 0; i < count; ++i, quads += kQuadDoubles) add_quad(quads, sums + offsets[i]);
}

void add_at_cells(const double* HWY_RESTRICT quads, const uint16_t* HWY_RESTRICT cells,
                  size_t count, double* sums) {
  for (size_t i = 0; i < count; ++i, quads += kQuadDoubles) {
    add_quad(quads, sums + kQuadDoubles * cells[i]);
  }
}

void add_four_copies(const double* HWY_RESTRICT quads, const uint16_t* HWY_RESTRICT offsets,
                     size_t count, double* sums, size_t apart) {
  double* to[4];
  for (size_t k = 0; k < 4; ++k) to[k] = sums + k * apart * kQuadDoubles;
  size_t i = 0;
  for (; i + 4 <= count; i += 4, quads += 4 * kQuadDoubles) {
    add_quad(quads, to[0] + offsets[i]);
    add_quad(quads + kQuadDoubles, to[1] + offsets[i + 1]);
    add_quad(quads + 2 * kQuadDoubles, to[2] + offsets[i + 2]);
    add_quad(quads + 3 * kQuadDoubles, to[3] + offsets[i + 3]);
  }
  for (; i < count; ++i, quads += kQuadDoubles) add_quad(quads, to[i % 4] + offsets[i]);
}

void fold_four(double* HWY_RESTRICT from, size_t apart, double* HWY_RESTRICT to, size_t count) {
  const UpToFour d;
  const auto zero = hn::Zero(d);
  const size_t step = apart * kQuadDoubles;
  for (size_t i = 0; i < count * kQuadDoubles; i += hn::Lanes(d)) {
    const auto first = hn::Add(hn::Load(d, from + i), hn::Load(d, from + step + i));
    const auto last = hn::Add(hn::Load(d, from + 2 * step + i), hn::Load(d, from + 3 * step + i));
    hn::Store(hn::Add(first, last), d, to + i);
    for (size_t k = 0; k < 4; ++k) hn::Store(zero, d, from + k * step + i);
  }
}

void add_doubles(const double* HWY_RESTRICT from, double* HWY_RESTRICT to, size_t count) {
  const UpToFour d;
  size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
    hn::StoreU(hn::Add(hn::LoadU(d, to + i), hn::LoadU(d, from + i)), d, to + i);
  }
  for (; i < count; ++i) to[i] += from[i];
}

void add_row(const Quad* HWY_RESTRICT quads, double* HWY_RESTRICT row_w,
             uint32_t* HWY_RESTRICT row_n, size_t count) {
  for (size_t cell = 0; cell < count; ++cell) {
    row_w[cell] += quads[cell].w;
    row_n[cell] += static_cast<uint32_t>(static_cast<int32_t>(quads[cell].n));
  }
}

void add_weight_rows(const double* HWY_RESTRICT weights, size_t width, size_t columns,
                     const uint32_t* HWY_RESTRICT cells, size_t count, double* HWY_RESTRICT sums) {
  const UpToFour d;
  const size_t line = columns_padded(columns);
  for (size_t i = 0; i < count; ++i, weights += width) {
    double* to = sums + cells[i] * line;
    size_t k = 0;
    for (; k + hn::Lanes(d) <= columns; k += hn::Lanes(d)) {
      hn::Store(hn::Add(hn::Load(d, to + k), hn::LoadU(d, weights + k)), d, to + k);
    }
    for (; k < columns; ++k) to[k] += weights[k];
  }
}

// Four sums side by side, whatever the vectors.
template <size_t kCount>
HWY_INLINE void dot(const double* HWY_RESTRICT a, const double* HWY_RESTRICT b, size_t apart,
                    size_t count, double* HWY_RESTRICT products) {
  const UpToFour d;
  double sums[kCount][4] = {};
  size_t i = 0;
  if (hn::Lanes(d) == 4) {
    decltype(hn::Zero(d)) vectors[kCount];
    for (auto& vector : vectors) vector = hn::Zero(d);
    for (; i + 4 <= count; i += 4) {
      const auto of_a = hn::LoadU(d, a + i);
      for (size_t k = 0; k < kCount; ++k) {
        vectors[k] = hn::Add(vectors[k], hn::Mul(of_a, hn::LoadU(d, b + k * apart + i)));
      }
    }
    for (size_t k = 0; k < kCount; ++k) hn::StoreU(vectors[k], d, sums[k]);
  }
  for (; i < count; ++i) {
    for (size_t k = 0; k < kCount; ++k) sums[k][i % 4] += a[i] * b[k * apart + i];
  }
  for (size_t k = 0; k < kCount; ++k) {
    products[k] = (sums[k][0] + sums[k][1]) + (sums[k][2] + sums[k][3]);
  }
}

void dots(const double* a, size_t count, const double* b, size_t apart, double* products,
          size_t product_count) {
  size_t k = 0;
  for (; k + 4 <= product_count; k += 4) dot<4>(a, b + k * apart, apart, count, products + k);
  const double* rest = b + k * apart;
  if (product_count - k == 3) dot<3>(a, rest, apart, count, products + k);
  if (product_count - k == 2) dot<2>(a, rest, apart, count, products + k);
  if (product_count - k == 1) dot<1>(a, rest, apart, count, products + k);
}

// Eight of each sum side by side, whatever the vectors. terms(i, to) adds those of four cases from
// i on; terms_of_one(i, to) sets those of case i.
template <size_t kSums, class Terms, class TermsOfOne>
HWY_INLINE void sum_side_by_side(size_t count, double* HWY_RESTRICT folded, Terms terms,
                                 TermsOfOne terms_of_one) {
  const UpToFour d;
  double sums[kSums][8] = {};
  double next[kSums];
  size_t i = 0;
  if (hn::Lanes(d) == 4) {
    decltype(hn::Zero(d)) low[kSums];
    decltype(hn::Zero(d)) high[kSums];
    for (size_t k = 0; k < kSums; ++k) low[k] = high[k] = hn::Zero(d);
    for (; i + 8 <= count; i += 8) {
      terms(i, low);
      terms(i + 4, high);
    }
    for (size_t k = 0; k < kSums; ++k) {
      hn::StoreU(low[k], d, sums[k]);
      hn::StoreU(high[k], d, sums[k] + 4);
    }
  }
  for (; i < count; ++i) {
    terms_of_one(i, next);
    for (size_t k = 0; k < kSums; ++k) sums[k][i % 8] += next[k];
  }
  for (size_t k = 0; k < kSums; ++k) {
    const double* of = sums[k];
    folded[k] = ((of[0] + of[4]) + (of[1] + of[5])) + ((of[2] + of[6]) + (of[3] + of[7]));
  }
}

// Σw, Σw² and how many are above 0.
void weight_sums(const double* weights, size_t count, double* sums) {
  const UpToFour d;
  sum_side_by_side<3>(
      count, sums,
      [&](size_t i, auto* to) HWY_ATTR {
        const auto w = hn::LoadU(d, weights + i);
        to[0] = hn::Add(to[0], w);
        to[1] = hn::Add(to[1], hn::Mul(w, w));
        to[2] = hn::Add(to[2], hn::IfThenElseZero(hn::Gt(w, hn::Zero(d)), hn::Set(d, 1.0)));
      },
      [&](size_t i, double* terms) HWY_ATTR {
        terms[0] = weights[i];
        terms[1] = weights[i] * weights[i];
        terms[2] = weights[i] > 0 ? 1 : 0;
      });
}

// Of w, and with kSums = 4 of w² too.
template <size_t kSums>
HWY_INLINE void sum_moments(const double* weights, const double* values, double centre,
                            size_t count, double* sums) {
  const UpToFour d;
  const auto middle = hn::Set(d, centre);
  sum_side_by_side<kSums>(
      count, sums,
      [&](size_t i, auto* to) HWY_ATTR {
        const auto w = hn::LoadU(d, weights + i);
        const auto v = hn::Sub(hn::LoadU(d, values + i), middle);
        const auto wv = hn::Mul(w, v);
        to[0] = hn::Add(to[0], wv);
        to[1] = hn::Add(to[1], hn::Mul(wv, v));
        if constexpr (kSums == 4) {
          to[2] = hn::Add(to[2], hn::Mul(w, wv));
          to[3] = hn::Add(to[3], hn::Mul(wv, wv));
        }
      },
      [&](size_t i, double* terms) HWY_ATTR {
        const double v = values[i] - centre;
        const double wv = weights[i] * v;
        terms[0] = wv;
        terms[1] = wv * v;
        if constexpr (kSums == 4) {
          terms[2] = weights[i] * wv;
          terms[3] = wv * wv;
        }
      });
}

void moment_sums(const double* weights, const double* values, double centre, size_t count,
                 double* sums) {
  sum_moments<2>(weights, values, centre, count, sums);
}

void moment_sums_squared(const double* weights, const double* values, double centre, size_t count,
                         double* sums) {
  sum_moments<4>(weights, values, centre, count, sums);
}

}  // namespace barometer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>

namespace barometer {
HWY_EXPORT(add_narrow);
HWY_EXPORT(add_wide);
HWY_EXPORT(set_narrow);
HWY_EXPORT(mask_offsets);
HWY_EXPORT(look_up_bytes);
HWY_EXPORT(quads_of);
HWY_EXPORT(quads_of_moments);
HWY_EXPORT(add_one_copy);
HWY_EXPORT(add_at_cells);
HWY_EXPORT(add_four_copies);
HWY_EXPORT(fold_four);
HWY_EXPORT(add_doubles);
HWY_EXPORT(add_row);
HWY_EXPORT(add_weight_rows);
HWY_EXPORT(dots);
HWY_EXPORT(weight_sums);
HWY_EXPORT(moment_sums);
HWY_EXPORT(moment_sums_squared);

namespace {

const double* doubles_of(std::span<const Quad> quads) { return &quads.data()->w; }
const double* doubles_of(std::span<const MomentQuad> quads) { return &quads.data()->wv; }
double* doubles_of(std::span<Quad> quads) { return &quads.data()->w; }
double* doubles_of(std::span<MomentQuad> quads) { return &quads.data()->wv; }

template <class AnyQuad>
void add_any_quads(std::span<const AnyQuad> quads, std::span<const uint16_t> offsets, size_t copies,
                   std::span<AnyQuad> sums) {
  if (copies == 4) {
    HWY_DYNAMIC_DISPATCH(add_four_copies)
    (doubles_of(quads), offsets.data(), offsets.size(), doubles_of(sums), sums.size() / 4);
  } else {
    HWY_DYNAMIC_DISPATCH(add_one_copy)
    (doubles_of(quads), offsets.data(), offsets.size(), doubles_of(sums));
  }
}

template <class AnyQuad>
void fold_any_copies(std::span<AnyQuad> sums, size_t copies, std::span<AnyQuad> folded) {
  const size_t apart = sums.size() / copies;
  if (copies == 4) {
    HWY_DYNAMIC_DISPATCH(fold_four)(doubles_of(sums), apart, doubles_of(folded), folded.size());
    for (size_t k = 0; k < 4; ++k) {
      const auto rest = sums.subspan(k * apart + folded.size(), apart - folded.size());
      std::fill(rest.begin(), rest.end(), AnyQuad());
    }
  } else {
    std::copy_n(sums.begin(), folded.size(), folded.begin());
    std::fill(sums.begin(), sums.end(), AnyQuad());
  }
}

}  // namespace

void look_up(std::span<const uint8_t> codes, std::span<const uint16_t, 256> index,
             std::span<uint8_t> indices) {
  std::array<uint8_t, 32> tables{};
  for (size_t i = 0; i < 16; ++i) {
    tables[i] = static_cast<uint8_t>(index[i]);
    tables[16 + i] = static_cast<uint8_t>(index[240 + i]);
  }
  HWY_DYNAMIC_DISPATCH(look_up_bytes)(codes.data(), tables.data(), indices.data(), indices.size());
}

void set_offsets(std::span<const uint8_t> codes, size_t stride, std::span<uint16_t> offsets) {
  HWY_DYNAMIC_DISPATCH(set_narrow)
  (codes.data(), static_cast<uint16_t>(stride), offsets.data(), offsets.size());
}

void add_offsets(std::span<const uint8_t> codes, size_t stride, std::span<uint16_t> offsets) {
  HWY_DYNAMIC_DISPATCH(add_narrow)
  (codes.data(), static_cast<uint16_t>(stride), offsets.data(), offsets.size());
}

void add_offsets(std::span<const uint16_t> codes, size_t stride, std::span<uint16_t> offsets) {
  HWY_DYNAMIC_DISPATCH(add_wide)
  (codes.data(), static_cast<uint16_t>(stride), offsets.data(), offsets.size());
}

void send_elsewhere(std::span<const uint8_t> mask, uint16_t elsewhere,
                    std::span<uint16_t> offsets) {
  HWY_DYNAMIC_DISPATCH(mask_offsets)(mask.data(), elsewhere, offsets.data(), offsets.size());
}

void make_quads(std::span<const double> weights, std::span<Quad> quads) {
  HWY_DYNAMIC_DISPATCH(quads_of)(weights.data(), quads.data(), weights.size());
}

void make_moments(std::span<const double> weights, std::span<const double> values, double centre,
                  std::span<MomentQuad> quads) {
  HWY_DYNAMIC_DISPATCH(quads_of_moments)
  (weights.data(), values.data(), centre, quads.data(), weights.size());
}

void add_quads(std::span<const Quad> quads, std::span<const uint16_t> offsets, size_t copies,
               std::span<Quad> sums) {
  add_any_quads(quads, offsets, copies, sums);
}
void add_quads(std::span<const MomentQuad> quads, std::span<const uint16_t> offsets, size_t copies,
               std::span<MomentQuad> sums) {
  add_any_quads(quads, offsets, copies, sums);
}

void add_quads_at(std::span<const Quad> quads, std::span<const uint16_t> cells,
                  std::span<Quad> sums) {
  HWY_DYNAMIC_DISPATCH(add_at_cells)
  (doubles_of(quads), cells.data(), cells.size(), doubles_of(sums));
}

void fold_copies(std::span<Quad> sums, size_t copies, std::span<Quad> folded) {
  fold_any_copies(sums, copies, folded);
}
void fold_copies(std::span<MomentQuad> sums, size_t copies, std::span<MomentQuad> folded) {
  fold_any_copies(sums, copies, folded);
}

void add_to(std::span<const Quad> from, std::span<Quad> to) {
  if (to.empty()) return;
  HWY_DYNAMIC_DISPATCH(add_doubles)(doubles_of(from), doubles_of(to), to.size() * kQuadDoubles);
}
void add_to(std::span<const MomentQuad> from, std::span<MomentQuad> to) {
  if (to.empty()) return;
  HWY_DYNAMIC_DISPATCH(add_doubles)(doubles_of(from), doubles_of(to), to.size() * kQuadDoubles);
}

void add_to(std::span<const double> from, std::span<double> to) {
  HWY_DYNAMIC_DISPATCH(add_doubles)(from.data(), to.data(), to.size());
}

void add_to_row(std::span<const Quad> quads, std::span<double> row_w, std::span<uint32_t> row_n) {
  HWY_DYNAMIC_DISPATCH(add_row)(quads.data(), row_w.data(), row_n.data(), row_w.size());
}

void add_rows(std::span<const double> weights, size_t width, size_t columns,
              std::span<const uint32_t> cells, std::span<double> sums) {
  HWY_DYNAMIC_DISPATCH(add_weight_rows)
  (weights.data(), width, columns, cells.data(), cells.size(), sums.data());
}

Quad sum_of(std::span<const double> weights) {
  std::array<double, 3> sums{};
  HWY_DYNAMIC_DISPATCH(weight_sums)(weights.data(), weights.size(), sums.data());
  return {sums[0], sums[1], static_cast<double>(weights.size()), sums[2]};
}

MomentQuad moments_of(std::span<const double> weights, std::span<const double> values,
                      double centre, bool squares) {
  std::array<double, 4> sums{};
  if (squares) {
    HWY_DYNAMIC_DISPATCH(moment_sums_squared)
    (weights.data(), values.data(), centre, weights.size(), sums.data());
  } else {
    HWY_DYNAMIC_DISPATCH(moment_sums)
    (weights.data(), values.data(), centre, weights.size(), sums.data());
  }
  return {sums[0], sums[1], sums[2], sums[3]};
}

void dot_products(std::span<const double> a, std::span<const double> b, size_t apart,
                  std::span<double> products) {
  HWY_DYNAMIC_DISPATCH(dots)
  (a.data(), a.size(), b.data(), apart, products.data(), products.size());
}

}  // namespace barometer

#endif  // HWY_ONCE
