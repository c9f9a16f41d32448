// barometer frame STUDY [--wave W]: who is on the list, and how much of it a wave covers.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "barometer/reconstruct/reconstruct.h"
#include "barometer/study/study.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::string study;
  std::string wave;
  std::string format = "text";
};

struct RegionCounts {
  size_t organisations = 0;
  size_t people = 0;  // who answer for an organisation of the region; once per region
  size_t covered = 0;
};

// What is said of one frame; coverage only when a wave was asked for.
struct Report {
  const Study& study;
  const Frame& frame;
  const Wave* wave = nullptr;
  std::optional<Coverage> coverage;
  std::map<std::string, RegionCounts> regions;
  std::optional<Reconstruction> reconstruction;  // of a wave whose answers are reconstructed

  // A reconstruction draws its respondents by lot: of where they come from nothing is known.
  [[nodiscard]] bool places_known() const { return coverage && !reconstruction; }
  [[nodiscard]] bool respondents_known() const {
    return !reconstruction || reconstruction->n_printed;
  }
  [[nodiscard]] bool organisations_known() const {
    return !reconstruction || reconstruction->organisations_printed;
  }
};

using Answered = std::vector<std::vector<std::string>>;

std::map<std::string, RegionCounts> by_region(const Frame& frame, const Answered& answered) {
  std::map<std::string, RegionCounts> regions;
  for (const Organisation& organisation : frame.organisations()) {
    ++regions[organisation.region].organisations;
  }
  for (const Person& person : frame.people()) {
    std::set<std::string> theirs;
    for (const std::string& id : person.organisations) {
      theirs.insert(frame.organisation(id)->region);
    }
    for (const std::string& region : theirs) ++regions[region].people;
  }
  std::set<std::string> covered;
  for (const auto& organisations : answered) {
    covered.insert(organisations.begin(), organisations.end());
  }
  for (const std::string& id : covered) ++regions[frame.organisation(id)->region].covered;
  return regions;
}

std::string percent(const Study& study, size_t part, size_t whole) {
  if (whole == 0) return "-";
  const Ratio exact{static_cast<int64_t>(part) * 100, static_cast<int64_t>(whole)};
  return round(exact, study.print.percent_places, study.print.rounding).text();
}

std::string percent(const Study& study, double share) {
  return round(share * 100, study.print.percent_places, study.print.rounding).text();
}

std::string number(size_t value) { return with_thousands(static_cast<long long>(value)); }

void print_real_coverage(const Report& report, std::ostream& out) {
  const Coverage& found = *report.coverage;
  const Study& study = report.study;
  if (found.organisations_answering_twice > 0) {
    fmt::print(out, "  {} with more than one answer\n",
               number(found.organisations_answering_twice));
  }
  if (found.of_population) {
    fmt::print(out, "  {} per cent of the population they serve\n",
               percent(study, *found.of_population));
  }
  if (found.of_budget) {
    fmt::print(out, "  {} per cent of their budget\n", percent(study, *found.of_budget));
  }
}

void print_coverage(const Report& report, std::ostream& out) {
  const Coverage& found = *report.coverage;
  const Study& study = report.study;
  const auto shown = [](bool known, size_t value) {
    return known ? number(value) : std::string("(not published)");
  };
  fmt::print(out, "\nWave {}: {}\n", report.wave->id, report.wave->title);
  fmt::print(out, "  {} {} answered, for {} different {}\n",
             shown(report.respondents_known(), found.answers), study.respondent_word,
             shown(report.organisations_known(), found.organisations), study.organisation_word);
  if (report.organisations_known()) {
    fmt::print(out, "  {} per cent of the {} {} in frame {}\n",
               percent(study, found.organisations, found.frame_organisations),
               number(found.frame_organisations), study.organisation_word, found.frame_version);
  }
  if (report.places_known()) {
    print_real_coverage(report, out);
  } else {
    fmt::print(out,
               "  A reconstruction from published figures: the answers are not real, and which "
               "{} they came from is not known.\n",
               study.organisation_word);
  }
}

void print_text(const Report& report, std::ostream& out) {
  const FrameNotes& notes = report.frame.notes();
  fmt::print(out, "Frame {}{}{}\n", notes.version, notes.date ? ", " + long_text(*notes.date) : "",
             notes.synthetic ? " (synthetic)" : "");
  fmt::print(out, "  {} {}, {} people\n", number(report.frame.organisations().size()),
             report.study.organisation_word, number(report.frame.people().size()));
  fmt::print(out, "  Source: {}\n  Coverage gaps: {}\n  Exclusions: {}\n\n", notes.source,
             notes.coverage_gaps, notes.exclusions);
  const bool covered = report.places_known();
  fmt::print(out, "{:<32} {:>13} {:>8}{}\n", "Region", "Organisations", "People",
             covered ? "  Answered  Per cent" : "");
  for (const auto& [region, counts] : report.regions) {
    fmt::print(out, "{:<32} {:>13} {:>8}", region.empty() ? "(none given)" : region,
               number(counts.organisations), number(counts.people));
    if (covered) {
      fmt::print(out, "  {:>8}  {:>8}", number(counts.covered),
                 percent(report.study, counts.covered, counts.organisations));
    }
    fmt::print(out, "\n");
  }
  if (report.coverage) print_coverage(report, out);
}

