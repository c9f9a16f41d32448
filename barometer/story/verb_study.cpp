// Verbs that write words of the study, verbatims, and what is not of this survey.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "barometer/base/date.h"
#include "barometer/base/text.h"
#include "barometer/story/verb_internal.h"
#include "barometer/study/verbatim.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

WrittenPiece words_of_study(std::string text) {
  WrittenPiece out;
  out.text = std::move(text);
  out.kind = StoryClaimKind::kStudy;
  return out;
}

std::string or_not_stated(const std::string& text) { return text.empty() ? "not stated" : text; }

std::string dates_of(const Wave& wave) {
  if (wave.fieldwork_start && wave.fieldwork_end) {
    return fmt::format("{} to {}", long_text(*wave.fieldwork_start),
                       long_text(*wave.fieldwork_end));
  }
  return or_not_stated(wave.dates_text);
}

std::string population_of(const Study& study, const Wave& wave) {
  return or_not_stated(wave.population_text.empty() ? study.population_text : wave.population_text);
}

std::string uncapitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

// "which conducted it", "conducted by Ipsos MORI, partner A"
std::string conductor_of(const Study& study, const Wave& wave) {
  std::string out = study.conducted_by == study.sponsor
                        ? "which conducted it"
                        : "conducted by " + or_not_stated(study.conducted_by);
  if (!wave.partner.empty() && wave.partner != study.conducted_by) {
    out += fmt::format(" (partner: {})", wave.partner);
  }
  return out;
}

// Ends a sentence once.
std::string stopped(std::string text) { return text.ends_with('.') ? text : text + "."; }

// "2013-04" begins with a month.
std::optional<Date> month_of(const Wave& wave) {
  if (wave.fieldwork_start) return wave.fieldwork_start;
  const bool dated = wave.id.size() == 7 || (wave.id.size() > 7 && wave.id[7] == '-');
  const auto date = dated ? parse_date(wave.id.substr(0, 7) + "-01")
                          : Result<Date>(fail(ErrorCode::kInvalid, ""));
  if (!date) return std::nullopt;
  return *date;
}

WrittenPiece figure_piece(const Writing& how, const Figure& figure, std::string text) {
  WrittenPiece out;
  out.text = std::move(text);
  out.figures = {&figure};
  out.truth = value_words(figure, how.sources.study.print.rounding);
  return out;
}

const Figure* shown_figure(const Writing& how, const Wave& wave, std::string_view name) {
  const auto found = find_wave_figure(how.sources, wave, name, 0);
  return found ? *found : nullptr;
}

// " from 101 CCGs answered, 48 per cent of all 211."
void add_coverage(const Writing& how, const Wave& wave, Written& out) {
  const Study& study = how.sources.study;
  const Figure* organisations = shown_figure(how, wave, "organisations");
  const Figure* frame = shown_figure(how, wave, "frame");
  const Figure* coverage = shown_figure(how, wave, "coverage");
  if (organisations == nullptr || frame == nullptr || coverage == nullptr) {
    out.pieces.push_back(joining(fmt::format(
        " answered. The number of {} with an answer was not published.", study.organisation_word)));
    return;
  }
  out.pieces.push_back(joining(" from "));
  out.pieces.push_back(figure_piece(how, *organisations, figure_text(how, *organisations)));
  out.pieces.push_back(joining(fmt::format(" {} answered, ", study.organisation_word)));
  out.pieces.push_back(figure_piece(how, *coverage, figure_text(how, *coverage)));
  out.pieces.push_back(joining(" of all "));
  out.pieces.push_back(figure_piece(how, *frame, figure_text(how, *frame)));
  out.pieces.push_back(joining("."));
}

