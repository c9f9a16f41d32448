#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <tao/pegtl.hpp>

#include "barometer/base/text.h"
#include "barometer/data/grammar.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

namespace pegtl = tao::pegtl;

// NOLINTBEGIN(readability-identifier-naming): rules of a grammar, named as PEGTL names its own
using Node = FormulaNode;
using Kind = Node::Kind;
using grammar::Need;
using grammar::Nested;
using grammar::offset;
using grammar::Unclosed;

constexpr size_t kMaxLength = 10'000;

struct Builder : grammar::GrammarState<Node> {
  std::optional<Node> response;

  // The last node becomes the first child of a new one.
  bool wrap(Kind kind, std::string text) {
    if (failed()) return false;
    Node first = pop();
    push(kind, first.at, std::move(text));
    stack.back().children.push_back(std::move(first));
    return true;
  }
  // The same, unless the last node is of this kind already: a + b + c is one node.
  bool extend(Kind kind, const std::string& sign) {
    if (failed()) return false;
    if (stack.back().kind != kind) return wrap(kind, sign);
    stack.back().text += sign;
    return true;
  }
};

struct Value {
  static constexpr const char* kText = "expected a variable or a value";
};
struct Tilde {
  static constexpr const char* kText = "expected '~' and the terms";
};
struct Close {
  static constexpr const char* kText = "expected an operator or ')'";
};
struct More {
  static constexpr const char* kText = "expected an operator or the end";
};

struct spaces : pegtl::star<pegtl::one<' ', '\t', '\r', '\n'>> {};
// Letters beyond ASCII; typographic quotes and dashes (E2 80) and signs such as ≥ (E2 89) are none.
struct typographic : pegtl::sor<pegtl::string<'\xE2', '\x80'>, pegtl::string<'\xE2', '\x89'>> {};
struct beyond_ascii : pegtl::seq<pegtl::not_at<typographic>, pegtl::range<'\x80', '\xFF'>> {};
struct word_char : pegtl::sor<pegtl::alnum, pegtl::one<'_', '.'>, beyond_ascii> {};
template <char... C>
struct Symbol : pegtl::seq<pegtl::string<C...>, spaces> {};

// name = (letter | "_" | ".") { letter | digit | "_" | "." }, or `any text`.
struct point : pegtl::seq<pegtl::one<'.'>, pegtl::not_at<pegtl::digit>> {};
struct word_start : pegtl::sor<pegtl::alpha, pegtl::one<'_'>, point, beyond_ascii> {};
struct word : pegtl::seq<word_start, pegtl::star<word_char>> {};
struct backtick_body : pegtl::star<pegtl::not_one<'`'>> {};
struct backticked
    : pegtl::seq<pegtl::one<'`'>, backtick_body, pegtl::sor<pegtl::one<'`'>, Unclosed>, spaces> {};
// text = '"' { any | "\" any } '"', or the same in single quotes.
template <char Quote>
struct text_body
    : pegtl::star<
          pegtl::sor<pegtl::seq<pegtl::one<'\\'>, pegtl::any>, pegtl::not_one<Quote, '\\'>>> {};
template <char Quote>
struct quoted : pegtl::seq<pegtl::one<Quote>, text_body<Quote>,
                           pegtl::sor<pegtl::one<Quote>, Unclosed>, spaces> {};
struct text : pegtl::sor<quoted<'"'>, quoted<'\''>> {};
struct exponent : pegtl::seq<pegtl::one<'e', 'E'>, pegtl::opt<pegtl::one<'+', '-'>>,
                             pegtl::plus<pegtl::digit>> {};
struct fraction : pegtl::seq<pegtl::one<'.'>, pegtl::star<pegtl::digit>> {};
struct whole_digits : pegtl::seq<pegtl::plus<pegtl::digit>, pegtl::opt<fraction>> {};
struct point_digits : pegtl::seq<pegtl::one<'.'>, pegtl::plus<pegtl::digit>> {};
struct digits : pegtl::seq<pegtl::sor<whole_digits, point_digits>, pegtl::opt<exponent>> {};
struct number : pegtl::seq<digits, pegtl::opt<pegtl::one<'L'>>, pegtl::not_at<word_char>, spaces> {
};

struct disjunction;
struct inside : Nested<Need<disjunction, Value>> {};
struct call_open : Symbol<'('> {};
struct call_tail : pegtl::seq<call_open, inside, Need<Symbol<')'>, Close>> {};
struct named : pegtl::seq<word, spaces, pegtl::opt<call_tail>> {};
struct group : pegtl::seq<Symbol<'('>, inside, Need<Symbol<')'>, Close>> {};
struct primary : pegtl::sor<number, text, named, backticked, group> {};

