#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/reconstruct/wave_figures_internal.h"

namespace barometer {
namespace {

// What an answer's name stands for: its key in the record, and its codes.
struct Answer {
  std::string key;
  std::vector<int> codes;
};

auto invalid(const PublishedFigure& figure, const std::string& what,
             ErrorCode code = ErrorCode::kInvalid) {
  return fail(code, fmt::format("{}: figure '{}': {}", figure.place.text(), figure.id, what));
}

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// By NET id, by label, by code.
Result<Answer> answer_of(const Variable& variable, const PublishedFigure& figure) {
  if (const Net* net = variable.net(figure.answer)) return Answer{net->id, net->codes};
  if (const Category* category = variable.category_labelled(figure.answer)) {
    return Answer{std::to_string(category->code), {category->code}};
  }
  const std::optional<int64_t> code = whole_number(figure.answer);
  if (code && *code >= 0 && *code <= kMaxCode && variable.has_code(static_cast<int>(*code))) {
    return Answer{std::to_string(*code), {static_cast<int>(*code)}};
  }
  std::vector<std::string> known;
  for (const Net& net : variable.nets) known.push_back(net.id);
  for (const Category& category : variable.categories) known.push_back(category.label);
  return invalid(figure, fmt::format("'{}' is no answer to '{}'; {}", printable(figure.answer),
                                     variable.id, suggestion(figure.answer, known)));
}

// The answers that make up the base: of a score its points, else all but a don't know that is out.
std::vector<int> base_codes(const Variable& variable) {
  std::vector<int> codes;
  if (variable.kind == VariableKind::kScale) {
    for (int code = variable.scale_low.value_or(1); code <= variable.scale_high.value_or(0);
         ++code) {
      codes.push_back(code);
    }
    return codes;
  }
  for (const Category& category : variable.categories) {
    if (variable.dont_know_in_base || !category.dont_know) codes.push_back(category.code);
  }
  return codes;
}

// Indices of `codes` among the options of the problem; empty when one is not in the base.
std::vector<size_t> options_of(const std::vector<int>& codes, const std::vector<int>& in_base) {
  std::vector<size_t> options;
  for (const int code : codes) {
    const auto found = std::find(in_base.begin(), in_base.end(), code);
    if (found == in_base.end()) return {};
    options.push_back(static_cast<size_t>(found - in_base.begin()));
  }
  std::sort(options.begin(), options.end());
  return options;
}

void ask(ItemFigures& item, std::string answer, CountSum sum) {
  item.answers.push_back(std::move(answer));
  item.problem.asked.push_back(std::move(sum));
}

ItemFigures empty_problem(const Study& study, const Variable& variable, int64_t respondents) {
  ItemFigures item;
  item.variable = &variable;
  item.codes = base_codes(variable);
  item.problem.respondents = respondents;
  item.problem.option_count = item.codes.size();
  item.problem.scores.assign(item.codes.begin(), item.codes.end());
  item.problem.single_coded = variable.kind != VariableKind::kMulti;
  item.problem.rounding = study.print.rounding;
  item.problem.percent_places = study.print.percent_places;
  item.problem.mean_places = study.print.mean_places;
  std::vector<size_t> all;
  for (size_t i = 0; i < item.codes.size(); ++i) {
    all.push_back(i);
    ask(item, std::to_string(item.codes[i]), {{i}, false});
  }
  for (const Net& net : variable.nets) {
    const std::vector<size_t> options = options_of(net.codes, item.codes);
    if (item.problem.single_coded && !options.empty()) ask(item, net.id, {options, false});
  }
  if (variable.kind == VariableKind::kScale) ask(item, "mean", {all, true});
  return item;
}

Result<std::optional<int64_t>> base_of(const PublishedFigure& figure, int64_t respondents) {
  if (figure.base == "solve") return std::optional<int64_t>();
  if (figure.base == "wave" || figure.base.empty()) return std::optional<int64_t>(respondents);
  const std::optional<int64_t> base = whole_number(figure.base);
  if (!base || *base < 1) {
    return invalid(figure, fmt::format("the base '{}' is none of: wave, solve, a number above 0",
                                       printable(figure.base)));
  }
  return base;
}

// The figure a change is measured from, as its wave was solved; else `why` not.
std::optional<EarlierFigure> earlier_figure(const Wave& wave, const PublishedFigure& figure,
                                            const std::string& answer, const EarlierWaves& earlier,
                                            std::string& why) {
  const auto since = earlier.find(figure.since);
  if (since == earlier.end()) {
    why = fmt::format("wave '{}' has no reconstruction to measure from", figure.since);
    return std::nullopt;
  }
  std::string item = figure.item;
  if (const auto link = wave.trend_links.find(figure.item); link != wave.trend_links.end()) {
    const size_t slash = link->second.find('/');
    if (link->second.substr(0, slash) == figure.since && slash != std::string::npos) {
      item = link->second.substr(slash + 1);
    }
  }
  const FoundAnswer* from = since->second.find(item, answer);
  if (from == nullptr || !from->printed_fixed) {
    why = fmt::format("no figure of wave '{}' fixes '{}' of '{}'", figure.since, answer, item);
    return std::nullopt;
  }
  const auto kind = answer == "mean" ? PublishedRow::Kind::kMean : PublishedRow::Kind::kShare;
  return EarlierFigure{from->printed, figure_of(kind, from->count, from->base)};
}

Status check_kind(const Variable& variable, const PublishedFigure& figure, bool mean) {
  const VariableKind kind = variable.kind;
  if (kind == VariableKind::kNumber || kind == VariableKind::kText) {
    return invalid(figure, fmt::format("'{}' has no answers to count", variable.id),
                   ErrorCode::kUnsupported);
  }
  if (mean && kind != VariableKind::kScale) {
    return invalid(figure, fmt::format("'{}' is no score and has no mean", variable.id),
                   ErrorCode::kUnsupported);
  }
  return {};
}

// Turns one row into a constraint, or into an unused figure.
Status add_figure(ItemFigures& item, const Wave& wave, const PublishedFigure& figure,
                  const EarlierWaves& earlier) {
  const bool mean = figure.kind == "mean" || (figure.kind == "change" && figure.answer.empty());
  TRY_DONE(check_kind(*item.variable, figure, mean));
  PublishedRow row;
  row.kind = mean                     ? PublishedRow::Kind::kMean
             : figure.kind == "count" ? PublishedRow::Kind::kCount
                                      : PublishedRow::Kind::kShare;
  row.value = figure.value;
  row.base = TRY(base_of(figure, item.problem.respondents));
  const Answer answer = mean ? Answer{"mean", {}} : TRY(answer_of(*item.variable, figure));
  const auto asked = std::find(item.answers.begin(), item.answers.end(), answer.key);
  if (asked == item.answers.end()) {
    return invalid(figure,
                   item.problem.single_coded
                       ? fmt::format("'{}' is not in the base of '{}'", answer.key, figure.item)
                       : fmt::format("'{}' allows many answers, whose NET '{}' has no count",
                                     figure.item, answer.key),
                   ErrorCode::kUnsupported);
  }
  const auto index = static_cast<size_t>(asked - item.answers.begin());
  row.sum = item.problem.asked[index];
  if (figure.kind == "change") {
    std::string why;
    row.earlier = earlier_figure(wave, figure, answer.key, earlier, why);
    if (!row.earlier) {
      item.unused.push_back({&figure, why});
      return {};
    }
  }
  item.problem.rows.push_back(std::move(row));
  item.figures.push_back(&figure);
  item.asked_of_row.push_back(index);
  return {};
}

// A row about the wave as a whole, and the whole numbers it allows.
struct WaveRow {
  const PublishedFigure* figure = nullptr;
  WholeRange allowed;
  std::string needs;  // "needs 86…87 of 211 organisations"
};

WholeRange exactly(const PublishedFigure& figure) {
  if (figure.value.places != 0 || figure.value.digits < 0) return {};
  return {figure.value.digits, figure.value.digits};
}

WholeRange common(const WholeRange& a, const WholeRange& b) {
  const WholeRange both{std::max(a.low, b.low), std::min(a.high, b.high)};
  return both.empty() ? WholeRange{} : both;
}

FigureConflict wave_conflict(const std::vector<WaveRow>& rows, const std::string& about) {
  FigureConflict conflict;
  conflict.message = rows.size() == 1
                         ? fmt::format("a figure of the wave cannot be true: {}", about)
                         : fmt::format("two figures of the wave cannot both be true: {}", about);
  for (const WaveRow& row : rows) {
    conflict.figures.push_back(row.figure->id);
    conflict.message += fmt::format("\n  {}: {}", named_row(*row.figure), row.needs);
  }
  return conflict;
}

// Ranges that do not meet have two that do not meet (or one that is empty): Helly on a line.
WholeRange narrowed(const std::vector<WaveRow>& rows, WholeRange start, const std::string& about,
                    std::vector<FigureConflict>& conflicts) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (common(start, rows[i].allowed).empty()) {
      conflicts.push_back(wave_conflict({rows[i]}, about));
      return {};
    }
  }
  WholeRange range = start;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!common(rows[i].allowed, rows[j].allowed).empty()) continue;
      conflicts.push_back(wave_conflict({rows[j], rows[i]}, about));
      return {};
    }
    range = common(range, rows[i].allowed);
  }
  return range;
}

}  // namespace

