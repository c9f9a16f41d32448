// A story as its writer wrote it: Markdown with references, as blocks of pieces that know their
// place.
//
// Markdown is CommonMark's (cmark-gfm), of which a story uses headings, paragraphs, lists,
// quotations, emphasis and links. Code and pictures are reported; HTML is text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/story/reference_internal.h"
#include "barometer/story/story.h"

namespace barometer {

struct TemplatePiece {
  enum class Kind { kText, kReference, kOpen, kClose, kBreak };
  Kind kind = Kind::kText;
  std::string text;      // or the mark of kOpen and kClose: "em", "strong", "a"
  std::string target;    // of a link
  size_t at = 0;         // byte in the source
  size_t reference = 0;  // place in StoryTemplate::references
};

struct TemplateBlock {
  StoryBlockKind kind = StoryBlockKind::kParagraph;
  int level = 1;
  std::vector<TemplatePiece> pieces;
};

struct TemplateReference {
  std::string source;  // without the braces, trimmed
  size_t at = 0;       // byte of "{{" in the source
  size_t inner = 0;    // byte of the first byte of `source`
  Reference reference;
  bool sound = false;  // it could be parsed
};

struct StoryTemplate {
  std::string file;
  std::string source;
  std::string style;  // of the front matter; empty: not said
  std::vector<TemplateBlock> blocks;
  std::vector<TemplateReference> references;
  bool all_closed = true;  // no '{{' without its '}}'

  // Line and column (in code points, from 1) of a byte of the source.
  [[nodiscard]] Place place(size_t at) const;
  // The message with the line of the source and a caret under the byte.
  [[nodiscard]] std::string marked(size_t at, const std::string& message) const;
};

// A reference is put out of Markdown's way by bytes that mean nothing to it, as many as it has.
inline constexpr char kReferenceFirst = '\x01';
inline constexpr char kReferenceInner = '\x02';
// Adds the blocks of `masked`: the source with its references put out of the way.
void read_markdown(StoryTemplate& out, const std::string& masked, Diagnostics& problems);

StoryTemplate read_template(const std::string& file, std::string_view source,
                            Diagnostics& problems);

}  // namespace barometer
