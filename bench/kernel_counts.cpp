// Runs one kernel of the memory engine on a fixed input, for counting its instructions:
//
//   valgrind --tool=callgrind kernel_counts KERNEL
//
// Without a word it lists the kernels; "nothing" is what a run costs without one. Always with AVX2,
// so that the count is the same on every processor that has it.
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <hwy/targets.h>

#include "barometer/engine/kernels.h"

namespace barometer {
namespace {

constexpr size_t kCases = 4096;
constexpr size_t kCells = 24;
constexpr size_t kColumns = 80;

struct Input {
  std::vector<double> weights, rows;
  std::vector<uint8_t> codes, mask;
  std::vector<uint16_t> index, offsets;
  std::vector<uint32_t> cells, row_n;
  std::vector<Quad> quads, sums, folded, lines;
  std::vector<MomentQuad> moments;
  std::vector<double> products, row_w;

  Input()
      : index(256),
        row_n(kCells),
        quads(kCases),
        sums(4 * kCells),
        folded(kCells),
        lines(kCells * kColumns / kQuadDoubles),
        moments(kCases),
        products(8),
        row_w(kCells) {
    std::mt19937_64 random(7);
    for (size_t i = 0; i < kCases; ++i) {
      weights.push_back(static_cast<double>(random() % 1000) / 500);
      codes.push_back(static_cast<uint8_t>(random() % 6));
      mask.push_back(static_cast<uint8_t>(random() % 2));
      cells.push_back(static_cast<uint32_t>(random() % kCells));
      offsets.push_back(static_cast<uint16_t>(cells.back() * kQuadDoubles));
    }
    rows.assign(kCases * kColumns, 1.5);
    for (size_t i = 0; i < index.size(); ++i) index[i] = static_cast<uint16_t>(i % 6);
  }
};

using Kernel = std::function<void(Input&)>;

std::map<std::string, Kernel> kernels() {
  return {
      {"look_up",
       [](Input& in) {
         look_up(in.codes, std::span<const uint16_t>(in.index).first<256>(), in.mask);
       }},
      {"set_offsets", [](Input& in) { set_offsets(in.codes, 16, in.offsets); }},
      {"add_offsets",
       [](Input& in) { add_offsets(std::span<const uint8_t>(in.codes), 4, in.offsets); }},
      {"send_elsewhere", [](Input& in) { send_elsewhere(in.mask, 96, in.offsets); }},
      {"make_quads", [](Input& in) { make_quads(in.weights, in.quads); }},
      {"add_quads", [](Input& in) { add_quads(in.quads, in.offsets, 4, in.sums); }},
      {"add_quads_one_copy", [](Input& in) { add_quads(in.quads, in.offsets, 1, in.sums); }},
      {"fold_copies",
       [](Input& in) {
         for (int i = 0; i < 100; ++i) fold_copies(in.sums, 4, in.folded);
       }},
      {"add_to_row",
       [](Input& in) {
         for (int i = 0; i < 100; ++i) add_to_row(in.folded, in.row_w, in.row_n);
       }},
      {"add_rows",
       [](Input& in) {
         add_rows(in.rows, kColumns, kColumns, in.cells,
                  {&in.lines.data()->w, in.lines.size() * kQuadDoubles});
       }},
      {"add_quads_at", [](Input& in) { add_quads_at(in.quads, in.offsets, in.lines); }},
      {"make_moments", [](Input& in) { make_moments(in.weights, in.rows, 1.0, in.moments); }},
      {"moments_of",
       [](Input& in) { in.products[0] = moments_of(in.weights, in.rows, 1.0, false).wv; }},
      {"sum_of", [](Input& in) { in.products[0] = sum_of(in.weights).w; }},
      {"dot_products", [](Input& in) { dot_products(in.weights, in.rows, kCases, in.products); }},
  };
}

}  // namespace
}  // namespace barometer

// By this name callgrind knows what to count.
extern "C" [[gnu::noinline]] void counted(const barometer::Kernel* kernel,
                                          barometer::Input* input) {
  (*kernel)(*input);
}

int main(int argc, char** argv) {
  const auto kernels = barometer::kernels();
  if (argc < 2) {
    for (const auto& [name, kernel] : kernels) std::puts(name.c_str());
    return 0;
  }
  const auto kernel = kernels.find(argv[1]);
  if (kernel == kernels.end()) return 2;
  hwy::SetSupportedTargetsForTest(HWY_AVX2);
  barometer::Input input;
  kernel->second(input);  // once not counted: the first call of a function finds it
  counted(&kernel->second, &input);
  return 0;
}
