#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/attack/attack.h"
#include "barometer/attack/files_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostListed = 8;

// "ledger.json: 2013-04.leave.1.respondents (base)"
std::string source_of(const ReleasedFigure& figure) {
  std::string out = figure.file.empty() ? figure.id : figure.file + ": " + figure.id;
  switch (figure.role) {
    case FigureRole::kBase:
      return out + " (its base)";
    case FigureRole::kMissing:
      return fmt::format("{} (its '{}')", out, figure.answer);
    case FigureRole::kMean:
      return out + " (a mean)";
    case FigureRole::kChange:
      return out + " (a change)";
    case FigureRole::kPercent:
      return out + (figure.base ? " (a percentage at a base)" : " (a percentage)");
    default:
      return out;
  }
}

std::string words_of(const HideAction& action) {
  switch (action.what) {
    case HideAction::What::kMissing:
      return fmt::format("'{}' of {}", action.answer, action.figure);
    case HideAction::What::kBase:
      return fmt::format("the base of {} with every figure on it", action.figure);
    case HideAction::What::kFigure:
      return action.figure;
  }
  return {};
}

std::string plural(size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// The figure that says it openly, of a leak that was not followed to its figures.
const ReleasedFigure* open_figure(const Release& release, const Leak& leak) {
  const auto found = std::ranges::find_if(
      release.figures, [&](const ReleasedFigure& figure) { return says_openly(leak, figure); });
  return found == release.figures.end() ? nullptr : &*found;
}

// Known from earlier bundles: no new one takes it back.
bool is_known_before(const Release& release, const Leak& leak) {
  if (!leak.hide.empty() || leak.kind == LeakKind::kShown) return false;
  if (leak.from.empty()) {
    const ReleasedFigure* open = open_figure(release, leak);
    return open != nullptr && (is_out(*open) || is_said_before(release, *open));
  }
  return std::ranges::any_of(leak.from, [&](size_t at) {
    const ReleasedFigure& figure = release.figures[at];
    return figure.role != FigureRole::kSize && (is_out(figure) || is_said_before(release, figure));
  });
}

// Why nothing is named that could be hidden.
std::string why_nothing(const Release& release, const Leak& leak) {
  const ReleasedFigure* open = leak.from.empty() ? open_figure(release, leak) : nullptr;
  if (is_known_before(release, leak)) {
    const std::string where =
        open == nullptr ? "that" : printable(source_of(*open), 300) + " says it, and that";
    return fmt::format("{} is out: nothing that the new bundle hides takes it back", where);
  }
  if (open != nullptr) return fmt::format("hide {}", printable(open->id, 300));
  if (leak.from.empty() && !leak.from_complete) {
    return "not followed to its figures: only the first leaks are";
  }
  return "only sizes of waves lead to it: nothing that could be hidden was found";
}

Json json_of(const Release& release, const Leak& leak) {
  Json out;
  out["kind"] = name_of(leak.kind);
  out["text"] = printable(leak.text, 1000);
  if (leak.group != kNowhere) {
    out["group"] = printable(release.groups[leak.group].id, 200);
    out["question"] = printable(release.questions[leak.question].id, 200);
    out["about"] = printable(leak.about, 200);
    out["least"] = leak.least;
    out["most"] = leak.most;
  }
  out["from"] = Json::array();
  for (const size_t at : leak.from) {
    const ReleasedFigure& figure = release.figures[at];
    out["from"].push_back({{"file", printable(figure.file, 200)},
                           {"figure", printable(figure.id, 200)},
                           {"what", printable(source_of(figure), 400)}});
  }
  out["from_is_minimal"] = leak.from_complete && leak.kind != LeakKind::kShown;
  out["hide"] = Json::array();
  for (const HideAction& action : leak.hide)
    out["hide"].push_back(printable(words_of(action), 300));
  if (is_known_before(release, leak)) out["known_before"] = true;
  return out;
}

}  // namespace

std::string leak_text(const Release& release, const Leak& leak) {
  std::string out = printable(leak.text, 1000) + ".\n";
  if (!leak.from.empty() && leak.from.size() <= 40) {
    out += "    from ";
    for (size_t i = 0; i < leak.from.size() && i < kMostListed; ++i) {
      if (i > 0) out += "\n     and ";
      out += printable(source_of(release.figures[leak.from[i]]), 300);
    }
    if (leak.from.size() > kMostListed) {
      out += fmt::format("\n     and {} more figures", leak.from.size() - kMostListed);
    }
    out += "\n";
  }
  const bool editions = std::ranges::any_of(release.figures, is_out);
  for (const HideAction& action : leak.hide) {
    out += fmt::format("    hide {}{}\n", printable(words_of(action), 300),
                       editions ? " in the new bundle" : "");
  }
  if (leak.hide.empty() && leak.kind != LeakKind::kShown) {
    out += fmt::format("    {}\n", why_nothing(release, leak));
  }
  return out;
}

std::string report_text(const BundleAttack& attack) {
  std::string out;
  for (size_t i = 0; i < attack.leaks.size(); ++i) {
    out += fmt::format("{}. {}", i + 1, leak_text(attack.release, attack.leaks[i]));
  }
  const auto before = std::ranges::count_if(
      attack.leaks, [&](const Leak& leak) { return is_known_before(attack.release, leak); });
  if (before > 0) {
    out += fmt::format(
        "Note: {} known from bundles that are out: no new one takes that back. What the new one "
        "adds "
        "is mended by what is said above to hide in it, or by waiting until more have answered.\n",
        before == 1 ? "1 leak is" : fmt::format("{} leaks are", before));
  }
  for (const std::string& note : attack.notes) out += "Note: " + note + "\n";
  if (attack.pictures > 0) {
    out += fmt::format("Note: {} not read (pictures, drawn from the charts that were).\n",
                       plural(attack.pictures, "file was", "files were"));
  }
  if (attack.inexact > 0) {
    out += fmt::format("Note: {} could not be finished; what is said of them is cautious.\n",
                       plural(attack.inexact, "range", "ranges"));
  }
  const std::string size =
      fmt::format("{} in {}, {} found", plural(attack.figures, "figure", "figures"),
                  plural(attack.files, "file", "files"), plural(attack.asked, "range", "ranges"));
  if (attack.clean()) return out + fmt::format("Clean: {}; nothing leaks.\n", size);
  return out + fmt::format("{}: {}.\n", plural(attack.leaks.size(), "leak", "leaks"), size);
}

std::string report_json(const BundleAttack& attack) {
  Json out;
  out["clean"] = attack.clean();
  out["figures"] = attack.figures;
  out["files"] = attack.files;
  out["pictures_not_read"] = attack.pictures;
  out["ranges"] = attack.asked;
  out["ranges_not_exact"] = attack.inexact;
  out["leaks"] = Json::array();
  for (const Leak& leak : attack.leaks) out["leaks"].push_back(json_of(attack.release, leak));
  out["notes"] = Json::array();
  for (const std::string& note : attack.notes) out["notes"].push_back(printable(note, 500));
  return out.dump(1) + "\n";
}

}  // namespace barometer