// power = primary ["^" signed];  signed = ("+" | "-") signed | power; the other operators are
// chains: part { sign part }.
struct signed_part;
struct power_sign : Symbol<'^'> {};
struct power_tail : pegtl::seq<power_sign, Nested<Need<signed_part, Value>>> {};
struct power : pegtl::seq<primary, pegtl::opt<power_tail>> {};
struct sign : pegtl::one<'+', '-'> {};
struct signed_value : pegtl::seq<sign, spaces, Nested<Need<signed_part, Value>>> {};
struct signed_part : pegtl::sor<signed_value, power> {};

template <class Sign, class Part>
struct tail : pegtl::seq<Sign, spaces, Need<Part, Value>> {};
template <class Sign, class Part>
struct chain : pegtl::seq<Part, pegtl::star<tail<Sign, Part>>> {};

struct interact_sign : pegtl::one<':'> {};
struct interaction : chain<interact_sign, signed_part> {};
struct product_sign : pegtl::one<'*', '/'> {};
struct product : chain<product_sign, interaction> {};
struct sum_sign : pegtl::one<'+', '-'> {};
struct sum : chain<sum_sign, product> {};
struct compare_sign
    : pegtl::sor<pegtl::string<'=', '='>, pegtl::string<'!', '='>, pegtl::string<'<', '='>,
                 pegtl::string<'>', '='>, pegtl::one<'<', '>'>> {};
struct comparison : pegtl::seq<sum, pegtl::opt<tail<compare_sign, sum>>> {};
struct inversion;
struct not_sign : pegtl::seq<pegtl::one<'!'>, spaces> {};
struct not_value : pegtl::seq<not_sign, Nested<Need<inversion, Value>>> {};
struct inversion : pegtl::sor<not_value, comparison> {};
struct and_sign : pegtl::one<'&'> {};
struct conjunction : chain<and_sign, inversion> {};
struct or_sign : pegtl::one<'|'> {};
struct disjunction : chain<or_sign, conjunction> {};

struct tilde : Symbol<'~'> {};
struct left_side : pegtl::seq<pegtl::not_at<pegtl::one<'~'>>, Need<disjunction, Value>> {};
struct right_side : pegtl::seq<Need<disjunction, Value>, Need<pegtl::eof, More>> {};
struct whole_formula : pegtl::seq<spaces, pegtl::sor<pegtl::at<pegtl::one<'~'>>, left_side>,
                                  Need<tilde, Tilde>, right_side> {};
struct whole_expression : pegtl::seq<spaces, right_side> {};
// NOLINTEND(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

template <class Rule>
struct Action : pegtl::nothing<Rule> {};

template <>
struct Action<word> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (in.string() == ".") {
      return builder.complain_for_good(offset(in, builder),
                                       "'.' for all other variables is not understood; name them");
    }
    return builder.push(Kind::kName, offset(in, builder), in.string());
  }
};
template <>
struct Action<backtick_body> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    return builder.push(Kind::kName, offset(in, builder) - 1, in.string());
  }
};
template <char Quote>
struct Action<text_body<Quote>> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    std::string plain;
    for (const char* c = in.begin(); c != in.end(); ++c) {
      if (*c == '\\') ++c;
      plain += *c;
    }
    return builder.push(Kind::kText, offset(in, builder) - 1, plain);
  }
};
template <>
struct Action<number> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    double value = 0;
    // Reads up to an L or a space after the digits.
    if (std::from_chars(in.begin(), in.end(), value).ec != std::errc()) {
      return builder.complain_for_good(offset(in, builder), "this number is too large or small");
    }
    if (!builder.push(Kind::kNumber, offset(in, builder), {})) return false;
    builder.stack.back().number = value;
    return true;
  }
};
template <>
struct Action<call_open> {
  template <class Input>
  static bool apply(const Input&, Builder& builder) {
    if (builder.failed()) return false;
    static const std::vector<std::string> kFunctions = {"I", "factor", "log", "exp", "sqrt", "abs"};
    Node& function = builder.stack.back();
    if (std::ranges::find(kFunctions, function.text) == kFunctions.end()) {
      return builder.complain_for_good(
          function.at, fmt::format("there is no function '{}'; {}", printable(function.text),
                                   suggestion(function.text, kFunctions)));
    }
    function.kind = Kind::kCall;
    return true;
  }
};
template <>
struct Action<call_tail> {
  static bool apply0(Builder& builder) { return builder.append(); }
};
template <>
struct Action<group> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (!builder.wrap(Kind::kGroup, {})) return false;
    builder.stack.back().at = offset(in, builder);
    return true;
  }
};

