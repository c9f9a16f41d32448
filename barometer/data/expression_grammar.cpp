#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <tao/pegtl.hpp>

#include "barometer/base/text.h"
#include "barometer/data/expression_internal.h"
#include "barometer/data/grammar.h"

namespace barometer {
namespace {

namespace pegtl = tao::pegtl;

// NOLINTBEGIN(readability-identifier-naming): rules of a grammar, named as PEGTL names its own
using Node = Expression::Node;
using Kind = Node::Kind;
using grammar::Need;
using grammar::Nested;
using grammar::offset;
using grammar::Unclosed;

struct Builder : grammar::GrammarState<Node> {
  bool negated = false;  // a `not` before in, between or has was read

  bool need_condition(const Node& node) {
    if (node.is_condition()) return true;
    return complain_for_good(node.at, "this is a value; compare it, as in confidence >= 7");
  }
  bool need_value(const Node& node) {
    if (!node.is_condition()) return true;
    return complain_for_good(node.at, "this is a condition where a value is needed");
  }
  // The last node becomes the first child of a new one.
  bool wrap(Kind kind, bool child_is_condition) {
    if (failed()) return false;
    Node first = pop();
    if (!(child_is_condition ? need_condition(first) : need_value(first))) return false;
    add(kind, first.at, {});
    stack.back().negated = std::exchange(negated, false);
    stack.back().children.push_back(std::move(first));
    return true;
  }
  // The same, unless the last node is of this kind already: a and b and c is one node.
  bool extend(Kind kind, bool child_is_condition) {
    return !failed() && (stack.back().kind == kind || wrap(kind, child_is_condition));
  }
  // The last node becomes the last child of the one before it.
  bool append(bool child_is_condition) {
    if (failed()) return false;
    const Node& last = stack.back();
    if (!(child_is_condition ? need_condition(last) : need_value(last))) return false;
    return GrammarState::append();
  }
};

struct Value {
  static constexpr const char* kText = "expected a value";
};
struct Test {
  static constexpr const char* kText = "expected a condition";
};
struct Literal {
  static constexpr const char* kText = "expected a 'label' or a code";
};
struct ListOpen {
  static constexpr const char* kText = "expected '('";
};
struct ListClose {
  static constexpr const char* kText = "expected ',' or ')'";
};
struct Close {
  static constexpr const char* kText = "expected ')'";
};
struct BetweenAnd {
  static constexpr const char* kText = "expected 'and' and the upper end";
};
struct InOrBetween {
  static constexpr const char* kText = "expected 'in', 'between' or 'has'";
};
struct IsWhat {
  static constexpr const char* kText =
      "expected missing, not_asked, refused, dont_know or the id of a NET";
};
struct More {
  static constexpr const char* kText = "expected 'and', 'or' or the end";
};

struct spaces : pegtl::star<pegtl::one<' ', '\t', '\r', '\n'>> {};
struct word_char : pegtl::sor<pegtl::alnum, pegtl::one<'_', '.'>> {};
template <char... C>
struct Keyword : pegtl::seq<pegtl::istring<C...>, pegtl::not_at<word_char>, spaces> {};
template <char... C>
struct Symbol : pegtl::seq<pegtl::string<C...>, spaces> {};

struct kw_and : Keyword<'a', 'n', 'd'> {};
struct kw_or : Keyword<'o', 'r'> {};
struct kw_not : Keyword<'n', 'o', 't'> {};
struct kw_in : Keyword<'i', 'n'> {};
struct kw_is : Keyword<'i', 's'> {};
struct kw_has : Keyword<'h', 'a', 's'> {};
struct kw_between : Keyword<'b', 'e', 't', 'w', 'e', 'e', 'n'> {};
struct keyword : pegtl::sor<kw_and, kw_or, kw_not, kw_in, kw_is, kw_has, kw_between> {};

// name = letter { letter | digit | "_" | "." } but no keyword, or "any text" in double quotes.
struct word : pegtl::seq<pegtl::not_at<keyword>, pegtl::alpha, pegtl::star<word_char>> {};
struct quoted_body : pegtl::star<pegtl::not_one<'"'>> {};
struct quoted_name
    : pegtl::seq<pegtl::one<'"'>, quoted_body, pegtl::sor<pegtl::one<'"'>, Unclosed>> {};
struct name : pegtl::seq<pegtl::sor<word, quoted_name>, spaces> {};
// text = "'" { any | "''" } "'"
struct text_body : pegtl::star<pegtl::sor<pegtl::string<'\'', '\''>, pegtl::not_one<'\''>>> {};
struct text
    : pegtl::seq<pegtl::one<'\''>, text_body, pegtl::sor<pegtl::one<'\''>, Unclosed>, spaces> {};
struct fraction : pegtl::seq<pegtl::one<'.'>, pegtl::plus<pegtl::digit>> {};
struct digits : pegtl::seq<pegtl::plus<pegtl::digit>, pegtl::opt<fraction>> {};
struct number : pegtl::seq<digits, pegtl::not_at<word_char>, spaces> {};

struct condition;
struct open_group : Symbol<'('> {};
struct group : pegtl::seq<open_group, Nested<Need<condition, Test>>, Need<Symbol<')'>, Close>> {};
struct negative_part;
struct negative_value : pegtl::seq<Symbol<'-'>, Nested<Need<negative_part, Value>>> {};
struct factor : pegtl::sor<group, negative_value, number, text, name> {};
struct negative_part : factor {};

// product = factor { ("*" | "/") factor };  sum = product { ("+" | "-") product }
struct product_sign : pegtl::seq<pegtl::one<'*', '/'>, spaces> {};
struct product_tail : pegtl::seq<product_sign, Need<factor, Value>> {};
struct product : pegtl::seq<factor, pegtl::star<product_tail>> {};
struct sum_sign : pegtl::seq<pegtl::one<'+', '-'>, spaces> {};
struct sum_tail : pegtl::seq<sum_sign, Need<product, Value>> {};
struct sum : pegtl::seq<product, pegtl::star<sum_tail>> {};

// What may follow a value to make it a condition.
struct compare_sign
    : pegtl::sor<pegtl::string<'<', '>'>, pegtl::string<'!', '='>, pegtl::string<'<', '='>,
                 pegtl::string<'>', '='>, pegtl::one<'=', '<', '>'>> {};
struct compare_tail : pegtl::seq<compare_sign, spaces, Need<sum, Value>> {};
struct in_start : kw_in {};
struct minus_number : pegtl::seq<Symbol<'-'>, number> {};
struct literal : pegtl::sor<minus_number, number, text> {};
struct in_item : Need<literal, Literal> {};
struct in_tail : pegtl::seq<in_start, Need<Symbol<'('>, ListOpen>,
                            pegtl::list<in_item, Symbol<','>>, Need<Symbol<')'>, ListClose>> {};
struct between_start : kw_between {};
struct between_tail
    : pegtl::seq<between_start, Need<sum, Value>, Need<kw_and, BetweenAnd>, Need<sum, Value>> {};
struct is_start : kw_is {};
struct is_not : kw_not {};
struct is_word : word {};
struct is_tail : pegtl::seq<is_start, pegtl::opt<is_not>, Need<is_word, IsWhat>, spaces> {};
struct has_start : kw_has {};
struct has_tail : pegtl::seq<has_start, Need<literal, Literal>> {};
struct set_tail : pegtl::sor<in_tail, between_tail, has_tail> {};
struct not_before : kw_not {};
struct not_tail : pegtl::seq<not_before, Need<set_tail, InOrBetween>> {};

// comparison = sum [tail];  conjunction = ["not"] comparison { "and" … };  condition = … { "or" … }
struct comparison
    : pegtl::seq<sum, pegtl::opt<pegtl::sor<compare_tail, is_tail, set_tail, not_tail>>> {};
struct inversion;
struct not_condition : pegtl::seq<kw_not, Nested<Need<inversion, Test>>> {};
struct inversion : pegtl::sor<not_condition, comparison> {};
struct and_start : kw_and {};
struct and_tail : pegtl::seq<and_start, Need<inversion, Test>> {};
struct conjunction : pegtl::seq<inversion, pegtl::star<and_tail>> {};
struct or_start : kw_or {};
struct or_tail : pegtl::seq<or_start, Need<conjunction, Test>> {};
struct condition : pegtl::seq<conjunction, pegtl::star<or_tail>> {};
struct whole : pegtl::seq<spaces, Need<condition, Test>, Need<pegtl::eof, More>> {};
// NOLINTEND(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

template <class Rule>
struct Action : pegtl::nothing<Rule> {};

template <>
struct Action<word> {
  template <class Input>
  static void apply(const Input& in, Builder& builder) {
    builder.add(Kind::kName, offset(in, builder), in.string());
  }
};
template <>
struct Action<quoted_body> {
  template <class Input>
  static void apply(const Input& in, Builder& builder) {
    builder.add(Kind::kName, offset(in, builder) - 1, in.string());
  }
};
template <>
struct Action<text_body> {
  template <class Input>
  static void apply(const Input& in, Builder& builder) {
    builder.add(Kind::kText, offset(in, builder) - 1, replaced(in.string(), "''", "'"));
  }
};
template <>
struct Action<number> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    const std::string digits_only(trimmed(in.string()));
    double value = 0;
    const auto [end, problem] =
        std::from_chars(digits_only.data(), digits_only.data() + digits_only.size(), value);
    if (problem != std::errc()) {
      return builder.complain_for_good(offset(in, builder), "this number is too large");
    }
    builder.add(Kind::kNumber, offset(in, builder), digits_only);
    builder.stack.back().number = value;
    return true;
  }
};

