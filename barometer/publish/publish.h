// The bundle: one folder a reader downloads.
//
//   index.html ledger.html site.css      question by question; figure by figure
//   tables.xlsx tables/*.csv             cover, notes, one sheet a table; the same as CSV
//   by-group-WAVE.html .csv .json .xlsx .ods         items by the groups that wave.yaml names
//   charts/*.svg -narrow.svg .png .pdf .vl.json      each chart, and its Vega-Lite specification
//   charts.html charts.js charts/*.js vega/          the charts with their tables, and interactive
//   stories/NAME.html .md .txt           articles; stories.json: what each of their sentences rests
//   on ledger.json ledger.csv               every figure with its base, question and method
//   disclosure.json      the rules of suppression and what the attack needs to know (attack.h)
//   codebook-WAVE.csv .json questionnaire-WAVE.md method.md
//   SHA256SUMS                           of every file above
//
// No microdata. The same study gives the same bytes. The folder appears whole or not at all: it is
// written beside its place and swapped in (base/file.h), so a reader never meets half a bundle.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

struct PublishReport {
  std::filesystem::path folder;
  Ledger ledger;
  size_t charts = 0;
  size_t files = 0;
  size_t suppressed = 0;             // cells
  std::vector<std::string> notes{};  // for who publishes: how much of a table by group is lost
};

// kInvalid when the study has errors, a wave's responses cannot be used, a story says what its
// figures do not, or the attack (attack.h)
// on the staged bundle finds a leak, alone or together with `earlier` bundles that readers may have
// kept: then nothing is written, and the message says what leaks and from what. kLimit when
// stopped.
Result<PublishReport> publish(const Study& study, const std::filesystem::path& out,
                              const Progress& progress,
                              const std::vector<std::filesystem::path>& earlier = {});

// Tables of every wave that has responses, with changes, in wave order, suppressed until the attack
// on all of them finds nothing that hiding could help (protect.h): what publish() prints, without
// writing it.
struct Publication {
  std::vector<WaveTables> waves;
  std::vector<WaveBook> books;  // of the waves that name a banner
  Ledger ledger;
  size_t suppressed = 0;
  std::vector<std::string> notes;  // as in PublishReport
};
Result<Publication> compute_publication(const Study& study, const Progress& progress);

}  // namespace barometer
