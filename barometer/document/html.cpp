// HTML by libxml2's parser, event by event and without a tree: what a reader sees, block by block.
// Beyond a nesting of kDeepest elements the rest of the file is not read: no page needs it.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libxml/HTMLparser.h>

#include "barometer/base/text.h"
#include "barometer/document/draft_internal.h"

namespace barometer::drafts {
namespace {

constexpr size_t kDeepest = 400;

template <size_t kSize>
bool has(const std::array<std::string_view, kSize>& names, std::string_view name) {
  for (const std::string_view known : names) {
    if (known == name) return true;
  }
  return false;
}
constexpr auto kHidden = std::to_array<std::string_view>(
    {"script", "style",  "noscript", "template", "nav",      "footer",  "aside",
     "form",   "button", "select",   "option",   "textarea", "svg",     "math",
     "iframe", "object", "audio",    "video",    "head",     "canvas",  "menu",
     "dialog", "input",  "label",    "noframes", "embed",    "datalist"});
constexpr auto kInline = std::to_array<std::string_view>(
    {"a",      "abbr", "b",   "bdi",  "bdo",  "cite", "code", "data", "del",   "dfn",  "em",
     "font",   "i",    "ins", "kbd",  "mark", "q",    "s",    "samp", "small", "span", "strike",
     "strong", "sub",  "sup", "time", "tt",   "u",    "var",  "wbr",  "big",   "img",  "acronym"});

class Page {
 public:
  void start(std::string_view name, const xmlChar** attributes) {
    const bool hides = hidden_ > 0 || has(kHidden, name) || is_hidden(attributes);
    open_.push_back(hides);
    hidden_ += hides ? 1U : 0U;
    if (hides) return;
    if (name == "br") return text(" ");
    if (name == "a") ++links_;
    if (has(kInline, name)) return;
    close_block();
    if (name == "blockquote") ++quotes_;
    if (name == "li") kind_ = BlockKind::kBullet;
    if (name == "td" || name == "th") kind_ = BlockKind::kTableCell;
    if (name == "figcaption" || name == "caption") kind_ = BlockKind::kCaption;
    if (name == "h1") kind_ = titled_ ? BlockKind::kHeading : BlockKind::kTitle;
    if (name.size() == 2 && name[0] == 'h' && name[1] > '1' && name[1] <= '6') {
      kind_ = BlockKind::kHeading;
    }
  }
  void end(std::string_view name) {
    if (open_.empty()) return;
    const bool hid = open_.back();
    open_.pop_back();
    if (hid) {
      --hidden_;
      return;
    }
    if (name == "a" && links_ > 0) --links_;
    if (has(kInline, name) || name == "br") return;
    close_block();
    if (name == "blockquote" && quotes_ > 0) --quotes_;
    // A paragraph inside a list item leaves the item open.
    if (name != "p") kind_ = BlockKind::kParagraph;
  }
  void text(std::string_view words) {
    if (hidden_ > 0) return;
    for (const char c : words) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
      if (space) {
        spaced_ = begin_ != out_.size();
        continue;
      }
      if (spaced_) out_ += ' ';
      spaced_ = false;
      out_ += c;
      ++letters_;
      if (links_ > 0) ++linked_;
    }
  }
  [[nodiscard]] bool too_deep() const { return open_.size() > kDeepest; }

  Draft finish() {
    close_block();
    Draft draft;
    draft.text = well_formed(out_);
    draft.blocks = std::move(blocks_);
    if (draft.text.size() != out_.size()) draft.blocks = draft_of_text(draft.text).blocks;
    choose_title(draft);
    return draft;
  }

