// The attack on bundles: everything published taken as one system, and every file against the rest.
//
// One or more bundles (bundle.h) become one release; attack_release() finds what can be worked out
// of it, check_files() what one file shows that the ledger hides. publish() does this to a bundle
// before it lets it out. What is said of a leak comes from the bundles alone.
#pragma once

#include <string>
#include <vector>

#include "barometer/attack/bundle.h"
#include "barometer/base/progress.h"
#include "barometer/disclosure/release_attack.h"

namespace barometer {

struct BundleAttackOptions {
  BundleOptions bundles;
  AttackOptions release;
};

struct BundleAttack {
  Release release;
  std::vector<Leak> leaks;         // of the system, then of single files
  std::vector<std::string> notes;  // what was taken for granted, files that could not be read
  size_t figures = 0;
  size_t asked = 0;
  size_t inexact = 0;
  size_t files = 0;
  size_t pictures = 0;  // not read: they are drawn from what was
  bool clean() const { return leaks.empty(); }
};

// Newest first; all must be there. kInvalid: no bundle, or one that contradicts itself; kNotFound:
// BundleOptions::contains names a wave that no bundle has.
Result<BundleAttack> attack_bundles(const std::vector<BundleText>& bundles,
                                    const BundleAttackOptions& options, const Progress& progress);

// The leak, what it needs and what to hide, in sentences; ends with a line break.
std::string leak_text(const Release& release, const Leak& leak);
std::string report_text(const BundleAttack& attack);
std::string report_json(const BundleAttack& attack);

}  // namespace barometer
