#include "barometer/frame/frame.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

// A size that people wrote: a number, zero or more. Blank is "not known", not zero.
std::optional<double> size_in(const CsvCell& cell, std::string_view what, Diagnostics& problems) {
  if (cell.text.empty()) return std::nullopt;
  const auto value = parse_decimal(cell.text);
  if (value && value->digits >= 0) return value->value();
  problems.error(
      "frame-number", cell.place,
      fmt::format("the {} '{}' is not a number of zero or more", what, printable(cell.text)),
      "write plain digits, without commas or units");
  return std::nullopt;
}

// A non-empty id that is not in `seen`; reports and says false otherwise.
bool is_new_id(const CsvCell& cell, std::string_view what,
               const std::map<std::string, size_t, std::less<>>& seen, Diagnostics& problems) {
  if (cell.text.empty()) {
    problems.error("frame-id", cell.place, fmt::format("{} without an id", what));
    return false;
  }
  if (cell.text.find(';') != std::string::npos) {
    problems.error(
        "frame-id", cell.place,
        fmt::format("the id '{}' holds a ';', which separates ids", printable(cell.text)));
    return false;
  }
  if (seen.contains(cell.text)) {
    problems.error("frame-doubled-id", cell.place,
                   fmt::format("the id '{}' is there twice", printable(cell.text)),
                   "an id stands for one organisation or one person");
    return false;
  }
  return true;
}

std::vector<std::string> ids_of(const std::vector<Organisation>& organisations) {
  std::vector<std::string> ids;
  for (const Organisation& organisation : organisations) ids.push_back(organisation.id);
  return ids;
}

// The share of a size (population, budget) that the chosen organisations hold; nothing unless the
// frame has that size for every organisation.
std::optional<double> share(const Frame& frame, const std::set<std::string_view>& chosen,
                            std::optional<double> Organisation::* size) {
  double part = 0;
  double whole = 0;
  for (const Organisation& organisation : frame.organisations()) {
    const auto& value = organisation.*size;
    if (!value) return std::nullopt;
    whole += *value;
    if (chosen.contains(organisation.id)) part += *value;
  }
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

bool prints_as(size_t count, size_t denominator, const Decimal& percent) {
  if (denominator == 0) return false;
  const Ratio exact{static_cast<int64_t>(count) * 100, static_cast<int64_t>(denominator)};
  return round(exact, percent.places) == percent;
}

std::string percent_of(size_t count, size_t denominator, int places) {
  const Ratio exact{static_cast<int64_t>(count) * 100, static_cast<int64_t>(denominator)};
  return round(exact, places).text();
}

}  // namespace

Frame Frame::parse(std::string_view organisations_csv, const std::string& organisations_file,
                   std::string_view people_csv, const std::string& people_file, FrameNotes notes,
                   Diagnostics& problems) {
  Frame frame;
  frame.notes_ = std::move(notes);
  const bool known = frame.read_organisations(organisations_csv, organisations_file, problems);
  if (!people_csv.empty()) frame.read_people(people_csv, people_file, known, problems);
  return frame;
}

// False: the file could not be read, so that no organisation is known.
bool Frame::read_organisations(std::string_view csv, const std::string& file,
                               Diagnostics& problems) {
  const CsvTable table = CsvTable::parse(csv, file, problems);
  if (!table.require_columns({"id", "name", "region"}, {"area_team", "population", "budget"},
                             problems)) {
    return false;
  }
  for (size_t row = 0; row < table.row_count(); ++row) {
    const CsvCell& id = table.cell(row, "id");
    const auto population = size_in(table.cell(row, "population"), "population", problems);
    const auto budget = size_in(table.cell(row, "budget"), "budget", problems);
    if (!is_new_id(id, "an organisation", organisation_index_, problems)) continue;
    organisation_index_[id.text] = organisations_.size();
    organisations_.push_back({.id = id.text,
                              .name = table.cell(row, "name").text,
                              .region = table.cell(row, "region").text,
                              .area_team = table.cell(row, "area_team").text,
                              .population = population,
                              .budget = budget,
                              .place = id.place});
  }
  return true;
}

void Frame::read_people(std::string_view csv, const std::string& file, bool organisations_known,
                        Diagnostics& problems) {
  const CsvTable table = CsvTable::parse(csv, file, problems);
  const bool sound = table.require_columns({"id", "organisation"}, {"role", "name"}, problems);
  if (!sound || !organisations_known) return;
  const std::vector<std::string> known = ids_of(organisations_);
  for (size_t row = 0; row < table.row_count(); ++row) {
    const CsvCell& id = table.cell(row, "id");
    Person person{
        .id = id.text,
        .organisations = organisations_of(table.cell(row, "organisation"), known, problems),
        .role = table.cell(row, "role").text,
        .name = table.cell(row, "name").text,
        .place = id.place};
    if (!is_new_id(id, "a person", person_index_, problems)) continue;
    for (const std::string& organisation : person.organisations) {
      ++people_by_organisation_[organisation];
    }
    person_index_[id.text] = people_.size();
    people_.push_back(std::move(person));
  }
}

