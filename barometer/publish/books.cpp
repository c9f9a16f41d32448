#include "barometer/publish/books.h"

#include <cmath>

#include <fmt/format.h>

#include "barometer/engine/memory_engine.h"
#include "barometer/table/survey_design.h"

namespace barometer {
namespace {

Result<BookPlan> plan_of(const Study& study, const Wave& wave, const Codebook& codebook) {
  BookPlan plan;
  plan.title = fmt::format("{}, by group", wave.title);
  plan.print = study.print;
  for (const Item& item : wave.questionnaire.items) {
    if (item.kind() == VariableKind::kText || item.kind() == VariableKind::kNumber) continue;
    RowsPlan rows{.variables = {item.id}};
    if (item.kind() == VariableKind::kScale) rows.statistics.push_back({RowStatistic::kMean});
    plan.rows.push_back(std::move(rows));
  }
  plan.banner = TRY(parse_banner(wave.tables.banner, codebook));
  plan.measures = {Measure::kPercent};
  if (wave.tables.letters) {
    plan.significance.on = true;
    plan.significance.levels = {1 - study.print.level};
    plan.measures.push_back(Measure::kLetters);
  }
  return resolved(plan, codebook);
}

// Whether everyone is in one of the columns of each group.
std::vector<uint8_t> complete_groups(const Book& book) {
  std::vector<uint8_t> complete(book.plan.banner.size(), 1);
  for (const BookTable& table : book.tables) {
    std::vector<double> inside(complete.size(), 0);
    double total = 0;
    for (const BookColumn& column : table.columns) {
      if (column.kind == ColumnKind::kTotal) total = column.n;
      if (column.kind == ColumnKind::kCategory) inside[column.group] += column.n;
    }
    for (size_t g = 0; g < complete.size(); ++g) {
      if (std::llround(inside[g]) != std::llround(total)) complete[g] = 0;
    }
  }
  return complete;
}

std::string source_of(const Study& study, const Wave& wave) {
  return fmt::format("{}, {}", study.title, wave.title);
}

}  // namespace

Result<std::optional<WaveBook>> make_wave_book(const Study& study, const Wave& wave,
                                               const Progress& progress) {
  if (wave.tables.banner.empty() || wave.responses.empty()) return std::optional<WaveBook>();
  Diagnostics problems;
  const auto data = std::make_shared<const Dataset>(TRY(read_responses(study, wave, problems)));
  TRY_DONE(problems.status());
  SurveyDesign survey = TRY(make_survey_design(study, wave, *data));
  const auto design = std::make_shared<const Design>(std::move(survey.design));
  auto plan = plan_of(study, wave, data->codebook());
  if (!plan) return tl::unexpected(std::move(plan).error().in(wave.place.file + ": tables"));
  const auto engine = TRY(MemoryEngine::make(data, design));
  WaveBook book;
  book.wave = wave.id;
  book.book = TRY(make_book({engine.get()}, *plan, {}, progress));
  book.complete = complete_groups(book.book);
  for (BookTable& table : book.book.tables) {
    table.missing_withheld = study.print.suppress_count_under > 1;
  }
  book.printed = print_book(book.book, source_of(study, wave));
  return std::optional(std::move(book));
}

void print_again(const Study& study, WaveBook& book) {
  const Wave* wave = study.wave(book.wave);
  CHECK(wave != nullptr, "a book is of a wave of the study");
  book.printed = print_book(book.book, source_of(study, *wave));
}

Result<std::map<std::string, std::string>> book_files(const WaveBook& book) {
  const std::string name = "by-group-" + book.wave;
  std::map<std::string, std::string> files;
  files[name + ".html"] = html_of(book.printed);
  files[name + ".csv"] = csv_of(book.printed, book.book);
  files[name + ".json"] = json_of(book.printed, book.book);
  files[name + ".xlsx"] = TRY(xlsx_of(book.printed));
  files[name + ".ods"] = TRY(ods_of(book.printed));
  return files;
}

}  // namespace barometer
