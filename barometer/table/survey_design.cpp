#include "barometer/table/survey_design.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

// Dense codes 0, 1, … in order of first appearance.
class Coder {
 public:
  int32_t code(const std::string& word) {
    const auto [at, added] = codes_.try_emplace(word, static_cast<int32_t>(words_.size()));
    if (added) words_.push_back(word);
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& words() const& { return words_; }

 private:
  std::map<std::string, int32_t, std::less<>> codes_;
  std::vector<std::string> words_;
};

// A case's value as a word: label of a category, or text.
std::string word_at(const Variable& variable, const Column& column, size_t row) {
  if (const auto* texts = std::get_if<Texts>(&column)) return texts->values[row];
  if (missing_at(column, row) != Missing::kNone) return {};
  const Category* category = variable.category(code_at(column, row));
  return category == nullptr ? std::string() : category->label;
}

Result<std::vector<std::string>> words_of(const Dataset& data, const std::string& id) {
  const Column* column = TRY(data.find(id));
  const Variable& variable = *data.codebook().find(id);
  if (variable.kind == VariableKind::kMulti || variable.kind == VariableKind::kNumber) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' cannot be used as strata: it is not a single-code variable", id));
  }
  std::vector<std::string> words;
  for (size_t row = 0; row < data.case_count(); ++row)
    words.push_back(word_at(variable, *column, row));
  return words;
}

Result<std::vector<double>> weights_of(const Dataset& data, const std::string& id) {
  const Column* column = TRY(data.find(id));
  const auto* numbers = std::get_if<Numbers>(column);
  if (numbers == nullptr) {
    return fail(ErrorCode::kInvalid, fmt::format("the weight '{}' is not a number variable", id));
  }
  std::vector<double> weights = numbers->values;
  for (size_t row = 0; row < weights.size(); ++row) {
    if (numbers->missing[row] != Missing::kNone) {
      weights[row] = std::numeric_limits<double>::quiet_NaN();  // Design::make names the row
    }
  }
  return weights;
}

// ---- population sizes -----------------------------------------------------------------------

std::string field_of(const Organisation& organisation, const std::string& field) {
  return field == "area_team" ? organisation.area_team : organisation.region;
}

// Organisations or people of the frame by the stratum's word ("" for no strata).
std::map<std::string, double> frame_sizes(const Frame& frame, const std::string& field,
                                          bool people) {
  std::map<std::string, double> sizes;
  if (people) {
    for (const Person& person : frame.people()) {
      const Organisation* home = frame.organisation(person.organisations.front());
      sizes[field.empty() || home == nullptr ? "" : field_of(*home, field)] += 1;
    }
  } else {
    for (const Organisation& organisation : frame.organisations()) {
      sizes[field.empty() ? "" : field_of(organisation, field)] += 1;
    }
  }
  return sizes;
}

Result<std::optional<double>> given_population(const DesignSettings& settings) {
  if (settings.population == "frame" || settings.population == "none")
    return std::optional<double>();
  long long value = 0;
  const std::string& words = settings.population;
  const auto [end, problem] = std::from_chars(words.data(), words.data() + words.size(), value);
  if (problem != std::errc() || end != words.data() + words.size() || value <= 0) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("population '{}' is neither 'frame', 'none' nor a number of people", words));
  }
  return std::optional<double>(static_cast<double>(value));
}

// One population size a case, of the stratum it lies in.
Result<std::vector<double>> stratum_sizes(const Study& study, const Wave& wave, bool people,
                                          const std::vector<std::string>& strata, size_t cases) {
  const std::string& field = wave.design.stratum;
  const auto number = TRY(given_population(wave.design));
  if (number && field.empty() && people) return std::vector<double>(cases, *number);
  if (number) {
    return fail(
        ErrorCode::kInvalid,
        "a number as population needs a simple design without strata; use 'frame' or 'none'");
  }
  if (!field.empty() && field != "region" && field != "area_team") {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("the frame has no sizes for strata '{}'; use 'population: none'", field));
  }
  const Frame& frame = study.frame_of(wave);
  if (people && frame.people().empty()) {
    return fail(ErrorCode::kInvalid,
                "the frame lists no people; give design.population a number or none");
  }
  const std::map<std::string, double> sizes = frame_sizes(frame, field, people);
  std::vector<double> out;
  for (size_t row = 0; row < cases; ++row) {
    const std::string word = field.empty() ? "" : strata[row];
    const auto found = sizes.find(word);
    if (found == sizes.end()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {}: the stratum '{}' is not in the frame", row + 1, word));
    }
    out.push_back(found->second);
  }
  return out;
}

// ---- organisations --------------------------------------------------------------------------

// The organisations each case answers for, the first leading; empty when some case names none.
std::vector<std::vector<std::string>> organisations_of(const Dataset& data) {
  auto answered = answered_organisations(data);
  if (!answered) return {};
  const bool whole = std::ranges::none_of(*answered, [](const auto& ids) { return ids.empty(); });
  return whole ? std::move(*answered) : std::vector<std::vector<std::string>>();
}

