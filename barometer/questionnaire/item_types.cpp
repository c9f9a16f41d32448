#include <algorithm>
#include <array>

#include "barometer/questionnaire/item_types_internal.h"

namespace barometer {
namespace {

using enum OptionRole;

constexpr DefaultOption kDontKnowOption{"Don't know", kDontKnow};

constexpr std::array kLikelihoodOptions{
    DefaultOption{"Very likely"}, DefaultOption{"Fairly likely"}, DefaultOption{"Fairly unlikely"},
    DefaultOption{"Very unlikely"}, kDontKnowOption};
constexpr std::array kLikelihoodNets{DefaultNet{"likely", "Likely", 1, 2},
                                     DefaultNet{"unlikely", "Unlikely", 3, 4}};

constexpr std::array kAgreementOptions{DefaultOption{"Strongly agree"},
                                       DefaultOption{"Tend to agree"},
                                       DefaultOption{"Neither agree nor disagree", kNeutral},
                                       DefaultOption{"Tend to disagree"},
                                       DefaultOption{"Strongly disagree"},
                                       kDontKnowOption};
constexpr std::array kAgreementNets{DefaultNet{"agree", "Agree", 1, 2},
                                    DefaultNet{"disagree", "Disagree", 4, 5}};

constexpr std::array kStrengthOptions{DefaultOption{"Very strong"}, DefaultOption{"Strong"},
                                      DefaultOption{"Neutral", kNeutral}, DefaultOption{"Weak"},
                                      DefaultOption{"Very weak"}};
constexpr std::array kStrengthNets{DefaultNet{"strong", "Strong or very strong", 1, 2},
                                   DefaultNet{"weak", "Weak or very weak", 4, 5}};

constexpr std::array kContributionOptions{DefaultOption{"Large"}, DefaultOption{"Some"},
                                          DefaultOption{"Little or none"}};

constexpr std::array kBetterWorseOptions{DefaultOption{"Much better"},
                                         DefaultOption{"Better"},
                                         DefaultOption{"About the same", kNeutral},
                                         DefaultOption{"Worse"},
                                         DefaultOption{"Much worse"},
                                         kDontKnowOption};
constexpr std::array kBetterWorseNets{DefaultNet{"better", "Better or much better", 1, 2},
                                      DefaultNet{"worse", "Worse or much worse", 4, 5}};

constexpr std::array kBarrierOptions{DefaultOption{"A major barrier"}, DefaultOption{"A barrier"},
                                     DefaultOption{"Not a barrier"}, kDontKnowOption};
constexpr std::array kBarrierNets{DefaultNet{"barrier", "A barrier or major barrier", 1, 2}};

constexpr std::array kYesNoOptions{DefaultOption{"Yes"}, DefaultOption{"No"},
                                   DefaultOption{"Already"}, kDontKnowOption};

// The order of ItemType.
constexpr std::array kRules{
    TypeRules{ItemType::kSingle,
              "single",
              VariableKind::kSingle,
              {},
              {},
              "bar pie diverging share stacked dot heat tiles none"},
    TypeRules{ItemType::kMulti, "multi", VariableKind::kMulti, {}, {}, "bar dot tiles none"},
    TypeRules{ItemType::kLikelihood, "likelihood", VariableKind::kSingle, kLikelihoodOptions,
              kLikelihoodNets, "diverging bar pie share stacked dot heat tiles none"},
    TypeRules{ItemType::kAgreement, "agreement", VariableKind::kSingle, kAgreementOptions,
              kAgreementNets, "diverging bar pie share stacked dot heat tiles none"},
    TypeRules{ItemType::kStrength, "strength", VariableKind::kSingle, kStrengthOptions,
              kStrengthNets, "diverging bar pie share stacked dot heat tiles none"},
    TypeRules{ItemType::kContribution,
              "contribution",
              VariableKind::kSingle,
              kContributionOptions,
              {},
              "bar pie diverging share stacked dot heat tiles none"},
    TypeRules{ItemType::kBetterWorse, "better-worse", VariableKind::kSingle, kBetterWorseOptions,
              kBetterWorseNets, "diverging bar pie share stacked dot heat tiles none"},
    TypeRules{ItemType::kBarrier, "barrier", VariableKind::kSingle, kBarrierOptions, kBarrierNets,
              "bar pie diverging share stacked dot heat tiles none"},
    TypeRules{ItemType::kScore, "score", VariableKind::kScale, {}, {}, "bar dot tiles none"},
    TypeRules{ItemType::kYesNo,
              "yes-no",
              VariableKind::kSingle,
              kYesNoOptions,
              {},
              "bar pie dot tiles none"},
    TypeRules{ItemType::kBanded, "banded", VariableKind::kSingle, {}, {}, "bar pie dot tiles none"},
    TypeRules{ItemType::kNumber, "number", VariableKind::kNumber, {}, {}, "none"},
    TypeRules{ItemType::kOpen, "open", VariableKind::kText, {}, {}, "none"},
};

}  // namespace

const TypeRules& rules_of(ItemType type) {
  const TypeRules& rules = kRules.at(static_cast<size_t>(type));
  CHECK(rules.type == type, "the table of types keeps the order of ItemType");
  return rules;
}

std::string_view name_of(ItemType type) { return rules_of(type).name; }

std::optional<ItemType> item_type_named(std::string_view name) {
  const auto found = std::ranges::find(kRules, name, &TypeRules::name);
  if (found == kRules.end()) return std::nullopt;
  return found->type;
}

std::vector<std::string> item_type_names() {
  std::vector<std::string> names;
  for (const TypeRules& rules : kRules) names.emplace_back(rules.name);
  return names;
}

}  // namespace barometer
