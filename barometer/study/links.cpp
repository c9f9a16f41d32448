// Checks between waves, frames and questionnaires.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

std::vector<std::string> item_ids(const Questionnaire& questionnaire) {
  std::vector<std::string> ids;
  for (const Item& item : questionnaire.items) ids.push_back(item.id);
  return ids;
}

std::vector<std::string> wave_ids(const std::vector<WaveSource>& waves) {
  std::vector<std::string> ids;
  for (const WaveSource& source : waves) ids.push_back(source.wave.id);
  return ids;
}

std::optional<size_t> index_of(const std::vector<WaveSource>& waves, std::string_view id) {
  for (size_t i = 0; i < waves.size(); ++i) {
    if (waves[i].wave.id == id) return i;
  }
  return std::nullopt;
}

void check_frame(const Study& study, const Wave& wave, const YamlNode& yaml) {
  if (wave.frame_version.empty()) return;  // reported as missing
  const auto found = study.frames.find(wave.frame_version);
  if (found == study.frames.end()) {
    std::vector<std::string> versions;
    for (const auto& [version, frame] : study.frames) versions.push_back(version);
    yaml.child("frame").error("unknown-frame",
                              fmt::format("there is no frame '{}'", printable(wave.frame_version)),
                              suggestion(wave.frame_version, versions));
    return;
  }
  const Frame& frame = found->second;
  if (wave.design.population == "frame" && frame.people().empty() &&
      !frame.organisations().empty()) {
    yaml.child("frame").warning(
        "frame-without-people",
        fmt::format("the frame '{}' lists no people, so there is no number of people to count the "
                    "respondents against",
                    wave.frame_version),
        "add people.csv, or say design: {population: none}");
  }
}

// With a size for every organisation, one of whose people only one answered shows no variance. Of
// whom that will be so only the answers tell, when it is too late to ask.
void check_lonely(const Study& study, const Wave& wave, const YamlNode& yaml) {
  const auto found = study.frames.find(wave.frame_version);
  const DesignSettings& design = wave.design;
  if (design.kind != "clustered" || design.lonely_psu != "fail" || design.population == "none" ||
      wave.reconstruction || found == study.frames.end()) {
    return;
  }
  const Frame& frame = found->second;
  const auto several = std::ranges::find_if(frame.organisations(), [&](const Organisation& one) {
    return frame.people_count(one.id) > 1;
  });
  if (several == frame.organisations().end()) return;
  yaml.child("design").warning(
      "design-lonely",
      fmt::format("a clustered design does not say how an organisation counts of whose people only "
                  "one answers: '{}' lists {}, and with one answer nothing is published",
                  printable(several->id), frame.people_count(several->id)),
      "lonely_psu: average (it varies as the others do) or lonely_psu: adjust (wider intervals)");
}

// A stratum or weight that no file can hold: responses that exist are looked at when they are read.
void check_design(const Wave& wave, const YamlNode& yaml) {
  std::vector<std::string> known = item_ids(wave.questionnaire);
  known.insert(known.begin(), {"region", "area_team"});
  const YamlNode design = yaml.child("design");
  for (const char* key : {"stratum", "weight"}) {
    const std::string name = design.optional_text(key).value_or("");
    if (name.empty() || std::ranges::count(known, name) > 0) continue;
    if (!is_variable_id(name)) {
      design.child(key).error("design-variable",
                              fmt::format("'{}' cannot be the name of a column", printable(name)));
    } else if (key == std::string_view("stratum") && wave.responses.empty()) {
      design.child(key).error(
          "design-variable",
          fmt::format("the stratum '{}' is neither a field of the frame nor an item", name),
          suggestion(name, known));
    }
  }
}

void check_kinds(const Wave& wave, const YamlNode& yaml) {
  const YamlNode design = yaml.child("design");
  if (const Item* weight = wave.questionnaire.find(wave.design.weight)) {
    if (weight->kind() != VariableKind::kNumber) {
      design.child("weight").error(
          "design-variable", fmt::format("the weight '{}' is no number but an item of type '{}'",
                                         weight->id, name_of(weight->type)));
    }
  }
  if (const Item* stratum = wave.questionnaire.find(wave.design.stratum)) {
    if (stratum->kind() != VariableKind::kSingle) {
      design.child("stratum").error(
          "design-variable", fmt::format("the stratum '{}' is an item of type '{}', not of one "
                                         "answer each",
                                         stratum->id, name_of(stratum->type)));
    }
  }
}

