#include "barometer/sample/replicates.h"

#include "barometer/base/result.h"

namespace barometer {

std::string_view name_of(ReplicateType type) {
  switch (type) {
    case ReplicateType::kJk1:
      return "JK1";
    case ReplicateType::kJkn:
      return "JKn";
    case ReplicateType::kBrr:
      return "BRR";
    case ReplicateType::kFay:
      return "Fay";
    case ReplicateType::kBootstrap:
      return "bootstrap";
    case ReplicateType::kSubbootstrap:
      return "subbootstrap";
    case ReplicateType::kMrbBootstrap:
      return "mrbbootstrap";
    case ReplicateType::kSdr:
      return "successive difference";
    case ReplicateType::kOther:
      return "other";
  }
  return "";
}

Matrix replicate_covariance(const Matrix& thetas, const Vector& full,
                            const Replicates& replicates) {
  CHECK(thetas.rows() == static_cast<Eigen::Index>(replicates.rscales.size()),
        "one estimate a replicate");
  Eigen::RowVectorXd centre = full.transpose();
  if (!replicates.mse) {
    Eigen::Index used = 0;
    centre.setZero();
    for (Eigen::Index r = 0; r < thetas.rows(); ++r) {
      if (replicates.rscales[static_cast<size_t>(r)] <= 0) continue;
      centre += thetas.row(r);
      ++used;
    }
    if (used > 0) centre /= static_cast<double>(used);
  }
  Matrix distances = thetas.rowwise() - centre;
  for (Eigen::Index r = 0; r < thetas.rows(); ++r) {
    distances.row(r) *= std::sqrt(replicates.scale * replicates.rscales[static_cast<size_t>(r)]);
  }
  return distances.transpose() * distances;
}

}  // namespace barometer
