// The server's own words on the way through an interview, in the languages it knows: English and
// Welsh. A questionnaire in another language gets the English ones, marked as English.
#pragma once

#include <string>
#include <string_view>

namespace barometer {

enum class Phrase {
  kContinue,
  kBack,
  kProblem,
  kErrorPrefix,
  kSkipLink,
  kProgress,  // {} of {}
  kSaved,
  kPrivacy,
  kAccessibility,
  kDecline,
  kStart,
  kCarryOn,
  kCheck,
  kChange,
  kSend,
  kSendHint,
  kNotAnswered,
  kThanks,
  kReceived,
  kHelp,
  kOr,
  kDay,
  kMonth,
  kYear,
  kChoose,
  kSkipHint,
  kLanguage,
  kCount,
};

std::string_view phrase(Phrase which, std::string_view language);
// "en", or the language where its phrases are known: what lang="…" says of them.
std::string_view language_of_phrases(std::string_view language);
// "English", "Cymraeg"; the code itself where it is not known.
std::string language_name(std::string_view language);

}  // namespace barometer
