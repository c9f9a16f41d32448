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
#include "barometer/sql/load.h"
#include "barometer/sql/sql_engine.h"
#include "tests/support/plain_engine.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

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
                                      {.threads = threads, .run_cases = 16, .part_cases = 64})
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

// The data and the columns of the design in a table of a database.
inline std::shared_ptr<const Engine> engine_in(const SqlSource& source, const Dataset& data,
                                               const DesignSpec& spec) {
  Dataset all = data;
  const auto add = [&](const std::string& id, const auto& values) {
    if (values.empty()) return std::string();
    Variable variable{.id = id, .kind = VariableKind::kNumber};
    Numbers numbers{{values.begin(), values.end()},
                    std::vector<Missing>(values.size(), Missing::kNone)};
    all = all.with(variable, std::move(numbers)).value();
    return id;
  };
  DesignColumns columns{.weight = add("design_weight", spec.weights),
                        .nest = spec.nest,
                        .lonely_psu = spec.lonely_psu,
                        .domain_lonely = spec.domain_lonely,
                        .weights_from_fpc = spec.weights_from_fpc};
  const auto add_stages = [&](const std::string& id, const auto& stages) {
    std::vector<std::string> names;
    for (const auto& values : stages)
      names.push_back(add(id + std::to_string(names.size()), values));
    return names;
  };
  columns.strata = add_stages("design_stratum", spec.strata);
  columns.ids = add_stages("design_unit", spec.ids);
  columns.fpc = add_stages("design_fpc", spec.fpc);
  const auto loaded = load_table(all, source, {.replace = true}, {});
  CHECK(loaded, loaded ? "" : loaded.error().message);
  auto engine = open_sql_engine(source, columns, {}, {});
  CHECK(engine, engine ? "" : engine.error().message);
  return *std::move(engine);
}

// Of a database of its own.
inline std::shared_ptr<const Engine> duckdb_engine(const Dataset& data, const DesignSpec& spec) {
  struct Held {
    TempFolder folder;
    std::shared_ptr<const Engine> engine;
  };
  auto held = std::make_shared<Held>();
  const SqlSource source{.database_file = held->folder / "data.duckdb", .data = "cases"};
  held->engine = engine_in(source, data, spec);
  return {held, held->engine.get()};
}

// Of servers that start with the first question and stop with the program.
inline std::shared_ptr<const Engine> postgresql_engine(const Dataset& data,
                                                       const DesignSpec& spec) {
  static const PostgresqlServer server;
  return engine_in(parse_sql_source(server.address(), "cases").value(), data, spec);
}
inline std::shared_ptr<const Engine> clickhouse_engine(const Dataset& data,
                                                       const DesignSpec& spec) {
  static const ClickhouseServers servers(1);
  return engine_in(parse_sql_source(servers.address(0), "cases").value(), data, spec);
}

// Engines for data that are as tables have them: numbers, and texts whose codes are their places in
// byte order from 1, with one kind of missing. An engine of a database joins here, with a maker
// that writes the data and the columns of the design to a table.
inline std::vector<EngineMaker> table_engine_makers() {
  std::vector<EngineMaker> makers = engine_makers();
  const std::pair<const char*, decltype(&duckdb_engine)> databases[] = {
      {"duckdb", duckdb_engine},
      {"postgresql", postgresql_engine},
      {"clickhouse", clickhouse_engine}};
  for (const auto& [label, make] : databases) {
    makers.push_back({label, [make](const std::shared_ptr<const Dataset>& data, DesignSpec spec) {
                        return make(*data, spec);
                      }});
  }
  return makers;
}

// Tests that run once an engine: class Suite : public OnEveryEngine {}, TEST_P(Suite, Situation).
class OnEveryEngine : public ::testing::TestWithParam<EngineMaker> {
 public:
  static std::string label(const ::testing::TestParamInfo<EngineMaker>& info) {
    return info.param.label;
  }
};

}  // namespace barometer::testing
