#include "barometer/study/study.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxTextFile = size_t{64} << 20;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string name_of_folder(const fs::path& folder) {
  fs::path clean = fs::absolute(folder).lexically_normal();
  if (!clean.has_filename()) clean = clean.parent_path();
  return clean.filename().string();
}

int count_in(const YamlNode& node, std::string_view key, long long most, int standard) {
  const auto value = node.optional_integer(key);
  if (!value) return standard;
  if (*value >= 0 && *value <= most) return static_cast<int>(*value);
  node.child(key).error("print-rule",
                        fmt::format("'{}' is {}, not between 0 and {}", key, *value, most));
  return standard;
}

Rounding rounding_in(const YamlNode& node) {
  const std::string rule = node.choice("rounding", {"half up", "half even", "truncate"});
  if (rule == "half even") return Rounding::kHalfEven;
  return rule == "truncate" ? Rounding::kTruncate : Rounding::kHalfUp;
}

void read_settings(const YamlNode& root, Study& study) {
  root.only_keys(
      {"title", "series", "sponsor", "conducted_by", "geography", "population", "words", "print"});
  study.title = root.text("title");
  study.sponsor = root.text("sponsor");
  study.population_text = root.text("population");
  study.geography = root.text("geography");
  study.series = root.optional_text("series").value_or(study.title);
  study.conducted_by = root.optional_text("conducted_by").value_or(study.sponsor);
  const YamlNode words = root.child("words");
  words.only_keys({"organisations", "respondents"});
  study.organisation_word = words.optional_text("organisations").value_or(study.organisation_word);
  study.respondent_word = words.optional_text("respondents").value_or(study.respondent_word);
  study.print = read_print_rules(root.child("print"));
}

FrameNotes read_frame_notes(const YamlNode& root, const std::string& version) {
  root.only_keys({"date", "source", "coverage_gaps", "exclusions", "synthetic"});
  FrameNotes notes;
  notes.version = version;
  notes.date = root.date("date");
  notes.source = root.text("source");
  notes.coverage_gaps = root.text("coverage_gaps");
  notes.exclusions = root.text("exclusions");
  notes.synthetic = root.optional_bool("synthetic").value_or(false);
  return notes;
}

void read_frame(Study& study, const std::string& version, Diagnostics& problems) {
  const std::string folder = "frame/" + version;
  FrameNotes notes;
  notes.version = version;
  if (const auto bytes = study_file(study.folder, folder + "/frame.yaml", problems)) {
    if (const auto yaml = loaded_yaml(*bytes, folder + "/frame.yaml", problems)) {
      notes = read_frame_notes(*yaml, version);
    }
  }
  const std::string organisations = folder + "/organisations.csv";
  const std::string people = folder + "/people.csv";
  const auto organisations_csv = study_file(study.folder, organisations, problems);
  const auto people_csv = optional_study_file(study.folder, people, problems);
  // A frame that cannot be read stays known by its version, so that waves can still refer to it.
  const bool readable = organisations_csv.has_value();
  study.frames.insert_or_assign(
      version, Frame::parse(readable ? *organisations_csv : "id,name,region\n", organisations,
                            readable ? people_csv.value_or("") : "", people, notes, problems));
  if (readable && study.frames.at(version).organisations().empty()) {
    problems.error("frame-empty", {organisations, 0, 0}, "the frame has no organisations");
  }
}

bool has_errors_in(const Diagnostics& problems, const std::string& file) {
  return std::ranges::any_of(problems.items(), [&](const Diagnostic& item) {
    return item.severity == Severity::kError && item.place.file == file &&
           item.code != "unknown-key";
  });
}

// Whether what the responses are compared with could be read: questionnaire, design, frame.
// Without it every row would be blamed for a mistake made elsewhere.
bool can_check_responses(const Study& study, const WaveSource& source,
                         const Diagnostics& problems) {
  const Wave& wave = source.wave;
  if (wave.responses.empty() || !source.yaml || !source.design_sound) return false;
  if (!study.frames.contains(wave.frame_version)) return false;
  return !has_errors_in(problems, "waves/" + wave.id + "/questionnaire.yaml") &&
         !has_errors_in(problems, "frame/" + wave.frame_version + "/organisations.csv");
}

void check_responses(const Study& study, const Wave& wave, Diagnostics& problems) {
  const size_t before = problems.error_count();
  const auto responses = read_responses(study, wave, problems);
  if (responses || problems.error_count() > before) return;
  problems.error("responses", {wave.responses.lexically_relative(study.folder).string(), 0, 0},
                 responses.error().message);
}

}  // namespace

