#include "barometer/interview/phrases_internal.h"

#include <array>

#include <fmt/format.h>

#include "barometer/interview/language.h"

namespace barometer {
namespace {

constexpr Phrases kEnglish{
    .language = "en",
    .dont_know = "Don’t know",
    .prefer_not_to_say = "Prefer not to say",
    .please_specify = "Please say which",
    .not_ranked = "Not ranked",
    .quoting_legend = "May we quote these words?",
    .quote_no = "No",
    .quote_unattributed = "Yes, without saying who wrote them",
    .quote_role = "Yes, with my role",
    .quote_name = "Yes, with my name",
    .choose_one = "Select an answer",
    .choose_any = "Select all that apply",
    .choose_one_only = "Select one answer only",
    .choose_listed = "Select one of the answers listed",
    .alone = "“{}” cannot be selected with other answers",
    .choose_at_least = "Select at least {}",
    .choose_at_most = "Select at most {}",
    .place_taken = "Give each place once: {} is given twice",
    .enter_number = "Enter a number",
    .enter_text = "Enter an answer",
    .enter_date = "Enter a date",
    .not_a_number = "Enter a number in digits, such as 12",
    .too_many_decimals = "Enter a number with at most {} decimal places",
    .whole_number = "Enter a whole number",
    .number_between = "Enter a number between {} and {}",
    .number_at_least = "Enter a number of {} or more",
    .one_or_the_other = "Either give an answer or select “{}”, not both",
    .too_long = "Use {} characters or fewer",
    .not_a_date = "Enter a real date, such as 27 3 2026",
    .date_between = "Enter a date between {} and {}",
    .or_continue = "or continue without answering",
};

constexpr Phrases kWelsh{
    .language = "cy",
    .dont_know = "Ddim yn gwybod",
    .prefer_not_to_say = "Mae’n well gen i beidio â dweud",
    .please_specify = "Nodwch pa un",
    .not_ranked = "Heb ei raddio",
    .quoting_legend = "A gawn ni ddyfynnu’r geiriau hyn?",
    .quote_no = "Na chewch",
    .quote_unattributed = "Cewch, heb ddweud pwy a’u hysgrifennodd",
    .quote_role = "Cewch, gyda fy rôl",
    .quote_name = "Cewch, gyda fy enw",
    .choose_one = "Dewiswch ateb",
    .choose_any = "Dewiswch bob un sy’n berthnasol",
    .choose_one_only = "Dewiswch un ateb yn unig",
    .choose_listed = "Dewiswch un o’r atebion a restrir",
    .alone = "Ni ellir dewis “{}” gydag atebion eraill",
    .choose_at_least = "Dewiswch o leiaf {}",
    .choose_at_most = "Dewiswch {} ar y mwyaf",
    .place_taken = "Rhowch bob safle unwaith: mae {} wedi’i roi ddwywaith",
    .enter_number = "Rhowch rif",
    .enter_text = "Rhowch ateb",
    .enter_date = "Rhowch ddyddiad",
    .not_a_number = "Rhowch rif mewn digidau, fel 12",
    .too_many_decimals = "Rhowch rif gyda dim mwy na {} lle degol",
    .whole_number = "Rhowch rif cyfan",
    .number_between = "Rhowch rif rhwng {} a {}",
    .number_at_least = "Rhowch rif sy’n {} neu fwy",
    .one_or_the_other = "Naill ai rhowch ateb neu dewiswch “{}”, nid y ddau",
    .too_long = "Defnyddiwch {} nod neu lai",
    .not_a_date = "Rhowch ddyddiad go iawn, fel 27 3 2026",
    .date_between = "Rhowch ddyddiad rhwng {} a {}",
    .or_continue = "neu ewch ymlaen heb ateb",
};

constexpr std::array kAll{kEnglish, kWelsh};

constexpr std::array<std::string_view, 12> kWelshMonths = {
    "Ionawr",     "Chwefror", "Mawrth", "Ebrill", "Mai",      "Mehefin",
    "Gorffennaf", "Awst",     "Medi",   "Hydref", "Tachwedd", "Rhagfyr"};

std::string_view base_of(std::string_view language) {
  return language.substr(0, language.find('-'));
}

}  // namespace

const Phrases& phrases_in(std::string_view language) {
  for (const Phrases& phrases : kAll) {
    if (phrases.language == base_of(language)) return phrases;
  }
  return kAll.front();
}

bool is_spoken(std::string_view language) {
  return phrases_in(language).language == base_of(language);
}

std::string spoken_date(const Date& date, std::string_view language) {
  if (phrases_in(language).language != "cy") return long_text(date);
  const auto month = static_cast<unsigned>(date.month());
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), kWelshMonths.at(month - 1),
                     static_cast<int>(date.year()));
}

std::string said_with(std::string_view phrase, std::string_view first, std::string_view second) {
  std::string out;
  for (const std::string_view words : {first, second}) {
    const size_t at = phrase.find("{}");
    if (at == std::string_view::npos) break;
    out += phrase.substr(0, at);
    out += words;
    phrase.remove_prefix(at + 2);
  }
  return out += phrase;
}

}  // namespace barometer
