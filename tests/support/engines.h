// Every engine that estimates are tested on: each is made from a data set and the specification of
// its design.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/engine/memory_engine.h"
#include "tests/support/plain_engine.h"

namespace barometer::testing {

struct EngineMaker {
  std::string label;
  std::function<std::shared_ptr<const Engine>(std::shared_ptr<const Dataset>, DesignSpec)> make;
};
inline void PrintTo(const EngineMaker& maker, std::ostream* out) { *out << maker.label; }

inline std::shared_ptr<const Design> design_of(DesignSpec spec) {
  return std::make_shared<const Design>(Design::make(std::move(spec)).value());
}

inline EngineMaker memory_engine(size_t threads) {
  return {"memory" + std::to_string(threads),
          [threads](std::shared_ptr<const Dataset> data, DesignSpec spec) {
            return MemoryEngine::make(std::move(data), design_of(std::move(spec)),
                                      {.threads = threads, .tile_cases = 16, .part_cases = 64})
                .value();
          }};
}

inline std::vector<EngineMaker> engine_makers() {
  return {memory_engine(1),
          memory_engine(3),
          {"plain", [](std::shared_ptr<const Dataset> data, DesignSpec spec) {
             return std::make_shared<const PlainEngine>(std::move(data),
                                                        design_of(std::move(spec)));
           }}};
}

// Engines for data that are as tables have them: numbers, and texts whose codes are their places in
// byte order from 1, with one kind of missing. An engine of a database joins here, with a maker
// that writes the data and the columns of the design to a table.
inline std::vector<EngineMaker> table_engine_makers() { return engine_makers(); }

// Tests that run once an engine: class Suite : public OnEveryEngine {}, TEST_P(Suite, Situation).
class OnEveryEngine : public ::testing::TestWithParam<EngineMaker> {
 public:
  static std::string label(const ::testing::TestParamInfo<EngineMaker>& info) {
    return info.param.label;
  }
};

}  // namespace barometer::testing