PrintRules read_print_rules(const YamlNode& node) {
  constexpr long long kMostPlaces = 6;
  constexpr long long kMostCases = 1'000'000'000;
  PrintRules print;
  node.only_keys({"percent_places", "mean_places", "rounding", "level", "note_base_under",
                  "bracket_base_under", "percent_base_under", "suppress_base_under",
                  "suppress_count_under", "uniform_under"});
  print.percent_places = count_in(node, "percent_places", kMostPlaces, print.percent_places);
  print.mean_places = count_in(node, "mean_places", kMostPlaces, print.mean_places);
  print.rounding = rounding_in(node);
  print.level = node.optional_number("level").value_or(print.level);
  if (print.level < 0.5 || print.level >= 1) {
    node.child("level").error(
        "print-rule", fmt::format("the level {} is not a share from 0.5 to below 1", print.level),
        "level: 0.95");
  }
  print.note_base_under = count_in(node, "note_base_under", kMostCases, print.note_base_under);
  print.bracket_base_under =
      count_in(node, "bracket_base_under", kMostCases, print.bracket_base_under);
  print.percent_base_under =
      count_in(node, "percent_base_under", kMostCases, print.percent_base_under);
  print.suppress_base_under =
      count_in(node, "suppress_base_under", kMostCases, print.suppress_base_under);
  print.suppress_count_under =
      count_in(node, "suppress_count_under", kMostCases, print.suppress_count_under);
  print.uniform_under = count_in(node, "uniform_under", kMostCases, print.uniform_under);
  return print;
}

std::optional<std::string> study_file(const fs::path& folder, const std::string& relative,
                                      Diagnostics& problems) {
  auto bytes = read_file(folder / relative, kMaxTextFile);
  if (bytes) return *std::move(bytes);
  const Place place{relative, 0, 0};
  if (bytes.error().code != ErrorCode::kNotFound) {
    problems.error("file", place, bytes.error().message);
    return std::nullopt;
  }
  const fs::path path(relative);
  const auto near = nearest(path.filename().string(), names_in((folder / relative).parent_path()));
  problems.error("missing-file", place, fmt::format("there is no file '{}'", relative),
                 near ? fmt::format("rename '{}'?", *near) : "");
  return std::nullopt;
}

std::optional<std::string> optional_study_file(const fs::path& folder, const std::string& relative,
                                               Diagnostics& problems) {
  std::error_code ignored;
  if (!fs::exists(folder / relative, ignored)) return std::nullopt;
  return study_file(folder, relative, problems);
}

std::vector<std::string> subfolders(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const std::string& name : names_in(folder)) {
    if (!name.starts_with('.') && fs::is_directory(folder / name, ignored)) out.push_back(name);
  }
  return out;
}

std::optional<YamlNode> loaded_yaml(const std::string& bytes, const std::string& file,
                                    Diagnostics& problems) {
  const size_t before = problems.error_count();
  YamlNode root = load_yaml(bytes, file, problems);
  if (problems.error_count() > before) return std::nullopt;
  return root;
}

const Wave* Study::wave(std::string_view wave_id) const {
  const auto found = std::ranges::find(waves, wave_id, &Wave::id);
  return found == waves.end() ? nullptr : &*found;
}

const Frame& Study::frame_of(const Wave& wave) const {
  const auto found = frames.find(wave.frame_version);
  CHECK(found != frames.end(), "a wave's frame is there when the study had no errors");
  return found->second;
}

Study read_study(const fs::path& folder, Diagnostics& problems, bool with_responses) {
  Study study;
  study.folder = folder;
  study.id = name_of_folder(folder);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    problems.error("missing-folder", {folder.string(), 0, 0},
                   fmt::format("there is no study folder '{}'", printable(folder.string(), 200)),
                   "'barometer new DIR' starts one");
    return study;
  }
  if (const auto bytes = study_file(folder, "study.yaml", problems)) {
    if (const auto yaml = loaded_yaml(*bytes, "study.yaml", problems)) read_settings(*yaml, study);
  }
  for (const std::string& version : subfolders(folder / "frame")) {
    read_frame(study, version, problems);
  }
  std::vector<WaveSource> sources;
  for (const std::string& id : subfolders(folder / "waves")) {
    sources.push_back(read_wave(folder, id, problems));
  }
  check_fieldwork(study, sources);
  check_links(study, sources, problems);
  check_banner_names(study, sources, problems);
  read_published(study, sources, problems);
  for (const WaveSource& source : sources) {
    if (with_responses && can_check_responses(study, source, problems)) {
      check_responses(study, source.wave, problems);
    }
  }
  for (WaveSource& source : sources) {
    if (study.frames.contains(source.wave.frame_version)) {
      check_verbatims(study, source.wave, problems);
      check_outcomes(study, source.wave, problems);
    }
    study.waves.push_back(std::move(source.wave));
  }
  problems.sort();
  return study;
}

}  // namespace barometer