Result<WaveNumbers> wave_numbers(const Wave& wave, const Frame& frame, Rounding rounding) {
  const auto in_frame = static_cast<int64_t>(frame.organisations().size());
  std::vector<WaveRow> respondents, organisations, frames;
  for (const PublishedFigure& figure : wave.published) {
    const std::string value = figure.value.text();
    if (figure.kind == "n") {
      respondents.push_back({&figure, exactly(figure), value + " respondents"});
    } else if (figure.kind == "organisations") {
      organisations.push_back({&figure, exactly(figure), value + " organisations"});
    } else if (figure.kind == "coverage") {
      const WholeRange counts =
          in_frame > 0 ? possible_counts(figure.value, in_frame, rounding) : WholeRange{};
      organisations.push_back(
          {&figure, counts,
           fmt::format("{} % of the {} organisations in the frame is {} to {} of them", value,
                       in_frame, counts.low, counts.high)});
    } else if (figure.kind == "frame") {
      frames.push_back(
          {&figure, exactly(figure),
           fmt::format("{}, but frame '{}' holds {}", value, wave.frame_version, in_frame)});
    }
  }
  WaveNumbers out;
  (void)narrowed(frames, {in_frame, in_frame}, "organisations in the frame", out.conflicts);
  out.organisations = narrowed(
      organisations, {1, in_frame},
      fmt::format("organisations that answered, of {} in the frame", in_frame), out.conflicts);
  out.organisations_printed = !organisations.empty() && out.organisations.size() == 1;
  out.n_printed = !respondents.empty();
  if (out.n_printed) {
    const WholeRange n = narrowed(respondents, {1, INT64_MAX}, "respondents", out.conflicts);
    out.n = n.empty() ? 0 : n.low;
  } else if (wave.assumed_respondents && *wave.assumed_respondents >= 1) {
    out.n = *wave.assumed_respondents;
  } else {
    return fail(ErrorCode::kInvalid,
                fmt::format("wave '{}': no figure of kind 'n' says how many answered; give "
                            "`assumed_respondents` in wave.yaml",
                            wave.id));
  }
  return out;
}

Result<ItemFigures> item_figures(const Study& study, const Wave& wave, const Variable& variable,
                                 int64_t respondents, const EarlierWaves& earlier) {
  ItemFigures item = empty_problem(study, variable, respondents);
  for (const PublishedFigure& figure : wave.published) {
    if (figure.item == variable.id) TRY_DONE(add_figure(item, wave, figure, earlier));
  }
  return item;
}

std::string named_row(const PublishedFigure& figure) {
  std::string out = fmt::format("{}: {}", figure.place.text(), figure.id);
  if (!figure.quote.empty()) out += fmt::format(", \"{}\"", figure.quote);
  return out + (figure.source.empty() ? "" : fmt::format(" ({})", figure.source));
}

}  // namespace barometer
