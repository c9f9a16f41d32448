// A data file opened as a survey: the options that say how its cases were drawn and weighted, read
// into a Sample. Shared by the verbs that estimate.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "barometer/data/dataset.h"
#include "barometer/data/expression.h"
#include "barometer/formula/formula.h"
#include "barometer/sample/sample.h"
#include "barometer/weights/report.h"
#include "cli/verb.h"

namespace barometer::cli {

struct SurveyOptions {
  std::string data;
  std::string engine = "memory";  // cases, duckdb[:FILE], clickhouse://…, postgresql://…
  // the draw
  std::string weight;
  bool unweighted = false;
  std::string strata, ids, fpc;  // one name a stage, separated by commas
  bool nest = false;
  std::string lonely_psu = "fail";
  bool domain_lonely = false;
  std::string pps;
  std::string phase2;  // column of 1 and 0: the cases of the second phase
  std::string strata2, ids2, fpc2, probability2, two_phase_method = "full";
  // replicates
  std::string replicates, replicate_file, rep_type, rscales;
  std::optional<double> scale;
  bool mse = false;
  bool replicate_factors = false;
  std::optional<double> fay_rho;
  std::string make_replicates;
  size_t replicate_count = 50;
  uint64_t seed = 1;
  // weighting
  std::vector<std::string> poststratify, rake;
  std::string calibrate, population, calfun = "linear", bounds;
  bool partial = false;
  std::string aggregate, calibrate_variance;
  std::string rake_bounds;
  std::optional<size_t> max_iterations;
  std::optional<double> epsilon;
  std::string trim;
  bool trim_strict = false;
  std::string respondents, response_classes, propensity;
};

// The options, in groups, of a verb.
void add_draw_options(CLI::App& verb, SurveyOptions& options);
void add_weighting_options(CLI::App& verb, SurveyOptions& options);

// What a run will look at, so that an engine can leave the rest of the data alone.
struct Asked {
  std::vector<std::string> texts{};  // words and options that may name variables
  // Of a database: a number that is one of these, and in no text, is needed through its sums and
  // products alone; and so is one that labels of estimates ("E:api00") name.
  std::vector<std::string> linear{}, labels{};
  std::optional<Expression> where{};
  std::string single_cases;   // why sums by cell will not do: "a rank test"; empty: they do
  bool prefer_cases = false;  // in memory, where single cases are at hand
};

struct OpenSurvey {
  std::shared_ptr<const Dataset> data;  // a row a case or, from an engine's sums, a cell
  Sample sample;
  WeightReport report{};         // of the weighting steps; none: no steps
  std::vector<uint8_t> where{};  // one a row of the data; empty: all
  // Numbers of the data are representatives, with the sums and products of the cases' alone.
  bool representatives = false;
};

// The responses of a study, by their columns.
bool are_responses(const Dataset& data);
// Neither "memory" nor "cases".
bool is_database(const std::string& engine);

// Every step in order: the draw, replicates given or made, response classes, post-strata, margins,
// calibration, trimming. Of a database, or where single cases do not matter, from sums by cell.
Result<OpenSurvey> open_survey(const SurveyOptions& options, const Asked& asked, const Io& io);

// Refuses to write over what is read.
Status not_onto(const std::string& data, const std::string& out);

// Said of the responses of a reconstruction, which lie beside its record; empty for other data.
std::string note_of_data(const std::string& file);
// The data with each of these variables that is a number made a variable of its levels.
Result<Dataset> with_levels(const Dataset& data, const std::vector<std::string>& names);

// The variable that people mean by a name.
Result<std::string> variable_named(const Dataset& data, const std::string& name);
// "a, b" split at commas, without blanks around; of a list of numbers each is parsed.
std::vector<std::string> names_in(const std::string& list);
Result<std::vector<double>> numbers_in(const std::string& list, const std::string& option);

}  // namespace barometer::cli
