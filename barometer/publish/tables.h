// Tables as files: CSV a section, one workbook for all, the method statement as Markdown.
#pragma once

#include <string>

#include "barometer/publish/page.h"

namespace barometer {

// One row a figure: its id, statement, answer, unit, as printed and its marker, value, standard
// error, interval, base, source. Values and markers in columns of their own; formulas are defused.
std::string section_csv(const WaveTables& tables, const Section& section, const Ledger& ledger);

// Cover, notes and symbols, then one sheet a section. Deterministic bytes.
Result<std::string> workbook_of(const Study& study, const std::vector<WavePage>& pages);

std::string method_markdown(const Study& study, const std::vector<WavePage>& pages);

}  // namespace barometer
