// Claims against the figures of a ledger: which figure is meant, and is it so?
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "barometer/audit/hedges_internal.h"
#include "barometer/audit/ledger_index_internal.h"
#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using Question = LedgerIndex::Question;

constexpr double kAlike = 0.45;   // below, no question is meant
constexpr double kClear = 0.55;   // for words that many figures satisfy
constexpr double kSurely = 0.7;   // of its own words: the question is meant, and no other
constexpr double kOfWider = 0.9;  // what words round the claim weigh beside its own

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
  const Question* question = nullptr;
  const LedgerIndex::Answer* answer = nullptr;
  double alike = 0;
  bool surely = false;  // its own words name the question: enough to say that the figure is wrong
  bool label = false;   // its words name the answer
  bool in_sentence = false;  // its sentence names the answer
  bool equal = false;        // the figure is as the claim says

  [[nodiscard]] const Figure& figure() const { return *answer->figure; }
  [[nodiscard]] bool is_withheld() const { return figure().marker == Marker::kSuppressed; }
};

// The words of a claim, and of what stands round it.
struct Spoken {
  WordSet own;
  WordSet answer;
  WordSet sentence;
  std::vector<WordSet> wider;
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

  // "17 per cent that they did not know", "worked effectively in this area": what is meant stands
  // with the other answers of the question, or a sentence before.
  [[nodiscard]] Spoken spoken(size_t i) const {
    const Claim& claim = page_.claim(i);
    Spoken out{page_.words(i), page_.answer_words(i), {}, {}};
    if (out.answer.empty()) out.answer = out.own;
    page_.stemmer().add(page_.sentence(claim.sentence), out.sentence);
    out.wider.push_back(out.sentence);
    out.wider.push_back(page_.stemmer().words(lowered(claim.item)));
    if (claim.sentence > 0) {
      WordSet before = out.own;
      page_.stemmer().add(page_.sentence(claim.sentence - 1), before);
      out.wider.push_back(std::move(before));
    }
    out.wider.push_back(page_.stemmer().words(page_.round(i)));
    WordSet question = out.own;
    for (size_t k = 0; k < page_.claims().size() && claim.question != 0; ++k) {
      if (page_.claim(k).question == claim.question) question = joined(question, page_.words(k));
    }
    out.wider.push_back(std::move(question));
    // Of the first answer: the question may have been put a sentence before it.
    if (claim.question != 0 && claim.sentence > 1) {
      const size_t first = first_sentence_of(claim.question);
      page_.stemmer().add(page_.sentence(first > 0 ? first - 1 : 0), out.wider.back());
    }
    return out;
  }

  [[nodiscard]] size_t first_sentence_of(size_t question) const {
    for (const Claim& claim : page_.claims()) {
      if (claim.question == question) return claim.sentence;
    }
    return 0;
  }

  [[nodiscard]] std::vector<Candidate> candidates(size_t i, const Spoken& words,
                                                  const std::string& wave) const {
    std::vector<Candidate> out;
    for (const Question& question : index_.questions()) {
      if (!wave.empty() && question.wave != wave) continue;
      const double own = index_.likeness(words.own, question);
      double alike = own;
      for (const WordSet& wider : words.wider) {
        alike = std::max(alike, kOfWider * index_.likeness(wider, question));
      }
      const bool surely = own >= kSurely && index_.names(words.own, question);
      add_answers(i, words, question, {&question, nullptr, alike, surely}, out);
    }
    return out;
  }

