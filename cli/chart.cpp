#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/chart/chart_file.h"
#include "barometer/chart/renderer.h"
#include "barometer/chart/tile_layout.h"
#include "barometer/publish/charts_page.h"
#include "barometer/publish/publish.h"
#include "cli/chart_data.h"
#include "cli/studies.h"
#include "cli/survey_internal.h"
#include "cli/table.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    "Draw one chart: of an item of a study, of a data file, or as a chart file says.\n"
    "\n"
    "  barometer chart STUDY --wave W --item ID --out x.svg     as the questionnaire asks\n"
    "  barometer chart STUDY --wave W --item ID --kind heat --out x.png\n"
    "  barometer chart STUDY --wave W --item ID --by region --kind stacked --out x.svg\n"
    "  barometer chart data.sav --item q1 --out x.svg\n"
    "  barometer chart data.csv --item q1 --by region --answer Yes --kind tiles --out x.svg\n"
    "  barometer chart CHART.json --out x.pdf\n"
    "  barometer chart CHART.json --layout tiles.csv --out map.svg\n"
    "\n"
    "The end of --out says what is written: .svg, .png, .pdf, .html (picture and table of its\n"
    "figures), .vl.json (Vega-Lite) or .json (the chart file, to be changed and drawn again).\n"
    "Kinds of an item: pie bar diverging share stacked dot heat trend, and tiles with --by; of a\n"
    "data file all but diverging and trend, which need a questionnaire or waves.\n"
    "A chart file gives each mark its value, printed figure and identity; what may not be drawn\n"
    "(a pie of several answers, parts that make no whole, bars that do not start at zero) is\n"
    "refused with its reason. Examples: docs/examples/charts.";

struct Options {
  DataChart data;  // its survey's data are the source
  std::string kind, layout, out;
  double width = 0;
};

bool says_suppression(const DataChart& asked) {
  return asked.suppress_count || asked.suppress_uniform;
}

Result<Chart> chart_of_study(const Options& options, const Io& io) {
  const DataChart& asked = options.data;
  if (asked.wave.empty() || asked.item.empty()) {
    return fail(ErrorCode::kInvalid, "of a study, say which chart: --wave W --item ID");
  }
  if (!asked.by.empty()) return chart_of_data(asked, io);
  if (says_design(asked.survey) || says_suppression(asked) || !asked.answer.empty() ||
      !asked.filter.empty()) {
    return fail(ErrorCode::kInvalid,
                "a chart of a study's item is that of its bundle: the draw, --answer, --filter and "
                "--suppress-… are for charts by groups (--by) and of data files");
  }
  const Study study = TRY(read_sound_study(asked.survey.data, io));
  const Publication publication = TRY(compute_publication(study, io.progress));
  Chart chart = TRY(chart_of_item(study, publication.waves, asked.wave, asked.item, asked.kind));
  if (!asked.title.empty()) chart.title = asked.title;
  return chart;
}

Result<Chart> chart_of_file(const Options& options) {
  const DataChart& asked = options.data;
  if (!asked.wave.empty() || !asked.item.empty() || asked.kind || !asked.by.empty() ||
      says_suppression(asked)) {
    return fail(ErrorCode::kInvalid,
                "--wave, --item, --by, --kind and --suppress-… are of a study or data, not of a "
                "chart file");
  }
  const std::string text = TRY(read_file(asked.survey.data));
  auto chart = parse_chart(text);
  if (!chart) return tl::unexpected(std::move(chart).error().in(printable(asked.survey.data)));
  return chart;
}

Result<Chart> chart_of_any(const Options& options, const Io& io) {
  const DataChart& asked = options.data;
  if (is_study(asked.survey.data)) return chart_of_study(options, io);
  if (lowered(asked.survey.data).ends_with(".json")) return chart_of_file(options);
  if (!asked.wave.empty()) {
    return fail(ErrorCode::kInvalid, "--wave is of a study; a data file is one wave");
  }
  return chart_of_data(asked, io);
}

Result<std::string> drawn(const Chart& chart, const std::string& out, const Options& options) {
  if (out.ends_with(".json") && !out.ends_with(".vl.json")) return chart_json(chart);
  const Renderer renderer = TRY(Renderer::make());
  Theme theme = TRY(standard_theme());
  if (options.width > 0) theme.width = options.width;
  if (out.ends_with(".vl.json")) return renderer.spec(chart, theme);
  std::string svg = TRY(renderer.svg(chart, theme));
  if (out.ends_with(".png")) return Renderer::png(svg, 2);
  if (out.ends_with(".pdf")) return Renderer::pdf(svg);
  if (out.ends_with(".html")) return chart_page(chart, svg);
  return svg;
}

Result<int> run_chart(Options options, const Io& io) {
  constexpr std::string_view kEnds[] = {".svg", ".png", ".pdf", ".html", ".json"};
  if (std::ranges::none_of(kEnds, [&](std::string_view e) { return options.out.ends_with(e); })) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--out '{}' ends in none of .svg .png .pdf .html .vl.json .json",
                            printable(options.out)));
  }
  if (!options.kind.empty()) options.data.kind = TRY(chart_kind_named(options.kind));
  Chart chart = TRY(chart_of_any(options, io));
  if (!options.layout.empty()) {
    chart = TRY(placed(std::move(chart), TRY(read_file(options.layout))));
  }
  TRY_DONE(not_onto(options.data.survey.data, options.out));
  TRY_DONE(write_file(options.out, TRY(drawn(chart, options.out, options))));
  size_t figures = 0;
  for (const Row& row : chart.rows) figures += row.marks.size();
  io.out << fmt::format("{}: {} chart of {} figures, {}\n", options.out, name_of(chart.kind),
                        figures, chart.title);
  return kFine;
}

}  // namespace

void add_chart(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("chart", kHelp);
  DataChart& data = options->data;
  verb->add_option("source", data.survey.data, "study folder, data file, or chart file (JSON)")
      ->required();
  verb->add_option("--wave", data.wave, "wave of the study");
  verb->add_option("--item", data.item,
                   "item or battery of the wave; of data a variable, 'q1', 'score[mean]' for its "
                   "mean, 'q1..q5' for a row each");
  verb->add_option("--by", data.by, "a row for each of these groups: region, 'role > region'");
  verb->add_option("--answer", data.answer, "this answer alone");
  verb->add_option("--filter", data.filter, "only cases for which this is true");
  verb->add_option("--suppress-count", data.suppress_count,
                   "[c] of groups: no counts from 1 to under this, and nothing that gives them "
                   "away in this chart; what other charts and tables tell is not known here")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--suppress-uniform", data.suppress_uniform,
                   "[c]: what everyone, or nobody, of a group on a base under this said")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--own-eyes", data.own_eyes,
                 "goes on with a --filter by which few could be told from all others");
  verb->add_option("--title", data.title, "in place of the finding");
  verb->add_option("--kind", options->kind, "another kind than the questionnaire's");
  verb->add_option("--layout", options->layout,
                   "where tiles stand: CSV of name,short,column,row and optionally group");
  verb->add_option("--width", options->width, "of the picture in CSS pixels; 320 for a phone")
      ->check(CLI::Range(240.0, 4000.0));
  verb->add_option("--out", options->out, "file to write")->required();
  add_draw_options(*verb, data.survey);
  add_weighting_options(*verb, data.survey);
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_chart(*options, io); }; });
}

}  // namespace barometer::cli
