// Claims against the figures of a ledger: which figure is meant, and is it so?
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/audit/hedges_internal.h"
#include "barometer/audit/ledger_index_internal.h"
#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using Question = LedgerIndex::Question;

constexpr double kAlike = 0.45;    // below, no question is meant
constexpr double kNearBest = 0.8;  // of the best likeness: may be meant too

bool is_number_of(const Figure& figure, const Claim& claim) {
  switch (claim.kind) {
    case ClaimKind::kMean:
      return figure.kind == FigureKind::kMean;
    case ClaimKind::kChange:
      return figure.kind == FigureKind::kChange;
    default:
      return figure.kind == FigureKind::kPercent;
  }
}

bool is_shown(const Figure& figure) {
  return figure.value && figure.marker != Marker::kSuppressed &&
         figure.marker != Marker::kNotAvailable && figure.marker != Marker::kNotApplicable;
}

// The exact share where the figure is one of whole cases, not weighted.
std::optional<Ratio> exact_percent(const Figure& figure) {
  if (figure.kind != FigureKind::kPercent || !figure.count || !figure.n || *figure.n == 0) {
    return std::nullopt;
  }
  constexpr size_t kMost = size_t{1} << 40U;
  if (*figure.n > kMost || *figure.count > *figure.n) return std::nullopt;
  const Ratio share{100 * static_cast<int64_t>(*figure.count), static_cast<int64_t>(*figure.n)};
  if (!figure.value || std::abs(share.value() - *figure.value) > 1e-6) return std::nullopt;
  return share;
}

bool is_as_printed(const Page& page, const Claim& claim, const Figure& figure) {
  if (!is_shown(figure)) return false;
  if (claim.kind == ClaimKind::kPercent || claim.kind == ClaimKind::kMean ||
      claim.kind == ClaimKind::kChange) {
    if (!claim.value || !is_testable(*claim.value)) return false;
    const std::optional<Ratio> exact = exact_percent(figure);
    if (exact) return page.rounding().interval(*claim.value).contains(*exact);
    Decimal printed = *claim.value;
    if (claim.kind == ClaimKind::kChange && claim.number.direction < 0 && printed.digits > 0) {
      printed.digits = -printed.digits;
    }
    return round(*figure.value, printed.places) == printed;
  }
  if (!can_be_judged(claim)) return true;
  const Decimal value = round(*figure.value, 4);
  const std::optional<Ratio> exact = exact_percent(figure);
  return is_true(claim.number, exact ? *exact : value.ratio()) != wording::Truth::kFalse;
}

std::string recomputed(const Claim& claim, const Figure& figure) {
  const int places = claim.value ? std::clamp(claim.value->places, 0, 6) : 0;
  if (const std::optional<Ratio> exact = exact_percent(figure)) {
    return fmt::format("{}/{} = {}, prints as {}", *figure.count, *figure.n,
                       round(*exact, places + 2).text(), round(*exact, places).text());
  }
  if (!figure.value) return fmt::format("the ledger has {}", printable(figure.printed));
  return fmt::format("{}, prints as {}", round(*figure.value, std::min(places + 2, 6)).text(),
                     round(*figure.value, places).text());
}

// A figure that the claim may mean.
struct Candidate {
  const Question* question;
  const LedgerIndex::Answer* answer;
  double alike = 0;
  bool label = false;  // the words of its answer are the claim's
  bool equal = false;
};

class Matcher {
 public:
  Matcher(Page& page, const LedgerIndex& index, std::vector<LedgerMatch>& matches)
      : page_(page), index_(index), matches_(matches) {}

  void run() {
    own_ = own_wave();
    for (size_t i = 0; i < page_.claims().size(); ++i) {
      if (!page_.is_live(page_.claim(i)) || page_.claim(i).survey != 0) continue;
      match(i);
    }
  }

