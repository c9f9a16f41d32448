#include "barometer/attack/attack.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/attack/files_internal.h"
#include "barometer/base/text.h"
#include "barometer/ledger/read.h"

namespace barometer {
namespace {

Leak leak_of(const ShownElsewhere& shown, const std::string& bundle) {
  Leak out;
  out.kind = LeakKind::kShown;
  const std::string file = bundle.empty() ? shown.file : bundle + "/" + shown.file;
  if (shown.figure.empty()) {
    out.text = fmt::format("{} shows {}, which no figure of the ledger has", printable(file, 200),
                           shown.what);
  } else {
    out.text = fmt::format("{} shows {} of {}, which the ledger suppresses", printable(file, 200),
                           shown.what, printable(shown.figure, 200));
    HideAction action;
    action.figure = shown.figure;
    if (bundle.empty()) out.hide.push_back(std::move(action));
  }
  if (!bundle.empty()) out.text += "; that bundle is out";
  return out;
}

bool is_of_answer(const ReleasedFigure& figure) {
  return figure.role == FigureRole::kCount || figure.role == FigureRole::kPercent;
}

// What is lost least comes first, and before it what leaks itself; kNowhere: it cannot be hidden.
size_t loss_of(const Release& release, const Leak& leak, const ReleasedFigure& figure) {
  if (says_openly(leak, figure)) return 0;
  const size_t of_everyone = release.groups[figure.group].named ? 0 : 2;
  switch (figure.role) {
    case FigureRole::kMissing:
      return 1;
    case FigureRole::kChange:
      return 2;
    case FigureRole::kMean:
      return 3 + of_everyone;
    case FigureRole::kCount:
    case FigureRole::kPercent:
      return 4 + of_everyone;
    case FigureRole::kBase:
      return 10;
    default:
      return kNowhere;
  }
}

// Beside earlier bundles only what the new one alone says can still be hidden.
void hide_of_the_new(const Release& release, Leak& leak) {
  if (leak.from.empty()) return;
  leak.hide.clear();
  size_t least = kNowhere;
  for (const size_t at : leak.from) {
    const ReleasedFigure& figure = release.figures[at];
    const size_t loss = loss_of(release, leak, figure);
    if (loss >= least || is_out(figure) || is_said_before(release, figure)) continue;
    least = loss;
    leak.hide = {action_of(figure)};
  }
}

struct Found {
  BundleReading reading;
  ReleaseAttack attack;
};

Result<Found> attack_as(const std::vector<BundleText>& bundles, const BundleAttackOptions& options,
                        const Progress& progress) {
  Found out;
  out.reading = TRY(release_of(bundles, options.bundles));
  out.attack = TRY(attack_release(out.reading.release, options.release, progress));
  return out;
}

// Editions of which the larger does not hold the smaller contradict each other when nested.
Result<Found> attack_system(const std::vector<BundleText>& bundles,
                            const BundleAttackOptions& options, const Progress& progress) {
  auto found = attack_as(bundles, options, progress);
  if (found || found.error().code != ErrorCode::kInvalid || !options.bundles.nest_editions) {
    return found;
  }
  BundleAttackOptions apart = options;
  apart.bundles.nest_editions = false;
  const auto reading = TRY(release_of(bundles, options.bundles));
  if (!reading.nested_editions) return found;
  Found out = TRY(attack_as(bundles, apart, progress));
  out.reading.notes.push_back(
      "No edition of a wave can hold everyone of another: they are taken as different people.");
  return out;
}

}  // namespace

bool says_openly(const Leak& leak, const ReleasedFigure& figure) {
  return figure.group == leak.group && figure.question == leak.question && is_of_answer(figure) &&
         leak.about == fmt::format("answer '{}'", figure.answer);
}

bool is_said_before(const Release& release, const ReleasedFigure& figure) {
  return std::ranges::any_of(release.figures, [&](const ReleasedFigure& other) {
    const bool alike = other.role == figure.role || (is_of_answer(other) && is_of_answer(figure));
    return is_out(other) && alike && other.group == figure.group &&
           other.question == figure.question && other.answer == figure.answer &&
           other.since == figure.since;
  });
}

Result<BundleAttack> attack_bundles(const std::vector<BundleText>& bundles,
                                    const BundleAttackOptions& options, const Progress& progress) {
  Found found = TRY(attack_system(bundles, options, progress));
  BundleAttack out;
  out.release = std::move(found.reading.release);
  out.notes = std::move(found.reading.notes);
  out.leaks = std::move(found.attack.leaks);
  for (Leak& leak : out.leaks) {
    if (bundles.size() > 1) hide_of_the_new(out.release, leak);
  }
  out.asked = found.attack.asked;
  out.inexact = found.attack.inexact;
  for (size_t i = 0; i < bundles.size(); ++i) {
    const std::string name = i == 0 ? "" : bundles[i].name;
    const Ledger ledger = TRY(ledger_from_json(bundles[i].files.at("ledger.json"),
                                               i == 0 ? "ledger.json" : name + "/ledger.json"));
    const FileFindings files = check_files(bundles[i], ledger);
    for (const ShownElsewhere& shown : files.shown) out.leaks.push_back(leak_of(shown, name));
    for (const std::string& problem : files.problems) {
      out.notes.push_back("Not read: " + printable(problem, 300) + ".");
    }
    out.figures += ledger.figures.size();
    out.files += bundles[i].files.size();
    out.pictures += bundles[i].not_read.size();
  }
  return out;
}

}  // namespace barometer
