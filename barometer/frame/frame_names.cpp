#include "barometer/frame/frame_names.h"

#include <algorithm>

#include "barometer/base/text.h"

namespace barometer {
std::string without_accents(std::string_view word) {
  static constexpr std::string_view kPlain =
      "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
      "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
  std::string out;
  for (size_t i = 0; i < word.size(); ++i) {
    const bool accented = word[i] == '\xC3' && i + 1 < word.size();
    const size_t place = accented ? static_cast<unsigned char>(word[i + 1]) - 0x80U : 0;
    if (accented && place < kPlain.size()) {
      out += kPlain[place];
      ++i;
    } else {
      out += word[i];
    }
  }
  return lowered(out);
}

namespace {

constexpr size_t kRareNames = 3;  // a word of more names than these says nothing
constexpr size_t kLeastLetters = 4;

bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         byte >= 0x80 || c == '@' || c == '_';
}

// Words with their bytes; apostrophes, hyphens and points part them, but not within an address.
std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at < text.size();) {
    if (!in_word(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && in_word(text[end])) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

bool is_capitalised(std::string_view word) {
  return (word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) >= 0x80;
}

// From the first byte of one word to the last of another, of the same text.
std::string_view stretch(std::string_view first, std::string_view last) {
  return {first.begin(), last.end()};
}

}  // namespace

FrameNames::FrameNames(const Frame& frame, Of of) {
  std::set<std::string_view> once;
  for (const Organisation& organisation : frame.organisations()) {
    add(organisation.name);
    if (of == Of::kParties) continue;
    add(organisation.id);
    once.insert({organisation.region, organisation.area_team});
  }
  for (const std::string_view name : once) add(name);
  for (const Person& person : frame.people()) add(person.name);
}

void FrameNames::add(std::string_view name) {
  std::vector<std::string> words;
  for (const std::string_view word : words_in(name)) words.push_back(without_accents(word));
  if (words.empty() || join(words, "").size() < kLeastLetters) return;
  longest_ = std::max(longest_, words.size());
  const bool is_new = names_.insert(join(words, " ")).second;
  if (!is_new) return;
  for (const std::string& word : std::set<std::string>(words.begin(), words.end())) ++words_[word];
}

std::vector<std::string> FrameNames::found_in(std::string_view text) const {
  std::vector<std::string> found;
  for (const Name& name : all_in(text)) {
    if (std::ranges::count(found, name.text) == 0) found.emplace_back(name.text);
  }
  return found;
}

std::vector<FrameNames::Name> FrameNames::all_in(std::string_view text) const {
  const std::vector<std::string_view> words = words_in(text);
  std::vector<Name> found;
  for (size_t i = 0; i < words.size();) {
    size_t taken = 0;  // words of the longest name that begins here
    std::string name;
    for (size_t k = i; k < words.size() && k - i < longest_; ++k) {
      name += (name.empty() ? "" : " ") + without_accents(words[k]);
      if (names_.contains(name)) taken = k - i + 1;
    }
    if (taken > 0) {
      found.push_back({stretch(words[i], words[i + taken - 1]), true});
      i += taken;
      continue;
    }
    const auto rare = words_.find(without_accents(words[i]));
    const bool telling = rare != words_.end() && rare->second <= kRareNames &&
                         words[i].size() >= kLeastLetters && is_capitalised(words[i]);
    if (telling || words[i].find('@') != std::string_view::npos) found.push_back({words[i]});
    ++i;
  }
  return found;
}

}  // namespace barometer
