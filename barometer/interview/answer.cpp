#include "barometer/interview/answer.h"

namespace barometer {

std::string_view name_of(Quoting quoting) {
  switch (quoting) {
    case Quoting::kNotAsked:
      return "";
    case Quoting::kNo:
      return "no";
    case Quoting::kUnattributed:
      return "unattributed";
    case Quoting::kByRole:
      return "role";
    case Quoting::kByName:
      return "name";
  }
  return "";
}

bool GivenAnswer::counts() const {
  return missing == Missing::kNone || missing == Missing::kDontKnow;
}

}  // namespace barometer
