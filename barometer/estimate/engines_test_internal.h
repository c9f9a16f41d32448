// Every engine that estimates are tested on: each is made from a data set and the specification of
// its design. An engine of a database joins the list with a maker that writes both to a table.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/engine/memory_engine.h"
#include "tests/support/plain_engine.h"

namespace barometer {

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
             return std::make_shared<const testing::PlainEngine>(std::move(data),
                                                                 design_of(std::move(spec)));
           }}};
}

// Tests that run once an engine: TEST_P(Suite, Situation), with Suite an alias-like subclass.
class OnEveryEngine : public ::testing::TestWithParam<EngineMaker> {
 public:
  static std::string label(const ::testing::TestParamInfo<EngineMaker>& info) {
    return info.param.label;
  }
};

}  // namespace barometer
