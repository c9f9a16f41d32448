#include "barometer/publish/page.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/html.h"
#include "barometer/base/text.h"
#include "barometer/publish/page_parts_internal.h"

namespace barometer {
namespace {

struct Column {
  std::string heading;
  Unit unit = Unit::kRespondent;
  std::string answer;  // for batteries, whose columns are answers
};

Html figure_cell(const WaveTables& tables, const Cell* cell, const PrintRules& rules) {
  if (cell == nullptr || cell->printed.marker == Marker::kNotAvailable) {
    return element("td", {{"class", "none"}}, {text(symbol_of(Marker::kNotAvailable))});
  }
  const std::string id = figure_id(tables, *cell);
  std::vector<Html> parts = {element("a", {{"href", "ledger.html#" + id}, {"id", id}},
                                     {text(cell->printed.with_unit(cell->estimate.statistic))})};
  const std::string interval = interval_text(*cell, rules);
  if (!interval.empty()) {
    parts.push_back(element("span", {{"class", "interval"}}, {text(interval)}));
  }
  return element("td", {}, parts);
}

std::vector<Column> unit_columns(const ItemTable& table, const Study& study) {
  std::vector<Column> columns = {{study.respondent_word, Unit::kRespondent, ""}};
  if (!table.organisations.empty()) {
    columns.push_back({study.organisation_word, Unit::kOrganisation, ""});
  }
  if (!table.organisations_by_size.empty()) {
    columns.push_back({study.organisation_word + ", by population", Unit::kOrganisationBySize, ""});
  }
  return columns;
}

// One item: a row an answer, a column a unit of analysis.
Html item_table(const Study& study, const WaveTables& tables, const Section& section) {
  const ItemTable& table = *section.items.front();
  const std::vector<Column> columns = unit_columns(table, study);
  std::vector<std::string> headings = {"Answer"};
  for (const Column& column : columns) {
    headings.push_back(fmt::format("{}, {}", column.heading, base_note(table, column.unit)));
  }
  std::vector<Html> rows;
  for (const Section::Answer& answer : section.answers) {
    std::vector<Html> cells = {element("th", {{"scope", "row"}}, {text(answer.label)})};
    for (const Column& column : columns) {
      cells.push_back(figure_cell(tables, table.find(column.unit, answer.key), study.print));
    }
    rows.push_back(
        element("tr", {{"class", answer.kind == CellKind::kNet ? "net" : "option"}}, cells));
  }
  return scrolling_table(fmt::format("{}, wave {}", section.title, tables.wave),
                         header_row(headings), rows);
}

// A battery: a row a statement, a column an answer; one table a unit of analysis.
Html battery_table(const Study& study, const WaveTables& tables, const Section& section,
                   const Column& column) {
  std::vector<std::string> headings = {"Statement"};
  for (const Section::Answer& answer : section.answers) headings.push_back(answer.label);
  headings.emplace_back("Base");
  std::vector<Html> rows;
  for (const ItemTable* table : section.items) {
    std::vector<Html> cells = {element("th", {{"scope", "row"}}, {text(table->item.text)})};
    for (const Section::Answer& answer : section.answers) {
      cells.push_back(figure_cell(tables, table->find(column.unit, answer.key), study.print));
    }
    cells.push_back(element("td", {{"class", "count"}}, {text(base_note(*table, column.unit))}));
    rows.push_back(element("tr", {}, cells));
  }
  return scrolling_table(fmt::format("{}, {}, wave {}", section.title, column.heading, tables.wave),
                         header_row(headings), rows);
}

Html tables_of(const Study& study, const WaveTables& tables, const Section& section) {
  if (!section.battery) return item_table(study, tables, section);
  Html out;
  for (const Column& column : unit_columns(*section.items.front(), study)) {
    out += battery_table(study, tables, section, column);
  }
  return out;
}

Html charts_of(const WavePage& page, const Section& section) {
  Html out;
  for (const SectionChart& entry : page.charts) {
    if (entry.section != section.id) continue;
    out += element("figure", {}, {picture_of(entry), downloads_of(entry, true)});
  }
  return out;
}

Html changes_of(const WaveTables& tables, const Section& section) {
  std::vector<Html> rows;
  for (const ItemTable* table : section.items) {
    for (const Change& change : table->changes) {
      const std::string id = change_id(tables, change);
      const std::string points =
          change.statistic == Statistic::kProportion ? " percentage points" : " points";
      rows.push_back(element("li", {},
                             {text(fmt::format("{}, {}: ", table->item.label, change.label)),
                              element("a", {{"href", "ledger.html#" + id}, {"id", id}},
                                      {text(change.printed + points)}),
                              text(fmt::format(" since {} ({})", change.since, change.basis))}));
    }
  }
  if (rows.empty()) return {};
  return element("div", {{"class", "changes"}},
                 {labelled("h5", "Change since earlier waves"), element("ul", {}, rows)});
}

Html notes_of(const Section& section) {
  std::vector<std::string> notes;
  for (const ItemTable* table : section.items) {
    for (const std::string& note : table->notes) {
      if (std::ranges::find(notes, note) == notes.end()) notes.push_back(note);
    }
  }
  Html out;
  for (const std::string& note : notes) out += element("p", {{"class", "note"}}, {text(note)});
  return out;
}

Html wording_of(const Section& section) {
  std::vector<Html> rows;
  for (const ItemTable* table : section.items) {
    const Item& item = table->item;
    rows.push_back(
        element("dt", {}, {text(item.label), text(" ("), labelled("code", item.id), text(")")}));
    std::vector<std::string> options;
    for (const Category& option : item.options) options.push_back(option.label);
    rows.push_back(element(
        "dd", {},
        {text(fmt::format("{} [{}] {} – {}, identity ", item.question(), join(options, " / "),
                          item.base_text,
                          item.wording_known ? "wording as asked"
                                             : "a paraphrase: the wording was not published")),
         labelled("code", item.wording_hash)}));
  }
  return element("details", {}, {labelled("summary", "Wording and base"), element("dl", {}, rows)});
}

Html section_html(const Study& study, const WavePage& page, const Section& section) {
  const std::string csv = fmt::format("tables/{}.csv", section.id);
  Html out;
  out += labelled("h4", section.title);
  out += element("p", {{"class", "question"}}, {text(section.question)});
  out += charts_of(page, section);
  out += tables_of(study, *page.tables, section);
  out += changes_of(*page.tables, section);
  out += element(
      "p", {{"class", "base"}},
      {text(fmt::format(
           "Base: {}. Each figure leads to its entry in the ledger; below it, its {}% interval. ",
           section.items.front()->item.base_text, round(study.print.level * 100, 0).text())),
       link(csv, "This table as CSV")});
  out += notes_of(section);
  out += wording_of(section);
  return element("section", {{"id", section.id}}, {out});
}

Html method_html(const WavePage& page) {
  std::vector<Html> rows;
  for (const MethodItem& item : page.method) {
    rows.push_back(labelled("dt", item.heading));
    rows.push_back(labelled("dd", item.text));
  }
  return element("section", {{"id", page.wave->id + "-method"}, {"class", "method"}},
                 {labelled("h3", "How this wave was done"), element("dl", {}, rows)});
}

std::string summary_of(const Study& study, const WavePage& page) {
  const WaveTables& tables = *page.tables;
  std::string out = tables.respondents_known
                        ? fmt::format("{} {}", tables.respondents, study.respondent_word)
                        : fmt::format("Number of {} not published", study.respondent_word);
  if (tables.coverage) {
    out += fmt::format(", from {} of {} {}", tables.coverage->organisations,
                       tables.coverage->frame_organisations, study.organisation_word);
  }
  return out + ".";
}

Html contents_of(const WavePage& page) {
  std::vector<Html> rows;
  for (const Section& section : page.sections) {
    rows.push_back(element("li", {}, {link("#" + section.id, section.title)}));
  }
  rows.push_back(
      element("li", {}, {link("#" + page.wave->id + "-method", "How this wave was done")}));
  rows.push_back(
      element("li", {},
              {link(fmt::format("questionnaire-{}.md", page.wave->id), "Questionnaire"),
               text(" and "), link(fmt::format("codebook-{}.csv", page.wave->id), "codebook")}));
  return element("nav", {{"aria-label", "Questions of " + page.wave->title}},
                 {element("ul", {}, rows)});
}

Html wave_html(const Study& study, const WavePage& page) {
  Html out;
  out += labelled("h2", page.wave->title);
  out += element("p", {{"class", "lead"}}, {text(summary_of(study, page))});
  if (page.wave->reconstruction)
    out += element("p", {{"class", "notice"}}, {text(kReconstructionNotice)});
  if (!page.wave->note.empty()) out += labelled("p", page.wave->note);
  out += contents_of(page);
  out += labelled("h3", "Results");
  for (const Section& section : page.sections) out += section_html(study, page, section);
  out += method_html(page);
  return element("article", {{"id", page.wave->id}}, {out});
}

Html downloads(const std::vector<WavePage>& waves, bool has_charts) {
  std::vector<std::pair<std::string, std::string>> files = {
      {"tables.xlsx", "all tables as a workbook"},
      {"ledger.html", "the ledger of every figure"},
      {"ledger.csv", "ledger as CSV"},
      {"ledger.json", "ledger as JSON"},

      {"method.md", "method statement"},
      {"SHA256SUMS", "checksums"}};
  if (has_charts) {
    files.insert(files.begin(), {"charts.html", "all charts, with their tables and interactive"});
  }
  for (const WavePage& page : waves) {
    if (!page.by_group) continue;
    const std::string name = "by-group-" + page.wave->id;
    files.push_back({name + ".html", page.wave->title + " by group"});
    files.push_back({name + ".xlsx", page.wave->title + " by group, as a workbook"});
    files.push_back({name + ".csv", page.wave->title + " by group, as CSV"});
  }
  std::vector<Html> rows;
  for (const auto& [file, what] : files) rows.push_back(element("li", {}, {link(file, what)}));
  return element("nav", {{"aria-label", "Downloads"}, {"class", "downloads"}},
                 {element("ul", {}, rows)});
}

Html stories_list(const std::vector<Story>& stories) {
  if (stories.empty()) return {};
  std::vector<Html> rows;
  for (const Story& story : stories) {
    rows.push_back(
        element("li", {}, {link(fmt::format("stories/{}.html", story.name), story.title)}));
  }
  rows.push_back(element("li", {}, {link("stories.json", "What each sentence rests on, as JSON")}));
  return element("nav", {{"aria-label", "Stories"}},
                 {labelled("h2", "Stories"), element("ul", {}, rows)});
}

Html symbols_html() {
  std::vector<Html> rows;
  for (const auto& [symbol, meaning] : symbols_key()) {
    rows.push_back(labelled("dt", symbol));
    rows.push_back(labelled("dd", meaning));
  }
  return element("section", {{"id", "symbols"}},
                 {labelled("h2", "Symbols"), element("dl", {}, rows)});
}

// ---- the ledger's page ----------------------------------------------------------------------

void add_row(std::vector<Html>& rows, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  rows.push_back(labelled("dt", name));
  rows.push_back(labelled("dd", value));
}

std::string number_text(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : std::string();
}

template <class Count>
std::string count_text(const std::optional<Count>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

Html ledger_entry(const Figure& figure) {
  std::vector<Html> rows;
  add_row(rows, "As printed", figure.printed);
  add_row(rows, "Value", number_text(figure.value));
  add_row(rows, "Standard error", number_text(figure.se));
  if (figure.lower) {
    add_row(rows, "Interval",
            fmt::format("{:.4g} to {:.4g} at {:g}%", *figure.lower, *figure.upper,
                        *figure.level * 100));
  }
  add_row(rows, "Interval method", figure.interval_method);
  add_row(rows, "Cases with the answer", count_text(figure.count));
  add_row(rows, "Unweighted base", count_text(figure.n));
  add_row(rows, "Weighted base", number_text(figure.weighted_base));
  add_row(rows, "Effective base", number_text(figure.effective_base));
  add_row(rows, "Organisations", count_text(figure.organisations));
  add_row(rows, "Unit", figure.unit);
  add_row(rows, "Base", figure.base);
  add_row(rows, "Don't know", figure.dont_know_rule);
  add_row(rows, "Question",
          figure.question.empty() ? ""
                                  : fmt::format("{} ({}, identity {})", figure.question,
                                                figure.wording, figure.wording_hash));
  add_row(rows, "Method", figure.method);
  add_row(rows, "Weighting", figure.weighting);
  add_row(rows, "Frame", figure.frame);
  add_row(rows, "Source", figure.source);
  add_row(rows, "Data (SHA-256)", figure.data_hash);
  add_row(rows, "Note", figure.note);
  const std::string sign =
      figure.kind == FigureKind::kPercent || figure.kind == FigureKind::kCoverage ? "%" : "";
  const bool plain = figure.marker == Marker::kNone || figure.marker == Marker::kSmallBase;
  return element("section", {{"id", figure.id}, {"class", "entry"}},
                 {element("h3", {}, {labelled("code", figure.id)}),
                  element("p", {},
                          {text(figure.label), text(": "),
                           labelled("strong", figure.printed + (plain ? sign : ""))}),
                  element("dl", {}, rows)});
}

}  // namespace

std::vector<std::pair<std::string, std::string>> symbols_key() {
  std::vector<std::pair<std::string, std::string>> key;
  for (const Marker marker : {Marker::kSuppressed, Marker::kNotAvailable, Marker::kUnreliable,
                              Marker::kLow, Marker::kSmallBase, Marker::kCount}) {
    key.emplace_back(symbol_of(marker), meaning_of(marker));
  }
  return key;
}

std::string interval_text(const Cell& cell, const PrintRules& rules) {
  if (!cell.estimate.interval || !is_shown(cell) || cell.printed.marker == Marker::kCount)
    return {};
  const bool percent = cell.estimate.statistic == Statistic::kProportion;
  const double scale = percent ? 100 : 1;
  const int places = percent ? rules.percent_places : rules.mean_places;
  return fmt::format("{}–{}",
                     round(cell.estimate.interval->lower * scale, places, rules.rounding).text(),
                     round(cell.estimate.interval->upper * scale, places, rules.rounding).text());
}

std::string index_page(const Study& study, const std::vector<WavePage>& waves,
                       const std::vector<Story>& stories) {
  Html header;
  header += labelled("h1", study.title);
  header += element("p", {{"class", "lead"}}, {text(study.population_text)});
  std::vector<Html> rows;
  for (const WavePage& page : waves) {
    rows.push_back(element(
        "li", {},
        {link("#" + page.wave->id, page.wave->title), text(" – " + summary_of(study, page))}));
  }
  header += element("nav", {{"aria-label", "Waves"}}, {element("ul", {}, rows)});
  header += downloads(
      waves, std::ranges::any_of(waves, [](const WavePage& page) { return !page.charts.empty(); }));
  Html main = stories_list(stories);
  for (const WavePage& page : waves) main += wave_html(study, page);
  main += symbols_html();
  return page_of(study.title, header, main).bytes();
}

std::string ledger_page(const Study& study, const Ledger& ledger) {
  Html header;
  header += labelled("h1", "Ledger of figures");
  header += element("p", {{"class", "lead"}},
                    {text(fmt::format("{}: {} figures, each with its base, question and method. ",
                                      study.title, ledger.figures.size())),
                     link("index.html", "Back to the results")});
  Html main;
  std::string wave;
  for (const Figure& figure : ledger.figures) {
    if (figure.wave != wave) main += labelled("h2", study.wave(figure.wave)->title);
    wave = figure.wave;
    main += ledger_entry(figure);
  }
  return page_of("Ledger of figures – " + study.title, header, main).bytes();
}

}  // namespace barometer
