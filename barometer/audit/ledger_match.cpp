// Claims against the figures of a ledger: which figure is meant, and is it so?
#include <algorithm>
#include <iterator>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "barometer/audit/ledger_choice_internal.h"
#include "barometer/audit/ledger_value_internal.h"
#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using Answer = LedgerIndex::Answer;
using Question = LedgerIndex::Question;

constexpr double kClear = 0.55;  // how alike words must be that many figures satisfy

FigureKind figure_kind(const Claim& claim) {
  if (claim.kind == ClaimKind::kMean) return FigureKind::kMean;
  return claim.kind == ClaimKind::kChange ? FigureKind::kChange : FigureKind::kPercent;
}

// Words that many figures would satisfy: "more than half".
bool is_loose(const Claim& claim) {
  return claim.kind != ClaimKind::kPercent && claim.kind != ClaimKind::kMean &&
         claim.kind != ClaimKind::kChange;
}

bool is_matched_by_words(const Claim& claim) {
  switch (claim.kind) {
    case ClaimKind::kPercent:
    case ClaimKind::kPercentBound:
    case ClaimKind::kPercentFraction:
    case ClaimKind::kPercentFractionBound:
    case ClaimKind::kMean:
    case ClaimKind::kChange:
      return true;
    default:
      return false;
  }
}

std::string_view wave_name_of(const Claim& claim) {
  switch (claim.kind) {
    case ClaimKind::kN:
      return "n";
    case ClaimKind::kNOrganisations:
      return "organisations";
    case ClaimKind::kFrameN:
      return "frame";
    default:
      return "";
  }
}

// The claim's own words say of how many answers it is.
bool says_base(const Claim& claim) {
  return claim.kind == ClaimKind::kPercent && claim.base &&
         (claim.base_source == BaseSource::kClaim || claim.base_source == BaseSource::kSentence);
}

// The ledger's figure is of as many answers: "42 per cent of the 30 in the north".
bool is_of_its_base(const Claim& claim, const Figure& figure) {
  return claim.base && figure.n && std::cmp_equal(*claim.base, *figure.n);
}

// “Likely” of the group, as a message names a figure.
std::string named(const Figure& figure) {
  const std::string id = printable(figure.id, 120);
  std::string out =
      figure.label.empty() ? id : fmt::format("“{}” ({})", printable(figure.label), id);
  return out;
}
std::string of_whom(const Figure& figure) {
  const std::string group = figure.group_label.empty() ? "all" : printable(figure.group_label);
  return figure.n ? fmt::format("{} ({} answers)", group, *figure.n) : group;
}

// What the words of a claim mean.
struct Meaning {
  ItemChoice item;
  AnswerChoice answer;
  bool of_group = false;                // of some respondents
  std::string group;                    // which, where the ledger has them
  std::vector<const Figure*> here;      // of its wave and group, best first
  std::vector<const Figure*> anywhere;  // the same answer of other waves and groups
};

class Matcher {
 public:
  Matcher(Page& page, const LedgerIndex& index, std::vector<LedgerMatch>& matches)
      : page_(page), index_(index), matches_(matches) {}

  void run() {
    spoken_.resize(page_.claims().size());
    for (size_t i = 0; i < page_.claims().size(); ++i) {
      const Claim& claim = page_.claim(i);
      if (is_own(claim) && is_matched_by_words(claim)) spoken_[i] = spoken_of(page_, index_, i);
    }
    find_own_wave();
    for (size_t i = 0; i < page_.claims().size(); ++i) {
      if (is_own(page_.claim(i))) match(i);
    }
  }

 private:
  [[nodiscard]] bool is_own(const Claim& claim) const {
    return page_.is_live(claim) && claim.survey == 0;
  }

