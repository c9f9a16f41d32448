// Random questionnaires, random posts to random pages, in any order, forth and back. A slow road
// beside: what is asked comes from Expression::evaluate over a dataset of the one case, made anew
// for every item, and what is saved from the fields that were sent.
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/base/text.h"
#include "barometer/data/dataset.h"
#include "barometer/data/expression.h"
#include "barometer/interview/interview_testing_internal.h"

namespace barometer {
namespace {

using Random = std::mt19937_64;

size_t below(Random& random, size_t count) { return random() % count; }

// A condition on one item, of its kind.
std::string atom(Random& random, const std::string& id, char kind) {
  const auto code = 1 + below(random, 3);
  switch (kind) {
    case 's':
      return below(random, 3) == 0 ? fmt::format("{} in (1, {})", id, code)
                                   : fmt::format("{} = {}", id, code);
    case 'm':
      return fmt::format("{} {}has {}", id, below(random, 2) == 0 ? "" : "not ", code);
    case 'n':
      return fmt::format("{} + 1 > {} / 2", id, code * 3);
    case 'p':
      return fmt::format("{} between 2 and {}", id, code + 1);
    default:
      return fmt::format("{} <> 'word{}'", id, code);
  }
}

std::string condition(Random& random, const std::vector<std::pair<std::string, char>>& earlier) {
  std::string out;
  for (size_t parts = 1 + below(random, 3); parts > 0; --parts) {
    const auto& [id, kind] = earlier[below(random, earlier.size())];
    std::string part = atom(random, id, kind);
    if (below(random, 5) == 0) part = id + " is missing";
    if (below(random, 4) == 0) part = "not (" + part + ")";
    if (!out.empty()) out += below(random, 2) == 0 ? " and " : " or ";
    out += part;
  }
  return out;
}

constexpr const char* kTypes[] = {
    "type: single, options: [A, B, {label: C, specify: true}], randomise: options",
    "type: multi, options: [A, B, C], randomise: reverse", "type: number",
    "type: score, scale: [1, 4]", "type: open"};
constexpr char kKinds[] = {'s', 'm', 'n', 'p', 't'};

// Items and batteries whose routing may name any earlier item, those of the same battery included.
std::string random_questionnaire(Random& random) {
  std::vector<std::pair<std::string, char>> earlier;
  std::string yaml;
  const auto routing = [&]() -> std::string {
    if (earlier.empty() || below(random, 3) == 0) return "";
    return fmt::format(", ask_if: \"{}\", base: Some", condition(random, earlier));
  };
  for (size_t i = 0; i < 9; ++i) {
    const size_t type = below(random, 5);
    const std::string need = below(random, 4) == 0 ? ", required: true" : "";
    if (below(random, 3) > 0) {
      const std::string id = fmt::format("q{}", i);
      yaml += fmt::format("  - {{id: {}, text: Q, {}{}{}}}\n", id, kTypes[type], need, routing());
      earlier.emplace_back(id, kKinds[type]);
      continue;
    }
    yaml += fmt::format("  - battery: b{}\n    stem: S\n    randomise_items: true\n", i);
    std::string keys = replaced(std::string(kTypes[type]) + need, ", options", "\n    options");
    for (const char* key : {", randomise", ", scale", ", required"}) {
      keys = replaced(keys, key, "\n    " + std::string(key).substr(2));
    }
    yaml += "    " + keys + "\n    items:\n";
    for (size_t k = 0; k < 3; ++k) {
      const std::string id = fmt::format("q{}_{}", i, k);
      yaml += fmt::format("      - {{id: {}, text: Statement{}}}\n", id, routing());
      earlier.emplace_back(id, kKinds[type]);
    }
  }
  return yaml;
}

struct Sent {
  std::string form;  // with a leading &
  bool fine = true;
  GivenAnswer answer{.missing = Missing::kSystem};
};

// What a browser, or someone else, sends for an item.
Sent random_fields(Random& random, const Item& item) {
  Sent sent;
  const size_t what = below(random, 8);
  if (what == 0) {
    sent.fine = item.asking.need != AnswerNeed::kRequired;
    return sent;
  }
  sent.answer.missing = Missing::kNone;
  const int code = 1 + static_cast<int>(below(random, 3));
  if (item.kind() == VariableKind::kNumber || item.kind() == VariableKind::kText) {
    const bool number = item.kind() == VariableKind::kNumber;
    sent.answer.text = number ? fmt::format("{}", below(random, 9)) : fmt::format("word{}", code);
    sent.form = fmt::format("&{}={}", item.id, sent.answer.text);
    if (number && what == 1) sent = {.form = "&" + item.id + "=-3", .fine = false};
    return sent;
  }
  sent.answer.codes = {code};
  sent.form = fmt::format("&{}={}", item.id, code);
  if (what == 1) sent = {.form = "&" + item.id + "=77", .fine = false};
  if (what == 2 && code < 3) {
    sent.form += fmt::format("&{}=3", item.id);
    sent.fine = item.kind() == VariableKind::kMulti;
    sent.answer.codes.push_back(3);
  }
  return sent;
}

// One case of a dataset, as the state says; items from `first_unknown` on were not asked.
Dataset dataset_of(const Questionnaire& all, const InterviewState& state,
                   const std::vector<uint8_t>& asked) {
  std::vector<Column> columns;
  for (size_t i = 0; i < all.items.size(); ++i) {
    const Item& item = all.items[i];
    const auto found = state.answers.find(item.id);
    Missing missing = i < asked.size() && asked[i] != 0 ? Missing::kSystem : Missing::kNotAsked;
    const bool there = missing == Missing::kSystem && found != state.answers.end();
    if (there) missing = found->second.missing;
    const GivenAnswer answer = there ? found->second : GivenAnswer{};
    const bool value = missing == Missing::kNone;
    if (item.kind() == VariableKind::kNumber) {
      columns.emplace_back(Numbers{{value ? std::stod(answer.text) : 0}, {missing}});
    } else if (item.kind() == VariableKind::kText) {
      columns.emplace_back(Texts{{value ? answer.text : ""}, {missing}});
    } else if (item.kind() == VariableKind::kMulti) {
      uint64_t bits = 0;
      for (const int code : answer.codes) bits |= uint64_t{1} << (code - 1);
      columns.emplace_back(OptionSets{{value ? bits : 0}, {missing}});
    } else {
      const std::vector<int> codes{value ? answer.codes[0] : file_code(missing)};
      columns.push_back(make_codes(codes));
    }
  }
  return Dataset::make(all.codebook().value(), std::move(columns)).value();
}

std::vector<uint8_t> asked_slowly(const Questionnaire& all, const InterviewState& state) {
  std::vector<uint8_t> asked;
  for (const Item& item : all.items) {
    const auto rule =
        item.ask_if.empty() ? Expression::parse("1 = 1") : Expression::parse(item.ask_if);
    asked.push_back(rule->evaluate(dataset_of(all, state, asked)).value()[0]);
  }
  return asked;
}

std::optional<size_t> first_open_slowly(const Interview& interview, const InterviewState& state) {
  const auto asked = asked_slowly(interview.questionnaire(), state);
  for (size_t page = 0; page < interview.pages().size(); ++page) {
    for (const size_t item : interview.pages()[page].items) {
      const std::string& id = interview.questionnaire().items[item].id;
      if (asked[item] != 0 && !state.answers.contains(id)) return page;
    }
  }
  return std::nullopt;
}

// One person at one interview, with the slow road beside.
class Walk {
 public:
  Walk(const Interview& interview, uint64_t seed)
      : interview_(interview), random_(seed), state_(interview.start(seed)) {}

