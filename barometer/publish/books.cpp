#include "barometer/publish/books.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/hide.h"
#include "barometer/data/expression.h"
#include "barometer/disclosure/banner_advice.h"
#include "barometer/disclosure/suppress.h"
#include "barometer/disclosure/suppress_book.h"
#include "barometer/engine/memory_engine.h"
#include "barometer/publish/tile_charts.h"
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

// Everyone of a column, whatever they were asked.
Result<int64_t> people_of(const Dataset& data, const BannerGroup& group,
                          const std::vector<int>& codes) {
  std::vector<std::string> conditions;
  for (size_t k = 0; k < group.variables.size(); ++k) {
    const Variable* variable = data.codebook().find(group.variables[k]);
    CHECK(variable != nullptr, "the banner was resolved in these data");
    const char* is = variable->kind == VariableKind::kMulti ? "has" : "=";
    conditions.push_back(fmt::format("{} {} {}", variable->id, is, codes.at(k)));
  }
  const Expression inside = TRY(Expression::parse(join(conditions, " and ")));
  return std::ranges::count(TRY(inside.evaluate(data)), uint8_t{1});
}

// The base of an item that not all were asked, or answered, says how many were not: which may be
// how many gave some other answer. None of its columns may lack few people.
Result<bool> tells(const Study& study, const Item& item, const Dataset& data, const Book& book,
                   const BookTable& table) {
  if (!item.ask_if.empty()) return true;
  for (const BookColumn& column : table.columns) {
    if (column.kind != ColumnKind::kCategory) continue;
    const BannerGroup& group = book.plan.banner.at(column.group);
    const int64_t outside = TRY(people_of(data, group, column.codes)) - std::llround(column.n);
    if (outside > 0 && outside < study.print.suppress_count_under) return true;
  }
  return false;
}

Status drop_telling_tables(const Study& study, const Wave& wave, const Dataset& data,
                           WaveBook& book) {
  std::vector<std::string> dropped;
  std::vector<BookTable> kept;
  for (BookTable& table : book.book.tables) {
    const auto item = std::ranges::find(wave.questionnaire.items, table.variable.id, &Item::id);
    CHECK(item != wave.questionnaire.items.end(), "tables by group are of items");
    if (TRY(tells(study, *item, data, book.book, table))) {
      dropped.push_back(fmt::format("'{}'", item->label));
    } else {
      kept.push_back(std::move(table));
    }
  }
  book.book.tables = std::move(kept);
  if (!dropped.empty() && !book.book.tables.empty()) {
    book.note = fmt::format(
        "Not shown by group, as the number of those who were not asked or did not answer could "
        "tell of a small count: {}.",
        join(dropped, ", "));
  }
  return {};
}

// A question by its own answers is a table of 0 and 100 that says nothing. Of a banner with other
// groups these columns are left without figures.
void leave_out_own_columns(Book& book) {
  const auto is_own = [&](const BookTable& table, const BookColumn& column) {
    if (column.kind != ColumnKind::kCategory && column.kind != ColumnKind::kRest) return false;
    return std::ranges::count(book.plan.banner.at(column.group).variables, table.variable.id) > 0;
  };
  std::erase_if(book.tables, [&](const BookTable& table) {
    return std::ranges::all_of(table.columns, [&](const BookColumn& column) {
      return column.kind == ColumnKind::kTotal || is_own(table, column);
    });
  });
  for (BookTable& table : book.tables) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (!is_own(table, table.columns[c])) continue;
      for (size_t r = 0; r < table.rows.size(); ++r) {
        hide_cell(table, r, c);
        table.at(r, c).suppressed = false;
        table.at(r, c).reason = "a question by its own answers";
      }
      BookColumn& column = table.columns[c];
      column.withheld = true;
      column.n = column.weighted_base = column.effective_base = 0;
      std::erase_if(table.group_tests,
                    [&](const GroupTest& test) { return test.group == column.group; });
    }
  }
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

// What is hidden of people is hidden of their organisations.
void hide_answer(ItemTable& item, const std::string& answer) {
  for (auto* cells : {&item.respondents, &item.organisations, &item.organisations_by_size}) {
    for (Cell& cell : *cells) {
      if (cell.answer == answer && cell.estimate.value) hide_cell(cell);
    }
    withhold_missing(*cells);
  }
  drop_changes_of_hidden(item);
}

