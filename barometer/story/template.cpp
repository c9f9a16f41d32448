#include "barometer/story/template_internal.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <md4c.h>

#include "barometer/base/text.h"
#include "barometer/base/yaml.h"
#include "barometer/wording/write.h"

namespace barometer {
namespace {

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr size_t kMostReferences = 2'000;
// A reference is put out of Markdown's way by bytes that mean nothing to it, as many as it has.
constexpr char kFirst = '\x01';
constexpr char kInner = '\x02';

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
}

// ---- front matter ----------------------------------------------------------------------------

// Blanks "---\n…\n---\n" at the beginning, and reads it.
void take_front_matter(StoryTemplate& out, std::string& masked, Diagnostics& problems) {
  constexpr std::string_view kFence = "---\n";
  if (!masked.starts_with(kFence)) return;
  const size_t end = masked.find("\n---\n", kFence.size() - 1);
  if (end == std::string::npos) {
    problems.error("story-front-matter", {out.file, 1, 1}, "the settings after '---' never end",
                   "close them by a line '---'");
    return;
  }
  // The fence becomes an empty line, so that places are those of the file.
  const std::string yaml = "\n" + masked.substr(kFence.size(), end + 1 - kFence.size());
  const YamlNode root = load_yaml(yaml, out.file, problems);
  root.only_keys({"style"});
  out.style = root.optional_text("style").value_or("");
  std::vector<std::string> known;
  for (const wording::HouseStyle& style : wording::house_styles()) known.emplace_back(style.name);
  if (!out.style.empty() && wording::find_house_style(out.style) == nullptr) {
    root.child("style").error("story-style",
                              fmt::format("there is no house style '{}'", printable(out.style)),
                              suggestion(out.style, known));
    out.style.clear();
  }
  for (size_t i = 0; i < end + 5; ++i) {
    if (masked[i] != '\n') masked[i] = ' ';
  }
}

// ---- references ------------------------------------------------------------------------------

void add_reference(size_t open, size_t close, StoryTemplate& out, Diagnostics& problems) {
  const std::string_view inside = std::string_view(out.source).substr(open + 2, close - open - 2);
  const std::string_view body = trimmed(inside);
  TemplateReference found;
  found.source = std::string(body);
  found.at = open;
  found.inner = body.empty() ? open + 2 : static_cast<size_t>(body.data() - out.source.data());
  ReferenceError error;
  if (auto reference = parse_reference(body, error)) {
    found.reference = *std::move(reference);
    found.sound = true;
  } else {
    const size_t at = found.inner + error.at;
    problems.error("story-syntax", out.place(at), out.marked(at, error.message),
                   "docs/stories.md lists the references");
  }
  out.references.push_back(std::move(found));
}

// A quoted text may hold braces.
size_t end_of_reference(const std::string& source, size_t open) {
  bool quoted = false;
  for (size_t at = open + 2; at + 1 < source.size(); ++at) {
    if (source[at] == '"') quoted = !quoted;
    if (!quoted && source[at] == '}' && source[at + 1] == '}') return at;
    if (source[at] == '\n' && source[at + 1] == '\n') break;
  }
  const size_t plain = source.find("}}", open);
  const size_t paragraph = source.find("\n\n", open);
  return plain < paragraph ? plain : std::string::npos;
}

void take_references(StoryTemplate& out, std::string& masked, Diagnostics& problems) {
  size_t at = masked.find("{{");
  while (at != std::string::npos && out.references.size() < kMostReferences) {
    const size_t close = end_of_reference(masked, at);
    if (close == std::string::npos) {
      problems.error("story-syntax", out.place(at), out.marked(at, "this '{{' is never closed"),
                     "'}}' ends a reference, in the same paragraph");
      return;
    }
    add_reference(at, close, out, problems);
    masked[at] = kFirst;
    std::fill(masked.begin() + static_cast<std::ptrdiff_t>(at + 1),
              masked.begin() + static_cast<std::ptrdiff_t>(close + 2), kInner);
    at = masked.find("{{", close);
  }
  if (at != std::string::npos) {
    problems.error("story-limit", out.place(at),
                   fmt::format("a story has at most {} references", kMostReferences));
  }
}

// ---- Markdown --------------------------------------------------------------------------------

class Reader {
 public:
  Reader(StoryTemplate& out, const std::string& masked, Diagnostics& problems)
      : out_(out), masked_(masked), problems_(problems) {
    for (size_t i = 0; i < out.references.size(); ++i) by_place_[out.references[i].at] = i;
  }

