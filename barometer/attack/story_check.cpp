// Stories of a bundle against its ledger: every number in an article must be one that the ledger
// shows. stories.json says which figure each sentence rests on; the articles themselves are read
// again, number by number, by the grammar that reads anyone's (wording/read.h).
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/attack/files_internal.h"
#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

const Json& member(const Json& object, const char* key) {
  static const Json kNothing;
  const auto found = object.find(key);
  return object.is_object() && found != object.end() ? *found : kNothing;
}

std::string word_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

// What one article may say.
struct Allowed {
  std::vector<std::string> texts;  // of its claims
  std::vector<std::string> notes;
};

void check_claim(const std::string& name, const Json& claim, const LedgerView& ledger,
                 Allowed& allowed, FileFindings& out) {
  const std::string text = word_of(member(claim, "text"));
  allowed.texts.push_back(text);
  allowed.notes.push_back(word_of(member(claim, "source")));  // whose number it is
  for (const Json& figure : member(claim, "figures")) {
    const std::string id = word_of(member(figure, "id"));
    const Figure* known = ledger.find(id);
    if (known == nullptr) {
      out.shown.push_back(
          {name, "", fmt::format("'{}' of a figure '{}'", printable(text), printable(id, 200))});
    } else if (is_suppressed(*known)) {
      out.shown.push_back({name, id, fmt::format("'{}'", printable(text))});
    }
  }
}

Allowed check_story(const std::string& name, const Json& story, const LedgerView& ledger,
                    FileFindings& out) {
  Allowed allowed;
  for (const Json& sentence : member(story, "sentences")) {
    for (const Json& claim : member(sentence, "claims")) {
      if (claim.is_object()) check_claim(name, claim, ledger, allowed, out);
    }
  }
  for (const Json& note : member(story, "notes")) allowed.notes.push_back(word_of(note));
  return allowed;
}

// As words of their own: "5" does not stand in "15 per cent" or "5.3".
bool stands_in(const std::vector<std::string>& texts, const std::string& words) {
  return std::ranges::any_of(texts, [&](const std::string& text) {
    return find_word(text, words, 0, ".,") != std::string::npos;
  });
}

// "86 of the 211": a number and its whole, each of a claim of its own.
bool is_of_two(const std::vector<std::string>& texts, const wording::NumberPhrase& phrase) {
  if (phrase.form != wording::Form::kShare || phrase.out_of == 0) return false;
  const auto is_told = [&](const auto& fits) {
    return std::ranges::any_of(texts, [&](const std::string& text) {
      const auto read = wording::read_numbers(text);
      return read.size() == 1 && read.front().form == wording::Form::kCount &&
             read.front().value.denominator == 1 && fits(read.front().value.numerator);
    });
  };
  const bool part = is_told([&](int64_t n) { return Ratio{n, phrase.out_of} == phrase.value; });
  return part && is_told([&](int64_t n) { return n == phrase.out_of; });
}

// The bytes of a span of code points.
std::string words_at(std::string_view text, const wording::TextSpan& span) {
  std::string out;
  size_t point = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++point;
    if (point > span.begin && point <= span.end) out += c;
  }
  return out;
}

// Percentages, fractions and counts that no claim of the story made.
void check_article(const std::string& name, const std::string& bytes, const Allowed& allowed,
                   FileFindings& out) {
  std::set<std::string> told;
  for (const std::string& line : split(bytes, '\n')) {
    for (const wording::NumberPhrase& phrase : wording::read_numbers(line)) {
      const bool counted = phrase.is_share() || phrase.form == wording::Form::kCount ||
                           phrase.form == wording::Form::kPoints;
      const bool pronoun = phrase.in_words && phrase.value == Ratio{1, 1};
      if (!counted || pronoun) continue;
      const std::string words = words_at(line, phrase.number);
      if (stands_in(allowed.texts, words) || stands_in(allowed.notes, words)) continue;
      if (is_of_two(allowed.texts, phrase)) continue;
      if (!told.insert(words).second) continue;
      out.shown.push_back({name, "", fmt::format("the number '{}'", printable(words))});
    }
  }
}

}  // namespace

void check_stories(const BundleText& bundle, const LedgerView& ledger, FileFindings& out) {
  constexpr const char* kIndex = "stories.json";
  std::map<std::string, Allowed> allowed;
  const auto index = bundle.files.find(kIndex);
  if (index != bundle.files.end()) {
    const Json root = Json::parse(index->second, nullptr, false);
    if (root.is_discarded()) out.problems.push_back(fmt::format("{}: no JSON", kIndex));
    for (const Json& story : member(root, "stories")) {
      allowed[word_of(member(story, "name"))] = check_story(kIndex, story, ledger, out);
    }
  }
  for (const auto& [name, bytes] : bundle.files) {
    if (!name.starts_with("stories/") || !name.ends_with(".txt")) continue;
    const std::string story = name.substr(8, name.size() - 12);
    check_article(name, bytes, allowed[story], out);
  }
}

}  // namespace barometer
