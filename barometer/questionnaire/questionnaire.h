// The questionnaire: what was asked, of whom, in which words.
//
// An item is its stem, text and options; their hash is its identity (wording_hash). A battery is a
// stem and options shared by several items. NETs are declared here and only declared NETs may be
// published. A base comes from the routing rule and is said in words.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/base/yaml.h"
#include "barometer/data/codebook.h"
#include "barometer/questionnaire/asking.h"

namespace barometer {

// The type fixes kind, default options, NETs and chart; everything can be overridden in the file.
enum class ItemType {
  kSingle,        // "which phrase best describes", one of the listed options
  kMulti,         // any of the listed options
  kLikelihood,    // very likely … very unlikely, don't know; NETs likely, unlikely
  kAgreement,     // strongly agree … strongly disagree, don't know; NETs agree, disagree
  kStrength,      // very strong … very weak; NETs strong, weak
  kContribution,  // large, some, little or none
  kBetterWorse,   // much better … much worse; NETs better, worse
  kBarrier,       // a major barrier, a barrier, not a barrier, don't know; NET barrier
  kScore,         // scale; needs `scale: [low, high]`, never inferred; one option a point
  kYesNo,         // yes, no, already, don't know
  kBanded,        // ordered bands plus an off-scale option ("Already FT")
  kNumber,
  kOpen,  // text
};
std::string_view name_of(ItemType type);  // the word used in YAML: "likelihood", "yes-no", ...

struct Item {
  std::string id;
  ItemType type = ItemType::kSingle;
  std::string battery;  // id, empty when alone
  std::string stem;     // of the battery; empty when alone
  std::string text;     // the question, or the statement within a battery
  std::string label;    // short title for tables; the text when none was given
  std::vector<Category> options;
  std::vector<Net> nets;
  std::optional<int> scale_low, scale_high;
  std::string scale_low_label, scale_high_label;
  std::string ask_if;     // expression (data/expression.h); empty: everyone
  std::string base_text;  // "All respondents", or the routing rule in words
  bool dont_know_in_base = true;
  std::string chart;  // "pie", "bar", "diverging", "none"
  std::string wording_hash;
  bool wording_known = true;   // false: only a paraphrase is public (reconstructions)
  std::vector<int> neutral;    // codes of middle options ("Neither agree nor disagree")
  std::vector<int> off_scale;  // codes of options outside the order ("Already FT")
  Asking asking;               // how it is put to a person
  Place place;

  [[nodiscard]] VariableKind kind() const;
  // Stem and text, as the respondent read them.
  [[nodiscard]] std::string question() const;
};

struct Battery {
  std::string id;
  std::string title;
  std::vector<std::string> items;
  std::string chart;
  bool randomise_items = false;                            // each case sees its own order
  bool rank = false;                                       // scores are places, each given once
  std::map<std::string, std::string, std::less<>> titles;  // by other languages
};

struct Questionnaire {
  std::string title;
  std::string introduction;
  std::vector<std::string> languages{"en"};  // the first is that of title, texts and labels
  // Title and introduction in the other languages.
  std::map<std::string, std::string, std::less<>> titles, introductions;
  std::vector<Item> items;  // in the order asked; battery items in their place
  std::vector<Battery> batteries;

  [[nodiscard]] const Item* find(std::string_view id) const;
  // One variable an item; what the dataset's columns mean.
  [[nodiscard]] Result<Codebook> codebook() const;
  // Markdown: the questionnaire as a reader gets it.
  [[nodiscard]] std::string markdown() const;
};

// Reads questionnaire.yaml and reports every mistake: unknown keys and types, doubled ids and
// codes, NETs of codes that are not options, scores without scale, NETs over a neutral option
// without `over_neutral: true`, routing that names unknown or later items. See
// docs/study-format.md.
Questionnaire read_questionnaire(const YamlNode& root, Diagnostics& problems);

// SHA-256 (first 16 hex digits) of kind (one answer, any number, scale, number, text), stem, text,
// options with codes in order, and scale with its end labels, whitespace collapsed.
std::string wording_hash(const Item& item);

// The codes an answer stands for: a NET id, an option's label, or an option's code. kNotFound with
// the nearest names.
Result<std::vector<int>> answer_codes(const Item& item, std::string_view answer);

}  // namespace barometer