  // The wave whose date and size the article prints, then whose figures.
  void find_own_wave() {
    size_t most = 0;
    size_t second = 0;
    bool told = false;  // by its date or size
    for (const std::string& wave : index_.waves()) {
      const size_t sizes = date_points(page_, wave) + size_points(wave);
      const size_t points = sizes + figure_points(wave);
      if (points > most) {
        second = most;
        most = points;
        own_ = wave;
        told = sizes > 0;
      } else {
        second = std::max(second, points);
      }
    }
    own_is_sure_ = most > second && (told || most >= 2);
  }
  [[nodiscard]] size_t size_points(const std::string& wave) const {
    constexpr size_t kSize = 3;  // its size says more than one figure does
    size_t points = 0;
    for (const Claim& claim : page_.claims()) {
      if (!is_own(claim) || !claim.wave.empty()) continue;
      const std::string_view name = wave_name_of(claim);
      const Figure* figure = name.empty() ? nullptr : index_.of_wave(wave, name);
      const bool equal = figure != nullptr && claim.value && figure->value == claim.value->value();
      if (equal) points += kSize;
    }
    return points;
  }
  [[nodiscard]] size_t figure_points(const std::string& wave) const {
    constexpr size_t kEnough = 40;
    size_t points = 0;
    size_t seen = 0;
    for (size_t i = 0; i < page_.claims().size() && seen < kEnough; ++i) {
      const Claim& claim = page_.claim(i);
      if (!is_own(claim) || !claim.wave.empty() || is_loose(claim)) continue;
      ++seen;
      const Meaning meaning = meaning_of(i, wave, questions_of(wave));
      if (equal_one(claim, meaning.here) != nullptr) ++points;
    }
    return points;
  }

  [[nodiscard]] std::vector<const Question*> questions_of(const std::string& wave,
                                                          bool all_but = false) const {
    std::vector<const Question*> out;
    for (const Question& question : index_.questions()) {
      if (wave.empty() || (question.wave == wave) != all_but) out.push_back(&question);
    }
    return out;
  }

  [[nodiscard]] Meaning meaning_of(size_t i, const std::string& wave,
                                   const std::vector<const Question*>& among) const {
    Meaning out;
    out.item = choose_item(index_, spoken_[i], among, wave);
    read_group(i, out);
    if (out.item.question == nullptr) return out;
    out.answer = choose_answer(spoken_[i], *out.item.question, figure_kind(page_.claim(i)));
    add_figures(i, out);
    return out;
  }

  void read_group(size_t i, Meaning& out) const {
    const Claim& claim = page_.claim(i);
    out.of_group = claim.subgroup;
    if (!claim.subgroup) return;
    WordSet words = telling_words(index_.lexicon().read_printed(claim.base_phrase));
    if (spoken_[i].first) words = joined(words, telling_words(spoken_[i].before));
    if (const LedgerIndex::Group* group = choose_group(index_, words)) out.group = group->code;
  }

  void add_figures(size_t i, Meaning& out) const {
    const Question& question = *out.item.question;
    for (const Answer* answer : out.answer.meant) {
      const Figure* figure = answer->of_group(out.group);
      if (figure != nullptr && out.of_group == !out.group.empty()) out.here.push_back(figure);
    }
    for (const std::string& wave : index_.waves()) {
      const Question* other = index_.find(wave, question.item);
      if (other == nullptr) continue;
      const AnswerChoice choice = choose_answer(spoken_[i], *other, figure_kind(page_.claim(i)));
      for (const Answer* answer : choice.meant) {
        std::ranges::copy_if(answer->figures, std::back_inserter(out.anywhere),
                             [&](const Figure* figure) {
                               return std::ranges::find(out.here, figure) == out.here.end();
                             });
      }
    }
  }

  [[nodiscard]] const Figure* equal_one(const Claim& claim,
                                        const std::vector<const Figure*>& among) const {
    const auto found = std::ranges::find_if(
        among, [&](const Figure* figure) { return is_as_printed(page_, claim, *figure); });
    return found == among.end() ? nullptr : *found;
  }

