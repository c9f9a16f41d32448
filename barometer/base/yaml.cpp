// The one place where yaml-cpp's exceptions are caught.
#include "barometer/base/yaml.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kMaxBytes = size_t{16} << 20;
constexpr size_t kMaxDepth = 64;

Place place_of(const YAML::Mark& mark, const std::string& file) {
  if (mark.is_null()) return {file, 0, 0};
  return {file, static_cast<size_t>(mark.line) + 1, static_cast<size_t>(mark.column) + 1};
}

// Walks the events before any tree is built: hostile depth and aliases never reach the heap.
class Guard : public YAML::EventHandler {
 public:
  std::string problem;
  YAML::Mark at = YAML::Mark::null_mark();
  YAML::Mark last_scalar = YAML::Mark::null_mark();

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (*name) are not used here");
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string&) override {
    last_scalar = mark;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    deeper(mark);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    deeper(mark);
  }
  void OnMapEnd() override { --depth_; }

 private:
  void deeper(const YAML::Mark& mark) {
    if (++depth_ > kMaxDepth) refuse(mark, "nested deeper than 64 levels");
  }
  void refuse(const YAML::Mark& mark, std::string why) {
    if (!problem.empty()) return;
    problem = std::move(why);
    at = mark;
  }
  size_t depth_ = 0;
};

// yaml-cpp recurses over brackets; count them before it does.
bool nests_too_deep(std::string_view bytes) {
  size_t open = 0;
  for (const char c : bytes) {
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (open > kMaxDepth) return true;
  }
  return false;
}

// yaml-cpp takes a quoted text that never ends for one that ends with the file, and with it all
// that follows. Only the last text of a file can be such a one.
bool never_ends(std::string_view text, const YAML::Mark& last_scalar) {
  if (last_scalar.is_null() || static_cast<size_t>(last_scalar.pos) >= text.size()) return false;
  text.remove_prefix(static_cast<size_t>(last_scalar.pos));
  const char quote = text.front();
  if (quote != '"' && quote != '\'') return false;
  for (size_t i = 1; i < text.size(); ++i) {
    const bool pair = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";
    if (pair) {
      ++i;
    } else if (text[i] == quote) {
      return false;
    }
  }
  return true;
}

YAML::Node parse(std::string_view bytes, const std::string& file, Diagnostics& problems) {
  if (bytes.size() > kMaxBytes) {
    problems.error("yaml", {file, 0, 0},
                   fmt::format("{} bytes are more than the 16 MiB this reads", bytes.size()));
    return {};
  }
  if (!is_utf8(bytes)) {
    problems.error("yaml", {file, 0, 0}, "the file is not UTF-8 text");
    return {};
  }
  if (nests_too_deep(bytes)) {
    problems.error("yaml", {file, 0, 0}, "brackets are nested deeper than 64 levels");
    return {};
  }
  const std::string text(bytes);
  try {
    std::istringstream in(text);
    Guard guard;
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(guard)) {
    }
    if (!guard.problem.empty()) {
      problems.error("yaml", place_of(guard.at, file), guard.problem);
      return {};
    }
    if (never_ends(text, guard.last_scalar)) {
      problems.error("yaml", place_of(guard.last_scalar, file),
                     "a quoted text starts here and never ends");
      return {};
    }
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    problems.error("yaml", place_of(error.mark, file),
                   fmt::format("this is not YAML: {}", error.msg));
    return {};
  }
}

std::string joined_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

}  // namespace

struct YamlNode::Impl {
  YAML::Node node;
  std::string file;
};

bool YamlNode::exists() const { return impl_ && impl_->node.IsDefined() && !impl_->node.IsNull(); }
bool YamlNode::is_map() const { return exists() && impl_->node.IsMap(); }
bool YamlNode::is_list() const { return exists() && impl_->node.IsSequence(); }
bool YamlNode::is_scalar() const { return exists() && impl_->node.IsScalar(); }

YamlNode YamlNode::child(std::string_view key) const {
  YamlNode out;
  out.problems_ = problems_;
  out.place_ = place_;
  out.path_ = joined_path(path_, key);
  if (!is_map()) return out;
  for (const auto& entry : impl_->node) {
    if (!entry.first.IsScalar() || entry.first.Scalar() != key) continue;
    out.impl_ = std::make_shared<Impl>(Impl{entry.second, impl_->file});
    out.place_ =
        place_of(entry.second.IsNull() ? entry.first.Mark() : entry.second.Mark(), impl_->file);
    return out;
  }
  return out;
}

std::vector<std::pair<std::string, YamlNode>> YamlNode::entries() const {
  std::vector<std::pair<std::string, YamlNode>> out;
  if (!exists()) return out;
  if (!is_map()) {
    error("yaml-type", fmt::format("'{}' must be a map of keys and values", path_));
    return out;
  }
  for (const auto& entry : impl_->node) {
    if (!entry.first.IsScalar()) {
      problems_->error("yaml-type", place_of(entry.first.Mark(), impl_->file),
                       "a key must be plain text");
      continue;
    }
    YamlNode value;
    value.impl_ = std::make_shared<Impl>(Impl{entry.second, impl_->file});
    value.place_ = place_of(entry.first.Mark(), impl_->file);
    value.path_ = joined_path(path_, entry.first.Scalar());
    value.problems_ = problems_;
    out.emplace_back(entry.first.Scalar(), std::move(value));
  }
  return out;
}

std::vector<YamlNode> YamlNode::elements() const {
  std::vector<YamlNode> out;
  if (!exists()) return out;
  if (!is_list()) {
    error("yaml-type", fmt::format("'{}' must be a list", path_));
    return out;
  }
  for (size_t i = 0; i < impl_->node.size(); ++i) {
    YamlNode element;
    element.impl_ = std::make_shared<Impl>(Impl{impl_->node[i], impl_->file});
    element.place_ = place_of(impl_->node[i].Mark(), impl_->file);
    element.path_ = fmt::format("{}[{}]", path_, i + 1);
    element.problems_ = problems_;
    out.push_back(std::move(element));
  }
  return out;
}

