// Waves as columns of a book: those of a study, or of files, stacked under one another.
//
// An item is its stem, text and options (requirements of every trend): of a study two waves share
// a column of figures where their wording is the same or a trend link says that they may be
// compared; else the earlier wave has no figures of it, and the table says why. Of files the name
// is all there is.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/book.h"
#include "barometer/disclosure/suppress.h"
#include "barometer/engine/memory_engine.h"
#include "barometer/io/io.h"
#include "barometer/table/survey_design.h"
#include "cli/studies.h"
#include "cli/survey_internal.h"
#include "cli/table.h"
#include "cli/waves.h"

namespace barometer::cli {
namespace {

constexpr const char* kWave = kWaveColumn;  // the variable that stack() makes

// A wave with every variable of all waves, called as in the newest that has it.
struct TableWave {
  std::string name;
  Dataset drawn;  // as it was read: the design is made of it
  Dataset data;
  std::optional<DesignSpec> spec;  // of a study
};

struct TableWaves {
  std::vector<TableWave> waves;  // oldest first
  std::string source;
  std::map<std::string, std::vector<std::string>> notes;  // by variable; "": of the book
  std::optional<PrintRules> print;
  std::shared_ptr<const PublishedWaves> published;
};

// ---- items of a study --------------------------------------------------------------------------

// What an item of one of the waves is called in the table, by its own id; "": it is not comparable
// with the item that has the name.
using Names = std::map<std::string, std::string>;

class ItemNames {
 public:
  explicit ItemNames(std::vector<const Wave*> waves)
      : waves_(std::move(waves)), names_(waves_.size()) {
    for (size_t w = waves_.size(); w-- > 0;) {
      for (const Item& item : waves_[w]->questionnaire.items) names_[w][item.id] = name_of(w, item);
    }
  }

  [[nodiscard]] const Names& of(size_t wave) const { return names_.at(wave); }
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& notes() const {
    return notes_;
  }

 private:
  [[nodiscard]] bool is_taken(size_t wave, const std::string& name) const {
    return std::ranges::any_of(names_[wave],
                               [&](const auto& entry) { return entry.second == name; });
  }

  std::string name_of(size_t wave, const Item& item) {
    for (size_t later = wave + 1; later < waves_.size(); ++later) {
      for (const auto& [id, link] : waves_[later]->trend_links) {
        if (link != waves_[wave]->id + "/" + item.id) continue;
        const std::string name = names_[later].at(id);
        if (name.empty() || is_taken(wave, name)) continue;
        add_link_note(wave, item, later, id, name);
        return name;
      }
    }
    for (size_t later = wave + 1; later < waves_.size(); ++later) {
      const Item* same = waves_[later]->questionnaire.find(item.id);
      if (same == nullptr) continue;
      const std::string name = names_[later].at(item.id);
      if (same->wording_hash == item.wording_hash && !is_taken(wave, name)) return name;
      notes_[name].push_back(fmt::format(
          "In {} the question was asked in other words, so that it is not compared: trend_links in "
          "wave.yaml say what may be.",
          waves_[wave]->id));
      return "";
    }
    return is_taken(wave, item.id) ? "" : item.id;
  }

  void add_link_note(size_t wave, const Item& item, size_t later, const std::string& id,
                     const std::string& name) {
    const Item* newer = waves_[later]->questionnaire.find(id);
    if (newer == nullptr || newer->wording_hash == item.wording_hash) return;
    notes_[name].push_back(fmt::format(
        "Compared with '{}' of {}, though its wording differs, by a trend link of the study: “{}”",
        item.id, waves_[wave]->id, item.question()));
  }

