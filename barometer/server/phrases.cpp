#include "barometer/server/phrases.h"

#include <array>

namespace barometer {
namespace {

struct Words {
  std::string_view english;
  std::string_view welsh;
};

constexpr std::array<Words, static_cast<size_t>(Phrase::kCount)> kPhrases = {{
    {"Continue", "Parhau"},
    {"Back", "Yn ôl"},
    {"There is a problem", "Mae problem"},
    {"Error: ", "Gwall: "},
    {"Skip to main content", "Neidio i’r prif gynnwys"},
    {"Page {} of {}", "Tudalen {} o {}"},
    {"Your answers are saved each time you continue.",
     "Caiff eich atebion eu cadw bob tro y byddwch yn parhau."},
    {"Privacy", "Preifatrwydd"},
    {"Accessibility statement", "Datganiad hygyrchedd"},
    {"I do not want to take part", "Nid wyf am gymryd rhan"},
    {"Start now", "Dechrau nawr"},
    {"Carry on", "Parhau â’r arolwg"},
    {"Check your answers", "Gwiriwch eich atebion"},
    {"Change", "Newid"},
    {"Send your answers", "Anfon eich atebion"},
    {"You can change them until the survey closes.", "Gallwch eu newid tan i’r arolwg gau."},
    {"Not answered", "Heb ei ateb"},
    {"Thank you", "Diolch"},
    {"Your answers have been received.", "Mae eich atebion wedi dod i law."},
    {"Help", "Cymorth"},
    {"or", "neu"},
    {"Day", "Diwrnod"},
    {"Month", "Mis"},
    {"Year", "Blwyddyn"},
    {"Choose", "Dewiswch"},
    {"Continue again to leave this unanswered.", "Parhewch eto i adael hwn heb ei ateb."},
    {"Language", "Iaith"},
}};

}  // namespace

std::string_view phrase(Phrase which, std::string_view language) {
  const Words& words = kPhrases[static_cast<size_t>(which)];
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
