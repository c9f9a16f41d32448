#include "barometer/reconstruct/reconstruct.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "barometer/reconstruct/wave_figures_internal.h"

namespace barometer {
namespace {

constexpr const char* kRecordFile = "reconstruction.json";
constexpr const char* kReportFile = "reconstruction.md";
constexpr const char* kResponsesFile = "responses.parquet";

std::string label_of(const Variable& variable, const std::string& answer) {
  if (answer == "mean") return "Mean score";
  if (const Net* net = variable.net(answer)) return net->label;
  for (const Category& category : variable.categories) {
    if (std::to_string(category.code) == answer) return category.label;
  }
  return answer;
}

FoundAnswer found_answer(const ItemFigures& item, const ItemSolution& solution, size_t asked) {
  FoundAnswer out;
  out.item = item.variable->id;
  out.answer = item.answers[asked];
  out.label = label_of(*item.variable, out.answer);
  out.base = solution.base;
  out.count = sum_of(item.problem.asked[asked], item.problem, solution.counts);
  out.range = solution.asked[asked].range;
  out.printed = solution.asked[asked].printed;
  out.printed_fixed = solution.asked[asked].fixed;
  return out;
}

FoundFigure figure_facts(const PublishedFigure& figure) {
  FoundFigure out;
  out.id = figure.id;
  out.kind = figure.kind;
  out.item = figure.item;
  out.answer = figure.answer;
  out.printed = figure.value.text();
  out.source = figure.source;
  out.quote = figure.quote;
  out.place = figure.place.text();
  out.derived = figure.derived;
  return out;
}

std::string change_text(const PublishedRow& row, const RowCheck& check, const Ratio& now,
                        Rounding rounding, std::string& how) {
  how = check.printed && check.unrounded ? "as printed and unrounded"
        : check.printed                  ? "as printed, not unrounded"
                                         : "unrounded, not as printed";
  const Decimal& before = row.earlier->printed;
  return fmt::format("{} from {}", round(now, before.places, rounding).text(), before.text());
}

FoundFigure found_figure(const ItemFigures& item, const ItemSolution& solution, size_t index) {
  const PublishedRow& row = item.problem.rows[index];
  FoundFigure out = figure_facts(*item.figures[index]);
  out.base = solution.base;
  out.count = sum_of(row.sum, item.problem, solution.counts);
  out.range = solution.asked[item.asked_of_row[index]].range;
  const Ratio now = figure_of(row.kind, out.count, out.base);
  const RowCheck check = check_row(row, item.problem, solution.base, solution.counts);
  out.recomputed = row.earlier ? change_text(row, check, now, item.problem.rounding, out.how)
                               : round(now, row.value.places, item.problem.rounding).text();
  return out;
}

FoundItem found_item(const ItemFigures& item, const ItemSolution& solution) {
  FoundItem out;
  out.item = item.variable->id;
  out.base = solution.base;
  out.base_searched = std::none_of(item.problem.rows.begin(), item.problem.rows.end(),
                                   [](const PublishedRow& row) { return row.base.has_value(); });
  out.bases = solution.bases;
  out.bases_complete = solution.bases_complete;
  return out;
}

void note_margins(std::vector<std::string>& notes) {
  notes.emplace_back(
      "Margins only are reconstructed. Answers to different questions were put together by lot: "
      "any cross-break, and any standard error that depends on who answered with whom, is an "
      "artefact.");
  notes.emplace_back(
      "Where a figure fixes a NET but not its options, they share it as evenly as can be; scores "
      "follow the flattest distribution with the printed mean. The spread of a score is not "
      "identified.");
}

// Bases that fit every question of a battery whose bases no figure states.
void note_batteries(const Codebook& codebook, const std::vector<FoundItem>& items,
                    std::vector<std::string>& notes) {
  std::map<std::string, std::vector<const FoundItem*>> batteries;
  for (const FoundItem& item : items) {
    const Variable* variable = codebook.find(item.item);
    if (item.base_searched && !variable->battery.empty()) {
      batteries[variable->battery].push_back(&item);
    }
  }
  for (const auto& [battery, members] : batteries) {
    if (members.size() < 2) continue;
    std::vector<int64_t> joint = members.front()->bases;
    for (const FoundItem* member : members) {
      std::vector<int64_t> both;
      std::set_intersection(joint.begin(), joint.end(), member->bases.begin(), member->bases.end(),
                            std::back_inserter(both));
      joint = std::move(both);
    }
    notes.push_back(
        joint.empty()
            ? fmt::format("No one base fits all {} questions of battery '{}': different numbers "
                          "of people answered them.",
                          members.size(), battery)
            : fmt::format("If all {} questions of battery '{}' were answered by the same number of "
                          "people, that number is one of {}.",
                          members.size(), battery, runs_text(joint)));
  }
}

void add_wave_figures(const Wave& wave, const Frame& frame, Reconstruction& record) {
  for (const PublishedFigure& figure : wave.published) {
    if (!figure.item.empty()) continue;
    FoundFigure out = figure_facts(figure);
    const auto in_frame = static_cast<int64_t>(frame.organisations().size());
    if (figure.kind == "coverage") {
      out.base = in_frame;
      out.count = record.organisations;
      out.recomputed =
          round(Ratio{100 * record.organisations, in_frame}, figure.value.places).text();
    } else {
      out.count = figure.kind == "n"       ? record.n
                  : figure.kind == "frame" ? in_frame
                                           : record.organisations;
      out.recomputed = std::to_string(out.count);
    }
    out.range = {out.count, out.count};
    record.figures.push_back(std::move(out));
  }
}

// One wave being solved.
class WaveSolver {
 public:
  WaveSolver(const Study& study, const Wave& wave, const EarlierWaves& earlier,
             const Progress& progress)
      : study_(study), wave_(wave), earlier_(earlier), progress_(progress) {}

