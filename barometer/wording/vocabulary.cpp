#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <unordered_map>
#include <vector>

#include "barometer/wording/hedge.h"
#include "barometer/wording/vocabulary_internal.h"

namespace barometer::wording {
namespace {

constexpr size_t kLongestWord = 20;

struct Numbered {
  uint32_t classes;
  std::string_view words;  // numbered from `first` on
  int64_t first;
};

// Rows whose words count up by one; "-" leaves a number out.
constexpr auto kCounting = std::to_array<Numbered>({
    {kZero, "zero nought", 0},
    {kUnit, "one two three four five six seven eight nine", 1},
    {kTeen, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10},
    {kOrdinalWord,
     "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
     "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
     1},
    {kDenominator, "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 3},
    {kDenominator, "thirds fourths fifths sixths sevenths eighths ninths tenths - twelfths", 3},
    {kMonth,
     "january february march april may june july august september october november december", 1},
    {kMonth, "jan feb mar apr - jun jul aug sep oct nov dec", 1},
    {kMonth, "- - - - - - - - sept", 1},
});

// Rows whose words all have the same number.
constexpr auto kAlike = std::to_array<Numbered>({
    {kTens, "twenty", 20},
    {kTens, "thirty", 30},
    {kTens, "forty fourty", 40},
    {kTens, "fifty", 50},
    {kTens, "sixty", 60},
    {kTens, "seventy", 70},
    {kTens, "eighty", 80},
    {kTens, "ninety", 90},
    {kHundred, "hundred", 100},
    {kThousands, "thousand", 1'000},
    {kThousands, "million", 1'000'000},
    {kThousands, "billion", 1'000'000'000},
    {kThousands, "trillion", 1'000'000'000'000},
    {kScaleLetter, "k", 1'000},
    {kScaleLetter, "m mn", 1'000'000},
    {kScaleLetter, "bn", 1'000'000'000},
    {kScaleLetter, "tn", 1'000'000'000'000},
    {kDozen, "dozen", 12},
    {kDenominator, "quarter quarters", 4},
    {kDenominator, "half halves", 2},
    {kDenominator, "twentieth twentieths", 20},
    {kDenominator, "hundredth hundredths", 100},
    {kMeasureUnit,
     "second seconds minute minutes hour hours day days week weeks weekly fortnight month months "
     "year years yr yrs decade decades century centuries mile miles metre metres meters km kg cm "
     "mm "
     "mg ml kilometre kilometres tonne tonnes ton tons degree degrees inch inches foot feet acre "
     "acres litre litres page pages word words session sessions mph storey storeys",
     0},
    {kMoneyUnit,
     "pound pounds pence penny p dollar dollars cent cents euro euros sterling quid usd gbp eur",
     0},
    {kLabelWord,
     "section sections question questions figure figures table tables chapter page pages covid "
     "band "
     "level phase part annex appendix paragraph paragraphs para clause article articles wave item "
     "step tier grade stage channel radio version volume vol issue room route class type schedule "
     "line lines row column box chart footnote note number no nos top nhs sdg form rule act ref id "
     "option q fig agenda domain standard ipsos priority objective",
     0},
    {kPeopleNoun,
     "respondent respondents leader leaders lead leads person people chair chairs director "
     "directors "
     "manager managers officer officers executive executives chief chiefs gp gps doctor doctors "
     "member members participant participants adult adults voter voters patient patients nurse "
     "nurses head heads commissioner commissioners clinician clinicians consultant consultants "
     "governor governors councillor councillors employee employees worker workers interviewee "
     "interviewees expert experts teacher teachers student students headteacher headteachers "
     "president presidents secretary secretaries professional professionals man men woman women "
     "child children ceo ceos cfo cfos trustee trustees principal principals mp mps owner owners "
     "holder holders panellist panellists academic academics parent parents adviser advisers "
     "representative representatives clerk clerks dean deans farmer farmers landlord landlords "
     "partner partners dentist dentists vet vets pharmacist pharmacists magistrate magistrates "
     "solicitor solicitors lawyer lawyers judge judges chancellor chancellors vice-chancellor "
     "vice-chancellors treasurer treasurers registrar registrars bursar bursars midwife midwives "
     "paramedic paramedics surgeon surgeons physician physicians practitioner practitioners "
     "planner planners engineer engineers accountant accountants investor investors tenant tenants "
     "customer customers retailer retailers exporter exporters driver drivers librarian "
     "librarians curator curators banker bankers buyer buyers reader readers boss bosses carer "
     "carers economist economists psychologist psychologists pathologist pathologists "
     "radiologist radiologists psychiatrist psychiatrists scientist scientists researcher "
     "researchers lecturer lecturers editor editors journalist journalists superintendent "
     "superintendents constable constables inspector inspectors",
     0},
    {kOrganisationNoun,
     "ccg ccgs trust trusts organisation organisations organization organizations group groups "
     "council councils authority authorities provider providers pct pcts hospital hospitals "
     "practice "
     "practices board boards ft fts school schools university universities company companies firm "
     "firms body bodies business businesses charity charities college colleges system systems icb "
     "icbs ics icss stp stps federation federations agency agencies department departments "
     "employer "
     "employers institution institutions network networks region regions association "
     "associations district districts partnership partnerships force forces club clubs "
     "manufacturer manufacturers bank banks lender lenders insurer insurers "
     "academy academies nursery nurseries county counties union unions museum museums library "
     "libraries cooperative cooperatives co-operative co-operatives surgery surgeries",
     0},
    {kAnswerNoun,
     "response responses answer answers reply replies interview interviews questionnaire "
     "questionnaires return returns survey surveys completes case cases vote votes",
     0},
    {kThingNoun,
     "area areas item items statement statements option options service services factor factors "
     "question questions barrier barriers step steps time times site sites bed beds project "
     "projects "
     "measure measures priority priorities reason reasons way ways meeting meetings year years "
     "term "
     "terms party parties sector sectors round rounds edition report poll barometer runway place "
     "places attempt country countries category categories element elements strand strands version "
     "draft anniversary consecutive successive annual world candidate merger mergers",
     0},
    {kVerb,
     "said say says saying were was are is had have has thought think thinks agreed agree "
     "disagreed "
     "disagree believed believe felt feel reported report expect expected expects wanted want "
     "wants "
     "did do does would will chose called call rated described voted answered responded replied "
     "strongly either also now supported support opposed oppose backed favoured favored told "
     "claimed "
     "planned plan stated indicated considered cited named identified likely unlikely came "
     "forecast "
     "doubt doubted being could can may might must should still already never",
     0},
    {kFunction,
     "that who which whom whose of in on at from by with to for as among amongst against per than "
     "when where while because but if so then each compared versus not it they he she we i you "
     "this "
     "these those there here overall respectively last next since until during between about",
     0},
    {kBeforeDate,
     "in by since from until till during before after of early late mid end spring summer autumn "
     "winter year to through and between for january february march april may june july august "
     "september october november december",
     0},
    {kMultipleWord, "twice double doubled doubling doubles twofold", 2},
    {kMultipleWord, "triple tripled treble trebled thrice threefold", 3},
    {kMultipleWord, "quadruple quadrupled fourfold", 4},
    {kMultipleWord, "fivefold", 5},
    {kMultipleWord, "tenfold", 10},
    {kScoreWord,
     "mean average averaged averages averaging median score scored scores scoring rate rated "
     "rating "
     "ratings scale marks mark",
     0},
    {kCondition, "where if when unless whenever wherever provided until once", 0},
    {kDown, "down fell fallen dropped drop declined decreased lower below fewer less behind fall",
     0},
    {kUp, "up rose risen increased increase grew higher above more ahead climbed rise", 0},
    {kOtherStart, "a an the between half quarter both from scale scales anywhere c", 0},
});

class Vocabulary {
 public:
  Vocabulary() {
    for (const Numbered& row : kCounting) add_all(row, 1);
    for (const Numbered& row : kAlike) add_all(row, 0);
    for (const Hedge& hedge : hedges()) add(first_word(hedge.words), kHedgeStart, 0);
    for (const Quantifier& quantifier : quantifiers()) {
      add(first_word(quantifier.words), kQuantifierStart, 0);
    }
    // A word may be a number and something else; these numbers win ("second", "p").
    words_["second"].number = 2;
    words_.erase("");
  }
  WordEntry find(std::string_view word) const {
    std::array<char, kLongestWord> lower{};
    if (word.empty() || word.size() > lower.size()) return {};
    std::ranges::transform(word, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    const auto found = words_.find(std::string_view(lower.data(), word.size()));
    return found == words_.end() ? WordEntry{} : found->second;
  }

 private:
  void add(std::string_view word, uint32_t classes, int64_t number) {
    WordEntry& entry = words_[word];
    entry.classes |= classes;
    if (number != 0) entry.number = number;
  }
  void add_all(const Numbered& row, int64_t step) {
    std::string_view rest = row.words;
    for (int64_t number = row.first; !rest.empty(); number += step) {
      const std::string_view word = rest.substr(0, rest.find(' '));
      if (word != "-") add(word, row.classes, number);
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
  }
  std::unordered_map<std::string_view, WordEntry> words_;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

WordEntry look_up(std::string_view word) {
  static const Vocabulary vocabulary;
  return vocabulary.find(word);
}

std::string_view first_word(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_letter);
  return text.substr(0, static_cast<size_t>(end - text.begin()));
}

std::string_view last_word(std::string_view text, size_t end) {
  size_t begin = end;
  while (begin > 0 && is_letter(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

bool is_word(std::string_view word, std::string_view lower_case) {
  return std::ranges::equal(word, lower_case, [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

}  // namespace barometer::wording
