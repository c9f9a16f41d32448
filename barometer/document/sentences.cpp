// Where sentences end: at a mark that ends one, before a word that can begin one, and not behind an
// abbreviation. Decimals and addresses have no space after their points.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "barometer/base/text.h"
#include "barometer/document/draft_internal.h"

namespace barometer::drafts {
namespace {

// Never the end of a sentence: a name or number follows.
constexpr auto kBeforeName = std::to_array<std::string_view>(
    {"dr",   "mr",  "mrs", "ms",   "prof", "rev",    "hon",  "st",  "gen", "col", "lt",
     "capt", "sgt", "vs",  "eg",   "ie",   "e.g",    "i.e",  "cf",  "viz", "sr",  "messrs",
     "gov",  "sen", "rep", "dept", "est",  "approx", "incl", "fig", "figs"});
// An end unless a digit follows.
constexpr auto kBeforeNumber = std::to_array<std::string_view>(
    {"no",  "nos", "vol", "p",   "pp",  "para", "ch",  "sec", "jan", "feb", "mar",
     "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ca",  "c"});

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_closer(char c) { return c == '"' || c == '\'' || c == ')' || c == ']'; }
bool is_stop(char c) { return c == '.' || c == '!' || c == '?'; }

template <size_t kSize>
bool has(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// The letters and points that end at byte `at`.
std::string_view word_before(std::string_view text, size_t begin, size_t at) {
  size_t first = at;
  while (
      first > begin && at - first < 12 &&
      (std::isalpha(static_cast<unsigned char>(text[first - 1])) != 0 || text[first - 1] == '.')) {
    --first;
  }
  return text.substr(first, at - first);
}

bool is_initial(std::string_view word) {
  return word.size() == 1 && is_upper(word[0]) && word != "I";
}
// "U.S", "p.m"
bool is_pointed(std::string_view word) {
  return word.size() == 3 && word[1] == '.' && is_upper(word[0]);
}

bool can_begin(std::string_view text, size_t at) {
  const char c = text[at];
  return is_upper(c) || is_digit(c) || c == '"' || c == '\'' || c == '(' || c == '[' || c == '$' ||
         c == '-' || c == '*' || static_cast<unsigned char>(c) >= 0x80;
}

// Does the point at `stop` belong to an abbreviation, with the next word at `next`?
bool is_abbreviation(std::string_view text, size_t begin, size_t stop, size_t next) {
  const std::string_view word = word_before(text, begin, stop);
  const std::string lower = lowered(word);
  if (has(kBeforeName, lower)) return true;
  if (has(kBeforeNumber, lower)) return is_digit(text[next]);
  return is_initial(word) || is_pointed(word);
}

}  // namespace

std::vector<size_t> sentence_ends(std::string_view plain, size_t begin, size_t end) {
  std::vector<size_t> ends;
  for (size_t at = begin; at < end; ++at) {
    if (!is_stop(plain[at])) continue;
    const size_t stop = at;
    while (at < end && is_stop(plain[at])) ++at;
    const bool dots = at - stop > 1 && plain[stop] == '.';
    size_t after = at;
    while (after < end && is_closer(plain[after])) ++after;
    size_t next = after;
    while (next < end && is_space(plain[next])) ++next;
    at = after - 1;
    if (next == end || next == after || !can_begin(plain, next)) continue;
    if (dots && !is_upper(plain[next]) && after == stop + 3) continue;
    if (plain[stop] == '.' && !dots && is_abbreviation(plain, begin, stop, next)) continue;
    ends.push_back(after);
  }
  if (ends.empty() || ends.back() != end) ends.push_back(end);
  return ends;
}

}  // namespace barometer::drafts