void check_trend_link(const std::vector<WaveSource>& waves, size_t at, const std::string& item_id,
                      const YamlNode& node) {
  const Wave& wave = waves[at].wave;
  const Item* item = wave.questionnaire.find(item_id);
  if (item == nullptr) {
    node.error("trend-link", fmt::format("'{}' is no item of this wave", printable(item_id)),
               suggestion(item_id, item_ids(wave.questionnaire)));
    return;
  }
  const std::string link = wave.trend_links.at(item_id);
  const std::vector<std::string> parts = split(link, '/');
  if (parts.size() != 2) {
    node.error("trend-link", fmt::format("'{}' does not name a wave and an item", printable(link)),
               "trend_links: {confidence: 2012-10/confidence}");
    return;
  }
  const auto other = index_of(waves, parts[0]);
  if (!other) {
    node.error("trend-link", fmt::format("there is no wave '{}'", printable(parts[0])),
               suggestion(parts[0], wave_ids(waves)));
    return;
  }
  if (*other >= at) {
    node.error("trend-link",
               fmt::format("the wave '{}' is not earlier than '{}'", parts[0], wave.id),
               "a link points back in time; waves are in order of their folder names");
    return;
  }
  const Questionnaire& earlier = waves[*other].wave.questionnaire;
  const Item* linked = earlier.find(parts[1]);
  if (linked == nullptr) {
    node.error("trend-link",
               fmt::format("the wave '{}' has no item '{}'", parts[0], printable(parts[1])),
               suggestion(parts[1], item_ids(earlier)));
  } else if (linked->kind() != item->kind()) {
    node.error("trend-link",
               fmt::format("'{}' is of type '{}' and '{}' of type '{}'; they share no "
                           "figure",
                           item_id, name_of(item->type), link, name_of(linked->type)));
  }
}

void check_alternative(const std::vector<WaveSource>& waves, size_t at, const YamlNode& yaml) {
  const std::string& id = waves[at].wave.alternative_to;
  if (id.empty()) return;
  const auto other = index_of(waves, id);
  if (!other) {
    yaml.child("alternative_to")
        .error("alternative", fmt::format("there is no wave '{}'", printable(id)),
               suggestion(id, wave_ids(waves)));
  } else if (*other == at) {
    yaml.child("alternative_to").error("alternative", "a wave is no alternative to itself");
  } else if (!waves[*other].wave.alternative_to.empty()) {
    yaml.child("alternative_to")
        .error("alternative",
               fmt::format("the wave '{}' is itself an alternative, to '{}'", id,
                           printable(waves[*other].wave.alternative_to)),
               "name the same wave in both");
  }
}

void check_order(const std::vector<WaveSource>& waves, size_t at, const YamlNode& yaml) {
  if (at == 0) return;
  const Wave& wave = waves[at].wave;
  const Wave& before = waves[at - 1].wave;
  if (!wave.fieldwork_start || !before.fieldwork_start) return;
  if (*wave.fieldwork_start >= *before.fieldwork_start) return;
  yaml.child("fieldwork")
      .warning("wave-order",
               fmt::format("fieldwork started on {}, before the {} of the wave '{}' that stands "
                           "earlier",
                           iso_text(*wave.fieldwork_start), iso_text(*before.fieldwork_start),
                           before.id),
               "waves are in order of their folder names; start those with the date");
}

// The same id in other words breaks the trend: say so once, against the latest earlier wave.
void note_wordings(const std::vector<WaveSource>& waves, size_t at, Diagnostics& problems) {
  const Wave& wave = waves[at].wave;
  for (const Item& item : wave.questionnaire.items) {
    if (wave.trend_links.contains(item.id)) continue;
    for (size_t i = at; i-- > 0;) {
      const Item* earlier = waves[i].wave.questionnaire.find(item.id);
      if (earlier == nullptr) continue;
      if (earlier->wording_hash != item.wording_hash) {
        problems.note(
            "wording-changed", item.place,
            fmt::format("'{}' is worded otherwise than in wave '{}', so there is no trend "
                        "between them",
                        item.id, waves[i].wave.id),
            fmt::format("if they can be compared, say so in wave.yaml: trend_links: "
                        "{{{}: {}/{}}}",
                        item.id, waves[i].wave.id, item.id));
      }
      break;
    }
  }
}

}  // namespace

void check_links(const Study& study, std::vector<WaveSource>& waves, Diagnostics& problems) {
  // Words are compared when they are sound: a broken item differs for another reason.
  const bool sound = problems.ok();
  for (size_t at = 0; at < waves.size(); ++at) {
    if (sound) note_wordings(waves, at, problems);
    if (!waves[at].yaml) continue;
    const YamlNode& yaml = *waves[at].yaml;
    check_frame(study, waves[at].wave, yaml);
    const size_t before = problems.error_count();
    check_design(waves[at].wave, yaml);
    check_lonely(study, waves[at].wave, yaml);
    check_kinds(waves[at].wave, yaml);
    if (problems.error_count() > before) waves[at].design_sound = false;
    check_alternative(waves, at, yaml);
    check_order(waves, at, yaml);
    for (const auto& [item, node] : yaml.child("trend_links").entries()) {
      check_trend_link(waves, at, item, node);
    }
  }
}

}  // namespace barometer
