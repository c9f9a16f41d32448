// A PDF as `pdftotext -bbox-layout` sees it: pages of flows (columns) of blocks of lines of words,
// each with its place. Lines of a block are joined, words that were divided at line ends made
// whole, and what stands alike at the top or foot of the pages is left out.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <libxml/parser.h>

#include "barometer/base/text.h"
#include "barometer/document/child_internal.h"
#include "barometer/document/draft_internal.h"

namespace barometer::drafts {
namespace {

struct PdfBlock {
  std::vector<std::string> lines;
  size_t page = 0;
};

struct Reader {
  std::vector<PdfBlock> blocks;
  std::string line;
  size_t pages = 0;
  bool in_word = false;
};

std::string_view view(const xmlChar* name) { return reinterpret_cast<const char*>(name); }

void on_start(void* data, const xmlChar* name, const xmlChar** /*attributes*/) {
  auto& reader = *static_cast<Reader*>(data);
  const std::string_view element = view(name);
  if (element == "page") ++reader.pages;
  if (element == "block") reader.blocks.push_back({{}, reader.pages});
  if (element == "line") reader.line.clear();
  reader.in_word = element == "word";
  if (reader.in_word && !reader.line.empty()) reader.line += ' ';
}
void on_end(void* data, const xmlChar* name) {
  auto& reader = *static_cast<Reader*>(data);
  reader.in_word = false;
  if (view(name) == "line" && !reader.blocks.empty() && !reader.line.empty()) {
    reader.blocks.back().lines.push_back(reader.line);
  }
}
void on_text(void* data, const xmlChar* text, int length) {
  auto& reader = *static_cast<Reader*>(data);
  if (reader.in_word)
    reader.line.append(reinterpret_cast<const char*>(text), static_cast<size_t>(length));
}

std::vector<PdfBlock> blocks_of(const std::string& xml, size_t& pages) {
  xmlSAXHandler handler{};
  handler.startElement = on_start;
  handler.endElement = on_end;
  handler.characters = on_text;
  Reader reader;
  struct FreeContext {
    void operator()(xmlParserCtxtPtr context) const { xmlFreeParserCtxt(context); }
  };
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(
      xmlCreatePushParserCtxt(&handler, &reader, nullptr, 0, nullptr));
  if (context == nullptr) return {};
  xmlCtxtUseOptions(context.get(),
                    XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
  constexpr size_t kChunk = size_t{1} << 20;
  for (size_t at = 0; at < xml.size(); at += kChunk) {
    const size_t size = std::min(kChunk, xml.size() - at);
    xmlParseChunk(context.get(), xml.data() + at, static_cast<int>(size), 0);
  }
  xmlParseChunk(context.get(), nullptr, 0, 1);
  pages = reader.pages;
  return std::move(reader.blocks);
}

// With its digits made alike: "Page 3 of 10" is the foot of every page.
std::string shape_of(const PdfBlock& block) {
  std::string shape = join(block.lines, " ");
  for (char& c : shape) c = std::isdigit(static_cast<unsigned char>(c)) != 0 ? '#' : c;
  return shape;
}

bool is_page_number(std::string_view shape) {
  const std::string lower = lowered(trimmed(shape));
  return lower.size() < 16 && lower.find('#') != std::string::npos &&
         lower.find_first_not_of("#-|/. pageof") == std::string::npos;
}

// Blocks at the top and foot of their pages that stand on most pages alike.
void leave_out_repeated(std::vector<PdfBlock>& blocks, size_t pages) {
  constexpr size_t kEdge = 2;  // blocks from the edge of a page
  std::map<std::string, size_t> seen;
  std::vector<bool> edge(blocks.size());
  for (size_t begin = 0; begin < blocks.size();) {
    size_t end = begin;
    while (end < blocks.size() && blocks[end].page == blocks[begin].page) ++end;
    for (size_t i = begin; i < end; ++i) {
      edge[i] = i < begin + kEdge || i + kEdge >= end;
      if (edge[i]) ++seen[shape_of(blocks[i])];
    }
    begin = end;
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (!edge[i]) continue;
    const std::string shape = shape_of(blocks[i]);
    const bool often = pages > 1 && 2 * seen[shape] > pages && seen[shape] > 1;
    if (often || is_page_number(shape)) blocks[i].lines.clear();
  }
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

// First parts of words that keep their hyphen.
bool keeps_hyphen(std::string_view first, const std::unordered_set<std::string>& words,
                  std::string_view second) {
  constexpr auto kPrefixes = std::to_array<std::string_view>(
      {"co",     "non",   "self",  "well",  "half",    "one",    "two",    "three",
       "four",   "five",  "six",   "seven", "eight",   "nine",   "ten",    "twenty",
       "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "long",
       "short",  "high",  "low",   "part",  "full",    "ex",     "vice"});
  const std::string start = lowered(first);
  if (std::ranges::find(kPrefixes, start) != kPrefixes.end()) return true;
  if (start.empty() || !is_letter(start.back())) return true;
  const std::string end = lowered(second);
  return words.contains(start + "-" + end) && !words.contains(start + end);
}

std::unordered_set<std::string> words_of(const std::vector<PdfBlock>& blocks) {
  std::unordered_set<std::string> words;
  for (const PdfBlock& block : blocks) {
    for (const std::string& line : block.lines) {
      for (const std::string& word : split(line, ' ')) {
        std::string lower = lowered(word);
        while (!lower.empty() && !is_letter(lower.back())) lower.pop_back();
        if (!lower.empty()) words.insert(std::move(lower));
      }
    }
  }
  return words;
}

bool begins_item(std::string_view line) {
  return line.starts_with("\xE2\x80\xA2") || line.starts_with("\xE2\x97") ||
         line.starts_with("\xE2\x96\xAA") || line.starts_with("- ");
}

void append_line(std::string& text, std::string_view line,
                 const std::unordered_set<std::string>& words) {
  const bool divided = text.size() > 1 && text.back() == '-' && is_letter(text[text.size() - 2]) &&
                       !line.empty() && std::islower(static_cast<unsigned char>(line[0])) != 0;
  if (!divided) {
    if (!text.empty() && text.back() != '\n') text += begins_item(line) ? '\n' : ' ';
    text += line;
    return;
  }
  const size_t start = text.find_last_of(" \n", text.size() - 1) + 1;
  const std::string_view first = std::string_view(text).substr(start, text.size() - 1 - start);
  size_t end = 0;
  while (end < line.size() && is_letter(line[end])) ++end;
  if (!keeps_hyphen(first, words, line.substr(0, end))) text.pop_back();
  text += line;
}

}  // namespace

Result<Draft> draft_of_pdf(const std::filesystem::path& file) {
  // A name that begins with a dash would be an option.
  const std::string name = std::filesystem::absolute(file).string();
  const std::string xml =
      TRY(output_of({"pdftotext", "-q", "-enc", "UTF-8", "-bbox-layout", name, "-"}, {}));
  size_t pages = 0;
  std::vector<PdfBlock> blocks = blocks_of(xml, pages);
  leave_out_repeated(blocks, pages);
  const std::unordered_set<std::string> words = words_of(blocks);
  std::string text;
  for (const PdfBlock& block : blocks) {
    if (block.lines.empty()) continue;
    const bool goes_on = !text.empty() && !ends_sentence(trimmed(text)) &&
                         std::islower(static_cast<unsigned char>(block.lines[0][0])) != 0;
    if (!text.empty() && !goes_on) text += "\n\n";
    for (const std::string& line : block.lines) append_line(text, line, words);
  }
  return draft_of_text(text);
}

}  // namespace barometer::drafts
