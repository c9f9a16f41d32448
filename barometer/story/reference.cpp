#include "barometer/story/reference_internal.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <tao/pegtl.hpp>

#include "barometer/base/text.h"
#include "barometer/data/grammar.h"

namespace barometer {
namespace {

namespace pegtl = tao::pegtl;

enum class Kind { kWord, kText, kKey };
struct Node {
  Kind kind = Kind::kWord;
  size_t at = 0;
  std::string text;
  std::vector<Node> children{};
};
struct Builder : grammar::GrammarState<Node> {};

struct Verb {
  static constexpr const char* kText = "expected a verb: pct, n, say, change, method, ...";
};
struct Term {
  static constexpr const char* kText = "expected a name, a text in quotes, or the end";
};
struct Value {
  static constexpr const char* kText = "expected a text in quotes after '='";
};

struct Spaces : pegtl::star<pegtl::one<' ', '\t', '\r', '\n'>> {};
struct WordChar : pegtl::sor<pegtl::alnum, pegtl::one<'_', '.', '-'>> {};
struct WordBody : pegtl::plus<WordChar> {};
struct PlainWord : pegtl::seq<WordBody, Spaces> {};
struct KeyBody : pegtl::plus<WordChar> {};
struct Equals : pegtl::seq<Spaces, pegtl::one<'='>, Spaces> {};

struct StraightBody : pegtl::star<pegtl::not_one<'"'>> {};
struct StraightText : pegtl::seq<pegtl::one<'"'>, StraightBody,
                                 pegtl::sor<pegtl::one<'"'>, grammar::Unclosed>, Spaces> {};
struct CurlyOpen : pegtl::string<'\xE2', '\x80', '\x9C'> {};
struct CurlyClose : pegtl::string<'\xE2', '\x80', '\x9D'> {};
struct CurlyBody : pegtl::star<pegtl::seq<pegtl::not_at<CurlyClose>, pegtl::any>> {};
struct CurlyText
    : pegtl::seq<CurlyOpen, CurlyBody, pegtl::sor<CurlyClose, grammar::Unclosed>, Spaces> {};
struct QuotedText : pegtl::sor<StraightText, CurlyText> {};

struct TextValue : pegtl::sor<QuotedText, grammar::Complain<Value>> {};
struct KeyedText : pegtl::seq<KeyBody, Equals, TextValue> {};
struct AnyTerm : pegtl::sor<KeyedText, QuotedText, PlainWord> {};
struct WholeReference : pegtl::seq<Spaces, grammar::Need<PlainWord, Verb>, pegtl::star<AnyTerm>,
                                   grammar::Need<pegtl::eof, Term>> {};

template <class Rule>
struct Action : pegtl::nothing<Rule> {};

template <>
struct Action<WordBody> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    return builder.push(Kind::kWord, grammar::offset(in, builder), in.string());
  }
};
// A text may go on in the next line.
std::string one_line(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) out += c;
    if (blank && !space) out += ' ';
    space = blank;
  }
  return std::string(trimmed(out));
}

struct TextAction {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    return builder.push(Kind::kText, grammar::offset(in, builder), one_line(in.string()));
  }
};
template <>
struct Action<StraightBody> : TextAction {};
template <>
struct Action<CurlyBody> : TextAction {};
// The key alone would be read again as a word: it is pushed with its sign.
template <>
struct Action<KeyedText> {
  template <class Input>
  static bool apply(const Input& in, Builder& builder) {
    if (builder.failed()) return false;
    Node text = builder.pop();
    const std::string all = in.string();
    const std::string name(trimmed(all.substr(0, all.find('='))));
    if (!builder.push(Kind::kKey, grammar::offset(in, builder), name)) return false;
    builder.stack.back().children.push_back(std::move(text));
    return true;
  }
};

constexpr auto kClauses =
    std::to_array<std::string_view>({"of", "in", "by", "since", "as", "with"});

bool is_clause(const Node& node) {
  return node.kind == Kind::kWord && std::ranges::find(kClauses, node.text) != kClauses.end();
}

Operand operand_of(const Node& node) { return {node.text, node.at, node.kind == Kind::kText}; }

class Assembler {
 public:
  explicit Assembler(std::vector<Node> nodes) : nodes_(std::move(nodes)) {}

  std::optional<Reference> assemble(ReferenceError& error) {
    out_.verb = nodes_.front().text;
    out_.verb_at = nodes_.front().at;
    for (size_t i = 1; i < nodes_.size(); ++i) {
      const bool fine = is_clause(nodes_[i]) ? take_clause(i, error) : take(nodes_[i], error);
      if (!fine) return std::nullopt;
    }
    return std::move(out_);
  }

 private:
  CellName& cell() { return out_.other ? *out_.other : out_.cell; }

  bool fail(const Node& node, std::string message, ReferenceError& error) {
    error = {node.at, std::move(message)};
    return false;
  }

  // The clause at i with its operand; i becomes the last node of it.
  bool take_clause(size_t& i, ReferenceError& error) {
    const Node& clause = nodes_[i];
    if (clause.text == "with") {
      if (out_.other) return fail(clause, "a second 'with'", error);
      out_.other.emplace();
      return true;
    }
    if (i + 1 == nodes_.size() || nodes_[i + 1].kind == Kind::kKey || is_clause(nodes_[i + 1])) {
      return fail(clause, fmt::format("'{}' is followed by nothing", clause.text), error);
    }
    std::optional<Operand>& place = clause.text == "of"   ? cell().group
                                    : clause.text == "in" ? cell().wave
                                    : clause.text == "by" ? cell().unit
                                    : clause.text == "as" ? out_.said
                                                          : out_.since;
    if (place) return fail(clause, fmt::format("a second '{}'", clause.text), error);
    place = operand_of(nodes_[++i]);
    return true;
  }

  bool take(const Node& node, ReferenceError& error) {
    if (node.kind == Kind::kKey) {
      if (out_.attribute(node.text) != nullptr) {
        return fail(node, fmt::format("a second '{}='", printable(node.text)), error);
      }
      out_.attributes.emplace_back(node.text, operand_of(node.children.front()));
      return true;
    }
    cell().words.push_back(operand_of(node));
    return true;
  }

  std::vector<Node> nodes_;
  Reference out_;
};

}  // namespace

const Operand* Reference::attribute(std::string_view key) const {
  for (const auto& [name, value] : attributes) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::optional<Reference> parse_reference(std::string_view text, ReferenceError& error) {
  Builder builder;
  builder.start = text.data();
  pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.size(), "reference");
  const bool parsed = pegtl::parse<WholeReference, Action>(in, builder);
  if (!parsed || builder.failed()) {
    error = {builder.complaint_at, builder.complaint};
    return std::nullopt;
  }
  CHECK(!builder.stack.empty(), "a parsed reference has a verb");
  return Assembler(std::move(builder.stack)).assemble(error);
}

}  // namespace barometer