void add_respondents(const Writing& how, const Wave& wave, Written& out) {
  const Study& study = how.sources.study;
  const Figure* n = shown_figure(how, wave, "n");
  if (n == nullptr) {
    out.pieces.push_back(
        joining(fmt::format("An unpublished number of {}", study.respondent_word)));
    return;
  }
  Writing start = how;
  start.place = wording::Place::kSentenceStart;
  out.pieces.push_back(figure_piece(how, *n, figure_text(start, *n)));
  out.pieces.push_back(joining(" " + study.respondent_word));
}

std::string wording_words(const Item& item) {
  return fmt::format("“{}”{}", trimmed(item.question()),
                     item.wording_known ? "" : " (a paraphrase: the wording was not published)");
}

}  // namespace

std::string when_words(const Wave& wave) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const auto month = month_of(wave);
  if (!month) return wave.title;
  return fmt::format("{} {}", kMonths.at(static_cast<unsigned>(month->month()) - 1),
                     static_cast<int>(month->year()));
}

Written method_pieces(const Writing& how, const Wave& wave) {
  const Study& study = how.sources.study;
  Writing inside = how;
  inside.place = wording::Place::kInside;
  Written out;
  out.pieces.push_back(words_of_study(fmt::format(
      "{} for {}, {}. Population: {} Fieldwork: {} Method: {} ", study.series,
      or_not_stated(study.sponsor), conductor_of(study, wave), stopped(population_of(study, wave)),
      stopped(dates_of(wave)), stopped(or_not_stated(wave.mode)))));
  add_respondents(inside, wave, out);
  add_coverage(inside, wave, out);
  out.pieces.push_back(words_of_study(
      fmt::format(" Weighting: {} The wording of each question stands in questionnaire-{}.md.",
                  stopped(uncapitalised(or_not_stated(wave.weighting_text))), wave.id)));
  return out;
}

Found<Written> write_words_of_study(const Writing& how, const Reference& reference) {
  const Study& study = how.sources.study;
  const Wave* wave = TRY(find_wave(how.sources, reference.cell.wave));
  const std::string& verb = reference.verb;
  if (verb == "method") return method_pieces(how, *wave);
  const std::string text = verb == "title"          ? wave->title
                           : verb == "when"         ? when_words(*wave)
                           : verb == "dates"        ? dates_of(*wave)
                           : verb == "sponsor"      ? or_not_stated(study.sponsor)
                           : verb == "conducted_by" ? or_not_stated(study.conducted_by)
                           : verb == "mode"         ? or_not_stated(wave->mode)
                           : verb == "population"   ? population_of(study, *wave)
                           : verb == "weighting"    ? or_not_stated(wave->weighting_text)
                                                    : fmt::format("questionnaire-{}.md", wave->id);
  return only(words_of_study(capitalised(text, how.place)));
}

Found<Written> write_wording(const Writing& how, const Reference& reference) {
  const Wave* wave = TRY(find_wave(how.sources, reference.cell.wave));
  const Item* item = TRY(find_item(*wave, reference.cell.words.front()));
  return only(words_of_study(wording_words(*item)));
}

Found<Written> write_label(const Writing& how, const Reference& reference) {
  if (reference.cell.words.size() > 1) {
    const CellFigure cell = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
    return only(words_of_study(fmt::format("“{}”", cell.figure->label)));
  }
  const Wave* wave = TRY(find_wave(how.sources, reference.cell.wave));
  const Item* item = TRY(find_item(*wave, reference.cell.words.front()));
  return only(words_of_study(fmt::format("“{}”", item->label)));
}

Found<Written> write_scale(const Writing& how, const Reference& reference) {
  const Wave* wave = TRY(find_wave(how.sources, reference.cell.wave));
  const Item* item = TRY(find_item(*wave, reference.cell.words.front()));
  if (!item->scale_low || !item->scale_high) {
    return problem(reference.cell.words.front().at, "story-kind",
                   fmt::format("'{}' has no scale", item->id));
  }
  return only(words_of_study(fmt::format("{} to {}", *item->scale_low, *item->scale_high)));
}

