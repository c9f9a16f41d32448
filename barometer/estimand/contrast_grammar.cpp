#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <tao/pegtl.hpp>

#include "barometer/base/text.h"
#include "barometer/data/grammar.h"
#include "barometer/estimand/contrast_internal.h"

namespace barometer {
namespace {

namespace pegtl = tao::pegtl;

// NOLINTBEGIN(readability-identifier-naming): rules of a grammar, named as PEGTL names its own
using Node = ContrastNode;
using Kind = Node::Kind;
using grammar::Need;
using grammar::Nested;
using grammar::offset;

constexpr size_t kMaxLength = 10'000;

struct Reading : grammar::GrammarState<Node> {
  // The last node becomes the first child of a new one, unless it is such a chain already.
  bool extend(Kind kind, size_t at, const std::string& sign) {
    if (failed()) return false;
    if (stack.back().kind == kind && kind != Kind::kPower) {
      stack.back().text += sign;
      return true;
    }
    Node first = pop();
    push(kind, at, sign);
    stack.back().children.push_back(std::move(first));
    return true;
  }
};

struct Value {
  static constexpr const char* kText = "expected a label or a number";
};
struct Close {
  static constexpr const char* kText = "expected an operator or ')'";
};
struct More {
  static constexpr const char* kText = "expected an operator or the end";
};
struct Backtick {
  static constexpr const char* kText = "this backtick is never closed";
};
struct Pair {
  static constexpr const char* kText = "expected label = coefficient, as in c(E = 1, H = -1)";
};
struct ListClose {
  static constexpr const char* kText = "expected ',' or ')'";
};

struct spaces : pegtl::star<pegtl::one<' ', '\t', '\r', '\n'>> {};
struct letter : pegtl::sor<pegtl::alpha, pegtl::one<'_'>, pegtl::range<'\x80', '\xFF'>> {};
struct name_char : pegtl::sor<letter, pegtl::digit, pegtl::one<'.', ':'>> {};
template <char C>
struct Symbol : pegtl::seq<pegtl::one<C>, spaces> {};

// A bare name may hold "=", in c(…) not.
struct bare_label : pegtl::seq<letter, pegtl::star<pegtl::sor<name_char, pegtl::one<'='>>>> {};
struct listed_label : pegtl::seq<letter, pegtl::star<name_char>> {};
struct backtick_body : pegtl::plus<pegtl::not_one<'`'>> {};
struct backticked : pegtl::seq<pegtl::one<'`'>, backtick_body, Need<pegtl::one<'`'>, Backtick>> {};

struct exponent : pegtl::seq<pegtl::one<'e', 'E'>, pegtl::opt<pegtl::one<'+', '-'>>,
                             pegtl::plus<pegtl::digit>> {};
struct fraction : pegtl::seq<pegtl::one<'.'>, pegtl::star<pegtl::digit>> {};
struct whole_digits : pegtl::seq<pegtl::plus<pegtl::digit>, pegtl::opt<fraction>> {};
struct point_digits : pegtl::seq<pegtl::one<'.'>, pegtl::plus<pegtl::digit>> {};
struct digits : pegtl::seq<pegtl::sor<whole_digits, point_digits>, pegtl::opt<exponent>> {};
struct number : pegtl::seq<digits, pegtl::not_at<name_char>, spaces> {};

struct sum;
struct inside : Nested<Need<sum, Value>> {};
struct group : pegtl::seq<Symbol<'('>, inside, Need<Symbol<')'>, Close>> {};

struct coefficient : pegtl::seq<pegtl::opt<pegtl::one<'+', '-'>>, digits> {};
struct listed : pegtl::sor<backticked, listed_label> {};
struct pair : pegtl::seq<listed, spaces, Need<Symbol<'='>, Pair>,
                         Need<pegtl::seq<coefficient, spaces>, Pair>> {};
struct linear_open : pegtl::seq<pegtl::one<'c'>, spaces, pegtl::one<'('>, spaces> {};
struct linear
    : pegtl::seq<linear_open, Need<pair, Pair>, pegtl::star<Symbol<','>, Need<pair, Pair>>,
                 Need<Symbol<')'>, ListClose>> {};

struct function_name : pegtl::plus<pegtl::alnum> {};
struct call_open : pegtl::seq<function_name, spaces, pegtl::at<pegtl::one<'('>>> {};
struct call : pegtl::seq<call_open, group> {};
struct label : pegtl::seq<pegtl::sor<backticked, bare_label>, spaces> {};
struct primary : pegtl::sor<number, linear, pegtl::seq<pegtl::at<letter>, call>, label, group> {};

// power = primary ["^" signed];  signed = ("+" | "-") signed | power.
struct signed_part;
struct power_sign : Symbol<'^'> {};
struct power_tail : pegtl::seq<power_sign, Nested<Need<signed_part, Value>>> {};
struct power : pegtl::seq<primary, pegtl::opt<power_tail>> {};
struct minus : Symbol<'-'> {};
struct negative : pegtl::seq<minus, Nested<Need<signed_part, Value>>> {};
struct positive : pegtl::seq<Symbol<'+'>, Nested<Need<signed_part, Value>>> {};
struct signed_part : pegtl::sor<negative, positive, power> {};

struct product_sign : pegtl::one<'*', '/'> {};
struct product_tail : pegtl::seq<product_sign, spaces, Need<signed_part, Value>> {};
struct product : pegtl::seq<signed_part, pegtl::star<product_tail>> {};
struct sum_sign : pegtl::one<'+', '-'> {};
struct sum_tail : pegtl::seq<sum_sign, spaces, Need<product, Value>> {};
struct sum : pegtl::seq<product, pegtl::star<sum_tail>> {};
struct whole : pegtl::seq<spaces, Need<sum, Value>, Need<pegtl::eof, More>> {};
// NOLINTEND(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

template <class Rule>
struct Action : pegtl::nothing<Rule> {};

struct PushLabel {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    return reading.push(Kind::kLabel, offset(in, reading), in.string());
  }
};
template <>
struct Action<bare_label> : PushLabel {};
template <>
struct Action<listed_label> : PushLabel {};
template <>
struct Action<backtick_body> : PushLabel {};

// The number that the text begins with.
bool read_number(std::string_view text, size_t at, Reading& reading, double& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() || reading.complain(at, "this number is too large or small");
}

template <>
struct Action<number> {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    double value = 0;
    if (!read_number(in.string_view(), offset(in, reading), reading, value)) return false;
    if (!reading.push(Kind::kNumber, offset(in, reading), {})) return false;
    reading.stack.back().number = value;
    return true;
  }
};
template <>
struct Action<linear_open> {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    return reading.push(Kind::kLinear, offset(in, reading), {});
  }
};
template <>
struct Action<coefficient> {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    double value = 0;
    std::string_view text = in.string_view();
    if (text.starts_with('+')) text.remove_prefix(1);
    if (!read_number(text, offset(in, reading), reading, value) || reading.failed()) return false;
    reading.stack.back().number = value;
    return true;
  }
};
template <>
struct Action<pair> {
  static bool apply0(Reading& reading) { return reading.append(); }
};
template <>
struct Action<call_open> {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    const std::string name(trimmed(in.string()));
    if (contrast_function_named(name) == nullptr) {
      return reading.complain(offset(in, reading),
                              fmt::format("there is no function '{}'; {}", printable(name),
                                          suggestion(name, contrast_function_names())));
    }
    return reading.push(Kind::kCall, offset(in, reading), name);
  }
};
template <>
struct Action<call> {
  static bool apply0(Reading& reading) { return reading.append(); }
};
template <>
struct Action<minus> {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    return reading.push(Kind::kNegate, offset(in, reading), {});
  }
};
template <>
struct Action<negative> {
  static bool apply0(Reading& reading) { return reading.append(); }
};

