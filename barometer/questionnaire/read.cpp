// questionnaire.yaml into a Questionnaire, with every mistake reported at its place.
#include <algorithm>
#include <charconv>
#include <set>
#include <span>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/dataset.h"
#include "barometer/data/expression.h"
#include "barometer/questionnaire/asking_internal.h"
#include "barometer/questionnaire/item_types_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxMultiOptions = 64;
constexpr long long kMaxScalePoints = 101;

const std::vector<std::string> kItemKeys{
    "id",   "type",  "text",   "label", "wording",           "options",
    "nets", "scale", "ask_if", "base",  "dont_know_in_base", "chart"};
const std::vector<std::string> kBatteryKeys{
    "battery",           "type",  "title", "stem",   "wording",
    "options",           "nets",  "scale", "ask_if", "base",
    "dont_know_in_base", "chart", "items"};
const std::vector<std::string> kBatteryItemKeys{
    "id", "text", "label", "wording", "ask_if", "base", "dont_know_in_base"};
// Columns that every responses file has; words of the expression language.
constexpr const char* kCase = "letter case does not tell ids apart";
const std::vector<std::string> kReservedIds{"respondent", "organisation"};
const std::vector<std::string> kReservedNets{"missing", "not_asked", "refused", "dont_know",
                                             "mean"};

