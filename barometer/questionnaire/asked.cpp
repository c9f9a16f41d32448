#include "barometer/questionnaire/asked.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr const char* kPutBack =
    "answers are kept as codes, and those given before would mean something else: put it back, or "
    "ask it in a new wave";

// What an item asked: texts by what they are and their code.
struct AskedItem {
  std::map<std::pair<std::string, std::string>, std::string> parts;

  [[nodiscard]] const std::string* find(const std::string& what, const std::string& code) const {
    const auto found = parts.find({what, code});
    return found == parts.end() ? nullptr : &found->second;
  }
};

std::string collapsed(std::string_view text) {
  std::string out;
  for (const std::string& word :
       split(replaced(replaced(replaced(replaced(std::string(text), "\xC2\xA0", " "), "\t", " "),
                               "\r", " "),
                      "\n", " "),
             ' ')) {
    if (!word.empty()) out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

AskedItem asked_of(const Item& item) {
  AskedItem asked;
  asked.parts[{"kind", ""}] = name_of(item.kind());
  asked.parts[{"question", ""}] = collapsed(item.question());
  for (const Category& option : item.options) {
    asked.parts[{"option", std::to_string(option.code)}] = collapsed(option.label);
  }
  if (item.scale_low && item.scale_high) {
    asked.parts[{"scale", std::to_string(*item.scale_low)}] = collapsed(item.scale_low_label);
    asked.parts[{"scale", std::to_string(*item.scale_high)}] = collapsed(item.scale_high_label);
  }
  return asked;
}

std::string in_words(const std::string& what, const std::string& code) {
  if (what == "question") return "the question";
  if (what == "kind") return "the kind of answer";
  if (what == "scale") return fmt::format("the end {} of the scale", printable(code));
  return fmt::format("the option of code {}", printable(code));
}

// One item as it was and as it is.
class ItemChange {
 public:
  ItemChange(const Item& item, const AskedItem& then, bool corrected, Diagnostics& changes)
      : item_(item), then_(then), now_(asked_of(item)), corrected_(corrected), changes_(changes) {}

  void report() {
    for (const auto& [part, text] : then_.parts) {
      const std::string* now = now_.find(part.first, part.second);
      if (now == nullptr) {
        wrong(fmt::format("{} was “{}” when answers were given, and is gone",
                          in_words(part.first, part.second), printable(text, 200)),
              false);
      } else if (*now != text) {
        changed(part.first, part.second, text, *now);
      }
    }
    for (const auto& [part, text] : now_.parts) {
      if (part.first == "option" && then_.find(part.first, part.second) == nullptr) {
        changes_.note("asked-added", item_.place,
                      fmt::format("'{}': the option “{}” is new; whoever answered before did not "
                                  "see it",
                                  item_.id, printable(text, 200)));
      }
    }
  }

 private:
  void changed(const std::string& what, const std::string& code, const std::string& then,
               const std::string& now) {
    const std::string said =
        fmt::format("{} was “{}” when answers were given, and is “{}” now", in_words(what, code),
                    printable(then, 200), printable(now, 200));
    const bool words = what == "question" || what == "scale" ||
                       (what == "option" && !was_another(code, now) && !is_another(code, then));
    if (words && corrected_) {
      changes_.note("wording-corrected", item_.place, fmt::format("'{}': {}", item_.id, said));
    } else {
      wrong(said, words);
    }
  }
  // A label of another code then, or of another code now: moved, not mended.
  [[nodiscard]] bool was_another(const std::string& code, const std::string& label) const {
    return of_another(then_, code, label);
  }
  [[nodiscard]] bool is_another(const std::string& code, const std::string& label) const {
    return of_another(now_, code, label);
  }
  static bool of_another(const AskedItem& asked, const std::string& code,
                         const std::string& label) {
    return std::ranges::any_of(asked.parts, [&](const auto& part) {
      return part.first.first == "option" && part.first.second != code && part.second == label;
    });
  }
  void wrong(const std::string& what, bool words) {
    std::string hint = kPutBack;
    if (words) {
      hint += fmt::format(
          "; where a typing error was mended and nothing else: 'barometer export "
          "--wording-corrected {}' (serve takes it too)",
          item_.id);
    }
    changes_.error("asked-changed", item_.place, fmt::format("'{}': {}", item_.id, what), hint);
  }

  const Item& item_;
  const AskedItem& then_;
  AskedItem now_;
  bool corrected_;
  Diagnostics& changes_;
};

}  // namespace

std::string asked_csv(const Questionnaire& questionnaire) {
  std::string out = "item,what,code,text\n";
  for (const Item& item : questionnaire.items) {
    for (const auto& [part, text] : asked_of(item).parts) {
      out += fmt::format("{},{},{},{}\n", csv_quoted(item.id), part.first, part.second,
                         csv_quoted(text));
    }
  }
  return out;
}

void compare_asked(std::string_view asked, const std::string& asked_name,
                   const Questionnaire& questionnaire, std::span<const std::string> corrected,
                   Diagnostics& changes) {
  const size_t before = changes.error_count();
  const CsvTable table = CsvTable::parse(asked, asked_name, changes);
  table.require_columns({"item", "what", "code", "text"}, {}, changes);
  if (changes.error_count() > before) return;
  std::map<std::string, AskedItem, std::less<>> then;
  for (size_t row = 0; row < table.row_count(); ++row) {
    const auto cell = [&](const char* name) -> const std::string& {
      return table.cell(row, name).text;
    };
    then[cell("item")].parts[{cell("what"), cell("code")}] = cell("text");
  }
  std::map<std::string, const Item*, std::less<>> now;
  for (const Item& item : questionnaire.items) now.emplace(item.id, &item);
  for (const std::string& id : corrected) {
    if (!now.contains(id)) {
      changes.error("asked-changed", {},
                    fmt::format("--wording-corrected: there is no item '{}'", printable(id)));
    }
  }
  const std::string file =
      questionnaire.items.empty() ? asked_name : questionnaire.items.front().place.file;
  for (const auto& [id, item] : then) {
    const auto found = now.find(id);
    if (found == now.end()) {
      changes.error("asked-changed", {file, 0, 0},
                    fmt::format("the item '{}' has been asked and is gone", printable(id)),
                    kPutBack);
      continue;
    }
    const bool mended = std::ranges::find(corrected, id) != corrected.end();
    ItemChange(*found->second, item, mended, changes).report();
  }
  for (const Item& item : questionnaire.items) {
    if (!then.contains(item.id)) {
      changes.note(
          "asked-added", item.place,
          fmt::format("the item '{}' is new; whoever answered before was not asked it", item.id));
    }
  }
}

}  // namespace barometer
