// Whatever the bytes, read as plain text, Markdown and HTML: blocks and sentences stand in order in
// the text, claims in order in the sentences, and what claims point to is there.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "barometer/base/result.h"
#include "barometer/base/text.h"
#include "barometer/claim/claim.h"
#include "barometer/document/document.h"

namespace {

using barometer::Article;
using barometer::Claim;
using barometer::Document;

size_t points(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void check_document(const Document& document) {
  CHECK(barometer::is_utf8(document.text), "the text of a document is text");
  const size_t size = points(document.text);
  CHECK(points(document.prose) == size, "prose has the code points of the text");
  size_t end = 0;
  size_t sentences = 0;
  for (const barometer::Block& block : document.blocks) {
    CHECK(block.span.begin >= end && block.span.begin < block.span.end && block.span.end <= size,
          "blocks stand in order");
    CHECK(block.sentence_count == 0 || block.first_sentence == sentences, "blocks have sentences");
    sentences += block.sentence_count;
    end = block.span.end;
  }
  CHECK(sentences == document.sentences.size(), "every sentence stands in a block");
  end = 0;
  for (const barometer::Sentence& sentence : document.sentences) {
    CHECK(sentence.span.begin >= end && sentence.span.begin < sentence.span.end,
          "sentences stand in order");
    end = sentence.span.end;
  }
  CHECK(end <= size, "sentences stand in the text");
}

void check_claims(const Article& article) {
  size_t end = 0;
  const size_t count = article.claims.size();
  const auto exists = [&](const std::optional<size_t>& place) { return !place || *place < count; };
  for (const Claim& claim : article.claims) {
    CHECK(claim.span.begin >= end && claim.span.begin < claim.span.end, "claims stand in order");
    CHECK(claim.sentence < article.document.sentences.size(), "a claim has a sentence");
    CHECK(points(claim.quote) == claim.span.end - claim.span.begin, "a claim has its words");
    CHECK(claim.number.hedge != nullptr, "a number is complete");
    CHECK(claim.negative == !claim.negative_reason.empty(), "what is no claim says why");
    CHECK(claim.base.has_value() || claim.base_source == barometer::BaseSource::kNone,
          "a base has a source");
    CHECK(exists(claim.base_claim) && exists(claim.earlier) && exists(claim.level) &&
              exists(claim.gloss_of),
          "a claim points to claims");
    CHECK(claim.survey == 0 || claim.survey < article.surveys.size(), "a survey is there");
    end = claim.span.end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  using enum barometer::DocumentFormat;
  for (const auto format : {kText, kMarkdown, kHtml}) {
    auto document = barometer::read_document(text, format, "fuzz");
    if (!document) continue;
    check_document(*document);
    check_claims(barometer::read_claims(*std::move(document)));
  }
  return 0;
}
