#include "barometer/server/phrases.h"

#include <algorithm>
#include <array>

namespace barometer {
namespace {

struct Words {
  std::string_view english;
  std::string_view welsh;
};

constexpr auto kPhrases = std::to_array<Words>({
#define PHRASE(name, english, welsh) {english, welsh},
#include "barometer/server/phrases.def"
#undef PHRASE
});

constexpr size_t gaps_in(std::string_view text) {
  size_t gaps = 0;
  for (size_t at = 0; (at = text.find("{}", at)) != std::string_view::npos; at += 2) ++gaps;
  return gaps;
}

// A page that is half in another language does not compile.
constexpr bool is_whole(const Words& words) {
  return !words.english.empty() && !words.welsh.empty() &&
         gaps_in(words.english) == gaps_in(words.welsh);
}
static_assert(kPhrases.size() == static_cast<size_t>(Phrase::kCount));
static_assert(std::ranges::all_of(kPhrases, is_whole));

}  // namespace

std::string_view phrase(Phrase which, std::string_view language) {
  const Words& words = kPhrases.at(static_cast<size_t>(which));
  return language == "cy" ? words.welsh : words.english;
}

std::string_view language_of_phrases(std::string_view language) {
  return language == "cy" ? "cy" : "en";
}

std::string language_name(std::string_view language) {
  if (language == "en") return "English";
  if (language == "cy") return "Cymraeg";
  return std::string(language);
}

}  // namespace barometer