  void match(size_t i) {
    const Claim& claim = page_.claim(i);
    if (is_matched_by_words(claim)) {
      if (!match_coverage(i)) match_words(i);
      return;
    }
    const std::string_view name = wave_name_of(claim);
    if (name.empty() || !claim.value || own_.empty() || !claim.wave.empty()) return;
    if (const Figure* figure = index_.of_wave(own_, name)) match_size(i, *figure);
  }

  void match_size(size_t i, const Figure& figure) {
    const Claim& claim = page_.claim(i);
    if (!is_shown(figure)) {
      add(i, LedgerGrade::kNotPublished, &figure, 1, "");
      return;
    }
    const bool equal = round(*figure.value, 0) == *claim.value;
    add(i, equal ? LedgerGrade::kConfirmed : LedgerGrade::kWrong, &figure, 1,
        fmt::format("the ledger has {}", printable(figure.printed)));
  }

  // A share of all organisations.
  bool match_coverage(size_t i) {
    const Claim& claim = page_.claim(i);
    if (claim.kind != ClaimKind::kPercent || own_.empty() || !claim.base) return false;
    const Figure* frame = index_.of_wave(own_, "frame");
    const Figure* coverage = index_.of_wave(own_, "coverage");
    const bool meant = frame != nullptr && coverage != nullptr && is_shown(*coverage) &&
                       frame->value == static_cast<double>(*claim.base);
    if (!meant) return false;
    const bool equal = claim.value && is_testable(*claim.value) &&
                       round(*coverage->value, claim.value->places) == *claim.value;
    add(i, equal ? LedgerGrade::kConfirmed : LedgerGrade::kWrong, coverage, 1,
        recomputed(claim, *coverage));
    return true;
  }

  void match_words(size_t i) {
    const Claim& claim = page_.claim(i);
    const WaveNamed named = wave_named(page_, index_, i, own_);
    wave_ = named.said ? named.wave : own_;
    wave_is_said_ = named.said;
    const std::vector<const Question*> among =
        !named.said ? questions_of("")
                    : (named.wave.empty() ? questions_of(own_, true) : questions_of(named.wave));
    const Meaning meaning = meaning_of(i, wave_, among);
    if (meaning.item.question == nullptr) {
      return add(i, LedgerGrade::kNotPublished, nullptr, 0, "");
    }
    if (is_loose(claim)) {
      const WordSet words = telling_words(spoken_[i].clause());
      if (meaning.item.by_wider || meaning.item.alike < kClear || !meaning.answer.said ||
          index_.familiarity(words) < 0.5) {
        return add(i, LedgerGrade::kNotPublished, nullptr, 0, "");
      }
    }
    if (meaning.item.tied.size() > 1) return match_tied(i, meaning);
    match_meaning(i, meaning);
  }

  // Words that fit several questions: right where all of them have this figure.
  void match_tied(size_t i, const Meaning& meaning) {
    const Claim& claim = page_.claim(i);
    std::vector<const Figure*> fitting;
    bool all = true;
    for (const Question* question : meaning.item.tied) {
      Meaning one = meaning;
      one.item.question = question;
      one.here.clear();
      one.answer = choose_answer(spoken_[i], *question, figure_kind(claim));
      add_figures(i, one);
      const Figure* equal = equal_one(claim, one.here);
      all = all && equal != nullptr;
      if (equal != nullptr || !one.here.empty()) {
        fitting.push_back(equal != nullptr ? equal : one.here.front());
      }
    }
    if (all && !fitting.empty()) return confirm(i, meaning, *fitting.front());
    if (fitting.empty() || !meaning.item.by_own) {
      return add(i, LedgerGrade::kNotPublished, nullptr, meaning.item.alike, "");
    }
    unclear(i, meaning, fitting);
  }

