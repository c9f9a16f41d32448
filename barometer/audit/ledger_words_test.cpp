// Sentences on every published figure of the demo's ledgers: the words choose the figure, and no
// value makes another of it.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/audit/audit.h"
#include "barometer/base/text.h"
#include "barometer/ledger/read.h"

namespace barometer {
namespace {

// How an article words an item: what was asked, as a clause or, of parts of leadership and causes
// of delay, as a thing.
struct Wording {
  const char* item;
  const char* clause;
  const char* otherwise;  // in other words
};
constexpr Wording kOfCcgs[] = {
    {"integrate", "they would encourage increased integration of their existing providers",
     "they would push integration of the providers they have"},
    {"alternative", "they would make greater use of alternative providers",
     "they would turn to alternative providers and increased competition"},
    {"competition_rules", "requirements to introduce more competition and procurement",
     "the requirements for more competition and competitive procurement"},
    {"tariff", "the NHS per treatment tariff system", "the tariff system"},
    {"little_competition", "not enough opportunity to introduce competition",
     "not having enough opportunity to introduce competition and new providers"},
    {"share_functions", "they would increase shared commissioning functions",
     "they would pool budgets or share functions with a local authority"},
    {"area_team", "the way their area team deals with their CCG", "dealings with their area team"},
    {"leave_self", "they personally would leave their CCG position",
     "they themselves would quit their post"},
    {"some_leave", "some of the CCG's GP leaders would leave",
     "some GP leaders of their CCG would quit"},
    {"all_leave", "all the CCG's GP leaders would leave", "all GP leaders of their CCG would quit"},
    {"less_integrated", "services would be less well integrated around individuals",
     "health and care services would become less integrated"},
    {"better_integrated", "services would be better integrated around individuals",
     "health and care services would become better integrated"},
    {"pooled_budget", "they would create a pooled budget with local authorities",
     "their CCG would create a shared, joint or pooled commissioning budget"},
    {"lead_quality", "quality improvement", "quality improvement"},
    {"lead_governance", "clinical governance", "clinical governance"},
    {"lead_involvement", "patient and public involvement",
     "involvement of patients and the public"},
    {"lead_change", "implementing service change", "implementing changes of service"},
    {"lead_informatics", "informatics", "informatics"},
    {"con_senior_gp", "the most senior GP", "the most senior GP"},
    {"con_senior_manager", "the most senior manager", "the most senior manager"},
    {"con_other_managers", "other senior managerial leaders", "other senior managerial leaders"},
    {"con_board_gps", "other GPs on the CCG governing body", "other GPs on the governing body"},
    {"con_nurse", "the nurse on the governing body", "the governing body's nurse"},
    {"con_doctor", "the hospital doctor on the governing body",
     "the governing body's hospital doctor"},
    {"con_outside_gps", "GPs who are not on the governing body", "GPs not on the governing body"},
};
constexpr Wording kOfNhscc[] = {
    {"area_team", "their local area team worked effectively with them",
     "the area team worked effectively with them"},
    {"national", "NHS England worked effectively with them at national level",
     "NHS England was effective with them on a national level"},
    {"vision", "NHS England shared their vision for primary care",
     "NHS England shared their vision of primary care"},
    {"powers", "NHS England understood their decision-making powers",
     "NHS England understood their decision-making powers in primary care commissioning"},
    {"primary_care", "NHS England worked effectively with them as commissioner of primary care",
     "NHS England was effective as a commissioner of primary care"},
    {"specialised",
     "NHS England worked effectively with them as commissioner of specialised services",
     "NHS England was effective as a commissioner of specialised services"},
};

// Sentences with an answer: {} the number, then the item. `turned` says the contrary.
struct Pattern {
  const char* label;
  std::vector<const char*> said;
  std::vector<const char*> turned;
};
const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = {
      {"Likely",
       {"{} per cent said it was likely that {}.",
        "{} per cent said it was likely or very likely that {}.", "{} per cent said {}.",
        "It was thought likely that {} by {} per cent."},
       {"{} per cent said it was unlikely that {}.", "{} per cent did not think it likely that {}.",
        "{} per cent said it was unlikely or very unlikely that {}.",
        "{} per cent doubted that {}."}},
      {"Unlikely",
       {"{} per cent said it was unlikely that {}.",
        "{} per cent thought it unlikely or very unlikely that {}."},
       {"{} per cent said it was likely that {}.", "{} per cent said {}."}},
      {"Agree",
       {"{} per cent agreed that {}.", "{} per cent said that {}.",
        "{} per cent of CCG leads agreed {}."},
       {"{} per cent disagreed that {}.", "{} per cent did not agree that {}.",
        "{} per cent doubted that {}.", "{} per cent denied that {}."}},
      {"Disagree",
       {"{} per cent disagreed that {}.", "{} per cent did not agree that {}."},
       {"{} per cent agreed that {}.", "{} per cent said that {}."}},
      {"Good or very good",
       {"{} per cent described {} as good or very good.", "{} per cent called {} good.",
        "{} per cent were positive about {}."},
       {"{} per cent described {} as poor or very poor.", "{} per cent called {} poor.",
        "{} per cent did not call {} good."}},
      {"A barrier or major barrier",
       {"{} per cent said that {} was a barrier.",
        "{} per cent called {} a barrier or a major barrier."},
       {"{} per cent said that {} was not a barrier.", "{} per cent said that {} was no barrier."}},
      {"Strong or very strong",
       {"{} per cent called leadership in {} strong or very strong.",
        "{} per cent said their CCG's leadership in {} was strong."},
       {"{} per cent called leadership in {} weak or very weak.",
        "{} per cent said their CCG's leadership in {} was weak."}},
      {"Weak or very weak",
       {"{} per cent called leadership in {} weak or very weak.",
        "{} per cent said their CCG's leadership in {} was weak."},
       {"{} per cent called leadership in {} strong or very strong."}},
      {"Neutral",
       {"{} per cent were neutral about leadership in {}."},
       {"{} per cent called leadership in {} strong."}},
      {"Large",
       {"{} per cent said that {} made a large contribution to leading the CCG."},
       {"{} per cent said that {} made little or no contribution to leading the CCG."}},
      {"Yes", {"{} per cent said {}."}, {"{} per cent said it was not true that {}."}},
      {"No",
       {"{} per cent denied that {}.", "{} per cent did not say {}."},
       {"{} per cent said {}."}},
      {"Don't know",
       {"{} per cent did not know whether {}.", "{} per cent were unsure whether {}."},
       {"{} per cent said {}."}},
  };
  return all;
}

// "{} per cent said {}": the number first, unless the pattern says it last.
std::string sentence_of(std::string pattern, int value, const std::string& item) {
  const std::string number = fmt::to_string(value);
  const bool last = pattern.ends_with("by {} per cent.");
  const auto put = [&](const std::string& text) {
    const size_t at = pattern.find("{}");
    pattern.replace(at, 2, text);
  };
  put(last ? item : number);
  put(last ? number : item);
  return pattern;
}

struct Source {
  const char* file;
  std::map<std::string, Wording> wordings;
  std::map<std::string, std::string> openings;  // by wave
};
const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> out{
        {"ccg-barometer.csv",
         {},
         {{"2012-10", "The survey of October 2012 had 116 replies from CCG leaders."},
          {"2013-01", "CCG leaders answered the survey in January 2013."},
          {"2013-04", "The survey of April 2013 had 94 replies from CCG leaders."}}},
        {"nhscc-2013.csv",
         {},
         {{"2013-n272", "The survey had 272 replies from CCG leads."},
          {"2013-n273", "The survey had 273 replies from CCG leads."}}}};
    for (const Wording& wording : kOfCcgs) out[0].wordings[wording.item] = wording;
    for (const Wording& wording : kOfNhscc) out[1].wordings[wording.item] = wording;
    return out;
  }();
  return all;
}