// Numbers that a reconstruction makes up are null.
nlohmann::ordered_json coverage_json(const Report& report) {
  const Coverage& found = *report.coverage;
  const auto known = [](bool is_known, const auto& value) {
    return is_known ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
  };
  const auto share = [&](const std::optional<double>& value) {
    return known(report.places_known() && value.has_value(), value.value_or(0));
  };
  nlohmann::ordered_json out;
  out["wave"] = report.wave->id;
  out["reconstruction"] = report.wave->reconstruction;
  out["respondents"] = known(report.respondents_known(), found.answers);
  out["organisations"] = known(report.organisations_known(), found.organisations);
  out["frame_organisations"] = found.frame_organisations;
  out["percent_of_organisations"] =
      known(report.organisations_known(),
            percent(report.study, found.organisations, found.frame_organisations));
  out["organisations_answering_twice"] =
      known(report.places_known(), found.organisations_answering_twice);
  out["share_of_population"] = share(found.of_population);
  out["share_of_budget"] = share(found.of_budget);
  return out;
}

nlohmann::ordered_json as_json(const Report& report) {
  const FrameNotes& notes = report.frame.notes();
  nlohmann::ordered_json out;
  out["study"] = report.study.id;
  out["frame"] = notes.version;
  out["date"] = notes.date ? nlohmann::ordered_json(iso_text(*notes.date)) : nullptr;
  out["synthetic"] = notes.synthetic;
  out["source"] = notes.source;
  out["coverage_gaps"] = notes.coverage_gaps;
  out["exclusions"] = notes.exclusions;
  out["organisations"] = report.frame.organisations().size();
  out["people"] = report.frame.people().size();
  out["regions"] = nlohmann::ordered_json::array();
  for (const auto& [region, counts] : report.regions) {
    nlohmann::ordered_json row{
        {"region", region}, {"organisations", counts.organisations}, {"people", counts.people}};
    if (report.places_known()) row["answered"] = counts.covered;
    out["regions"].push_back(std::move(row));
  }
  if (report.coverage) out["coverage"] = coverage_json(report);
  return out;
}

void print(const Report& report, const std::string& format, std::ostream& out) {
  if (format == "json") {
    fmt::print(
        out, "{}\n",
        as_json(report).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    print_text(report, out);
  }
}

Result<int> print_wave(const Study& study, const std::string& id, const Options& options,
                       const Io& io) {
  const Wave* wave = study.wave(id);
  if (wave == nullptr) {
    std::vector<std::string> ids;
    for (const Wave& known : study.waves) ids.push_back(known.id);
    const std::string hint = suggestion(id, ids);
    return fail(ErrorCode::kNotFound, fmt::format("there is no wave '{}'{}{}", printable(id),
                                                  hint.empty() ? "" : "; ", hint));
  }
  if (wave->responses.empty()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("the wave '{}' has no responses yet, so it covers nothing", id));
  }
  Diagnostics problems;
  const Dataset responses = TRY(read_responses(study, *wave, problems));
  const Answered answered = TRY(answered_organisations(responses));
  const Frame& frame = study.frame_of(*wave);
  const Coverage found = TRY(coverage(frame, answered));
  std::optional<Reconstruction> record;
  if (wave->reconstruction) {
    record = TRY(read_reconstruction(wave->folder / "reconstruction.json"));
  }
  print({study, frame, wave, found, by_region(frame, answered), std::move(record)}, options.format,
        io.out);
  return kFine;
}

Result<int> run(const Options& options, const Io& io) {
  Diagnostics problems;
  const Study study = read_study(options.study, problems, false);
  TRY_DONE(problems.status());
  if (!options.wave.empty()) return print_wave(study, options.wave, options, io);
  if (study.frames.empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("the study '{}' has no frame", study.id));
  }
  if (options.format == "json") {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const auto& [version, frame] : study.frames) {
      all.push_back(
          as_json({study, frame, nullptr, std::nullopt, by_region(frame, {}), std::nullopt}));
    }
    fmt::print(io.out, "{}\n",
               all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return kFine;
  }
  bool first = true;
  for (const auto& [version, frame] : study.frames) {
    if (!std::exchange(first, false)) fmt::print(io.out, "\n");
    print_text({study, frame, nullptr, std::nullopt, by_region(frame, {}), std::nullopt}, io.out);
  }
  return kFine;
}

}  // namespace

void add_frame(CLI::App& app, Action& chosen) {
  CLI::App* verb =
      app.add_subcommand("frame", "Show who is on the list, and how much of it a wave covers");
  verb->footer(
      "Coverage is distinct organisations over the organisations of the wave's own frame, never\n"
      "respondents over organisations.");
  auto options = std::make_shared<Options>();
  verb->add_option("STUDY", options->study, "The study's folder")->required();
  verb->add_option("--wave", options->wave, "Coverage of this wave's answers");
  verb->add_option("--format", options->format, "How to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run(*options, io); }; });
}

}  // namespace barometer::cli
