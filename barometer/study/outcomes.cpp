// waves/WAVE/outcomes.csv: a row for people and one for organisations, each with the settings by
// which it was counted, so that a wave.yaml that was changed since does not speak for it.
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

struct SettingColumn {
  const char* name;
  std::string value;
};

// Without them the counts mean nothing.
std::array<SettingColumn, 5> settings_of(const FieldworkSettings& settings) {
  const auto yes_no = [](bool value) { return std::string(value ? "yes" : "no"); };
  return {{{"complete_percent", fmt::format("{}", settings.complete_percent)},
           {"partial_percent", fmt::format("{}", settings.partial_percent)},
           {"sent_to_complete", yes_no(settings.submit_to_complete)},
           {"partials_in_data", yes_no(settings.partials_in_data)},
           {"privacy", std::string(name_of(settings.privacy))}}};
}

int64_t count_in(const CsvCell& cell, std::string_view name, Diagnostics& problems) {
  int64_t value = 0;
  const char* end = cell.text.data() + cell.text.size();
  const auto read = std::from_chars(cell.text.data(), end, value);
  if (read.ec == std::errc() && read.ptr == end) return value;
  problems.error("outcomes-count", cell.place,
                 fmt::format("'{}' is '{}', which is no whole number", name, printable(cell.text)));
  return 0;
}

void check_settings(const CsvTable& table, size_t row, const FieldworkSettings& settings,
                    Diagnostics& problems) {
  for (const SettingColumn& setting : settings_of(settings)) {
    const CsvCell& cell = table.cell(row, setting.name);
    if (cell.text == setting.value) continue;
    problems.error("outcomes-settings", cell.place,
                   fmt::format("the outcomes were counted with {} = {}, and wave.yaml now says {}",
                               setting.name, printable(cell.text), setting.value),
                   "export the wave again, or take the change back");
  }
}

std::optional<OutcomeRates> read_row(const CsvTable& table, size_t row, Diagnostics& problems) {
  const size_t before = problems.error_count();
  OutcomeCounts counts;
  for (const OutcomeClass& column : kOutcomeClasses) {
    counts.*column.count = count_in(table.cell(row, column.name), column.name, problems);
  }
  const CsvCell& share = table.cell(row, "e");
  const auto e = parse_decimal(share.text);
  if (!e) problems.error("outcomes-count", share.place, e.error().message);
  if (problems.error_count() > before) return std::nullopt;
  auto rates = outcome_rates(counts, *e, table.cell(row, "unit").text);
  if (rates) return *std::move(rates);
  problems.error("outcomes-count", table.cell(row, "unit").place, rates.error().message);
  return std::nullopt;
}

}  // namespace

std::string outcomes_csv(const FieldworkSettings& settings, const WaveOutcomes& outcomes) {
  std::string out = "unit";
  for (const OutcomeClass& column : kOutcomeClasses) out += fmt::format(",{}", column.name);
  out += ",e";
  for (const SettingColumn& setting : settings_of(settings))
    out += fmt::format(",{}", setting.name);
  for (const OutcomeRates* rates : {&outcomes.people, &outcomes.organisations}) {
    out += fmt::format("\n{}", rates->unit);
    for (const OutcomeClass& column : kOutcomeClasses) {
      out += fmt::format(",{}", rates->counts.*column.count);
    }
    out += fmt::format(",{}", rates->e.text());
    for (const SettingColumn& setting : settings_of(settings)) {
      out += fmt::format(",{}", setting.value);
    }
  }
  return out + "\n";
}

void read_outcomes(const fs::path& study_folder, Wave& wave, Diagnostics& problems) {
  const std::string file = "waves/" + wave.id + "/outcomes.csv";
  const auto bytes = optional_study_file(study_folder, file, problems);
  if (!bytes) return;
  const size_t before = problems.error_count();
  const CsvTable table = CsvTable::parse(*bytes, file, problems);
  std::vector<std::string> columns{"unit", "e"};
  for (const OutcomeClass& column : kOutcomeClasses) columns.emplace_back(column.name);
  for (const SettingColumn& setting : settings_of({})) columns.emplace_back(setting.name);
  table.require_columns(columns, {}, problems);
  if (problems.error_count() > before) return;
  const bool two = table.row_count() == 2 && table.cell(0, "unit").text == "people" &&
                   table.cell(1, "unit").text == "organisations";
  if (!two) {
    problems.error("outcomes-rows", {file, 0, 0},
                   "outcomes are a row of 'people' and then one of 'organisations'");
    return;
  }
  check_settings(table, 0, wave.fieldwork, problems);
  check_settings(table, 1, wave.fieldwork, problems);
  auto people = read_row(table, 0, problems);
  auto organisations = read_row(table, 1, problems);
  if (people && organisations) wave.outcomes = {*std::move(people), *std::move(organisations)};
}

void check_outcomes(const Study& study, const Wave& wave, Diagnostics& problems) {
  if (!wave.outcomes) return;
  const int64_t counted = wave.outcomes->organisations.counts.total();
  const size_t listed = study.frame_of(wave).organisations().size();
  if (std::cmp_equal(counted, listed)) return;
  problems.error("outcomes-frame", {"waves/" + wave.id + "/outcomes.csv", 0, 0},
                 fmt::format("the outcomes are of {} organisations, the frame '{}' has {}", counted,
                             wave.frame_version, listed),
                 "export the wave again");
}

}  // namespace barometer
