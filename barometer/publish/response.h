// Dispositions and outcome rates as printed: requirements C2, C5 and C6, with small counts hidden.
//
// The number of those in the data (respondents, or organisations with one) is printed elsewhere: it
// is what is complete, with partial where partial interviews are in the data. A count from 1 to
// suppress_count_under - 1 is printed together with the smallest others on its side of that number,
// until their sum is at least that; a sum across it would tell both its parts. Where a side has too
// few for that, nothing is printed, neither counts nor total nor rates. A rate is printed where it
// is a function of what is printed, whoever of a sum is what: what is hidden as a count cannot be
// worked back from a rate.
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

// Nothing at all of fewer than suppress_base_under, or where a small count cannot be hidden in a
// sum.
PrintedOutcomes print_outcomes(const OutcomeRates& outcomes, const PrintRules& rules,
                               bool partials_in_data);

// "Response", "Response of organisations", "Thresholds": for the method statement.
std::vector<MethodItem> response_statement(const Study& study, const Wave& wave);

}  // namespace barometer