  std::vector<const Wave*> waves_;
  std::vector<Names> names_;
  std::map<std::string, std::vector<std::string>> notes_;
};

Result<Dataset> renamed(const Dataset& data, const Names& names) {
  Codebook codebook;
  std::vector<Column> columns;
  for (size_t v = 0; v < data.codebook().variables().size(); ++v) {
    Variable variable = data.codebook().variables()[v];
    const auto name = names.find(variable.id);
    if (name != names.end()) variable.id = name->second;
    if (variable.id.empty() || variable.id == kWave || codebook.find(variable.id) != nullptr) {
      continue;
    }
    TRY_DONE(codebook.add(std::move(variable)));
    columns.push_back(data.column(v));
  }
  return Dataset::make(std::move(codebook), std::move(columns));
}

// Those asked for, oldest first. One alone is a table of that wave.
Result<std::vector<const Wave*>> waves_named(const Study& study,
                                             const std::vector<std::string>& words) {
  std::set<std::string> asked;
  for (const std::string& word : words) {
    for (const std::string& id : names_in(word)) asked.insert(id);
  }
  std::vector<const Wave*> waves;
  std::vector<std::string> ids;
  for (const Wave& wave : study.waves) {
    ids.push_back(wave.id);
    if (asked.erase(wave.id) == 0) continue;
    for (const Wave* other : waves) {
      if (wave.alternative_to != other->id && other->alternative_to != wave.id) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("--wave: '{}' and '{}' are readings of the same fieldwork, and no "
                              "waves to be compared",
                              other->id, wave.id));
    }
    waves.push_back(&wave);
  }
  if (asked.empty()) return waves;
  return fail(ErrorCode::kNotFound,
              fmt::format("--wave: there is no wave '{}'; {}", printable(*asked.begin()),
                          suggestion(*asked.begin(), ids)));
}

Status check_no_draw(const SurveyOptions& options) {
  if (!says_design(options)) return {};
  return fail(ErrorCode::kInvalid,
              "the design and the weights of a study are in its wave.yaml; options of the draw are "
              "for files of data");
}

// Of a study, of which the figures are known, and of files.
constexpr const char* kReconstructed =
    "The answers of {} are reconstructed from published figures: only what these fix is shown.";
constexpr const char* kReconstructedFile =
    "The answers of {} are reconstructed from published figures: every figure that was not "
    "published, which answers go together, and every spread and standard error, is made up.";

// As its bundle shows it.
Result<PublishedWave> published_wave(const Study& study, const Wave& wave, const Names& names,
                                     const Io& io) {
  PublishedWave out{.name = wave.id};
  out.tables = TRY(make_wave_tables(study, wave, io.progress));
  suppress_small_cells(out.tables, study.print);
  for (const auto& [own, name] : names) out.own_ids[name] = own;
  return out;
}

Result<TableWaves> waves_of_study(const TableArguments& arguments,
                                  const std::vector<std::string>& words, const Io& io) {
  TRY_DONE(check_no_draw(arguments.survey));
  const Study study = TRY(read_sound_study(arguments.survey.data, io));
  const std::vector<const Wave*> waves = TRY(waves_named(study, words));
  const ItemNames names(waves);
  TableWaves read;
  read.notes = names.notes();
  read.print = study.print;
  PublishedWaves published{.waves = {}, .all = waves.size(), .printed = study.print};
  std::vector<std::string> titles;
  for (size_t w = 0; w < waves.size(); ++w) {
    const Wave& wave = *waves[w];
    Diagnostics problems;
    Dataset drawn = TRY(read_responses(study, wave, problems));
    TRY_DONE(problems.status());
    Dataset data = TRY(renamed(drawn, names.of(w)));
    DesignSpec spec = TRY(survey_design_spec(study, wave, drawn));
    read.waves.push_back({wave.id, std::move(drawn), std::move(data), std::move(spec)});
    titles.push_back(wave.title);
    if (wave.reconstruction) {
      published.waves.push_back(TRY(published_wave(study, wave, names.of(w), io)));
      read.notes[""].push_back(fmt::format(fmt::runtime(kReconstructed), wave.id));
    }
  }
  if (!published.waves.empty()) {
    read.published = std::make_shared<const PublishedWaves>(std::move(published));
  }
  read.source = fmt::format("{}: {}", study.title, join(titles, "; "));
  return read;
}

// ---- waves of files ----------------------------------------------------------------------------

Result<TableWaves> waves_of_files(const TableArguments& arguments,
                                  const std::vector<std::string>& words) {
  if (!arguments.survey.data.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' beside --wave is a study; of files name one a wave: --wave "
                            "2012-10=a.csv --wave 2013-01=b.csv",
                            printable(arguments.survey.data)));
  }
  TableWaves read;
  std::vector<std::string> files;
  for (const std::string& word : words) {
    const NamedFile named = TRY(named_file(word));
    Dataset drawn = TRY(read_data(named.file));
    Dataset data = TRY(renamed(drawn, {}));
    read.waves.push_back({named.name, std::move(drawn), std::move(data), {}});
    files.push_back(source_in_print(named.file));
    if (!note_of_data(named.file).empty()) {
      read.notes[""].push_back(fmt::format(fmt::runtime(kReconstructedFile), named.name));
    }
  }
  read.source = join(files, ", ");
  return read;
}

// ---- one codebook for all ----------------------------------------------------------------------

Column not_asked(const Variable& variable, size_t cases) {
  const std::vector<Missing> missing(cases, Missing::kNotAsked);
  if (variable.kind == VariableKind::kMulti) {
    return OptionSets{std::vector<uint64_t>(cases, 0), missing};
  }
  if (variable.kind == VariableKind::kNumber)
    return Numbers{std::vector<double>(cases, 0), missing};
  return make_codes(std::vector<int>(cases, file_code(Missing::kNotAsked)));
}

