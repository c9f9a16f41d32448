// The auxiliary variables of a calibration, met with a sample and gathered by distinct rows.
#pragma once

#include "barometer/weights/calibrate.h"
#include "barometer/weights/cells_internal.h"

namespace barometer {

struct Auxiliary {
  std::vector<std::string> columns{};
  Vector population{};                  // by column
  Matrix x{};                           // cells × columns
  Vector variance{};                    // σ² by cell
  std::vector<int32_t> cell_of_case{};  // -1: weight 0
  std::vector<double> case_weights{};   // full weights, or with aggregate their cluster's mean
};
// kInvalid, kNotFound: see calibrate.h, all but columns that depend on each other.
Result<Auxiliary> read_auxiliary(const Sample& sample, const Dataset& data, const Formula& formula,
                                 const std::map<std::string, double>& population,
                                 const CalibrateOptions& options);

// An orthonormal basis of the columns under weights `w` (over `variance`): x · to_basis = basis,
// with basisᵀ diag(w / variance) basis = 1. kInvalid names a column that others determine.
struct AuxiliaryBasis {
  Matrix basis{};     // cells × p
  Matrix to_basis{};  // p × p
};
Result<AuxiliaryBasis> orthonormal_basis(const Auxiliary& auxiliary, const Vector& w,
                                         const Vector& variance);

}  // namespace barometer
