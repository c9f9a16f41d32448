// One answer an organisation, from the answers of its respondents, by a declared rule.
//
// An option or NET of a question becomes a number from 0 (does not say so) to 1 (says so), from the
// respondents with an answer to that question (the base of answers: "don't know" as the codebook
// says); a number or scale becomes a number. An organisation without such a respondent has none.
//   mean      share of its respondents who say so; numbers: their mean
//   any       1 when one says so, else 0
//   all       1 when each says so, else 0
//   majority  1 when more than half say so, else 0; exactly half counts as no majority, and is
//             counted in `ties`
//   senior    the answer of the most senior respondent who gave one; of several in the same role
//             the mean
// Numbers under any, all and majority are averaged. A NET is judged as a whole: a majority may be
// for it, and for none of its options. Answers carry no weight; a row is one organisation.
#pragma once

#include <string>
#include <vector>

#include "barometer/data/dataset.h"

namespace barometer {

enum class CollapseRule { kMean, kAny, kAll, kMajority, kSenior };
std::string_view name_of(CollapseRule rule);  // "mean", "any", "all", "majority", "senior"
Result<CollapseRule> parse_collapse_rule(std::string_view word);

struct CollapseOptions {
  CollapseRule rule = CollapseRule::kMean;
  // With kSenior: the variable that holds roles, and its labels from the most senior down. Roles
  // not listed, and no role, come last together.
  std::string role;
  std::vector<std::string> roles;
  std::vector<uint8_t> mask;  // respondents to use; empty: all
};

struct CollapsedVariable {
  std::string id;      // in the new data: "q_3" (option of code 3), "q_good" (a NET), "q" (number)
  std::string source;  // "q"
  std::string answer;  // label of the category, id of the NET; empty for numbers
  std::string label;
  bool of_option = false;
  size_t organisations = 0;  // with an answer
  size_t several = 0;        // with answers of two or more respondents
  size_t disagreed = 0;      // of these, whose respondents differ on this option or number
  size_t ties = 0;           // exactly half of the respondents say so (kMajority)
};

struct CollapsedOrganisations {
  Dataset data;              // the organisation variable (text), then `variables`
  std::string organisation;  // its id
  std::vector<CollapsedVariable> variables;
  size_t respondents = 0;           // in the mask, with an organisation
  size_t without_organisation = 0;  // in the mask, left out
  size_t several = 0;               // organisations with two or more respondents
  size_t disagreed = 0;             // organisations that disagreed on one of the variables
  size_t shared_respondents = 0;    // who answered for two or more organisations
};

// Organisations come in the order of their names. A text names several by ';'. An empty list of
// variables gives the organisations alone. kInvalid, naming the variable: open text; a variable
// that cannot name organisations; no respondent with an organisation; a mask of another length;
// under kSenior no roles or one twice. kNotFound: no such variable, a role that is no category.
Result<CollapsedOrganisations> collapse(const Dataset& data, const std::string& organisation,
                                        const CollapseOptions& options,
                                        const std::vector<std::string>& variables);

}  // namespace barometer
