// What all formats share: bytes that are text, blocks by their words, and the finished document.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "barometer/base/text.h"
#include "barometer/document/draft_internal.h"

namespace barometer::drafts {
namespace {

constexpr size_t kMostTitleBytes = 220;

// How lines begin that no author of the article wrote.
constexpr auto kNavigation = std::to_array<std::string_view>({"share this",
                                                              "this site is intended",
                                                              "click here",
                                                              "read more",
                                                              "sign in",
                                                              "subscribe",
                                                              "register",
                                                              "log in",
                                                              "related articles",
                                                              "most read",
                                                              "image:",
                                                              "photo:",
                                                              "photograph:",
                                                              "advertisement",
                                                              "we use cookies",
                                                              "this site uses cookies",
                                                              "skip to",
                                                              "follow us",
                                                              "comments",
                                                              "tags:",
                                                              "posted by",
                                                              "published:",
                                                              "published on",
                                                              "last updated",
                                                              "updated:",
                                                              "print this",
                                                              "email this",
                                                              "copyright",
                                                              "all rights reserved",
                                                              "\xC2\xA9",
                                                              "written by",
                                                              "more on this story"});
constexpr auto kCaptionStarts = std::to_array<std::string_view>(
    {"pie chart", "bar chart", "line chart", "chart:", "chart ", "figure ", "fig ", "fig. ",
     "graph:", "graph ", "graphic:", "source:", "picture:", "infographic:"});
constexpr auto kMonths = std::to_array<std::string_view>(
    {"january",   "february", "march",    "april",    "may",  "june", "july", "august",
     "september", "october",  "november", "december", "jan",  "feb",  "mar",  "apr",
     "jun",       "jul",      "aug",      "sep",      "sept", "oct",  "nov",  "dec"});
constexpr auto kDays = std::to_array<std::string_view>(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue",
     "wed", "thu", "fri", "sat", "sun"});

template <size_t kSize>
bool begins(std::string_view words, const std::array<std::string_view, kSize>& starts) {
  return std::ranges::any_of(starts, [&](std::string_view s) { return words.starts_with(s); });
}
template <size_t kSize>
bool has(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_address(std::string_view lower) {
  return lower.find_first_of(" \n\t") == std::string_view::npos &&
         (lower.starts_with("http") || lower.starts_with("www."));
}
// "12 January 2012", "Friday, 5 Oct 2012 10:30", "2012-10-05": a date and no other word.
bool is_date_line(std::string_view lower) {
  bool dated = false;
  for (size_t at = 0; at < lower.size();) {
    const size_t end = std::min(lower.find_first_of(" ,.:/|-\n", at), lower.size());
    const std::string_view word = lower.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const bool number =
        std::ranges::all_of(word, is_digit) || (word.size() < 5 && is_digit(word[0]));  // 1st, 10am
    const bool named = has(kMonths, word) || has(kDays, word) || word == "am" || word == "pm" ||
                       word == "gmt" || word == "bst";
    if (!number && !named) return false;
    dated = dated || has(kMonths, word) || (number && word.size() == 4 && is_digit(word[3]));
  }
  return dated && lower.size() < 40;
}
// "By Sarah Calkin", "by Jane Smith, Political Editor"
bool is_byline(std::string_view words) {
  if (!lowered(words.substr(0, 3)).starts_with("by ") || words.size() > 60) return false;
  return std::isupper(static_cast<unsigned char>(words[3 < words.size() ? 3 : 0])) != 0 &&
         std::ranges::none_of(words, is_digit) && !ends_sentence(words);
}

bool is_open_quote(std::string_view words) {
  return words.starts_with("\xE2\x80\x9C") || words.starts_with("\xE2\x80\x98") ||
         words.starts_with('"');
}
// Closed by the same mark at its end, and nowhere before.
bool is_quoted_whole(std::string_view words) {
  if (!is_open_quote(words) || words.size() < 8) return false;
  const bool straight = words[0] == '"';
  const std::string_view close = straight                            ? "\""
                                 : words.starts_with("\xE2\x80\x9C") ? "\xE2\x80\x9D"
                                                                     : "\xE2\x80\x99";
  const std::string_view body = words.substr(straight ? 1 : 3);
  if (!body.ends_with(close)) return false;
  if (close == "\xE2\x80\x99") return body.find("\xE2\x80\x99 ") == std::string_view::npos;
  return body.find(close) + close.size() == body.size();
}

}  // namespace

bool ends_sentence(std::string_view words) {
  for (;;) {
    if (words.ends_with("\xE2\x80\x9D") || words.ends_with("\xE2\x80\x99")) {
      words.remove_suffix(3);
    } else if (!words.empty() && (words.back() == '"' || words.back() == '\'' ||
                                  words.back() == ')' || words.back() == ' ')) {
      words.remove_suffix(1);
    } else {
      break;
    }
  }
  return words.ends_with('.') || words.ends_with('!') || words.ends_with('?') ||
         words.ends_with(':') || words.ends_with(';') || words.ends_with(',') ||
         words.ends_with("\xE2\x80\xA6");
}

std::string well_formed(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 4);
  while (!bytes.empty()) {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    size_t length = lead < 0x80 ? 1U : lead >= 0xF0 ? 4U : lead >= 0xE0 ? 3U : 2U;
    length = std::min(length, bytes.size());
    const bool good = is_utf8(bytes.substr(0, length));
    text += good ? bytes.substr(0, length) : std::string_view("\xEF\xBF\xBD");
    bytes.remove_prefix(good ? length : 1);
  }
  return text;
}

