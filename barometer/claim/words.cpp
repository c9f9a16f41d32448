#include "barometer/claim/words_internal.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace barometer::claims {
namespace {

struct Row {
  uint64_t classes;
  std::string_view words;
};

constexpr auto kRows = std::to_array<Row>({
    {kSurveyNoun,
     "survey surveys poll polls polling barometer questionnaire questionnaires pollsters "
     "straw-poll tracker e-survey mini-survey census survey's poll's barometer's"},
    {kFindings, "research study findings results report analysis study's review"},
    {kSurveyed,
     "surveyed polled questioned interviewed canvassed quizzed consulted sampled surveying polling "
     "questioning interviewing telephoned phoned telephoning probed"},
    {kTakesPart,
     "responded replied answered participated completed returned responding replying answering "
     "participating completing respond took taking submitted contributed filled obliged"},
    {kRespondent,
     "respondents respondent participants participant interviewees interviewee respondents'"},
    {kResponse,
     "responses replies answers interviews returns completes submissions questionnaires entries "
     "response"},
    {kOpinion,
     "said say says saying thought think thinks thinking agreed agree agrees agreeing disagreed "
     "disagree disagrees disagreeing believed believe believes believing felt feel feels feeling "
     "expected expect expects expecting wanted want wants wanting reported report reports "
     "reporting supported support supports supporting opposed oppose opposes opposing backed back "
     "backs backing favoured favour favours favored favor described describe describes describing "
     "called call calls calling rated rate rates rating named name names chose chosen choose "
     "picked "
     "selected ranked cited cite cites predicted predict predicts predicting forecast forecasts "
     "forecasting feared fear fears hoped hope hopes doubted doubt doubts planned plan plans "
     "planning intend intends intended intending prefer preferred prefers considered consider "
     "considers identified identify identifies saw see viewed view views admitted admit admits "
     "claimed claim claims indicated indicate indicates stated state voted vote warned warn "
     "welcomed welcome rejected reject disapproved disapprove approved approve knew know trusted "
     "accepted accept acknowledged anticipate anticipated anticipates ranked regard regarded "
     "listed mentioned object objected objects refused refuse declined skipped reckon reckoned "
     "struggled expressed voiced "
     "suggested suggest complained "
     "experienced worry worried prioritised prioritise "
     "wish wished like liked dislike need needed recommend recommended value valued "
     "disapprove enjoy enjoyed use used visited employ employed received told put gave "
     "scored credited judged recruited raised reduced increased invested "
     "spend rule ruled strongly opted opt answered responded replied noted"},
    {kCopula,
     "was were is are be been being am isn't aren't wasn't weren't remain remained became"},
    {kAuxiliary,
     "had has have did do does would will could can may might must should having hasn't haven't "
     "hadn't didn't don't doesn't wouldn't won't couldn't can't cannot shouldn't"},
    {kFunction,
     "that who which whom whose of in on at from by with to for as among amongst against per than "
     "when where while whereas because but if so then each compared versus not it they he she we i "
     "you this these those there here overall respectively since until during between about "
     "although though and or nor how what why whether up down about over under across "
     "within without before after into through via despite except plus"},
    {kDeterminer, "the all our its those these their a an both total every his her some any of's"},
    {kGeneric,
     "leaders leader leads lead people respondents respondent participants members member chiefs "
     "chief bosses those them leads' leaders' adults public britons voters "
     "individuals professionals responses everyone interviewees"},
    {kResource,
     "budget budgets spending spend income revenue revenues turnover gdp cost costs funding "
     "expenditure beds bed referrals admissions appointments attendances prescriptions "
     "prescribing operations procedures waits population deaths births time money "
     "workload activity demand capacity land stock market sales profit profits exports output "
     "emissions energy electricity pay wages salary salaries tax allocation allocations resources "
     "waste rubbish traffic water "
     "price prices savings estate contracts visits calls tests vacancies posts jobs wards "
     "bill electorate vote votes seats shares hours journeys trips homes gap growth economy "
     "discharges consultations complaints incidents investment capital debt "
     "tariff vote area areas day year week month"},
    {kChangeNoun,
     "cut cuts rise rises increase increases reduction reductions saving savings growth uplift "
     "decline drop fall pay award efficiency efficiencies discount stake deficit surplus "
     "inflation chance probability risk likelihood offer deal settlement boost hike levy tax "
     "shortfall slump jump premium vat turnout "
     "swing "
     "wage price prices interest salary pension budget rent tariff real-terms year-on-year "
     "fee fees"},
    {kTarget,
     "target targets threshold thresholds goal goals aim aims ambition pledge promise limit limits "
     "cap ceiling minimum maximum quota quotas benchmark trajectory requirement rule"},
    {kChangeVerb,
     "cut cuts cutting reduce reduced reduces reducing grow grew grown growing grows rise rose "
     "risen rising rises fall fell fallen falling falls increase increased increases increasing "
     "raise raised raising drop dropped dropping decline declined shrink shrank shrunk save saved "
     "saving slash slashed slashing expand expanded climb climbed jump jumped boost boosted halved "
     "doubled tripled quadrupled lift "
     "overspent underspent undershot overshot missed outperformed beat shortened "
     "lower lowered decrease decreased exceed contracted trim trimmed"},
    {kInvite,
     "sent invited emailed e-mailed mailed posted distributed approached contacted circulated "
     "issued invitations invitation invites dispatched wrote written"},
    {kReach,
     "received drew attracted involved involves involving covers covered covering included "
     "includes including gathered collected got heard based asked spoke had has questioned polled "
     "surveyed interviewed canvassed took generated elicited comprised obtained secured draws "
     "consists reached achieved drawn gathered compiled yielded garnered produced prompted"},
    {kCovers,
     "covering representing represent represents spanning cover covers represented account "
     "equivalent equates accounting rate"},
    {kMonth,
     "january february march april may june july august september october november december jan "
     "feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter"},
    {kPast,
     "last previous earlier ago previously before prior former preceding past inaugural "
     "then yesteryear"},
    {kOther, "another separate other rival similar different"},
    {kPartWord,
     "provider larger smaller big bigger small large rural urban northern southern eastern western "
     "london north south east west midlands scottish welsh female male women men younger older "
     "young labour conservative tory libdem remain leave reform full-time part-time private public "
     "acute mental community ambulance foundation non-foundation specialist clinical managerial "
     "nurse nursing medical finance financial primary secondary black white asian ethnic graduate "
     "graduates northerners southerners londoners millennials pensioners parents manufacturers "
     "retailers exporters mothers fathers services-sector manufacturing retail construction "
     "hospitality "
     "service services salaried partner trainee junior consultant non-executive executive lay "
     "teaching district "
     "county unitary metropolitan borough parish upper-tier lower-tier shire post-92 russell "
     "independent independents single-handed mixed multi-site single-site infant junior sixth-form "
     "medium-sized micro gp gps democrats democrat republicans republican conservatives tories "
     "renters homeowners unionists nationalists"},
    {kMeanWord,
     "mean average averaged averages averaging median score scored scores scoring rating ratings "
     "rated marks mark"},
    {kPatient,
     "patients patient cases case babies children pupils mothers ambulances residents visitors "
     "prisoners"},
    {kTreated,
     "seen waited treated admitted discharged waiting died vaccinated attended diagnosed referred "
     "born transferred tested screened readmitted"},
    {kPlace,
     "england nationally nationwide country uk britain wales scotland ireland nation national "
     "sector existence europe"},
    {kWhole, "sector membership total country them all whole members nation"},
    {kSource,
     "figures statistics data records ons accounts estimates dashboard statistic projections"},
    {kPronoun, "them they those these it this"},
    {kAdverb,
     "also still already now currently just only even simply strongly never always often "
     "personally broadly generally privately largely overall alone either further separately "
     "nevertheless instead"},
    {kNegation, "not no never neither none nor cannot"},
    {kCompare, "compared against versus than from vs down up previously whereas unlike"},
    {kMust,
     "needs requires requiring must should require required requires ensure aim aims supposed "
     "meant ought"},
    {kWave, "wave waves round rounds edition quarter quarterly"},
    {kAttitude,
     "confidence support satisfaction approval trust agreement opposition optimism awareness "
     "morale "
     "enthusiasm backing disapproval dissatisfaction pessimism figure figures proportion share "
     "percentage score rating popularity preference intention intentions balance result number it "
     "this that which confident majority minority rest total"},
    {kComment, "comment interview"},
    {kBody,
     "inspectorate regulator watchdog ministry government department union minister ministers "
     "secretary commission committee treasury think-tank thinktank opposition charity association "
     "institute foundation federation college society agency ofsted ofgem ons cqc auditors "
     "inspectors campaigners economists analysts officials police mps mayor operator company "
     "spokesman spokeswoman spokesperson"},
    {kThinks,
     "say said think thought believe believed feel felt agree agreed disagree disagreed want "
     "wanted "
     "expect expected fear feared hope hoped doubt doubted favour favor favoured oppose opposed "
     "predict told described worry prefer preferred says thinks believes feels agrees disagrees "
     "wants expects fears hopes doubts favours favors opposes predicts prefers"},
    {kSays,
     "said says estimated estimates reported reports calculated calculates warned warns claimed "
     "claims revealed argued told found finds announced believes believed put puts predicted "
     "predicts reckons suggested insisted added noted"},
    {kRate,
     "rates inflation turnout unemployment employment occupancy gdp vacancy interest vat tax "
     "performance "
     "mortality absence sickness factor efficiency productivity prevalence incidence yield growth "
     "compliance utilisation uptake coverage"},
    {kShows,
     "shows showed show found finds find reveals revealed reveal following answering according "
     "suggests suggested highlights highlighted confirms confirmed"},
});

struct PoleRow {
  int scale;
  int place;
  std::string_view words;
};

constexpr auto kPoles = std::to_array<PoleRow>({
    {1, 1, "agree agreed agrees agreeing"},
    {1, -1, "disagree disagreed disagrees disagreeing"},
    {1, 0, "neither neutral"},
    {2, 1, "likely"},
    {2, -1, "unlikely"},
    {3, 1, "yes"},
    {3, -1, "no"},
    {4, 1,
     "support supported supports supporting favour favoured favours favor back backed backs "
     "approve approved approves"},
    {4, -1,
     "oppose opposed opposes opposing against disapprove disapproved disapproves reject "
     "rejected"},
    {5, 1, "better improve improved improving improvement"},
    {5, -1, "worse worsen worsened worsening deteriorate deteriorated deterioration worst serious"},
    {5, 0, "same unchanged"},
    {6, 1, "good excellent"},
    {6, -1, "poor bad"},
    {6, 0, "fair average adequate"},
    {7, 1, "strong"},
    {7, -1, "weak"},
    {8, 1, "satisfied happy"},
    {8, -1, "dissatisfied unhappy"},
    {9, 1, "confident"},
    {9, -1, "unconfident"},
    {10, 1, "increase increased rise rose grow grew up"},
    {10, -1, "decrease decreased fall fell decline declined shrink down"},
    {11, 1, "positive optimistic"},
    {11, -1, "negative pessimistic"},
    {12, 1, "surplus"},
    {12, -1, "deficit overspend"},
    {12, 0, "balance breakeven break-even"},
    {13, 1, "remain"},
    {13, -1, "leave"},
    {14, 1, "effective"},
    {14, -1, "ineffective"},
    {15, 2, "undecided unsure uncertain"},
});

// Groups that go by several names.
constexpr auto kKinds = std::to_array<std::array<std::string_view, 2>>({
    {"trust", "provider"},
    {"ccg", "group"},
    {"firm", "business"},
    {"firm", "company"},
    {"business", "company"},
    {"employer", "firm"},
    {"employer", "business"},
    {"school", "headteacher"},
    {"gp", "doctor"},
    {"head", "headteacher"},
    {"head", "school"},
    {"trust", "hospital"},
    {"lead", "leader"},
    {"chief", "executive"},
    {"boss", "executive"},

});

using Table = std::unordered_map<std::string_view, uint64_t>;
using PoleTable = std::unordered_map<std::string_view, Pole>;

template <class Add>
void each_word(std::string_view words, Add add) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (!word.empty()) add(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
}

Table make_table() {
  Table table;
  for (const Row& row : kRows) {
    each_word(row.words, [&](std::string_view word) { table[word] |= row.classes; });
  }
  return table;
}
PoleTable make_poles() {
  PoleTable table;
  for (const PoleRow& row : kPoles) {
    each_word(row.words, [&](std::string_view word) { table[word] = {row.scale, row.place}; });
  }
  return table;
}

}  // namespace

