#include "barometer/base/find_word.h"

#include <algorithm>
#include <cstdint>

namespace barometer {
namespace {

bool is_more(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The character that holds the byte, as its bytes.
std::string_view character_at(std::string_view text, size_t at) {
  size_t begin = at;
  while (begin > 0 && at - begin < 3 && is_more(text[begin])) --begin;
  size_t end = at + 1;
  while (end < text.size() && end - begin < 4 && is_more(text[end])) ++end;
  return text.substr(begin, end - begin);
}

// U+00A0 … U+00BF and U+2000 … U+206F are spaces, signs and punctuation.
bool is_word_character(std::string_view character) {
  const char c = character.front();
  if (static_cast<unsigned char>(c) < 0x80) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  return !character.starts_with("\xC2") && !character.starts_with("\xE2\x80") &&
         !character.starts_with("\xE2\x81");
}

bool is_in_word(std::string_view text, size_t at) {
  return is_word_character(character_at(text, at));
}

bool joins(std::string_view joining, char c) { return joining.find(c) != std::string_view::npos; }

bool begins_at(std::string_view text, size_t at, std::string_view joining) {
  if (at == 0 || !is_in_word(text, at)) return true;
  if (is_in_word(text, at - 1)) return false;
  return !(joins(joining, text[at - 1]) && at > 1 && is_in_word(text, at - 2));
}

bool ends_at(std::string_view text, size_t end, std::string_view joining) {
  if (end == text.size() || !is_in_word(text, end - 1)) return true;
  if (is_in_word(text, end)) return false;
  return !(joins(joining, text[end]) && end + 1 < text.size() && is_in_word(text, end + 1));
}

}  // namespace

size_t find_word(std::string_view text, std::string_view word, size_t from,
                 std::string_view joining) {
  if (word.empty()) return std::string_view::npos;
  for (size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (begins_at(text, at, joining) && ends_at(text, at + word.size(), joining)) return at;
  }
  return std::string_view::npos;
}

}  // namespace barometer
