// waves/WAVE/stories/*.md and waves/WAVE/verbatims.csv.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/frame/frame_names.h"
#include "barometer/study/study_internal.h"
#include "barometer/study/verbatim.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr auto kConsents =
    std::to_array<std::string_view>({"no", "anonymous", "role", "organisation", "named"});
constexpr std::string_view kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

void read_story(const fs::path& study_folder, const std::string& folder, const std::string& name,
                Wave& wave, Diagnostics& problems) {
  const std::string file = folder + "/" + name + ".md";
  if (name.empty() || name.find_first_not_of(kNameLetters) != std::string::npos) {
    problems.error("story-name", {file, 0, 0},
                   fmt::format("'{}' cannot be the name of a story", printable(name)),
                   "letters, digits, '_' and '-', and the ending .md");
    return;
  }
  if (auto text = study_file(study_folder, file, problems)) {
    wave.stories.push_back({name, file, *std::move(text)});
  }
}

Verbatim read_verbatim(const CsvTable& table, size_t row, Diagnostics& problems) {
  Verbatim out;
  out.id = table.cell(row, "id").text;
  out.place = table.cell(row, "id").place;
  out.item = table.cell(row, "item").text;
  out.text = table.cell(row, "text").text;
  out.name = table.cell(row, "name").text;
  out.role = table.cell(row, "role").text;
  out.organisation = table.cell(row, "organisation").text;
  const CsvCell& edited = table.cell(row, "edited");
  if (!edited.text.empty() && !only_leaves_out(edited.text, out.text)) {
    problems.error(
        "verbatim-edited", edited.place,
        fmt::format("'edited' of verbatim '{}' is not its text with […] in place of a name",
                    printable(out.id)),
        "copy the text, and put […] where the name stood; change nothing else");
  } else if (!edited.text.empty()) {
    out.text = replaced(edited.text, "[...]", kLeftOut);
  }
  const CsvCell& consent = table.cell(row, "consent");
  const auto* const found = std::ranges::find(kConsents, consent.text);
  if (found == kConsents.end()) {
    const std::vector<std::string> known(kConsents.begin(), kConsents.end());
    problems.error("verbatim-consent", consent.place,
                   fmt::format("the consent '{}' is none", printable(consent.text)),
                   suggestion(consent.text, known));
  } else {
    out.consent = static_cast<QuoteConsent>(found - kConsents.begin());
  }
  return out;
}

void read_verbatims(const fs::path& study_folder, Wave& wave, Diagnostics& problems) {
  const std::string file = "waves/" + wave.id + "/verbatims.csv";
  const auto bytes = optional_study_file(study_folder, file, problems);
  if (!bytes) return;
  const CsvTable table = CsvTable::parse(*bytes, file, problems);
  table.require_columns({"id", "item", "text", "consent"},
                        {"name", "role", "organisation", "edited"}, problems);
  std::set<std::string> ids;
  for (size_t row = 0; row < table.row_count(); ++row) {
    Verbatim verbatim = read_verbatim(table, row, problems);
    if (verbatim.id.empty() || !ids.insert(verbatim.id).second) {
      problems.error("verbatim-id", verbatim.place,
                     fmt::format("the id '{}' is {}", printable(verbatim.id),
                                 verbatim.id.empty() ? "empty" : "there twice"));
    }
    if (!verbatim.item.empty() && wave.questionnaire.find(verbatim.item) == nullptr) {
      problems.error("verbatim-item", table.cell(row, "item").place,
                     fmt::format("the wave asked no '{}'", printable(verbatim.item)));
    }
    wave.verbatims.push_back(std::move(verbatim));
  }
}

}  // namespace

std::string_view name_of(QuoteConsent consent) {
  return kConsents.at(static_cast<size_t>(consent));
}

void read_stories(const fs::path& study_folder, Wave& wave, Diagnostics& problems) {
  const std::string folder = "waves/" + wave.id + "/stories";
  std::error_code ignored;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(study_folder / folder, ignored)) {
    if (entry.path().extension() == ".md") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  for (const std::string& name : names) read_story(study_folder, folder, name, wave, problems);
  read_verbatims(study_folder, wave, problems);
}

bool only_leaves_out(std::string_view edited, std::string_view text) {
  std::string rest = replaced(std::string(edited), "[...]", kLeftOut);
  size_t mark = rest.find(kLeftOut);
  if (mark == std::string::npos || !text.starts_with(rest.substr(0, mark))) return false;
  size_t from = mark;  // of `text`: what is before it has been met
  while (true) {
    rest.erase(0, mark + kLeftOut.size());
    mark = rest.find(kLeftOut);
    if (mark == std::string::npos) break;
    const size_t found = text.find(rest.substr(0, mark), from);
    if (found == std::string_view::npos) return false;
    from = found + mark;
  }
  return text.size() >= from + rest.size() && text.ends_with(rest);
}

std::vector<std::string> names_beyond_consent(const Frame& frame, const Verbatim& verbatim) {
  if (verbatim.consent >= QuoteConsent::kOrganisation) return {};
  return FrameNames(frame).found_in(verbatim.text);
}

void check_verbatims(const Study& study, const Wave& wave, Diagnostics& problems) {
  for (const Verbatim& verbatim : wave.verbatims) {
    for (const std::string& name : names_beyond_consent(study.frame_of(wave), verbatim)) {
      problems.warning(
          "verbatim-names", verbatim.place,
          fmt::format("verbatim '{}' says '{}', and its consent is '{}': no story may quote it",
                      printable(verbatim.id), printable(name), name_of(verbatim.consent)),
          "write the words into the column 'edited' with […] in place of the name, or ask");
    }
  }
}

}  // namespace barometer
