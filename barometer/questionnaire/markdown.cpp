// The questionnaire as a reader gets it.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/questionnaire/questionnaire.h"

namespace barometer {
namespace {

// Text people wrote, on one line, with nothing in it that Markdown or HTML would take as a mark.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string labels_of(const Item& item, const Net& net) {
  std::vector<std::string> labels;
  for (const Category& option : item.options) {
    if (std::ranges::find(net.codes, option.code) != net.codes.end()) {
      labels.push_back(plain(option.label));
    }
  }
  return join(labels, "; ");
}

std::string answers_of(const Item& item) {
  if (item.type == ItemType::kScore) {
    const auto end = [](int point, const std::string& label) {
      return label.empty() ? fmt::format("{}", point) : fmt::format("{} ({})", point, plain(label));
    };
    return fmt::format("*A score from {} to {}.*\n",
                       end(item.scale_low.value_or(0), item.scale_low_label),
                       end(item.scale_high.value_or(0), item.scale_high_label));
  }
  if (item.type == ItemType::kNumber) return "*A number.*\n";
  if (item.type == ItemType::kOpen) return "*In your own words.*\n";
  std::string out = item.type == ItemType::kMulti ? "*Any of:*\n\n" : "";
  for (const Category& option : item.options) out += fmt::format("- {}\n", plain(option.label));
  return out;
}

// NETs, base and what is known of the wording.
std::string remarks_on(const Item& item) {
  std::string out;
  for (const Net& net : item.nets) {
    out += fmt::format("\nNET “{}”: {}.\n", plain(net.label), labels_of(item, net));
  }
  out += fmt::format("\nBase: {}.", plain(item.base_text));
  if (!item.dont_know_in_base) out += " “Don't know” is left out of the base.";
  if (!item.wording_known) out += " The exact wording is not public; this is a paraphrase.";
  return out + "\n";
}

std::string battery_text(const Questionnaire& all, const Battery& battery, size_t number) {
  const Item* first = all.find(battery.items.front());
  CHECK(first != nullptr, "a battery lists items of its questionnaire");
  std::string out =
      fmt::format("## {}. {}\n\n{}\n\n", number, plain(battery.title), plain(first->stem));
  for (size_t i = 0; i < battery.items.size(); ++i) {
    const Item* item = all.find(battery.items[i]);
    CHECK(item != nullptr, "a battery lists items of its questionnaire");
    out += fmt::format("{}. {}", i + 1, plain(item->text));
    if (item->base_text != first->base_text)
      out += fmt::format(" (base: {})", plain(item->base_text));
    out += "\n";
  }
  return out + "\nTo each:\n\n" + answers_of(*first) + remarks_on(*first);
}

std::string item_text(const Item& item, size_t number) {
  return fmt::format("## {}. {}\n\n{}{}", number, plain(item.text), answers_of(item),
                     remarks_on(item));
}

}  // namespace

std::string Questionnaire::markdown() const {
  std::string out = fmt::format("# {}\n", plain(title));
  if (!introduction.empty()) out += fmt::format("\n{}\n", plain(introduction));
  size_t number = 0;
  std::string last_battery;
  for (const Item& item : items) {
    if (item.battery.empty()) {
      out += "\n" + item_text(item, ++number);
    } else if (item.battery != last_battery) {
      const auto battery = std::ranges::find(batteries, item.battery, &Battery::id);
      CHECK(battery != batteries.end(), "an item's battery is listed");
      out += "\n" + battery_text(*this, *battery, ++number);
    }
    last_battery = item.battery;
  }
  return out;
}

}  // namespace barometer
