#include <algorithm>

#include "barometer/engine/kernels.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

constexpr size_t kTile = 512;
// Parts are summed together in so many lots at most, each with at least so many cases a cell, since
// every lot has sums of its own.
constexpr size_t kMostLots = 8;
constexpr size_t kCasesOfLot = 4;

class WholeWorker {
 public:
  WholeWorker(const PassInput& input, const CellPlan& plan, std::vector<std::vector<Quad>>& lots)
      : input_(input),
        lots_(lots),
        slots_(plan.combinations(kMostWholeCells) + 1),
        plan_(&plan),
        finder_({&plan_, 1}, kTile, 1),
        quads_(kTile),
        cells_(kTile) {}

  void operator()(size_t lot) {
    lots_[lot].resize(slots_);
    const size_t parts = input_.parts.size();
    for (size_t part = lot * parts / lots_.size(); part < (lot + 1) * parts / lots_.size();
         ++part) {
      const PartRange& range = input_.parts[part];
      for (size_t first = range.first; first < range.last; first += kTile) {
        sum_tile(first, std::min(kTile, range.last - first), lots_[lot]);
      }
    }
  }

 private:
  void sum_tile(size_t first, size_t count, std::vector<Quad>& sums) {
    make_quads(input_.weights.subspan(first, count), quads_);
    finder_.load(first, count);
    const auto cells = std::span(cells_).first(count);
    finder_.find(0, cells);
    add_quads_at(std::span<const Quad>(quads_).first(count), cells, sums);
  }

  const PassInput& input_;
  std::vector<std::vector<Quad>>& lots_;
  size_t slots_;
  const CellPlan* plan_;
  TileCells finder_;
  std::vector<Quad> quads_;
  std::vector<uint16_t> cells_;
};

}  // namespace

Result<std::vector<Quad>> sum_whole(const PassInput& input, const CellPlan& plan) {
  const size_t cells = plan.combinations(kMostWholeCells);
  const size_t lot_count = std::clamp<size_t>(plan.places / (kCasesOfLot * (cells + 1)), 1,
                                              std::min(kMostLots, input.parts.size() + 1));
  std::vector<std::vector<Quad>> lots(lot_count);
  TRY_DONE(work_on_parts(lot_count, input.threads, input.progress,
                         [&] { return WholeWorker(input, plan, lots); }));
  std::vector<Quad> sums(cells);
  for (const std::vector<Quad>& lot : lots) add_to(std::span(lot).first(cells), sums);
  return sums;
}

}  // namespace barometer
