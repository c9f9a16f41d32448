// Texts in one language, or in each: "text: Your role?" or "text: {en: Your role?, cy: …}".
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/questionnaire/asking_internal.h"

namespace barometer {
namespace {

// "en", "cy", "en-GB": what an HTML lang attribute takes, in its simplest forms.
bool is_language(std::string_view code) {
  const size_t dash = std::min(code.find('-'), code.size());
  const auto letters = [](std::string_view part) {
    return std::ranges::all_of(
        part, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  };
  const std::string_view region = code.substr(std::min(dash + 1, code.size()));
  const bool region_fine = dash == code.size() || region.size() == 2;
  return dash >= 2 && dash <= 3 && letters(code.substr(0, dash)) && region_fine && letters(region);
}

}  // namespace

void Languages::read(const YamlNode& root) {
  std::vector<std::string> read;
  for (const YamlNode& node : root.list("languages")) {
    const std::string code = node.as_text();
    if (!is_language(code)) {
      node.error("language", fmt::format("'{}' is not the code of a language", printable(code)),
                 "en, cy, en-GB");
    } else if (std::ranges::count(read, code) > 0) {
      node.error("language", fmt::format("the language '{}' is there twice", code));
    } else {
      read.push_back(code);
    }
  }
  if (!read.empty()) all_ = std::move(read);
}

std::string Languages::text(const YamlNode& parent, std::string_view key) const {
  const YamlNode node = parent.child(key);
  if (!node.is_map()) {
    check(node);
    return parent.text(key);
  }
  return own(node);
}

std::string Languages::optional_text(const YamlNode& parent, std::string_view key) const {
  const YamlNode node = parent.child(key);
  return node.exists() ? own(node) : std::string();
}

std::string Languages::own(const YamlNode& node) const {
  check(node);
  if (!node.is_map()) return node.as_text();
  return node.text(all_.front());
}

std::string Languages::in(const YamlNode& node, const std::string& language) {
  return node.is_map() ? node.optional_text(language).value_or("") : std::string();
}

void Languages::check(const YamlNode& node) const {
  if (!node.exists()) return;
  if (node.is_map()) {
    for (const auto& [language, words] : node.entries()) {
      if (std::ranges::count(all_, language) > 0) continue;
      words.error("language",
                  fmt::format("'{}' is not a language of the questionnaire", printable(language)),
                  fmt::format("languages: [{}]", join(all_, ", ")));
    }
  }
  for (size_t i = 1; i < all_.size(); ++i) {
    if (node.is_map() && !in(node, all_[i]).empty()) continue;
    node.error("untranslated", fmt::format("'{}' has no words in '{}'", node.path(), all_[i]),
               fmt::format("{{{}: …, {}: …}}", all_.front(), all_[i]));
  }
}

}  // namespace barometer
