#include "barometer/disclosure/release_system.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/printed/printed.h"

namespace barometer {
namespace {

constexpr int64_t kMany = 100'000'000'000;  // more people than any survey has

// Groups tied to one another, by their lowest member.
std::vector<size_t> families(const Release& release) {
  std::vector<size_t> family(release.groups.size());
  std::iota(family.begin(), family.end(), size_t{0});
  const auto top = [&](size_t at) {
    while (family[at] != at) at = family[at];
    return at;
  };
  const auto tie = [&](size_t a, size_t b) { family[top(a)] = top(b); };
  for (size_t i = 0; i < release.groups.size(); ++i) {
    for (const auto& parts : release.groups[i].partitions) {
      for (const size_t part : parts) tie(part, i);
    }
    if (release.groups[i].people != kNowhere) tie(i, release.groups[i].people);
  }
  for (size_t i = 0; i < family.size(); ++i) family[i] = top(i);
  return family;
}

LinearSum scaled(const LinearSum& sum, int64_t factor) { return added({}, sum, factor); }

LinearSum sum_of_terms(std::map<size_t, int64_t> terms) {
  LinearSum out;
  for (const auto& [atom, factor] : terms) {
    if (factor != 0) out.terms.emplace_back(atom, factor);
  }
  return out;
}

}  // namespace

LinearSum added(const LinearSum& a, const LinearSum& b, int64_t factor) {
  std::map<size_t, int64_t> terms;
  for (const auto& [atom, coefficient] : a.terms) terms[atom] += coefficient;
  for (const auto& [atom, coefficient] : b.terms) terms[atom] += factor * coefficient;
  return sum_of_terms(std::move(terms));
}

Result<ReleaseSystem> ReleaseSystem::make(const Release& release, Rows rows) {
  ReleaseSystem out(release, rows);
  for (const ReleasedFigure& figure : release.figures) {
    const bool sound =
        figure.group < release.groups.size() &&
        (figure.role == FigureRole::kSize ? figure.question == kNowhere
                                          : figure.question < release.questions.size());
    if (!sound) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("the figure '{}' is of no known group and question", printable(figure.id)));
    }
  }
  TRY_DONE(out.find_leaves());
  out.find_used();
  out.find_said();
  out.make_atoms();
  out.relate_groups();
  for (size_t at = 0; at < release.figures.size(); ++at) TRY_DONE(out.add_figure(at));
  return out;
}

Status ReleaseSystem::find_leaves() {
  const auto& groups = release_->groups;
  leaves_.resize(groups.size());
  std::vector<int> state(groups.size(), 0);  // 1: being walked, 2: done
  std::string circle;
  const auto walk = [&](const auto& self, size_t at) -> void {
    if (state[at] == 2 || !circle.empty()) return;
    if (state[at] == 1) {
      circle = groups[at].id;
      return;
    }
    state[at] = 1;
    std::set<size_t> below;
    for (const auto& parts : groups[at].partitions) {
      for (const size_t part : parts) self(self, part);
    }
    if (groups[at].partitions.empty()) {
      below.insert(at);
    } else {
      for (const size_t part : groups[at].partitions.front()) {
        below.insert(leaves_[part].begin(), leaves_[part].end());
      }
    }
    leaves_[at].assign(below.begin(), below.end());
    state[at] = 2;
  };
  for (size_t i = 0; i < groups.size(); ++i) walk(walk, i);
  if (circle.empty()) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the group '{}' is a part of itself", printable(circle)));
}

void ReleaseSystem::find_used() {
  const std::vector<size_t> family = families(*release_);
  std::map<size_t, std::set<size_t>> used;
  std::set<size_t> sized;
  for (const ReleasedFigure& figure : release_->figures) {
    if (figure.role == FigureRole::kSize || figure.role == FigureRole::kMissing) {
      sized.insert(family[figure.group]);
    }
    if (figure.question != kNowhere) used[family[figure.group]].insert(figure.question);
    if (figure.question != kNowhere && figure.since != kNowhere) {
      used[family[figure.since]].insert(figure.question);
    }
  }
  // A group made by an answer has as many people as gave it: its size counts.
  for (size_t i = 0; i < release_->groups.size(); ++i) {
    for (const AnswerOfGroup& given : release_->groups[i].gave) {
      if (used[family[i]].contains(given.question)) sized.insert(family[i]);
    }
  }
  used_.resize(release_->groups.size());
  sized_.resize(release_->groups.size());
  for (size_t i = 0; i < used_.size(); ++i) {
    sized_[i] = sized.contains(family[i]) ? 1 : 0;
    const auto& questions = used[family[i]];
    used_[i].assign(questions.begin(), questions.end());
  }
}