// Every variable of any wave but open text, as the newest wave has it, in the newest's order.
std::vector<Variable> all_variables(const std::vector<TableWave>& waves) {
  std::vector<Variable> all;
  std::set<std::string> seen;
  for (size_t w = waves.size(); w-- > 0;) {
    for (const Variable& variable : waves[w].data.codebook().variables()) {
      if (variable.kind == VariableKind::kText || !seen.insert(variable.id).second) continue;
      all.push_back(variable);
    }
  }
  return all;
}

// A wave's data with all of these; those it has are called and worded as here.
Result<Dataset> completed(const Dataset& data, const std::vector<Variable>& all) {
  Codebook codebook;
  std::vector<Column> columns;
  for (const Variable& model : all) {
    const Variable* own = data.codebook().find(model.id);
    Variable variable = own == nullptr ? model : *own;
    variable.label = model.label;
    variable.question = model.question;
    variable.base_text = model.base_text;
    variable.wording_hash = model.wording_hash;
    columns.push_back(own == nullptr ? not_asked(model, data.case_count()) : **data.find(model.id));
    TRY_DONE(codebook.add(std::move(variable)));
  }
  for (size_t v = 0; v < data.codebook().variables().size(); ++v) {  // what may link the waves
    const Variable& variable = data.codebook().variables()[v];
    if (codebook.find(variable.id) != nullptr) continue;
    columns.push_back(data.column(v));
    TRY_DONE(codebook.add(variable));
  }
  return Dataset::make(std::move(codebook), std::move(columns));
}

Status complete(const BookPlan& plan, std::vector<TableWave>& waves) {
  const std::vector<Variable> all = all_variables(waves);
  for (TableWave& wave : waves) {
    wave.data = TRY(completed(wave.data, all));
    wave.data = TRY(with_sets_of(plan, std::move(wave.data)));
  }
  return {};
}

// ---- what the tables need ----------------------------------------------------------------------

Result<Codebook> stacked_codebook(const std::vector<TableWave>& waves) {
  Codebook codebook;
  Variable wave;
  wave.id = kWave;
  for (const TableWave& each : waves) {
    wave.categories.push_back({static_cast<int>(wave.categories.size()) + 1, each.name});
  }
  TRY_DONE(codebook.add(std::move(wave)));
  for (const Variable& variable : waves.back().data.codebook().variables()) {
    if (variable.kind != VariableKind::kText) TRY_DONE(codebook.add(variable));
  }
  return codebook;
}

// Of each variable the waves in which nobody was asked it.
std::map<std::string, std::vector<std::string>> waves_without(const std::vector<std::string>& ids,
                                                              const std::vector<TableWave>& waves) {
  std::map<std::string, std::vector<std::string>> without;
  for (const TableWave& wave : waves) {
    for (const std::string& id : ids) {
      const Column& column = **wave.data.find(id);
      bool asked = length_of(column) == 0;
      for (size_t i = 0; !asked && i < length_of(column); ++i) {
        asked = missing_at(column, i) != Missing::kNotAsked;
      }
      if (!asked) without[id].push_back(wave.name);
    }
  }
  return without;
}

// Variables of the plan in the order of the codebook, but the wave itself.
Result<std::vector<std::string>> needed(const TableArguments& arguments, const BookPlan& asked,
                                        const Codebook& codebook) {
  BookPlan plan = asked;
  TRY_DONE(set_options(arguments, codebook, plan));
  plan = TRY(resolved(plan, codebook));
  Asked words;
  words.texts.push_back(plan.filter);
  for (const RowsPlan& rows : plan.rows) {
    words.texts.insert(words.texts.end(), rows.variables.begin(), rows.variables.end());
    words.texts.push_back(rows.filter);
  }
  for (const BannerGroup& group : plan.banner) {
    words.texts.insert(words.texts.end(), group.variables.begin(), group.variables.end());
  }
  std::vector<std::string> ids = query_of(codebook, words, false).keys;
  std::erase(ids, kWave);
  return ids;
}

// The answers of what has no wording of its own are those of all waves.
Status unite(const std::vector<std::string>& ids, std::vector<TableWave>& waves) {
  std::vector<ReadWave> read;
  for (TableWave& wave : waves) {
    read.push_back({{wave.name, nullptr, {}, {}, nullptr}, std::move(wave.data)});
  }
  Status done;
  for (const std::string& id : ids) {
    const Variable variable = *read.front().data.codebook().find(id);
    if (done && variable.wording_hash.empty()) done = unite_answers(read, variable);
  }
  for (size_t w = 0; w < waves.size(); ++w) waves[w].data = std::move(read[w].data);
  return done;
}

