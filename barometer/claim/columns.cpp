// Tables in plain text: a row that says how many each column counts, and rows of as many shares.
#include <algorithm>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

constexpr size_t kMostColumns = 32;
constexpr size_t kFewest = 2;

// The claims of a line of the text: first … end.
struct Line {
  size_t first = 0;
  size_t end = 0;
};

bool is_base_row(const Line& line, const std::vector<Candidate>& found) {
  const size_t columns = line.end - line.first;
  if (columns < kFewest || columns > kMostColumns) return false;
  for (size_t i = line.first; i < line.end; ++i) {
    const ClaimKind kind = found[i].claim.kind;
    const bool n = kind == ClaimKind::kN || kind == ClaimKind::kNSub;
    if (!found[i].is_size() || !n || !found[i].claim.value || found[i].claim.survey != 0)
      return false;
  }
  return true;
}

bool is_row_of(const Line& line, size_t columns, const std::vector<Candidate>& found) {
  if (line.end - line.first != columns) return false;
  for (size_t i = line.first; i < line.end; ++i) {
    const bool mean = !found[i].claim.negative && found[i].claim.kind == ClaimKind::kMean;
    if ((!found[i].is_share() && !mean) || found[i].is_previous) return false;
  }
  return true;
}

// The line of the original text that each claim begins in.
std::vector<size_t> lines_of(const Prose& prose, const std::vector<Candidate>& found) {
  std::vector<size_t> lines;
  lines.reserve(found.size());
  size_t point = 0;
  size_t line = 0;
  size_t next = 0;
  for (const char c : prose.document().text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    while (next < found.size() && found[next].claim.span.begin <= point) {
      lines.push_back(line);
      ++next;
    }
    line += c == '\n' ? 1U : 0U;
    ++point;
  }
  lines.resize(found.size(), line);
  return lines;
}

// Is the line a row: "Base   112   46   66", without a verb between its numbers?
bool is_tabular(const Prose& prose, const Line& line, const std::vector<Candidate>& found) {
  for (size_t at = found[line.first].words.end; at < found[line.end - 1].words.begin; ++at) {
    const Word& word = prose.at(at);
    const bool mark = word.is("(") || word.is(")") || word.is("=") || word.is("n");
    const bool header = word.text.size() > 1 && !word.is(kFunction | kCopula | kAuxiliary);
    if (!word.is_number() && !mark && !(header && prose.at(at).names_group())) return false;
  }
  return true;
}

}  // namespace

void bind_columns(const Prose& prose, std::vector<Candidate>& found) {
  const std::vector<size_t> line_of = lines_of(prose, found);
  std::vector<Line> lines;
  for (size_t i = 0; i < found.size();) {
    Line line{i, i};
    while (line.end < found.size() && line_of[line.end] == line_of[i]) ++line.end;
    lines.push_back(line);
    i = line.end;
  }
  for (size_t base = 0; base < lines.size(); ++base) {
    if (!is_base_row(lines[base], found) || !is_tabular(prose, lines[base], found)) continue;
    const size_t columns = lines[base].end - lines[base].first;
    const auto take = [&](size_t row) {
      const bool fits = found[lines[row].first].block == found[lines[base].first].block &&
                        is_row_of(lines[row], columns, found) &&
                        is_tabular(prose, lines[row], found);
      for (size_t k = 0; fits && k < columns; ++k) {
        found[lines[row].first + k].column_base = lines[base].first + k;
      }
      return fits;
    };
    for (size_t row = base; row > 0 && take(row - 1);) --row;
    for (size_t row = base + 1; row < lines.size() && take(row);) ++row;
  }
}

}  // namespace barometer::claims
