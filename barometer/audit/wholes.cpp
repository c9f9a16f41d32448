// Answers that exclude each other by their words, whatever questions they were taken to answer:
// yes, no and no opinion in one sentence, and the rows of a table.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/printed/partition.h"

namespace barometer {
namespace {

constexpr auto kNoOpinion = std::to_array<std::string_view>(
    {"did not know", "didn't know", "do not know", "don't know", "undecided", "unsure", "not sure",
     "were not sure", "no opinion", "no view", "no view either way", "neither", "neutral"});

struct Pair {
  std::string_view yes;
  std::string_view no;
};
constexpr auto kOpposed = std::to_array<Pair>({
    {"agreed", "disagreed"},
    {"agree", "disagree"},
    {"agrees", "disagrees"},
    {"supported", "opposed"},
    {"support", "oppose"},
    {"backed", "opposed"},
    {"back", "oppose"},
    {"favoured", "opposed"},
    {"in favour", "against"},
    {"in favour", "opposed"},
    {"approved", "disapproved"},
    {"approve", "disapprove"},
    {"satisfied", "dissatisfied"},
    {"likely", "unlikely"},
    {"said yes", "said no"},
    {"said yes", "no"},
    {"voted yes", "voted no"},
});

bool has(std::string_view text, std::string_view words) {
  return find_words(text, words) != std::string_view::npos;
}

bool holds(std::string_view one, std::string_view other, const Pair& row) {
  return has(one, row.yes) && !has(one, row.no) && has(other, row.no) && !has(other, row.yes);
}

// "do not expect to meet it, while 27 per cent think they will"
bool denies(std::string_view one, std::string_view other) {
  constexpr auto kTheyDo =
      std::to_array<std::string_view>({"they will", "they would", "they did", "they do", "it will",
                                       "it would", "it does", "it is", "they are", "they can"});
  const bool negated = has(one, "not") || one.find("n't ") != std::string_view::npos;
  return negated && !has(other, "not") && has_words(other, kTheyDo);
}

bool are_opposed(std::string_view one, std::string_view other) {
  return denies(one, other) || denies(other, one) ||
         std::ranges::any_of(kOpposed, [&](const Pair& row) {
           return holds(one, other, row) || holds(other, one, row);
         });
}

bool is_alike(const Claim& a, const Claim& b) {
  return a.survey == b.survey && a.wave.empty() && b.wave.empty() && !a.earlier && !b.earlier &&
         a.subgroup == b.subgroup && a.base == b.base;
}

void find_excess(Page& page, std::vector<size_t> claims, std::string_view what) {
  std::vector<Decimal> values;
  for (const size_t i : claims) values.push_back(*page.claim(i).value);
  const Verdict verdict = exhaustive_verdict(values, std::nullopt, page.rounding());
  const bool over = !remainder(values, std::nullopt, page.rounding());
  page.check("exhaustive", claims,
             {over ? Possibility::kImpossible : Possibility::kPossible, verdict.arithmetic, ""});
  if (!over) return;
  page.find({.rule = "exhaustive",
             .claims = std::move(claims),
             .message = fmt::format("{}, but together they pass 100 per cent", what),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

// "61 per cent agreed, 27 per cent disagreed and 19 per cent did not know"
void check_sentence(Page& page, size_t first) {
  const std::array<size_t, 3> at{first, first + 1, first + 2};
  for (const size_t i : at) {
    const bool fits = i < page.claims().size() && page.is_percent(page.claim(i)) &&
                      page.claim(i).sentence == page.claim(first).sentence &&
                      is_alike(page.claim(first), page.claim(i)) &&
                      !page.claim(i).number.is_remainder && !page.claim(i).exhaustive;
    if (!fits) return;
  }
  if (!are_opposed(page.behind(at[0]), page.behind(at[1]))) return;
  if (!has_words(page.behind(at[2]), kNoOpinion) || has_words(page.behind(at[0]), kNoOpinion)) {
    return;
  }
  find_excess(page, {at.begin(), at.end()}, "nobody can have given two of these answers");
}

// A row of a table with one number a row.
struct Row {
  std::string_view label;
  size_t claim = 0;
};

constexpr auto kScales = std::to_array<Pair>({
    {"a great deal", "none at all"},
    {"a great deal", "not at all"},
    {"very", "not at all"},
    {"agree", "disagree"},
    {"support", "oppose"},
    {"yes", "no"},
    {"good", "poor"},
    {"good", "bad"},
    {"likely", "unlikely"},
    {"satisfied", "dissatisfied"},
    {"better", "worse"},
    {"confident", "not confident"},
});

bool is_one_question(const std::vector<Row>& rows) {
  const auto any = [&](std::string_view words) {
    return std::ranges::any_of(rows, [&](const Row& row) { return has(row.label, words); });
  };
  const bool closes =
      std::ranges::any_of(rows, [&](const Row& row) { return has_words(row.label, kNoOpinion); });
  return rows.size() > 2 && closes &&
         std::ranges::any_of(kScales, [&](const Pair& row) { return any(row.yes) && any(row.no); });
}

// The rows "label, share" of the table whose cells are blocks begin … end.
std::vector<Row> rows_of(const Page& page, size_t begin, size_t end) {
  const Document& document = page.article().document;
  std::vector<Row> rows;
  for (size_t block = begin + 1; block < end; block += 2) {
    const Block& cell = document.blocks[block];
    if (cell.sentence_count != 1) continue;
    const Page::ClaimRange claims = page.claims_in(cell.first_sentence);
    if (claims.end != claims.begin + 1 || !page.is_percent(page.claim(claims.begin))) continue;
    rows.push_back({page.plain(document.blocks[block - 1].span), claims.begin});
  }
  return rows;
}

void check_tables(Page& page) {
  const std::vector<Block>& blocks = page.article().document.blocks;
  for (size_t begin = 0; begin < blocks.size();) {
    size_t end = begin;
    while (end < blocks.size() && blocks[end].kind == BlockKind::kTableCell) ++end;
    const std::vector<Row> rows =
        (end - begin) % 2 == 0 ? rows_of(page, begin, end) : std::vector<Row>();
    if (rows.size() + 1 >= (end - begin) / 2 && is_one_question(rows)) {
      std::vector<size_t> claims;
      for (const Row& row : rows) claims.push_back(row.claim);
      find_excess(page, std::move(claims), "the rows are the answers to one question");
    }
    begin = end + 1;
  }
}

}  // namespace

void check_wholes(Page& page) {
  for (size_t i = 0; i + 2 < page.claims().size(); ++i) check_sentence(page, i);
  check_tables(page);
}

}  // namespace barometer