void ReleaseSystem::find_said() {
  if (rows_ == Rows::kAll) return;
  for (size_t at = 0; at < release_->figures.size(); ++at) {
    const ReleasedFigure& figure = release_->figures[at];
    if (figure.role != FigureRole::kCount || !figure.count) continue;
    const auto& options = release_->questions[figure.question].options;
    for (size_t i = 0; i < options.size(); ++i) {
      if (std::to_string(options[i].code) != figure.answer) continue;
      said_[{figure.group, figure.question}].try_emplace(option_slot(figure.question, i), at);
    }
  }
}

size_t ReleaseSystem::slots(size_t question) const {
  const ReleasedQuestion& q = release_->questions[question];
  return q.options.size() + (q.multi ? 1 + q.nets.size() : 0) + std::size(kMissingKinds);
}

size_t ReleaseSystem::option_slot(size_t question, size_t option) const {
  return option + (release_->questions[question].multi ? 1 : 0);
}

size_t ReleaseSystem::missing_slot(size_t question, std::string_view kind) const {
  const auto* const found = std::ranges::find(kMissingKinds, kind);
  CHECK(found != std::end(kMissingKinds), "a kind of missing");
  return slots(question) - std::size(kMissingKinds) +
         static_cast<size_t>(found - std::begin(kMissingKinds));
}

void ReleaseSystem::make_atoms() {
  size_atom_.assign(release_->groups.size(), kNowhere);
  for (size_t group = 0; group < leaves_.size(); ++group) {
    if (!release_->groups[group].partitions.empty()) continue;
    size_atom_[group] = system_.atoms++;
    question_of_.push_back(kNowhere);
    for (const size_t question : used_[group]) {
      first_[{group, question}] = system_.atoms;
      system_.atoms += slots(question);
      question_of_.resize(system_.atoms, question);
    }
  }
}

LinearSum ReleaseSystem::slot(size_t group, size_t question, size_t slot) const {
  LinearSum out;
  for (const size_t leaf : leaves_[group]) {
    const auto found = first_.find({leaf, question});
    if (found != first_.end()) out.terms.emplace_back(found->second + slot, 1);
  }
  std::ranges::sort(out.terms);
  return out;
}

LinearSum ReleaseSystem::size(size_t group) const {
  LinearSum out;
  for (const size_t leaf : leaves_[group]) out.terms.emplace_back(size_atom_[leaf], 1);
  std::ranges::sort(out.terms);
  return out;
}

LinearSum ReleaseSystem::base(size_t group, size_t question) const {
  const ReleasedQuestion& q = release_->questions[question];
  if (q.multi) return slot(group, question, 0);
  LinearSum out;
  for (size_t i = 0; i < q.options.size(); ++i) {
    if (!q.options[i].outside) out = added(out, slot(group, question, i));
  }
  if (q.dont_know_in_base) out = added(out, missing(group, question, "dont_know"));
  return out;
}

LinearSum ReleaseSystem::missing(size_t group, size_t question, std::string_view kind) const {
  return slot(group, question, missing_slot(question, kind));
}

LinearSum ReleaseSystem::kind_of_missing(size_t group, size_t question,
                                         std::string_view kind) const {
  LinearSum out = missing(group, question, kind);
  if (kind != "dont_know") return out;
  for (const ReleasedOption& option : release_->questions[question].options) {
    if (option.dont_know) out = added(out, answer(group, question, std::to_string(option.code)));
  }
  return out;
}