  Result<ReconstructionOutcome> run() {
    TRY_DONE(check());
    codebook_ = TRY(wave_.questionnaire.codebook());
    TRY_DONE(check_items());
    TRY_DONE(solve_wave());
    if (!outcome_.solved()) return std::move(outcome_);
    for (const Variable& variable : codebook_.variables()) TRY_DONE(solve(variable));
    if (outcome_.solved()) TRY_DONE(finish());
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] auto invalid(ErrorCode code, const std::string& what) const {
    return fail(code, fmt::format("wave '{}': {}", wave_.id, what));
  }

  Status check() const {
    if (!wave_.design.weight.empty()) {
      return invalid(ErrorCode::kUnsupported,
                     fmt::format("it is weighted (by '{}'), and weighted figures are not counts",
                                 wave_.design.weight));
    }
    const auto frame = study_.frames.find(wave_.frame_version);
    if (frame == study_.frames.end() || frame->second.organisations().empty()) {
      return invalid(ErrorCode::kInvalid,
                     fmt::format("frame '{}' has no organisations", wave_.frame_version));
    }
    return {};
  }

  Status check_items() const {
    for (const PublishedFigure& figure : wave_.published) {
      if (figure.item.empty() || codebook_.find(figure.item) != nullptr) continue;
      return fail(ErrorCode::kInvalid, fmt::format("{}: figure '{}': there is no question '{}'",
                                                   figure.place.text(), figure.id, figure.item));
    }
    return {};
  }

  Status solve_wave() {
    Reconstruction& record = outcome_.record;
    record.study = study_.id;
    record.wave = wave_.id;
    record.title = wave_.title.empty() ? study_.title : wave_.title;
    WaveNumbers numbers = TRY(wave_numbers(wave_, study_.frame_of(wave_), study_.print.rounding));
    outcome_.conflicts = std::move(numbers.conflicts);
    if (!outcome_.solved()) return {};
    if (numbers.n > kMaxReconstructed) {
      return invalid(ErrorCode::kLimit,
                     fmt::format("{} respondents are more than {}", numbers.n, kMaxReconstructed));
    }
    record.n = numbers.n;
    record.n_printed = numbers.n_printed;
    record.organisations =
        numbers.organisations_printed
            ? numbers.organisations.low
            : std::clamp(record.n, numbers.organisations.low, numbers.organisations.high);
    record.organisations_printed = numbers.organisations_printed;
    if (!record.n_printed) {
      record.notes.push_back(
          fmt::format("NO NUMBER OF RESPONDENTS WAS EVER PRINTED for this wave. {} is an "
                      "assumption (wave.yaml, "
                      "assumed_respondents); every base and every count rests on it.",
                      record.n));
    }
    if (!record.organisations_printed) {
      record.notes.push_back(
          fmt::format("How many organisations answered is not identified (between {} and {} by the "
                      "figures); {} "
                      "is as many as could.",
                      numbers.organisations.low, numbers.organisations.high, record.organisations));
    }
    note_margins(record.notes);
    return {};
  }

  Status solve(const Variable& variable) {
    progress_.report(wave_.id + " " + variable.id, done_++, codebook_.variables().size());
    ItemFigures item = TRY(item_figures(study_, wave_, variable, outcome_.record.n, earlier_));
    for (const UnusedFigure& unused : item.unused) {
      FoundFigure figure = figure_facts(*unused.figure);
      figure.used = false;
      figure.how = unused.why;
      outcome_.record.figures.push_back(std::move(figure));
    }
    if (item.problem.rows.empty()) return {};
    ItemOutcome found = TRY(solve_item(item.problem, progress_));
    if (const auto* conflict = std::get_if<ItemConflict>(&found)) {
      outcome_.conflicts.push_back(conflict_of(item, conflict->rows));
      return {};
    }
    record_solution(item, std::get<ItemSolution>(found));
    solutions_[variable.id] = std::get<ItemSolution>(std::move(found));
    figures_[variable.id] = std::move(item);
    return {};
  }

  void record_solution(const ItemFigures& item, const ItemSolution& solution) {
    Reconstruction& record = outcome_.record;
    record.items.push_back(found_item(item, solution));
    for (size_t row = 0; row < item.problem.rows.size(); ++row) {
      record.figures.push_back(found_figure(item, solution, row));
    }
    for (size_t asked = 0; asked < item.answers.size(); ++asked) {
      record.identified.push_back(found_answer(item, solution, asked));
    }
  }

