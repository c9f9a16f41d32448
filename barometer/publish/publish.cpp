#include "barometer/publish/publish.h"

#include <fmt/format.h>

#include "barometer/attack/attack.h"
#include "barometer/base/assets.h"
#include "barometer/base/file.h"
#include "barometer/base/hash.h"
#include "barometer/chart/pictures.h"
#include "barometer/disclosure/suppress.h"
#include "barometer/io/io.h"
#include "barometer/publish/books.h"
#include "barometer/publish/charts_page.h"
#include "barometer/publish/disclosure_note.h"
#include "barometer/publish/page.h"
#include "barometer/publish/protect.h"
#include "barometer/publish/stories.h"
#include "barometer/publish/tables.h"
#include "barometer/publish/tile_charts.h"

namespace barometer {
namespace {

// Writes files and remembers their sums.
class Bundle {
 public:
  explicit Bundle(StagedFolder folder) : folder_(std::move(folder)) {}

  Status add(const std::string& name, std::string_view bytes) {
    CHECK(!sums_.contains(name), "the bundle has two files called " + name);
    sums_[name] = sha256_hex(bytes);
    return folder_.write(name, bytes);
  }
  Status commit() {
    std::string list;
    for (const auto& [name, sum] : sums_) list += fmt::format("{}  {}\n", sum, name);
    TRY_DONE(folder_.write("SHA256SUMS", list));
    return folder_.commit();
  }
  [[nodiscard]] size_t size() const { return sums_.size() + 1; }
  [[nodiscard]] const std::filesystem::path& path() const& { return folder_.path(); }

