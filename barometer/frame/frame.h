// The frame: a dated list of organisations, each with zero or more named role-holders.
//
// N (organisations) and N (people) are two numbers and never mixed. One person may answer for
// several organisations, and one organisation may send several answers (requirements A1-A7).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/csv.h"
#include "barometer/base/date.h"
#include "barometer/base/decimal.h"
#include "barometer/base/diagnostic.h"

namespace barometer {

struct Organisation {
  std::string id;
  std::string name;
  std::string region;
  std::string area_team;
  std::optional<double> population;  // people served
  std::optional<double> budget;      // pounds a year
  Place place;
};

struct Person {
  std::string id;
  std::vector<std::string> organisations;  // ids; more than one for a shared officer
  std::string role;
  std::string name;  // may be empty; never published
  Place place;
};

// What the frame says about itself; printed in the method note.
struct FrameNotes {
  std::string version;  // folder name, "2012-10"
  std::optional<Date> date;
  std::string source;
  std::string coverage_gaps;
  std::string exclusions;
  bool synthetic = false;  // names and ids are made up
};

class Frame {
 public:
  // organisations.csv: id,name,region[,area_team,population,budget]; people.csv:
  // id,organisation[,role,name] where organisation lists ids separated by ';'. Reports doubled
  // ids, unknown organisations, numbers that are not, and keeps what is sound. An empty people_csv
  // means that no role-holders are known.
  static Frame parse(std::string_view organisations_csv, const std::string& organisations_file,
                     std::string_view people_csv, const std::string& people_file, FrameNotes notes,
                     Diagnostics& problems);

  [[nodiscard]] const FrameNotes& notes() const& { return notes_; }
  [[nodiscard]] const std::vector<Organisation>& organisations() const& { return organisations_; }
  [[nodiscard]] const std::vector<Person>& people() const& { return people_; }
  [[nodiscard]] const Organisation* organisation(std::string_view id) const;
  [[nodiscard]] const Person* person(std::string_view id) const;
  // People listed under an organisation.
  [[nodiscard]] size_t people_count(std::string_view organisation_id) const;

 private:
  bool read_organisations(std::string_view csv, const std::string& file, Diagnostics& problems);
  void read_people(std::string_view csv, const std::string& file, bool organisations_known,
                   Diagnostics& problems);
  std::vector<std::string> organisations_of(const CsvCell& cell,
                                            const std::vector<std::string>& known,
                                            Diagnostics& problems) const;

  FrameNotes notes_;
  std::vector<Organisation> organisations_;
  std::vector<Person> people_;
  std::map<std::string, size_t, std::less<>> organisation_index_;
  std::map<std::string, size_t, std::less<>> person_index_;
  std::map<std::string, size_t, std::less<>> people_by_organisation_;
};

// Coverage: distinct organisations over the frame's organisations; never respondents over
// organisations (A4). Also by population and budget when the frame has them for every organisation.
struct Coverage {
  size_t answers = 0;        // respondents
  size_t organisations = 0;  // distinct, in the frame
  size_t frame_organisations = 0;
  size_t frame_people = 0;
  Ratio of_organisations;  // organisations / frame_organisations
  std::optional<double> of_population;
  std::optional<double> of_budget;
  size_t organisations_answering_twice = 0;  // with more than one answer
  std::string frame_version;
};
// `answered` holds, per respondent, the ids of the organisations answered for. kInvalid: an id that
// is not in the frame (with the nearest), or an empty frame.
Result<Coverage> coverage(const Frame& frame,
                          const std::vector<std::vector<std::string>>& answered);

// Tests a printed coverage claim "count organisations (percent per cent)" against the frame (A5).
struct CoverageClaim {
  size_t count = 0;
  Decimal percent;
};
// Empty when it holds. Else a sentence naming what does not fit and the denominator in
// `other_denominators` (label -> number) that would fit, if any. With what was `observed`, a count
// that is not the number of distinct organisations is refused first, so that respondents are never
// passed off as organisations (A4). Percentages are taken as rounded half up.
std::optional<std::string> coverage_problem(const CoverageClaim& claim, const Frame& frame,
                                            const std::map<std::string, size_t>& other_denominators,
                                            const Coverage* observed = nullptr);

}  // namespace barometer