const Ledger& ledger_of(const Source& source) {
  static std::map<std::string, Ledger> all;
  const auto found = all.find(source.file);
  if (found != all.end()) return found->second;
  auto read =
      read_ledger_file(std::string(SOURCE_DIR) + "/barometer/audit/testdata/" + source.file);
  return all.emplace(source.file, std::move(*read)).first->second;
}

struct Graded {
  LedgerGrade grade = LedgerGrade::kNotPublished;
  std::string figure = "no match made";
};
std::vector<Graded> all_graded(const Source& source, const std::string& wave,
                               const std::string& sentence, const Ledger* ledger = nullptr) {
  const std::string text =
      "Leaders answer\n\n" + source.openings.at(wave) + "\n\n" + sentence + "\n";
  std::vector<Article> articles;
  articles.push_back(read_claims(*read_document(text, DocumentFormat::kText, "a.txt")));
  const Audit audit = audit_articles(std::move(articles),
                                     {.ledger = ledger == nullptr ? &ledger_of(source) : ledger});
  const ArticleAudit& document = audit.documents[0];
  std::vector<Graded> out;
  for (const LedgerMatch& match : document.matches) {
    const Claim& claim = document.article.claims[match.claim];
    if (claim.kind == ClaimKind::kPercent) out.push_back({match.grade, match.figure});
  }
  return out;
}
Graded graded(const Source& source, const std::string& wave, const std::string& sentence,
              const Ledger* ledger = nullptr) {
  const std::vector<Graded> all = all_graded(source, wave, sentence, ledger);
  return all.empty() ? Graded{} : all.front();
}

