// Whatever the bytes: no crash, no exception, and every node can be walked and asked for anything.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/yaml.h"

namespace {

void walk(const barometer::YamlNode& node) {
  (void)node.place().text();
  if (node.is_map()) {
    for (const auto& [key, value] : node.entries()) walk(value);
  } else if (node.is_list()) {
    for (const auto& element : node.elements()) walk(element);
  } else if (node.exists()) {
    (void)node.as_text();
    (void)node.as_integer();
    (void)node.as_number();
    (void)node.as_bool();
    (void)node.as_date();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  barometer::Diagnostics problems;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto root = barometer::load_yaml(bytes, "f.yaml", problems);
  CHECK(root.is_map(), "a root is always a map");
  walk(root);
  root.only_keys({"title"});
  (void)root.choice("title", {"a", "b"});
  (void)problems.text();
  return 0;
}
