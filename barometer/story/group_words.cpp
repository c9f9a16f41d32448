// Groups of respondents named round a figure: "Among chairs, …", "In the South, …", "of northern
// leaders" say the figure of that group, and of no other. A question asked of some is said of them.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/story/sentence_internal.h"

namespace barometer {
namespace {

using Words = std::vector<std::string>;

constexpr auto kDeterminers = std::to_array<std::string_view>(
    {"the", "all", "our", "those", "these", "many", "some", "most", "its", "their"});
constexpr auto kAmong = std::to_array<std::string_view>({"among", "amongst"});
constexpr auto kOfPlace =
    std::to_array<std::string_view>({"in", "across", "from", "within", "throughout"});
constexpr auto kFronting = std::to_array<std::string_view>(
    {"in", "across", "from", "for", "of", "within", "throughout", "with", "to"});
constexpr auto kClauseStarts = std::to_array<std::string_view>(
    {",", ";", ":", "--", "and", "but", "while", "whereas", "though", "although"});
constexpr auto kBetweenEquals =
    std::to_array<std::string_view>({",", "and", "or", "the", "as", "well", "both", "nor", "of"});

struct GroupName {
  Words words;  // lower case
  bool place = false;
};

struct GroupUse {
  const GroupName* name = nullptr;
  size_t begin = 0, end = 0;  // tokens
  bool plural = false;
  bool adjective = false;  // "northern"
};

std::string last_part(const std::string& label) {
  const size_t colon = label.rfind(": ");
  return lowered(colon == std::string::npos ? label : label.substr(colon + 2));
}

Words words_in(const std::string& name) {
  Words out;
  for (const std::string& part : split(replaced(name, "-", " "), ' ')) {
    if (!part.empty()) out.push_back(lowered(part));
  }
  return out;
}

class GroupChecker : TokenChecker {
 public:
  GroupChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
               Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {
    find_names();
  }

  void check() {
    for (const Tokens sentence : sentences_) {
      const std::vector<GroupUse> uses = uses_in(sentence);
      for (size_t i = 0; i < uses.size(); ++i) {
        if (!is_one_of_several(sentence, uses, i)) check_use(sentence, uses[i]);
      }
      check_everyone_in_front(sentence);
    }
  }

 private:
  void find_names() {
    for (const Figure& figure : sources_.ledger.figures) {
      if (figure.group.empty() || figure.wave != sources_.wave.id) continue;
      const std::string of = lowered(figure.group_label.substr(0, figure.group_label.find(':')));
      add_name(last_part(figure.group_label),
               of.find("region") != std::string::npos || of.find("area") != std::string::npos);
    }
    const auto frame = sources_.study.frames.find(sources_.wave.frame_version);
    if (frame == sources_.study.frames.end()) return;
    for (const Organisation& organisation : frame->second.organisations()) {
      add_name(organisation.region, true);
      add_name(organisation.area_team, true);
    }
    for (const Person& person : frame->second.people()) add_name(person.role, false);
  }

  void add_name(const std::string& name, bool place) {
    constexpr size_t kShortest = 4;
    Words words = words_in(name);
    if (name.size() < kShortest || words.empty()) return;
    // "Leader" tells nobody from the others.
    const bool everyone = std::ranges::any_of(
        words, [&](const std::string& word) { return word == head() || word + "s" == head(); });
    const auto same = std::ranges::find(names_, words, &GroupName::words);
    if (everyone) return;
    if (same != names_.end()) {
      same->place = same->place || place;
    } else {
      names_.push_back({std::move(words), place});
    }
  }

  [[nodiscard]] std::optional<GroupUse> use_at(Tokens tokens, size_t at) const {
    std::optional<GroupUse> best;
    for (const GroupName& name : names_) {
      const size_t end = at + name.words.size();
      if (end > tokens.size() || (best && best->end >= end)) continue;
      GroupUse use{&name, at, end};
      bool same = true;
      for (size_t k = 0; k < name.words.size() && same; ++k) {
        const Token& token = tokens[at + k];
        const std::string& word = name.words[k];
        const bool last = k + 1 == name.words.size();
        use.plural = last && token.is(word + "s");
        use.adjective = last && name.place && token.is(word + "ern");
        same = token.is(word) || use.plural || use.adjective ||
               (last && token.is(word + "es") && (use.plural = true));
      }
      if (same) best = use;
    }
    return best;
  }