struct Tally {
  size_t right = 0;
  size_t all = 0;
  std::vector<std::string> missed;
  void add(bool ok, const std::string& what) {
    ++all;
    right += ok ? 1 : 0;
    if (!ok) missed.push_back(what);
  }
  [[nodiscard]] std::string text() const {
    std::string out = fmt::format("{} of {}", right, all);
    for (const std::string& one : missed) out += "\n  " + one;
    return out;
  }
};

// Calls with each shown share of an item that has a wording, with the pattern of its answer.
template <class Visit>
void for_each_figure(Visit visit) {
  for (const Source& source : sources()) {
    for (const Figure& figure : ledger_of(source).figures) {
      if (figure.kind != FigureKind::kPercent || !figure.value) continue;
      const auto wording = source.wordings.find(figure.item);
      const auto pattern = std::ranges::find(patterns(), figure.label, &Pattern::label);
      if (wording == source.wordings.end() || pattern == patterns().end()) continue;
      visit(source, figure, wording->second, *pattern);
    }
  }
}

int printed(const Figure& figure) { return static_cast<int>(std::lround(*figure.value)); }
std::string told(const std::string& sentence, const Graded& graded) {
  return fmt::format("{} -> {} {}", sentence, name_of(graded.grade), graded.figure);
}

// Values of the same item and wave, and of its neighbours.
std::vector<int> values_of(const Source& source, const Figure& figure, bool same_item) {
  std::vector<int> out;
  for (const Figure& other : ledger_of(source).figures) {
    if (other.kind != FigureKind::kPercent || !other.value || other.wave != figure.wave) continue;
    if ((other.item == figure.item) == same_item && printed(other) != printed(figure)) {
      out.push_back(printed(other));
    }
  }
  return out;
}

bool is_of_item(const Graded& graded, const Figure& figure) {
  return graded.figure.starts_with(figure.wave + "." + figure.item + ".");
}

TEST(LedgerWords, RightFiguresAreConfirmed) {
  Tally tally;
  size_t others = 0;  // confirmed as another figure
  for_each_figure([&](const Source& source, const Figure& figure, const Wording& wording,
                      const Pattern& pattern) {
    for (const char* said : pattern.said) {
      for (const char* item : {wording.clause, wording.otherwise}) {
        const std::string sentence = sentence_of(said, printed(figure), item);
        const Graded got = graded(source, figure.wave, sentence);
        const bool same = got.figure == figure.id;
        // The base of one question is 93 where the article says 94.
        const bool right = got.grade == LedgerGrade::kConfirmed || figure.n == size_t{93};
        tally.add(right && same, told(sentence, got));
        if (got.grade == LedgerGrade::kConfirmed && !same) ++others;
      }
    }
  });
  EXPECT_EQ(others, 0U) << tally.text();
  EXPECT_GE(tally.right * 100, tally.all * 95) << tally.text();
}

