// barometer table: books of cross tables, as text, files for programs, workbooks and pages.
#include "cli/table.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/book/book.h"
#include "barometer/layout/printed_book.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    "Books of tables: variables down the side, banner groups across the top, tests between columns";

constexpr const char* kExamples =
    "Examples:\n"
    "  barometer table data.sav --rows 'q1..q40' --banner 'role, region > size'\n"
    "  barometer table data.csv --rows 'trust[mean,top2]' --banner role --show "
    "percent,n,letters\n"
    "  barometer table data.sav --plan plan.yaml --weight w --strata region --out book.xlsx";

constexpr const char* kRowsHelp =
    "what goes down the side, a table each: names, ranges in the order of the data and patterns, "
    "'q1..q40, trust, leave_*'; with statistics under the answers, 'trust[mean,top2,nps]'; a "
    "battery as one table, 'leave_*[grid]'";

constexpr const char* kBannerHelp =
    "groups of columns side by side, 'role, region'; one within another, 'region > size'; each "
    "column with its rest, 'role+rest'";

Result<std::string> bytes_of(const std::string& format, const PrintedBook& printed,
                             const Book& book, const TextOptions& text) {
  if (format == "csv") return csv_of(printed, book);
  if (format == "json") return json_of(printed, book);
  if (format == "xlsx") return xlsx_of(printed);
  if (format == "ods") return ods_of(printed);
  if (format == "html") return html_of(printed);
  if (format == "md") return markdown_of(printed);
  if (format == "latex") return latex_of(printed);
  return text_of(printed, text);
}

// Those of its variables, each once, and those of every table.
void add_notes(const std::map<std::string, std::vector<std::string>>& notes, BookTable& table) {
  std::vector<std::string> ids = {table.variable.id};
  for (const BookRow& row : table.rows) ids.push_back(row.variable);
  ids.emplace_back();
  for (const std::string& id : ids) {
    const auto found = notes.find(id);
    if (found == notes.end()) continue;
    for (const std::string& note : found->second) {
      if (std::ranges::count(table.notes, note) == 0) table.notes.push_back(note);
    }
  }
}

// Cells of waves that did not ask the question: of its people nothing is known.
void mark_waves(const std::map<std::string, std::vector<std::string>>& not_in_waves,
                const BookPlan& plan, BookTable& table) {
  for (size_t r = 0; !table.grid && r < table.rows.size(); ++r) {
    const auto waves = not_in_waves.find(table.rows[r].variable);
    if (waves == not_in_waves.end()) continue;
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const BookColumn& column = table.columns[c];
      if (column.kind != ColumnKind::kCategory) continue;
      const auto& variables = plan.banner.at(column.group).variables;
      const auto wave = std::ranges::find(variables, kWaveColumn);
      if (wave == variables.end()) continue;
      const std::string& name = column.labels.at(static_cast<size_t>(wave - variables.begin()));
      if (std::ranges::count(waves->second, name) == 0) continue;
      table.at(r, c).not_available = true;
      table.at(r, c).reason = fmt::format("not asked in {}, or in other words", name);
    }
  }
}

}  // namespace

Result<MadeBook> made_book(const TableArguments& arguments, const Io& io) {
  if (arguments.survey.engine == "cases") {
    return fail(ErrorCode::kUnsupported,
                "--engine cases: tables are made of sums; memory, duckdb, postgresql://… and "
                "clickhouse://… are known");
  }
  BookPlan plan = TRY(plan_of(arguments));
  const auto open = std::make_shared<OpenEngines>(TRY(open_engines(arguments, plan, io)));
  if (open->print && !plan.has_print) plan.print = *open->print;
  TRY_DONE(set_options(arguments, open->engines.front()->codebook(), plan));
  if (const std::string note = note_of_data(arguments.survey.data); !note.empty()) {
    open->notes[""].push_back(note + ", and so is every figure that was not published.");
  }
  MadeBook made;
  made.source = open->source;
  made.codebook = open->engines.front()->codebook();
  made.study_rules = open->print;
  made.published = open->published;
  made.again = [open, &io](const BookPlan& by) -> Result<Book> {
    BookOptions options;
    options.samples = open->all_samples();
    Book book = TRY(make_book(open->all(), by, options, io.progress));
    for (BookTable& table : book.tables) {
      add_notes(open->notes, table);
      mark_waves(open->not_in_waves, book.plan, table);
    }
    if (open->published) TRY_DONE(blank_reconstructed(*open->published, book));
    return book;
  };
  made.book = TRY(made.again(plan));
  return made;
}

