// JSON and HTML of a bundle against its ledger.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/attack/files_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

bool is_number_word(const std::string& text) {
  std::string plain = text;
  if (plain.ends_with('%')) plain.pop_back();
  return parse_decimal(plain).has_value();
}

// An object that has the id as one of its values: numbers beside it are the figure's.
void check_object(const std::string& name, const Json& object, const LedgerView& ledger,
                  FileFindings& out) {
  std::string id;
  for (const auto& [key, value] : object.items()) {
    if (value.is_string() && ledger.is_hidden(value.get_ref<const std::string&>())) {
      id = value.get<std::string>();
    }
  }
  if (id.empty()) return;
  for (const auto& [key, value] : object.items()) {
    const bool about = key == "level" || key == "answer" || key == "code" || key == "wave" ||
                       key == "item" || key == "group" || key == "label" || key == "frame" ||
                       key.ends_with("hash");
    const bool number =
        value.is_number() || (value.is_string() && is_number_word(value.get<std::string>()));
    if (number && !about) {
      out.shown.push_back({name, id, fmt::format("a number as '{}'", printable(key))});
    }
  }
}

// Charts describe their shapes: "Likely: 63% (figure ID)", and their labels "63% (label ID)".
void check_described(const std::string& name, const Json& object, const LedgerView& ledger,
                     FileFindings& out) {
  const auto found = object.find("description");
  if (found == object.end() || !found->is_string()) return;
  const std::string text = found->get<std::string>();
  const size_t open = text.rfind('(');
  const size_t space = text.find(' ', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || space == std::string::npos || !text.ends_with(')')) return;
  const std::string what = text.substr(open + 1, space - open - 1);
  const std::string id = text.substr(space + 1, text.size() - space - 2);
  if (!ledger.is_hidden(id)) return;
  if (what == "figure" || what == "interval") {
    out.shown.push_back({name, id, fmt::format("a drawn {}", what == "figure" ? "shape" : what)});
  } else if (holds_digit(text.substr(0, open))) {
    out.shown.push_back({name, id, "a number beside the place of its shape"});
  }
}

// Without recursion: hostile nesting must not end the program.
void walk(const std::string& name, const Json& root, const LedgerView& ledger, FileFindings& out) {
  std::vector<const Json*> open{&root};
  while (!open.empty()) {
    const Json& at = *open.back();
    open.pop_back();
    if (at.is_object()) {
      check_object(name, at, ledger, out);
      check_described(name, at, ledger, out);
    }
    if (at.is_string()) check_bases(name, at.get_ref<const std::string&>(), ledger, out);
    if (!at.is_structured()) continue;
    for (const Json& child : at) open.push_back(&child);
  }
}

std::string without_tags(std::string_view html) {
  std::string out;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    if (!in_tag) out += c;
    if (c == '>') {
      in_tag = false;
      out += ' ';
    }
  }
  return out;
}

// Entries of the ledger's page: terms under which a number of a figure stands.
bool is_number_term(std::string_view term) {
  static const std::set<std::string, std::less<>> kTerms = {
      "As printed",      "Value",         "Standard error", "Interval",     "Cases with the answer",
      "Unweighted base", "Weighted base", "Effective base", "Organisations"};
  return kTerms.contains(term);
}

void check_entry(const std::string& name, const std::string& id, std::string_view entry,
                 FileFindings& out) {
  constexpr std::string_view kOpen = "<dt>";
  constexpr std::string_view kValue = "<dd>";
  for (size_t at = entry.find(kOpen); at != std::string_view::npos;
       at = entry.find(kOpen, at + 1)) {
    const size_t end = entry.find("</dt>", at);
    const size_t value = entry.find(kValue, at);
    if (end == std::string_view::npos || value == std::string_view::npos) return;
    const std::string_view term = entry.substr(at + kOpen.size(), end - at - kOpen.size());
    const std::string_view said =
        entry.substr(value + kValue.size(), entry.find("</dd>", value) - value - kValue.size());
    if (is_number_term(term) && holds_digit(said)) {
      out.shown.push_back({name, id, fmt::format("a number under '{}'", printable(term))});
    }
  }
  const size_t strong = entry.find("<strong>");
  if (strong == std::string_view::npos) return;
  if (holds_digit(entry.substr(strong, entry.find("</strong>", strong) - strong))) {
    out.shown.push_back({name, id, "a number as its heading"});
  }
}

}  // namespace

void check_json(const std::string& name, const std::string& bytes, const LedgerView& ledger,
                FileFindings& out) {
  const Json root = Json::parse(bytes, nullptr, false);
  if (root.is_discarded()) {
    out.problems.push_back(fmt::format("{}: no JSON", name));
    return;
  }
  walk(name, root, ledger, out);
}

namespace {

// Numbers of stories name their figures.
void check_bound_numbers(const std::string& name, std::string_view page, const LedgerView& ledger,
                         FileFindings& out) {
  constexpr std::string_view kBound = " data-figure=\"";
  for (size_t at = page.find(kBound); at != std::string_view::npos;
       at = page.find(kBound, at + 1)) {
    const size_t start = at + kBound.size();
    const std::string ids(page.substr(start, page.find('"', start) - start));
    for (const std::string& id : split(ids, ' ')) {
      if (ledger.is_hidden(id)) out.shown.push_back({name, id, "what a sentence rests on"});
    }
  }
}

}  // namespace

void check_html(const std::string& name, const std::string& bytes, const LedgerView& ledger,
                FileFindings& out) {
  const std::string_view page = bytes;
  check_bound_numbers(name, page, ledger, out);
  constexpr std::string_view kId = " id=\"";
  for (size_t at = page.find(kId); at != std::string_view::npos; at = page.find(kId, at + 1)) {
    const size_t start = at + kId.size();
    const std::string id(page.substr(start, page.find('"', start) - start));
    if (!ledger.is_hidden(id)) continue;
    const size_t tag = page.rfind('<', at);
    const bool entry = page.substr(tag).starts_with("<section");
    const std::string_view closing = entry ? "</section>" : "</td>";
    const size_t end = std::min({page.find(closing, at), page.find("</li>", at)});
    const std::string_view element = page.substr(tag, end - tag);
    if (entry) {
      check_entry(name, id, element, out);
    } else if (holds_digit(without_tags(element))) {
      out.shown.push_back({name, id, "a number in its cell"});
    }
  }
  check_bases(name, without_tags(page), ledger, out);
}

}  // namespace barometer