  void read() {
    MD_PARSER parser{};
    parser.flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      return static_cast<Reader*>(self)->enter_block(type, detail);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
      return static_cast<Reader*>(self)->leave_block(type);
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
      return static_cast<Reader*>(self)->span(type, detail, TemplatePiece::Kind::kOpen);
    };
    parser.leave_span = [](MD_SPANTYPE type, void* detail, void* self) {
      return static_cast<Reader*>(self)->span(type, detail, TemplatePiece::Kind::kClose);
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      return static_cast<Reader*>(self)->text(type, {text, size});
    };
    const int done =
        ::md_parse(masked_.data(), static_cast<MD_SIZE>(masked_.size()), &parser, this);
    if (done != 0) {
      problems_.error("story-markdown", {out_.file, 0, 0}, "the Markdown cannot be read");
    }
  }

 private:
  int enter_block(MD_BLOCKTYPE type, void* detail) {
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) ++lists_;
    if (type == MD_BLOCK_OL) ++ordered_;
    if (type == MD_BLOCK_QUOTE) ++quotes_;
    if (type == MD_BLOCK_LI || type == MD_BLOCK_P || type == MD_BLOCK_H) start(type, detail);
    if (type == MD_BLOCK_CODE) refuse("a block of code");
    return 0;
  }

  void start(MD_BLOCKTYPE type, void* detail) {
    // The paragraph of a list item is the item.
    if (type == MD_BLOCK_P && fresh_item_) {
      fresh_item_ = false;
      return;
    }
    TemplateBlock block;
    if (type == MD_BLOCK_H) {
      block.kind = StoryBlockKind::kHeading;
      block.level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
    } else if (type == MD_BLOCK_LI) {
      block.kind = ordered_ > 0 ? StoryBlockKind::kNumbered : StoryBlockKind::kBullet;
      block.level = lists_;
    } else if (quotes_ > 0) {
      block.kind = StoryBlockKind::kQuotation;
    }
    fresh_item_ = type == MD_BLOCK_LI;
    out_.blocks.push_back(std::move(block));
  }

  int leave_block(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) --lists_;
    if (type == MD_BLOCK_OL) --ordered_;
    if (type == MD_BLOCK_QUOTE) --quotes_;
    if (type == MD_BLOCK_LI) fresh_item_ = false;
    return 0;
  }

  std::vector<TemplatePiece>& pieces() {
    if (out_.blocks.empty()) out_.blocks.emplace_back();
    return out_.blocks.back().pieces;
  }

  int span(MD_SPANTYPE type, void* detail, TemplatePiece::Kind kind) {
    TemplatePiece piece;
    piece.kind = kind;
    piece.at = at_;
    switch (type) {
      case MD_SPAN_EM:
        piece.text = "em";
        break;
      case MD_SPAN_STRONG:
        piece.text = "strong";
        break;
      case MD_SPAN_A: {
        const MD_ATTRIBUTE& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
        piece.text = "a";
        piece.target = std::string(href.text, href.size);
        if (kind == TemplatePiece::Kind::kOpen) check_target(piece.target);
        break;
      }
      default:
        if (kind == TemplatePiece::Kind::kOpen) refuse("code or a picture");
        return 0;
    }
    pieces().push_back(std::move(piece));
    return 0;
  }

  void check_target(const std::string& target) {
    const bool fine = target.starts_with("https://") || target.starts_with("http://") ||
                      target.starts_with("mailto:") || target.find(':') == std::string::npos;
    const bool masked = target.find_first_of(std::string{kFirst, kInner}) != std::string::npos;
    if (fine && !masked) return;
    problems_.error("story-link", out_.place(at_),
                    masked ? "a link's address is not made of references"
                           : fmt::format("the link leads to '{}'", printable(target)),
                    "https://…, or a page beside the story");
  }

  int text(MD_TEXTTYPE type, std::string_view text) {
    const bool inside = text.data() >= masked_.data() &&
                        text.data() + text.size() <= masked_.data() + masked_.size();
    if (inside) at_ = static_cast<size_t>(text.data() - masked_.data());
    switch (type) {
      case MD_TEXT_BR:
        pieces().push_back({TemplatePiece::Kind::kBreak, "\n", {}, at_, 0});
        return 0;
      case MD_TEXT_SOFTBR:
        add_text(" ", at_);
        return 0;
      case MD_TEXT_ENTITY:
        add_entity(text);
        return 0;
      case MD_TEXT_NULLCHAR:
        return 0;
      default:
        add_run(text, at_);
        return 0;
    }
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
      if (text[i] != kFirst && text[i] != kInner) continue;
      add_text(text.substr(from, i - from), at + from);
      const auto found = by_place_.find(at + i);
      if (found != by_place_.end()) {
        pieces().push_back({TemplatePiece::Kind::kReference, {}, {}, at + i, found->second});
      }
      while (i + 1 < text.size() && text[i + 1] == kInner) ++i;
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

  void refuse(const char* what) {
    problems_.error("story-markdown", out_.place(at_),
                    fmt::format("a story holds no {}", what + (what[1] == ' ' ? 2 : 0)),
                    "headings, paragraphs, lists, quotations, emphasis and links");
  }

  StoryTemplate& out_;
  const std::string& masked_;
  Diagnostics& problems_;
  std::map<size_t, size_t> by_place_;  // byte -> reference
  size_t at_ = 0;                      // of the text read last
  int lists_ = 0;
  int ordered_ = 0;
  int quotes_ = 0;
  bool fresh_item_ = false;
};