 private:
  static bool is_hidden(const xmlChar** attributes) {
    for (; attributes != nullptr && *attributes != nullptr; attributes += 2) {
      const std::string_view name = reinterpret_cast<const char*>(attributes[0]);
      const char* given = reinterpret_cast<const char*>(attributes[1]);
      const std::string value = lowered(given == nullptr ? "" : std::string_view(given));
      if (name == "hidden" && value != "until-found") return true;
      if (name == "aria-hidden" && value == "true") return true;
      if (name == "role" && (value == "navigation" || value == "search")) return true;
      if ((name == "id" || name == "class") && names_comments(value)) return true;
      if (name != "style") continue;
      const std::string style = replaced(value, " ", "");
      if (style.find("display:none") != std::string::npos ||
          style.find("visibility:hidden") != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  // "comments", "comment-list", "disqus_thread": what readers wrote under the article.
  static bool names_comments(std::string_view value) {
    constexpr auto kComments = std::to_array<std::string_view>(
        {"comments", "comment-list", "commentlist", "comment-section", "comments-section",
         "comments-area", "comments-list", "comments-container", "comment-thread", "disqus_thread",
         "respond", "user-comments", "reader-comments", "article-comments", "post-comments"});
    while (!value.empty()) {
      const std::string_view word = value.substr(0, value.find(' '));
      if (has(kComments, word)) return true;
      value.remove_prefix(std::min(value.size(), word.size() + 1));
    }
    return false;
  }
  void close_block() {
    spaced_ = false;
    if (begin_ == out_.size()) return;
    BlockKind kind = quotes_ > 0 ? BlockKind::kQuotation : kind_;
    const std::string_view words = std::string_view(out_).substr(begin_);
    const bool fixed = kind == BlockKind::kTitle || kind == BlockKind::kTableCell;
    if (!fixed) kind = kind_of_words(words, kind);
    // Nothing but a link is a way elsewhere.
    const bool link = linked_ == letters_ && kind != BlockKind::kHeading && !fixed;
    titled_ = titled_ || kind == BlockKind::kTitle;
    blocks_.push_back({link ? BlockKind::kSource : kind, begin_, out_.size()});
    out_ += "\n\n";
    begin_ = out_.size();
    letters_ = linked_ = 0;
  }

  std::string out_;
  std::vector<DraftBlock> blocks_;
  std::vector<bool> open_;  // the elements round here: do they hide?
  BlockKind kind_ = BlockKind::kParagraph;
  size_t begin_ = 0;
  size_t hidden_ = 0;
  size_t links_ = 0;
  size_t quotes_ = 0;
  size_t letters_ = 0;
  size_t linked_ = 0;
  bool spaced_ = false;
  bool titled_ = false;
};

std::string_view view(const xmlChar* name) { return reinterpret_cast<const char*>(name); }

struct Reader {
  Page page;
  htmlParserCtxtPtr context = nullptr;
};
void on_start(void* data, const xmlChar* name, const xmlChar** attributes) {
  auto* reader = static_cast<Reader*>(data);
  reader->page.start(view(name), attributes);
  if (reader->page.too_deep()) xmlStopParser(reader->context);
}
void on_end(void* data, const xmlChar* name) { static_cast<Reader*>(data)->page.end(view(name)); }
void on_text(void* data, const xmlChar* text, int length) {
  static_cast<Reader*>(data)->page.text(
      {reinterpret_cast<const char*>(text), static_cast<size_t>(length)});
}

struct FreeContext {
  void operator()(htmlParserCtxtPtr context) const {
    if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
    htmlFreeParserCtxt(context);
  }
};

}  // namespace

Result<Draft> draft_of_html(std::string_view bytes) {
  htmlSAXHandler handler{};
  handler.startElement = on_start;
  handler.endElement = on_end;
  handler.characters = on_text;
  handler.ignorableWhitespace = on_text;
  Reader reader;
  const xmlCharEncoding encoding = is_utf8(bytes) ? XML_CHAR_ENCODING_UTF8 : XML_CHAR_ENCODING_NONE;
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(
      htmlCreatePushParserCtxt(&handler, &reader, nullptr, 0, nullptr, encoding));
  if (context == nullptr) return fail(ErrorCode::kLimit, "no memory to read HTML");
  reader.context = context.get();
  htmlCtxtUseOptions(context.get(), HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
  constexpr size_t kChunk = size_t{1} << 16;
  while (!bytes.empty() && !reader.page.too_deep()) {
    const std::string_view chunk = bytes.substr(0, kChunk);
    htmlParseChunk(context.get(), chunk.data(), static_cast<int>(chunk.size()), 0);
    bytes.remove_prefix(chunk.size());
  }
  if (!reader.page.too_deep()) htmlParseChunk(context.get(), "", 0, 1);
  return reader.page.finish();
}

}  // namespace barometer::drafts
