// A ledger read back from the ledger.json or ledger.csv of a bundle.
//
// The file may be anyone's: its bytes are bounded, an unknown column or key is passed over, a
// number that is no number is an error with its place.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

// kInvalid: no JSON, no list of figures, a figure without an id, an id twice, a key of another
// type. kLimit: over 64 MB or 200,000 figures.
Result<Ledger> ledger_from_json(std::string_view bytes, const std::string& file);
// The same of CSV with the columns that Ledger::csv writes, in any order; `id` is required.
Result<Ledger> ledger_from_csv(std::string_view bytes, const std::string& file);
// A file by its ending, or the bundle's folder (its ledger.json, else ledger.csv).
Result<Ledger> read_ledger_file(const std::filesystem::path& path);

}  // namespace barometer
