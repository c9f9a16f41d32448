#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/chart/chart_file.h"
#include "barometer/chart/renderer.h"
#include "barometer/chart/tile_layout.h"
#include "barometer/publish/charts_page.h"
#include "barometer/publish/publish.h"
#include "cli/studies.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHelp =
    "Draw one chart: of an item of a study, or as a chart file says.\n"
    "\n"
    "  barometer chart STUDY --wave W --item ID --out x.svg     as the questionnaire asks\n"
    "  barometer chart STUDY --wave W --item ID --kind heat --out x.png\n"
    "  barometer chart CHART.json --out x.pdf\n"
    "  barometer chart CHART.json --layout tiles.csv --out map.svg\n"
    "\n"
    "The end of --out says what is written: .svg, .png, .pdf, .html (picture and table of its\n"
    "figures), .vl.json (Vega-Lite) or .json (the chart file, to be changed and drawn again).\n"
    "Kinds of an item: pie bar diverging share heat trend; of a chart file also dot stacked "
    "tiles.\n"
    "A chart file gives each mark its value, printed figure and identity; what may not be drawn\n"
    "(a pie of several answers, parts that make no whole, bars that do not start at zero) is\n"
    "refused with its reason. Examples: docs/examples/charts.";

struct Options {
  std::string source, wave, item, kind, layout, out;
  double width = 0;
};

Result<Chart> chart_of_study(const Options& options, const Io& io) {
  if (options.wave.empty() || options.item.empty()) {
    return fail(ErrorCode::kInvalid, "of a study, say which chart: --wave W --item ID");
  }
  const Study study = TRY(read_sound_study(options.source, io));
  const Publication publication = TRY(compute_publication(study, io.progress));
  std::optional<ChartKind> kind;
  if (!options.kind.empty()) kind = TRY(chart_kind_named(options.kind));
  return chart_of_item(study, publication.waves, options.wave, options.item, kind);
}

Result<Chart> chart_of_file(const Options& options) {
  if (!options.wave.empty() || !options.item.empty() || !options.kind.empty()) {
    return fail(ErrorCode::kInvalid,
                "--wave, --item and --kind are of a study, not of a chart file");
  }
  const std::string text = TRY(read_file(options.source));
  auto chart = parse_chart(text);
  if (!chart) return tl::unexpected(std::move(chart).error().in(printable(options.source)));
  return chart;
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

Result<int> run_chart(const Options& options, const Io& io) {
  constexpr std::string_view kEnds[] = {".svg", ".png", ".pdf", ".html", ".json"};
  if (std::ranges::none_of(kEnds, [&](std::string_view e) { return options.out.ends_with(e); })) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--out '{}' ends in none of .svg .png .pdf .html .vl.json .json",
                            printable(options.out)));
  }
  std::error_code ignored;
  const bool is_study = fs::is_directory(options.source, ignored);
  Chart chart = is_study ? TRY(chart_of_study(options, io)) : TRY(chart_of_file(options));
  if (!options.layout.empty()) {
    chart = TRY(placed(std::move(chart), TRY(read_file(options.layout))));
  }
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
  verb->add_option("source", options->source, "study folder or chart file (JSON)")->required();
  verb->add_option("--wave", options->wave, "wave of the study");
  verb->add_option("--item", options->item, "item or battery of the wave");
  verb->add_option("--kind", options->kind, "another kind than the questionnaire's");
  verb->add_option("--layout", options->layout,
                   "where tiles stand: CSV of name,short,column,row and optionally group");
  verb->add_option("--width", options->width, "of the picture in CSS pixels; 320 for a phone")
      ->check(CLI::Range(240.0, 4000.0));
  verb->add_option("--out", options->out, "file to write")->required();
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_chart(*options, io); }; });
}

}  // namespace barometer::cli
