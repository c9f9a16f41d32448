// published.csv: figures printed elsewhere, each checked against the questionnaire it speaks of.
#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

const std::vector<std::string> kKinds{"percent", "mean",     "n",      "organisations",
                                      "frame",   "coverage", "change", "count"};

bool is_whole(const Decimal& value) { return value.places == 0; }

class PublishedReader {
 public:
  PublishedReader(const Study& study, std::vector<WaveSource>& waves, Diagnostics& problems)
      : study_(study), waves_(waves), problems_(problems) {}

  void read(size_t wave_at) {
    at_ = wave_at;
    if (!wave().published.has_value()) return;
    table_ = &*wave().published;
    table_->require_columns({"id", "kind", "item", "answer", "value", "source"},
                            {"base", "since", "quote", "derived"}, problems_);
    for (row_ = 0; row_ < table_->row_count(); ++row_) {
      if (auto figure = read_figure()) wave().wave.published.push_back(*std::move(figure));
    }
    check_coverage();
  }

 private:
  WaveSource& wave() { return waves_[at_]; }
  const CsvCell& cell(std::string_view column) const { return table_->cell(row_, column); }

  void error(const CsvCell& at, std::string message, std::string hint = {}) {
    // A column that is not there has no place of its own.
    const Place& place = at.place.line > 0 ? at.place : table_->row(row_).front().place;
    problems_.error("published-figure", place, std::move(message), std::move(hint));
  }

  std::optional<PublishedFigure> read_figure() {
    const size_t before = problems_.error_count();
    PublishedFigure figure;
    figure.place = table_->row(row_).front().place;
    figure.id = cell("id").text;
    figure.kind = cell("kind").text;
    figure.item = cell("item").text;
    figure.answer = cell("answer").text;
    figure.base = cell("base").text.empty() ? "wave" : cell("base").text;
    figure.since = cell("since").text;
    figure.source = cell("source").text;
    figure.quote = cell("quote").text;
    check_id(figure.id);
    read_derived(figure);
    check_source(figure);
    check_base(figure.base);
    const auto value = read_value();
    if (std::ranges::count(kKinds, figure.kind) == 0) {
      error(cell("kind"), fmt::format("unknown kind '{}'", printable(figure.kind)),
            suggestion(figure.kind, kKinds));
    } else {
      const Item* item = check_item(figure);
      if (item != nullptr) check_answer(figure, *item);
      check_since(figure);
      if (value) check_value(figure, *value, item);
    }
    if (problems_.error_count() > before) return std::nullopt;
    figure.value = *value;
    return figure;
  }

  void check_id(const std::string& id) {
    if (id.empty()) {
      error(cell("id"), "a published figure without an id");
    } else if (const auto [seen, is_new] = ids_.try_emplace(id, cell("id").place); !is_new) {
      error(cell("id"),
            fmt::format("the id '{}' is already used in {}", printable(id), seen->second.text()),
            "ids of published figures are unique in the study");
    }
  }

  void read_derived(PublishedFigure& figure) {
    const std::string said = lowered(cell("derived").text);
    figure.derived = said == "yes";
    if (!said.empty() && said != "yes" && said != "no") {
      error(cell("derived"), fmt::format("derived is '{}'", printable(said)), "yes, or blank");
    }
  }

  void check_source(const PublishedFigure& figure) {
    if (!figure.source.empty() || figure.derived) return;
    problems_.warning("published-source", figure.place,
                      fmt::format("nothing says where '{}' was printed", printable(figure.id)));
  }

  void check_base(const std::string& base) {
    if (base == "wave" || base == "solve") return;
    long long people = 0;
    const auto [end, problem] = std::from_chars(base.data(), base.data() + base.size(), people);
    if (problem == std::errc() && end == base.data() + base.size() && people > 0) return;
    error(cell("base"),
          fmt::format("the base '{}' is not 'wave', 'solve' or a number of respondents",
                      printable(base)));
  }

  std::optional<Decimal> read_value() {
    const auto value = parse_decimal(cell("value").text);
    if (value) return *value;
    error(cell("value"),
          fmt::format("the value '{}' is not a number", printable(cell("value").text)),
          "digits as printed, without a percent sign");
    return std::nullopt;
  }

  static bool is_about_item(std::string_view kind) {
    return kind == "percent" || kind == "mean" || kind == "change" || kind == "count";
  }

  const Item* check_item(const PublishedFigure& figure) {
    if (!is_about_item(figure.kind)) {
      if (!figure.item.empty() || !figure.answer.empty()) {
        error(cell(figure.item.empty() ? "answer" : "item"),
              fmt::format("a figure of kind '{}' is about the whole wave, not about an item",
                          figure.kind));
      }
      return nullptr;
    }
    const Questionnaire& questionnaire = wave().wave.questionnaire;
    // A questionnaire that could not be read has been reported.
    if (questionnaire.items.empty()) return nullptr;
    const Item* item = questionnaire.find(figure.item);
    if (item != nullptr) return item;
    std::vector<std::string> ids;
    for (const Item& known : questionnaire.items) ids.push_back(known.id);
    error(cell("item"),
          figure.item.empty() ? fmt::format("a figure of kind '{}' needs an item", figure.kind)
                              : fmt::format("'{}' is no item of the wave '{}'",
                                            printable(figure.item), wave().wave.id),
          suggestion(figure.item, ids));
    return nullptr;
  }

