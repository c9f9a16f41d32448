// Small helpers for text people wrote.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace barometer {

// Without spaces, tabs and line ends at both ends.
std::string_view trimmed(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string lowered(std::string_view ascii);
// Every `from` (not empty), left to right.
std::string replaced(std::string text, std::string_view from, std::string_view to);

// The candidate nearest to `word` by optimal string alignment distance, if near enough to be what
// was meant (at most a third of its letters, and at most 3; in words of two letters, 1), letter
// case aside. Ties go to the first.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);
// "did you mean 'role'?" or, when nothing is near, "known: a, b, c" (at most 12), or "".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

// True when the bytes are well-formed UTF-8.
bool is_utf8(std::string_view bytes);
// 1234567 -> "1,234,567".
std::string with_thousands(long long value);
// For messages, which never carry raw control bytes: controls and bytes that are not UTF-8 become
// \xNN; what is longer than about `limit` bytes is cut between characters and ends in "...".
std::string printable(std::string_view bytes, size_t limit = 60);
// "column 8: <message>", the line of text round byte `at`, and a caret under it.
std::string with_caret(std::string_view text, size_t at, std::string_view message);

}  // namespace barometer