std::vector<std::string> with_keys(std::vector<std::string> keys,
                                   const std::vector<std::string>& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

bool holds(const std::vector<int>& codes, int code) {
  return std::ranges::find(codes, code) != codes.end();
}

std::optional<long long> whole_number(std::string_view text) {
  long long value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string type_hint(const std::string& name) {
  const std::vector<std::string> names = item_type_names();
  const auto near = nearest(name, names);
  return near ? fmt::format("did you mean '{}'?", *near) : "types: " + join(names, ", ");
}

class QuestionnaireReader {
 public:
  Questionnaire read(const YamlNode& root) {
    root.only_keys(
        {"title", "introduction", "languages", "required", "prefer_not_to_say", "items"});
    languages_.read(root);
    out_.languages = languages_.all();
    out_.title = languages_.text(root, "title");
    out_.introduction = languages_.optional_text(root, "introduction");
    for (size_t i = 1; i < out_.languages.size(); ++i) {
      const std::string& language = out_.languages[i];
      out_.titles[language] = Languages::in(root.child("title"), language);
      out_.introductions[language] = Languages::in(root.child("introduction"), language);
    }
    for (const YamlNode& entry : root.list("items")) {
      if (entry.has("battery")) {
        read_battery(entry, root);
      } else {
        read_lone_item(entry, root);
      }
    }
    if (!root.has("items")) root.error("missing-key", "'items' is missing", "list the questions");
    for (const Routing& routing : routings_) check_routing(routing);
    for (const Pipes& pipes : pipes_) check_pipes(pipes.node, pipes.item, pipes.earlier, out_);
    return std::move(out_);
  }

 private:
  // A rule and how many items were asked before it.
  struct Routing {
    YamlNode rule;
    size_t asked_before;
  };

  // An item whose texts may name earlier ones, and how many items the pages before it have.
  struct Pipes {
    YamlNode node;
    Item item;
    size_t earlier;
  };

  void read_lone_item(const YamlNode& node, const YamlNode& root) {
    node.only_keys(with_keys(kItemKeys, kAskingItemKeys));
    Item item = worded_item(node, node);
    read_answers(node, item);
    read_item_asking(node, node, root, languages_, item);
    pipes_.push_back({node, item, out_.items.size()});
    note_routing(node);
    add(std::move(item), node);
  }

  void read_battery(const YamlNode& node, const YamlNode& root) {
    node.only_keys(with_keys(kBatteryKeys, kAskingBatteryKeys));
    Battery battery;
    battery.id = node.text("battery");
    check_id(node.child("battery"), battery.id);
    if (!battery_ids_.insert(lowered(battery.id)).second) {
      node.child("battery").error(
          "doubled-id", fmt::format("the battery '{}' is there twice", printable(battery.id)));
    } else if (item_ids_.contains(lowered(battery.id))) {
      node.child("battery").error(
          "doubled-id",
          fmt::format("the battery '{}' has the id of an item", printable(battery.id)), kCase);
    }
    const std::string stem = languages_.text(node, "stem");
    battery.title = node.has("title") ? languages_.own(node.child("title")) : stem;
    Item shared;
    read_answers(node, shared);
    battery.chart = shared.chart;
    note_routing(node);
    const size_t earlier = out_.items.size();
    for (const YamlNode& element : node.list("items")) {
      element.only_keys(with_keys(kBatteryItemKeys, kAskingBatteryItemKeys));
      Item item = worded_item(element, node);
      item.battery = battery.id;
      item.stem = stem;
      take_answers(item, shared);
      read_item_asking(element, node, root, languages_, item);
      pipes_.push_back({element, item, earlier});
      note_routing(element);
      const std::string id = item.id;
      if (add(std::move(item), element)) battery.items.push_back(id);
    }
    if (node.list("items").empty()) {
      node.error("missing-key",
                 fmt::format("the battery '{}' has no items", printable(battery.id)));
    }
    read_battery_asking(node, languages_, battery.items.empty() ? nullptr : &out_.items.back(),
                        battery);
    if (!battery.items.empty()) out_.batteries.push_back(std::move(battery));
  }

  // What an item says for itself; the rest of the words comes from its battery.
  [[nodiscard]] Item worded_item(const YamlNode& node, const YamlNode& battery) const {
    const auto child = [&](std::string_view key) {
      return node.has(key) ? node.child(key) : battery.child(key);
    };
    Item item;
    item.place = node.place();
    item.id = node.text("id");
    item.text = languages_.text(node, "text");
    item.label = node.optional_text("label").value_or(item.text);
    const YamlNode& wording = node.has("wording") ? node : battery;
    item.wording_known = wording.choice("wording", {"verbatim", "paraphrase"}) == "verbatim";
    item.ask_if = child("ask_if").as_text();
    item.base_text = child("base").as_text();
    if (item.base_text.empty()) item.base_text = "All respondents";
    const YamlNode dont_know = child("dont_know_in_base");
    if (dont_know.exists()) item.dont_know_in_base = dont_know.as_bool().value_or(true);
    return item;
  }

  static void take_answers(Item& item, const Item& shared) {
    item.type = shared.type;
    item.options = shared.options;
    item.nets = shared.nets;
    item.scale_low = shared.scale_low;
    item.scale_high = shared.scale_high;
    item.scale_low_label = shared.scale_low_label;
    item.scale_high_label = shared.scale_high_label;
    item.neutral = shared.neutral;
    item.off_scale = shared.off_scale;
    item.chart = shared.chart;
    item.asking = shared.asking;
  }

  // Type, options, scale, NETs and chart: of an item, or of all items of a battery.
  void read_answers(const YamlNode& node, Item& item) {
    const std::string name = node.text("type");
    const auto type = item_type_named(name);
    if (!type) {
      read_options(node.child("options"), item);
      if (name.empty()) return;
      node.child("type").error("unknown-type",
                               fmt::format("'{}' is not an item type", printable(name)),
                               type_hint(name));
      return;
    }
    item.type = *type;
    const TypeRules& rules = rules_of(*type);
    const bool own_options = node.has("options");
    if (rules.kind == VariableKind::kSingle || rules.kind == VariableKind::kMulti) {
      read_options(node.child("options"), item);
      if (!own_options) take_default_options(node, rules, item);
      check_option_count(node, rules, item);
    } else if (own_options) {
      node.child("options").error("options-not-allowed",
                                  fmt::format("an item of type '{}' has no options", name));
    }
    read_scale(node, item);
    read_nets(node, rules, item);
    read_chart(node, rules, item);
    read_answer_asking(node, languages_, item);
  }

  static void take_default_options(const YamlNode& node, const TypeRules& rules, Item& item) {
    if (rules.options.empty()) {
      node.error("missing-key", fmt::format("an item of type '{}' needs 'options'", rules.name),
                 "options: [First answer, Second answer]");
    }
    for (const DefaultOption& option : rules.options) {
      const int code = static_cast<int>(item.options.size()) + 1;
      item.options.push_back(
          {code, std::string(option.label), option.role == OptionRole::kDontKnow});
      if (option.role == OptionRole::kNeutral) item.neutral.push_back(code);
    }
  }

  static void check_option_count(const YamlNode& node, const TypeRules& rules, const Item& item) {
    const YamlNode options = node.child("options");
    if (!options.is_list()) return;
    const size_t least = rules.kind == VariableKind::kMulti ? 1 : 2;
    const size_t written = options.elements().size();
    if (written < least) {
      options.error("options-count",
                    fmt::format("an item of type '{}' needs at least {} options, not {}",
                                rules.name, least, written));
    }
    if (rules.kind == VariableKind::kMulti && item.options.size() > kMaxMultiOptions) {
      options.error("options-count", fmt::format("{} options are more than the {} of a multi item",
                                                 item.options.size(), kMaxMultiOptions));
    }
  }

  void read_options(const YamlNode& node, Item& item) const {
    std::set<std::string> labels;
    std::set<int> codes;
    int position = 0;
    for (const YamlNode& element : node.elements()) {
      const Category option = read_option(element, ++position, item);
      if (option.label.empty()) {
        element.error("option-label", fmt::format("option {} has no label", position));
      } else if (!labels.insert(lowered(option.label)).second) {
        element.error("doubled-option",
                      fmt::format("the option '{}' is there twice", printable(option.label)));
      } else if (!codes.insert(option.code).second) {
        element.error(
            "doubled-code",
            fmt::format("the code {} of '{}' is there twice", option.code, printable(option.label)),
            "an option without a code takes its position in the list");
      } else {
        item.options.push_back(option);
        read_option_asking(element, option, languages_, item.asking);
      }
    }
  }

  Category read_option(const YamlNode& node, int position, Item& item) const {
    Category option{position, {}, false};
    if (!node.is_map()) {
      option.label = node.as_text();
    } else {
      node.only_keys(
          {"label", "code", "dont_know", "neutral", "off_scale", "exclusive", "fixed", "specify"});
      const YamlNode label = node.child("label");
      option.label = label.is_map() ? languages_.own(label) : node.text("label");
      option.code = read_code(node.child("code"), position);
      option.dont_know = node.optional_bool("dont_know").value_or(false);
      if (node.optional_bool("neutral").value_or(false)) item.neutral.push_back(option.code);
      if (node.optional_bool("off_scale").value_or(false)) item.off_scale.push_back(option.code);
    }
    const std::string said = lowered(replaced(option.label, "’", "'"));
    if (!option.dont_know && (said == "don't know" || said == "do not know")) {
      node.warning(
          "unmarked-dont-know",
          fmt::format("the option '{}' is not marked as a don't know", printable(option.label)),
          "{label: Don't know, dont_know: true}");
    }
    return option;
  }

  static int read_code(const YamlNode& node, int position) {
    if (!node.exists()) return position;
    const auto code = node.as_integer();
    if (!code) return position;
    if (*code >= 0 && *code <= kMaxCode) return static_cast<int>(*code);
    node.error("option-code", fmt::format("the code {} is not between 0 and {}", *code, kMaxCode),
               "codes below zero are kinds of missing");
    return position;
  }

  void read_scale(const YamlNode& node, Item& item) const {
    const YamlNode scale = node.child("scale");
    if (item.type != ItemType::kScore) {
      if (scale.exists()) {
        scale.error("scale-not-allowed", "only an item of type 'score' has a scale");
      }
      return;
    }
    if (!scale.exists()) {
      node.error("missing-key", "a score needs its 'scale'; the ends are never guessed",
                 "scale: {low: 1, high: 10}");
      return;
    }
    const auto [low, high] = scale_ends(scale, item);
    if (!low || !high) return;
    if (*low < 0 || *high > kMaxCode || *low >= *high || *high - *low >= kMaxScalePoints) {
      scale.error("scale-ends", fmt::format("a scale from {} to {} cannot be used", *low, *high),
                  fmt::format("whole numbers from 0 up, low before high, at most {} points",
                              kMaxScalePoints));
      return;
    }
    item.scale_low = static_cast<int>(*low);
    item.scale_high = static_cast<int>(*high);
    for (int point = *item.scale_low; point <= *item.scale_high; ++point) {
      item.options.push_back({point, fmt::format("{}", point), false});
    }
  }

  // {low, high, low_label, high_label} or [low, high].
  std::pair<std::optional<long long>, std::optional<long long>> scale_ends(const YamlNode& scale,
                                                                           Item& item) const {
    if (scale.is_list()) {
      const auto ends = scale.elements();
      if (ends.size() == 2) return {ends[0].as_integer(), ends[1].as_integer()};
      scale.error("scale-ends", fmt::format("a scale has two ends, not {}", ends.size()),
                  "scale: [1, 10]");
      return {};
    }
    scale.only_keys({"low", "high", "low_label", "high_label"});
    item.scale_low_label = languages_.optional_text(scale, "low_label");
    item.scale_high_label = languages_.optional_text(scale, "high_label");
    if (!scale.is_map()) return {};
    for (const char* end : {"low", "high"}) {
      if (!scale.has(end)) {
        scale.error("missing-key", fmt::format("the scale has no '{}'", end),
                    "scale: {low: 1, high: 10}");
      }
    }
    return {scale.optional_integer("low"), scale.optional_integer("high")};
  }

  static void read_nets(const YamlNode& node, const TypeRules& rules, Item& item) {
    const YamlNode nets = node.child("nets");
    if (nets.exists() &&
        (rules.kind == VariableKind::kNumber || rules.kind == VariableKind::kText)) {
      nets.error("nets-not-allowed",
                 fmt::format("an item of type '{}' has no options to put into a NET", rules.name));
      return;
    }
    if (nets.exists()) {
      for (const auto& [id, net] : nets.entries()) read_net(id, net, item);
    } else if (!node.has("options")) {
      for (const DefaultNet& net : rules.nets) {
        item.nets.push_back({std::string(net.id), std::string(net.label), {}});
        for (int code = net.first; code <= net.last; ++code) item.nets.back().codes.push_back(code);
      }
    }
  }

  static void read_net(const std::string& id, const YamlNode& node, Item& item) {
    node.only_keys({"label", "options", "over_neutral"});
    Net net{id, node.text("label"), {}};
    check_net_id(node, id, item);
    const bool over_neutral = node.optional_bool("over_neutral").value_or(false);
    for (const YamlNode& element : node.list("options")) {
      const auto code = option_code(element, item);
      if (!code) continue;
      if (holds(net.codes, *code)) {
        element.error("net-option", fmt::format("'{}' is in the NET '{}' twice",
                                                printable(element.as_text()), printable(id)));
        continue;
      }
      const bool aside = holds(item.neutral, *code) || holds(item.off_scale, *code);
      if (aside && !over_neutral) {
        element.error("net-over-neutral",
                      fmt::format("the NET '{}' spans the {} option '{}'", printable(id),
                                  holds(item.neutral, *code) ? "neutral" : "off-scale",
                                  printable(element.as_text())),
                      "say over_neutral: true if that is meant");
      }
      net.codes.push_back(*code);
    }
    if (node.list("options").empty()) {
      node.error("net-option", fmt::format("the NET '{}' holds no options", printable(id)));
    }
    if (!std::ranges::count(item.nets, id, &Net::id)) item.nets.push_back(std::move(net));
  }

  static void check_net_id(const YamlNode& node, const std::string& id, const Item& item) {
    if (!is_variable_id(id) || std::ranges::count(kReservedNets, lowered(id)) > 0) {
      node.error("net-id", fmt::format("'{}' cannot be the id of a NET", printable(id)),
                 "a letter, then letters, digits or '_', at most 32; not missing, not_asked, "
                 "refused, dont_know or mean");
    }
    if (std::ranges::count(item.nets, id, &Net::id) > 0) {
      node.error("doubled-id", fmt::format("the NET '{}' is there twice", printable(id)));
    }
    if (std::ranges::count(item.options, id, &Category::label) > 0) {
      node.error("net-id", fmt::format("the NET '{}' has the name of an option", printable(id)),
                 "a reader could not tell which is meant");
    }
  }

  static std::optional<int> option_code(const YamlNode& node, const Item& item) {
    const std::string text = node.as_text();
    std::vector<std::string> labels;
    for (const Category& option : item.options) {
      if (option.label == text) return option.code;
      labels.push_back(option.label);
    }
    const auto number = whole_number(text);
    for (const Category& option : item.options) {
      if (number && *number == option.code) return option.code;
    }
    // When the options themselves are broken there is nothing to compare with.
    if (!labels.empty()) {
      node.error("net-option", fmt::format("'{}' is not an option", printable(text)),
                 suggestion(text, labels));
    }
    return std::nullopt;
  }

  static void read_chart(const YamlNode& node, const TypeRules& rules, Item& item) {
    const std::vector<std::string> allowed = split(rules.charts, ' ');
    item.chart = allowed.front();
    const YamlNode chart = node.child("chart");
    if (!chart.exists()) return;
    const std::string wanted = chart.as_text();
    if (std::ranges::count(allowed, wanted) > 0) {
      item.chart = wanted;
      return;
    }
    chart.error(
        "chart",
        fmt::format("'{}' is not a chart for an item of type '{}'", printable(wanted), rules.name),
        fmt::format("possible: {}", join(allowed, ", ")));
  }

  // False when the item cannot be kept: no id, or an id that is taken.
  bool add(Item item, const YamlNode& node) {
    if (item.id.empty()) return false;
    const YamlNode id = node.child("id");
    check_id(id, item.id);
    if (!item_ids_.insert(lowered(item.id)).second) {
      id.error("doubled-id", fmt::format("the item id '{}' is there twice", printable(item.id)),
               kCase);
      return false;
    }
    if (battery_ids_.contains(lowered(item.id))) {
      id.error("doubled-id",
               fmt::format("the item '{}' has the id of a battery", printable(item.id)), kCase);
    }
    if (!item.dont_know_in_base && std::ranges::none_of(item.options, &Category::dont_know)) {
      node.warning("no-dont-know",
                   fmt::format("'{}' leaves don't knows out of its base, but no option is one",
                               printable(item.id)),
                   "{label: Don't know, dont_know: true}");
    }
    item.wording_hash = wording_hash(item);
    out_.items.push_back(std::move(item));
    return true;
  }

  static void check_id(const YamlNode& node, const std::string& id) {
    if (id.empty()) return;
    if (!is_variable_id(id)) {
      node.error("item-id", fmt::format("'{}' cannot be an id", printable(id)),
                 "a letter, then letters, digits or '_', at most 32");
    } else if (std::ranges::count(kReservedIds, lowered(id)) > 0) {
      node.error("item-id", fmt::format("the id '{}' is taken by a column of every data file", id),
                 "choose another id");
    }
  }

  void note_routing(const YamlNode& node) {
    if (!node.has("ask_if")) return;
    routings_.push_back({node.child("ask_if"), out_.items.size()});
    if (!node.optional_text("base").value_or("").empty()) return;
    node.child("ask_if").error("missing-base",
                               "a routed question needs 'base': who was asked, in words",
                               "base: Respondents who are GPs");
  }

  void check_routing(const Routing& routing) {
    const auto expression = Expression::parse(routing.rule.as_text());
    if (!expression) {
      routing.rule.error("routing", expression.error().message);
      return;
    }
    if (!names_earlier_items(routing, *expression)) return;
    Questionnaire before;  // what the rule asks for
    for (const std::string& variable : expression->variables()) {
      const auto item = std::ranges::find(out_.items, variable, &Item::id);
      if (item != out_.items.end()) before.items.push_back(*item);
    }
    const auto codebook = before.codebook();
    if (!codebook) return;  // a broken id, already reported
    if (const auto status = expression->check(*codebook); !status) {
      routing.rule.error("routing", status.error().message);
    }
  }

  bool names_earlier_items(const Routing& routing, const Expression& expression) const {
    const std::span<const Item> asked = std::span(out_.items).first(routing.asked_before);
    bool all = true;
    for (const std::string& variable : expression.variables()) {
      if (std::ranges::count(asked, variable, &Item::id) > 0) continue;
      all = false;
      std::vector<std::string> names;
      for (const Item& item : asked) names.push_back(item.id);
      if (out_.find(variable) != nullptr) {
        routing.rule.error("routing-later",
                           fmt::format("the routing asks for '{}', which comes later", variable),
                           "a question can be routed by earlier answers only");
      } else {
        routing.rule.error(
            "routing-unknown",
            fmt::format("the routing asks for '{}', which is no item", printable(variable)),
            suggestion(variable, names));
      }
    }
    return all;
  }

  Questionnaire out_;
  Languages languages_;
  std::vector<Routing> routings_;
  std::vector<Pipes> pipes_;
  std::set<std::string> item_ids_;
  std::set<std::string> battery_ids_;
};

}  // namespace

Questionnaire read_questionnaire(const YamlNode& root, Diagnostics& problems) {
  // A file that is no YAML has been reported, and has nothing to report about.
  for (const Diagnostic& item : problems.items()) {
    if (item.severity == Severity::kError && item.place.file == root.place().file) return {};
  }
  return QuestionnaireReader().read(root);
}

}  // namespace barometer