void withhold_spread(ItemTable& item, const std::string& answer) {
  for (Cell& cell : item.respondents) {
    if (cell.answer != answer) continue;
    cell.estimate.se.reset();
    cell.estimate.interval.reset();
    cell.estimate.no_interval = kSpreadWithheld;
  }
}

size_t mirror_cell(ItemTable& item, BookTable& table, size_t row, size_t column) {
  const Cell* cell = item.find(Unit::kRespondent, table.rows[row].answer);
  if (cell == nullptr) return 0;
  const bool of_wave = cell->printed.marker == Marker::kSuppressed;
  const bool of_book = table.at(row, column).suppressed;
  if (of_wave == of_book) {
    if (table.at(row, column).no_interval == kSpreadWithheld) {
      withhold_spread(item, table.rows[row].answer);
    }
    return 0;
  }
  if (of_wave) {
    hide_cell(table, row, column);
  } else {
    hide_answer(item, table.rows[row].answer);
  }
  return 1;
}

// The first of what the reader of banners reports, without the place and the code that it has on a
// command line: "there is no variable 'regoin'; did you mean 'region'?"
std::string first_sentence(const std::string& reported) {
  std::string sentence = reported.substr(0, reported.find('\n'));
  constexpr std::string_view kError = "error: ";
  if (const size_t at = sentence.find(kError); at != std::string::npos) {
    sentence.erase(0, at + kError.size());
  }
  if (sentence.ends_with(']')) sentence.erase(sentence.rfind(" ["));
  constexpr std::string_view kHint = "\n  hint: ";
  const size_t hint = reported.find('\n');
  if (hint != std::string::npos && reported.compare(hint, kHint.size(), kHint) == 0) {
    const size_t from = hint + kHint.size();
    sentence += "; " + reported.substr(from, reported.find('\n', from) - from);
  }
  return sentence;
}

std::string banner_message(const Wave& wave, const std::string& reported) {
  return fmt::format("{}: tables: {}", wave.place.file, first_sentence(reported));
}

}  // namespace

Status check_banner(const Study& study, const Wave& wave) {
  if (wave.tables.banner.empty()) return check_tiles(wave, {});
  Codebook codebook = TRY(wave.questionnaire.codebook());
  for (const Variable& field : frame_variables(study, wave)) TRY_DONE(codebook.add(field));
  const auto banner = parse_banner(wave.tables.banner, codebook);
  if (!banner) return fail(ErrorCode::kInvalid, first_sentence(banner.error().message));
  return check_tiles(wave, *banner);
}

Result<std::optional<WaveBook>> make_wave_book(const Study& study, const Wave& wave,
                                               const Progress& progress) {
  if (wave.tables.banner.empty() || wave.responses.empty()) return std::optional<WaveBook>();
  Diagnostics problems;
  const auto data = std::make_shared<const Dataset>(TRY(read_responses(study, wave, problems)));
  TRY_DONE(problems.status());
  SurveyDesign survey = TRY(make_survey_design(study, wave, *data));
  const auto design = std::make_shared<const Design>(std::move(survey.design));
  auto plan = plan_of(study, wave, data->codebook());
  if (!plan) return fail(ErrorCode::kInvalid, banner_message(wave, plan.error().message));
  const auto engine = TRY(MemoryEngine::make(data, design));
  WaveBook book;
  book.wave = wave.id;
  book.book = TRY(make_book({engine.get()}, *plan, {}, progress));
  if (study.print.suppress_count_under > 1) {
    TRY_DONE(drop_telling_tables(study, wave, *data, book));
    if (book.book.tables.empty()) return std::optional<WaveBook>();
  }
  book.complete = complete_groups(book.book);
  leave_out_own_columns(book.book);
  if (book.book.tables.empty()) return std::optional<WaveBook>();
  for (BookTable& table : book.book.tables) {
    table.missing_withheld = study.print.suppress_count_under > 1;
  }
  print_again(study, book);
  return std::optional(std::move(book));
}

