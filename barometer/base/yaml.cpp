// The one place where yaml-cpp's exceptions are caught.
#include "barometer/base/yaml.h"

#include <algorithm>
#include <cctype>
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
constexpr size_t kMaxDoubled = 100;
constexpr size_t kShownText = 80;

Place place_of(const YAML::Mark& mark, const std::string& file) {
  if (mark.is_null()) return {file, 0, 0};
  return {file, static_cast<size_t>(mark.line) + 1, static_cast<size_t>(mark.column) + 1};
}

// Walks the events before any tree is built: hostile depth and aliases never reach the heap, and
// keys written twice are seen wherever they stand. (yaml-cpp itself stops at 500 levels.)
class Guard : public YAML::EventHandler {
 public:
  Guard(const std::string& text, const std::string& file, Diagnostics& problems)
      : text_(text), file_(file), problems_(problems) {
    for (size_t at = 0; at < text.size(); ++at) {
      if (at == 0 || text[at - 1] == '\n') lines_.push_back(at);
    }
  }

  [[nodiscard]] bool refused() const { return refused_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) refuse(mark, "a second document starts here; only one is read");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { value(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (*name) are not used here");
    value();
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& text) override {
    check_tag(mark, tag);
    if (!refused_ && !open_.empty() && open_.back().wants_key &&
        !open_.back().keys.insert(text).second) {
      problems_.error("doubled-key", place_of(mark, file_),
                      fmt::format("the key '{}' is there twice", printable(text)));
      if (++doubled_ == kMaxDoubled) refuse(mark, "more than 100 keys are there twice");
    }
    if (tag == "?") check_cut(mark, text);
    value();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, false);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, true);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    bool is_map = false;
    bool wants_key = false;  // the next event is a key
    std::set<std::string> keys;
  };

  void open(const YAML::Mark& mark, const std::string& tag, bool is_map) {
    check_tag(mark, tag);
    if (open_.size() == kMaxDepth) refuse(mark, "nested deeper than 64 levels");
    open_.push_back({is_map, is_map, {}});
  }
  void close() {
    open_.pop_back();
    value();
  }
  // In a map every other event is a key.
  void value() {
    if (!open_.empty() && open_.back().is_map) open_.back().wants_key = !open_.back().wants_key;
  }
  // "?" and "!" are what yaml-cpp calls plain and quoted text without a tag.
  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    refuse(mark, fmt::format("tags ({}) are not used here", printable(tag)));
  }
  // " #" begins a comment. One space before it, after words, is more likely to belong to them:
  // "How long # years?" asks "How long".
  void check_cut(const YAML::Mark& mark, const std::string& text) {
    const auto number = static_cast<size_t>(mark.line);
    if (mark.is_null() || number >= lines_.size() || text.empty()) return;
    const std::string_view line = std::string_view(text_)
                                      .substr(lines_[number])
                                      .substr(0, text_.find('\n', lines_[number]) - lines_[number]);
    const size_t at = line.find(text + " #");
    if (at == std::string_view::npos) return;
    const std::string_view rest = trimmed(line.substr(at + text.size()));
    const bool glued = rest.size() > 1 && rest[1] != ' ';
    const bool letters = std::isalpha(static_cast<unsigned char>(text.front())) != 0;
    if (!letters || (!glued && text.find(' ') == std::string::npos)) return;
    problems_.warning("yaml-cut", place_of(mark, file_),
                      fmt::format("'{}' ends before '{}', which is read as a comment",
                                  printable(text, kShownText), printable(rest, kShownText)),
                      "put the text in quotes, or two spaces before a comment");
  }
  void refuse(const YAML::Mark& mark, const std::string& why) {
    if (!refused_) problems_.error("yaml", place_of(mark, file_), why);
    refused_ = true;
  }

  const std::string& text_;
  const std::string& file_;
  Diagnostics& problems_;
  std::vector<size_t> lines_;  // where each begins
  std::vector<Level> open_;
  size_t documents_ = 0;
  size_t doubled_ = 0;
  bool refused_ = false;
};

// What is wrong with the file as bytes; nothing when it can be parsed.
std::optional<std::string> unreadable(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) {
    return fmt::format("{} bytes are more than the 16 MiB this reads", bytes.size());
  }
  if (!is_utf8(bytes) || bytes.find('\0') != std::string_view::npos) {
    return "the file is not UTF-8 text";
  }
  return std::nullopt;
}

// yaml-cpp's messages for an indent of tabs, and for a colon within a text, speak of something
// else.
std::string hint_for(std::string_view text, const std::string& said, const YAML::Mark& mark) {
  if (said.find("end of sequence") != std::string::npos ||
      said.find("end of map") != std::string::npos) {
    return "lines that belong together start in the same column, and a [ or { is closed";
  }
  if (mark.is_null()) return {};
  size_t start = 0;
  for (int line = 0; line < mark.line; ++line) start = text.find('\n', start) + 1;
  const std::string_view line = text.substr(start, text.find('\n', start) - start);
  const std::string_view indent = line.substr(0, line.find_first_not_of(" \t"));
  if (indent.find('\t') != std::string_view::npos) return "indent with spaces, not tabs";
  const size_t key = line.find(": ");
  const size_t colon = key == std::string_view::npos ? key : line.find(": ", key + 2);
  const bool quoted = line.find_first_of("\"'{") != std::string_view::npos;
  if (line.find('{') != std::string_view::npos && line.find('?') != std::string_view::npos) {
    return "inside {…} a text with a question mark stands in quotes";
  }
  if (colon == std::string_view::npos || quoted) return {};
  return fmt::format("a text with a colon stands in quotes: {} \"{}\"",
                     trimmed(line.substr(0, key + 1)),
                     printable(trimmed(line.substr(key + 2)), kShownText));
}

// Nothing when the file was refused; the problems say why.
std::optional<YAML::Node> parse(std::string_view bytes, const std::string& file,
                                Diagnostics& problems) {
  if (const auto why = unreadable(bytes)) {
    problems.error("yaml", {file, 0, 0}, *why);
    return std::nullopt;
  }
  // yaml-cpp takes an unclosed quote before a last line end as closed; without that end it does
  // not.
  const std::string text(bytes.substr(0, bytes.find_last_not_of(" \t\r\n") + 1));
  Guard guard(text, file, problems);
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    while (!guard.refused() && parser.HandleNextDocument(guard)) {
    }
    if (guard.refused()) return std::nullopt;
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    if (guard.refused()) return std::nullopt;
    problems.error("yaml", place_of(error.mark, file),
                   fmt::format("this is not YAML: {}", error.msg),
                   hint_for(text, error.msg, error.mark));
  }
  return std::nullopt;
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
  const std::string text = as_text();
  if (!is_scalar()) return std::nullopt;
  auto date = parse_date(text);
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
  for (const auto& [key, value] : entries()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    value.error("unknown-key", fmt::format("unknown key '{}'", printable(value.path())),
                suggestion(key, known));
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
  std::optional<YAML::Node> node = parse(bytes, file, problems);
  if (node && !node->IsMap()) {
    problems.error("yaml-type", root.place_, "the file must be a map of keys and values");
    node.reset();
  }
  const YAML::Node map = node ? *node : YAML::Node(YAML::NodeType::Map);
  root.impl_ = std::make_shared<YamlNode::Impl>(YamlNode::Impl{map, file});
  return root;
}

}  // namespace barometer
