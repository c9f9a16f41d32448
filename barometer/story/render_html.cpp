// Stories as HTML.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/render.h"

namespace barometer {
namespace {

// "n = 94; 95% interval 52 to 72; leave_self likely"
std::string short_words(const Figure& figure) {
  std::string out = figure.label.empty() ? figure.id : figure.label;
  if (figure.n) out += fmt::format("; n = {}", *figure.n);
  if (figure.lower && figure.upper && figure.level) {
    out += fmt::format("; {:g}% interval {:.0f} to {:.0f}", *figure.level * 100, *figure.lower,
                       *figure.upper);
  }
  return out;
}

class Page {
 public:
  Page(const Ledger& ledger, const Story& story, const StoryLinks& links)
      : ledger_(ledger), story_(story), links_(links) {
    for (size_t i = 0; i < story.claims.size(); ++i) {
      if (story.claims[i].kind != StoryClaimKind::kStudy || !story.claims[i].figures.empty())
        number_[i] = number_.size() + 1;
    }
  }

  [[nodiscard]] Html html() const {
    Html out;
    for (size_t i = 0; i < story_.blocks.size();) {
      const bool headline = i == 0 && story_.blocks[i].kind == StoryBlockKind::kHeading;
      out += block_at(i);
      if (headline && story_.reconstruction) out += notice();
    }
    out += notes();
    out += entries();
    return out;
  }

 private:
  [[nodiscard]] static bool is_item(const StoryBlock& block) {
    return block.kind == StoryBlockKind::kBullet || block.kind == StoryBlockKind::kNumbered;
  }

  // The block at i, or the whole list that begins there; i goes behind it.
  [[nodiscard]] Html block_at(size_t& i) const {
    const StoryBlock& block = story_.blocks[i];
    if (is_item(block)) {
      std::vector<Html> items;
      const StoryBlockKind kind = block.kind;
      while (i < story_.blocks.size() && story_.blocks[i].kind == kind) {
        items.push_back(element("li", {}, {pieces_of(story_.blocks[i])}));
        ++i;
      }
      return element(kind == StoryBlockKind::kBullet ? "ul" : "ol", {}, items);
    }
    ++i;
    const Html inside = pieces_of(block);
    switch (block.kind) {
      case StoryBlockKind::kHeading:
        return element(fmt::format("h{}", std::min(block.level, 6)), {}, {inside});
      case StoryBlockKind::kQuotation:
        return element("blockquote", {}, {element("p", {}, {inside})});
      default:
        return element("p", {}, {inside});
    }
  }

  // Marks nest as Markdown has them.
  [[nodiscard]] Html pieces_of(const StoryBlock& block) const {
    struct Open {
      std::string tag, target;
      Html inside;
    };
    std::vector<Open> open(1);
    for (const StoryPiece& piece : block.pieces) {
      if (piece.kind == StoryPiece::Kind::kOpen) {
        open.push_back({piece.text, piece.target, {}});
      } else if (piece.kind == StoryPiece::Kind::kClose && open.size() > 1) {
        Open done = std::move(open.back());
        open.pop_back();
        std::vector<Attribute> attributes;
        if (done.tag == "a") attributes.push_back({"href", done.target});
        open.back().inside += element(done.tag, attributes, {done.inside});
      } else if (piece.kind == StoryPiece::Kind::kBreak) {
        open.back().inside += element("br");
      } else if (piece.kind == StoryPiece::Kind::kText) {
        const bool in_link =
            std::ranges::any_of(open, [](const Open& at) { return at.tag == "a"; });
        open.back().inside += in_link ? text(piece.text) : piece_html(piece);
      }
    }
    while (open.size() > 1) {
      Html inside = std::move(open.back().inside);
      open.pop_back();
      open.back().inside += inside;
    }
    return open.front().inside;
  }

