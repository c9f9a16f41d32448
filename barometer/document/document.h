// An article as text: what a reader's file says, cut into blocks and sentences, from plain text,
// Markdown, HTML or PDF.
//
// `text` is what findings point into, in code points: of plain text and Markdown the file itself,
// of HTML and PDF what was taken out of it. Nothing of a block's text is moved or changed, so that
// a span of a claim can be shown under the words it was read from.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/wording/normalise.h"

namespace barometer {

enum class DocumentFormat { kText, kMarkdown, kHtml, kPdf };

enum class BlockKind {
  kTitle,      // the headline
  kHeading,    // within the article
  kBullet,     // an item of a list
  kParagraph,  //
  kCaption,    // of a picture or table
  kTableCell,  // a row of a table is a block a cell
  kQuotation,  // a block that is quoted as a whole
  kSource,     // an address, a byline, a date line, navigation: no prose of the article
};

struct Sentence {
  wording::TextSpan span;
  size_t block = 0;
};

struct Block {
  BlockKind kind = BlockKind::kParagraph;
  wording::TextSpan span;
  size_t first_sentence = 0;  // places in Document::sentences
  size_t sentence_count = 0;
};

struct Document {
  std::string name;  // of the file, for messages
  DocumentFormat format = DocumentFormat::kText;
  std::string text;  // UTF-8; bytes that are not are U+FFFD, one code point each
  // The same, code point for code point, as it is to be read: marks and addresses of Markdown are
  // U+200B, which wording passes over. Of other formats the text itself.
  std::string prose;
  std::vector<Block> blocks;  // in the order of the text, without overlap
  std::vector<Sentence> sentences;
};

// Any bytes, of at most 16 MB (kLimit beyond). Plain text: a first short line without a full stop
// is the title, short lines without one are headings, lines that begin with a bullet or dash are
// bullets, and lines that were broken at a width are joined. HTML: what a reader sees; scripts,
// navigation, forms and hidden elements are left out. A PDF is kUnsupported here: it needs a file.
Result<Document> read_document(std::string_view bytes, DocumentFormat format, std::string name);
// By the file's ending, else by its first bytes. A PDF goes through `pdftotext` (poppler-utils), a
// child process with limits of time, memory and output; kNotFound where it is not installed.
Result<Document> read_document_file(const std::filesystem::path& file);
// The files that a path of the command line stands for: itself, or of a folder the files directly
// in it whose ending is that of an article (.txt, .md, .html, .pdf, …), by name; hidden ones are
// left out. kNotFound where there is none.
Result<std::vector<std::filesystem::path>> article_files(const std::filesystem::path& path);

}  // namespace barometer