uint64_t classes_of(std::string_view word) {
  static const Table table = make_table();
  const auto found = table.find(word);
  return found == table.end() ? 0 : found->second;
}

Pole pole_of(std::string_view word) {
  static const PoleTable table = make_poles();
  const auto found = table.find(word);
  return found == table.end() ? Pole{} : found->second;
}

size_t ordinal_of(std::string_view word) {
  constexpr auto kOrdinals = std::to_array<std::string_view>(
      {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
       "tenth", "eleventh", "twelfth"});
  const auto place = std::ranges::find(kOrdinals, word);
  return place == kOrdinals.end() ? 0 : static_cast<size_t>(place - kOrdinals.begin()) + 1;
}

std::string_view stem(std::string_view word) {
  if (word.ends_with("'s")) word.remove_suffix(2);
  if (word.ends_with('\'')) word.remove_suffix(1);
  if (word.size() > 5 && word.ends_with("sses")) return word.substr(0, word.size() - 2);
  if (word.size() > 4 && word.ends_with("ies")) return word.substr(0, word.size() - 3);
  if (word.size() > 4 && word.ends_with('y')) return word.substr(0, word.size() - 1);
  if (word.size() > 2 && word.ends_with('s') && !word.ends_with("ss")) {
    return word.substr(0, word.size() - 1);
  }
  return word;
}

bool same_kind(std::string_view a, std::string_view b) {
  if (a == b) return true;
  return std::ranges::any_of(kKinds, [&](const auto& pair) {
    return (pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a);
  });
}

}  // namespace barometer::claims
