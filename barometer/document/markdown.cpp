// Markdown by cmark-gfm (CommonMark with tables). The text stays the file itself; in `prose` every
// code point that is markup, an address or code is U+200B.
#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "barometer/document/draft_internal.h"

namespace barometer::drafts {
namespace {

constexpr std::string_view kNothing = "\xE2\x80\x8B";  // U+200B

struct Free {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
  void operator()(cmark_iter* iter) const { cmark_iter_free(iter); }
};

std::unique_ptr<cmark_node, Free> parse(std::string_view text) {
  static std::once_flag registered;
  std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
  const std::unique_ptr<cmark_parser, Free> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  if (cmark_syntax_extension* table = cmark_find_syntax_extension("table")) {
    cmark_parser_attach_syntax_extension(parser.get(), table);
  }
  cmark_parser_feed(parser.get(), text.data(), text.size());
  return std::unique_ptr<cmark_node, Free>(cmark_parser_finish(parser.get()));
}

class Markdown {
 public:
  explicit Markdown(const std::string& text) : text_(text), kept_(text.size(), false) {
    line_starts_.push_back(0);
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  void run(cmark_node* root) {
    const std::unique_ptr<cmark_iter, Free> iter(cmark_iter_new(root));
    for (;;) {
      const cmark_event_type event = cmark_iter_next(iter.get());
      if (event == CMARK_EVENT_DONE) break;
      visit(cmark_iter_get_node(iter.get()), event == CMARK_EVENT_ENTER);
    }
    std::ranges::sort(blocks_, {}, &DraftBlock::begin);
  }
  [[nodiscard]] std::string prose() const {
    std::string out;
    out.reserve(text_.size());
    for (size_t i = 0; i < text_.size(); ++i) {
      const bool first = (static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80;
      if (kept_[i] || text_[i] == '\n') {
        out += text_[i];
      } else if (text_[i] == '|') {
        out += '\n';  // the words of two cells are not one
      } else if (first) {
        out += kNothing;
      }
    }
    return out;
  }
  std::vector<DraftBlock> take_blocks() { return std::move(blocks_); }

 private:
  void visit(cmark_node* node, bool enters) {
    const std::string_view type = cmark_node_get_type_string(node);
    if (type == "block_quote") quotes_ += enters ? 1 : -1;
    if (type == "item") items_ += enters ? 1 : -1;
    const bool block = type == "paragraph" || type == "heading" || type == "table_cell";
    if (block && enters) {
      open_ = true;
      current_ = {kind_of(type, node), text_.size(), 0};
      cursor_ = byte_at(cmark_node_get_start_line(node), cmark_node_get_start_column(node));
      last_ = line_end(cmark_node_get_end_line(node));
    }
    if (block && !enters) close();
    if (!enters || !open_) return;
    if (type == "text") keep(node);
    if (type == "linebreak") kept_[std::min(cursor_, text_.size() - 1)] = true;
  }
  [[nodiscard]] BlockKind kind_of(std::string_view type, cmark_node* node) const {
    if (type == "table_cell") return BlockKind::kTableCell;
    if (type == "heading") {
      return cmark_node_get_heading_level(node) == 1 ? BlockKind::kTitle : BlockKind::kHeading;
    }
    return quotes_ > 0  ? BlockKind::kQuotation
           : items_ > 0 ? BlockKind::kBullet
                        : BlockKind::kParagraph;
  }
  [[nodiscard]] size_t byte_at(int line, int column) const {
    if (line < 1 || static_cast<size_t>(line) > line_starts_.size()) return text_.size();
    const size_t start = line_starts_[static_cast<size_t>(line) - 1];
    return std::min(text_.size(), start + static_cast<size_t>(std::max(column, 1)) - 1);
  }
  [[nodiscard]] size_t line_end(int line) const {
    if (line < 1 || static_cast<size_t>(line) >= line_starts_.size()) return text_.size();
    return line_starts_[static_cast<size_t>(line)];
  }
  // The words of a text node, where the file has them. What cmark changed (entities, escapes) is
  // found by its place.
  void keep(cmark_node* node) {
    const char* literal = cmark_node_get_literal(node);
    const std::string_view words = literal == nullptr ? "" : literal;
    if (words.empty()) return;
    size_t begin = byte_at(cmark_node_get_start_line(node), cmark_node_get_start_column(node));
    size_t end = begin + words.size();
    if (std::string_view(text_).substr(begin, words.size()) != words) {
      const size_t found = text_.find(words, cursor_);
      if (found == std::string::npos || found + words.size() > last_) {
        end = byte_at(cmark_node_get_start_line(node), cmark_node_get_end_column(node) + 1);
        end = std::max(begin, std::min(end, begin + 4 * words.size() + 8));
      } else {
        begin = found;
        end = found + words.size();
      }
    }
    end = std::min(end, text_.size());
    // Whole code points only.
    while (begin > 0 && begin < text_.size() && is_inside(begin)) --begin;
    while (end < text_.size() && is_inside(end)) ++end;
    if (begin >= end) return;
    std::fill(kept_.begin() + static_cast<std::ptrdiff_t>(begin),
              kept_.begin() + static_cast<std::ptrdiff_t>(end), true);
    current_.begin = std::min(current_.begin, begin);
    current_.end = std::max(current_.end, end);
    cursor_ = end;
  }
  [[nodiscard]] bool is_inside(size_t byte) const {
    return (static_cast<unsigned char>(text_[byte]) & 0xC0) == 0x80;
  }
  void close() {
    open_ = false;
    if (current_.begin >= current_.end) return;
    if (current_.kind != BlockKind::kTableCell && current_.kind != BlockKind::kTitle) {
      current_.kind = kind_of_words(
          std::string_view(text_).substr(current_.begin, current_.end - current_.begin),
          current_.kind);
    }
    if (!blocks_.empty() && current_.begin < blocks_.back().end) return;
    blocks_.push_back(current_);
  }

  const std::string& text_;
  std::vector<bool> kept_;
  std::vector<size_t> line_starts_;
  std::vector<DraftBlock> blocks_;
  DraftBlock current_;
  size_t cursor_ = 0;
  size_t last_ = 0;
  bool open_ = false;
  int quotes_ = 0;
  int items_ = 0;
};

}  // namespace

Draft draft_of_markdown(std::string_view bytes) {
  Draft draft;
  draft.text = well_formed(bytes);
  std::ranges::replace(draft.text, '\0', ' ');  // cmark would put U+FFFD there
  if (draft.text.empty()) return draft;
  const auto root = parse(draft.text);
  if (root == nullptr) return draft;
  Markdown markdown(draft.text);
  markdown.run(root.get());
  draft.prose = markdown.prose();
  draft.blocks = markdown.take_blocks();
  choose_title(draft);
  return draft;
}

}  // namespace barometer::drafts