  [[nodiscard]] Html piece_html(const StoryPiece& piece) const {
    const auto found = number_.find(piece.claim);
    if (found == number_.end()) return text(piece.text);
    const StoryClaim& claim = story_.claims.at(piece.claim);
    if (claim.kind == StoryClaimKind::kPlain) return text(piece.text);
    std::vector<Attribute> attributes = {{"class", "figure"},
                                         {"id", fmt::format("figure-{}", found->second)},
                                         {"href", fmt::format("#claim-{}", found->second)}};
    if (!claim.figures.empty()) {
      attributes.push_back({"data-figure", join(claim.figures, " ")});
      attributes.push_back({"title", short_words(*ledger_.find(claim.figures.front()))});
    } else {
      attributes.push_back({"title", claim.source});
    }
    return element("a", attributes, {text(piece.text)});
  }

  [[nodiscard]] static Html notice() {
    return element("p", {{"class", "notice"}}, {text(kStoryReconstruction)});
  }

  [[nodiscard]] Html notes() const {
    if (story_.notes.empty()) return {};
    std::vector<Html> items;
    for (const std::string& note : story_.notes) items.push_back(labelled("li", note));
    return element("section", {{"class", "story-notes"}},
                   {labelled("h2", "Notes on the figures"), element("ul", {}, items)});
  }

  [[nodiscard]] Html entries() const {
    std::vector<Html> out = {labelled("h2", "Where each number comes from")};
    for (const auto& [at, number] : number_) {
      const StoryClaim& claim = story_.claims.at(at);
      if (claim.kind != StoryClaimKind::kPlain) out.push_back(entry(claim, number));
    }
    return element("section", {{"class", "story-claims"}}, out);
  }

  static void row(std::vector<Html>& rows, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    rows.push_back(labelled("dt", name));
    rows.push_back(labelled("dd", value));
  }

  [[nodiscard]] Html entry(const StoryClaim& claim, size_t number) const {
    std::vector<Html> inside = {labelled("h3", "“" + claim.text + "”")};
    inside.push_back(
        element("p", {}, {link(fmt::format("#figure-{}", number), "Back to the text")}));
    std::vector<Html> rows;
    if (claim.kind == StoryClaimKind::kOutside) row(rows, "Not of this survey", claim.source);
    if (claim.kind == StoryClaimKind::kQuoted) row(rows, "Quoted", claim.source);
    if (claim.kind == StoryClaimKind::kGuarded) row(rows, "May be said", claim.truth);
    for (const std::string& id : claim.figures) figure_rows(*ledger_.find(id), rows);
    inside.push_back(element("dl", {}, rows));
    return element("section", {{"class", "claim"}, {"id", fmt::format("claim-{}", number)}},
                   inside);
  }

  void figure_rows(const Figure& figure, std::vector<Html>& rows) const {
    rows.push_back(labelled("dt", "Figure"));
    rows.push_back(
        element("dd", {},
                {link(fmt::format("{}ledger.html#{}", links_.root, figure.id), figure.id),
                 text(fmt::format(", printed {}: {}", figure.printed, figure.label))}));
    row(rows, "Question",
        figure.question.empty()
            ? ""
            : fmt::format("{}{}", figure.question,
                          figure.wording == "paraphrase" ? " (a paraphrase)" : ""));
    const std::string n = figure.n ? fmt::format(", n = {}", *figure.n) : "";
    row(rows, "Base", figure.base.empty() ? "" : figure.base + n);
    if (figure.lower && figure.upper && figure.level) {
      row(rows, "Interval",
          fmt::format("{:.1f} to {:.1f}, {:g}%, {}", *figure.lower, *figure.upper,
                      *figure.level * 100, figure.interval_method));
    } else {
      row(rows, "Interval", figure.interval_method);
    }
    row(rows, "Note", figure.note);
    const std::string table = links_.table ? links_.table(figure) : "";
    if (!table.empty()) {
      rows.push_back(labelled("dt", "Table"));
      rows.push_back(element("dd", {}, {link(links_.root + table, "with all answers")}));
    }
  }

  const Ledger& ledger_;
  const Story& story_;
  const StoryLinks& links_;
  std::map<size_t, size_t> number_;  // place of the claim -> number of its entry
};

}  // namespace

Html story_html(const Ledger& ledger, const Story& story, const StoryLinks& links) {
  return Page(ledger, story, links).html();
}

}  // namespace barometer