Result<StackedWaves> stacked(const TableArguments& arguments, const std::string& weight,
                             const std::vector<std::string>& ids,
                             const std::vector<TableWave>& waves) {
  SurveyOptions options = arguments.survey;
  if (!weight.empty()) options.weight = weight;
  std::vector<SurveyWave> surveys;
  for (const TableWave& wave : waves) {
    SurveyWave survey{wave.name, std::make_shared<const Dataset>(wave.data), {}, {}, nullptr};
    if (wave.spec) {
      survey.spec = *wave.spec;
    } else if (auto drawn = add_draw(survey, wave.drawn, options); !drawn) {
      return tl::unexpected(std::move(drawn).error().in(fmt::format("wave '{}'", wave.name)));
    }
    surveys.push_back(std::move(survey));
  }
  return stack(surveys, {arguments.link, arguments.link_repeats}, ids);
}

// A table of one wave of a study, by its design.
Result<OpenEngines> one_wave(TableWaves read) {
  TableWave& wave = read.waves.front();
  OpenEngines open;
  open.source = read.source;
  open.notes = std::move(read.notes);
  open.print = read.print;
  open.published = read.published;
  auto design = std::make_shared<const Design>(TRY(Design::make(*std::move(wave.spec))));
  open.engines.push_back(TRY(MemoryEngine::make(
      std::make_shared<const Dataset>(std::move(wave.data)), std::move(design))));
  return open;
}

Status check_waves(const TableArguments& arguments, bool of_study, const BookPlan& plan) {
  const SurveyOptions& survey = arguments.survey;
  if (survey.engine != "memory") {
    return fail(ErrorCode::kUnsupported, "waves are stacked in memory: use --engine memory");
  }
  const bool drawn_otherwise =
      !survey.pps.empty() || !survey.phase2.empty() || !survey.make_replicates.empty();
  if (drawn_otherwise || says_weighting(survey)) {
    return fail(ErrorCode::kUnsupported,
                "waves are designs of strata, units and population sizes, or have replicate "
                "weights; make other weights of each wave first, with 'barometer weight'");
  }
  const bool several = plan.weights.size() > 1 || !plan.weights.front().empty();
  if (of_study && several) {
    return fail(ErrorCode::kInvalid, "the weights of a study are in its wave.yaml");
  }
  return {};
}

}  // namespace

bool is_study(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

Result<OpenEngines> open_waves(const TableArguments& arguments, const BookPlan& plan,
                               const Io& io) {
  const bool of_study = is_study(arguments.survey.data);
  TRY_DONE(check_waves(arguments, of_study, plan));
  TableWaves read = of_study ? TRY(waves_of_study(arguments, plan.waves, io))
                             : TRY(waves_of_files(arguments, plan.waves));
  TRY_DONE(complete(plan, read.waves));
  if (read.waves.size() == 1 && of_study) return one_wave(std::move(read));
  const Codebook codebook = TRY(stacked_codebook(read.waves));
  const std::vector<std::string> ids = TRY(needed(arguments, plan, codebook));
  TRY_DONE(unite(ids, read.waves));
  OpenEngines open;
  open.source = read.source;
  open.notes = std::move(read.notes);
  open.print = read.print;
  open.published = read.published;
  open.not_in_waves = waves_without(ids, read.waves);
  for (const std::string& weight : plan.weights) {
    const StackedWaves waves = TRY(stacked(arguments, weight, ids, read.waves));
    open.samples.push_back(std::make_shared<const Sample>(waves.sample));
    open.engines.push_back(TRY(engine_of_sample(waves.data, waves.sample, engine_threads())));
  }
  return open;
}

Status add_wave_columns(BookPlan& plan) {
  const auto has_wave = [](const BannerGroup& group) {
    return std::ranges::count(group.variables, kWave) > 0;
  };
  if (plan.waves.size() < 2) return {};
  plan.significance.on = true;
  if (std::ranges::any_of(plan.banner, has_wave)) return {};
  for (BannerGroup& group : plan.banner) {
    if (group.rest) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--wave: '{}' stands with its rests, and waves cannot stand within; "
                              "leave out +rest, or name 'wave' in the banner yourself",
                              printable(group.variables.front())));
    }
    group.variables.emplace_back(kWave);
    group.sequence = true;
  }
  plan.banner.insert(plan.banner.begin(), {.variables = {kWave}, .sequence = true});
  plan.total = false;
  return {};
}

}  // namespace barometer::cli
