// The bundle: one folder a reader downloads.
//
//   index.html ledger.html site.css      question by question; figure by figure
//   tables.xlsx tables/*.csv             cover, notes, one sheet a table; the same as CSV
//   charts/*.svg -narrow.svg .png .pdf .vl.json      each chart, and its Vega-Lite specification
//   charts.html charts.js charts/*.js vega/          the charts with their tables, and interactive
//   ledger.json ledger.csv               every figure with its base, question and method
//   codebook-WAVE.csv .json questionnaire-WAVE.md method.md
//   SHA256SUMS                           of every file above
//
// No microdata. The same study gives the same bytes. The folder appears whole or not at all: it is
// written beside its place and swapped in (base/file.h), so a reader never meets half a bundle.
#pragma once

#include <filesystem>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

struct PublishReport {
  std::filesystem::path folder;
  Ledger ledger;
  size_t charts = 0;
  size_t files = 0;
  size_t suppressed = 0;  // cells
};

// kInvalid when the study has errors or a wave's responses cannot be used; kLimit when stopped.
Result<PublishReport> publish(const Study& study, const std::filesystem::path& out,
                              const Progress& progress);

// Tables of every wave that has responses, suppressed and with changes, in wave order: what
// publish() prints, without writing it.
struct Publication {
  std::vector<WaveTables> waves;
  Ledger ledger;
  size_t suppressed = 0;
};
Result<Publication> compute_publication(const Study& study, const Progress& progress);

}  // namespace barometer