  Status finish() {
    Reconstruction& record = outcome_.record;
    add_wave_figures(wave_, study_.frame_of(wave_), record);
    std::map<std::string, size_t> order;
    for (size_t i = 0; i < wave_.published.size(); ++i) order[wave_.published[i].id] = i;
    std::stable_sort(
        record.figures.begin(), record.figures.end(),
        [&](const FoundFigure& a, const FoundFigure& b) { return order[a.id] < order[b.id]; });
    note_silent_items();
    note_batteries(codebook_, record.items, record.notes);
    std::map<std::string, SolvedItem> solved;
    for (const auto& [id, solution] : solutions_) solved[id] = {&figures_[id], &solution};
    outcome_.responses = TRY(draw_responses(study_, wave_, codebook_, solved, record.n,
                                            record.organisations, record.notes));
    return {};
  }

  void note_silent_items() {
    std::vector<std::string> silent;
    for (const Variable& variable : codebook_.variables()) {
      if (!solutions_.contains(variable.id)) silent.push_back(variable.id);
    }
    if (silent.empty()) return;
    outcome_.record.notes.push_back(
        fmt::format("No figure was printed of {}: nobody has an answer to it in the responses.",
                    join(silent, ", ")));
  }

  const Study& study_;
  const Wave& wave_;
  const EarlierWaves& earlier_;
  const Progress& progress_;
  Codebook codebook_;
  ReconstructionOutcome outcome_;
  std::map<std::string, ItemSolution> solutions_;
  std::map<std::string, ItemFigures> figures_;
  size_t done_ = 0;
};

std::filesystem::path partial_of(const std::filesystem::path& path) {
  return path.parent_path() / (path.stem().string() + ".partial" + path.extension().string());
}

Status rename_over(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code problem;
  std::filesystem::rename(from, to, problem);
  if (!problem) return {};
  return fail(ErrorCode::kIo, fmt::format("cannot rename '{}' to '{}': {}", from.string(),
                                          to.string(), problem.message()));
}

Status write_partials(const Wave& wave, const ReconstructionOutcome& outcome) {
  TRY_DONE(write_parquet(*outcome.responses, partial_of(wave.folder / kResponsesFile)));
  TRY_DONE(
      write_file(partial_of(wave.folder / kReportFile), reconstruction_markdown(outcome.record)));
  return write_file(partial_of(wave.folder / kRecordFile), reconstruction_json(outcome.record));
}

}  // namespace

std::optional<int64_t> Reconstruction::assumed_n() const {
  if (n_printed) return std::nullopt;
  return n;
}

const FoundAnswer* Reconstruction::find(std::string_view item_id, std::string_view answer) const {
  const auto found = std::find_if(
      identified.begin(), identified.end(),
      [&](const FoundAnswer& each) { return each.item == item_id && each.answer == answer; });
  return found == identified.end() ? nullptr : &*found;
}

bool Reconstruction::is_fixed(std::string_view item_id, std::string_view answer) const {
  const FoundAnswer* found = find(item_id, answer);
  return found != nullptr && found->printed_fixed;
}

const FoundItem* Reconstruction::item(std::string_view id) const {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const FoundItem& each) { return each.item == id; });
  return found == items.end() ? nullptr : &*found;
}

bool Reconstruction::is_base_fixed(std::string_view id) const {
  const FoundItem* found = item(id);
  return n_printed && found != nullptr && found->bases_complete && found->bases.size() == 1;
}

Result<ReconstructionOutcome> reconstruct(const Study& study, const Wave& wave,
                                          const std::map<std::string, Reconstruction>& earlier,
                                          const Progress& progress) {
  return WaveSolver(study, wave, earlier, progress).run();
}

Status may_replace_responses(const Wave& wave) {
  if (wave.responses.empty() || std::filesystem::exists(wave.folder / kRecordFile)) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' was not made by a reconstruction (there is no {} beside it) and is "
                          "not replaced; move it away if it is no longer wanted",
                          wave.responses.string(), kRecordFile));
}

Status save_reconstruction(const Wave& wave, const ReconstructionOutcome& outcome) {
  CHECK(outcome.solved() && outcome.responses, "only a solved wave is written");
  TRY_DONE(may_replace_responses(wave));
  // The record first: were it the last, a crash before it would leave responses that look like
  // someone's own and are never replaced.
  const std::filesystem::path files[] = {wave.folder / kRecordFile, wave.folder / kReportFile,
                                         wave.folder / kResponsesFile};
  Status written = write_partials(wave, outcome);
  for (const std::filesystem::path& file : files) {
    if (written) written = rename_over(partial_of(file), file);
  }
  if (written) return {};
  std::error_code ignored;
  for (const std::filesystem::path& file : files) {
    std::filesystem::remove(partial_of(file), ignored);
  }
  return written;
}

}  // namespace barometer