 private:
  StagedFolder folder_;
  std::map<std::string, std::string> sums_;
};

Status stopped_or(const Progress& progress) {
  if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped; nothing was written");
  return {};
}

std::vector<WavePage> pages_of(const Study& study, const std::vector<WaveTables>& waves) {
  std::vector<WavePage> pages;
  for (size_t i = 0; i < waves.size(); ++i) {
    const Wave* wave = study.wave(waves[i].wave);
    CHECK(wave != nullptr, "tables are of a wave of the study");
    WavePage page;
    page.wave = wave;
    page.tables = &waves[i];
    page.sections = sections_of(*wave, waves[i]);
    page.charts =
        make_charts(study, *wave, waves[i], page.sections, main_waves_before(study, waves, i));
    page.method = method_statement(study, *wave, waves[i]);
    pages.push_back(std::move(page));
  }
  return pages;
}

size_t chart_count(const std::vector<WavePage>& pages) {
  size_t count = 0;
  for (const WavePage& page : pages) count += page.charts.size();
  return count;
}

// The value of an attribute of the root element: width="640".
std::string root_attribute(std::string_view svg, const std::string& name) {
  const std::string opening = " " + name + "=\"";
  const size_t start = svg.find(opening);
  if (start == std::string_view::npos || start > svg.find('>')) return {};
  const size_t value = start + opening.size();
  return std::string(svg.substr(value, svg.find('"', value) - value));
}

// What is made of the wave's tables by group.
Status add_groups(const Study& study, const std::vector<WaveBook>& books, WavePage& page) {
  const auto book = std::ranges::find(books, page.wave->id, &WaveBook::wave);
  page.by_group = book != books.end();
  auto tiles =
      TRY(make_tile_charts(study, *page.wave, page.by_group ? &*book : nullptr, page.sections));
  page.charts.insert(page.charts.end(), std::make_move_iterator(tiles.begin()),
                     std::make_move_iterator(tiles.end()));
  return {};
}

Status add_picture(const Picture& picture, SectionChart& entry, Bundle& bundle) {
  const std::string stem = "charts/" + entry.chart.id;
  entry.width = root_attribute(picture.svg, "width");
  entry.height = root_attribute(picture.svg, "height");
  TRY_DONE(bundle.add(stem + ".svg", picture.svg));
  TRY_DONE(bundle.add(stem + "-narrow.svg", picture.narrow_svg));
  TRY_DONE(bundle.add(stem + ".vl.json", picture.specification));
  TRY_DONE(bundle.add(stem + ".js", chart_script(entry.chart.id, picture.specification,
                                                 picture.narrow_specification)));
  TRY_DONE(bundle.add(stem + ".png", picture.png));
  return bundle.add(stem + ".pdf", picture.pdf);
}

// What turns a picture of charts.html into an interactive chart, and its licences.
Status add_chart_scripts(Bundle& bundle) {
  const std::vector<std::pair<const char*, const char*>> files = {
      {"charts.js", "charts.js"},
      {"vega/vega.min.js", "vega.min.js"},
      {"vega/vega-lite.min.js", "vega-lite.min.js"},
      {"vega/vega-embed.min.js", "vega-embed.min.js"},
      {"vega/LICENSE-vega", "LICENSE-vega"},
      {"vega/LICENSE-vega-lite", "LICENSE-vega-lite"},
      {"vega/LICENSE-vega-embed", "LICENSE-vega-embed"}};
  for (const auto& [name, asset] : files) {
    const auto bytes = assets::find(asset);
    CHECK(bytes.has_value(), fmt::format("{} is linked into the program", asset));
    TRY_DONE(bundle.add(name, *bytes));
  }
  return {};
}

Status draw_all(const Study& study, std::vector<WavePage>& pages, const Progress& progress,
                Bundle& bundle) {
  std::vector<Chart> charts;
  for (const WavePage& page : pages) {
    for (const SectionChart& entry : page.charts) charts.push_back(entry.chart);
  }
  if (charts.empty()) return {};
  const auto pictures = TRY(draw_pictures(charts, {.theme = TRY(standard_theme())}, progress));
  size_t next = 0;
  for (WavePage& page : pages) {
    for (SectionChart& entry : page.charts) {
      TRY_DONE(add_picture(pictures[next++], entry, bundle));
    }
  }
  TRY_DONE(add_chart_scripts(bundle));
  return bundle.add("charts.html", charts_page(study, pages));
}

Status add_tables(const Study& study, const std::vector<WavePage>& pages, const Ledger& ledger,
                  Bundle& bundle) {
  for (const WavePage& page : pages) {
    for (const Section& section : page.sections) {
      TRY_DONE(bundle.add(fmt::format("tables/{}.csv", section.id),
                          section_csv(*page.tables, section, ledger)));
    }
  }
  return bundle.add("tables.xlsx", TRY(workbook_of(study, pages)));
}

Status add_documents(const Study& study, const std::vector<WavePage>& pages, Bundle& bundle) {
  for (const WavePage& page : pages) {
    const Wave& wave = *page.wave;
    const Codebook codebook = TRY(wave.questionnaire.codebook());
    TRY_DONE(bundle.add(fmt::format("codebook-{}.csv", wave.id), codebook_csv(codebook)));
    TRY_DONE(bundle.add(fmt::format("codebook-{}.json", wave.id), codebook_json(codebook)));
    TRY_DONE(
        bundle.add(fmt::format("questionnaire-{}.md", wave.id), wave.questionnaire.markdown()));
  }
  return bundle.add("method.md", method_markdown(study, pages));
}

// What stands in the files decides, not what was meant to be in them.
Status withstands_attack(const std::filesystem::path& staged,
                         const std::vector<std::filesystem::path>& earlier,
                         const Progress& progress) {
  constexpr size_t kMostTold = 5;
  std::vector<BundleText> bundles;
  bundles.push_back(TRY(read_bundle(staged)));
  bundles.front().name = "the new bundle";
  for (const auto& folder : earlier) bundles.push_back(TRY(read_bundle(folder)));
  progress.report("attacking what would be published", 0, 1);
  const BundleAttack attack = TRY(attack_bundles(bundles, {}, progress));
  progress.report("attacking what would be published", 1, 1);
  if (attack.clean()) return {};
  std::string message = fmt::format(
      "nothing was published: what should be hidden can be worked out of the bundle{} ({} in all)",
      earlier.empty() ? "" : " and those before it", attack.leaks.size());
  for (size_t i = 0; i < attack.leaks.size() && i < kMostTold; ++i) {
    message += fmt::format("\n{}. {}", i + 1, leak_text(attack.release, attack.leaks[i]));
    message.pop_back();
  }
  return fail(ErrorCode::kInvalid, message);
}

}  // namespace

Result<Publication> compute_publication(const Study& study, const Progress& progress) {
  Publication out;
  std::vector<Book> before;  // of out.books
  for (const Wave& wave : study.waves) {
    if (wave.responses.empty() && !wave.reconstruction) continue;
    TRY_DONE(stopped_or(progress));
    progress.report("computing " + wave.id, out.waves.size(), study.waves.size());
    auto tables = make_wave_tables(study, wave, progress);
    if (!tables) return tl::unexpected(std::move(tables).error().in("wave " + wave.id));
    add_changes(study, out.waves, *tables);
    out.suppressed += suppress_small_cells(*tables, study.print);
    auto book = make_wave_book(study, wave, progress);
    if (!book) return tl::unexpected(std::move(book).error().in("wave " + wave.id));
    if (*book) {
      before.push_back((*book)->book);
      out.suppressed += TRY(suppress_wave_book(study, *tables, **book, progress));
      out.books.push_back(std::move(**book));
    }
    out.waves.push_back(std::move(*tables));
  }
  if (out.waves.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the study '{}' has no wave with responses", study.id));
  }
  out.suppressed += TRY(protect_waves(study, out.waves, out.books, progress));
  for (size_t i = 0; i < before.size(); ++i) {
    const std::string loss = TRY(tell_loss(study, before[i], out.books[i], progress));
    if (!loss.empty()) out.notes.push_back(loss);
  }
  for (WaveTables& tables : out.waves) add_notes(study, *study.wave(tables.wave), tables);
  out.ledger = make_ledger(study, out.waves, out.books);
  return out;
}

Result<PublishReport> publish(const Study& study, const std::filesystem::path& out,
                              const Progress& progress,
                              const std::vector<std::filesystem::path>& earlier) {
  Publication publication = TRY(compute_publication(study, progress));
  const std::vector<Story> stories = TRY(sound_stories(study, publication.ledger));
  Bundle bundle(TRY(StagedFolder::make(out, "SHA256SUMS", Replace::kListed)));
  std::vector<WavePage> pages = pages_of(study, publication.waves);
  for (WavePage& page : pages) TRY_DONE(add_groups(study, publication.books, page));
  TRY_DONE(draw_all(study, pages, progress, bundle));
  TRY_DONE(add_tables(study, pages, publication.ledger, bundle));
  for (const WaveBook& book : publication.books) {
    for (const auto& [name, bytes] : TRY(book_files(book))) TRY_DONE(bundle.add(name, bytes));
  }
  for (const auto& [name, bytes] : story_files(publication.ledger, stories, pages)) {
    TRY_DONE(bundle.add(name, bytes));
  }
  TRY_DONE(add_documents(study, pages, bundle));
  const auto style = assets::find("site.css");
  CHECK(style.has_value(), "the style sheet is linked into the program");
  TRY_DONE(bundle.add("site.css", *style));
  TRY_DONE(bundle.add("index.html", index_page(study, pages, stories)));
  TRY_DONE(bundle.add("ledger.html", ledger_page(study, publication.ledger)));
  TRY_DONE(bundle.add("ledger.json", publication.ledger.json()));
  TRY_DONE(bundle.add("ledger.csv", publication.ledger.csv()));
  TRY_DONE(
      bundle.add("disclosure.json", disclosure_note(study, publication.waves, publication.books)));
  const size_t charts = chart_count(pages);
  TRY_DONE(stopped_or(progress));
  TRY_DONE(withstands_attack(bundle.path(), earlier, progress));
  TRY_DONE(bundle.commit());
  return PublishReport{out,           std::move(publication.ledger), charts,
                       bundle.size(), publication.suppressed,        std::move(publication.notes)};
}

}  // namespace barometer