  [[nodiscard]] std::vector<GroupUse> uses_in(Tokens tokens) const {
    std::vector<GroupUse> out;
    for (size_t at = 0; at < tokens.size(); ++at) {
      const auto use = use_at(tokens, at);
      if (!use) continue;
      out.push_back(*use);
      at = use->end - 1;
    }
    return out;
  }

  // "Chairs and officers": no group, but whoever was asked.
  static bool is_one_of_several(Tokens tokens, const std::vector<GroupUse>& uses, size_t i) {
    const auto joined = [&](const GroupUse& a, const GroupUse& b) {
      return b.begin > a.end &&
             std::ranges::all_of(tokens.subspan(a.end, b.begin - a.end), [](const Token& token) {
               return is_any_of(token, kBetweenEquals);
             });
    };
    return (i > 0 && joined(uses[i - 1], uses[i])) ||
           (i + 1 < uses.size() && joined(uses[i], uses[i + 1]));
  }

  [[nodiscard]] static size_t without_determiners(Tokens tokens, size_t at) {
    while (at > 0 && is_any_of(tokens[at - 1], kDeterminers)) --at;
    return at;
  }
  [[nodiscard]] static bool starts_clause(Tokens tokens, size_t at) {
    return at == 0 || is_any_of(tokens[at - 1], kClauseStarts);
  }
  // The finding that a phrase in front is said of: no other clause between them.
  [[nodiscard]] static size_t next_finding(Tokens tokens, size_t at) {
    const size_t found = finding_from(tokens, at);
    if (found == kNoToken) return kNoToken;
    const bool parted = std::ranges::any_of(tokens.subspan(at, found - at),
                                            [](const Token& token) { return token.is(";"); });
    return parted ? kNoToken : found;
  }

  void check_use(Tokens tokens, const GroupUse& use) {
    const size_t target = finding_restricted(tokens, use);
    if (target == kNoToken) return;
    const Segment& segment = *tokens[target].finding();
    if (is_of(segment, *use.name) || is_of_question(segment, *use.name)) return;
    if (target > use.end && says_all(tokens, target + 1)) return;
    tell(tokens, target, use);
  }

  // The place of the finding that the words restrict to the group; kNoToken: none.
  [[nodiscard]] size_t finding_restricted(Tokens tokens, const GroupUse& use) const {
    const size_t begin = without_determiners(tokens, use.begin);
    const bool headed = use.end < tokens.size() && is_respondent(tokens[use.end]);
    if (begin == 0 || tokens[begin - 1].is_mark()) {
      const bool subject = use.plural || use.name->place || headed;
      return subject && begin == 0 ? next_finding(tokens, use.end) : kNoToken;
    }
    const Token& prior = tokens[begin - 1];
    if (is_any_of(prior, kAmong)) return nearest_finding(tokens, begin - 1, use.end);
    if (is_any_of(prior, kFronting) && starts_clause(tokens, begin - 1)) {
      const size_t next = next_finding(tokens, use.end);
      if (next != kNoToken) return next;
    }
    const bool listed = use.end < tokens.size() && is_any_of(tokens[use.end], kBetweenEquals);
    if (prior.finding() != nullptr && use.plural && !listed) return begin - 1;
    if (use.adjective && headed) return nearest_finding(tokens, begin, use.end);
    return of_a_place(tokens, use, begin);
  }

  // "… expect to leave in the South", "a survey of leaders in the North found …"
  [[nodiscard]] static size_t of_a_place(Tokens tokens, const GroupUse& use, size_t begin) {
    if (!use.name->place || use.adjective || !is_any_of(tokens[begin - 1], kOfPlace)) {
      return kNoToken;
    }
    const size_t last = finding_before(tokens, begin);
    const bool ends = use.end == tokens.size() || tokens[use.end].is_mark();
    const bool behind = begin >= 2 && last == begin - 2;
    return ends || behind ? last : kNoToken;
  }

  static size_t nearest_finding(Tokens tokens, size_t begin, size_t end) {
    const size_t last = finding_before(tokens, begin);
    const size_t next = next_finding(tokens, end);
    if (last == kNoToken) return next;
    constexpr size_t kNear = 2;  // "and, among chairs, 70 per cent"
    return next != kNoToken && next <= end + kNear ? next : last;
  }