LinearSum ReleaseSystem::answer(size_t group, size_t question, std::string_view answer) const {
  const ReleasedQuestion& q = release_->questions[question];
  for (size_t i = 0; i < q.options.size(); ++i) {
    if (std::to_string(q.options[i].code) == answer) {
      return slot(group, question, option_slot(question, i));
    }
  }
  const ReleasedNet* net = q.net(answer);
  if (net == nullptr) return {};
  if (q.multi) {
    return slot(group, question, 1 + q.options.size() + static_cast<size_t>(net - q.nets.data()));
  }
  LinearSum out;
  for (size_t i = 0; i < q.options.size(); ++i) {
    if (std::ranges::count(net->codes, q.options[i].code) > 0) {
      out = added(out, slot(group, question, i));
    }
  }
  return out;
}

LinearSum ReleaseSystem::score_sum(size_t group, size_t question) const {
  const ReleasedQuestion& q = release_->questions[question];
  LinearSum out;
  for (size_t i = 0; i < q.options.size(); ++i) {
    const int code = q.options[i].code;
    if (std::ranges::count(q.unscored, code) > 0) continue;
    out = added(out, slot(group, question, option_slot(question, i)), code);
  }
  return out;
}

void ReleaseSystem::state(LinearSum sum, int64_t least, int64_t most, size_t figure) {
  if (sum.terms.empty()) return;
  CountStatement statement;
  statement.sum = std::move(sum);
  statement.least = least;
  statement.most = most;
  if (figure != kNowhere) {
    const ReleasedFigure& said = release_->figures[figure];
    statement.source = said.file.empty() ? said.id : said.file + ": " + said.id;
  }
  system_.statements.push_back(std::move(statement));
  figure_of_.push_back(figure);
}

// ---- what follows from what groups and questions are ------------------------------------------

void ReleaseSystem::relate_groups() {
  const auto& groups = release_->groups;
  for (size_t group = 0; group < groups.size(); ++group) {
    if (groups[group].partitions.empty()) {
      for (const size_t question : used_[group]) relate_slots(group, question);
    }
    relate_given(group);
    if (groups[group].people != kNowhere) {
      state(added(size(groups[group].people), size(group), -1), 0, kMany, kNowhere);
      for (const size_t question : used_[group]) relate_people(group, question);
    }
    for (size_t k = 1; k < groups[group].partitions.size(); ++k) {
      relate_partition(group, groups[group].partitions[k]);
    }
  }
}

// As many in all parts as in the group, in each slot. Where a figure says how many, the parts are
// bound by that alone, and not to the parts of another partition.
void ReleaseSystem::relate_partition(size_t group, const std::vector<size_t>& parts) {
  LinearSum people = size(group);
  for (const size_t part : parts) people = added(people, size(part), -1);
  state(people, 0, 0, kNowhere);
  for (const size_t question : used_[group]) {
    const auto said = said_.find({group, question});
    for (size_t s = 0; s < slots(question); ++s) {
      LinearSum in_parts;
      for (const size_t part : parts) in_parts = added(in_parts, slot(part, question, s));
      if (said != said_.end() && said->second.contains(s)) {
        const size_t figure = said->second.at(s);
        const int64_t count = *release_->figures[figure].count;
        state(in_parts, count, count, figure);
      } else {
        state(added(slot(group, question, s), in_parts, -1), 0, 0, kNowhere);
      }
    }
  }
}

// Everyone of a group is in one slot. Where no figure says a size or a kind of missing, in the
// group or any that it is tied to, that binds nothing: of people whom nobody asked there may be as
// many as fit (to sizes that go with the answers to one question, add those of the others). Left
// out, it leaves each question a system of its own.
void ReleaseSystem::relate_slots(size_t group, size_t question) {
  const ReleasedQuestion& q = release_->questions[question];
  LinearSum everyone;
  if (q.multi) everyone = slot(group, question, 0);
  for (size_t i = 0; i < q.options.size() && !q.multi; ++i) {
    everyone = added(everyone, slot(group, question, i));
  }
  for (const std::string_view kind : kMissingKinds) {
    if (q.multi && q.dont_know_in_base && kind == "dont_know") continue;
    everyone = added(everyone, missing(group, question, kind));
  }
  if (sized_[group] != 0) state(added(everyone, size(group), -1), 0, 0, kNowhere);
  if (q.multi) relate_nets(group, question);
}