 private:
  // What kinds of claim the ledger can have.
  static bool is_matched_by_words(const Claim& claim) {
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

  static std::string_view wave_name_of(const Claim& claim) {
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

  std::vector<Candidate> candidates(size_t i, const std::string& wave) const {
    const Claim& claim = page_.claim(i);
    std::vector<Candidate> out;
    double best = 0;
    for (const Question& question : index_.questions()) {
      if (!wave.empty() && question.wave != wave) continue;
      const double alike = index_.likeness(page_.words(i), question);
      if (alike < kAlike || alike < best * kNearBest) continue;
      best = std::max(best, alike);
      const WordSet& said = page_.answer_words(i).empty() ? page_.words(i) : page_.answer_words(i);
      for (const LedgerIndex::Answer& answer : question.answers) {
        if (!is_number_of(*answer.figure, claim)) continue;
        const bool label =
            !answer.label.empty() && common_count(answer.label, said) == answer.label.size();
        out.push_back(
            {&question, &answer, alike, label, is_as_printed(page_, claim, *answer.figure)});
      }
    }
    std::erase_if(out, [&](const Candidate& one) { return one.alike < best * kNearBest; });
    return out;
  }

  // The wave whose size and figures are the article's.
  std::string own_wave() const {
    std::string best;
    size_t most = 0;
    for (const std::string& wave : index_.waves()) {
      size_t points = 0;
      for (size_t i = 0; i < page_.claims().size(); ++i) {
        const Claim& claim = page_.claim(i);
        if (!page_.is_live(claim) || claim.survey != 0 || !claim.wave.empty()) continue;
        const std::string_view name = wave_name_of(claim);
        const Figure* figure = name.empty() ? nullptr : index_.of_wave(wave, name);
        constexpr size_t kSize = 3;  // its size says more than one figure does
        if (figure != nullptr && claim.value && figure->value == claim.value->value()) {
          points += kSize;
        }
        if (!page_.is_percent(claim)) continue;
        if (std::ranges::any_of(candidates(i, wave), &Candidate::equal)) ++points;
      }
      if (points > most) {
        most = points;
        best = wave;
      }
    }
    return best;
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

  static const Candidate* pick(const std::vector<Candidate>& all, bool group) {
    const Candidate* best = nullptr;
    const auto rank = [&](const Candidate& one) {
      const bool of_group = !one.answer->figure->group.empty();
      return std::tuple{of_group == group, one.label, one.equal, is_shown(*one.answer->figure),
                        one.alike};
    };
    for (const Candidate& one : all) {
      if (best == nullptr || rank(one) > rank(*best)) best = &one;
    }
    return best;
  }

  // The same answer of another group, wave or unit that prints so.
  static const Candidate* elsewhere(const Candidate& meant, const std::vector<Candidate>& all) {
    const Candidate* found = nullptr;
    for (const Candidate& one : all) {
      const bool same = one.question->item == meant.question->item &&
                        one.answer->figure->answer == meant.answer->figure->answer;
      if (same && one.equal && one.answer->figure != meant.answer->figure) found = &one;
    }
    return found;
  }

  void match_words(size_t i) {
    const Claim& claim = page_.claim(i);
    const std::vector<Candidate> here = candidates(i, claim.wave.empty() ? own_ : "");
    const Candidate* meant = pick(here, claim.subgroup);
    if (meant == nullptr) {
      add(i, LedgerGrade::kNotPublished, nullptr, 0, "");
      return;
    }
    const Figure& figure = *meant->answer->figure;
    if (figure.marker == Marker::kSuppressed) {
      add(i, LedgerGrade::kSuppressed, &figure, meant->alike, "");
    } else if (!is_shown(figure)) {
      add(i, LedgerGrade::kNotPublished, &figure, meant->alike, "");
    } else if (meant->equal) {
      confirm(i, *meant);
    } else {
      refute(i, *meant);
    }
  }

  void refute(size_t i, const Candidate& meant) {
    const Claim& claim = page_.claim(i);
    const std::vector<Candidate> everywhere = candidates(i, "");
    if (const Candidate* other = elsewhere(meant, everywhere)) {
      add(i, LedgerGrade::kOtherBase, other->answer->figure, other->alike,
          recomputed(claim, *other->answer->figure));
      return;
    }
    const Figure& figure = *meant.answer->figure;
    add(i, LedgerGrade::kWrong, &figure, meant.alike, recomputed(claim, figure));
  }

  void confirm(size_t i, const Candidate& meant) {
    const Claim& claim = page_.claim(i);
    const Figure& figure = *meant.answer->figure;
    const bool other_base = claim.kind == ClaimKind::kPercent && claim.base && figure.n &&
                            !claim.subgroup && static_cast<size_t>(*claim.base) != *figure.n;
    add(i, other_base ? LedgerGrade::kOtherBase : LedgerGrade::kConfirmed, &figure, meant.alike,
        recomputed(claim, figure));
  }

  void add(size_t i, LedgerGrade grade, const Figure* figure, double alike,
           std::string arithmetic) {
    const std::string id = figure == nullptr ? "" : printable(figure->id, 120);
    matches_.push_back({i, grade, id, alike, arithmetic});
    if (grade == LedgerGrade::kConfirmed) return;
    Finding finding{.rule = "ledger", .claims = {i}, .arithmetic = std::move(arithmetic)};
    const std::string quote = quoted(page_.claim(i));
    switch (grade) {
      case LedgerGrade::kWrong:
        finding.message = fmt::format("{} is not what the ledger has in {}", quote, id);
        finding.fix = printable(figure->printed);
        break;
      case LedgerGrade::kOtherBase:
        finding.grade = Grade::kBaseMismatch;
        finding.message =
            fmt::format("{} is the figure {}, of {} ({} answers)", quote, id,
                        figure->group_label.empty() ? "all" : printable(figure->group_label),
                        figure->n ? fmt::to_string(*figure->n) : "?");
        break;
      case LedgerGrade::kSuppressed:
        finding.message = fmt::format("{} is withheld by the ledger ({})", quote, id);
        finding.fix = "leave the figure out";
        break;
      default:
        finding.grade = Grade::kNote;
        finding.message = fmt::format("{} is not in the ledger", quote);
    }
    page_.find(std::move(finding));
  }

  Page& page_;
  const LedgerIndex& index_;
  std::vector<LedgerMatch>& matches_;
  std::string own_;
};

}  // namespace

void check_ledger(Page& page, const LedgerIndex& index, std::vector<LedgerMatch>& matches) {
  Matcher(page, index, matches).run();
}

}  // namespace barometer