  [[nodiscard]] static bool is_of(const Segment& segment, const GroupName& name) {
    return std::ranges::any_of(segment.figures, [&](const Figure* figure) {
      return !figure->group.empty() && find_word(replaced(lowered(figure->group_label), "-", " "),
                                                 join(name.words, " ")) != std::string::npos;
    });
  }

  // "Described their role as chair": a word of the question.
  [[nodiscard]] bool is_of_question(const Segment& segment, const GroupName& name) const {
    return std::ranges::any_of(segment.figures, [&](const Figure* figure) {
      const Item* item = item_of(*figure);
      if (item == nullptr) return false;
      const std::string words = replaced(lowered(words_of(*item)), "-", " ");
      const std::string said = join(name.words, " ");
      return find_word(words, said) != std::string::npos ||
             find_word(words, said + "s") != std::string::npos;
    });
  }

  // "… of all leaders", "… of leaders as a whole"
  [[nodiscard]] bool says_all(Tokens tokens, size_t at) const {
    // "Chairs lead their boards, and 63 per cent of leaders would leave"
    const size_t whom = at + (says_at(tokens, at, "of the") ? 2U : 1U);
    if (says_at(tokens, at, "of") && whom < tokens.size() && is_respondent(tokens[whom])) {
      return true;
    }
    return says_at(tokens, at, "of all") || says_at(tokens, at, "of them all") ||
           says_at(tokens, at, "overall");
  }

  void tell(Tokens tokens, size_t target, const GroupUse& use) {
    const Segment& segment = *tokens[target].finding();
    if (!told_.insert(segment.begin).second) return;
    const Figure& figure = *segment.figures.front();
    const std::string name = join(use.name->words, " ");
    const bool known = std::ranges::any_of(sources_.ledger.figures, [&](const Figure& other) {
      return other.item == figure.item && other.wave == figure.wave &&
             last_part(other.group_label) == name;
    });
    error(tokens[use.begin].begin, "story-base",
          fmt::format("{} is of {}, and the sentence says it of '{}'", figure.id,
                      printable(figure.group.empty() ? "all " + sources_.study.respondent_word
                                                     : last_part(figure.group_label)),
                      said(tokens.subspan(use.begin, use.end - use.begin))),
          known && !figure.item.empty()
              ? fmt::format("{{{{ pct {} {} of \"{}\" }}}}", figure.item, figure.answer,
                            printable(name))
              : fmt::format("the ledger has no such figure of '{}'; take the words out",
                            printable(name)));
  }

  // "Of all leaders, 41 per cent gave workload", asked of those who leave.
  void check_everyone_in_front(Tokens tokens) {
    static constexpr auto kOf = std::to_array<std::string_view>({"of", "among", "amongst"});
    for (size_t at = 0; at + 2 < tokens.size(); ++at) {
      if (!is_any_of(tokens[at], kOf) || !starts_clause(tokens, at)) continue;
      size_t who = at + 1;
      while (who < tokens.size() && !tokens[who].is_mark() && !is_respondent(tokens[who]) &&
             tokens[who].segment == nullptr) {
        ++who;
      }
      if (who >= tokens.size() || !is_respondent(tokens[who])) continue;
      const size_t target = next_finding(tokens, who);
      if (target == kNoToken) continue;
      const Segment& segment = *tokens[target].finding();
      const Figure& figure = *segment.figures.front();
      const Item* item = item_of(figure);
      const bool share =
          figure.kind == FigureKind::kPercent && segment.verb != "count" && segment.verb != "base";
      if (item == nullptr || !share || !is_of_some(*item)) continue;
      if (common_count(stems(tokens.subspan(at, target - at)), stems(item->base_text)) > 0)
        continue;
      if (!told_.insert(segment.begin).second) continue;
      error(tokens[at].begin, "story-base",
            fmt::format("{} is of “{}”, and the sentence says it of '{}'", figure.id,
                        printable(item->base_text), said(tokens.subspan(at, who + 1 - at))),
            "say of whom it was asked");
    }
  }

  std::vector<GroupName> names_;
  std::set<size_t> told_;  // findings, by their first byte
};

}  // namespace

void check_groups(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                  Diagnostics& problems) {
  GroupChecker(sources, story, passage, problems).check();
}

}  // namespace barometer
