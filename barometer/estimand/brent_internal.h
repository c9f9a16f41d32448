// A root between two ends of opposite sign, by Brent's method.
#pragma once

#include <functional>
#include <optional>

namespace barometer {

// The best approximation met (Brent, "Algorithms for Minimization without Derivatives", 1973, ch.
// 4), as R's uniroot makes it, step by step: of a step function the side of the jump that it ends
// on matters. nullopt: the ends have one sign, or f is not finite there.
std::optional<double> brent_root(const std::function<double(double)>& f, double low, double high,
                                 double tolerance);

}  // namespace barometer
