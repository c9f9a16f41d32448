// Between the files of a survey: the draw, and numbers of options.
#pragma once

#include <memory>
#include <string>

#include "barometer/engine/engine.h"
#include "barometer/sql/sql_engine.h"
#include "cli/survey.h"

namespace barometer::cli {

// Ways of drawing that exclude each other, and options without the one they belong to.
Status check_draw(const SurveyOptions& options);
// Whether the options say anything of the draw or the weights; and of steps of weighting.
bool says_design(const SurveyOptions& options);
bool says_weighting(const SurveyOptions& options);
// Why these need single cases, whatever is estimated: "a two-phase design"; empty: they do not.
std::string why_single_cases(const SurveyOptions& options);
// The sample before any weighting step.
Result<Sample> drawn_sample(const Dataset& data, const SurveyOptions& options);
// The design alone, without replicates or unequal probabilities; weights as the options say.
Result<DesignSpec> drawn_design(const Dataset& data, const SurveyOptions& options);
// Replicate weights that were given; nullptr: none.
Result<std::shared_ptr<const Replicates>> drawn_replicates(const Dataset& data,
                                                           const SurveyOptions& options);
// The numbers of a variable, by the name people give it.
Result<std::vector<double>> column_of(const Dataset& data, const std::string& name);
// Columns by names and patterns, in the order of the file; all but `weight` when there are none.
Result<std::vector<std::string>> replicate_columns(const Codebook& codebook,
                                                   const std::string& patterns,
                                                   const std::string& weight, bool whole_file);
Result<Matrix> replicate_matrix(const Dataset& data, const std::vector<std::string>& ids);
// With the scales that the options say. Weights of the whole sample, or none.
Result<Sample> replicated_sample(const SurveyOptions& options, Matrix replicate_weights,
                                 std::vector<double> weights);
// The names of an option that has one for each stage; "1" is no name at all, as R writes it.
std::vector<std::string> stage_names(const std::string& option);
// What an engine is asked. A variable too many costs time, not truth; open text has no cells.
// In memory numbers are keys: where they have many values single cases are at hand.
CellQuery query_of(const Codebook& codebook, const Asked& asked, bool sums_of_numbers);
// By row; the engine's design.
OpenSurvey survey_of(const Engine& engine, std::shared_ptr<const Design> design, Cells cells,
                     bool representatives);
// The survey from the sums of an engine; kLimit: its cells are as many as its cases.
Result<OpenSurvey> survey_in_memory(const std::shared_ptr<const Dataset>& data,
                                    const SurveyOptions& options, const Asked& asked, const Io& io);
// The same of a database, or of a file that one reads.
Result<OpenSurvey> survey_in_database(const SurveyOptions& options, const Asked& asked,
                                      const Io& io);
// The columns of the design, as options name them.
DesignColumns design_columns(const SurveyOptions& options);
// A number of an option or cell; Inf and -Inf too.
Result<double> number_in(const std::string& text, const std::string& option);

}  // namespace barometer::cli
