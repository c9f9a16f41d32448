// The Markdown of a story, read by cmark-gfm into blocks of pieces that know their place in the
// source. cmark gives the text of a node with its escapes and entities resolved; `align` finds
// again which bytes of the source it was made of.
#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include <cmark-gfm.h>
#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/template_internal.h"

namespace barometer {
namespace {

struct Free {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
  void operator()(cmark_iter* iter) const { cmark_iter_free(iter); }
};

// Bytes of a text and where they stand in the source; a step without length is an entity.
struct Step {
  size_t at = 0;  // in the source
  size_t from = 0;
  size_t size = 0;
  std::string_view entity;
};
using Steps = std::vector<Step>;

// "&pound;" at the beginning; empty when there is none.
std::string_view entity_at(std::string_view source) {
  constexpr size_t kLongest = 34;
  if (!source.starts_with('&')) return {};
  const size_t end = source.substr(0, kLongest).find(';');
  if (end == std::string_view::npos || end < 2) return {};
  const std::string_view name = source.substr(1, end - 1);
  const bool sound = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '#';
  });
  return sound ? source.substr(0, end + 1) : std::string_view();
}

size_t code_point_size(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

// How `text` is made of the source from `at` on; false when it is not.
bool align(std::string_view source, size_t at, std::string_view text, Steps& steps) {
  steps.clear();
  size_t from = 0;
  while (from < text.size()) {
    if (at >= source.size()) return false;
    if (const std::string_view entity = entity_at(source.substr(at)); !entity.empty()) {
      const bool kept = text.substr(from).starts_with(entity);
      steps.push_back({at, from, 0, entity});
      from += kept ? entity.size() : code_point_size(text.substr(from));
      at += entity.size();
      continue;
    }
    const bool escaped = source[at] == '\\' && source[at] != text[from];
    if (escaped) ++at;
    if (at >= source.size() || source[at] != text[from]) return false;
    const bool joins =
        !steps.empty() && steps.back().entity.empty() && steps.back().at + steps.back().size == at;
    if (!joins) steps.push_back({at, from, 0, {}});
    ++steps.back().size;
    ++from;
    ++at;
  }
  return true;
}

class Reader {
 public:
  Reader(StoryTemplate& out, const std::string& masked, Diagnostics& problems)
      : out_(out), masked_(masked), problems_(problems) {
    for (size_t i = 0; i < out.references.size(); ++i) by_place_[out.references[i].at] = i;
    line_starts_.push_back(0);
    for (size_t i = 0; i < masked.size(); ++i) {
      if (masked[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  void read() {
    const std::unique_ptr<cmark_node, Free> root(
        cmark_parse_document(masked_.data(), masked_.size(), CMARK_OPT_DEFAULT));
    if (root == nullptr) {
      problems_.error("story-markdown", {out_.file, 0, 0}, "the Markdown cannot be read");
      return;
    }
    const std::unique_ptr<cmark_iter, Free> iter(cmark_iter_new(root.get()));
    for (;;) {
      const cmark_event_type event = cmark_iter_next(iter.get());
      if (event == CMARK_EVENT_DONE) break;
      cmark_node* node = cmark_iter_get_node(iter.get());
      if (event == CMARK_EVENT_ENTER) {
        enter(node);
      } else {
        leave(node);
      }
    }
  }

 private:
  void enter(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    advance_to(cmark_node_get_start_line(node));
    if (type == CMARK_NODE_LIST) {
      lists_.push_back(cmark_node_get_list_type(node) == CMARK_ORDERED_LIST);
    } else if (type == CMARK_NODE_BLOCK_QUOTE) {
      ++quotes_;
    } else if (type == CMARK_NODE_ITEM || type == CMARK_NODE_PARAGRAPH ||
               type == CMARK_NODE_HEADING) {
      start(type, node);
    } else if (type == CMARK_NODE_CODE_BLOCK) {
      at_ = cursor_;
      refuse("block of code");
    } else if (type == CMARK_NODE_HTML_BLOCK) {
      start(CMARK_NODE_PARAGRAPH, node);
      html_block(node);
    } else {
      enter_inline(type, node);
    }
  }
  void leave(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LIST) {
      lists_.pop_back();
    } else if (type == CMARK_NODE_BLOCK_QUOTE) {
      --quotes_;
    } else if (type == CMARK_NODE_ITEM) {
      fresh_item_ = false;
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK) {
      span(type, node, TemplatePiece::Kind::kClose);
    }
  }
  void enter_inline(cmark_node_type type, cmark_node* node) {
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_HTML_INLINE) {
      text(cmark_node_get_literal(node));
    } else if (type == CMARK_NODE_SOFTBREAK) {
      add_text(" ", at_);
    } else if (type == CMARK_NODE_LINEBREAK) {
      pieces().push_back({TemplatePiece::Kind::kBreak, "\n", {}, at_, 0});
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK) {
      span(type, node, TemplatePiece::Kind::kOpen);
    } else if (type == CMARK_NODE_CODE || type == CMARK_NODE_IMAGE) {
      at_ = cursor_;
      refuse("code or picture");
    }
  }

  // Whatever an earlier line held is past.
  void advance_to(int line) {
    if (line < 1 || static_cast<size_t>(line) > line_starts_.size()) return;
    cursor_ = std::max(cursor_, line_starts_[static_cast<size_t>(line) - 1]);
  }

  void start(cmark_node_type type, cmark_node* node) {
    // The paragraph of a list item is the item.
    if (type == CMARK_NODE_PARAGRAPH && fresh_item_) {
      fresh_item_ = false;
      return;
    }
    TemplateBlock block;
    if (type == CMARK_NODE_HEADING) {
      block.kind = StoryBlockKind::kHeading;
      block.level = cmark_node_get_heading_level(node);
    } else if (type == CMARK_NODE_ITEM) {
      const bool ordered = std::ranges::find(lists_, true) != lists_.end();
      block.kind = ordered ? StoryBlockKind::kNumbered : StoryBlockKind::kBullet;
      block.level = static_cast<int>(lists_.size());
    } else if (quotes_ > 0) {
      block.kind = StoryBlockKind::kQuotation;
    }
    fresh_item_ = type == CMARK_NODE_ITEM;
    out_.blocks.push_back(std::move(block));
  }

  std::vector<TemplatePiece>& pieces() {
    if (out_.blocks.empty()) out_.blocks.emplace_back();
    return out_.blocks.back().pieces;
  }

  void span(cmark_node_type type, cmark_node* node, TemplatePiece::Kind kind) {
    TemplatePiece piece;
    piece.kind = kind;
    piece.at = at_;
    piece.text = type == CMARK_NODE_EMPH ? "em" : type == CMARK_NODE_STRONG ? "strong" : "a";
    if (type == CMARK_NODE_LINK) {
      const char* url = cmark_node_get_url(node);
      piece.target = url == nullptr ? "" : url;
      if (kind == TemplatePiece::Kind::kOpen) check_target(piece.target);
    }
    pieces().push_back(std::move(piece));
  }

  void check_target(const std::string& target) {
    const bool fine = target.starts_with("https://") || target.starts_with("http://") ||
                      target.starts_with("mailto:") || target.find(':') == std::string::npos;
    const bool masked =
        target.find_first_of(std::string{kReferenceFirst, kReferenceInner}) != std::string::npos;
    if (fine && !masked) return;
    problems_.error("story-link", out_.place(at_),
                    masked ? "a link's address is not made of references"
                           : fmt::format("the link leads to '{}'", printable(target)),
                    "https://…, or a page beside the story");
  }

  // Markup is text; its lines are joined as those of a paragraph are.
  void html_block(cmark_node* node) {
    const char* literal = cmark_node_get_literal(node);
    std::string_view rest = literal == nullptr ? "" : literal;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      text(rest.substr(0, end));
      rest.remove_prefix(std::min(rest.size(), end + 1));
      if (!rest.empty()) add_text(" ", at_);
    }
  }

  void text(const char* literal) { text(literal == nullptr ? std::string_view() : literal); }
  void text(std::string_view words) {
    if (words.empty()) return;
    Steps steps;
    if (!find(words, steps)) {
      add_run(words, cursor_);
      return;
    }
    at_ = steps.front().at;
    for (const Step& step : steps) {
      at_ = step.at;
      if (step.entity.empty()) {
        add_run(words.substr(step.from, step.size), step.at);
      } else {
        add_entity(step.entity);
      }
    }
    cursor_ = steps.back().at + std::max(steps.back().size, steps.back().entity.size());
  }
  // The next place of the source that these words are made of, in the same paragraph.
  bool find(std::string_view words, Steps& steps) const {
    const size_t paragraph = std::min(masked_.find("\n\n", cursor_), masked_.size());
    constexpr size_t kMostTried = 4'000;
    for (size_t at = cursor_; at < std::min(paragraph, cursor_ + kMostTried); ++at) {
      const char c = masked_[at];
      const bool may = c == words[0] || c == '&' || c == '\\';
      if (may && align(masked_, at, words, steps)) return true;
    }
    return false;
  }

  void add_text(std::string_view text, size_t at) {
    if (text.empty()) return;
    auto& to = pieces();
    if (!to.empty() && to.back().kind == TemplatePiece::Kind::kText &&
        to.back().at + to.back().text.size() == at) {
      to.back().text += text;
      return;
    }
    to.push_back({TemplatePiece::Kind::kText, std::string(text), {}, at, 0});
  }

  // Text with masked references in it.
  void add_run(std::string_view text, size_t at) {
    size_t from = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != kReferenceFirst && text[i] != kReferenceInner) continue;
      add_text(text.substr(from, i - from), at + from);
      const auto found = by_place_.find(at + i);
      if (found != by_place_.end()) {
        pieces().push_back({TemplatePiece::Kind::kReference, {}, {}, at + i, found->second});
      }
      while (i + 1 < text.size() && text[i + 1] == kReferenceInner) ++i;
      from = i + 1;
    }
    add_text(text.substr(std::min(from, text.size())), at + from);
  }

  void add_entity(std::string_view entity) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kKnown = {
        {{"&amp;", "&"},
         {"&lt;", "<"},
         {"&gt;", ">"},
         {"&quot;", "\""},
         {"&nbsp;", "\u00A0"},
         {"&pound;", "£"},
         {"&ndash;", "–"},
         {"&mdash;", "—"},
         {"&hellip;", "…"}}};
    for (const auto& [name, text] : kKnown) {
      if (name == entity) {
        pieces().push_back({TemplatePiece::Kind::kText, std::string(text), {}, at_, 0});
        return;
      }
    }
    problems_.error("story-markdown", out_.place(at_),
                    fmt::format("'{}' is not understood", printable(entity)),
                    "write the letter itself");
  }

  void refuse(std::string_view what) {
    problems_.error("story-markdown", out_.place(at_), fmt::format("a story holds no {}", what),
                    "headings, paragraphs, lists, quotations, emphasis and links");
  }

  StoryTemplate& out_;
  const std::string& masked_;
  Diagnostics& problems_;
  std::map<size_t, size_t> by_place_;  // byte -> reference
  std::vector<size_t> line_starts_;
  size_t cursor_ = 0;        // what stands before was read
  size_t at_ = 0;            // of the text read last
  std::vector<bool> lists_;  // those that are open: are they numbered?
  int quotes_ = 0;
  bool fresh_item_ = false;
};

}  // namespace

void read_markdown(StoryTemplate& out, const std::string& masked, Diagnostics& problems) {
  Reader(out, masked, problems).read();
}

}  // namespace barometer
