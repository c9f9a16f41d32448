// When a sentence says that a figure was so: a figure of December is none "in November", nor "last
// year"; one of an earlier wave is not of today; and two waves whose wording differs do not stand
// side by side as if they had been asked the same.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/story/sentence_internal.h"

namespace barometer {
namespace {

constexpr auto kMonths =
    std::to_array<std::string_view>({"january", "february", "march", "april", "may", "june", "july",
                                     "august", "september", "october", "november", "december"});
constexpr auto kWhen = std::to_array<std::string_view>({"in", "during", "of", "for"});
constexpr auto kPast = std::to_array<std::string_view>(
    {"last year", "last month", "last time", "a year ago", "a month ago", "in the last wave",
     "in the previous wave", "in the previous survey", "in the last survey", "previously",
     "in the previous round"});
constexpr auto kPresent =
    std::to_array<std::string_view>({"now", "today", "this time", "this month", "this year",
                                     "in this wave", "currently", "at present"});
// Any of them says that another time is meant.
constexpr auto kOfAnotherTime = std::to_array<std::string_view>(
    {"then",   "before", "earlier",   "previous", "previously", "last",   "ago",      "first",
     "autumn", "spring", "summer",    "winter",   "wave",       "waves",  "compared", "from",
     "since",  "former", "initially", "once",     "month",      "months", "year",     "years"});
constexpr auto kOfWording = std::to_array<std::string_view>(
    {"wording", "worded", "words", "differently", "rephrased", "reworded", "comparable"});

int number(std::string_view digits) {
  int out = 0;
  for (const char c : digits) out = out * 10 + (c - '0');
  return out;
}

// "November 2026", "2025"
struct Said {
  int month = 0;  // 0: not said
  int year = 0;
  size_t begin = 0, end = 0;  // tokens
};

bool is_year(const Token& token) {
  return token.segment == nullptr && token.text.size() == 4 &&
         (token.text.starts_with("19") || token.text.starts_with("20")) &&
         token.text.find_first_not_of("0123456789") == std::string::npos;
}

int month_at(Tokens tokens, size_t at) {
  const auto* const found = std::ranges::find(kMonths, std::string_view(tokens[at].text));
  const bool capital = tokens[at].segment == nullptr && tokens[at].capital;
  return found == kMonths.end() || !capital ? 0 : static_cast<int>(found - kMonths.begin()) + 1;
}

std::optional<Said> time_at(Tokens tokens, size_t at) {
  if (at >= tokens.size()) return std::nullopt;
  if (is_year(tokens[at])) return Said{0, number(tokens[at].text), at, at + 1};
  const int month = month_at(tokens, at);
  if (month == 0) return std::nullopt;
  if (at + 1 < tokens.size() && is_year(tokens[at + 1])) {
    return Said{month, number(tokens[at + 1].text), at, at + 2};
  }
  return Said{month, 0, at, at + 1};
}

// Months since year 0 in which a wave was asked; nullopt: not known.
struct Months {
  int first = 0, last = 0;
};

int months_of(const Date& date) {
  return static_cast<int>(date.year()) * 12 +
         static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

std::optional<Months> months_of(const Wave& wave) {
  if (wave.fieldwork_start) {
    const int first = months_of(*wave.fieldwork_start);
    return Months{first, wave.fieldwork_end ? months_of(*wave.fieldwork_end) : first};
  }
  const auto date = parse_date(wave.id.substr(0, 7) + "-01");
  if (!date) return std::nullopt;
  return Months{months_of(*date), months_of(*date)};
}

// By the month of its name: "2013-04".
bool is_named(const Said& said, const Wave& wave) {
  const auto date = parse_date(wave.id.substr(0, std::min<size_t>(7, wave.id.size())) + "-01");
  if (!date) return false;
  const int month = months_of(*date);
  return (said.month == 0 || month % 12 + 1 == said.month) &&
         (said.year == 0 || month / 12 == said.year);
}

// By the dates of fieldwork or by the name of the wave.
bool fits(const Said& said, const Wave& wave) {
  const auto months = months_of(wave);
  if (!months) return true;
  const auto is = [&](int month) {
    return (said.month == 0 || month % 12 + 1 == said.month) &&
           (said.year == 0 || month / 12 == said.year);
  };
  for (int month = months->first; month <= months->last; ++month) {
    if (is(month)) return true;
  }
  return is_named(said, wave);
}

class TimeChecker : TokenChecker {
 public:
  TimeChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
              Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {}

  void check() {
    for (const Tokens sentence : sentences_) {
      check_front(sentence);
      check_behind(sentence);
      check_other_waves(sentence);
      check_side_by_side(sentence);
    }
  }

 private:
  [[nodiscard]] const Wave* wave_of(const Segment& segment) const {
    return sources_.study.wave(segment.figures.front()->wave);
  }

  // The first finding behind the words in front, with nothing but words between.
  static size_t scope_of_front(Tokens tokens, size_t at) {
    constexpr size_t kReach = 8;
    if (at < tokens.size() && tokens[at].is(",")) ++at;
    for (size_t k = at; k < tokens.size() && k <= at + kReach; ++k) {
      if (tokens[k].finding() != nullptr) return k;
      if (tokens[k].is_mark() || tokens[k].is("now")) return kNoToken;
    }
    return kNoToken;
  }

  void check_front(Tokens tokens) {
    for (size_t at = 0; at < tokens.size(); ++at) {
      if (at > 0 && !tokens[at - 1].is(";") && !tokens[at - 1].is(":")) continue;
      size_t in = at;
      if (tokens[in].is("back")) ++in;
      const auto said = in + 1 < tokens.size() && is_any_of(tokens[in], kWhen)
                            ? time_at(tokens, in + 1)
                            : std::nullopt;
      if (said && said->end < tokens.size() &&
          (tokens[said->end].is(",") || tokens[said->end].finding() != nullptr)) {
        const size_t target = scope_of_front(tokens, said->end);
        if (target != kNoToken) hold(tokens, target, *said);
      }
      check_relative(tokens, at);
    }
  }

  // "Last year, …", "Now …"
  void check_relative(Tokens tokens, size_t at) {
    const auto check = [&](std::string_view words, bool past) {
      if (!says_at(tokens, at, words)) return;
      const size_t end = at + static_cast<size_t>(std::ranges::count(words, ' ')) + 1;
      const size_t target = scope_of_front(tokens, end);
      if (target == kNoToken) return;
      const Segment& segment = *tokens[target].finding();
      const bool own = segment.figures.front()->wave == sources_.wave.id;
      if (own != past) return;
      tell(segment, tokens[at].begin, said(tokens.subspan(at, end - at)));
    };
    for (const std::string_view words : kPast) check(words, true);
    for (const std::string_view words : kPresent) check(words, false);
  }

  // "61 per cent in November"; "… expected to leave in November."
  void check_behind(Tokens tokens) {
    for (size_t at = 1; at + 1 < tokens.size(); ++at) {
      if (!is_any_of(tokens[at], kWhen)) continue;
      const auto said = time_at(tokens, at + 1);
      const size_t target = finding_before(tokens, at);
      if (!said || target == kNoToken) continue;
      const bool ends = said->end == tokens.size() || tokens[said->end].is_mark();
      const bool parted = std::ranges::any_of(tokens.subspan(target, at - target),
                                              [](const Token& token) { return token.is_mark(); });
      const bool beside = target + 1 == at;
      if (beside || (ends && !parted && is_of_another_wave(*said))) hold(tokens, target, *said);
    }
  }

  [[nodiscard]] bool is_of_another_wave(const Said& said) const {
    return std::ranges::any_of(sources_.study.waves, [&](const Wave& wave) {
      return wave.id != sources_.wave.id && months_of(wave) && fits(said, wave);
    });
  }

  // Named for that month, which this one's fieldwork only touches.
  [[nodiscard]] bool is_rather_of_another(const Said& said, const Wave& own) const {
    return said.month != 0 && !is_named(said, own) &&
           std::ranges::any_of(sources_.study.waves,
                               [&](const Wave& wave) { return is_named(said, wave); });
  }

  void hold(Tokens tokens, size_t target, const Said& said) {
    const Segment& segment = *tokens[target].finding();
    const bool of_wave = std::ranges::any_of(segment.figures, [&](const Figure* figure) {
      const Wave* wave = sources_.study.wave(figure->wave);
      return wave == nullptr || (fits(said, *wave) && !is_rather_of_another(said, *wave));
    });
    if (of_wave || is_of_question(segment, tokens.subspan(said.begin, said.end - said.begin))) {
      return;
    }
    tell(segment, tokens[said.begin].begin,
         this->said(tokens.subspan(said.begin, said.end - said.begin)));
  }

  // The question itself speaks of that time: "before April 2015".
  [[nodiscard]] bool is_of_question(const Segment& segment, Tokens said) const {
    const Item* item = item_of(*segment.figures.front());
    return item != nullptr &&
           find_word(lowered(words_of(*item)), said.back().text) != std::string::npos;
  }

  void tell(const Segment& segment, size_t byte, const std::string& said) {
    const Figure& figure = *segment.figures.front();
    error(byte, "story-wave",
          fmt::format("{} is of the wave {}, and the sentence says it of '{}'", figure.id,
                      figure.wave, said),
          "'in WAVE' writes the figure of another wave; {{ when in WAVE }} its month");
  }

  // A figure of an earlier wave, with nothing that says when.
  void check_other_waves(Tokens tokens) {
    if (tokens.empty()) return;
    for (const Token& token : tokens) {
      const Segment* segment = token.finding();
      if (segment == nullptr || segment->figures.front()->wave == sources_.wave.id) continue;
      if (segment->verb == "change" || segment->verb == "points") continue;  // they say it
      const Wave* wave = wave_of(*segment);
      if (wave == nullptr || wave->id == sources_.wave.alternative_to ||
          wave->alternative_to == sources_.wave.id || says_a_time(*wave, tokens.back().end)) {
        continue;
      }
      error(token.begin, "story-wave",
            fmt::format("{} is of {}, and the sentence does not say so",
                        segment->figures.front()->id, when_words(*wave)),
            fmt::format("'in {{{{ when in {} }}}}'", wave->id));
    }
  }
  // In the block up to the end of the sentence.
  [[nodiscard]] bool says_a_time(const Wave& wave, size_t end) const {
    for (size_t at = 0; at < tokens_.size() && tokens_[at].begin < end; ++at) {
      const Token& token = tokens_[at];
      const bool of_study =
          token.segment != nullptr && token.segment->said == StoryClaimKind::kStudy;
      if (of_study || is_any_of(token, kOfAnotherTime)) return true;
      if (const auto said = time_at(tokens_, at); said && fits(*said, wave)) return true;
    }
    return false;
  }

  // The same item of two waves in one sentence.
  void check_side_by_side(Tokens tokens) {
    const bool says_so = std::ranges::any_of(
        tokens, [](const Token& token) { return is_any_of(token, kOfWording); });
    if (says_so) return;
    for (size_t a = finding_from(tokens, 0); a != kNoToken; a = finding_from(tokens, a + 1)) {
      for (size_t b = finding_from(tokens, a + 1); b != kNoToken; b = finding_from(tokens, b + 1)) {
        const Figure& first = *tokens[a].finding()->figures.front();
        const Figure& second = *tokens[b].finding()->figures.front();
        if (!is_other_wording(first, second)) continue;
        return error(tokens[b].begin, "story-no-trend",
                     fmt::format("{} and {} stand side by side, and the question was asked in "
                                 "other words",
                                 first.id, second.id),
                     "trend_links in wave.yaml joins items whose wording differs; or say in the "
                     "sentence that the wording differs");
      }
    }
  }

  [[nodiscard]] bool is_other_wording(const Figure& a, const Figure& b) const {
    if (a.item.empty() || a.item != b.item || a.wave == b.wave) return false;
    const Item* first = item_of(a);
    const Item* second = item_of(b);
    if (first == nullptr || second == nullptr || first->wording_hash == second->wording_hash) {
      return false;
    }
    return !is_linked(a, b) && !is_linked(b, a);
  }
  [[nodiscard]] bool is_linked(const Figure& from, const Figure& to) const {
    const auto& links = sources_.study.wave(from.wave)->trend_links;
    const auto link = links.find(from.item);
    return link != links.end() && link->second == to.wave + "/" + to.item;
  }
};

}  // namespace

void check_times(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                 Diagnostics& problems) {
  TimeChecker(sources, story, passage, problems).check();
}

}  // namespace barometer
