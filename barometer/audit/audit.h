// What is wrong with the figures of an article: arithmetic on the claims read from it, and, with a
// ledger, the figures themselves.
//
// Without data the rules ask what can be asked of printed figures (barometer/printed): whether a
// percentage exists at its base, whether figures said to share a base can, whether parts make a
// whole, whether a count and its percentage, a level and its change, a total and its subgroups, a
// headline and its body, a word ("a majority") and its number, and two articles on one survey
// agree; and what the article does not say that a reader needs (British Polling Council, AAPOR).
// With a ledger every claim is also matched to a figure by wording and recomputed.
//
// A check that has nothing to go on says nothing: a figure without a base is not wrong. An error is
// what cannot be true however the survey went. Where people are weighted, whole counts prove
// nothing, and the checks that rest on them are left out.
//
// Everything here is a function of its arguments and may be called from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/claim/claim.h"
#include "barometer/ledger/ledger.h"
#include "barometer/printed/verdict.h"

namespace barometer {

enum class Grade {
  kError,          // cannot be true as printed
  kBaseMismatch,   // true of another base than the one said
  kWording,        // the words do not hold, or a word is missing
  kDisclosureGap,  // what a reader needs and the article does not say
  kNote,           // for an editor to look at
};
std::string_view name_of(Grade grade);  // "error", "base mismatch", …

// The claim of another document that a finding speaks of.
struct Elsewhere {
  size_t document = 0;  // place in Audit::documents
  wording::TextSpan span;
  std::string quote;
};

struct Finding {
  std::string rule;  // "percent-possible": see docs/audit.md
  Grade grade = Grade::kError;
  std::vector<size_t> claims;               // places in Article::claims, what it is about first
  std::optional<wording::TextSpan> span{};  // where there is no claim: a window of dates
  std::string message{};                    // one sentence
  std::string arithmetic{};                 // can be checked by hand
  std::string fix{};                        // the least change that mends it
  std::optional<Elsewhere> elsewhere{};
};

// A check that was made, whatever came of it.
struct CheckMade {
  std::string rule;
  std::vector<size_t> claims;
  Possibility outcome = Possibility::kNoBase;
  std::string arithmetic;
};

enum class LedgerGrade {
  kConfirmed,     // the figure, as printed
  kWrong,         // the figure is another
  kOtherBase,     // the figure of another group, wave or base
  kNotPublished,  // the ledger has no such figure
  kSuppressed,    // the ledger withholds it
  kUnclear,       // the words fit several figures
};
std::string_view name_of(LedgerGrade grade);  // "right figure of another base"

struct LedgerMatch {
  size_t claim = 0;
  LedgerGrade grade = LedgerGrade::kNotPublished;
  std::string figure;      // its id; empty: none is near
  double similarity = 0;   // of the wording, 0 … 1
  std::string arithmetic;  // the figure recomputed: "59/94 = 62.77, prints as 63"
};

struct ArticleAudit {
  Article article;
  std::vector<Finding> findings{};  // in text order, those of the whole article last
  std::vector<CheckMade> checks{};
  std::vector<LedgerMatch> matches{};  // one a claim of the survey, with a ledger
  bool weighted = false;               // the article says that answers were weighted
};

struct AuditOptions {
  // How the source rounds. Other people's rule is rarely known: halves may have gone either way.
  RoundingRule rounding = RoundingRule::permissive();
  std::optional<int64_t> frame{};      // organisations there are, where the article does not say
  const Ledger* ledger = nullptr;      // outlives the call
  const Progress* progress = nullptr;  // asked between rules whether to stop; outlives the call
};

struct Audit {
  std::vector<ArticleAudit> documents;
  std::string rounding;  // its rule
  bool with_ledger = false;
  bool stopped = false;  // on request: not all was checked

  [[nodiscard]] size_t count(Grade grade) const;
};

// Each article alone, then those that report one survey against each other.
Audit audit_articles(std::vector<Article> articles, const AuditOptions& options = {});

}  // namespace barometer