  void match_meaning(size_t i, const Meaning& meaning) {
    const Claim& claim = page_.claim(i);
    if (const Figure* equal = equal_one(claim, meaning.here)) {
      const std::vector<const Figure*> waves = rival_waves(meaning, *equal);
      if (!waves.empty()) return unclear(i, meaning, waves);
      return confirm(i, meaning, *equal);
    }
    if (const Figure* own = of_stated_base(claim, meaning)) {
      return add(i, LedgerGrade::kConfirmed, own, meaning.item.alike, recomputed(claim, *own));
    }
    if (!meaning.here.empty() && meaning.here.front()->marker == Marker::kSuppressed) {
      return add(i, LedgerGrade::kSuppressed, meaning.here.front(), meaning.item.alike, "");
    }
    if (const Figure* other = equal_one(claim, meaning.anywhere)) {
      return of_other(i, meaning, *other);
    }
    refute(i, meaning);
  }

  // Without a wave of its own, an article may mean the figure of any.
  [[nodiscard]] std::vector<const Figure*> rival_waves(const Meaning& meaning,
                                                       const Figure& equal) const {
    if (own_is_sure_ || wave_is_said_) return {};
    std::vector<const Figure*> out;
    for (const Figure* figure : meaning.anywhere) {
      if (figure->group == equal.group && figure->wave != equal.wave && is_shown(*figure) &&
          figure->label == equal.label && figure->printed != equal.printed) {
        out.push_back(figure);
      }
    }
    if (!out.empty()) out.insert(out.begin(), &equal);
    return out;
  }

  void confirm(size_t i, const Meaning& meaning, const Figure& figure) {
    const Claim& claim = page_.claim(i);
    const bool other_base = claim.kind == ClaimKind::kPercent && claim.base && figure.n &&
                            (!claim.subgroup || says_base(claim)) && !is_of_its_base(claim, figure);
    if (!other_base && figure.wave != wave_ && !wave_.empty()) return of_other(i, meaning, figure);
    if (!other_base) {
      return add(i, LedgerGrade::kConfirmed, &figure, meaning.item.alike,
                 recomputed(claim, figure));
    }
    const Figure* own = of_stated_base(claim, meaning);
    if (own != nullptr) {
      return add(i, LedgerGrade::kConfirmed, own, meaning.item.alike, recomputed(claim, *own));
    }
    of_other(i, meaning, figure);
  }

  // A figure of any wave or group, of as many answers as the claim's own words say.
  [[nodiscard]] const Figure* of_stated_base(const Claim& claim, const Meaning& meaning) const {
    if (!says_base(claim)) return nullptr;
    const auto found = std::ranges::find_if(meaning.anywhere, [&](const Figure* figure) {
      return is_of_its_base(claim, *figure) && is_as_printed(page_, claim, *figure);
    });
    return found == meaning.anywhere.end() ? nullptr : *found;
  }

  void of_other(size_t i, const Meaning& meaning, const Figure& figure) {
    const Claim& claim = page_.claim(i);
    std::string message;
    std::string fix;
    const Figure* own = meaning.here.empty() ? nullptr : meaning.here.front();
    const bool other_wave = !wave_.empty() && figure.wave != wave_;
    if (other_wave) {
      message = fmt::format("{} is the figure of {}, {}, of {}", quoted(claim),
                            printable(wave_in_words(figure.wave)), printable(figure.id, 120),
                            of_whom(figure));
    } else {
      message = fmt::format("{} is the figure {}, of {}", quoted(claim), printable(figure.id, 120),
                            of_whom(figure));
    }
    if (own != nullptr && own != &figure && own->wave == wave_) {
      message +=
          is_shown(*own)
              ? fmt::format("; {} has {} ({})",
                            other_wave ? printable(wave_in_words(own->wave)) : of_whom(*own),
                            printable(own->printed), printable(own->id, 120))
              : fmt::format("; {} has none that is published", printable(wave_in_words(own->wave)));
      if (is_shown(*own)) fix = printable(own->printed);
    } else if (other_wave && own == nullptr) {
      message += fmt::format("; the article's wave is {}", printable(wave_in_words(wave_)));
    }
    add(i, LedgerGrade::kOtherBase, &figure, meaning.item.alike, recomputed(claim, figure),
        std::move(message), std::move(fix));
  }

