#include "barometer/story/passage_internal.h"

#include <algorithm>
#include <cctype>

#include "barometer/base/text.h"
#include "barometer/study/verbatim.h"

namespace barometer {
namespace {

bool is_one_of(std::string_view text, size_t at, std::string_view mark) {
  return text.substr(at).starts_with(mark);
}

// Quotes and brackets that close what a stop ended: their length.
size_t closing_at(std::string_view text, size_t at) {
  for (const std::string_view mark : {"”", "’", "\"", "'", ")", "]"}) {
    if (is_one_of(text, at, mark)) return mark.size();
  }
  return 0;
}

bool is_stop(char c) { return c == '.' || c == '!' || c == '?'; }

// A stop at `at` ends a sentence: not "4.5", not "e.g. this".
bool ends_sentence(std::string_view text, size_t at, size_t& next) {
  size_t end = at + 1;
  while (end < text.size()) {
    const size_t more = is_stop(text[end]) ? 1 : closing_at(text, end);
    if (more == 0) break;
    end += more;
  }
  next = end;
  if (end == text.size()) return true;
  if (text[end] != ' ' && text[end] != '\n') return false;
  while (next < text.size() && (text[next] == ' ' || text[next] == '\n')) ++next;
  if (next == text.size()) return true;
  return std::islower(static_cast<unsigned char>(text[next])) == 0;
}

}  // namespace

const Segment* Passage::segment_at(size_t byte) const {
  for (const Segment& segment : segments) {
    if (byte >= segment.begin && byte < segment.end) return &segment;
  }
  return nullptr;
}

size_t Passage::source_of(size_t byte) const {
  const Segment* segment = segment_at(byte);
  if (segment == nullptr) return segments.empty() ? 0 : segments.back().at;
  return segment->kind == Segment::Kind::kPlain ? segment->at + (byte - segment->begin)
                                                : segment->at;
}

SentenceRange Passage::sentence_of(size_t byte) const {
  for (const SentenceRange& range : sentences) {
    if (byte < range.end) return range;
  }
  return {0, text.size()};
}

std::string Passage::sentence_text(const SentenceRange& range) const {
  return replaced(
      std::string(trimmed(std::string_view(text).substr(range.begin, range.end - range.begin))),
      "\n", " ");
}

bool Passage::has_finding(const SentenceRange& range) const {
  return std::ranges::any_of(segments, [&](const Segment& segment) {
    return segment.is_finding() && segment.begin < range.end && segment.end > range.begin;
  });
}

bool begins_sentence(std::string_view before) {
  std::string_view text = trimmed(before);
  for (;;) {
    bool cut = false;
    for (const std::string_view mark : {"“", "‘", "”", "’", "\"", "'", "(", ")", "]"}) {
      if (!text.ends_with(mark)) continue;
      text.remove_suffix(mark.size());
      cut = true;
    }
    if (!cut) break;
  }
  text = trimmed(text);
  return text.empty() || is_stop(text.back());
}

std::vector<SentenceRange> sentences_in(std::string_view text) {
  std::vector<SentenceRange> out;
  size_t start = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t next = 0;
    if (!is_stop(text[at]) || !ends_sentence(text, at, next)) continue;
    out.push_back({start, next});
    start = next;
    at = next - 1;
  }
  if (start < text.size()) out.push_back({start, text.size()});
  return out;
}

std::string words_alone(std::string_view text) {
  std::string out;
  for (const char c : lowered(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_refused(const Study& study, const Wave& wave, const Verbatim& verbatim) {
  return verbatim.consent == QuoteConsent::kNo ||
         !names_beyond_consent(study.frame_of(wave), verbatim).empty();
}

PassageChecker::PassageChecker(const StorySources& sources, const StoryTemplate& story,
                               const Passage& passage, Diagnostics& problems)
    : sources_(sources),
      story_(story),
      passage_(passage),
      text_(replaced(lowered(passage.text), "\n", " ")),
      problems_(problems) {}

void PassageChecker::error(size_t byte, const char* code, const std::string& message,
                           std::string hint) {
  const size_t at = passage_.source_of(byte);
  problems_.error(code, story_.place(at), story_.marked(at, message), std::move(hint));
}

void PassageChecker::note(size_t byte, const std::string& message) {
  const size_t at = passage_.source_of(byte);
  problems_.note("story-editor", story_.place(at), story_.marked(at, message));
}

}  // namespace barometer
