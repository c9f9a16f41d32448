// The steps of read_study.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/base/csv.h"
#include "barometer/base/yaml.h"
#include "barometer/study/study.h"

namespace barometer {

// A wave while it is being checked: its YAML and CSV still know the place of everything.
struct WaveSource {
  Wave wave;
  std::optional<YamlNode> yaml;  // none when wave.yaml could not be read
  std::optional<CsvTable> published;
  bool design_sound = true;  // no error in wave.yaml's `design`
};

// Text of `folder`/`relative`; reports when it cannot be read, naming the nearest file that is
// there.
std::optional<std::string> study_file(const std::filesystem::path& folder,
                                      const std::string& relative, Diagnostics& problems);
// The same for a file that need not be there.
std::optional<std::string> optional_study_file(const std::filesystem::path& folder,
                                               const std::string& relative, Diagnostics& problems);
// Names of the folders in `folder`, sorted; hidden ones left out.
std::vector<std::string> subfolders(const std::filesystem::path& folder);
// load_yaml; nothing when the file is no YAML (reported).
std::optional<YamlNode> loaded_yaml(const std::string& bytes, const std::string& file,
                                    Diagnostics& problems);

// waves/WAVE/stories/*.md and verbatims.csv.
void read_stories(const std::filesystem::path& study_folder, Wave& wave, Diagnostics& problems);
// Names of the frame in what is quoted without the consent for it.
void check_verbatims(const Study& study, const Wave& wave, Diagnostics& problems);

// waves/WAVE/outcomes.csv, after wave.yaml.
void read_outcomes(const std::filesystem::path& study_folder, Wave& wave, Diagnostics& problems);
// That it counts the organisations of the wave's frame.
void check_outcomes(const Study& study, const Wave& wave, Diagnostics& problems);

WaveSource read_wave(const std::filesystem::path& study_folder, const std::string& id,
                     Diagnostics& problems);

// wave.yaml `fieldwork:` into the wave.
void read_fieldwork(const YamlNode& root, Wave& wave);
// Its checks against questionnaire and frame. `languages` that are not given are all.
void check_fieldwork(const Study& study, std::vector<WaveSource>& waves);

void check_banner_names(const Study& study, const std::vector<WaveSource>& waves,
                        Diagnostics& problems);

// Checks between waves, frames and questionnaires: frame, design, trend links, alternatives, order,
// wording. `waves` is in order.
void check_links(const Study& study, std::vector<WaveSource>& waves, Diagnostics& problems);

// Reads the published figures of every wave into its Wave and checks them.
void read_published(const Study& study, std::vector<WaveSource>& waves, Diagnostics& problems);

}  // namespace barometer
