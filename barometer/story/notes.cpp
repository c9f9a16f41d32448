// What the end of a story says of its figures: bases, scales, links of wording, how a change was
// worked out. Made from the figures used, so that no writer can forget it.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/passage_internal.h"

namespace barometer {
namespace {

class Notes {
 public:
  Notes(const StorySources& sources, const Story& story) : sources_(sources), story_(story) {}

  std::vector<std::string> make() {
    std::vector<const Figure*> used;
    for (const StoryClaim& claim : story_.claims) {
      for (const std::string& id : claim.figures) {
        const Figure* figure = sources_.ledger.find(id);
        if (figure != nullptr && std::ranges::count(used, figure) == 0) used.push_back(figure);
      }
    }
    for (const Figure* figure : used) small_base(*figure);
    for (const Figure* figure : used) about(*figure);
    return std::move(out_);
  }

 private:
  void add(std::string note) {
    if (std::ranges::count(out_, note) == 0) out_.push_back(std::move(note));
  }

  [[nodiscard]] std::string label_of(const Figure& figure) const {
    const Wave* wave = sources_.study.wave(figure.wave);
    const Item* item = wave == nullptr ? nullptr : wave->questionnaire.find(figure.item);
    return item == nullptr ? figure.item : item->label;
  }

  // Requirements F6 and D2.
  void small_base(const Figure& figure) {
    if (figure.item.empty() || figure.kind == FigureKind::kChange || !figure.n) return;
    const Figure* whole = sources_.ledger.find(figure.wave + ".wave.n");
    const bool own_base = whole == nullptr || !whole->count || *whole->count != *figure.n;
    const auto small = static_cast<size_t>(sources_.study.print.note_base_under);
    const char* remark = *figure.n < small ? ", a small base" : "";
    if (own_base) {
      add(fmt::format("“{}”{} has a base of its own: n = {}{}.", label_of(figure),
                      figure.group_label.empty() ? "" : ", " + figure.group_label, *figure.n,
                      remark));
    } else if (*figure.n < small) {
      add(fmt::format("{}: where nothing else is said, n = {}{}.",
                      sources_.study.wave(figure.wave)->title, *figure.n, remark));
    }
  }

  void about(const Figure& figure) {
    if (figure.note.starts_with("No report gives")) {
      add(fmt::format("“{}”: {}", label_of(figure), figure.note));
    }
    if (figure.kind == FigureKind::kMean) scale(figure);
    if (figure.kind == FigureKind::kChange) change(figure);
  }

  void scale(const Figure& figure) {
    const Item* item = sources_.study.wave(figure.wave)->questionnaire.find(figure.item);
    if (item == nullptr || !item->scale_low || !item->scale_high) return;
    add(fmt::format("“{}” is a mean on a scale from {} ({}) to {} ({}).", item->label,
                    *item->scale_low, item->scale_low_label, *item->scale_high,
                    item->scale_high_label));
  }

  void change(const Figure& figure) {
    const Wave* wave = sources_.study.wave(figure.wave);
    const auto link = wave->trend_links.find(figure.item);
    if (link != wave->trend_links.end()) {
      add(fmt::format(
          "“{}” was asked in other words before; the study joins it to {} by an explicit "
          "link.",
          label_of(figure), link->second));
    }
    if (!figure.note.empty()) {
      add(fmt::format("The change of “{}” is worked out {}.", label_of(figure), figure.note));
    }
  }

  const StorySources& sources_;
  const Story& story_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> notes_of(const StorySources& sources, const Story& story) {
  return Notes(sources, story).make();
}

}  // namespace barometer
