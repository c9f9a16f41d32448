// What is measured of this library, each through its public headers, on data in memory.
//
// An operation is prepared (not timed) and then run, several times. It says what it found, so that
// the same question to other software can be compared.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"
#include "barometer/data/dataset.h"
#include "barometer/engine/memory_engine.h"
#include "barometer/sample/functional.h"
#include "barometer/sample/sample.h"
#include "barometer/weights/margins.h"
#include "bench/generate.h"
#include "bench/measure.h"

namespace barometer::bench {

struct Subject {
  const Generator& generator;
  std::shared_ptr<const Dataset> data{};  // none for an operation that makes its own
  size_t threads = 1;
  std::string folder = ".";  // for files that an operation writes
};

using Run = std::function<Result<Found>()>;
using Prepare = std::function<Result<Run>(const Subject&)>;

struct Operation {
  std::string id{};
  bool shuffled = false;  // asks for rows that are not in order of their PSUs
  bool own_data = false;  // is measured from nothing on: Measured::peak_mb is all that it holds
  bool fresh = false;     // prepared again before each run: nothing is remembered from the last
  Prepare prepare{};
  std::string note{};  // what the figure leaves out, or how it was come by
};

std::vector<Operation> table_operations();      // tables, books, replicates of tables, tests
std::vector<Operation> weighting_operations();  // raking, calibration
std::vector<Operation> number_operations();     // means, quantiles, regressions
std::vector<Operation> data_operations();       // reading the design, memory
std::vector<Operation> file_operations();       // .sav

// What is asked of a sample, whatever its "cases" are: cases, or cells of a query.
using Question = std::function<Result<Found>(const Sample& sample, const Dataset& data)>;
inline constexpr size_t kReplicates = 80;
struct Weighting {
  enum Kind { kDesign, kReplicatesMade, kReplicatesGiven } kind = kDesign;
  size_t count = kReplicates;
};

// Of every case. The sample is made beforehand.
Prepare on_cases(Question question, Weighting weighting = {});
// The engine is made beforehand; a run asks it, and the question of its cells.
Prepare on_cells(CellQuery query, Question question, Weighting weighting = {});
Result<std::shared_ptr<const MemoryEngine>> make_engine(const Subject& subject,
                                                        Weighting weighting = {});
// The table of q1 by b1, of any sample.
Result<Found> first_table(const Sample& sample, const Dataset& data);
// Values with their standard errors.
Found found_of(const Estimated& estimated);

// Shared by them.
Result<Sample> design_sample(const Subject& subject);
// Factor of each PSU, PSUs × kReplicates: a bootstrap of the design, the same for every n.
Result<Matrix> replicate_factors_by_psu(const Subject& subject);
// Factor times weight, or (given) a matrix that no factors explain.
Result<Sample> replicated_sample(const Subject& subject, Weighting weighting);
double replicate_scale();
// Populations of b1 … b5: the weighted counts, each moved by some percent.
std::vector<Margin> population_margins(const Dataset& data);

}  // namespace barometer::bench
