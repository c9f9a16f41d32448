// The words of `barometer table` as a plan of a book.
#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "cli/table.h"

namespace barometer::cli {
namespace {

template <class T>
struct Word {
  const char* word;
  T meaning;
};

template <class T, size_t N>
Result<T> meaning_of_word(const std::array<Word<T>, N>& known, const std::string& word,
                          const std::string& option) {
  std::vector<std::string> words;
  for (const Word<T>& entry : known) {
    if (word == entry.word) return entry.meaning;
    words.emplace_back(entry.word);
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("{} {}: {} are known", option, printable(word), join(words, ", ")));
}

constexpr std::array<Word<PercentBase>, 3> kPercents = {
    {{"column", PercentBase::kColumn}, {"row", PercentBase::kRow}, {"table", PercentBase::kTable}}};
Status set_measures(const std::string& show, BookPlan& plan) {
  if (show.empty()) return {};
  std::vector<std::string> words = names_in(show);
  std::ranges::replace(words, "n", "count");
  plan.measures = TRY(parse_measures(join(words, ",")));
  const auto is_letters = [](Measure measure) { return measure == Measure::kLetters; };
  if (std::ranges::any_of(plan.measures, is_letters)) plan.significance.on = true;
  if (std::ranges::all_of(plan.measures, is_letters)) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("--show {}: letters stand beside something, as in percent,letters", show));
  }
  return {};
}

Status set_levels(const std::string& levels, SignificancePlan& plan) {
  if (levels.empty()) return {};
  plan.levels = TRY(numbers_in(levels, "--level"));
  bool fits = plan.levels.size() <= 2;
  for (const double level : plan.levels) fits = fits && level > 0 && level < 1;
  if (plan.levels.size() == 2) fits = fits && plan.levels[0] < plan.levels[1];
  if (fits) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("--level {}: one level, or two with the stricter first, between 0 and 1: "
                          "0.05,0.10",
                          levels));
}

// Any word about tests asks for them.
Status set_tests(const TableArguments& a, bool has_banner, SignificancePlan& plan) {
  plan.on = plan.on || !a.level.empty() || !a.convention.empty() || !a.adjust.empty() ||
            !a.against.empty() || a.test_base.has_value();
  TRY_DONE(set_levels(a.level, plan));
  if (!a.convention.empty()) {
    plan.convention = TRY(parse_convention(a.convention));
    plan.adjustment = usual_adjustment(plan.convention);
  }
  if (!a.adjust.empty())
    plan.adjustment = TRY(parse_p_adjustment(a.adjust == "bh" ? "BH" : a.adjust));
  if (!a.against.empty()) {
    if (a.against != "rest" && a.against != "total") {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--against {}: rest and total are known", printable(a.against)));
    }
    if (!has_banner) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--against {}: without a banner there is no column beside the total; "
                              "--banner role",
                              a.against));
    }
    plan.against_rest = a.against == "rest";
    plan.against_total = a.against == "total";
  }
  if (a.test_base) plan.least_base = *a.test_base;
  return {};
}

Status set_print(const TableArguments& a, PrintRules& rules) {
  const std::pair<const std::optional<int>*, int*> numbers[] = {
      {&a.note_base, &rules.note_base_under},
      {&a.bracket_base, &rules.bracket_base_under},
      {&a.percent_base, &rules.percent_base_under},
      {&a.suppress_base, &rules.suppress_base_under},
      {&a.suppress_count, &rules.suppress_count_under},
      {&a.suppress_uniform, &rules.uniform_under},
      {&a.places, &rules.percent_places},
      {&a.mean_places, &rules.mean_places}};
  for (const auto& [given, rule] : numbers) {
    if (*given) *rule = **given;
  }
  if (!a.confidence) return {};
  if (!(*a.confidence > 0) || !(*a.confidence < 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--confidence {}: it must lie between 0 and 1", *a.confidence));
  }
  rules.level = *a.confidence;
  return {};
}

Result<MultiSet> set_of(const std::string& words) {
  const size_t equals = words.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == words.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--multi {}: a name and its columns are needed, as in 'media=m1..m3'",
                            printable(words)));
  }
  MultiSet set;
  set.id = trimmed(words.substr(0, equals));
  set.from = names_in(words.substr(equals + 1));
  set.place = {"--multi", 1, 1};
  return set;
}

