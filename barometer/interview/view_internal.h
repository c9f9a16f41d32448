// A page's fields from what was saved, or from what was typed and refused.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "barometer/interview/plan_internal.h"

namespace barometer {

// The fields of one item as they stand in a form.
struct FieldValues {
  std::vector<std::string> chosen{};       // values of NAME
  std::string day{}, month{}, year{};      // NAME.day, …
  std::map<int, std::string> specified{};  // NAME.other.CODE
  std::vector<std::string> instead{};      // values of NAME.instead
  std::string quote{};                     // value of NAME.quote
};

inline constexpr std::string_view kRefusedValue = "refused";
inline constexpr std::string_view kDontKnowValue = "dont_know";
inline constexpr std::string_view kSkipField = "skip";

// How a saved answer stands in the form; `answer` may be nullptr.
FieldValues values_of(const Item& item, const GivenAnswer* answer);
// Whether the item's don't know and prefer not to say stand beside its field ("instead") and are
// not choices of it.
bool has_instead(const Item& item);
// A battery's ranking: selects of places.
bool is_ranking(const Interview::Plan& plan, const Item& item);

// The page without messages. `values` are by item, for the page's asked items.
PageView page_view(const Interview& interview, const Interview::Plan& plan, size_t page,
                   const CaseRoute& route, uint64_t seed, const std::string& language,
                   const std::map<size_t, FieldValues>& values);

}  // namespace barometer
