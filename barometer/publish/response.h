// Dispositions and outcome rates as printed: requirements C2, C5 and C6, with small counts hidden.
//
// A count from 1 to suppress_count_under - 1 is printed together with others, until their sum is
// at least that: partial interviews with complete ones where the data holds both (whose sum is the
// number of respondents in any case), all others with the smallest of the rest. A rate is printed
// where it is a function of what is printed, whoever of a sum is what: what is hidden as a count
// cannot be worked back from a rate.
#pragma once

#include <string>
#include <vector>

#include "barometer/publish/method.h"
#include "barometer/study/study.h"

namespace barometer {

struct PrintedOutcomes {
  struct Group {
    std::string words;  // "complete", "refused or broke off, or other"
    int64_t count = 0;
  };
  struct Rate {
    std::string name;
    std::string text;  // "29.0%", "[c]"; "none" where nobody is below the line
  };
  std::vector<Group> groups{};  // their sum is all of the unit
  std::vector<Rate> rates{};
};

// Nothing at all of fewer than suppress_base_under.
PrintedOutcomes print_outcomes(const OutcomeRates& outcomes, const PrintRules& rules,
                               bool partials_in_data);

// "Response", "Response of organisations", "Thresholds": for the method statement.
std::vector<MethodItem> response_statement(const Study& study, const Wave& wave);

}  // namespace barometer