std::string YamlNode::as_text() const {
  if (!exists()) return {};
  if (!is_scalar()) {
    error("yaml-type", fmt::format("'{}' must be a text", path_));
    return {};
  }
  return std::string(trimmed(impl_->node.Scalar()));
}

std::optional<long long> YamlNode::as_integer() const {
  const std::string text = as_text();
  long long value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size() && !text.empty()) return value;
  if (is_scalar())
    error("yaml-type", fmt::format("'{}' is '{}', not a whole number", path_, printable(text)));
  return std::nullopt;
}

std::optional<double> YamlNode::as_number() const {
  const std::string text = as_text();
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc() && end == text.data() + text.size() && !text.empty();
  if (whole && std::isfinite(value)) return value;
  if (is_scalar())
    error("yaml-type", fmt::format("'{}' is '{}', not a number", path_, printable(text)));
  return std::nullopt;
}

std::optional<bool> YamlNode::as_bool() const {
  const std::string text = lowered(as_text());
  if (text == "true" || text == "yes") return true;
  if (text == "false" || text == "no") return false;
  if (is_scalar())
    error("yaml-type", fmt::format("'{}' is '{}', not true or false", path_, printable(text)));
  return std::nullopt;
}

std::optional<Date> YamlNode::as_date() const {
  if (!is_scalar()) return std::nullopt;
  auto date = parse_date(as_text());
  if (date) return *date;
  error("date", fmt::format("'{}': {}", path_, date.error().message));
  return std::nullopt;
}

std::vector<std::string> YamlNode::as_text_list() const {
  std::vector<std::string> out;
  for (const YamlNode& element : elements()) out.push_back(element.as_text());
  return out;
}

std::string YamlNode::text(std::string_view key) const {
  const YamlNode node = child(key);
  std::string value = node.as_text();
  if (value.empty() && (!node.exists() || node.is_scalar())) {
    error("missing-key", fmt::format("'{}' is missing", joined_path(path_, key)));
  }
  return value;
}

std::optional<Date> YamlNode::date(std::string_view key) const {
  if (!has(key)) error("missing-key", fmt::format("'{}' is missing", joined_path(path_, key)));
  return child(key).as_date();
}

std::optional<std::string> YamlNode::optional_text(std::string_view key) const {
  const YamlNode node = child(key);
  if (!node.exists()) return std::nullopt;
  return node.as_text();
}

std::optional<long long> YamlNode::optional_integer(std::string_view key) const {
  const YamlNode node = child(key);
  return node.exists() ? node.as_integer() : std::nullopt;
}

std::optional<double> YamlNode::optional_number(std::string_view key) const {
  const YamlNode node = child(key);
  return node.exists() ? node.as_number() : std::nullopt;
}

std::optional<bool> YamlNode::optional_bool(std::string_view key) const {
  const YamlNode node = child(key);
  return node.exists() ? node.as_bool() : std::nullopt;
}

std::optional<Date> YamlNode::optional_date(std::string_view key) const {
  const YamlNode node = child(key);
  return node.exists() ? node.as_date() : std::nullopt;
}

std::string YamlNode::choice(std::string_view key, const std::vector<std::string>& allowed) const {
  CHECK(!allowed.empty(), "a choice needs something to choose from");
  const YamlNode node = child(key);
  if (!node.exists()) return allowed.front();
  std::string value = node.as_text();
  for (const std::string& option : allowed) {
    if (option == value) return value;
  }
  node.error("unknown-value",
             fmt::format("'{}' is not a value of '{}'", printable(value), node.path()),
             suggestion(value, allowed));
  return allowed.front();
}

void YamlNode::only_keys(const std::vector<std::string>& known) const {
  std::set<std::string> seen;
  for (const auto& [key, value] : entries()) {
    if (!seen.insert(key).second) {
      value.error("doubled-key", fmt::format("the key '{}' is there twice", value.path()));
    } else if (std::ranges::find(known, key) == known.end()) {
      value.error("unknown-key", fmt::format("unknown key '{}'", printable(value.path())),
                  suggestion(key, known));
    }
  }
}

void YamlNode::error(std::string code, std::string message, std::string hint) const {
  CHECK(problems_ != nullptr, "a YamlNode comes from load_yaml");
  problems_->error(std::move(code), place_, std::move(message), std::move(hint));
}

void YamlNode::warning(std::string code, std::string message, std::string hint) const {
  CHECK(problems_ != nullptr, "a YamlNode comes from load_yaml");
  problems_->warning(std::move(code), place_, std::move(message), std::move(hint));
}

YamlNode load_yaml(std::string_view bytes, const std::string& file, Diagnostics& problems) {
  YamlNode root;
  root.problems_ = &problems;
  root.place_ = {file, 1, 1};
  const size_t before = problems.error_count();
  const YAML::Node node = parse(bytes, file, problems);
  if (problems.error_count() > before) {
    root.impl_ =
        std::make_shared<YamlNode::Impl>(YamlNode::Impl{YAML::Node(YAML::NodeType::Map), file});
    return root;
  }
  if (!node.IsMap()) {
    problems.error("yaml-type", root.place_, "the file must be a map of keys and values");
    root.impl_ =
        std::make_shared<YamlNode::Impl>(YamlNode::Impl{YAML::Node(YAML::NodeType::Map), file});
    return root;
  }
  root.impl_ = std::make_shared<YamlNode::Impl>(YamlNode::Impl{node, file});
  return root;
}

}  // namespace barometer
