#include "barometer/estimate/estimate.h"

namespace barometer {

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::kRespondent:
      return "respondents";
    case Unit::kOrganisation:
      return "organisations";
    case Unit::kOrganisationBySize:
      return "organisations by population";
  }
  return "";
}

std::string_view name_of(IntervalMethod method) {
  switch (method) {
    case IntervalMethod::kNone:
      return "no interval";
    case IntervalMethod::kLogit:
      return "logit interval";
    case IntervalMethod::kHypergeometric:
      return "exact hypergeometric interval";
    case IntervalMethod::kT:
      return "t interval";
  }
  return "";
}

}  // namespace barometer