Status check_waves_named(const TableArguments& arguments, const BookPlan& plan) {
  const bool linked = !arguments.link.empty() || arguments.link_repeats;
  if (plan.waves.empty() && linked) {
    return fail(ErrorCode::kInvalid, "--link and --link-repeats are of waves, which --wave names");
  }
  if (arguments.link.empty() && arguments.link_repeats) {
    return fail(ErrorCode::kInvalid, "--link-repeats belongs to --link");
  }
  if (plan.waves.size() == 1 && !is_study(arguments.survey.data)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--wave {}: of one file alone no wave need be named; a change needs "
                            "two waves",
                            printable(plan.waves.front())));
  }
  return {};
}

}  // namespace

Result<BookPlan> plan_of(const TableArguments& arguments) {
  BookPlan plan;
  if (!arguments.plan.empty()) {
    plan = TRY(parse_book_plan(TRY(read_file(arguments.plan)), arguments.plan));
  }
  if (!arguments.weights.empty()) {
    if (!arguments.survey.weight.empty()) {
      return fail(ErrorCode::kInvalid, "--weight and --weights exclude each other");
    }
    plan.weights = names_in(arguments.weights);
    plan.weights_place = {"--weights", 0, 0};
  }
  if (!arguments.survey.weight.empty()) plan.weights = {""};
  if (plan.weights.empty()) plan.weights = {""};
  for (const std::string& words : arguments.multi) plan.multi.push_back(TRY(set_of(words)));
  if (!arguments.waves.empty()) plan.waves = arguments.waves;
  if (is_study(arguments.survey.data)) plan.waves = names_in(join(plan.waves, ","));
  TRY_DONE(check_waves_named(arguments, plan));
  return plan;
}

Status set_options(const TableArguments& arguments, const Codebook& codebook, BookPlan& plan) {
  if (!arguments.title.empty()) plan.title = arguments.title;
  if (!arguments.rows.empty()) plan.rows = TRY(parse_rows(arguments.rows, codebook));
  if (!arguments.banner.empty()) plan.banner = TRY(parse_banner(arguments.banner, codebook));
  if (!arguments.filter.empty()) {
    plan.filter = arguments.filter;
    plan.filter_place = {"--filter", 0, 0};
  }
  if (plan.rows.empty()) {
    return fail(ErrorCode::kInvalid,
                "which variables? --rows 'q1..q40' or --plan plan.yaml says what goes down the "
                "side");
  }
  if (arguments.no_total) plan.total = false;
  if (arguments.effective_base) plan.effective_base = true;
  if (arguments.rao_scott) plan.rao_scott = true;
  if (!arguments.percent.empty()) {
    plan.percent = TRY(meaning_of_word(kPercents, arguments.percent, "--percent"));
  }
  TRY_DONE(add_wave_columns(plan));
  TRY_DONE(set_measures(arguments.show, plan));
  TRY_DONE(set_tests(arguments, !plan.banner.empty(), plan.significance));
  return set_print(arguments, plan.print);
}

Result<std::string> format_of(const TableArguments& arguments) {
  if (!arguments.format.empty()) return arguments.format;
  if (arguments.out.empty()) return std::string("text");
  const std::string ending = lowered(std::filesystem::path(arguments.out).extension().string());
  constexpr std::array<Word<const char*>, 9> kEndings = {{{".txt", "text"},
                                                          {".csv", "csv"},
                                                          {".json", "json"},
                                                          {".xlsx", "xlsx"},
                                                          {".ods", "ods"},
                                                          {".html", "html"},
                                                          {".htm", "html"},
                                                          {".md", "md"},
                                                          {".tex", "latex"}}};
  for (const auto& [known, format] : kEndings) {
    if (ending == known) return std::string(format);
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("--out {}: its ending tells no format; --format does: text, csv, json, "
                          "xlsx, ods, html, md, latex",
                          printable(arguments.out)));
}

}  // namespace barometer::cli
