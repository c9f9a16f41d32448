// The base that stands over a list or a table: "Q2. Why is that? (All who expect to shrink,
// n=136)", "Of the 48 trusts in deficit:". It holds for the rows below it, and no further.
#include <algorithm>
#include <string_view>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

class Lists {
 public:
  Lists(const Prose& prose, std::vector<Candidate>& found)
      : prose_(prose), document_(prose.document()), found_(found) {}

  void run() {
    size_t point = 0;
    size_t byte = 0;
    bytes_.reserve(found_.size());
    for (const Candidate& f : found_) {
      while (byte < document_.text.size() && point < f.claim.span.end) {
        ++byte;
        while (byte < document_.text.size() && is_continued(document_.text[byte])) ++byte;
        ++point;
      }
      bytes_.push_back(byte);
    }
    for (size_t i = 0; i < found_.size(); ++i) {
      if (announces(i)) bind_rows(i);
    }
  }

 private:
  static bool is_continued(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
  [[nodiscard]] static bool is_people(const Candidate& f) {
    return f.is_size() && f.claim.value && f.claim.survey == 0 && !f.is_previous &&
           (f.claim.kind == ClaimKind::kN || f.claim.kind == ClaimKind::kNSub);
  }
  [[nodiscard]] static bool has_base(const Candidate& f) {
    if (f.claim.negative || !f.claim.value || f.coverage || f.is_previous) return false;
    return f.claim.kind <= ClaimKind::kCount || f.claim.kind == ClaimKind::kMean;
  }
  // Is nothing behind a number in its line?
  [[nodiscard]] bool ends_line(size_t i) const {
    for (size_t at = bytes_[i]; at < document_.text.size(); ++at) {
      const char c = document_.text[at];
      if (c == '\n') return true;
      if (c != ' ' && c != ')' && c != '%' && c != '.' && c != '\r' && c != '*') return false;
    }
    return true;
  }
  [[nodiscard]] bool is_row(size_t i) const {
    const BlockKind kind = document_.blocks[found_[i].block].kind;
    if (kind == BlockKind::kBullet || kind == BlockKind::kTableCell || ends_line(i)) return true;
    // "19   (13%)"
    return i + 1 < found_.size() && found_[i + 1].block == found_[i].block &&
           has_base(found_[i + 1]) && found_[i + 1].words.begin - found_[i].words.end < 2 &&
           ends_line(i + 1);
  }
  // Does this size stand over rows? It is the only one of its sentence, in a block that asks or
  // introduces, and only rows come behind it there.
  [[nodiscard]] bool announces(size_t i) const {
    const Candidate& f = found_[i];
    if (!is_people(f)) return false;
    const Block& block = document_.blocks[f.block];
    if (block.kind == BlockKind::kBullet || block.kind == BlockKind::kSource) return false;
    for (size_t k = i; k > 0 && found_[k - 1].claim.sentence == f.claim.sentence; --k) {
      if (is_people(found_[k - 1]) || has_base(found_[k - 1])) return false;
    }
    for (size_t k = i + 1; k < found_.size() && found_[k].block == f.block; ++k) {
      const bool same = found_[k].claim.sentence == f.claim.sentence;
      if ((same && is_people(found_[k])) || (has_base(found_[k]) && !is_row(k))) return false;
    }
    return introduces(f);
  }
  [[nodiscard]] bool introduces(const Candidate& f) const {
    const WordRange sentence = prose_.sentence(f.claim.sentence);
    const Word& before = prose_.before(f.words.begin);
    const bool labelled = before.is("=") || before.is("base") || before.is(":");
    if (labelled) return true;
    return prose_.at(sentence.end - 1).is(":");
  }
  void bind_rows(size_t size) {
    const size_t block = found_[size].block;
    size_t last = block;
    for (size_t k = size + 1; k < found_.size(); ++k) {
      if (found_[k].block > last + 1) return;
      if (found_[k].block != block && !has_base(found_[k]) && is_people(found_[k])) return;
      if (!has_base(found_[k])) continue;
      if (!is_row(k) || found_[k].claim.survey != 0) return;
      last = found_[k].block;
      found_[k].column_base = size;
    }
  }

  const Prose& prose_;
  const Document& document_;
  std::vector<Candidate>& found_;
  std::vector<size_t> bytes_;  // behind each claim
};

}  // namespace

void bind_lists(const Prose& prose, std::vector<Candidate>& found) { Lists(prose, found).run(); }

}  // namespace barometer::claims