// A sign opens a node that takes the value before it as its first child …
template <Kind kKind>
struct Extends {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    return builder.extend(kKind, in.string());
  }
};
template <>
struct Action<interact_sign> : Extends<Kind::kInteract> {};
template <>
struct Action<product_sign> : Extends<Kind::kProduct> {};
template <>
struct Action<sum_sign> : Extends<Kind::kSum> {};
template <>
struct Action<and_sign> : Extends<Kind::kAnd> {};
template <>
struct Action<or_sign> : Extends<Kind::kOr> {};
template <>
struct Action<power_sign> {
  static bool apply0(Builder& builder) { return builder.wrap(Kind::kPower, {}); }
};
template <>
struct Action<compare_sign> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    return builder.wrap(Kind::kCompare, in.string());
  }
};
// … and its end puts the value read since into it.
template <class Sign, class Part>
struct Action<tail<Sign, Part>> {
  static bool apply0(Builder& builder) { return builder.append(); }
};
template <>
struct Action<power_tail> {
  static bool apply0(Builder& builder) { return builder.append(); }
};

template <Kind kKind>
struct Prefixes {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (!builder.wrap(kKind, std::string(1, *in.begin()))) return false;
    builder.stack.back().at = offset(in, builder);
    return true;
  }
};
template <>
struct Action<signed_value> : Prefixes<Kind::kSign> {};
template <>
struct Action<not_value> : Prefixes<Kind::kNot> {};

template <>
struct Action<tilde> {
  static bool apply0(Builder& builder) {
    if (builder.failed()) return false;
    if (!builder.stack.empty()) builder.response = builder.pop();
    return true;
  }
};

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The word or sign that ends before `end`, spaces aside.
std::string_view token_before(std::string_view text, size_t end) {
  const std::string_view before = trimmed(text.substr(0, end));
  size_t start = before.size();
  while (start > 0 && is_word_char(before[start - 1])) --start;
  if (start == before.size() && start > 0) --start;
  return before.substr(start);
}

// Signs of other languages.
std::optional<std::string_view> advice(std::string_view rest, std::string_view before) {
  constexpr std::array<std::array<std::string_view, 2>, 11> kAdvice = {{
      {"&", "write one '&'"},
      {"|", "write one '|'"},
      {"=", "write '=='"},
      {"\u2018", "write a straight quote: '"},
      {"\u2019", "write a straight quote: '"},
      {"\u201C", "write a straight quote: \""},
      {"\u201D", "write a straight quote: \""},
      {"\u2264", "write <="},
      {"\u2265", "write >="},
      {"\u2260", "write !="},
      {"%", "%in% is not understood; write == and |"},
  }};
  for (const auto& [sign, words] : kAdvice) {
    const bool doubled = sign == "&" || sign == "|";
    if (rest.starts_with(sign) && (!doubled || before == sign)) return words;
  }
  return std::nullopt;
}

// "expected a variable or a value" -> "… after '+'; write …".
std::string explained(const Builder& builder, std::string_view text) {
  if (builder.complete) return builder.complaint;
  std::string message = builder.complaint;
  const std::string_view before = token_before(text, builder.complaint_at);
  if (!before.empty()) message += fmt::format(" after '{}'", printable(before, 40));
  const std::string_view rest = text.substr(std::min(builder.complaint_at, text.size()));
  if (const auto hint = advice(rest, before)) message += fmt::format("; {}", *hint);
  return message;
}

Status check_text(std::string_view text, std::string_view what) {
  if (text.size() > kMaxLength) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} has {} bytes, more than {}", what, text.size(), kMaxLength));
  }
  if (!is_utf8(text)) return fail(ErrorCode::kInvalid, fmt::format("the {} is not UTF-8", what));
  if (trimmed(text).empty()) return fail(ErrorCode::kInvalid, fmt::format("the {} is empty", what));
  return {};
}

template <class Rule>
Result<Builder> built(std::string_view text, std::string_view what) {
  TRY_DONE(check_text(text, what));
  Builder builder;
  builder.start = text.data();
  pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.size(), "formula");
  const bool parsed = pegtl::parse<Rule, Action>(in, builder);
  if (!parsed || builder.failed()) {
    return tl::unexpected(formula_error(text, builder.complaint_at, explained(builder, text)));
  }
  CHECK(builder.stack.size() == 1, "a parsed expression is one node");
  return builder;
}

}  // namespace

Error formula_error(std::string_view text, size_t at, const std::string& message) {
  return {ErrorCode::kInvalid, with_caret(text, at, message)};
}

Result<FormulaSides> parse_sides(std::string_view text) {
  Builder builder = TRY(built<whole_formula>(text, "formula"));
  return FormulaSides{std::move(builder.response), builder.pop()};
}

Result<FormulaNode> parse_expression(std::string_view text) {
  Builder builder = TRY(built<whole_expression>(text, "expression"));
  return builder.pop();
}

}  // namespace barometer
