#include "barometer/io/column_ids_internal.h"

#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/codebook.h"

namespace barometer {
namespace {

class Ids {
 public:
  bool take(const std::string& id) { return taken_.insert(lowered(id)).second; }
  // `id`, or with _2, _3 … when another column has that id.
  std::string unused(const std::string& id) {
    if (take(id)) return id;
    for (int& number = next_.try_emplace(lowered(id), 2).first->second;; ++number) {
      const std::string suffix = fmt::format("_{}", number);
      std::string numbered = id.substr(0, 32 - suffix.size()) + suffix;
      if (take(numbered)) return numbered;
    }
  }

 private:
  std::unordered_set<std::string> taken_;      // in lower case
  std::unordered_map<std::string, int> next_;  // the number to try for an id
};

}  // namespace

std::vector<std::string> column_ids(const std::vector<std::string>& names) {
  std::vector<std::string> ids(names.size());
  Ids taken;
  for (size_t i = 0; i < names.size(); ++i) {
    if (variable_id_of(names[i]) == names[i] && taken.take(names[i])) ids[i] = names[i];
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (ids[i].empty()) ids[i] = taken.unused(variable_id_of(names[i]));
  }
  return ids;
}

}  // namespace barometer
