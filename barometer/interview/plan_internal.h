// The interview's parts: plan (what never changes), route (what one case is asked), orders, words.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/data/bound_expression.h"
#include "barometer/interview/interview.h"

namespace barometer {

struct Interview::Plan {
  Questionnaire questionnaire;
  InterviewSettings settings;
  Codebook codebook;  // column i is item i
  std::vector<InterviewPage> pages;
  std::vector<std::optional<BoundCondition>> rules;  // by item; none: everyone is asked
  std::map<std::string, size_t, std::less<>> item_index;

  [[nodiscard]] const Item& item(size_t index) const { return questionnaire.items[index]; }
  [[nodiscard]] const Battery* battery(std::string_view id) const;
  // `wanted` when the questionnaire has it, else `otherwise`, else the first.
  [[nodiscard]] const std::string& language(std::string_view wanted,
                                            std::string_view otherwise) const;
};

// What one case is asked, and the answers that hold.
class CaseRoute {
 public:
  CaseRoute(const Interview::Plan& plan, const InterviewState& state);

  [[nodiscard]] bool asked(size_t item) const { return asked_[item] != 0; }
  [[nodiscard]] const std::vector<uint8_t>& asked() const& { return asked_; }
  // The answer saved for an item that is asked; nullptr when there is none.
  [[nodiscard]] const GivenAnswer* answer(size_t item) const;
  [[nodiscard]] bool on_route(size_t page) const;
  // On the route, with an item that was never saved.
  [[nodiscard]] bool open(size_t page) const;
  [[nodiscard]] std::optional<size_t> first_open(size_t from = 0) const;

 private:
  [[nodiscard]] Missing missing(size_t item) const;
  [[nodiscard]] Truth truth(const BoundCondition& condition) const;
  [[nodiscard]] Truth junction(const BoundCondition& condition) const;
  [[nodiscard]] Truth options_truth(const BoundCondition& condition) const;
  [[nodiscard]] Truth numbers_truth(const BoundCondition& condition) const;
  [[nodiscard]] Truth texts_truth(const BoundCondition& condition) const;
  [[nodiscard]] std::optional<double> quantity(const BoundQuantity& quantity) const;
  [[nodiscard]] std::optional<double> arithmetic(const BoundQuantity& quantity) const;

  const Interview::Plan& plan_;
  std::vector<const GivenAnswer*> saved_;  // by item; nullptr: never saved
  std::vector<uint8_t> asked_;
};

// Pages, and the conditions bound; kInvalid as Interview::make.
Result<std::shared_ptr<const Interview::Plan>> make_plan(Questionnaire questionnaire,
                                                         const InterviewSettings& settings);

// The words of an item in a language of the questionnaire, not piped.
struct SpokenItem {
  std::string_view stem, text, hint, title, low_label, high_label;
};
SpokenItem spoken(const Interview::Plan& plan, const Item& item, std::string_view language);
std::string_view spoken_label(const Item& item, const Category& option, std::string_view language);
std::string_view spoken_specify(const Item& item, int code, std::string_view language);
// With earlier answers piped in.
std::string piped(const Interview::Plan& plan, const CaseRoute& route, std::string_view text,
                  std::string_view language);
// An answer in words, one for each thing chosen; empty for a blank.
std::vector<std::string> said(const Item& item, const GivenAnswer& answer,
                              std::string_view language);

}  // namespace barometer