// A sign opens a node that takes the value before it as its first child …
template <Kind kKind>
struct Extends {
  template <class Input>
  static bool apply(const Input& in, Reading& reading) {
    return reading.extend(kKind, offset(in, reading), std::string(1, *in.begin()));
  }
};
template <>
struct Action<product_sign> : Extends<Kind::kProduct> {};
template <>
struct Action<sum_sign> : Extends<Kind::kSum> {};
template <>
struct Action<power_sign> : Extends<Kind::kPower> {};
// … and its end puts the value read since into it.
struct Append {
  static bool apply0(Reading& reading) { return reading.append(); }
};
template <>
struct Action<product_tail> : Append {};
template <>
struct Action<sum_tail> : Append {};
template <>
struct Action<power_tail> : Append {};

}  // namespace

Result<ContrastNode> parse_contrast(std::string_view text) {
  if (text.size() > kMaxLength) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the expression has {} bytes, more than {}", text.size(), kMaxLength));
  }
  if (!is_utf8(text)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the expression '{}' is not UTF-8", printable(text)));
  }
  Reading reading;
  reading.start = text.data();
  pegtl::memory_input input(text.data(), text.size(), "");
  if (!pegtl::parse<whole, Action>(input, reading) || reading.failed()) {
    return fail(ErrorCode::kInvalid, with_caret(text, reading.complaint_at, reading.complaint));
  }
  CHECK(reading.stack.size() == 1, "an expression is one value");
  return reading.pop();
}

}  // namespace barometer
