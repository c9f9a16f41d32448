// waves/WAVE: wave.yaml, questionnaire.yaml, and which other files are there.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

void read_design(const YamlNode& root, Wave& wave) {
  const YamlNode node = root.child("design");
  node.only_keys({"kind", "stratum", "weight", "population", "lonely_psu"});
  DesignSettings& design = wave.design;
  design.kind = node.choice("kind", {"simple", "clustered"});
  design.stratum = node.optional_text("stratum").value_or("");
  design.weight = node.optional_text("weight").value_or("");
  design.population = node.optional_text("population").value_or("frame");
  design.lonely_psu =
      node.choice("lonely_psu", {"fail", "remove", "certainty", "adjust", "average"});
  long long people = 0;
  const char* end = design.population.data() + design.population.size();
  const auto parsed = std::from_chars(design.population.data(), end, people);
  const bool number = parsed.ec == std::errc() && parsed.ptr == end && people > 0;
  if (!number && design.population != "frame" && design.population != "none") {
    node.child("population")
        .error("design-population",
               fmt::format("the population '{}' is not 'frame', 'none' or a number of people",
                           printable(design.population)));
  }
  if (!design.weight.empty() && !root.has("weighting")) {
    node.child("weight").error(
        "missing-weighting",
        fmt::format("answers are weighted by '{}', but 'weighting' does not say how",
                    printable(design.weight)),
        "weighting: Weighted to the frame by region and role.");
  }
}

void read_tables(const YamlNode& root, Wave& wave) {
  const YamlNode node = root.child("tables");
  node.only_keys({"banner", "letters"});
  wave.tables.banner = node.optional_text("banner").value_or("");
  wave.tables.letters = node.optional_bool("letters").value_or(false);
  if (wave.reconstruction && !wave.tables.banner.empty()) {
    node.child("banner").error(
        "reconstruction-banner",
        "a reconstruction has no tables by group: who gave which answers was never published");
  }
}

void read_reconstruction(const YamlNode& root, Wave& wave) {
  wave.reconstruction = root.optional_bool("reconstruction").value_or(false);
  wave.assumed_respondents = root.optional_integer("assumed_respondents");
  const YamlNode assumed = root.child("assumed_respondents");
  if (wave.assumed_respondents && *wave.assumed_respondents <= 0) {
    assumed.error("assumed-respondents",
                  fmt::format("{} respondents cannot be assumed", *wave.assumed_respondents));
  } else if (wave.assumed_respondents && !wave.reconstruction) {
    assumed.error("assumed-respondents", "respondents are assumed only in a reconstruction",
                  "reconstruction: true");
  }
  if (wave.reconstruction && wave.design.kind == "clustered") {
    root.child("design").child("kind").warning(
        "reconstruction-clustered",
        "a clustered design on a reconstruction: which answer came from which organisation was "
        "never published, so the clusters are made up",
        "kind: simple");
  }
}

void read_wave_yaml(const YamlNode& root, Wave& wave, bool& design_sound,
                    const Diagnostics& problems) {
  root.only_keys({"title", "fieldwork", "mode", "partner", "frame", "population", "weighting",
                  "design", "tables", "trend_links", "reconstruction", "assumed_respondents",
                  "alternative_to", "note"});
  wave.title = root.text("title");
  wave.mode = root.text("mode");
  wave.frame_version = root.text("frame");
  wave.partner = root.optional_text("partner").value_or("");
  wave.population_text = root.optional_text("population").value_or("");
  wave.weighting_text = root.optional_text("weighting").value_or(wave.weighting_text);
  wave.alternative_to = root.optional_text("alternative_to").value_or("");
  wave.note = root.optional_text("note").value_or("");
  for (const auto& [item, link] : root.child("trend_links").entries()) {
    wave.trend_links[item] = link.as_text();
  }
  read_fieldwork(root, wave);
  const size_t before = problems.error_count();
  read_design(root, wave);
  design_sound = problems.error_count() == before;
  read_reconstruction(root, wave);
  read_tables(root, wave);
}

void find_responses(const std::string& relative, Wave& wave, Diagnostics& problems) {
  std::error_code ignored;
  for (const char* name : {"responses.parquet", "responses.csv"}) {
    if (!fs::exists(wave.folder / name, ignored)) continue;
    if (!wave.responses.empty()) {
      problems.error(
          "two-responses", {relative + "/" + name, 0, 0},
          fmt::format("the wave has both '{}' and '{}'", wave.responses.filename().string(), name),
          "keep one of them");
      continue;
    }
    wave.responses = wave.folder / name;
  }
}

}  // namespace

WaveSource read_wave(const fs::path& study_folder, const std::string& id, Diagnostics& problems) {
  WaveSource source;
  Wave& wave = source.wave;
  const std::string relative = "waves/" + id;
  wave.id = id;
  wave.folder = study_folder / relative;
  wave.place = {relative + "/wave.yaml", 1, 1};
  if (id.find_first_not_of(kFileNameLetters) != std::string::npos) {
    problems.error("wave-id", {relative, 0, 0},
                   fmt::format("'{}' cannot be the id of a wave", printable(id)),
                   "letters, digits, '.', '_' and '-'");
  }
  if (const auto bytes = study_file(study_folder, wave.place.file, problems)) {
    if (const auto yaml = loaded_yaml(*bytes, wave.place.file, problems)) {
      source.yaml = yaml;
      read_wave_yaml(*yaml, wave, source.design_sound, problems);
    }
  }
  const std::string questionnaire = relative + "/questionnaire.yaml";
  if (const auto bytes = study_file(study_folder, questionnaire, problems)) {
    if (const auto yaml = loaded_yaml(*bytes, questionnaire, problems)) {
      wave.questionnaire = read_questionnaire(*yaml, problems);
    }
  }
  const std::string published = relative + "/published.csv";
  if (const auto bytes = optional_study_file(study_folder, published, problems)) {
    source.published = CsvTable::parse(*bytes, published, problems);
  }
  find_responses(relative, wave, problems);
  read_stories(study_folder, wave, problems);
  if (source.yaml) read_outcomes(study_folder, wave, problems);
  return source;
}

// A banner of what people.csv says of people: answers are not joined with it.
void check_banner_names(const Study& study, const std::vector<WaveSource>& waves,
                        Diagnostics& problems) {
  for (const WaveSource& source : waves) {
    const Wave& wave = source.wave;
    const auto frame = study.frames.find(wave.frame_version);
    if (!source.yaml || frame == study.frames.end() || frame->second.people().empty()) continue;
    for (const std::string& part : split(replaced(wave.tables.banner, ">", ","), ',')) {
      const std::string_view name = trimmed(std::string_view(part).substr(0, part.find('+')));
      if (name != "role" || wave.questionnaire.find("role") != nullptr) continue;
      std::vector<std::string> allowed;
      for (const Item& item : wave.questionnaire.items) {
        const bool groups =
            item.kind() != VariableKind::kText && item.kind() != VariableKind::kNumber;
        if (groups) allowed.push_back(item.id);
      }
      for (const Variable& field : frame_variables(study, wave)) allowed.push_back(field.id);
      problems.error(
          "tables-banner", source.yaml->child("tables").child("banner").place(),
          fmt::format("'role' of people.csv is nothing that people answered, and answers "
                      "are not joined with it; a banner takes: {}",
                      join(allowed, ", ")));
    }
  }
}

}  // namespace barometer