bool negate_last(Builder& builder, size_t at) {
  if (builder.failed()) return false;
  Node& last = builder.stack.back();
  if (!builder.need_value(last)) return false;
  if (last.kind == Kind::kNumber) {
    last.number = -last.number;
    last.text = fmt::format("{}", last.number);
    last.at = at;
    return true;
  }
  return builder.wrap(Kind::kNegate, false);
}
template <>
struct Action<negative_value> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    return negate_last(builder, offset(in, builder));
  }
};
template <>
struct Action<minus_number> : Action<negative_value> {};

// A sign or word after a value opens a node that takes this value as its first child …
template <Kind kKind, bool kOfConditions>
struct Opens {
  template <class Input>
  static bool apply(const Input&, Builder& builder) {
    return builder.extend(kKind, kOfConditions);
  }
};
template <Kind kKind>
struct OpensNew {
  template <class Input>
  static bool apply(const Input&, Builder& builder) {
    return builder.wrap(kKind, false);
  }
};
template <Kind kKind>
struct OpensSigned {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (!builder.extend(kKind, false)) return false;
    builder.stack.back().text += *in.begin();
    return true;
  }
};
// … and its end puts the value read since into it.
template <bool kOfConditions>
struct Appends {
  template <class Input>
  static bool apply(const Input&, Builder& builder) {
    return builder.append(kOfConditions);
  }
};