  void unclear(size_t i, const Meaning& meaning, const std::vector<const Figure*>& fitting) {
    std::string list;
    for (const Figure* figure : fitting | std::views::take(4)) {
      list += fmt::format("{}{} ({})", list.empty() ? "" : ", ",
                          is_shown(*figure) ? printable(figure->printed) : "not published",
                          printable(figure->id, 120));
    }
    const std::string why = fitting.size() == 1 ? "the words do not say which answer"
                                                : "the words fit several figures of the ledger";
    add(i, LedgerGrade::kUnclear, nullptr, meaning.item.alike, "",
        fmt::format("{}: {}: {}", quoted(page_.claim(i)), why, list),
        "say which question, answer and wave");
  }

  // None of the figures that the words mean is as printed.
  void refute(size_t i, const Meaning& meaning) {
    const Claim& claim = page_.claim(i);
    const Question& question = *meaning.item.question;
    const bool decided = !meaning.here.empty() || meaning.answer.denied != nullptr;
    const Figure* swapped = of_other_answer(claim, question, meaning);
    if (!decided || !meaning.answer.said || meaning.of_group != !meaning.group.empty()) {
      if (swapped != nullptr && !decided && !meaning.of_group) {
        return unclear(i, meaning, shown_of(question));
      }
      return add(i, LedgerGrade::kNotPublished, nullptr, meaning.item.alike, "");
    }
    const Figure* meant = meaning.here.empty() ? nullptr : meaning.here.front();
    if (swapped != nullptr) return of_contrary(i, meaning, meant, *swapped);
    if (meant == nullptr || !meaning.item.surely) {
      return add(i, LedgerGrade::kNotPublished, nullptr, meaning.item.alike, "");
    }
    if (meant->wave != wave_ && !wave_.empty()) {
      return add(i, LedgerGrade::kNotPublished, meant, meaning.item.alike, "");
    }
    if (is_shown(*meant)) return wrong(i, meaning, *meant);
    if (const std::string why =
            impossible(claim, question, *meaning.answer.meant.front(), meaning.group);
        !why.empty()) {
      return add(
          i, LedgerGrade::kWrong, meant, meaning.item.alike, why,
          fmt::format("{} cannot be {}: other answers leave less", quoted(claim), named(*meant)));
    }
    add(i, LedgerGrade::kNotPublished, meant, meaning.item.alike, "");
  }

  [[nodiscard]] static std::vector<const Figure*> shown_of(const Question& question) {
    std::vector<const Figure*> out;
    for (const Answer& answer : question.answers) {
      const Figure* figure = answer.of_group("");
      if (figure != nullptr && answer.kind == FigureKind::kPercent && is_shown(*figure)) {
        out.push_back(figure);
      }
    }
    return out;
  }

  // The value is that of another answer to the same question.
  [[nodiscard]] const Figure* of_other_answer(const Claim& claim, const Question& question,
                                              const Meaning& meaning) const {
    if (is_loose(claim) || claim.kind != ClaimKind::kPercent) return nullptr;
    for (const Answer& answer : question.answers) {
      const Figure* figure =
          answer.kind == FigureKind::kPercent ? answer.of_group(meaning.group) : nullptr;
      if (figure != nullptr && is_as_printed(page_, claim, *figure)) return figure;
    }
    return nullptr;
  }