  void post_somewhere() {
    const auto& pages = interview_.pages();
    const auto open = interview_.first_open_page(state_);
    const size_t page = open && below(random_, 3) > 0 ? *open : below(random_, pages.size());
    const auto asked = asked_slowly(interview_.questionnaire(), state_);
    ASSERT_EQ(interview_.asked(state_), asked);
    std::map<std::string, GivenAnswer> sent;
    bool fine = true;
    std::string form = noise(page);
    for (const size_t index : pages[page].items) {
      const Item& item = interview_.questionnaire().items[index];
      const Sent fields = random_fields(random_, item);
      form += fields.form;
      if (asked[index] == 0) continue;  // sent all the same
      fine = fine && fields.fine;
      sent[item.id] = fields.answer;
    }
    check(page, form, sent, fine);
  }

  void check_another_device() const {
    InterviewState again = interview_.start(999);
    for (const std::string& body : bodies_) {
      ASSERT_TRUE(interview_.apply(kAnswersEntry, body, again)) << body;
    }
    if (bodies_.empty()) return;
    EXPECT_EQ(again, state_);
    EXPECT_EQ(interview_.first_open_page(again), first_open_slowly(interview_, state_));
    for (const size_t page : interview_.route(state_)) {
      EXPECT_EQ(shown(page, again), shown(page, state_));
    }
  }

