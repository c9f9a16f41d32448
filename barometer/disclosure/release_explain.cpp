#include "barometer/disclosure/release_explain_internal.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace barometer {
namespace {

constexpr size_t kMostTried = 400;  // figures; more are not reduced
constexpr int64_t kStepsEach = kStepsPerSecond;

class Explainer {
 public:
  Explainer(const Release& release, const ReleaseSystem& system,
            const std::vector<ExplainedSum>& sums, const Progress& progress)
      : release_(release), system_(system), sums_(sums), progress_(progress) {}

  // Figures of the question and sizes of groups, or else all.
  Status run(Leak& leak) {
    question_ = leak.question;
    std::vector<size_t> figures = candidates();
    if (!TRY(holds(figures))) {
      question_ = kNowhere;
      figures = candidates();
    }
    leak.from_complete = figures.size() <= kMostTried;
    if (leak.from_complete) TRY_DONE(reduce(figures));
    leak.from = std::move(figures);
    return {};
  }

 private:
  // Sizes first: what comes last is tried first to be left out.
  [[nodiscard]] std::vector<size_t> candidates() const {
    std::set<size_t> stated;
    for (size_t i = 0; i < system_.system().statements.size(); ++i) {
      const size_t figure = system_.figure_of(i);
      if (figure == kNowhere) continue;
      const size_t question = release_.figures[figure].question;
      if (question_ == kNowhere || question == kNowhere || question == question_) {
        stated.insert(figure);
      }
    }
    std::vector<size_t> out(stated.begin(), stated.end());
    std::ranges::stable_sort(out, {}, [&](size_t figure) {
      return -static_cast<int>(release_.figures[figure].role == FigureRole::kSize);
    });
    return out;
  }

  [[nodiscard]] bool is_about(const CountStatement& statement) const {
    return question_ == kNowhere || std::ranges::all_of(statement.sum.terms, [&](const auto& term) {
             const size_t question = system_.question_of(term.first);
             return question == kNowhere || question == question_;
           });
  }

  Result<bool> holds(const std::vector<size_t>& figures) {
    const std::set<size_t> kept(figures.begin(), figures.end());
    CountSystem part;
    part.atoms = system_.system().atoms;
    for (size_t i = 0; i < system_.system().statements.size(); ++i) {
      const CountStatement& statement = system_.system().statements[i];
      const size_t figure = system_.figure_of(i);
      if (figure == kNowhere ? is_about(statement) : kept.contains(figure)) {
        part.statements.push_back(statement);
      }
    }
    std::vector<LinearSum> asked;
    for (const ExplainedSum& sum : sums_) asked.push_back(sum.sum);
    RangeOptions options;
    options.steps = kStepsEach;
    // What a wider range does not show, no wider one will.
    options.settled = [&](size_t i, int64_t least, int64_t most) {
      return !sums_[i].holds(least, most);
    };
    const auto ranges = TRY(ranges_of(part, asked, options, progress_));
    for (size_t i = 0; i < sums_.size(); ++i) {
      if (!sums_[i].holds(ranges[i].least, ranges[i].most)) return false;
    }
    return true;
  }

  // Leaves out runs of figures, ever shorter, while the rest is enough.
  Status reduce(std::vector<size_t>& figures) {
    for (size_t length = std::max<size_t>(figures.size() / 2, 1);; length /= 2) {
      for (size_t end = figures.size(); end > 0;) {
        const size_t start = end > length ? end - length : 0;
        std::vector<size_t> fewer = figures;
        fewer.erase(fewer.begin() + static_cast<ptrdiff_t>(start),
                    fewer.begin() + static_cast<ptrdiff_t>(end));
        if (TRY(holds(fewer))) figures = std::move(fewer);
        end = start;
      }
      if (length == 1) return {};
    }
  }

  const Release& release_;
  const ReleaseSystem& system_;
  const std::vector<ExplainedSum>& sums_;
  const Progress& progress_;
  size_t question_ = kNowhere;
};

// What is lost least by hiding comes first; the size of a wave is never hidden.
std::tuple<int, int64_t> loss_of(const Release& release, const ReleasedFigure& figure) {
  const ReleasedGroup& group = release.groups[figure.group];
  const int64_t count = figure.count.value_or(figure.printed ? figure.printed->digits : 0);
  const bool minor = group.people != kNowhere || group.named;
  switch (figure.role) {
    case FigureRole::kMissing:
      return {0, count};
    case FigureRole::kChange:
      return {1, count};
    case FigureRole::kMean:
      return {minor ? 2 : 4, count};
    case FigureRole::kCount:
    case FigureRole::kPercent:
      return {(minor ? 3 : 5) + (count == 0 ? 4 : 0), count};
    default:
      return {20, count};
  }
}

}  // namespace

Status explain(const Release& release, const ReleaseSystem& system,
               const std::vector<ExplainedSum>& sums, const Progress& progress, Leak& leak) {
  return Explainer(release, system, sums, progress).run(leak);
}

HideAction action_of(const ReleasedFigure& figure) {
  HideAction out;
  out.group = figure.group;
  out.question = figure.question;
  out.answer = figure.answer;
  out.figure = figure.id;
  if (figure.role == FigureRole::kMissing) out.what = HideAction::What::kMissing;
  if (figure.role == FigureRole::kBase) out.what = HideAction::What::kBase;
  return out;
}

void choose_hiding(const Release& release, const AskedOfRelease& asked, Leak& leak) {
  const ReleasedFigure* best = nullptr;
  for (const size_t at : leak.from) {
    const ReleasedFigure& figure = release.figures[at];
    if (figure.role == FigureRole::kSize) continue;
    // What is small and shown goes itself.
    const bool itself = leak.kind == LeakKind::kKnownSmall && figure.group == asked.group &&
                        figure.question == asked.question && figure.answer == asked.answer &&
                        figure.role != FigureRole::kBase;
    if (itself && figure.role != FigureRole::kMean) {
      leak.hide = {action_of(figure)};
      return;
    }
    if (best == nullptr || loss_of(release, figure) < loss_of(release, *best)) best = &figure;
  }
  if (best != nullptr) leak.hide = {action_of(*best)};
}

}  // namespace barometer