  void check_answer(const PublishedFigure& figure, const Item& item) {
    const VariableKind kind = item.kind();
    const bool has_mean = kind == VariableKind::kScale || kind == VariableKind::kNumber;
    if (figure.kind == "mean" && !has_mean) {
      error(cell("item"), fmt::format("'{}' is an item of type '{}', which has no mean", item.id,
                                      name_of(item.type)));
    } else if (figure.kind == "mean" && !figure.answer.empty()) {
      error(cell("answer"), "a mean is not about one answer");
    } else if (kind == VariableKind::kText) {
      error(cell("item"), fmt::format("'{}' is an open question; it has no figures", item.id));
    } else if (figure.answer.empty()) {
      const bool needed = figure.kind != "mean" && !(figure.kind == "change" && has_mean);
      if (needed) error(cell("answer"), fmt::format("a {} needs an answer", figure.kind));
    } else if (const auto codes = answer_codes(item, figure.answer);
               !codes && !item.options.empty()) {
      error(cell("answer"), codes.error().message);
    }
  }

  void check_since(const PublishedFigure& figure) {
    if (figure.kind != "change") {
      if (!figure.since.empty()) error(cell("since"), "only a change has a 'since'");
      return;
    }
    std::vector<std::string> earlier;
    for (size_t i = 0; i < at_; ++i) earlier.push_back(waves_[i].wave.id);
    const auto known = std::ranges::find(earlier, figure.since);
    if (known == earlier.end()) {
      error(cell("since"),
            figure.since.empty() ? "a change needs 'since', the wave it is measured from"
                                 : fmt::format("'{}' is no wave before '{}'",
                                               printable(figure.since), wave().wave.id),
            suggestion(figure.since, earlier));
      return;
    }
    const auto since = static_cast<size_t>(known - earlier.begin());
    check_has_counterpart(figure, waves_[since].wave);
  }

  // The item of an earlier wave that this one is compared with: linked, or of the same id.
  void check_has_counterpart(const PublishedFigure& figure, const Wave& since) {
    const auto link = wave().wave.trend_links.find(figure.item);
    std::string id = figure.item;
    if (link != wave().wave.trend_links.end() && link->second.starts_with(since.id + "/")) {
      id = link->second.substr(since.id.size() + 1);
    }
    if (since.questionnaire.items.empty() || since.questionnaire.find(id) != nullptr) return;
    error(cell("since"), fmt::format("the wave '{}' has no item '{}' to measure a change from",
                                     since.id, printable(id)));
  }

  void check_value(const PublishedFigure& figure, const Decimal& value, const Item* item) {
    const double number = value.value();
    const bool percent = figure.kind == "percent" || figure.kind == "coverage";
    const bool counted = figure.kind == "n" || figure.kind == "organisations" ||
                         figure.kind == "frame" || figure.kind == "count";
    if (percent && (number < 0 || number > 100)) {
      error(cell("value"), fmt::format("{} per cent is not between 0 and 100", value.text()));
    } else if (counted && (!is_whole(value) || number < 0)) {
      error(cell("value"),
            fmt::format(
                "{} cannot be a number of {}", value.text(),
                figure.kind == "n" || figure.kind == "count" ? "respondents" : "organisations"));
    } else if (figure.kind == "mean" && item != nullptr && item->scale_low && item->scale_high &&
               (number < *item->scale_low || number > *item->scale_high)) {
      error(cell("value"), fmt::format("the mean {} lies outside the scale from {} to {}",
                                       value.text(), *item->scale_low, *item->scale_high));
    }
  }

  const PublishedFigure* only(std::string_view kind) {
    const auto& figures = wave().wave.published;
    const auto found = std::ranges::find(figures, kind, &PublishedFigure::kind);
    return found == figures.end() ? nullptr : &*found;
  }

  // What the figures say of the frame must fit the frame that the wave names.
  void check_coverage() {
    const auto frame = study_.frames.find(wave().wave.frame_version);
    if (frame == study_.frames.end() || frame->second.organisations().empty()) return;
    const size_t listed = frame->second.organisations().size();
    if (const PublishedFigure* said = only("frame");
        said != nullptr && said->value.digits != static_cast<int64_t>(listed)) {
      problems_.warning("published-frame", said->place,
                        fmt::format("'{}' says there are {} organisations, the frame '{}' lists {}",
                                    said->id, said->value.text(), frame->first, listed));
    }
    const PublishedFigure* covered = only("organisations");
    const PublishedFigure* share = only("coverage");
    if (covered == nullptr || share == nullptr) return;
    std::map<std::string, size_t> others{{"people in the frame", frame->second.people().size()}};
    if (const PublishedFigure* n = only("n")) {
      others["respondents"] = static_cast<size_t>(n->value.digits);
    }
    const CoverageClaim claim{static_cast<size_t>(covered->value.digits), share->value};
    if (const auto problem = coverage_problem(claim, frame->second, others)) {
      problems_.warning("published-coverage", share->place, *problem);
    }
  }

  const Study& study_;
  std::vector<WaveSource>& waves_;
  Diagnostics& problems_;
  const CsvTable* table_ = nullptr;
  size_t at_ = 0;
  size_t row_ = 0;
  std::map<std::string, Place> ids_;
};

}  // namespace

void read_published(const Study& study, std::vector<WaveSource>& waves, Diagnostics& problems) {
  PublishedReader reader(study, waves, problems);
  for (size_t at = 0; at < waves.size(); ++at) reader.read(at);
}

}  // namespace barometer