  void add_answers(size_t i, const Spoken& words, const Question& question, Candidate candidate,
                   std::vector<Candidate>& out) const {
    const Claim& claim = page_.claim(i);
    for (const LedgerIndex::Answer& answer : question.answers) {
      if (!is_number_of(*answer.figure, claim)) continue;
      // An answer that only this question has names the question too: "were chairs".
      const bool by_label = answer.label_is_unique && is_part_of(answer.label, words.own);
      if (candidate.alike < kAlike && !by_label) continue;
      Candidate one = candidate;
      one.answer = &answer;
      one.alike = std::max(one.alike, by_label ? kAlike : 0);
      one.label = is_part_of(answer.label, words.answer);
      one.in_sentence = is_part_of(answer.label, words.sentence);
      one.equal = is_as_printed(page_, claim, *answer.figure);
      out.push_back(one);
    }
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
        if (std::ranges::any_of(candidates(i, spoken(i), wave), &Candidate::equal)) ++points;
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

  // The best by a key; nullptr where none passes.
  template <class Passes, class Key>
  static const Candidate* best_of(const std::vector<Candidate>& all, Passes passes, Key key) {
    const Candidate* best = nullptr;
    for (const Candidate& one : all) {
      if (passes(one) && (best == nullptr || key(one) > key(*best))) best = &one;
    }
    return best;
  }

  // Words that many figures would satisfy ("more than half") confirm only what they surely mean.
  static bool is_loose(const Claim& claim) {
    return claim.kind != ClaimKind::kPercent && claim.kind != ClaimKind::kMean &&
           claim.kind != ClaimKind::kChange;
  }

  void match_words(size_t i) {
    const Claim& claim = page_.claim(i);
    const Spoken words = spoken(i);
    const std::vector<Candidate> here = candidates(i, words, claim.wave.empty() ? own_ : "");
    const auto of_group = [&](const Candidate& one) {
      return !one.figure().group.empty() == claim.subgroup;
    };
    const Candidate* equal = best_of(
        here,
        [&](const Candidate& one) {
          return one.equal && is_shown(one.figure()) && (one.alike >= kClear || !is_loose(claim));
        },
        [&](const Candidate& one) {
          return std::tuple{of_group(one), one.label || one.in_sentence, one.alike};
        });
    const Candidate* named = best_of(
        here, [](const Candidate& one) { return one.surely; },
        [&](const Candidate& one) {
          return std::tuple{of_group(one),
                            one.label && (is_shown(one.figure()) || one.is_withheld()), one.label,
                            is_shown(one.figure()), one.alike};
        });
    const bool other_answer = named != nullptr && named->label && !named->equal &&
                              (is_shown(named->figure()) || named->is_withheld());
    const bool swapped = equal != nullptr && other_answer && !equal->in_sentence &&
                         named->question == equal->question;
    if (equal != nullptr && !swapped) {
      if (of_group(*equal) || is_of_its_base(claim, equal->figure())) return confirm(i, *equal);
      return add(i, LedgerGrade::kOtherBase, &equal->figure(), equal->alike,
                 recomputed(claim, equal->figure()));
    }
    if (const Candidate own = of_stated_base(i, words); own.answer != nullptr) {
      return confirm(i, own);
    }
    if (named == nullptr) return add(i, LedgerGrade::kNotPublished, nullptr, 0, "");
    refute(i, words, *named);
  }

  // The article says of how many answers the figure is, and the ledger's is of as many: "42 per
  // cent of the 30 in the north".
  static bool is_of_its_base(const Claim& claim, const Figure& figure) {
    return claim.base && figure.n && std::cmp_equal(*claim.base, *figure.n);
  }

  // The same answer of another group or wave that prints so.
  static const Candidate* elsewhere(const Candidate& meant, const std::vector<Candidate>& all) {
    return best_of(
        all,
        [&](const Candidate& one) {
          return one.equal && one.question->item == meant.question->item &&
                 one.figure().answer == meant.figure().answer;
        },
        [](const Candidate& one) { return one.alike; });
  }

  // A figure of any wave or group, of as many answers as the claim's own words say.
  [[nodiscard]] Candidate of_stated_base(size_t i, const Spoken& words) const {
    const Claim& claim = page_.claim(i);
    if (!says_base(claim)) return {};
    const std::vector<Candidate> all = candidates(i, words, "");
    const Candidate* best = best_of(
        all,
        [&](const Candidate& one) {
          return one.equal && is_of_its_base(claim, one.figure()) && one.alike >= kAlike;
        },
        [](const Candidate& one) { return std::tuple{one.label || one.in_sentence, one.alike}; });
    return best == nullptr ? Candidate{} : *best;
  }
  static bool says_base(const Claim& claim) {
    return claim.kind == ClaimKind::kPercent &&
           (claim.base_source == BaseSource::kClaim || claim.base_source == BaseSource::kSentence);
  }

  void refute(size_t i, const Spoken& words, const Candidate& meant) {
    const Claim& claim = page_.claim(i);
    const Figure& figure = meant.figure();
    const std::vector<Candidate> everywhere = candidates(i, words, "");
    // Without the words of an answer, one that is not shown may be meant.
    const bool open =
        !meant.label && std::ranges::any_of(meant.question->answers,
                                            [](const auto& a) { return !is_shown(*a.figure); });
    if (meant.is_withheld()) {
      add(i, LedgerGrade::kSuppressed, &figure, meant.alike, "");
    } else if (const Candidate* other = elsewhere(meant, everywhere)) {
      add(i, LedgerGrade::kOtherBase, &other->figure(), other->alike,
          recomputed(claim, other->figure()));
    } else if (open || !is_shown(figure)) {
      add(i, LedgerGrade::kNotPublished, &figure, meant.alike, "");
    } else {
      add(i, LedgerGrade::kWrong, &figure, meant.alike, recomputed(claim, figure));
    }
  }

  void confirm(size_t i, const Candidate& meant) {
    const Claim& claim = page_.claim(i);
    const Figure& figure = *meant.answer->figure;
    const bool other_base = claim.kind == ClaimKind::kPercent && claim.base && figure.n &&
                            (!claim.subgroup || says_base(claim)) && !is_of_its_base(claim, figure);
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
