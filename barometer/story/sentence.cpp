#include "barometer/story/sentence_internal.h"

#include <algorithm>
#include <cctype>

#include "barometer/base/text.h"

namespace barometer {
namespace {

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Quotes, dashes, ellipses and fixed spaces: E2 80 xx, no letters.
bool is_mark_at(std::string_view text, size_t at) {
  return text.substr(at).starts_with("\xE2\x80") || text.substr(at).starts_with("\xC2\xA0");
}

bool is_word_at(std::string_view text, size_t at) {
  return std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
         (is_beyond_ascii(text[at]) && !is_mark_at(text, at));
}

size_t length_of_mark(std::string_view text, size_t at) {
  if (!is_mark_at(text, at)) return 1;
  return text[at] == '\xE2' ? std::min<size_t>(3, text.size() - at) : 2;
}

bool is_capital_at(std::string_view text, size_t at) {
  return std::isupper(static_cast<unsigned char>(text[at])) != 0 || is_beyond_ascii(text[at]);
}

// The words and marks of a plain segment.
void add_plain(const Passage& passage, const std::string& text, const Segment& segment,
               std::vector<Token>& out) {
  for (size_t at = segment.begin; at < segment.end;) {
    size_t end = at;
    while (end < segment.end && is_word_at(text, end)) ++end;
    if (end > at) {
      out.push_back({text.substr(at, end - at), at, end, is_capital_at(passage.text, at)});
    } else {
      end = std::min(segment.end, at + length_of_mark(text, at));
      const std::string_view mark = std::string_view(text).substr(at, end - at);
      const bool dash = mark == "–" || mark == "—";
      const bool ends = std::string_view(",;:.!?()").find(mark.front()) != std::string_view::npos;
      if (dash || (ends && mark.size() == 1)) {
        out.push_back({dash ? "--" : std::string(mark), at, end});
      }
    }
    at = end;
  }
}

}  // namespace

bool Token::is_mark() const {
  return segment == nullptr && !text.empty() && text[0] > 0 &&
         std::isalnum(static_cast<unsigned char>(text[0])) == 0;
}

bool is_any_of(const Token& token, std::span<const std::string_view> words) {
  return token.segment == nullptr &&
         std::ranges::find(words, std::string_view(token.text)) != words.end();
}

bool says_at(Tokens tokens, size_t at, std::string_view words) {
  for (const std::string& word : split(words, ' ')) {
    if (at >= tokens.size() || !tokens[at].is(word)) return false;
    ++at;
  }
  return true;
}

size_t finding_from(Tokens tokens, size_t at) {
  for (; at < tokens.size(); ++at) {
    if (tokens[at].finding() != nullptr) return at;
  }
  return kNoToken;
}

size_t finding_before(Tokens tokens, size_t at) {
  while (at > 0) {
    --at;
    if (tokens[at].finding() != nullptr) return at;
  }
  return kNoToken;
}

TokenChecker::TokenChecker(const StorySources& sources, const StoryTemplate& story,
                           const Passage& passage, Diagnostics& problems)
    : PassageChecker(sources, story, passage, problems) {
  for (const Segment& segment : passage.segments) {
    if (segment.kind == Segment::Kind::kPlain) {
      add_plain(passage, text_, segment, tokens_);
    } else if (segment.kind == Segment::Kind::kClaim) {
      tokens_.push_back({"", segment.begin, segment.end, false, &segment});
    }
  }
  size_t first = 0;
  for (const SentenceRange& range : passage.sentences) {
    size_t last = first;
    while (last < tokens_.size() && tokens_[last].begin < range.end) ++last;
    if (last > first) sentences_.push_back(Tokens(tokens_).subspan(first, last - first));
    first = last;
  }
}

std::string TokenChecker::said(Tokens tokens) const {
  if (tokens.empty()) return {};
  const size_t begin = tokens.front().begin;
  return replaced(
      printable(std::string_view(passage_.text).substr(begin, tokens.back().end - begin)), "\n",
      " ");
}

std::string TokenChecker::head() const {
  return split(lowered(sources_.study.respondent_word), ' ').back();
}

bool TokenChecker::is_respondent(const Token& token) const {
  if (token.segment != nullptr) return false;
  const std::string whole = head();
  const std::string one = whole.ends_with('s') ? whole.substr(0, whole.size() - 1) : whole;
  return token.text == whole || token.text == one || token.text == "respondents" ||
         token.text == "respondent" || token.text == "participants" ||
         token.text == "participant" || token.text == "leaders" || token.text == "leader";
}

WordSet TokenChecker::stems(std::string_view printed) const {
  if (sources_.index == nullptr) return {};
  return telling_words(sources_.index->lexicon().read_printed(printed));
}

WordSet TokenChecker::stems(Tokens tokens) const {
  std::string text;
  for (const Token& token : tokens) text += token.text + " ";
  return stems(text);
}

const Item* TokenChecker::item_of(const Figure& figure) const {
  const Wave* wave = sources_.study.wave(figure.wave);
  return wave == nullptr || figure.item.empty() ? nullptr : wave->questionnaire.find(figure.item);
}

namespace {

// The word and one of the next two or the last two, near each other in the item as well.
bool stands_in(const LexiconWords& item, const LexiconWords& said, size_t at) {
  constexpr size_t kNear = 2;
  for (size_t k = 0; k < item.size(); ++k) {
    if (item[k].stem != said[at].stem) continue;
    for (size_t near = 1; near <= kNear; ++near) {
      const bool behind = at + near < said.size() && k + near < item.size() &&
                          !said[at + near].common && said[at + near].stem == item[k + near].stem;
      const bool before = at >= near && k >= near && !said[at - near].common &&
                          said[at - near].stem == item[k - near].stem;
      if (behind || before) return true;
    }
  }
  return false;
}

}  // namespace

bool TokenChecker::is_said_by_question(Tokens sentence, size_t at) const {
  if (sources_.index == nullptr || sentence[at].segment != nullptr) return false;
  constexpr size_t kRound = 4;
  const size_t first = at > kRound ? at - kRound : 0;
  std::string round;
  std::string before;
  for (size_t k = first; k < sentence.size() && k <= at + kRound; ++k) {
    round += (sentence[k].segment == nullptr ? sentence[k].text : "") + " ";
    if (k < at) before = round;
  }
  const Lexicon& lexicon = sources_.index->lexicon();
  const LexiconWords said = lexicon.read_printed(round);
  const size_t place = lexicon.read_printed(before).size();
  if (place >= said.size()) return false;
  std::vector<const Item*> items;
  for (const Token& token : sentence) {
    if (token.finding() == nullptr) continue;
    for (const Figure* figure : token.segment->figures) {
      if (const Item* item = item_of(*figure); item != nullptr) items.push_back(item);
    }
  }
  if (items.empty()) {
    for (const Item& item : sources_.wave.questionnaire.items) items.push_back(&item);
  }
  return std::ranges::any_of(items, [&](const Item* item) {
    return stands_in(lexicon.read_printed(words_of(*item)), said, place);
  });
}

std::string words_of(const Item& item) {
  std::string out = item.stem + " " + item.text + " . " + item.label + " . ";
  for (const Category& option : item.options) out += option.label + " . ";
  for (const Net& net : item.nets) out += net.label + " . ";
  return out + (item.base_text == "All respondents" ? "" : item.base_text);
}

bool is_of_some(const Item& item) {
  return !item.ask_if.empty() ||
         (!item.base_text.empty() && !lowered(item.base_text).starts_with("all "));
}

}  // namespace barometer