namespace {

Result<int> run(const TableArguments& arguments, const Io& io) {
  const std::string format = TRY(format_of(arguments));
  const bool binary = format == "xlsx" || format == "ods";
  if (binary && arguments.out.empty()) {
    return fail(ErrorCode::kInvalid, fmt::format("--format {0}: where to? --out book.{0}", format));
  }
  MadeBook made = TRY(made_book(arguments, io));
  TRY_DONE(protect(arguments, io, made));
  PrintedBook printed = print_book(made.book, made.source);
  if (printed.weighting == "Weighted." && !arguments.survey.weight.empty()) {
    printed.weighting = fmt::format("Weighted by {}.", printable(arguments.survey.weight));
  }
  TextOptions text;
  text.width = arguments.width.value_or(io.width);
  text.colours = arguments.colour == "always" ||
                 (arguments.colour == "auto" && io.colours && arguments.out.empty());
  const std::string bytes = TRY(bytes_of(format, printed, made.book, text));
  if (arguments.out.empty()) {
    io.out << bytes;
    return kFine;
  }
  TRY_DONE(not_onto(arguments.survey.data, arguments.out));
  TRY_DONE(write_file(arguments.out, bytes));
  io.out << fmt::format("{}: {} table{}\n", arguments.out, printed.tables.size(),
                        printed.tables.size() == 1 ? "" : "s");
  return kFine;
}

void add_plan_options(CLI::App& verb, TableArguments& a) {
  verb.add_option("--rows", a.rows, kRowsHelp);
  verb.add_option("--banner", a.banner, kBannerHelp);
  verb.add_option("--plan", a.plan,
                  "a YAML file with all of this and more (docs/tables.md); options go before it");
  verb.add_option("--wave", a.waves,
                  "waves as columns, each tested against the one before: of a study "
                  "2012-10,2013-01; of files 2012-10=a.csv, and again")
      ->allow_extra_args(false);
  verb.add_option("--link", a.link, "variable that names the same unit in the waves");
  verb.add_flag("--link-repeats", a.link_repeats, "it may stand in several rows of a wave");
  verb.add_option("--filter", a.filter, "only cases for which this is true: \"region = 'North'\"");
  verb.add_option("--weights", a.weights, "several columns of weights, all tables by each: w1,w2");
  verb.add_option("--multi", a.multi,
                  "a question of several answers made of 0/1 columns, 'media=m1..m3'; may come "
                  "again")
      ->allow_extra_args(false);
  verb.add_option("--title", a.title, "of the book");
  verb.add_option(
      "--show", a.show,
      "what a cell holds, in order: percent, n (or count), weighted_count, se, interval, "
      "letters (percent)");
  verb.add_option("--percent", a.percent, "percentages of the column, row or table (column)");
  verb.add_flag("--no-total", a.no_total, "no first column of everyone");
  verb.add_flag("--effective-base", a.effective_base, "the effective base under the unweighted");
}

void add_test_options(CLI::App& verb, TableArguments& a) {
  const char* group = "Tests between columns (any of these asks for them)";
  verb.add_option("--level", a.level,
                  "of significance: 0.05, or two: capitals at the first, small letters at the "
                  "second (0.05)")
      ->group(group);
  verb.add_option("--convention", a.convention,
                  "design (standard errors of the survey), or as other programs do: spss, "
                  "quantum, q (design)")
      ->group(group);
  verb.add_option("--adjust", a.adjust,
                  "p-values for their number: none, bonferroni, holm, bh (none)")
      ->group(group);
  verb.add_option("--against", a.against,
                  "each column with the rest of its group, or the total, in place of each other")
      ->group(group);
  verb.add_option("--test-base", a.test_base, "columns on fewer cases are not tested (30)")
      ->group(group);
  verb.add_flag("--rao-scott", a.rao_scott, "a test of each table by each banner group")
      ->group(group);
}

void add_print_options(CLI::App& verb, TableArguments& a) {
  const char* group = "Print";
  const auto add = [&](const char* name, std::optional<int>& value, const char* help) {
    verb.add_option(name, value, help)->check(CLI::NonNegativeNumber)->group(group);
  };
  add("--note-base", a.note_base, "a note under tables with a base under this (100)");
  add("--bracket-base", a.bracket_base, "[42]: figures on a base under this (50)");
  add("--percent-base", a.percent_base,
      "counts, '12 of 25', in place of percentages on a base under this (30); of a tiny "
      "population any number that no base reaches");
  add("--suppress-base", a.suppress_base, "[c]: no figures on a base under this (10)");
  add("--suppress-count", a.suppress_count,
      "[c]: no counts from 1 to under this, and nothing that gives them away, in all tables of the "
      "book together (0: none are hidden)");
  add("--suppress-uniform", a.suppress_uniform,
      "[c]: what everyone, or nobody, of a column on a base under this said (0: shown)");
  verb.add_option("--round-counts", a.round_counts,
                  "counts and bases as multiples of this, so that all still adds up, in place of "
                  "--suppress-count; percentages are those of the rounded counts")
      ->check(CLI::Range(2, 1'000'000))
      ->group(group);
  verb.add_flag("--recode", a.recode,
                "merges neighbouring columns of the banner, as few as leave no count under "
                "--suppress-count (or 5)")
      ->group(group);
  verb.add_flag("--own-eyes", a.own_eyes,
                "goes on with a --filter that leaves out, or keeps, so few that their answers "
                "could be told; the output says that it is for an analyst alone")
      ->group(group);
  constexpr int kMostPlaces = 6;
  verb.add_option("--places", a.places, "decimals of percentages (0)")
      ->check(CLI::Range(0, kMostPlaces))
      ->group(group);
  verb.add_option("--mean-places", a.mean_places, "decimals of means (1)")
      ->check(CLI::Range(0, kMostPlaces))
      ->group(group);
  verb.add_option("--confidence", a.confidence, "of intervals (0.95)")->group(group);
}

void add_output_options(CLI::App& verb, TableArguments& a) {
  const char* group = "Output";
  verb.add_option("--format", a.format, "text, csv, json, xlsx, ods, html, md or latex")
      ->check(CLI::IsMember({"text", "csv", "json", "xlsx", "ods", "html", "md", "latex"}))
      ->group(group);
  verb.add_option("--out", a.out, "a file; its ending tells the format when --format does not")
      ->group(group);
  verb.add_option("--width", a.width, "of the text, in letters; wide tables are cut into blocks")
      ->group(group);
  verb.add_option("--colour", a.colour, "auto (on a terminal, without NO_COLOR), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str()
      ->group(group);
}

}  // namespace

void add_table(CLI::App& app, Action& chosen) {
  auto arguments = std::make_shared<TableArguments>();
  CLI::App* verb = app.add_subcommand("table", kHelp);
  verb->add_option("data", arguments->survey.data,
                   "CSV, TSV, Parquet or SPSS file; of a database the name of a table; a study, "
                   "with --wave");
  verb->add_option("--engine", arguments->survey.engine,
                   "what sums the data: memory; duckdb (a CSV or Parquet file larger than "
                   "memory); duckdb:FILE, postgresql://…, clickhouse://… (a table)")
      ->capture_default_str();
  verb->footer(kExamples);
  add_plan_options(*verb, *arguments);
  add_test_options(*verb, *arguments);
  add_print_options(*verb, *arguments);
  add_output_options(*verb, *arguments);
  add_draw_options(*verb, arguments->survey);
  add_weighting_options(*verb, arguments->survey);
  verb->callback(
      [arguments, &chosen] { chosen = [arguments](const Io& io) { return run(*arguments, io); }; });
}

}  // namespace barometer::cli
