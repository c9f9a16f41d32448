#include "barometer/publish/response.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using Members = std::vector<size_t>;  // of kOutcomeClasses: what is printed as one sum

int64_t sum_of(const OutcomeCounts& counts, const Members& group) {
  int64_t sum = 0;
  for (const size_t one : group) sum += counts.*kOutcomeClasses.at(one).count;
  return sum;
}

void merge(std::vector<Members>& groups, size_t into, size_t from) {
  groups[into].insert(groups[into].end(), groups[from].begin(), groups[from].end());
  std::ranges::sort(groups[into]);
  groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(from));
}

// The group that tells least when it takes another in: the smallest that is there.
std::optional<size_t> partner_of(const OutcomeCounts& counts, const std::vector<Members>& groups,
                                 size_t small) {
  std::optional<size_t> best;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i == small || sum_of(counts, groups[i]) == 0) continue;
    if (!best || sum_of(counts, groups[i]) < sum_of(counts, groups[*best])) best = i;
  }
  return best;
}

// Adds the sums of the classes from `first` to before `end`; false when one stays small.
bool add_groups(const OutcomeCounts& counts, size_t first, size_t end, int64_t least,
                std::vector<Members>& out) {
  std::vector<Members> groups;
  for (size_t i = first; i < end; ++i) groups.push_back({i});
  for (;;) {
    const auto small = std::ranges::find_if(groups, [&](const Members& group) {
      const int64_t sum = sum_of(counts, group);
      return sum > 0 && sum < least;
    });
    if (small == groups.end()) break;
    const auto at = static_cast<size_t>(small - groups.begin());
    const auto partner = partner_of(counts, groups, at);
    if (!partner) return false;
    merge(groups, std::min(at, *partner), std::max(at, *partner));
  }
  out.insert(out.end(), groups.begin(), groups.end());
  return true;
}

// None where a small count has no partner. The number of those in the data is printed elsewhere,
// so a sum across its line would tell both its parts: each side is divided by itself.
std::optional<std::vector<Members>> groups_of(const OutcomeCounts& counts, int64_t least,
                                              bool partials_in_data) {
  const size_t in_data = partials_in_data ? 2 : 1;
  std::vector<Members> groups;
  if (!add_groups(counts, 0, in_data, least, groups)) return std::nullopt;
  if (!add_groups(counts, in_data, kOutcomeClasses.size(), least, groups)) return std::nullopt;
  return groups;
}

bool is_same(const OutcomeRate& a, const OutcomeRate& b) {
  return a.value.has_value() == b.value.has_value() && (!a.value || *a.value == *b.value);
}

// Rates that stay what they are whichever member of each sum has all of it: as both sides of the
// line are sums, they then stay so for any division of it.
std::vector<uint8_t> fixed_rates(const OutcomeRates& outcomes, const std::vector<Members>& groups) {
  std::vector<uint8_t> fixed(outcomes.rates.size(), 1);
  for (const Members& group : groups) {
    for (const size_t holder : group) {
      OutcomeCounts other = outcomes.counts;
      for (const size_t one : group) other.*kOutcomeClasses.at(one).count = 0;
      other.*kOutcomeClasses.at(holder).count = sum_of(outcomes.counts, group);
      const auto rates = outcome_rates(other, outcomes.e, outcomes.unit);
      CHECK(rates.has_value(), "counts that were sound add up to sound ones");
      for (size_t i = 0; i < fixed.size(); ++i) {
        if (!is_same(rates->rates[i], outcomes.rates[i])) fixed[i] = 0;
      }
    }
  }
  return fixed;
}

std::string words_of(const Members& group) {
  std::vector<std::string> words;
  for (const size_t one : group) words.emplace_back(kOutcomeClasses.at(one).words);
  return join(words, " or ");
}

std::string percent_of(const Ratio& share, Rounding rounding) {
  return round(Ratio{share.numerator * 100, share.denominator}, 1, rounding).text() + "%";
}

// The same for both reasons: that it was the one and not the other bounds the counts.
std::string withheld_sentence(const PrintRules& rules, std::string_view unit) {
  return fmt::format("Withheld: fewer than {} {}{}.", rules.suppress_base_under, unit,
                     rules.suppress_count_under > 1
                         ? fmt::format(", or a count under {} that could be worked out",
                                       rules.suppress_count_under)
                         : "");
}

std::string sentence_of(const OutcomeRates& outcomes, const PrintRules& rules,
                        const FieldworkSettings& settings, bool approximate) {
  const PrintedOutcomes printed = print_outcomes(outcomes, rules, settings.partials_in_data);
  if (printed.groups.empty()) {
    return withheld_sentence(rules, outcomes.unit);
  }
  std::vector<std::string> counts;
  for (const PrintedOutcomes::Group& group : printed.groups) {
    if (group.count > 0)
      counts.push_back(fmt::format("{} {}", with_thousands(group.count), group.words));
  }
  std::vector<std::string> rates;
  bool hidden = false;
  for (const PrintedOutcomes::Rate& rate : printed.rates) {
    rates.push_back(rate.name + " " + rate.text);
    hidden = hidden || rate.text == "[c]";
  }
  return fmt::format(
      "{}{} {}: {}. {}; e, the share of the unknown that is taken to be eligible, is {}. AAPOR, "
      "Standard Definitions (2016).{}",
      approximate ? "Approximately, as answers are not linked to organisations: " : "",
      with_thousands(outcomes.counts.total()), outcomes.unit, join(counts, ", "), join(rates, ", "),
      outcomes.e.text(), hidden ? " [c]: withheld, as it would show a small count." : "");
}

}  // namespace

PrintedOutcomes print_outcomes(const OutcomeRates& outcomes, const PrintRules& rules,
                               bool partials_in_data) {
  PrintedOutcomes out;
  if (outcomes.counts.total() < rules.suppress_base_under) return out;
  const auto groups = groups_of(outcomes.counts, rules.suppress_count_under, partials_in_data);
  if (!groups) return out;
  for (const Members& group : *groups) {
    out.groups.push_back({words_of(group), sum_of(outcomes.counts, group)});
  }
  const std::vector<uint8_t> fixed = fixed_rates(outcomes, *groups);
  for (size_t i = 0; i < outcomes.rates.size(); ++i) {
    const OutcomeRate& rate = outcomes.rates[i];
    std::string text = rate.value ? percent_of(*rate.value, rules.rounding) : "none";
    out.rates.push_back({rate.name, fixed[i] != 0 ? std::move(text) : "[c]"});
  }
  return out;
}

std::vector<MethodItem> response_statement(const Study& study, const Wave& wave) {
  if (!wave.outcomes) {
    return {{"Response", "What came of all those who were asked is not known; no outcome rates."}};
  }
  const FieldworkSettings& settings = wave.fieldwork;
  const bool unlinked = settings.privacy == PrivacyMode::kUnlinked;
  return {
      {"Response", sentence_of(wave.outcomes->people, study.print, settings, false)},
      {"Response of organisations",
       sentence_of(wave.outcomes->organisations, study.print, settings, unlinked) +
           " An organisation counts as the best of its people."},
      {"Thresholds",
       fmt::format("An interview is complete with answers to at least {} per cent of what was "
                   "asked{}, partial with at least {}, and broken off with fewer; a don't know is "
                   "an answer, a refusal is not. Set before fieldwork. Partial interviews are {} "
                   "the data.",
                   settings.complete_percent, settings.submit_to_complete ? " and once sent" : "",
                   settings.partial_percent, settings.partials_in_data ? "in" : "not in")}};
}

}  // namespace barometer