template <>
struct Action<or_start> : Opens<Kind::kOr, true> {};
template <>
struct Action<or_tail> : Appends<true> {};
template <>
struct Action<and_start> : Opens<Kind::kAnd, true> {};
template <>
struct Action<and_tail> : Appends<true> {};
template <>
struct Action<sum_sign> : OpensSigned<Kind::kSum> {};
template <>
struct Action<sum_tail> : Appends<false> {};
template <>
struct Action<product_sign> : OpensSigned<Kind::kProduct> {};
template <>
struct Action<product_tail> : Appends<false> {};
template <>
struct Action<compare_tail> : Appends<false> {};
template <>
struct Action<in_start> : OpensNew<Kind::kIn> {};
template <>
struct Action<in_item> : Appends<false> {};
template <>
struct Action<has_start> : OpensNew<Kind::kHas> {};
template <>
struct Action<has_tail> : Appends<false> {};
template <>
struct Action<is_start> : OpensNew<Kind::kIs> {};
template <>
struct Action<between_start> : OpensNew<Kind::kBetween> {};

template <>
struct Action<not_condition> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (!builder.wrap(Kind::kNot, true)) return false;
    builder.stack.back().at = offset(in, builder);
    return true;
  }
};
template <>
struct Action<compare_sign> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (!builder.wrap(Kind::kCompare, false)) return false;
    builder.stack.back().text = in.string() == "!=" ? "<>" : in.string();
    return true;
  }
};
template <>
struct Action<between_tail> {
  template <class Input>
  static bool apply(const Input&, Builder& builder) {
    if (builder.failed()) return false;
    Node upper = builder.pop();
    if (!builder.need_value(upper) || !builder.append(false)) return false;
    builder.stack.back().children.push_back(std::move(upper));
    return true;
  }
};
template <>
struct Action<not_before> {
  static void apply0(Builder& builder) { builder.negated = true; }
};
template <>
struct Action<is_not> {
  static void apply0(Builder& builder) { builder.stack.back().negated = true; }
};
template <>
struct Action<is_word> {
  template <class Input>
  static void apply(const Input& in, Builder& builder) {
    builder.stack.back().children.push_back(
        {.kind = Kind::kName, .at = offset(in, builder), .text = in.string()});
  }
};

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

