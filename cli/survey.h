// A data file opened as a survey: the options that say how its cases were drawn and weighted, read
// into a Sample. Shared by the verbs that estimate.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/sample/sample.h"
#include "barometer/weights/report.h"
#include "cli/verb.h"

namespace barometer::cli {

struct SurveyOptions {
  std::string data;
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

struct OpenSurvey {
  std::shared_ptr<const Dataset> data;
  Sample sample;
  WeightReport report;  // of the weighting steps; none: no steps
};

// Every step in order: the draw, replicates given or made, response classes, post-strata, margins,
// calibration, trimming.
Result<OpenSurvey> open_survey(const SurveyOptions& options, const Io& io);

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
