#include "bench/bandwidth.h"

#include <algorithm>
#include <array>
#include <functional>
#include <thread>
#include <vector>

namespace barometer::bench {
namespace {

// Eight sums side by side, so that no addition waits for the one before.
double sum_of(const double* values, size_t count) {
  std::array<double, 8> sum{};
  for (size_t i = 0; i + 8 <= count; i += 8) {
    for (size_t k = 0; k < 8; ++k) sum[k] += values[i + k];
  }
  double total = 0;
  for (const double part : sum) total += part;
  return total;
}

void on_threads(size_t threads, const std::function<void(size_t)>& work) {
  std::vector<std::jthread> others;
  for (size_t t = 1; t < threads; ++t) others.emplace_back([&work, t] { work(t); });
  work(0);
}

}  // namespace

Result<Measured> read_sum(size_t megabytes, size_t threads) {
  const size_t count = megabytes * 1000000 / sizeof(double) / threads;
  std::vector<std::vector<double>> parts(threads, std::vector<double>(count, 1.0));
  std::vector<double> sums(threads);
  return measure({.least = 5, .most = 15}, [&]() -> Result<Found> {
    on_threads(threads, [&](size_t t) { sums[t] = sum_of(parts[t].data(), count); });
    double total = 0;
    for (const double sum : sums) total += sum;
    if (total <= 0) return fail(ErrorCode::kInvalid, "the sum is lost");
    return Found{.value = {static_cast<double>(count * threads * sizeof(double))}};
  });
}

Result<Measured> triad(size_t megabytes, size_t threads) {
  const size_t count = megabytes * 1000000 / sizeof(double) / threads;
  struct Part {
    std::vector<double> a, b, c;
  };
  std::vector<Part> parts(threads);
  for (Part& part : parts) {
    part = {std::vector<double>(count), std::vector<double>(count, 1.0),
            std::vector<double>(count, 2.0)};
  }
  return measure({.least = 5, .most = 15}, [&]() -> Result<Found> {
    on_threads(threads, [&](size_t t) {
      double* a = parts[t].a.data();
      const double* b = parts[t].b.data();
      const double* c = parts[t].c.data();
      for (size_t i = 0; i < count; ++i) a[i] = b[i] + 3 * c[i];
    });
    return Found{.value = {static_cast<double>(3 * count * threads * sizeof(double))}};
  });
}

}  // namespace barometer::bench
