#include "barometer/publish/method.h"

#include <fmt/format.h>

#include "barometer/base/date.h"
#include "barometer/base/text.h"
#include "barometer/publish/response.h"

namespace barometer {
namespace {

constexpr int kAfterCoverage = 9;  // where the response stands among the items

std::string or_unknown(const std::string& text) { return text.empty() ? "Not stated." : text; }

// With a capital and a full stop.
std::string sentence(std::string text) {
  if (text.empty()) return "Not stated.";
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text.ends_with('.') ? text : text + ".";
}

std::string dates_of(const Wave& wave) {
  if (wave.fieldwork_start && wave.fieldwork_end) {
    return fmt::format("{} to {}", long_text(*wave.fieldwork_start),
                       long_text(*wave.fieldwork_end));
  }
  return or_unknown(wave.dates_text);
}

std::string sample_of(const Study& study, const WaveTables& tables) {
  if (!tables.respondents_known) {
    return "The number of respondents was not published; no base, standard error or interval is "
           "given.";
  }
  return fmt::format("{} {}. Items that fewer answered show their own base.",
                     with_thousands(static_cast<long long>(tables.respondents)),
                     study.respondent_word);
}

std::string coverage_of(const Study& study, const Wave& wave, const WaveTables& tables) {
  if (!tables.coverage) {
    return fmt::format("The number of {} with an answer was not published.",
                       study.organisation_word);
  }
  const Coverage& coverage = *tables.coverage;
  const Ratio percent{coverage.of_organisations.numerator * 100,
                      coverage.of_organisations.denominator};
  std::string out = fmt::format(
      "{} of the {} {} in frame {} ({}%), counting each once however many of its people answered.",
      coverage.organisations, coverage.frame_organisations, study.organisation_word,
      coverage.frame_version,
      round(percent, study.print.percent_places, study.print.rounding).text());
  // In a reconstruction which organisations answered is made up; only how many did is known.
  if (coverage.of_population && !wave.reconstruction) {
    out += fmt::format(" They serve {}% of the frame's population.",
                       round(*coverage.of_population * 100, 0, study.print.rounding).text());
  }
  return out;
}

std::string frame_of(const Study& study, const Wave& wave) {
  const Frame& frame = study.frame_of(wave);
  const FrameNotes& notes = frame.notes();
  std::string out =
      fmt::format("Version {}{}: {} {}, {} people listed. {}", notes.version,
                  notes.date ? " of " + long_text(*notes.date) : "", frame.organisations().size(),
                  study.organisation_word, frame.people().size(), notes.source);
  out += fmt::format(" Gaps: {} Exclusions: {}", or_unknown(notes.coverage_gaps),
                     or_unknown(notes.exclusions));
  if (notes.synthetic) out += " Names and ids in the frame are synthetic.";
  return out;
}

std::string precision_of(const Study& study) {
  return fmt::format(
      "Intervals at {}% measure sampling error only. People who did not answer may differ from "
      "those "
      "who did, and no interval allows for that; where the number of people in the population is "
      "known, "
      "the ledger also says what each count means when nothing is supposed of them. Changes take "
      "the "
      "waves as independent samples. A finite population correction, where the design line names "
      "one, supposes that who "
      "answered was a matter of chance.",
      round(study.print.level * 100, 0).text());
}

std::string disclosure_of(const PrintRules& rules) {
  std::string out =
      fmt::format("No result on a base under {} is shown.", rules.suppress_base_under);
  if (rules.suppress_count_under > 1) {
    out += fmt::format(
        " Counts from 1 to {} are suppressed, and further cells where they could be worked back "
        "from anything else in this bundle.",
        rules.suppress_count_under - 1);
  }
  if (rules.uniform_under > 0) {
    out += fmt::format(
        " What everyone, or nobody, of a group of fewer than {} said is suppressed as well.",
        rules.uniform_under);
  }
  return out + fmt::format(" Bases under {} give counts, under {} percentages in brackets.",
                           rules.percent_base_under, rules.bracket_base_under);
}

}  // namespace

std::vector<MethodItem> method_statement(const Study& study, const Wave& wave,
                                         const WaveTables& tables) {
  std::vector<MethodItem> items = {
      {"Client", or_unknown(study.sponsor)},
      {"Conducted by",
       sentence(study.conducted_by) +
           (wave.partner.empty() ? "" : fmt::format(" Partner: {}.", wave.partner))},
      {"Fieldwork", dates_of(wave)},
      {"Method", or_unknown(wave.mode)},
      {"Population",
       or_unknown(wave.population_text.empty() ? study.population_text : wave.population_text)},
      {"Geography", or_unknown(study.geography)},
      {"Frame", frame_of(study, wave)},
      {"Sample size", sample_of(study, tables)},
      {"Coverage", coverage_of(study, wave, tables)},
      {"Weighting", or_unknown(wave.weighting_text)},
      {"Design and variance", sentence(tables.method)},
      {"Precision", precision_of(study)},
      {"Bases and don't knows",
       "Each table states its base; don't know counts as an answer unless the table says "
       "otherwise."},
      {"Wording",
       "Each question's wording, or a paraphrase marked as one, stands with its table and "
       "in the questionnaire of this bundle."},
      {"Rounding",
       fmt::format("Figures are {}. Combined answers are computed before rounding, so they can "
                   "differ from the sum of rounded parts.",
                   rounding_text(study.print))},
      {"Disclosure control", disclosure_of(study.print)},
  };
  if (!wave.reconstruction) {
    const auto response = response_statement(study, wave);
    items.insert(items.begin() + kAfterCoverage, response.begin(), response.end());
  }
  if (wave.reconstruction) items.push_back({"Source of the data", kReconstructionNotice});
  if (!wave.note.empty()) items.push_back({"Note", wave.note});
  return items;
}

}  // namespace barometer
