// The answers of a wave as data: what read_study, estimate and publish take without a manual step.
//
// Columns depend on the questionnaire only, never on what was answered: respondent, organisation,
// then the items. Cases are those complete, and partial ones where the wave's settings say so;
// break-offs and erased cases are not in it. An item that was not asked of a case is "not asked".
//
//   confidential  respondent is a pseudonym made for the export (R0001 …, in an order drawn from
//                 the export's seed), organisation as in the frame
//   unlinked      organisation is blank, and the order is drawn anew for the verbatims
// Neither holds a subject of the journal, a name, a token or a moment: who has an export can join
// it to nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/fieldwork/projection.h"
#include "barometer/study/study.h"

namespace barometer {

struct ExportCounts {
  size_t cases = 0;  // with at least one entry
  size_t complete = 0, partial = 0, break_off = 0, erased = 0;
  size_t left_out_as_duplicates = 0;  // rule `senior`
  size_t organisations_twice = 0;     // with more than one answer, before the rule
  size_t texts_like_codes = 0;  // open answers that a data file would read as missing: "NA", "-1"
};

// Words of a respondent, apart from the data.
struct ExportedVerbatim {
  std::string respondent;  // blank in unlinked waves
  std::string item;
  int option = 0;  // of "other, please specify"; 0: an open answer
  std::string text;
  Quoting quoting = Quoting::kNotAsked;
  // Names, organisations, places of the frame found in the text (requirement E10), as found.
  std::vector<std::string> flagged;
};

struct ExportedResponses {
  Dataset data;
  std::vector<ExportedVerbatim> verbatims;
  ExportCounts counts;
};

struct ExportOptions {
  uint64_t seed = 0;  // of the order; from the caller's randomness, kept nowhere
};

// kInvalid: the wave's questionnaire is not the projection's.
Result<ExportedResponses> export_responses(const Study& study, const Wave& wave,
                                           const Projection& projection,
                                           const ExportOptions& options);

// What would be lost if `fresh` took the place of an export before it, as a sentence; none where
// nothing speaks against it. Both are CSV with a header. An erasure, a changed answer and people
// who have answered since are no loss; no answers, fewer than half of them, or none of ten and more
// of the earlier ones (whatever the respondents' numbers) is.
std::optional<std::string> lost_by_replacing(std::string_view earlier, std::string_view fresh);

// respondent,item,option,quoting,flagged,text; safe for spreadsheets.
std::string verbatims_csv(const ExportedResponses& responses);
// What a reader of the data must know: counts, thresholds, privacy mode, duplicates rule.
std::string export_note(const Wave& wave, const ExportedResponses& responses);

}  // namespace barometer
