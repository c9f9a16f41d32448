#include "barometer/panel/organisations.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/panel/answers_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kLongestId = 32;

// Rows of the respondents of each organisation.
struct Membership {
  std::map<std::string, std::vector<size_t>> rows;
  size_t respondents = 0;
  size_t without = 0;
  size_t shared = 0;
};

std::set<std::string> organisations_in(const std::string& key, bool may_list) {
  std::set<std::string> names;
  if (!may_list) {
    if (!trimmed(key).empty()) names.insert(std::string(trimmed(key)));
    return names;
  }
  for (const std::string& part : split(key, ';')) {
    if (!trimmed(part).empty()) names.insert(std::string(trimmed(part)));
  }
  return names;
}

Result<Membership> members_of(const Dataset& data, const std::string& organisation,
                              const std::vector<uint8_t>& mask) {
  const Column* column = TRY(data.find(organisation));
  const Variable& variable = *data.codebook().find(organisation);
  const std::vector<std::string> keys = TRY(keys_of(variable, *column));
  Membership members;
  for (size_t row = 0; row < keys.size(); ++row) {
    if (!mask.empty() && mask[row] == 0) continue;
    const auto names = organisations_in(keys[row], variable.kind == VariableKind::kText);
    ++(names.empty() ? members.without : members.respondents);
    if (names.size() > 1) ++members.shared;
    for (const std::string& name : names) members.rows[name].push_back(row);
  }
  if (members.rows.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("no respondent names an organisation in '{}'", organisation));
  }
  return members;
}

Status check_roles(const std::vector<std::string>& roles, const Variable& variable) {
  if (roles.empty()) {
    return fail(ErrorCode::kInvalid,
                "the senior role first needs the roles, from the most senior down");
  }
  std::set<std::string> seen;
  std::vector<std::string> known;
  for (const Category& category : variable.categories) known.push_back(category.label);
  for (const std::string& role : roles) {
    if (!seen.insert(role).second) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the role '{}' is listed twice", printable(role)));
    }
    if (variable.kind != VariableKind::kSingle || std::ranges::count(known, role) > 0) continue;
    const std::string hint = suggestion(role, known);
    return fail(ErrorCode::kNotFound,
                fmt::format("'{}' is no role of variable '{}'{}{}", printable(role), variable.id,
                            hint.empty() ? "" : "; ", hint));
  }
  return {};
}

// Place of each respondent's role in the list; empty for the other rules.
Result<std::vector<size_t>> ranks_of(const Dataset& data, const CollapseOptions& options) {
  if (options.rule != CollapseRule::kSenior) return std::vector<size_t>();
  const Column* column = TRY(data.find(options.role));
  const Variable& variable = *data.codebook().find(options.role);
  TRY_DONE(check_roles(options.roles, variable));
  std::vector<size_t> ranks;
  for (const std::string& role : TRY(keys_of(variable, *column))) {
    ranks.push_back(
        static_cast<size_t>(std::ranges::find(options.roles, role) - options.roles.begin()));
  }
  return ranks;
}

// What the respondents of one organisation say of one option or number.
struct Sayings {
  double sum = 0;
  size_t count = 0;
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  double senior_sum = 0;
  size_t senior_count = 0;
  size_t senior_rank = std::numeric_limits<size_t>::max();

  void add(double value, size_t rank) {
    sum += value;
    ++count;
    least = std::min(least, value);
    most = std::max(most, value);
    if (rank < senior_rank) {
      senior_rank = rank;
      senior_sum = 0;
      senior_count = 0;
    }
    if (rank == senior_rank) {
      senior_sum += value;
      ++senior_count;
    }
  }
  [[nodiscard]] bool tied() const { return 2 * sum == static_cast<double>(count); }
  [[nodiscard]] double by(CollapseRule rule, bool of_option) const {
    if (rule == CollapseRule::kSenior) return senior_sum / static_cast<double>(senior_count);
    if (of_option && rule == CollapseRule::kAny) return most;
    if (of_option && rule == CollapseRule::kAll) return least;
    if (of_option && rule == CollapseRule::kMajority) {
      return 2 * sum > static_cast<double>(count) ? 1 : 0;
    }
    return sum / static_cast<double>(count);
  }
};

// The answers of one variable, organisation by organisation.
class Collapsing {
 public:
  Collapsing(const Membership& members, std::vector<size_t> ranks, CollapseRule rule)
      : members_(members),
        ranks_(std::move(ranks)),
        rule_(rule),
        disagreed_(members.rows.size(), 0) {}

  Numbers column(const AnswerColumns& answers, size_t j, const Column& source,
                 CollapsedVariable& variable) {
    Numbers numbers;
    size_t organisation = 0;
    for (const auto& [name, rows] : members_.rows) {
      Sayings sayings;
      for (const size_t row : rows) {
        if (answers.base[row] == 0) continue;
        sayings.add(answers.y(static_cast<Index>(row), static_cast<Index>(j)),
                    ranks_.empty() ? 0 : ranks_[row]);
      }
      note(sayings, organisation++, variable);
      const bool some = sayings.count > 0;
      numbers.values.push_back(some ? sayings.by(rule_, variable.of_option) : 0);
      numbers.missing.push_back(some ? Missing::kNone : why_missing(rows, source));
    }
    return numbers;
  }