Found<Written> write_quote(const Writing& how, const Reference& reference) {
  const Wave* wave = TRY(find_wave(how.sources, reference.cell.wave));
  const Operand& id = reference.cell.words.front();
  const auto found = std::ranges::find(wave->verbatims, id.text, &Verbatim::id);
  if (found == wave->verbatims.end()) {
    std::vector<std::string> known;
    for (const Verbatim& verbatim : wave->verbatims) known.push_back(verbatim.id);
    return problem(
        id.at, "story-quote",
        fmt::format("wave {} has no verbatim '{}'", wave->id, printable(id.text)),
        known.empty() ? "verbatims.csv beside wave.yaml holds them" : suggestion(id.text, known));
  }
  if (found->consent == QuoteConsent::kNo) {
    return problem(
        id.at, "story-quote",
        fmt::format("whoever wrote '{}' did not agree to be quoted", printable(id.text)));
  }
  const auto names = names_beyond_consent(how.sources.study.frame_of(*wave), *found);
  if (!names.empty()) {
    return problem(id.at, "story-quote",
                   fmt::format("'{}' says '{}', and its consent is '{}'", printable(id.text),
                               printable(names.front()), name_of(found->consent)),
                   "give it a cell in the column 'edited' of verbatims.csv: the words with […] in "
                   "place of the name");
  }
  std::vector<std::string> who;
  if (found->consent == QuoteConsent::kNamed) who.push_back(found->name);
  if (found->consent >= QuoteConsent::kRole) who.push_back(found->role);
  if (found->consent >= QuoteConsent::kOrganisation) who.push_back(found->organisation);
  std::erase(who, "");
  WrittenPiece piece;
  piece.kind = StoryClaimKind::kQuoted;
  piece.verbatim = &*found;
  piece.text = fmt::format("“{}”{}", found->text, who.empty() ? "" : " (" + join(who, ", ") + ")");
  piece.source =
      fmt::format("verbatim {}, consent: {}{}", found->id, name_of(found->consent),
                  found->text.find(kLeftOut) == std::string::npos ? "" : "; words left out");
  return only(std::move(piece));
}

Found<Written> write_outside(const Writing&, const Reference& reference) {
  const Operand& text = reference.cell.words.front();
  if (!text.quoted) {
    return problem(text.at, "story-syntax", "what is not of this survey stands in quotes");
  }
  const Operand& source = *reference.attribute("source");
  for (const char* own : {"this survey", "our survey", "the survey", "own survey"}) {
    if (trimmed(lowered(source.text)) != own) continue;
    return problem(source.at, "story-source",
                   fmt::format("'{}' is no source of somebody else", printable(source.text)),
                   "a number of this survey is a reference: {{ pct ITEM ANSWER }}");
  }
  WrittenPiece piece;
  piece.kind = StoryClaimKind::kOutside;
  piece.text = text.text;
  piece.source = source.text;
  return only(std::move(piece));
}

Found<Written> write_plain(const Writing&, const Reference& reference) {
  const Operand& text = reference.cell.words.front();
  if (!text.quoted) return problem(text.at, "story-syntax", "plain words stand in quotes");
  const bool digits = text.text.find_first_of("0123456789") != std::string::npos;
  const auto numbers = wording::read_numbers(text.text);
  if (digits || std::ranges::any_of(numbers, &wording::NumberPhrase::is_share)) {
    return problem(text.at, "story-unbound",
                   fmt::format("'{}' says a number", printable(text.text)),
                   "{{ outside \"…\" source=\"…\" }} is for numbers of others");
  }
  WrittenPiece piece;
  piece.kind = StoryClaimKind::kPlain;
  piece.text = text.text;
  piece.source = reference.attribute("why")->text;
  Written out = only(std::move(piece));
  out.remarks.push_back(
      {text.at,
       "story-editor",
       fmt::format("'{}' is said to claim nothing, for this reason: {}", printable(text.text),
                   printable(reference.attribute("why")->text)),
       {}});
  return out;
}

}  // namespace barometer
