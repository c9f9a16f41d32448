// The claims of thirteen articles, as a person wrote them down, and of sentences written for it:
// recall and precision by kind, with every miss in the data.
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/claim/claim.h"

namespace barometer {
namespace {

const std::string kFolder = SOURCE_DIR "/barometer/claim/testdata/";

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
CsvTable table_of(const std::string& path) {
  Diagnostics problems;
  CsvTable table = CsvTable::parse(bytes_of(path), path, problems);
  EXPECT_TRUE(problems.ok()) << problems.text();
  return table;
}
Article article_of(std::string_view text) {
  return read_claims(*read_document(text, DocumentFormat::kText, "article"));
}

struct Score {
  int found = 0;
  int missed = 0;
  int extra = 0;
};
using Scores = std::map<std::string, Score, std::less<>>;

std::string table_text(const Scores& scores) {
  std::string text = fmt::format("{:<24}{:>6}{:>7}{:>6}\n", "kind", "found", "missed", "extra");
  for (const auto& [kind, s] : scores) {
    text += fmt::format("{:<24}{:>6}{:>7}{:>6}\n", kind, s.found, s.missed, s.extra);
  }
  return text;
}
Score total_of(const Scores& scores) {
  Score total;
  for (const auto& [kind, s] : scores) {
    total.found += s.found;
    total.missed += s.missed;
    total.extra += s.extra;
  }
  return total;
}

// A row of figures.csv set beside the claims of its article.
struct Row {
  std::string quote;
  std::string value;
  std::string kind;
  std::string base;

  [[nodiscard]] bool is_control() const {
    return kind.starts_with("not_") || kind.starts_with("vague") || kind == "threshold";
  }
};

class Marked {
 public:
  Marked(const std::string& folder, const std::string& name)
      : text_(bytes_of(kFolder + folder + "/" + name + ".txt")), article_(article_of(text_)) {
    EXPECT_FALSE(text_.empty()) << name;
    used_.assign(article_.claims.size(), false);
  }

  void check(const Row& row, Scores& scores, std::string& complaints) {
    const size_t at = text_.find(row.quote);
    ASSERT_NE(at, std::string::npos) << row.quote;
    const wording::TextSpan span{points(at), points(at + row.quote.size())};
    for (size_t i = 0; i < article_.claims.size(); ++i) {
      const Claim& claim = article_.claims[i];
      const bool overlaps = claim.span.begin < span.end && span.begin < claim.span.end;
      if (!overlaps || claim.negative) continue;
      if (row.is_control()) {
        complaints += fmt::format("'{}' is no claim\n", row.quote);
      } else if (!used_[i] && is_row(claim, row)) {
        used_[i] = true;
        ++scores[row.kind].found;
        const std::string base = claim.base ? std::to_string(*claim.base) : "";
        if (!row.base.empty() && base != row.base) {
          complaints += fmt::format("'{}': base {}, not '{}'\n", row.quote, row.base, base);
        }
        return;
      }
    }
    if (row.is_control()) return;
    ++scores[row.kind].missed;
    complaints += fmt::format("'{}' {} {} is missed\n", row.quote, row.kind, row.value);
  }
  void count_extra(Scores& scores, std::string& complaints) const {
    for (size_t i = 0; i < used_.size(); ++i) {
      const Claim& claim = article_.claims[i];
      if (used_[i] || claim.negative) continue;
      ++scores[std::string(name_of(claim.kind))].extra;
      complaints += fmt::format("'{}' {} is extra\n", claim.quote, name_of(claim.kind));
    }
  }

