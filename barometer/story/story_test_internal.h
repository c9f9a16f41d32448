// A small study with its ledger, made by hand: two waves, a few questions, figures from counts.
#pragma once

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "barometer/base/yaml.h"
#include "barometer/story/story.h"

namespace barometer::story_testing {

inline constexpr const char* kQuestionnaire = R"(title: T
items:
  - {id: leave, type: likelihood, text: "Would you leave?", label: Leaving, wording: paraphrase}
  - {id: stay, type: likelihood, text: "Would you stay?", label: Staying}
  - id: pool
    type: yes-no
    text: Will you pool budgets?
    label: Pooled budget
  - {id: rating, type: score, scale: {low: 1, high: 10, low_label: Bad, high_label: Good}, text: "How sure?", label: Sureness}
  - {id: tools, type: multi, text: "Which tools?", label: Tools, options: [Hammer, Spanner]}
)";

class Maker {
 public:
  Maker() {
    study.id = "example";
    study.title = "Example";
    study.series = "Example survey";
    study.sponsor = "A paper";
    study.conducted_by = "An agency";
    study.geography = "England";
    study.population_text = "Leaders of all groups.";
    study.organisation_word = "CCGs";
    study.respondent_word = "CCG leaders";
    for (const char* id : {"2013-01", "2013-04"}) add_wave(id);
    study.waves[1].verbatims = {
        {"v1",
         "leave",
         "We lost £20m and 3 of our 5 partners",
         QuoteConsent::kRole,
         "Ann Example",
         "Chair",
         "North",
         {}},
        {"v2", "leave", "Never", QuoteConsent::kNo, "", "", "", {}},
        {"v3", "leave", "Fine", QuoteConsent::kAnonymous, "Ann Example", "Chair", "North", {}},
        {"v4", "leave", "Good", QuoteConsent::kNamed, "Ann Example", "Chair", "North", {}}};
    for (const auto& [id, text, consent] :
         std::vector<std::tuple<std::string, std::string, QuoteConsent>>{
             {"v5", "We in Airedale will leave soon", QuoteConsent::kAnonymous},
             {"v6", "We in […] will leave now", QuoteConsent::kAnonymous},
             {"v7", "[…] and Barnet agree", QuoteConsent::kRole},
             {"v8", "Barnet will not", QuoteConsent::kOrganisation}}) {
      study.waves[1].verbatims.push_back({id, "leave", text, consent, "", "", "Barnet", {}});
    }
    add_figures();
  }

  // k of n, as a simple random sample gives it.
  Figure& share(const std::string& wave, const std::string& item, const std::string& answer,
                const std::string& label, int64_t k, int64_t n, const std::string& group = {}) {
    Figure figure = blank(fmt::format("{}.{}.{}.respondents{}{}", wave, item, answer,
                                      group.empty() ? "" : ".", group),
                          wave, FigureKind::kPercent);
    const double p = static_cast<double>(k) / static_cast<double>(n);
    figure.item = item;
    figure.answer = answer;
    figure.label = label;
    figure.group = group;
    figure.printed = round(Ratio{100 * k, n}, 0).text();
    figure.value = 100 * p;
    figure.se = 100 * std::sqrt(p * (1 - p) / static_cast<double>(n - 1));
    figure.lower = *figure.value - 1.96 * *figure.se;
    figure.upper = *figure.value + 1.96 * *figure.se;
    figure.level = 0.95;
    figure.n = static_cast<size_t>(n);
    figure.count = static_cast<size_t>(k);
    figure.base = "All respondents";
    figure.question = "?";
    ledger.figures.push_back(figure);
    return ledger.figures.back();
  }

  Figure& change(const std::string& item, const std::string& answer, double points,
                 std::optional<double> se) {
    Figure figure = blank(fmt::format("2013-04.{}.{}.change.2013-01", item, answer), "2013-04",
                          FigureKind::kChange);
    figure.item = item;
    figure.answer = answer;
    figure.label = "Change";
    figure.printed = fmt::format("{:+.0f}", points);
    if (answer == "mean") figure.printed = fmt::format("{:+.1f}", points);
    figure.value = points;
    figure.se = se;
    if (!se) figure.interval_method = "none: one of the waves has no standard error";
    ledger.figures.push_back(figure);
    return ledger.figures.back();
  }

