// The options of a survey, with help that teaches.
#include "cli/survey.h"

namespace barometer::cli {
namespace {

void add_single_draw(CLI::App& verb, SurveyOptions& o) {
  const auto lonely = CLI::IsMember({"fail", "remove", "certainty", "adjust", "average"});
  verb.add_option("--weight", o.weight, "column of sampling weights")->group("The draw");
  verb.add_flag("--unweighted", o.unweighted,
                "weights of 1 beside --fpc; without it they come from the population sizes")
      ->group("The draw");
  verb.add_option("--strata", o.strata, "columns of strata: stage 1[,stage 2]")->group("The draw");
  verb.add_option("--id", o.ids, "columns of sampled units: stage 1[,stage 2]; 1 for none")
      ->group("The draw");
  verb.add_option("--fpc", o.fpc,
                  "columns of population sizes, or of sampling fractions: stage 1[,stage 2]")
      ->group("The draw");
  verb.add_flag("--nest", o.nest, "the same id in two strata is two units")->group("The draw");
  verb.add_option("--lonely-psu", o.lonely_psu, "what a stratum with one unit adds")
      ->check(lonely)
      ->capture_default_str()
      ->group("The draw");
  verb.add_flag("--domain-lonely", o.domain_lonely,
                "a stratum with one unit in the domain counts as lonely too (adjust, average)")
      ->group("The draw");
}

void add_pps(CLI::App& verb, SurveyOptions& o) {
  verb.add_option(
          "--pps", o.pps,
          "unequal probabilities without replacement, with probabilities in --fpc: brewer, "
          "overton, hr[:SUM], poisson, or ht:JOINT.csv, yg:JOINT.csv with a matrix of joint "
          "probabilities")
      ->group("The draw");
}

void add_phases(CLI::App& verb, SurveyOptions& o) {
  const char* phases = "Two phases";
  verb.add_option("--phase2", o.phase2, "column of 1 and 0: cases drawn into the second phase")
      ->group(phases);
  verb.add_option("--strata2", o.strata2, "strata of the second phase")->group(phases);
  verb.add_option("--id2", o.ids2, "units of the second phase")->group(phases);
  verb.add_option("--fpc2", o.fpc2, "population sizes of the second phase")->group(phases);
  verb.add_option("--probability2", o.probability2, "column of second-phase probabilities")
      ->group(phases);
  verb.add_option("--two-phase-method", o.two_phase_method, "full, approx or simple")
      ->check(CLI::IsMember({"full", "approx", "simple"}))
      ->capture_default_str()
      ->group(phases);
}

void add_replicates(CLI::App& verb, SurveyOptions& o) {
  const char* group = "Replicate weights";
  verb.add_option("--replicates", o.replicates, "columns of replicate weights, as in 'rep*'")
      ->group(group);
  verb.add_option("--replicate-file", o.replicate_file,
                  "CSV or Parquet file of replicate weights, a row a case, a column a replicate")
      ->group(group);
  verb.add_option("--rep-type", o.rep_type,
                  "jk1, jkn, brr, fay, bootstrap, sdr or other: gives the scale when --scale does "
                  "not")
      ->group(group);
  verb.add_option("--scale", o.scale, "factor of the sum of squares")->group(group);
  verb.add_option("--rscales", o.rscales, "one factor a replicate: r1,r2,… or a file, one a line")
      ->group(group);
  verb.add_flag("--mse", o.mse, "squares about the full-sample estimate, not the replicates' mean")
      ->group(group);
  verb.add_option("--fay-rho", o.fay_rho, "rho of Fay's method")->group(group);
  verb.add_flag("--replicate-factors", o.replicate_factors,
                "the columns are factors, to be multiplied by the sampling weight")
      ->group(group);
  verb.add_option("--make-replicates", o.make_replicates,
                  "make them from the design: jk1, jkn, brr, fay[:rho], bootstrap, subbootstrap, "
                  "mrbbootstrap, sdr")
      ->group(group);
  verb.add_option("--replicate-count", o.replicate_count, "how many bootstraps")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--seed", o.seed, "seed of the bootstraps")->capture_default_str()->group(group);
}

}  // namespace

void add_draw_options(CLI::App& verb, SurveyOptions& options) {
  add_single_draw(verb, options);
  add_pps(verb, options);
  add_phases(verb, options);
  add_replicates(verb, options);
}

void add_weighting_options(CLI::App& verb, SurveyOptions& o) {
  const char* group = "Weighting";
  verb.add_option(
          "--respondents", o.respondents,
          "column of 1 and 0: who answered; with --response-classes their weights stand for "
          "the others of their class")
      ->group(group);
  verb.add_option("--response-classes", o.response_classes, "variables that make the classes")
      ->group(group);
  verb.add_option("--propensity", o.propensity,
                  "classes of --respondents from a logistic regression: '~ role + region'")
      ->group(group);
  verb.add_option("--poststratify", o.poststratify,
                  "CSV file: variables of the data, then a column of population counts")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--rake", o.rake, "such files, one a margin, or one headed variable,category,…")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--rake-bounds", o.rake_bounds, "trim within raking: smallest,largest weight")
      ->group(group);
  verb.add_option("--max-iterations", o.max_iterations, "of raking or calibration")->group(group);
  verb.add_option("--epsilon", o.epsilon, "how near the margins must be met")->group(group);
  verb.add_option("--calibrate", o.calibrate, "a formula of auxiliary variables, '~stype + api99'")
      ->group(group);
  verb.add_option("--population", o.population,
                  "CSV file of term,total for --calibrate; of shares for standardize")
      ->group(group);
  verb.add_option("--calfun", o.calfun, "distance: linear, raking or logit")
      ->check(CLI::IsMember({"linear", "raking", "logit"}))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--bounds", o.bounds, "smallest,largest ratio of new to old weight")
      ->group(group);
  verb.add_option("--aggregate", o.aggregate,
                  "calibrate: cases alike in these variables get the same ratio (households)")
      ->group(group);
  verb.add_option("--calibrate-variance", o.calibrate_variance,
                  "calibrate: column of numbers the variance of the residuals goes with")
      ->group(group);
  verb.add_flag("--partial", o.partial, "leave out post-strata of the population without cases")
      ->group(group);
  verb.add_option("--trim", o.trim, "smallest,largest weight; what is cut off goes to the others")
      ->group(group);
  verb.add_flag("--trim-strict", o.trim_strict, "repeat until every weight is inside")
      ->group(group);
}

}  // namespace barometer::cli
