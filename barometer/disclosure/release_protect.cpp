#include "barometer/disclosure/release_protect.h"

#include <algorithm>

namespace barometer {
namespace {

bool is_of_answer(FigureRole role) {
  return role == FigureRole::kCount || role == FigureRole::kPercent;
}

bool is_meant(const HideAction& action, const ReleasedFigure& figure) {
  if (figure.group != action.group || figure.question != action.question) return false;
  switch (action.what) {
    case HideAction::What::kBase:
      return figure.role != FigureRole::kHidden && figure.role != FigureRole::kMissing &&
             figure.role != FigureRole::kChange;
    case HideAction::What::kMissing:
      return figure.role == FigureRole::kMissing;
    case HideAction::What::kFigure:
      return figure.answer == action.answer && figure.id == action.figure &&
             (is_of_answer(figure.role) || figure.role == FigureRole::kMean ||
              figure.role == FigureRole::kChange);
  }
  return false;
}

}  // namespace

bool hide_in(Release& release, const HideAction& action) {
  std::vector<ReleasedFigure> kept;
  bool changed = false;
  for (ReleasedFigure& figure : release.figures) {
    if (!is_meant(action, figure)) {
      kept.push_back(std::move(figure));
      continue;
    }
    changed = true;
    if (!is_of_answer(figure.role)) continue;
    ReleasedFigure hidden;
    hidden.role = FigureRole::kHidden;
    hidden.group = figure.group;
    hidden.question = figure.question;
    hidden.answer = figure.answer;
    hidden.id = figure.id;
    hidden.file = figure.file;
    kept.push_back(std::move(hidden));
  }
  release.figures = std::move(kept);
  return changed;
}

Result<ProtectedRelease> protect_release(Release& release, const AttackOptions& options,
                                         const Progress& progress) {
  ProtectedRelease out;
  while (true) {
    ReleaseAttack attack = TRY(attack_release(release, options, progress));
    bool changed = false;
    for (const Leak& leak : attack.leaks) {
      for (const HideAction& action : leak.hide) {
        if (!hide_in(release, action)) continue;
        changed = true;
        out.hidden.push_back(action);
      }
    }
    if (changed) continue;
    out.left = std::move(attack.leaks);
    return out;
  }
}

}  // namespace barometer