TEST(LedgerWords, TurnedSentencesAreNeverConfirmed) {
  Tally confirmed;
  Tally wrong;
  for_each_figure([&](const Source& source, const Figure& figure, const Wording& wording,
                      const Pattern& pattern) {
    for (const char* turned : pattern.turned) {
      for (const char* item : {wording.clause, wording.otherwise}) {
        const std::string sentence = sentence_of(turned, printed(figure), item);
        const Graded got = graded(source, figure.wave, sentence);
        confirmed.add(got.grade != LedgerGrade::kConfirmed, told(sentence, got));
        wrong.add(got.grade == LedgerGrade::kWrong, told(sentence, got));
      }
    }
  });
  EXPECT_EQ(confirmed.right, confirmed.all) << confirmed.text();
  EXPECT_GE(wrong.right * 100, wrong.all * 90) << wrong.text();
}

TEST(LedgerWords, OtherValuesAreWrongWithTheFigureOfTheWords) {
  Tally confirmed;
  Tally wrong;
  for_each_figure([&](const Source& source, const Figure& figure, const Wording& wording,
                      const Pattern& pattern) {
    std::vector<int> values = values_of(source, figure, true);
    const std::vector<int> near = values_of(source, figure, false);
    for (size_t i = 0; i < std::min<size_t>(near.size(), 3); ++i) values.push_back(near[i]);
    values.push_back(printed(figure) == 1 ? 2 : printed(figure) - 1);
    for (const int value : values) {
      const std::string sentence = sentence_of(pattern.said[0], value, wording.clause);
      const Graded got = graded(source, figure.wave, sentence);
      confirmed.add(got.grade != LedgerGrade::kConfirmed, told(sentence, got));
      const bool other_wave = got.grade == LedgerGrade::kOtherBase && !is_of_item(got, figure);
      wrong.add((got.grade == LedgerGrade::kWrong && got.figure == figure.id) || other_wave,
                told(sentence, got));
    }
  });
  EXPECT_EQ(confirmed.right, confirmed.all) << confirmed.text();
  EXPECT_GE(wrong.right * 100, wrong.all * 95) << wrong.text();
}

TEST(LedgerWords, FiguresOfOtherWavesSayWhoseTheyAre) {
  struct Row {
    const char* wave;
    const char* sentence;
    const char* expected;
  };
  const Row rows[] = {
      {"2013-04", "73 per cent described dealings with their area team as good.",
       "right figure of another base 2013-01.area_team.good.respondents"},
      {"2013-04", "In January 2013, 73 per cent described dealings with their area team as good.",
       "confirmed 2013-01.area_team.good.respondents"},
      {"2013-01", "73 per cent described dealings with their area team as good.",
       "confirmed 2013-01.area_team.good.respondents"},
      {"2013-01", "68 per cent described dealings with their area team as good.",
       "right figure of another base 2013-04.area_team.good.respondents"},
      {"2013-04", "96 per cent were likely to encourage integration of their existing providers.",
       "right figure of another base 2012-10.integrate.likely.respondents"},
  };
  for (const Row& row : rows) {
    const Graded got = graded(sources()[0], row.wave, row.sentence);
    EXPECT_EQ(std::string(name_of(got.grade)) + " " + got.figure, row.expected) << row.sentence;
  }
}

// What the words leave open is not confirmed, whatever the value.
TEST(LedgerWords, WordsThatFitSeveralFiguresDecideNone) {
  struct Row {
    const char* sentence;
    LedgerGrade grade;
    const char* figure;
  };
  const Row rows[] = {
      {"85 per cent of leaders would leave.", LedgerGrade::kNotPublished, ""},
      {"63 per cent of CCG leaders would quit their CCG.", LedgerGrade::kUnclear, ""},
      {"68 per cent said something of how their area team deals with their CCG.",
       LedgerGrade::kUnclear, ""},
      {"45 per cent wanted more money for hospitals.", LedgerGrade::kNotPublished, ""},
      {"70 per cent said it was very likely that they personally would leave their CCG position.",
       LedgerGrade::kWrong, "2013-04.leave_self.1.respondents"},
      {"40 per cent said it was very likely that they personally would leave their CCG position.",
       LedgerGrade::kNotPublished, "2013-04.leave_self.1.respondents"},
      {"63 per cent ruled out leaving their CCG position.", LedgerGrade::kWrong,
       "2013-04.leave_self.unlikely.respondents"},
      {"41 per cent scoffed at a pooled budget with local authorities.", LedgerGrade::kUnclear, ""},
      {"12 per cent described dealings with their area team as poor.", LedgerGrade::kNotPublished,
       "2013-04.area_team.poor.respondents"},
      {"40 per cent described dealings with their area team as poor.", LedgerGrade::kWrong,
       "2013-04.area_team.poor.respondents"},
  };
  for (const Row& row : rows) {
    const Graded got = graded(sources()[0], "2013-04", row.sentence);
    EXPECT_EQ(name_of(got.grade), name_of(row.grade)) << row.sentence << " " << got.figure;
    EXPECT_EQ(got.figure, row.figure) << row.sentence;
  }
}

