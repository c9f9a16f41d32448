// The reader's part for how items are asked, and for texts in several languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/yaml.h"
#include "barometer/questionnaire/questionnaire.h"

namespace barometer {

// Keys that may stand in an item, in a battery, and in an item of a battery.
extern const std::vector<std::string> kAskingItemKeys;
extern const std::vector<std::string> kAskingBatteryKeys;
extern const std::vector<std::string> kAskingBatteryItemKeys;

// The questionnaire's languages, and texts that are written in one or in each of them.
class Languages {
 public:
  // `languages: [en, cy]`; English when it says nothing. Reports codes that are none.
  void read(const YamlNode& root);
  [[nodiscard]] const std::vector<std::string>& all() const& { return all_; }

  // The words in the first language; reports when there are none.
  [[nodiscard]] std::string text(const YamlNode& parent, std::string_view key) const;
  // The same, empty when the key is not there.
  [[nodiscard]] std::string optional_text(const YamlNode& parent, std::string_view key) const;
  [[nodiscard]] std::string own(const YamlNode& node) const;
  // The words of `node` in another language; empty when there are none.
  [[nodiscard]] static std::string in(const YamlNode& node, const std::string& language);

 private:
  void check(const YamlNode& node) const;
  std::vector<std::string> all_{"en"};
};

// The keys of an option that say how it is asked.
void read_option_asking(const YamlNode& node, const Category& option, const Languages& languages,
                        Asking& asking);
// What stands beside the answers: order, limits, format. Of a lone item or of a whole battery.
void read_answer_asking(const YamlNode& node, const Languages& languages, Item& item);
// What an item says for itself, its battery's saying where it is silent; and its words in other
// languages. `root` has the defaults of the questionnaire.
void read_item_asking(const YamlNode& node, const YamlNode& battery, const YamlNode& root,
                      const Languages& languages, Item& item);
// `randomise_items` and `rank`. `first` is an item of the battery.
void read_battery_asking(const YamlNode& node, const Languages& languages, const Item* first,
                         Battery& battery);
// Reports pipes in the item's texts to what is not asked on an earlier page: to none of the first
// `earlier` items of all.
void check_pipes(const YamlNode& node, const Item& item, size_t earlier, const Questionnaire& all);

}  // namespace barometer
