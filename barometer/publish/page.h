// The pages of a bundle: index.html (question by question) and ledger.html (figure by figure).
// They work without scripts, by keyboard and on a phone; the only style is site.css beside them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "barometer/ledger/ledger.h"
#include "barometer/publish/charts.h"
#include "barometer/publish/method.h"
#include "barometer/story/story.h"

namespace barometer {

struct WavePage {
  const Wave* wave = nullptr;
  const WaveTables* tables = nullptr;
  std::vector<Section> sections;
  std::vector<SectionChart> charts;
  std::vector<MethodItem> method;
  bool by_group = false;  // by-group-WAVE.html and its downloads lie beside the page
};

std::string index_page(const Study& study, const std::vector<WavePage>& waves,
                       const std::vector<Story>& stories = {});
std::string ledger_page(const Study& study, const Ledger& ledger);

// What each symbol that the tables use means: "[c]" -> "suppressed: …".
std::vector<std::pair<std::string, std::string>> symbols_key();
// "53–72", in the unit of print; empty without an interval.
std::string interval_text(const Cell& cell, const PrintRules& rules);

}  // namespace barometer
