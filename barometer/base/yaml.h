// YAML that people wrote, read with the line and column of everything (yaml-cpp behind).
//
// A YamlNode is a cursor with a path for messages. Getters report to the Diagnostics it was loaded
// with and return a harmless default, so that one run reports every mistake in the file.
//
//   YamlNode root = load_yaml(bytes, "wave.yaml", problems);
//   std::string title = root.text("title");           // required
//   auto mode = root.optional_text("mode");
//   for (const YamlNode& item : root.list("items")) ...
//   root.only_keys({"title", "mode", "items"});        // reports the rest, with the nearest name
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/base/date.h"
#include "barometer/base/decimal.h"
#include "barometer/base/diagnostic.h"

namespace barometer {

class YamlNode {
 public:
  [[nodiscard]] bool exists() const;
  [[nodiscard]] bool is_map() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] const Place& place() const& { return place_; }
  [[nodiscard]] const std::string& path() const& { return path_; }  // "items[2].options"

  // The child with this key; !exists() when there is none (no report).
  [[nodiscard]] YamlNode child(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return child(key).exists(); }
  // Keys and values in the order of the file. Reports when this is not a map.
  [[nodiscard]] std::vector<std::pair<std::string, YamlNode>> entries() const;
  // Elements in order; empty when absent. Reports when this exists and is not a list.
  [[nodiscard]] std::vector<YamlNode> elements() const;
  [[nodiscard]] std::vector<YamlNode> list(std::string_view key) const {
    return child(key).elements();
  }

  // This node's own scalar; each reports when it is not one.
  [[nodiscard]] std::string as_text() const;
  [[nodiscard]] std::optional<long long> as_integer() const;
  [[nodiscard]] std::optional<double> as_number() const;
  [[nodiscard]] std::optional<bool> as_bool() const;
  [[nodiscard]] std::optional<Date> as_date() const;
  [[nodiscard]] std::vector<std::string> as_text_list() const;

  // Required children: report `missing-key` when absent.
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::optional<Date> date(std::string_view key) const;
  // Optional children: report only when present and malformed.
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key) const;
  [[nodiscard]] std::optional<long long> optional_integer(std::string_view key) const;
  [[nodiscard]] std::optional<double> optional_number(std::string_view key) const;
  [[nodiscard]] std::optional<bool> optional_bool(std::string_view key) const;
  [[nodiscard]] std::optional<Date> optional_date(std::string_view key) const;
  // One of `allowed` (first is the default when absent); reports others with the nearest.
  [[nodiscard]] std::string choice(std::string_view key,
                                   const std::vector<std::string>& allowed) const;

  // Reports each key that is not in the list.
  void only_keys(const std::vector<std::string>& known) const;
  // Reports an error at this node's place.
  void error(std::string code, std::string message, std::string hint = {}) const;
  void warning(std::string code, std::string message, std::string hint = {}) const;

 private:
  friend YamlNode load_yaml(std::string_view, const std::string&, Diagnostics&);
  struct Impl;  // holds the yaml-cpp node
  std::shared_ptr<const Impl> impl_;
  Place place_;
  std::string path_;
  Diagnostics* problems_ = nullptr;
};

// Malformed YAML is reported with its line and column, and gives an empty map. `problems` must
// outlive the node. Aliases, tags, a second document, nesting past 64 and files over 16 MiB are
// refused (hostile input). A key written twice is reported wherever it stands; the first counts.
YamlNode load_yaml(std::string_view bytes, const std::string& file, Diagnostics& problems);

}  // namespace barometer
