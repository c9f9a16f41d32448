#include "bench/sql_run.h"

#include <fstream>
#include <sstream>

#include "barometer/sql/sql_engine.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// Everything that went over the loopback device so far.
double loopback_kb() {
  std::ifstream devices("/proc/net/dev");
  for (std::string line; std::getline(devices, line);) {
    std::istringstream words(line);
    std::string name;
    double bytes = 0;
    if (words >> name >> bytes && name == "lo:") return bytes / 1e3;
  }
  return 0;
}

DesignColumns design_columns(const SqlSource& source) {
  DesignColumns columns;
  // The files hold whole millionths (duck.h): a share is the same.
  columns.weight = source.server == SqlServer::kDuckdb ? "w6" : "w";
  columns.strata = {"stratum"};
  columns.ids = {"psu"};
  columns.fpc = {"fpc"};
  return columns;
}

}  // namespace

Status measure_sql(const SqlRun& run) {
  const SqlSource source = TRY(parse_sql_source(run.engine, run.data));
  SqlOptions options;
  options.threads = static_cast<unsigned>(run.threads);
  std::unique_ptr<Engine> engine;
  const Measured opened = TRY(measure({.most = 3}, [&]() -> Result<Found> {
    engine = TRY(open_sql_engine(source, design_columns(source), options, Progress()));
    return Found{.value = {static_cast<double>(engine->case_count())}};
  }));
  print_step({"barometer", run.operation + "_open", run.n, run.threads}, opened);
  const std::shared_ptr<const Design> design(&engine->design(), [](const Design*) {});
  const double before = loopback_kb();
  Measured measured = TRY(measure({}, [&]() -> Result<Found> {
    Cells cells = TRY(engine->cells({.keys = {"q1", "b1"}}, Progress()));
    const auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
    return first_table(Sample::of_cells(design, sums), cells.data);
  }));
  measured.network_kb = (loopback_kb() - before) / static_cast<double>(measured.seconds.size());
  print_step({"barometer", run.operation, run.n, run.threads}, measured);
  return {};
}

}  // namespace barometer::bench