  void check_what_holds() const {
    const auto asked = asked_slowly(interview_.questionnaire(), state_);
    const auto summary = interview_.summary(state_);
    size_t at = 0;
    for (size_t i = 0; i < asked.size(); ++i) {
      if (asked[i] == 0) continue;
      ASSERT_LT(at, summary.size());
      EXPECT_EQ(summary[at].item, interview_.questionnaire().items[i].id);
      const auto saved = state_.answers.find(summary[at].item);
      const bool there = saved != state_.answers.end() && saved->second.missing == Missing::kNone;
      EXPECT_EQ(!summary[at].answers.empty(), there);
      ++at;
    }
    EXPECT_EQ(at, summary.size());
  }

  [[nodiscard]] size_t taken() const { return bodies_.size(); }
  [[nodiscard]] size_t refused() const { return refused_; }

 private:
  // Fields of items on other pages.
  std::string noise(size_t page) {
    const auto& other = interview_.pages()[below(random_, interview_.pages().size())];
    if (&other == &interview_.pages()[page]) return "csrf=1";
    const Item& item = interview_.questionnaire().items[other.items.front()];
    return fmt::format("{}=1&{}.other.3=x&csrf=1", item.id, item.id);
  }

  void check(size_t page, const std::string& form, const std::map<std::string, GivenAnswer>& sent,
             bool fine) {
    const auto outcome = interview_.post(page, parse_form(form).value(), state_, {});
    if (const auto* refused = std::get_if<PostRefused>(&outcome)) {
      EXPECT_TRUE(sent.empty() || !fine) << form;
      EXPECT_EQ(refused->off_route, sent.empty());
      EXPECT_EQ(refused->page.errors.empty(), sent.empty());
      ++refused_;
      return;
    }
    const auto& accepted = std::get<PostAccepted>(outcome);
    ASSERT_TRUE(fine && !sent.empty()) << form;
    InterviewState expected = state_;
    for (const auto& [id, answer] : sent) expected.answers.insert_or_assign(id, answer);
    EXPECT_EQ(accepted.state.answers, expected.answers) << form;
    EXPECT_EQ(accepted.state.entries, state_.entries + 1);
    const auto open = first_open_slowly(interview_, accepted.state);
    EXPECT_EQ(accepted.next.has_value(), open.has_value());
    state_ = accepted.state;
    bodies_.push_back(accepted.body);
  }

  // The page as text, so that two can be compared.
  [[nodiscard]] std::string shown(size_t page, const InterviewState& state) const {
    const auto view = interview_.show(page, state);
    std::string out;
    for (const FieldView& field : view->fields) {
      out += field.name + "=" + field.value;
      for (const ChoiceView& choice : field.choices) {
        out += fmt::format(" {}{}", choice.value, choice.chosen ? "*" : "");
      }
      out += "\n";
    }
    return out;
  }

  const Interview& interview_;
  Random random_;
  InterviewState state_;
  std::vector<std::string> bodies_;
  size_t refused_ = 0;
};

TEST(InterviewProperty, ManyWalksThroughManyQuestionnairesKeepToTheSlowRoad) {
  size_t taken = 0;
  size_t refused = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const std::string yaml = random_questionnaire(random);
    SCOPED_TRACE(yaml);
    const Interview interview = interview_of(yaml);
    for (uint64_t person = 1; person <= 3; ++person) {
      Walk walk(interview, seed * 100 + person);
      for (int step = 0; step < 25; ++step) {
        walk.post_somewhere();
        ASSERT_FALSE(testing::Test::HasFailure());
      }
      walk.check_another_device();
      walk.check_what_holds();
      ASSERT_FALSE(testing::Test::HasFailure());
      taken += walk.taken();
      refused += walk.refused();
    }
  }
  // The walks meet both outcomes often, or they would show little.
  EXPECT_GT(taken, 1000U);
  EXPECT_GT(refused, 500U);
}

TEST(InterviewProperty, StatementsAskedByOneOfTheirBatteryComeOnALaterPage) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    const Interview interview = interview_of(random_questionnaire(random));
    std::set<size_t> seen;
    for (const InterviewPage& page : interview.pages()) {
      for (const size_t item : page.items) {
        EXPECT_TRUE(seen.insert(item).second);
        const std::string& rule = interview.questionnaire().items[item].ask_if;
        if (rule.empty()) continue;
        for (const std::string& name : Expression::parse(rule)->variables()) {
          for (const size_t beside : page.items) {
            EXPECT_NE(interview.questionnaire().items[beside].id, name);
          }
        }
      }
    }
    EXPECT_EQ(seen.size(), interview.questionnaire().items.size());
  }
}

}  // namespace
}  // namespace barometer