std::vector<double> sizes_of(const Frame& frame, const std::vector<std::string>& ids) {
  std::vector<double> sizes;
  for (const std::string& id : ids) {
    const Organisation* organisation = frame.organisation(id);
    if (organisation == nullptr || !organisation->population) return {};
    sizes.push_back(*organisation->population);
  }
  return sizes;
}

// Whether each organisation that answered did so with every person the frame lists for it.
bool everyone_answered(const Frame& frame, const std::vector<std::vector<std::string>>& answered) {
  std::map<std::string, size_t> answers;
  for (const auto& ids : answered) {
    for (const std::string& id : ids) ++answers[id];
  }
  return std::ranges::all_of(answers, [&](const auto& entry) {
    return frame.people_count(entry.first) > 0 && entry.second >= frame.people_count(entry.first);
  });
}

std::optional<OrganisationKey> organisation_key(
    const Frame& frame, const std::vector<std::vector<std::string>>& answered) {
  if (answered.empty()) return std::nullopt;
  Coder coder;
  OrganisationKey key;
  for (size_t row = 0; row < answered.size(); ++row) {
    key.organisation.push_back(coder.code(answered[row].front()));
    for (size_t i = 1; i < answered[row].size(); ++i) {
      key.also.emplace_back(row, coder.code(answered[row][i]));
    }
  }
  key.labels = coder.words();
  key.size = sizes_of(frame, key.labels);
  // A finite population correction takes an organisation's answer as known. Where only some of its
  // people answered it is not, and the variance without correction covers both stages.
  if (everyone_answered(frame, answered)) key.frame_organisations = frame.organisations().size();
  return key;
}

void add_clusters(const Frame& frame, const std::vector<std::vector<std::string>>& answered,
                  bool finite, DesignSpec& spec) {
  Coder coder;
  std::vector<int32_t> codes;
  std::vector<int32_t> people;
  std::vector<double> within;
  for (size_t row = 0; row < answered.size(); ++row) {
    codes.push_back(coder.code(answered[row].front()));
    people.push_back(static_cast<int32_t>(row));
    within.push_back(static_cast<double>(frame.people_count(answered[row].front())));
  }
  spec.ids = {std::move(codes), std::move(people)};
  spec.stage_words = {"organisations", "people"};
  spec.unit_label = [words = coder.words()](size_t, int32_t code) {
    return words.at(static_cast<size_t>(code));
  };
  if (finite) spec.fpc.push_back(std::move(within));
}

// Where the design is written, and what to write there.
Error said_of_design(const Wave& wave, DesignSpec spec, const Error& error) {
  const bool unsaid = spec.lonely_psu == LonelyPsu::kFail;
  spec.lonely_psu = LonelyPsu::kRemove;
  const bool lonely = unsaid && Design::make(std::move(spec)).has_value();
  return {error.code, fmt::format("{}: design: {}{}", wave.place.file, error.message,
                                  lonely ? " (write 'lonely_psu: average' under 'design:')" : "")};
}

}  // namespace

Result<DesignSpec> survey_design_spec(const Study& study, const Wave& wave, const Dataset& data) {
  const DesignSettings& settings = wave.design;
  const auto organisations = organisations_of(data);
  const bool clustered = settings.kind == "clustered";
  if (clustered && organisations.empty()) {
    return fail(ErrorCode::kInvalid,
                "a clustered design needs an organisation for every respondent");
  }
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.stage_words = {"people"};
  std::vector<std::string> strata;
  if (!settings.stratum.empty()) {
    strata = TRY(words_of(data, settings.stratum));
    Coder coder;
    std::vector<int32_t> codes;
    for (const std::string& word : strata) codes.push_back(coder.code(word));
    spec.strata.push_back(std::move(codes));
    spec.stratum_label = [words = coder.words()](size_t, int32_t code) {
      return words.at(static_cast<size_t>(code));
    };
  }
  const bool finite = settings.population != "none";
  if (finite) {
    spec.fpc.push_back(TRY(stratum_sizes(study, wave, !clustered, strata, data.case_count())));
  }
  if (clustered) add_clusters(study.frame_of(wave), organisations, finite, spec);
  if (!settings.weight.empty()) spec.weights = TRY(weights_of(data, settings.weight));
  spec.lonely_psu = TRY(parse_lonely_psu(settings.lonely_psu));
  return spec;
}

Result<SurveyDesign> make_survey_design(const Study& study, const Wave& wave, const Dataset& data) {
  DesignSpec spec = TRY(survey_design_spec(study, wave, data));
  std::optional<size_t> population;
  const bool people = wave.design.kind != "clustered" && spec.strata.empty();
  if (people && !spec.fpc.empty() && !spec.fpc[0].empty()) {
    population = static_cast<size_t>(spec.fpc[0][0]);
  }
  auto design = Design::make(spec);
  if (!design) return tl::unexpected(said_of_design(wave, std::move(spec), design.error()));
  return SurveyDesign{std::move(*design),
                      organisation_key(study.frame_of(wave), organisations_of(data)), population};
}

}  // namespace barometer