  void of_contrary(size_t i, const Meaning& meaning, const Figure* meant, const Figure& swapped) {
    const Claim& claim = page_.claim(i);
    std::string message = fmt::format("{} is the figure for {}", quoted(claim), named(swapped));
    std::string fix;
    if (meant == nullptr) {
      message += "; the words say another answer";
    } else if (is_shown(*meant)) {
      message +=
          fmt::format("; for {} the ledger has {}", named(*meant), printable(meant->printed));
      fix = printable(meant->printed);
    } else {
      message += fmt::format("; for {} the ledger has none", named(*meant));
    }
    add(i, LedgerGrade::kWrong, meant == nullptr ? &swapped : meant, meaning.item.alike,
        recomputed(claim, meant != nullptr && is_shown(*meant) ? *meant : swapped),
        std::move(message), std::move(fix));
  }

  void wrong(size_t i, const Meaning& meaning, const Figure& meant) {
    const Claim& claim = page_.claim(i);
    std::string message =
        fmt::format("{} is not what the ledger has in {}", quoted(claim), printable(meant.id, 120));
    // The same answer to a neighbouring question.
    for (const Question* question : questions_of(meant.wave)) {
      if (is_loose(claim) || question->item == meant.item) continue;
      for (const Answer& answer : question->answers) {
        const Figure* figure = answer.of_group(meant.group);
        if (figure == nullptr || figure->label != meant.label || figure->kind != meant.kind ||
            !is_as_printed(page_, claim, *figure)) {
          continue;
        }
        message += fmt::format("; it is that of {}", printable(figure->id, 120));
        return add(i, LedgerGrade::kWrong, &meant, meaning.item.alike, recomputed(claim, meant),
                   std::move(message), printable(meant.printed));
      }
    }
    add(i, LedgerGrade::kWrong, &meant, meaning.item.alike, recomputed(claim, meant),
        std::move(message), printable(meant.printed));
  }

  void add(size_t i, LedgerGrade grade, const Figure* figure, double alike, std::string arithmetic,
           std::string message = "", std::string fix = "") {
    const std::string id = figure == nullptr ? "" : printable(figure->id, 120);
    matches_.push_back({i, grade, id, std::min(alike, 1.0), arithmetic});
    if (grade == LedgerGrade::kConfirmed) return;
    Finding finding{.rule = "ledger", .claims = {i}, .arithmetic = std::move(arithmetic)};
    finding.message = std::move(message);
    finding.fix = std::move(fix);
    const std::string quote = quoted(page_.claim(i));
    switch (grade) {
      case LedgerGrade::kWrong:
        if (finding.message.empty()) {
          finding.message = fmt::format("{} is not what the ledger has in {}", quote, id);
        }
        if (finding.fix.empty() && figure != nullptr && is_shown(*figure)) {
          finding.fix = printable(figure->printed);
        }
        break;
      case LedgerGrade::kOtherBase:
        finding.grade = Grade::kBaseMismatch;
        break;
      case LedgerGrade::kSuppressed:
        finding.message = fmt::format("{} is withheld by the ledger ({})", quote, id);
        finding.fix = "leave the figure out";
        break;
      case LedgerGrade::kUnclear:
        finding.grade = Grade::kNote;
        break;
      default:
        finding.grade = Grade::kNote;
        finding.message = id.empty() ? fmt::format("{} is not in the ledger", quote)
                                     : fmt::format(
                                           "{} is not in the ledger, which has no figure "
                                           "in {}",
                                           quote, id);
    }
    page_.find(std::move(finding));
  }

  Page& page_;
  const LedgerIndex& index_;
  std::vector<LedgerMatch>& matches_;
  std::vector<Spoken> spoken_;
  std::string own_;           // the article's wave
  bool own_is_sure_ = false;  // by more than one figure
  std::string wave_;          // of the claim at hand
  bool wave_is_said_ = false;
};

}  // namespace

void check_ledger(Page& page, const LedgerIndex& index, std::vector<LedgerMatch>& matches) {
  Matcher(page, index, matches).run();
}

}  // namespace barometer
