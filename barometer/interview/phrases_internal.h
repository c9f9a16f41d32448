// What the interview itself says to a person: messages and fixed answers, by language. Languages
// that are not here hear English.
#pragma once

#include <string>
#include <string_view>

namespace barometer {

// {} is filled in by said_with(): a number, a date, a statement.
struct Phrases {
  std::string_view language;
  std::string_view dont_know, prefer_not_to_say;
  std::string_view please_specify;
  std::string_view not_ranked;
  std::string_view quoting_legend, quote_no, quote_unattributed, quote_role, quote_name;
  std::string_view choose_one, choose_any;           // nothing was chosen
  std::string_view choose_one_only;                  // two values for one answer
  std::string_view choose_listed;                    // a value that is no option
  std::string_view alone;                            // {} cannot be chosen with others
  std::string_view choose_at_least, choose_at_most;  // {} options
  std::string_view place_taken;                      // {} is given twice
  std::string_view enter_number, enter_text, enter_date;
  std::string_view not_a_number, too_many_decimals, whole_number, number_between, number_at_least;
  std::string_view one_or_the_other;  // an answer and a "don't know" at once
  std::string_view too_long;          // {} characters at most
  std::string_view not_a_date, date_between;
  std::string_view or_continue;  // after what was left out softly
};

const Phrases& phrases_in(std::string_view language);
// Each {} in turn replaced; the words of `first` and `second` are never read as a pattern.
std::string said_with(std::string_view phrase, std::string_view first,
                      std::string_view second = {});

}  // namespace barometer
