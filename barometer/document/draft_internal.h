// A document being made: its text and blocks, before sentences are cut.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/document/document.h"

namespace barometer::drafts {

struct DraftBlock {
  BlockKind kind = BlockKind::kParagraph;
  size_t begin = 0;  // bytes of the text
  size_t end = 0;
};

struct Draft {
  std::string text;   // well-formed UTF-8
  std::string prose;  // as in Document; empty: the text
  std::vector<DraftBlock> blocks;
};

// Bytes that are not UTF-8 become U+FFFD, one each; a byte order mark stays.
std::string well_formed(std::string_view bytes);

// What a block of these words is: a date line, a byline, "Share this article" are kSource, a
// chart's title a kCaption, words all in quotation marks a kQuotation; else `kind`.
BlockKind kind_of_words(std::string_view words, BlockKind kind);
// Ends in a full stop or another mark that ends a sentence, quotes after it aside.
bool ends_sentence(std::string_view words);

// The first block that can be a headline becomes the title, when there is none yet.
void choose_title(Draft& draft);

Draft draft_of_text(std::string_view bytes);
Draft draft_of_markdown(std::string_view bytes);
Result<Draft> draft_of_html(std::string_view bytes);
Result<Draft> draft_of_pdf(const std::filesystem::path& file);

// With sentences.
Document finished(Draft draft, DocumentFormat format, std::string name);

// Where the sentences of the plain text in bytes begin..end end, in bytes; the last is `end`.
std::vector<size_t> sentence_ends(std::string_view plain, size_t begin, size_t end);

}  // namespace barometer::drafts
