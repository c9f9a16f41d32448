#include "barometer/engine/kernels.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace barometer {
namespace {

// Lengths around the widths of vectors.
class Kernels : public ::testing::TestWithParam<size_t> {
 protected:
  [[nodiscard]] size_t count() const { return GetParam(); }
  template <class T>
  std::vector<T> below(size_t bound, size_t size) {
    std::vector<T> values(size);
    for (T& value : values) value = static_cast<T>(random_() % bound);
    return values;
  }
  template <class T>
  std::vector<T> below(size_t bound) {
    return below<T>(bound, count());
  }
  // Whole numbers of four, some 0: their sums are exact in any order.
  std::vector<double> weights() { return below<double>(4); }

 private:
  std::mt19937_64 random_{GetParam()};
};

TEST_P(Kernels, LookUp) {
  std::vector<uint8_t> codes = below<uint8_t>(32);
  for (uint8_t& code : codes) code = static_cast<uint8_t>(code < 16 ? code : code + 224);
  const auto index = below<uint16_t>(200, 256);
  std::vector<uint8_t> found(count());
  look_up(codes, std::span<const uint16_t>(index).first<256>(), found);
  for (size_t i = 0; i < count(); ++i) EXPECT_EQ(found[i], index[codes[i]]) << i;
}

TEST_P(Kernels, Offsets) {
  const auto a = below<uint8_t>(256);
  const auto b = below<uint8_t>(20);
  const auto c = below<uint16_t>(300);
  const auto mask = below<uint8_t>(2);
  std::vector<uint16_t> offsets(count(), 9);
  set_offsets(a, 40, offsets);
  add_offsets(std::span<const uint8_t>(b), 7, offsets);
  add_offsets(std::span<const uint16_t>(c), 3, offsets);
  send_elsewhere(mask, 60000, offsets);
  for (size_t i = 0; i < count(); ++i) {
    EXPECT_EQ(offsets[i], mask[i] == 0 ? 60000 : 40 * a[i] + 7 * b[i] + 3 * c[i]) << i;
  }
}

TEST_P(Kernels, QuadsOfCasesAddedByCell) {
  constexpr size_t kCells = 5;
  const std::vector<double> w = weights();
  auto offsets = below<uint16_t>(kCells);
  std::vector<Quad> wanted(kCells);
  for (size_t i = 0; i < count(); ++i) {
    Quad& to = wanted[offsets[i]];
    to = {to.w + w[i], to.w2 + w[i] * w[i], to.n + 1, to.live + (w[i] > 0 ? 1 : 0)};
    offsets[i] = static_cast<uint16_t>(offsets[i] * kQuadDoubles);
  }
  std::vector<Quad> quads(count());
  make_quads(w, quads);
  for (const size_t copies : {1U, 4U}) {
    std::vector<Quad> sums(copies * kCells);
    add_quads(quads, offsets, copies, sums);
    std::vector<Quad> folded(kCells - 1);  // the last cell is left out
    fold_copies(sums, copies, folded);
    for (size_t cell = 0; cell < folded.size(); ++cell) {
      EXPECT_EQ(folded[cell].w, wanted[cell].w);
      EXPECT_EQ(folded[cell].w2, wanted[cell].w2);
      EXPECT_EQ(folded[cell].n, wanted[cell].n);
      EXPECT_EQ(folded[cell].live, wanted[cell].live);
    }
    for (const Quad& sum : sums) EXPECT_EQ(sum.n, 0);
  }
}

TEST_P(Kernels, QuadsAddedByIndexOfTheCell) {
  const std::vector<double> w = weights();
  const auto cells = below<uint16_t>(7);
  std::vector<Quad> quads(count());
  make_quads(w, quads);
  std::vector<Quad> sums(7);
  add_quads_at(quads, cells, sums);
  std::vector<Quad> wanted(7);
  for (size_t i = 0; i < count(); ++i) {
    wanted[cells[i]].w += w[i];
    wanted[cells[i]].n += 1;
  }
  for (size_t cell = 0; cell < sums.size(); ++cell) {
    EXPECT_EQ(sums[cell].w, wanted[cell].w);
    EXPECT_EQ(sums[cell].n, wanted[cell].n);
  }
}

TEST_P(Kernels, MomentsOfOneNumber) {
  constexpr size_t kCells = 3;
  constexpr double kCentre = 4;
  const std::vector<double> w = weights();
  const auto values = below<double>(10);
  auto offsets = below<uint16_t>(kCells);
  MomentQuad all;
  std::vector<MomentQuad> wanted(kCells);
  for (size_t i = 0; i < count(); ++i) {
    const double v = values[i] - kCentre;
    for (MomentQuad* to : {&all, &wanted[offsets[i]]}) {
      *to = {to->wv + w[i] * v, to->wvv + w[i] * v * v, to->w2v + w[i] * w[i] * v,
             to->w2vv + w[i] * w[i] * v * v};
    }
    offsets[i] = static_cast<uint16_t>(offsets[i] * kQuadDoubles);
  }
  const auto expect_equal = [](const MomentQuad& a, const MomentQuad& b) {
    EXPECT_EQ(a.wv, b.wv);
    EXPECT_EQ(a.wvv, b.wvv);
    EXPECT_EQ(a.w2v, b.w2v);
    EXPECT_EQ(a.w2vv, b.w2vv);
  };
  expect_equal(moments_of(w, values, kCentre, true), all);
  expect_equal(moments_of(w, values, kCentre, false), {all.wv, all.wvv, 0, 0});
  std::vector<MomentQuad> quads(count());
  make_moments(w, values, kCentre, quads);
  for (const size_t copies : {1U, 4U}) {
    std::vector<MomentQuad> sums(copies * kCells);
    std::vector<MomentQuad> folded(kCells);
    add_quads(quads, offsets, copies, sums);
    fold_copies(sums, copies, folded);
    std::vector<MomentQuad> twice = folded;
    add_to(folded, twice);
    for (size_t cell = 0; cell < kCells; ++cell) {
      expect_equal(folded[cell], wanted[cell]);
      EXPECT_EQ(twice[cell].w2vv, 2 * wanted[cell].w2vv);
    }
  }
}

TEST_P(Kernels, RowsOfCells) {
  std::vector<Quad> quads(count());
  make_quads(weights(), quads);
  std::vector<double> row_w(count(), 10);
  std::vector<uint32_t> row_n(count(), 20);
  add_to_row(quads, row_w, row_n);
  std::vector<Quad> doubled = quads;
  add_to(quads, doubled);
  for (size_t i = 0; i < count(); ++i) {
    EXPECT_EQ(row_w[i], 10 + quads[i].w);
    EXPECT_EQ(row_n[i], 21U);
    EXPECT_EQ(doubled[i].live, 2 * quads[i].live);
  }
}

TEST_P(Kernels, RowsOfReplicates) {
  constexpr size_t kRows = 3;
  const size_t width = count() + 2;
  const auto weights = below<double>(100, kRows * width);
  const std::vector<uint32_t> cells{1, 0, 1};
  std::vector<Quad> sums(2 * columns_padded(count()) / kQuadDoubles);
  const std::span<double> lines(&sums.data()->w, sums.size() * kQuadDoubles);
  add_rows(weights, width, count(), cells, lines);
  for (size_t k = 0; k < count(); ++k) {
    EXPECT_EQ(lines[k], weights[width + k]);
    EXPECT_EQ(lines[columns_padded(count()) + k], weights[k] + weights[2 * width + k]);
  }
}

TEST_P(Kernels, SumsAndProducts) {
  const std::vector<double> w = weights();
  const size_t apart = count() + 3;
  const auto b = below<double>(50, 7 * apart);
  std::vector<double> products(7);
  dot_products(w, b, apart, products);
  for (size_t k = 0; k < products.size(); ++k) {
    double wanted = 0;
    for (size_t i = 0; i < count(); ++i) wanted += w[i] * b[k * apart + i];
    EXPECT_EQ(products[k], wanted);
  }
  Quad wanted;
  for (const double weight : w) {
    wanted.w += weight;
    wanted.w2 += weight * weight;
    wanted.live += weight > 0 ? 1 : 0;
  }
  const Quad sum = sum_of(w);
  EXPECT_EQ(sum.w, wanted.w);
  EXPECT_EQ(sum.w2, wanted.w2);
  EXPECT_EQ(sum.live, wanted.live);
  EXPECT_EQ(sum.n, static_cast<double>(count()));
}

INSTANTIATE_TEST_SUITE_P(Lengths, Kernels,
                         ::testing::Values(1U, 2U, 3U, 4U, 7U, 8U, 31U, 64U, 100U, 1023U));

}  // namespace
}  // namespace barometer