size_t mirror_totals(WaveTables& tables, WaveBook& book) {
  size_t hidden = 0;
  for (BookTable& table : book.book.tables) {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      const auto item = std::ranges::find(tables.items, table.rows[r].variable,
                                          [](const ItemTable& one) { return one.item.id; });
      if (item == tables.items.end()) continue;
      for (size_t c = 0; c < table.columns.size(); ++c) {
        if (table.columns[c].kind != ColumnKind::kTotal) continue;
        hidden += mirror_cell(*item, table, r, c);
      }
    }
  }
  return hidden;
}

size_t hide_columns_of_hidden(const WaveTables& tables, WaveBook& book) {
  const auto tells_hidden = [&](const BookColumn& column) {
    if (column.kind != ColumnKind::kCategory && column.kind != ColumnKind::kRest) return false;
    const auto& variables = book.book.plan.banner.at(column.group).variables;
    for (size_t at = 0; at < variables.size() && at < column.codes.size(); ++at) {
      const ItemTable* item = tables.find(variables[at]);
      const Cell* cell = item == nullptr
                             ? nullptr
                             : item->find(Unit::kRespondent, std::to_string(column.codes[at]));
      if (cell != nullptr && cell->printed.marker == Marker::kSuppressed) return true;
    }
    return false;
  };
  size_t hidden = 0;
  for (BookTable& table : book.book.tables) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (!tells_hidden(table.columns[c])) continue;
      for (size_t r = 0; r < table.rows.size(); ++r) {
        if (table.at(r, c).suppressed || !table.at(r, c).value) continue;
        hide_cell(table, r, c);
        ++hidden;
      }
    }
  }
  return hidden;
}

Result<size_t> suppress_wave_book(const Study& study, WaveTables& tables, WaveBook& book,
                                  const Progress& progress) {
  size_t hidden = mirror_totals(tables, book) + hide_columns_of_hidden(tables, book);
  const BookSuppression done = TRY(suppress_book(book.book, release_rules(study.print), progress));
  hidden += done.primary + done.secondary + done.others + mirror_totals(tables, book);
  print_again(study, book);
  return hidden;
}

Result<std::string> tell_loss(const Study& study, const Book& before, WaveBook& book,
                              const Progress& progress) {
  std::string loss =
      TRY(suppression_summary(before, book.book, release_rules(study.print), progress));
  if (loss.empty()) return loss;
  book.note += (book.note.empty() ? "" : " ") + loss;
  print_again(study, book);
  return fmt::format("{}, by group: {}", book.wave, loss);
}

Result<std::string> banner_loss(const Study& study, const Wave& wave, const Progress& progress) {
  const auto book = TRY(make_wave_book(study, wave, progress));
  if (!book) return std::string();
  const ReleaseRules rules = release_rules(study.print);
  Book hidden = book->book;
  TRY_DONE(suppress_book(hidden, rules, progress));
  if (!hidden_cells(hidden).is_most()) return std::string();
  return suppression_summary(book->book, hidden, rules, progress);
}

void print_again(const Study& study, WaveBook& book) {
  const Wave* wave = study.wave(book.wave);
  CHECK(wave != nullptr, "a book is of a wave of the study");
  for (BookTable& table : book.book.tables) withhold_bases(table);
  book.printed = print_book(book.book, source_of(study, *wave));
  name_figures(book);
  if (!book.note.empty()) book.printed.tables.front().notes.push_back(book.note);
  const int under = study.print.suppress_count_under;
  for (auto& [symbol, meaning] : book.printed.symbols) {
    if (symbol != symbol_of(Marker::kSuppressed) || under <= 1) continue;
    meaning = fmt::format(
        "suppressed: a count from 1 to {}, a figure on a base under {}, or one from which such a "
        "count could be worked out",
        under - 1, study.print.suppress_base_under);
  }
}

Result<std::map<std::string, std::string>> book_files(const WaveBook& book) {
  const std::string name = "by-group-" + book.wave;
  std::map<std::string, std::string> files;
  files[name + ".html"] = html_of(book.printed, {"index.html", "Back to the results"});
  files[name + ".csv"] = csv_of(book.printed, book.book);
  files[name + ".json"] = json_of(book.printed, book.book);
  files[name + ".xlsx"] = TRY(xlsx_of(book.printed));
  files[name + ".ods"] = TRY(ods_of(book.printed));
  return files;
}

}  // namespace barometer
