// Bundles as a stranger reads them: the folder that was downloaded, and what it says.
//
// ledger.json gives the figures; disclosure.json the rules in force, the questions with their
// options and NETs, and how groups lie in one another. Without the second (older bundles) questions
// are made of what the figures name, and only what figures say is known. Several bundles are one
// system: a wave that two of them hold is one group when both rest on the same data, or else two
// editions, of which the larger is taken to hold everyone of the smaller.
//
// Nothing in a bundle is trusted: sizes and nesting are bounded, and words from it are made
// printable before they are shown.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/disclosure/release.h"

namespace barometer {

struct BundleText {
  std::string name;                          // of the folder, for messages
  std::map<std::string, std::string> files;  // relative path -> bytes
  std::vector<std::string> not_read{};       // pictures and what is no text
};

// Every file below the folder. kNotFound: no folder, or no ledger.json in it; kLimit: over 1 GiB.
Result<BundleText> read_bundle(const std::filesystem::path& folder);

struct BundleReading {
  Release release;
  std::vector<std::string> notes;  // what was taken for granted, in sentences
  bool nested_editions = false;    // some group was taken to lie in another
};

struct BundleOptions {
  bool nest_editions = true;
  // "NEW", "OLD": wave NEW holds every respondent of wave OLD (a cumulative file).
  std::vector<std::pair<std::string, std::string>> contains{};
};

// Newest first: its rules hold. kInvalid: JSON that is none, or lacks what a ledger has.
Result<BundleReading> release_of(const std::vector<BundleText>& bundles,
                                 const BundleOptions& options);

}  // namespace barometer