std::vector<std::string> Frame::organisations_of(const CsvCell& cell,
                                                 const std::vector<std::string>& known,
                                                 Diagnostics& problems) const {
  std::vector<std::string> found;
  for (const std::string& part : split(cell.text, ';')) {
    const std::string id(trimmed(part));
    if (!organisation(id)) {
      problems.error("frame-unknown-organisation", cell.place,
                     fmt::format("the organisation '{}' is not in this frame", printable(id)),
                     suggestion(id, known));
    } else if (std::ranges::find(found, id) != found.end()) {
      problems.error(
          "frame-doubled-organisation", cell.place,
          fmt::format("the organisation '{}' is listed twice for one person", printable(id)));
    } else {
      found.push_back(id);
    }
  }
  return found;
}

const Organisation* Frame::organisation(std::string_view id) const {
  const auto found = organisation_index_.find(id);
  return found == organisation_index_.end() ? nullptr : &organisations_[found->second];
}

const Person* Frame::person(std::string_view id) const {
  const auto found = person_index_.find(id);
  return found == person_index_.end() ? nullptr : &people_[found->second];
}

size_t Frame::people_count(std::string_view organisation_id) const {
  const auto found = people_by_organisation_.find(organisation_id);
  return found == people_by_organisation_.end() ? 0 : found->second;
}

Result<Coverage> coverage(const Frame& frame,
                          const std::vector<std::vector<std::string>>& answered) {
  if (frame.organisations().empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the frame '{}' has no organisations, so nothing can be covered",
                            frame.notes().version));
  }
  std::map<std::string_view, size_t> answers_by_organisation;
  for (const auto& organisations : answered) {
    for (const std::string& id :
         std::set<std::string>(organisations.begin(), organisations.end())) {
      const Organisation* organisation = frame.organisation(id);
      if (organisation == nullptr) {
        const std::string hint = suggestion(id, ids_of(frame.organisations()));
        return fail(ErrorCode::kInvalid,
                    fmt::format("the organisation '{}' is not in the frame '{}'{}{}", printable(id),
                                frame.notes().version, hint.empty() ? "" : "; ", hint));
      }
      ++answers_by_organisation[organisation->id];
    }
  }
  Coverage out;
  out.answers = answered.size();
  out.organisations = answers_by_organisation.size();
  out.frame_organisations = frame.organisations().size();
  out.frame_people = frame.people().size();
  out.frame_version = frame.notes().version;
  out.of_organisations = {static_cast<int64_t>(out.organisations),
                          static_cast<int64_t>(out.frame_organisations)};
  std::set<std::string_view> chosen;
  for (const auto& [id, count] : answers_by_organisation) {
    chosen.insert(id);
    if (count > 1) ++out.organisations_answering_twice;
  }
  out.of_population = share(frame, chosen, &Organisation::population);
  out.of_budget = share(frame, chosen, &Organisation::budget);
  return out;
}

std::optional<std::string> coverage_problem(const CoverageClaim& claim, const Frame& frame,
                                            const std::map<std::string, size_t>& other_denominators,
                                            const Coverage* observed) {
  const size_t listed = frame.organisations().size();
  if (listed == 0) {
    return fmt::format("the frame '{}' has no organisations", frame.notes().version);
  }
  if (claim.count > listed) {
    return fmt::format("{} organisations are more than the {} of frame '{}'", claim.count, listed,
                       frame.notes().version);
  }
  if (observed != nullptr && claim.count != observed->organisations) {
    const std::string_view what = claim.count == observed->answers
                                      ? "is the number of respondents, not of organisations"
                                      : "is not the number of organisations that answered";
    return fmt::format("{} {}: {} answers came from {} of {} organisations, which is {} per cent",
                       claim.count, what, observed->answers, observed->organisations, listed,
                       percent_of(observed->organisations, listed, claim.percent.places));
  }
  if (prints_as(claim.count, listed, claim.percent)) return std::nullopt;
  std::string problem =
      fmt::format("{} of the {} organisations in frame '{}' is {} per cent, not {}", claim.count,
                  listed, frame.notes().version,
                  percent_of(claim.count, listed, claim.percent.places), claim.percent.text());
  for (const auto& [label, denominator] : other_denominators) {
    if (!prints_as(claim.count, denominator, claim.percent)) continue;
    return problem +
           fmt::format("; it is {} per cent of {} {}", claim.percent.text(), denominator, label);
  }
  return problem;
}

}  // namespace barometer