BlockKind kind_of_words(std::string_view words, BlockKind kind) {
  words = trimmed(words);
  const std::string lower = lowered(words.substr(0, 120));
  if (is_address(lower) || is_byline(words)) return BlockKind::kSource;
  const bool share = lower.ends_with("cent") || lower.ends_with('%');  // "Registered nurses: 69%"
  if (words.size() < 120 && !share && (is_date_line(lower) || begins(lower, kNavigation))) {
    return BlockKind::kSource;
  }
  if (words.size() < 120 && begins(lower, kCaptionStarts) &&
      (!ends_sentence(words) || lower.starts_with("source:"))) {
    return BlockKind::kCaption;
  }
  return is_quoted_whole(words) ? BlockKind::kQuotation : kind;
}

void choose_title(Draft& draft) {
  const auto is_title = [](const DraftBlock& b) { return b.kind == BlockKind::kTitle; };
  if (std::ranges::any_of(draft.blocks, is_title)) return;
  for (DraftBlock& block : draft.blocks) {
    if (block.kind == BlockKind::kSource || block.kind == BlockKind::kCaption) continue;
    const std::string_view words =
        trimmed(std::string_view(draft.text).substr(block.begin, block.end - block.begin));
    const bool can_be = block.kind == BlockKind::kHeading || block.kind == BlockKind::kParagraph;
    if (can_be && words.size() <= kMostTitleBytes && !ends_sentence(words)) {
      block.kind = BlockKind::kTitle;
    }
    return;
  }
}

namespace {

// Code points before each of the bytes, which come in order.
class Counter {
 public:
  explicit Counter(std::string_view text) : text_(text) {}
  size_t operator()(size_t byte) {
    for (; at_ < byte; ++at_) {
      if ((static_cast<unsigned char>(text_[at_]) & 0xC0) != 0x80) ++count_;
    }
    return count_;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  size_t count_ = 0;
};

void add_sentences(Document& document, const wording::NormalText& normal, size_t block) {
  Block& b = document.blocks[block];
  const auto byte_of = [&](size_t point) {
    return static_cast<size_t>(std::ranges::lower_bound(normal.origin, point) -
                               normal.origin.begin());
  };
  const size_t begin = byte_of(b.span.begin);
  const size_t end = byte_of(b.span.end);
  b.first_sentence = document.sentences.size();
  if (begin == end) return;
  size_t from = begin;
  for (const size_t to : sentence_ends(normal.text, begin, end)) {
    while (from < to && std::string_view(" \n\t\r").find(normal.text[from]) != std::string::npos) {
      ++from;
    }
    if (from < to) document.sentences.push_back({normal.span(from, to), block});
    from = to;
  }
  b.sentence_count = document.sentences.size() - b.first_sentence;
}

}  // namespace

Document finished(Draft draft, DocumentFormat format, std::string name) {
  Document document{.name = std::move(name),
                    .format = format,
                    .text = std::move(draft.text),
                    .prose = std::move(draft.prose),
                    .blocks = {},
                    .sentences = {}};
  if (document.prose.empty()) document.prose = document.text;
  Counter points(document.text);
  for (const DraftBlock& block : draft.blocks) {
    if (block.begin >= block.end) continue;
    const size_t begin = points(block.begin);
    document.blocks.push_back({block.kind, {begin, points(block.end)}});
  }
  const wording::NormalText normal = wording::normalise(document.prose);
  for (size_t i = 0; i < document.blocks.size(); ++i) add_sentences(document, normal, i);
  return document;
}

}  // namespace barometer::drafts
