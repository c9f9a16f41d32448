// Plain text: lines into blocks. A block ends at a blank line, a bullet, or a line that was not
// broken at a width.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/text.h"
#include "barometer/document/draft_internal.h"

namespace barometer::drafts {
namespace {

constexpr size_t kNarrowest = 45;  // bytes: lines that were broken at a width are this long
constexpr size_t kWidest = 130;
constexpr size_t kMostHeadingBytes = 110;

struct Line {
  size_t begin = 0;  // without blanks round it
  size_t end = 0;
  size_t bullet = 0;  // bytes of a bullet and the blanks after it
  [[nodiscard]] size_t size() const { return end - begin; }
};

constexpr auto kBullets = std::to_array<std::string_view>(
    {"\xE2\x80\xA2", "\xE2\x97\xA6", "\xE2\x97\x8F", "\xE2\x96\xAA", "\xE2\x96\xA0", "\xE2\x80\xA3",
     "\xE2\x80\x93", "\xE2\x80\x94", "\xC2\xB7", "-", "*", "+", "o"});

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of "• ", "- ", "3. " or "3) " at the beginning.
size_t bullet_of(std::string_view line) {
  size_t mark = 0;
  for (const std::string_view bullet : kBullets) {
    if (mark == 0 && line.starts_with(bullet)) mark = bullet.size();
  }
  if (mark == 0) {
    size_t digits = 0;
    while (digits < line.size() && digits < 3 && is_digit(line[digits])) ++digits;
    const bool closed =
        digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
    if (closed) mark = digits + 1;
  }
  if (mark == 0) return 0;
  size_t end = mark;
  while (end < line.size() && is_blank(line[end])) ++end;
  const bool glyph = static_cast<unsigned char>(line[0]) >= 0x80 && line[0] != '\xE2';
  return end > mark || (glyph && end < line.size()) ? end : 0;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (size_t at = 0; at <= text.size();) {
    const size_t stop = std::min(text.find('\n', at), text.size());
    Line line{at, stop, 0};
    while (line.begin < line.end && is_blank(text[line.begin])) ++line.begin;
    while (line.end > line.begin && is_blank(text[line.end - 1])) --line.end;
    line.bullet = bullet_of(text.substr(line.begin, line.size()));
    lines.push_back(line);
    at = stop + 1;
  }
  return lines;
}

class Blocks {
 public:
  explicit Blocks(std::string_view text) : text_(text), lines_(lines_of(text)) {}

  std::vector<DraftBlock> run() {
    for (size_t i = 0; i < lines_.size();) {
      if (lines_[i].size() == 0) {
        ++i;
        continue;
      }
      size_t last = i;
      while (last + 1 < lines_.size() && joins(last)) ++last;
      add(i, last);
      i = last + 1;
    }
    return std::move(blocks_);
  }

 private:
  [[nodiscard]] std::string_view words(const Line& line) const {
    return text_.substr(line.begin, line.size());
  }
  // Does the next line go on with the words of line i?
  [[nodiscard]] bool joins(size_t i) const {
    const Line& a = lines_[i];
    const Line& b = lines_[i + 1];
    if (b.size() == 0 || b.bullet > 0 || a.size() > kWidest) return false;
    if (kind_of_words(words(a), BlockKind::kParagraph) == BlockKind::kSource) return false;
    const unsigned char first = static_cast<unsigned char>(text_[b.begin]);
    const bool ended = ends_sentence(words(a)) && words(a).back() != ',';
    if (!ended && (std::islower(first) != 0)) return true;
    // Broken at a width: the next word had no room left.
    const std::string_view next = words(b);
    const size_t word = std::min(next.find(' '), next.size());
    const size_t room = widest_near(i);
    return a.size() >= kNarrowest && b.size() <= room && room <= kWidest &&
           a.size() + 1 + word > room;
  }
  // The longest line of the run of lines without a blank one.
  [[nodiscard]] size_t widest_near(size_t i) const {
    size_t widest = lines_[i].size();
    for (size_t k = i; k-- > 0 && lines_[k].size() > 0 && i - k < 20;) {
      widest = std::max(widest, lines_[k].size());
    }
    for (size_t k = i + 1; k < lines_.size() && lines_[k].size() > 0 && k - i < 20; ++k) {
      widest = std::max(widest, lines_[k].size());
    }
    return widest;
  }
  void add(size_t first, size_t last) {
    const Line& line = lines_[first];
    const size_t begin = line.begin + line.bullet;
    const size_t end = lines_[last].end;
    if (begin >= end) return;
    const std::string_view all = text_.substr(begin, end - begin);
    BlockKind kind = line.bullet > 0 ? BlockKind::kBullet : BlockKind::kParagraph;
    if (line.bullet == 0 && first == last && all.size() <= kMostHeadingBytes &&
        !ends_sentence(all)) {
      kind = BlockKind::kHeading;
    }
    blocks_.push_back({kind_of_words(all, kind), begin, end});
  }

  std::string_view text_;
  std::vector<Line> lines_;
  std::vector<DraftBlock> blocks_;
};

}  // namespace

Draft draft_of_text(std::string_view bytes) {
  Draft draft;
  draft.text = well_formed(bytes);
  draft.blocks = Blocks(draft.text).run();
  choose_title(draft);
  return draft;
}

}  // namespace barometer::drafts
