// The base that stands over a list or a table: "Q2. Why is that? (All who expect to shrink,
// n=136)", "Of the 48 trusts in deficit:". It holds for the rows below it, and no further.
#include <algorithm>
#include <string_view>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

constexpr size_t kMostRows = 200;
constexpr size_t kTopicReach = 24;  // claims

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
      if (is_base_line(i)) bind_rows_above(i);
      if (is_people(found_[i])) bind_topic(i);
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
      if (i - k > kMostRows) return false;
      if (is_people(found_[k - 1]) || has_base(found_[k - 1])) return false;
    }
    if (!introduces(f)) return false;
    for (size_t k = i + 1; k < found_.size() && found_[k].block == f.block; ++k) {
      if (k > i + kMostRows) return false;
      const bool same = found_[k].claim.sentence == f.claim.sentence;
      if ((same && is_people(found_[k])) || (has_base(found_[k]) && !is_row(k))) return false;
    }
    return true;
  }
  [[nodiscard]] bool introduces(const Candidate& f) const {
    const WordRange sentence = prose_.sentence(f.claim.sentence);
    const Word& before = prose_.before(f.words.begin);
    const bool labelled = before.is("=") || before.is("base") || before.is(":");
    if (labelled) return true;
    return prose_.at(sentence.end - 1).is(":");
  }
  // "Base: 1,783 adults giving a party, out of 2,240 interviewed" below its rows
  [[nodiscard]] bool is_base_line(size_t i) const {
    const WordRange block = prose_.block(found_[i].block);
    if (!is_people(found_[i]) || block.empty()) return false;
    size_t at = block.begin;
    while (at < block.end && prose_.at(at).text.size() == 1) ++at;
    return prose_.at(at).is("base") && (i == 0 || found_[i - 1].block != found_[i].block);
  }
  void bind_rows_above(size_t size) {
    size_t last = found_[size].block;
    for (size_t k = size; k > 0;) {
      --k;
      if (last > found_[k].block + 1) return;
      if (!has_base(found_[k])) continue;
      if (!is_row_above(k) || found_[k].claim.survey != 0 || found_[k].column_base) return;
      last = found_[k].block;
      found_[k].column_base = size;
    }
  }
  // "Labour 38% (-2)"
  [[nodiscard]] bool is_row_above(size_t i) const {
    if (is_row(i)) return true;
    size_t at = bytes_[i];
    const std::string_view text = document_.text;
    while (at < text.size() && (text[at] == ' ' || text[at] == '%')) ++at;
    if (at >= text.size() || text[at] != '(') return false;
    const size_t close = text.find_first_of(")\n", at);
    return close != std::string_view::npos && text[close] == ')' &&
           (close + 1 == text.size() || text[close + 1] == '\n');
  }
  // "Voting intention is based on the 1,291 who named a party": the figures of a sentence with
  // these words.
  void bind_topic(size_t size) {
    const Candidate& f = found_[size];
    const WordRange sentence = prose_.sentence(f.claim.sentence);
    const NounPhrase topic = topic_of(f, sentence);
    if (topic.words.empty()) return;
    const size_t last = std::min(found_.size(), size + kTopicReach);
    for (size_t k = size - std::min(size, kTopicReach); k < last; ++k) {
      if (!has_base(found_[k]) || found_[k].column_base || found_[k].claim.survey != 0) continue;
      if (found_[k].block == f.block && speaks_of(topic, found_[k])) found_[k].column_base = size;
    }
  }
  [[nodiscard]] NounPhrase topic_of(const Candidate& f, WordRange sentence) const {
    NounPhrase topic;
    topic.words = {sentence.begin, sentence.begin};
    while (prose_.at(topic.words.begin).is(kDeterminer)) ++topic.words.begin;
    size_t at = topic.words.begin;
    while (at < sentence.begin + 5 && !prose_.at(at).is(kCopula)) ++at;
    const bool based = prose_.at(at + 1).is("based") && prose_.at(at + 2).is("on");
    if (based && at > topic.words.begin && f.words.begin <= at + 4) topic.words.end = at;
    return topic;
  }
  [[nodiscard]] bool speaks_of(const NounPhrase& topic, const Candidate& f) const {
    const WordRange sentence = prose_.sentence(f.claim.sentence);
    for (size_t t = topic.words.begin; t < topic.words.end; ++t) {
      bool found = false;
      for (size_t at = sentence.begin; at < sentence.end && !found; ++at) {
        found = stem(prose_.at(at).text) == stem(prose_.at(t).text);
      }
      if (!found) return false;
    }
    return true;
  }
  void bind_rows(size_t size) {
    const size_t block = found_[size].block;
    size_t last = block;
    for (size_t k = size + 1; k < std::min(found_.size(), size + kMostRows); ++k) {
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