// Several answers in one sentence: each has its own words.
TEST(LedgerWords, AnswersOfOneSentenceAreToldApart) {
  struct Row {
    const char* sentence;
    std::vector<const char*> expected;
  };
  const Row rows[] = {
      {"The area team's dealings were rated good or very good by 68 per cent and poor by 12 per "
       "cent.",
       {"confirmed 2013-04.area_team.good.respondents", "not published"}},
      {"Leadership in informatics was called strong by 41 per cent and weak by 26 per cent.",
       {"confirmed 2013-04.lead_informatics.strong.respondents",
        "confirmed 2013-04.lead_informatics.weak.respondents"}},
      {"Leadership in informatics was called strong by 26 per cent and weak by 41 per cent.",
       {"wrong 2013-04.lead_informatics.strong.respondents",
        "wrong 2013-04.lead_informatics.weak.respondents"}},
      {"Asked about pooled budgets with local authorities, 41 per cent said no, 31 per cent said "
       "yes "
       "and 17 per cent had no view.",
       {"wrong 2013-04.pooled_budget.2.respondents", "wrong 2013-04.pooled_budget.1.respondents",
        "confirmed 2013-04.pooled_budget.4.respondents"}},
      {"94 per cent said the most senior GP makes a large contribution to leading the CCG, and 48 "
       "per "
       "cent said so of the nurse on the governing body.",
       {"confirmed 2013-04.con_senior_gp.1.respondents",
        "confirmed 2013-04.con_nurse.1.respondents"}},
      {"Asked about patient and public involvement, 53 per cent said their CCG's leadership was "
       "strong and "
       "16 "
       "per cent said it was weak.",
       {"confirmed 2013-04.lead_involvement.strong.respondents",
        "confirmed 2013-04.lead_involvement.weak.respondents"}},
  };
  for (const Row& row : rows) {
    const std::vector<Graded> got = all_graded(sources()[0], "2013-04", row.sentence);
    ASSERT_EQ(got.size(), row.expected.size()) << row.sentence;
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_THAT(std::string(name_of(got[i].grade)) + " " + got[i].figure,
                  ::testing::StartsWith(row.expected[i]))
          << row.sentence;
    }
  }
}

// A group of 30 beside each figure, eleven points away.
TEST(LedgerWords, GroupsHaveFiguresOfTheirOwn) {
  size_t seen = 0;
  for_each_figure([&](const Source& source, const Figure& figure, const Wording& wording,
                      const Pattern& pattern) {
    Ledger ledger = ledger_of(source);
    Figure group = figure;
    group.id += ".region-1";
    group.group = "region-1";
    group.group_label = "Region: North of England";
    group.value = figure.value > 50.0 ? *figure.value - 11.4 : *figure.value + 11.4;
    group.printed = fmt::to_string(printed(group));
    group.n = 30;
    group.count.reset();
    ledger.figures.push_back(group);
    const auto match = [&](const std::string& opening, int value) {
      const Graded got =
          graded(source, figure.wave, opening + sentence_of(pattern.said[0], value, wording.clause),
                 &ledger);
      return std::string(name_of(got.grade)) + " " + got.figure;
    };
    // Another answer may print what the group does.
    const std::vector<int> others = values_of(source, figure, true);
    if (std::ranges::find(others, printed(group)) != others.end()) return;
    ++seen;
    EXPECT_EQ(match("", printed(group)), "right figure of another base " + group.id);
    EXPECT_EQ(match("Of the 30 leaders in the north, ", printed(group)), "confirmed " + group.id);
    EXPECT_THAT(match("Of the 30 leaders in the north, ", printed(figure)),
                ::testing::Not(::testing::StartsWith("confirmed")));
  });
  EXPECT_GE(seen, 40U);
}

}  // namespace
}  // namespace barometer