  Figure& count(const std::string& wave, const std::string& name, const std::string& unit,
                size_t value) {
    Figure figure = blank(wave + ".wave." + name, wave, FigureKind::kCount);
    figure.unit = unit;
    figure.printed = std::to_string(value);
    figure.value = static_cast<double>(value);
    figure.count = value;
    ledger.figures.push_back(figure);
    return ledger.figures.back();
  }

  Study study;
  Ledger ledger;

 private:
  static Figure blank(std::string id, const std::string& wave, FigureKind kind) {
    Figure figure;
    figure.id = std::move(id);
    figure.wave = wave;
    figure.kind = kind;
    figure.unit = "respondents";
    figure.source = "collected";
    return figure;
  }

  void add_wave(const std::string& id) {
    Diagnostics problems;
    Wave wave;
    wave.id = id;
    wave.title = "Wave " + id;
    wave.dates_text = "spring 2013";
    wave.mode = "Online questionnaire.";
    wave.frame_version = "f";
    study.frames.emplace("f", Frame::parse("id,name,region\ng1,Airedale,N\ng2,Barnet,S\n", "o.csv",
                                           "", "p.csv", {}, problems));
    wave.questionnaire =
        read_questionnaire(load_yaml(kQuestionnaire, "q.yaml", problems), problems);
    CHECK(problems.ok(), problems.text());
    study.waves.push_back(std::move(wave));
  }

  void mean(const std::string& wave, double value, size_t n) {
    Figure figure = blank(wave + ".rating.mean.respondents", wave, FigureKind::kMean);
    figure.item = "rating";
    figure.answer = "mean";
    figure.label = "Mean";
    figure.printed = fmt::format("{:.1f}", value);
    figure.value = value;
    figure.se = 0.2;
    figure.n = n;
    ledger.figures.push_back(figure);
  }

  void add_figures() {
    ledger.study = "example";
    ledger.title = "Example";
    for (const char* wave : {"2013-01", "2013-04"}) {
      const bool now = std::string(wave) == "2013-04";
      const int64_t n = now ? 94 : 200;
      count(wave, "n", "respondents", static_cast<size_t>(n));
      count(wave, "organisations", "organisations", 86);
      count(wave, "frame", "organisations", 211);
      Figure& coverage = count(wave, "coverage", "organisations", 41);
      coverage.kind = FigureKind::kCoverage;
      share(wave, "leave", "likely", "Likely", now ? 59 : 80, n);
      share(wave, "leave", "unlikely", "Unlikely", now ? 30 : 100, n);
      share(wave, "leave", "1", "Very likely", now ? 20 : 30, n);
      share(wave, "leave", "5", "Don't know", now ? 5 : 20, n);
    }
    share("2013-04", "stay", "likely", "Likely", 33, 94);
    share("2013-04", "pool", "1", "Yes", 39, 94);
    share("2013-04", "pool", "2", "No", 29, 94);
    share("2013-04", "pool", "3", "Already", 10, 94);
    share("2013-04", "pool", "4", "Don't know", 16, 94);
    share("2013-04", "leave", "likely", "Likely", 30, 40, "role-1").group_label = "Role: Chair";
    share("2013-04", "leave", "likely", "Likely", 9, 30, "role-2").group_label = "Role: Officer";
    mean("2013-01", 6.5, 200);
    mean("2013-04", 7.2, 94);
    change("leave", "likely", 22.77, 6.1);
    change("leave", "unlikely", -18.1, std::nullopt);
    change("leave", "5", -4.7, 3.4);
    change("rating", "mean", 0.7, 0.25);
  }
};

// The story of wave 2013-04 with this text, after a headline and with the method.
inline Story story_of(const Maker& maker, const std::string& text, Diagnostics& problems,
                      const std::string& style = "HSJ") {
  return write_story(
      maker.study, maker.ledger, maker.study.waves[1],
      {"s", "waves/2013-04/stories/s.md", "# Headline\n\n" + text + "\n\n{{ method }}\n"}, {style},
      problems);
}

// Its second block.
inline std::string paragraph_of(const Maker& maker, const std::string& text,
                                const std::string& style = "HSJ") {
  Diagnostics problems;
  const Story story = story_of(maker, text, problems, style);
  std::string out = story.blocks.size() > 1 ? story.blocks[1].text() : "";
  if (!problems.ok()) out += "\n" + problems.text();
  return out;
}

}  // namespace barometer::story_testing