void ReleaseSystem::relate_nets(size_t group, size_t question) {
  const ReleasedQuestion& q = release_->questions[question];
  const LinearSum all = slot(group, question, 0);
  for (size_t s = 1; s <= q.options.size() + q.nets.size(); ++s) {
    state(added(all, slot(group, question, s), -1), 0, kMany, kNowhere);
  }
  if (q.dont_know_in_base) {
    state(added(all, missing(group, question, "dont_know"), -1), 0, kMany, kNowhere);
  }
  for (const ReleasedNet& net : q.nets) {
    const LinearSum whole = answer(group, question, net.id);
    LinearSum parts;
    for (const int code : net.codes) {
      const LinearSum part = answer(group, question, std::to_string(code));
      parts = added(parts, part);
      if (!part.terms.empty()) state(added(whole, part, -1), 0, kMany, kNowhere);
    }
    state(added(parts, whole, -1), 0, kMany, kNowhere);
    for (const ReleasedNet& inner : q.nets) {
      const bool within = &inner != &net && std::ranges::all_of(inner.codes, [&](int code) {
        return std::ranges::count(net.codes, code) > 0;
      });
      if (within) {
        state(added(whole, answer(group, question, inner.id), -1), 0, kMany, kNowhere);
      }
    }
  }
}

// Each organisation that gave one answer has someone who gave it.
void ReleaseSystem::relate_people(size_t group, size_t question) {
  const size_t people = release_->groups[group].people;
  const ReleasedQuestion& q = release_->questions[question];
  state(added(base(people, question), base(group, question), -1), 0, kMany, kNowhere);
  for (const ReleasedOption& option : q.options) {
    const std::string code = std::to_string(option.code);
    state(added(answer(people, question, code), answer(group, question, code), -1), 0, kMany,
          kNowhere);
  }
}

// Of a question that no figure speaks of, there is nothing to relate.
void ReleaseSystem::relate_given(size_t group) {
  for (const AnswerOfGroup& given : release_->groups[group].gave) {
    LinearSum sum;
    bool known = true;
    for (const int code : given.codes) {
      const LinearSum one = answer(group, given.question, std::to_string(code));
      known = known && !one.terms.empty();
      sum = added(sum, one);
    }
    if (!known || sum.terms.empty()) continue;
    // Of several answers each, someone may have given two of the codes.
    const bool may_overlap = release_->questions[given.question].multi && given.codes.size() > 1;
    if (may_overlap) sum = base(group, given.question);
    state(added(sum, size(group), -1), 0, 0, kNowhere);
  }
  for (const AnswerOfGroup& given : release_->groups[group].gave_none) {
    for (const int code : given.codes) {
      state(answer(group, given.question, std::to_string(code)), 0, 0, kNowhere);
    }
  }
}

// ---- figures ----------------------------------------------------------------------------------

Status ReleaseSystem::add_figure(size_t at) {
  const ReleasedFigure& figure = release_->figures[at];
  const bool of_answer = figure.role == FigureRole::kCount || figure.role == FigureRole::kPercent;
  if (of_answer && answer(figure.group, figure.question, figure.answer).terms.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the figure '{}' is of '{}', which is no answer of its question",
                            printable(figure.id), printable(figure.answer)));
  }
  switch (figure.role) {
    case FigureRole::kCount:
      add_count(figure, at);
      break;
    case FigureRole::kPercent:
      add_percent(figure, at);
      break;
    case FigureRole::kMean:
      add_mean(figure, at);
      break;
    case FigureRole::kBase:
      if (figure.count)
        state(base(figure.group, figure.question), *figure.count, *figure.count, at);
      break;
    case FigureRole::kMissing:
      if (figure.count) {
        state(kind_of_missing(figure.group, figure.question, figure.answer), *figure.count,
              *figure.count, at);
      }
      break;
    case FigureRole::kSize:
      if (figure.count) state(size(figure.group), *figure.count, *figure.count, at);
      break;
    case FigureRole::kChange:
      add_change(figure, at);
      break;
    case FigureRole::kHidden:
      break;
  }
  return {};
}