  [[nodiscard]] size_t disagreed() const {
    return static_cast<size_t>(std::ranges::count(disagreed_, uint8_t{1}));
  }

 private:
  void note(const Sayings& sayings, size_t organisation, CollapsedVariable& variable) {
    if (sayings.count == 0) return;
    ++variable.organisations;
    if (sayings.count > 1) ++variable.several;
    if (sayings.least < sayings.most) {
      ++variable.disagreed;
      disagreed_[organisation] = 1;
    }
    if (rule_ == CollapseRule::kMajority && variable.of_option && sayings.tied()) ++variable.ties;
  }

  static Missing why_missing(const std::vector<size_t>& rows, const Column& source) {
    const bool not_asked = std::ranges::all_of(
        rows, [&](size_t row) { return missing_at(source, row) == Missing::kNotAsked; });
    return not_asked ? Missing::kNotAsked : Missing::kSystem;
  }

  const Membership& members_;
  std::vector<size_t> ranks_;
  CollapseRule rule_;
  std::vector<uint8_t> disagreed_;
};

bool is_quantity(const Variable& variable) {
  return variable.kind == VariableKind::kNumber || variable.kind == VariableKind::kScale;
}

// "q_3"; of a name that would be too long the end is cut.
std::string new_id(const std::string& source, const std::string& code) {
  if (code.empty()) return source;
  const std::string tail = "_" + code.substr(0, kLongestId - 2);
  return source.substr(0, kLongestId - tail.size()) + tail;
}

Status add_number(Codebook& codebook, const Variable& source, const CollapsedVariable& collapsed) {
  Variable variable;
  variable.id = collapsed.id;
  variable.kind = VariableKind::kNumber;
  variable.label = collapsed.label;
  variable.question = source.question;
  variable.base_text = source.base_text;
  variable.wording_hash = source.wording_hash;
  return codebook.add(std::move(variable));
}

Status check_mask(const std::vector<uint8_t>& mask, size_t case_count) {
  if (mask.empty() || mask.size() == case_count) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("a mask of {} cases for {}", mask.size(), case_count));
}

Texts names_of(const Membership& members) {
  Texts texts;
  for (const auto& [name, rows] : members.rows) {
    texts.values.push_back(name);
    texts.missing.push_back(Missing::kNone);
  }
  return texts;
}

}  // namespace

std::string_view name_of(CollapseRule rule) {
  switch (rule) {
    case CollapseRule::kMean:
      return "mean";
    case CollapseRule::kAny:
      return "any";
    case CollapseRule::kAll:
      return "all";
    case CollapseRule::kMajority:
      return "majority";
    case CollapseRule::kSenior:
      return "senior";
  }
  return "";
}

Result<CollapseRule> parse_collapse_rule(std::string_view word) {
  for (const CollapseRule rule : {CollapseRule::kMean, CollapseRule::kAny, CollapseRule::kAll,
                                  CollapseRule::kMajority, CollapseRule::kSenior}) {
    if (name_of(rule) == word) return rule;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no rule for several answers of an organisation; mean, any, all, "
                          "majority and senior are",
                          printable(word)));
}

Result<CollapsedOrganisations> collapse(const Dataset& data, const std::string& organisation,
                                        const CollapseOptions& options,
                                        const std::vector<std::string>& variables) {
  TRY_DONE(check_mask(options.mask, data.case_count()));
  const Membership members = TRY(members_of(data, organisation, options.mask));
  Collapsing collapsing(members, TRY(ranks_of(data, options)), options.rule);
  CollapsedOrganisations result;
  result.organisation = data.codebook().find(organisation)->id;
  result.respondents = members.respondents;
  result.without_organisation = members.without;
  result.shared_respondents = members.shared;
  for (const auto& [name, rows] : members.rows) result.several += rows.size() > 1 ? 1U : 0U;

  Codebook codebook;
  Variable name = *data.codebook().find(organisation);
  name.kind = VariableKind::kText;
  name.categories.clear();
  name.nets.clear();
  TRY_DONE(codebook.add(std::move(name)));
  std::vector<Column> columns = {names_of(members)};
  for (const std::string& id : variables) {
    const Column* column = TRY(data.find(id));
    const Variable& source = *data.codebook().find(id);
    const AnswerColumns answers =
        TRY(is_quantity(source) ? quantity_of(source, *column) : options_of(source, *column));
    for (size_t j = 0; j < answers.columns.size(); ++j) {
      const AnswerColumn& answer = answers.columns[j];
      CollapsedVariable made{new_id(source.id, answer.code),
                             source.id,
                             answer.answer,
                             answer.label,
                             !answer.code.empty(),
                             0,
                             0,
                             0,
                             0};
      columns.push_back(collapsing.column(answers, j, *column, made));
      TRY_DONE(add_number(codebook, source, made));
      result.variables.push_back(std::move(made));
    }
  }
  result.disagreed = collapsing.disagreed();
  result.data = TRY(Dataset::make(std::move(codebook), std::move(columns)));
  return result;
}

}  // namespace barometer
