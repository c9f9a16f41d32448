// The fixed words of the respondents' pages, in the languages that the program speaks: English and
// Welsh (phrases.def). A questionnaire in another language gets the English ones, marked as
// English, and `barometer check` says so.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace barometer {

enum class Phrase {
#define PHRASE(name, english, welsh) name,
#include "barometer/server/phrases.def"
#undef PHRASE
  kCount,
};

std::string_view phrase(Phrase which, std::string_view language);
// With its {} filled in, as text.
template <typename... Words>
std::string phrase_with(Phrase which, std::string_view language, const Words&... words) {
  return fmt::format(fmt::runtime(phrase(which, language)), words...);
}
// "en", or the language where its phrases are known: what lang="…" says of them.
std::string_view language_of_phrases(std::string_view language);
// "English", "Cymraeg"; the code itself where it is not known.
std::string language_name(std::string_view language);

}  // namespace barometer