// Organisations with a NET may have people of different answers within it: those with one answer
// are no more than it says, and with all whose people differ no fewer.
void ReleaseSystem::add_count(const ReleasedFigure& figure, size_t at) {
  if (!figure.count) return;
  const LinearSum sum = answer(figure.group, figure.question, figure.answer);
  const ReleasedQuestion& q = release_->questions[figure.question];
  const bool net = q.net(figure.answer) != nullptr;
  if (release_->groups[figure.group].people == kNowhere || !net || q.multi) {
    state(sum, *figure.count, *figure.count, at);
    return;
  }
  state(sum, 0, *figure.count, at);
  state(added(sum, missing(figure.group, figure.question, "dont_know")), *figure.count, kMany, at);
}

// A percentage at a base is a range of counts (printed.h); without one, a range of shares.
void ReleaseSystem::add_percent(const ReleasedFigure& figure, size_t at) {
  if (!figure.printed) return;
  const LinearSum sum = answer(figure.group, figure.question, figure.answer);
  const LinearSum all = base(figure.group, figure.question);
  if (figure.base) {
    const WholeRange counts = possible_counts(*figure.printed, *figure.base, figure.rounding);
    state(sum, counts.low, counts.high, at);
    state(all, *figure.base, *figure.base, at);
    return;
  }
  const RoundingInterval share = rounding_interval(*figure.printed, figure.rounding);
  state(added(scaled(sum, 100 * share.lower.denominator), all, -share.lower.numerator),
        share.lower_in ? 0 : 1, kMany, at);
  state(added(scaled(all, share.upper.numerator), sum, -100 * share.upper.denominator),
        share.upper_in ? 0 : 1, kMany, at);
}

// The base of a mean are those with a score.
void ReleaseSystem::add_mean(const ReleasedFigure& figure, size_t at) {
  const ReleasedQuestion& q = release_->questions[figure.question];
  const LinearSum scores = score_sum(figure.group, figure.question);
  LinearSum scored;
  for (const ReleasedOption& option : q.options) {
    if (std::ranges::count(q.unscored, option.code) > 0) continue;
    scored = added(scored, answer(figure.group, figure.question, std::to_string(option.code)));
  }
  if (figure.base) state(scored, *figure.base, *figure.base, at);
  if (figure.count) {
    state(scores, *figure.count, *figure.count, at);
  } else if (figure.printed && figure.base) {
    const WholeRange sums = possible_sums(*figure.printed, *figure.base, 1, figure.rounding);
    state(scores, sums.low, sums.high, at);
  } else if (figure.printed) {
    const RoundingInterval mean = rounding_interval(*figure.printed, figure.rounding);
    state(added(scaled(scores, mean.lower.denominator), scored, -mean.lower.numerator),
          mean.lower_in ? 0 : 1, kMany, at);
    state(added(scaled(scored, mean.upper.numerator), scores, -mean.upper.denominator),
          mean.upper_in ? 0 : 1, kMany, at);
  }
}

// x/n - y/m times n m is whole; printed it may be of rounded figures, so that a unit either way
// is allowed.
void ReleaseSystem::add_change(const ReleasedFigure& figure, size_t at) {
  if (!figure.base || !figure.since_base || figure.since == kNowhere) return;
  // Past these the solver takes no numbers, and a change says next to nothing of single people.
  if (*figure.base > 5000 || *figure.since_base > 5000) return;
  const bool mean = figure.answer == "mean";
  const auto part = [&](size_t group) {
    return mean ? score_sum(group, figure.question) : answer(group, figure.question, figure.answer);
  };
  const LinearSum now = part(figure.group);
  const LinearSum then = part(figure.since);
  if (now.terms.empty() || then.terms.empty()) return;
  const LinearSum difference = added(scaled(now, *figure.since_base), then, -*figure.base);
  if (figure.count) {
    state(difference, *figure.count, *figure.count, at);
  } else if (figure.printed) {
    int64_t unit = mean ? 1 : 100;
    for (int place = 0; place < figure.printed->places; ++place) unit *= 10;
    const int64_t both = *figure.base * *figure.since_base;
    state(scaled(difference, unit), (figure.printed->digits - 1) * both,
          (figure.printed->digits + 1) * both, at);
  }
}

}  // namespace barometer