bool is_sound(const StoryTemplate& story, Diagnostics& problems) {
  if (story.source.size() > kMostBytes) {
    problems.error(
        "story-limit", {story.file, 0, 0},
        fmt::format("the story has {} bytes, more than {}", story.source.size(), kMostBytes));
    return false;
  }
  if (!is_utf8(story.source)) {
    problems.error("story-text", {story.file, 0, 0}, "the story is not UTF-8");
    return false;
  }
  const auto control = std::ranges::find_if(story.source, is_control);
  if (control == story.source.end()) return true;
  problems.error("story-text", story.place(static_cast<size_t>(control - story.source.begin())),
                 fmt::format("a control character, {}", printable(std::string(1, *control))));
  return false;
}

}  // namespace

Place StoryTemplate::place(size_t at) const {
  const std::string_view before = std::string_view(source).substr(0, std::min(at, source.size()));
  const size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto line = static_cast<size_t>(std::ranges::count(before, '\n'));
  const auto letters = std::ranges::count_if(
      before.substr(start), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return {file, line + 1, static_cast<size_t>(letters) + 1};
}

std::string StoryTemplate::marked(size_t at, const std::string& message) const {
  const size_t byte = std::min(at, source.size());
  const size_t before = byte == 0 ? std::string::npos : source.rfind('\n', byte - 1);
  const size_t start = before == std::string::npos ? 0 : before + 1;
  const std::string_view line =
      std::string_view(source).substr(start, source.find('\n', start) - start);
  return message + "\n" + caret_under(line, byte - start);
}

StoryTemplate read_template(const std::string& file, std::string_view source,
                            Diagnostics& problems) {
  StoryTemplate out;
  out.file = file;
  out.source = replaced(std::string(source), "\r\n", "\n");
  if (!is_sound(out, problems)) return out;
  std::string masked = out.source;
  take_front_matter(out, masked, problems);
  take_references(out, masked, problems);
  Reader(out, masked, problems).read();
  return out;
}

}  // namespace barometer
