#include <fmt/format.h>

#include "barometer/sample/make_replicates.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// Sums of the replicate weights by cell: row sums times the factors of the row's unit.
Matrix replicate_sums(const CellSums& sums, const ReplicateFactors& made,
                      std::span<const uint32_t> unit_of_row) {
  // Replicates down, so that a cell's sums are together.
  Matrix by_cell = Matrix::Zero(made.factors.cols(), static_cast<Eigen::Index>(sums.cell_count));
  const Matrix factors = made.factors.transpose();
  for (size_t row = 0; row < sums.row_count; ++row) {
    const auto factor = factors.col(unit_of_row[row]);
    for (size_t at = sums.row_begin[row]; at < sums.row_begin[row + 1]; ++at) {
      by_cell.col(sums.cell_of(row, at)) += sums.row_w[at] * factor;
    }
  }
  return by_cell.transpose();
}

struct MadeReplicates {
  ReplicateFactors factors;
  std::vector<uint32_t> unit_of_row;
};

Result<MadeReplicates> replicates_of(const Design& design, size_t count) {
  MadeReplicates made;
  made.factors =
      TRY(replicate_factors(design, {.type = ReplicateType::kBootstrap, .count = count}));
  for (size_t row = 0; row < design.row_count(); ++row) {
    const uint32_t first = design.order()[design.row_begin()[row]];
    made.unit_of_row.push_back(made.factors.unit_of_case[first]);
  }
  return made;
}

Result<Sample> replicated_cells(std::shared_ptr<const CellSums> sums, Matrix weights,
                                const ReplicateFactors& made) {
  Replicates replicates;
  replicates.type = ReplicateType::kBootstrap;
  replicates.weights = std::move(weights);
  replicates.scale = made.scale;
  replicates.rscales = made.rscales;
  return TRY(Sample::replicated(sums->w, std::move(replicates))).counted(sums);
}

Result<Run> on_replicated_cells(const Subject& subject, const CellQuery& query,
                                const Question& question, Weighting weighting) {
  const bool given = weighting.kind == Weighting::kReplicatesGiven;
  const auto engine = TRY(make_engine(subject, weighting));
  const auto made =
      std::make_shared<const MadeReplicates>(TRY(replicates_of(engine->design(), weighting.count)));
  CellQuery asked = query;
  asked.replicates = given;
  asked.by_row = !given;
  return Run([=]() -> Result<Found> {
    Cells cells = TRY(engine->cells(asked, Progress()));
    const auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
    Matrix weights = given ? std::move(cells.replicates)
                           : replicate_sums(*sums, made->factors, made->unit_of_row);
    const Sample sample = TRY(replicated_cells(sums, std::move(weights), made->factors));
    return question(sample, cells.data);
  });
}

}  // namespace

Result<std::shared_ptr<const MemoryEngine>> make_engine(const Subject& subject,
                                                        Weighting weighting) {
  MemoryEngineOptions options{.threads = subject.threads};
  if (weighting.kind == Weighting::kReplicatesGiven) {
    const auto matrix = std::make_shared<MemoryEngineOptions::CaseMatrix>(
        TRY(replicated_sample(subject, weighting)).replicates()->weights);
    options.replicates = matrix;
  }
  const auto design = std::make_shared<const Design>(TRY(make_design(*subject.data)));
  return MemoryEngine::make(subject.data, design, std::move(options));
}

Prepare on_cells(CellQuery query, Question question, Weighting weighting) {
  return [=](const Subject& subject) -> Result<Run> {
    if (weighting.kind != Weighting::kDesign) {
      return on_replicated_cells(subject, query, question, weighting);
    }
    const auto engine = TRY(make_engine(subject));
    const std::shared_ptr<const Design> design(engine, &engine->design());
    return Run([=]() -> Result<Found> {
      Cells cells = TRY(engine->cells(query, Progress()));
      const auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
      return question(Sample::of_cells(design, sums), cells.data);
    });
  };
}

}  // namespace barometer::bench
