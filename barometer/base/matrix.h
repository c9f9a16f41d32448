// Dense matrices and vectors of doubles, as Eigen makes them; columns are stored together.
#pragma once

#include <Eigen/Core>

namespace barometer {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

}  // namespace barometer