 private:
  [[nodiscard]] size_t points(size_t bytes) const {
    return static_cast<size_t>(
        std::count_if(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(bytes),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  }
  static bool is_row(const Claim& claim, const Row& row) {
    if (name_of(claim.kind) != row.kind) return false;
    if (row.value.empty()) return !claim.value;
    const auto value = parse_decimal(row.value);
    return value && claim.value && claim.value->ratio() == value->ratio();
  }

  std::string text_;
  Article article_;
  std::vector<bool> used_;
};

struct Reading {
  Scores scores;
  std::string complaints;
};
// Reads each article of a table of figures.
Reading read_all(const std::string& file, const std::string& folder) {
  const CsvTable table = table_of(kFolder + file);
  EXPECT_GT(table.row_count(), 130U);
  std::map<std::string, Marked> articles;
  Reading out;
  for (size_t i = 0; i < table.row_count(); ++i) {
    const std::string name = table.cell(i, "article").text;
    Marked& article = articles.try_emplace(name, folder, name).first->second;
    article.check({table.cell(i, "quote").text, table.cell(i, "value").text,
                   table.cell(i, "kind").text, table.cell(i, "base").text},
                  out.scores, out.complaints);
  }
  for (const auto& [name, article] : articles) article.count_extra(out.scores, out.complaints);
  return out;
}

TEST(Articles, EveryFigureIsFoundWithItsKindAndBase) {
  const Reading reading = read_all("figures.csv", "articles");
  const Score total = total_of(reading.scores);
  SCOPED_TRACE(table_text(reading.scores));
  // "Half … once a month and half once a week" is one row of the ledger and two claims.
  EXPECT_EQ(reading.complaints, "'half' percent_fraction is extra\n");
  EXPECT_EQ(total.missed, 0);
  EXPECT_GE(total.found, 99 * total.extra);
}

// Articles that the rules were not made for when they were written down; what the first reading
// missed is in docs/audit.md. Each complaint here is one that is known.
TEST(Articles, WrittenBeforeTheRulesAreReadButForWhatIsListed) {
  const Reading reading = read_all("unseen.csv", "unseen");
  const Score total = total_of(reading.scores);
  SCOPED_TRACE(table_text(reading.scores));
  EXPECT_EQ(reading.complaints, bytes_of(kFolder + "unseen_misses.txt"));
  EXPECT_GE(100 * total.found, 97 * (total.found + total.missed));
  EXPECT_GE(100 * total.found, 99 * (total.found + total.extra));
}

TEST(Articles, CommentaryHasNoFinding) {
  const Article article = article_of(bytes_of(kFolder + "articles/s001_commentary.txt"));
  EXPECT_TRUE(article.surveys.empty());
  EXPECT_GE(article.claims.size(), 4U);
  for (const Claim& claim : article.claims) EXPECT_TRUE(claim.negative) << claim.quote;
}

// "percent 63 @94"
std::string described(const Claim& claim) {
  std::string text(name_of(claim.kind));
  if (claim.value) text += " " + claim.value->text();
  const bool of_answers = claim.kind <= ClaimKind::kCount || claim.kind == ClaimKind::kMean ||
                          claim.kind == ClaimKind::kChange;
  if (of_answers && claim.base) text += fmt::format(" @{}", *claim.base);
  return text;
}

struct Read {
  std::vector<std::string> expected;
  std::vector<std::string> got;
};
Read read_row(const CsvTable& table, size_t row) {
  const std::string& before = table.cell(row, "before").text;
  std::string text;
  if (!before.empty()) {
    text = fmt::format("The survey of {} CCG leaders was carried out in May.\n\n", before);
  }
  const Article article = article_of(text + table.cell(row, "text").text);
  Read read;
  bool skip = !before.empty();
  for (const Claim& claim : article.claims) {
    if (claim.negative) continue;
    if (!skip) read.got.push_back(described(claim));
    skip = false;
  }
  for (const std::string& claim : split(table.cell(row, "expected").text, ';')) {
    if (!trimmed(claim).empty()) read.expected.emplace_back(trimmed(claim));
  }
  return read;
}
std::string kind_in(const std::string& claim) { return claim.substr(0, claim.find(' ')); }
std::string without_base(const std::string& claim) {
  return std::string(trimmed(claim.substr(0, claim.find('@'))));
}
// Claims are found when kind and value are right; whether the base is, the rows themselves test.
void count(const Read& read, Scores& scores) {
  std::vector<std::string> left;
  for (const std::string& claim : read.got) left.push_back(without_base(claim));
  for (const std::string& claim : read.expected) {
    const auto found = std::ranges::find(left, without_base(claim));
    Score& score = scores[kind_in(claim)];
    if (found == left.end()) {
      ++score.missed;
    } else {
      ++score.found;
      left.erase(found);
    }
  }
  for (const std::string& claim : left) ++scores[kind_in(claim)].extra;
}

TEST(Sentences, AreReadAsWritten) {
  const CsvTable table = table_of(kFolder + "sentences.csv");
  ASSERT_GT(table.row_count(), 300U);
  Scores scores;
  for (size_t i = 0; i < table.row_count(); ++i) {
    const Read read = read_row(table, i);
    count(read, scores);
    const bool right = read.got == read.expected;
    const std::string& miss = table.cell(i, "miss").text;
    if (miss.empty()) {
      EXPECT_EQ(read.got, read.expected) << table.cell(i, "text").text;
    } else {
      EXPECT_FALSE(right) << "has come right: " << table.cell(i, "text").text;
    }
  }
  const Score total = total_of(scores);
  SCOPED_TRACE(table_text(scores));
  RecordProperty("recall_of", total.found + total.missed);
  EXPECT_GE(100 * total.found, 97 * (total.found + total.missed));
  EXPECT_GE(100 * total.found, 99 * (total.found + total.extra));
}

// The parts of a sentence in every combination.
TEST(Sentences, PutTogetherOfPartsAreOneClaim) {
  constexpr auto kShares = std::to_array<std::string_view>(
      {"42 per cent", "42%", "Forty-two per cent", "forty two percent", "42 percent", "42pc"});
  constexpr auto kGroups = std::to_array<std::string_view>(
      {"", " of respondents", " of leaders", " of the CCG leaders", " of those surveyed",
       " of those who responded", " of all respondents", " of the leaders polled"});
  constexpr auto kAnswers = std::to_array<std::string_view>(
      {"said that it would help", "agreed", "were in favour of the plan", "did not know",
       "thought it “would not work”", "have already done so", "expect to merge by 2017",
       "want the target of 95 per cent to go"});
  constexpr auto kFrames = std::to_array<std::string_view>(
      {"{} {}.", "Asked about the plan, {} {}.", "The survey found that {} {}.", "However, {} {}.",
       "Of the four questions, one was telling: {} {}.", "By contrast, only {} {}."});
  int count = 0;
  for (const std::string_view share : kShares) {
    for (const std::string_view group : kGroups) {
      for (const std::string_view answer : kAnswers) {
        for (const std::string_view frame : kFrames) {
          const std::string subject = fmt::format("{}{}", share, group);
          const std::string sentence = fmt::format(fmt::runtime(frame), subject, answer);
          const Article article =
              article_of("The survey of 94 CCG leaders was carried out in May.\n\n" + sentence);
          std::string got;
          for (const Claim& claim : article.claims) {
            if (!claim.negative) got += described(claim) + ";";
          }
          ASSERT_EQ(got, "n 94;percent 42 @94;") << sentence;
          ++count;
        }
      }
    }
  }
  EXPECT_EQ(count, 6 * 8 * 8 * 6);
}

}  // namespace
}  // namespace barometer