// The token that starts at `at`: a word, a number, a quoted text, or one or two signs.
std::string_view token_at(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  size_t end = at + 1;
  if (is_word_char(text[at])) {
    while (end < text.size() && is_word_char(text[end])) ++end;
  } else if (text[at] == '\'' || text[at] == '"') {
    end = std::min(text.find(text[at], end), text.size() - 1) + 1;
  } else if (text[at] == '<' || text[at] == '>' || text[at] == '!') {
    if (end < text.size() && (text[end] == '=' || text[end] == '>')) ++end;
  } else {
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  }
  return text.substr(at, end - at);
}

std::string_view token_before(std::string_view text, size_t end) {
  std::string_view last;
  for (size_t at = 0; at < end;) {
    if (std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos) {
      ++at;
      continue;
    }
    last = token_at(text, at);
    at += last.size();
  }
  return last;
}

// Signs of other languages, and typographic quotes that a word processor put in.
std::optional<std::string> advice(std::string_view token) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kAdvice = {{
      {"&", "write 'and'"},
      {"|", "write 'or'"},
      {"!", "write 'not'"},
      {"==", "write one '='"},
      {"\u2018", "write a straight quote: '"},
      {"\u2019", "write a straight quote: '"},
      {"\u201C", "write a straight single quote: '"},
      {"\u201D", "write a straight single quote: '"},
      {"\u2265", "write >="},
  }};
  const auto found = std::ranges::find(kAdvice, token, &decltype(kAdvice)::value_type::first);
  if (found == kAdvice.end()) return std::nullopt;
  return std::string(found->second);
}

// "expected a value" -> "expected a value after '='; did you mean …".
std::string explained(const Builder& builder, std::string_view text) {
  const size_t at = builder.complaint_at;
  if (builder.complete) return builder.complaint;
  std::string message = builder.complaint;
  const bool whole_value =
      message == More::kText && builder.stack.size() == 1 && !builder.stack[0].is_condition();
  if (whole_value) message = "expected a comparison (=, <, in, between, is, has)";
  const std::string_view before = token_before(text, at);
  if (!before.empty()) {
    const std::string_view quote = before[0] == '\'' || before[0] == '"' ? "" : "'";
    message += fmt::format(" after {0}{1}{0}", quote, printable(before, 40));
  }
  const std::string_view found = token_at(text, at);
  if (const auto hint =
          advice(found == "=" && before == "=" && text[at - 1] == '=' ? "==" : found)) {
    return message + "; " + *hint;
  }
  if (!found.empty() && is_word_char(found[0])) {
    message += fmt::format(", not '{}'", printable(found, 40));
    static const std::vector<std::string> kWords = {"and", "or",  "not",    "in",
                                                    "is",  "has", "between"};
    if (const auto near = nearest(found, kWords); near && lowered(found) != *near) {
      message += fmt::format("; did you mean '{}'?", *near);
    }
  }
  return message;
}

}  // namespace

Result<Node> parse_node(std::string_view text) {
  Builder builder;
  builder.start = text.data();
  pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.size(), "expression");
  if (!pegtl::parse<whole, Action>(in, builder)) {
    return tl::unexpected(expression_error(text, builder.complaint_at, explained(builder, text)));
  }
  CHECK(builder.stack.size() == 1, "a parsed expression is one node");
  if (!builder.need_condition(builder.stack[0])) {
    return tl::unexpected(expression_error(text, builder.complaint_at, builder.complaint));
  }
  return builder.pop();
}

}  // namespace barometer
