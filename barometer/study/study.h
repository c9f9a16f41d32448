// A study folder, read and checked: everything a user wrote, with places for messages.
//
//   study.yaml  frame/VERSION/{frame.yaml,organisations.csv,people.csv}
//   waves/WAVE/{wave.yaml,questionnaire.yaml,responses.parquet|responses.csv,outcomes.csv,
//               published.csv,verbatims.csv,stories/*.md}
// docs/study-format.md documents each key.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "barometer/base/date.h"
#include "barometer/base/decimal.h"
#include "barometer/base/diagnostic.h"
#include "barometer/base/yaml.h"
#include "barometer/data/dataset.h"
#include "barometer/frame/frame.h"
#include "barometer/frame/outcome.h"
#include "barometer/questionnaire/questionnaire.h"
#include "barometer/study/fieldwork_settings.h"

namespace barometer {

// Thresholds and styles of print, study.yaml `print:`.
struct PrintRules {
  int percent_places = 0;
  int mean_places = 1;
  Rounding rounding = Rounding::kHalfUp;
  double level = 0.95;
  int note_base_under = 100;     // note in the text
  int bracket_base_under = 50;   // [42]
  int percent_base_under = 30;   // counts instead of percents
  int suppress_base_under = 10;  // [c]
  int suppress_count_under = 0;  // 5 suppresses counts 1-4
  int uniform_under =
      0;  // of named groups under this, everyone and nobody are suppressed; 0: never
};

// The keys of `print:`, which other files have as well; reports what is wrong with them.
PrintRules read_print_rules(const YamlNode& node);

struct DesignSettings {  // wave.yaml `design:`
  // "simple": people drawn alone; "clustered": organisations, people within
  std::string kind = "simple";
  std::string stratum;  // frame field ("region") or variable; empty: none
  std::string weight;   // variable; empty: not weighted
  // people in the "frame", or a number of people, or "none" (no fpc)
  std::string population = "frame";
  std::string lonely_psu = "fail";  // or remove, certainty, adjust, average: as in R survey
};

struct TableSettings {   // wave.yaml `tables:`
  std::string banner;    // words of book/plan.h: "region, role"; empty: no tables by group
  bool letters = false;  // and tests between their columns
};

// A row of published.csv: a figure printed elsewhere.
struct PublishedFigure {
  std::string id;      // "w3-017", unique in the study
  std::string kind;    // percent mean n organisations frame coverage change count
  std::string item;    // variable id; empty for n, organisations, frame, coverage
  std::string answer;  // option code or label, NET id; empty for a mean
  Decimal value;
  std::string base;   // "wave" (all respondents), a number, "solve" (item base found by the solver)
  std::string since;  // wave id, with kind "change"
  std::string source;  // where it was printed: "HSJ 5058933"
  std::string quote;
  bool derived = false;  // worked out from other printed figures, not printed itself
  Place place;
};

// An article as its writer wrote it (story/story.h).
struct StoryFile {
  std::string name;  // of the file, without ending: "leaving"
  std::string file;  // relative to the study: "waves/2013-04/stories/leaving.md"
  std::string text;
};

// How far a respondent agreed to be quoted.
enum class QuoteConsent {
  kNo,            // not at all
  kAnonymous,     // without any attribution
  kRole,          // with the role
  kOrganisation,  // with role and organisation
  kNamed,         // with name, role and organisation
};
std::string_view name_of(QuoteConsent consent);  // "no", "anonymous", ...

// A row of verbatims.csv: an open answer that may be quoted.
struct Verbatim {
  std::string id;
  std::string item;
  std::string text;
  QuoteConsent consent = QuoteConsent::kNo;
  std::string name, role, organisation;  // what is known; printed as far as consent goes
  Place place;
};

// waves/WAVE/outcomes.csv: what came of those who were asked, by the thresholds and the privacy
// mode of wave.yaml. `barometer export` writes it beside the responses.
struct WaveOutcomes {
  OutcomeRates people, organisations;
};
// The file; its settings are the wave's.
std::string outcomes_csv(const FieldworkSettings& settings, const WaveOutcomes& outcomes);

struct Wave {
  std::string id;  // folder name, "2012-10"
  std::string title;
  std::optional<Date> fieldwork_start, fieldwork_end;
  std::string dates_text;  // as printed when exact dates are not known
  FieldworkSettings fieldwork;
  std::string mode;
  std::string partner;
  std::string frame_version;
  std::string population_text;  // who is meant, in words
  std::string weighting_text = "Not weighted.";
  DesignSettings design;
  TableSettings tables;
  std::map<std::string, std::string>
      trend_links;  // item id -> "WAVE/ITEM" linked in spite of another wording
  bool reconstruction = false;
  std::optional<long long> assumed_respondents;  // reconstruction with no printed n
  std::string alternative_to;                    // wave id: another reading of the same fieldwork
  std::string note;
  Questionnaire questionnaire;
  std::vector<PublishedFigure> published;
  std::vector<StoryFile> stories;  // by name
  std::vector<Verbatim> verbatims;
  std::optional<WaveOutcomes> outcomes;  // none: not known
  std::filesystem::path folder;
  std::filesystem::path responses;  // empty when there are none yet
  Place place;
};

struct Study {
  std::string id;  // folder name
  std::string title;
  std::string series;
  std::string sponsor;
  std::string conducted_by;
  std::string geography;
  std::string population_text;
  std::string organisation_word = "organisations";  // "CCGs"
  std::string respondent_word = "leaders";
  PrintRules print;
  std::map<std::string, Frame> frames;  // by version
  std::vector<Wave> waves;              // in date order (folder name)
  std::filesystem::path folder;

  [[nodiscard]] const Wave* wave(std::string_view id) const;
  [[nodiscard]] const Frame& frame_of(const Wave& wave) const;  // CHECKs that it exists
};

// Reads everything and reports every problem at once, sorted by place, files named relative to the
// folder; what is sound is kept. Responses are checked against codebook and frame when
// `with_responses`. Rely on references within the study (frame_of, links) only when no error was
// reported.
Study read_study(const std::filesystem::path& folder, Diagnostics& problems, bool with_responses);

// The columns every responses file has before its items: respondent (id, text), organisation (ids
// separated by ';'); weights and strata by name; then one column an item. read_responses adds the
// frame fields region and area_team (single, by the first organisation) unless an item has that id.
// Unknown columns, codes outside their option list, organisations not in the frame, doubled
// respondents: reported with file and row; any error makes the whole kInvalid.
Result<Dataset> read_responses(const Study& study, const Wave& wave, Diagnostics& problems);

// Those fields of the frame as variables; none of which every organisation's is empty, nor one
// whose id is an item's or the weight's.
std::vector<Variable> frame_variables(const Study& study, const Wave& wave);

// For each respondent the ids of the organisations answered for: what coverage() wants.
Result<std::vector<std::vector<std::string>>> answered_organisations(const Dataset& responses);

}  // namespace barometer
