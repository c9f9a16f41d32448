// What the small languages people type share: the stack their PEGTL grammar builds nodes on, and
// the first complaint. That one is the right one: it is made where nothing else could follow, so
// that the parse cannot succeed any more. To be included by .cpp files of grammars only.
//
// A Node has kind, at (offset of its first byte), text and children; a grammar's own state derives
// from GrammarState<Node>.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <tao/pegtl.hpp>

namespace barometer::grammar {

inline constexpr size_t kMaxDepth = 64;

template <class Node>
struct GrammarState {
  const char* start = nullptr;
  std::vector<Node> stack;
  size_t depth = 0;

  std::string complaint;  // empty: none
  size_t complaint_at = 0;
  bool complete = false;  // the complaint says all; else it is "expected …"

  [[nodiscard]] bool failed() const { return !complaint.empty(); }
  bool complain(size_t at, std::string what) {
    if (failed()) return false;
    complaint = std::move(what);
    complaint_at = at;
    return false;
  }
  bool complain_for_good(size_t at, std::string what) {
    if (failed()) return false;
    complete = true;
    return complain(at, std::move(what));
  }
  Node pop() {
    Node node = std::move(stack.back());
    stack.pop_back();
    return node;
  }
  template <class Kind>
  void add(Kind kind, size_t at, std::string text) {
    stack.push_back({.kind = kind, .at = at, .text = std::move(text)});
  }
  // The same, but false and nothing after a complaint.
  template <class Kind>
  bool push(Kind kind, size_t at, std::string text) {
    if (failed()) return false;
    add(kind, at, std::move(text));
    return true;
  }
  // The last node becomes the last child of the one before it.
  bool append() {
    if (failed()) return false;
    Node last = pop();
    stack.back().children.push_back(std::move(last));
    return true;
  }
};

// Where an action's match begins.
template <class Input, class State>
size_t offset(const Input& in, const State& state) {
  return static_cast<size_t>(in.begin() - state.start);
}

// Fails, and says that What::kText was expected here.
template <class What>
struct Complain {
  using rule_t = Complain;
  using subs_t = tao::pegtl::empty_list;

  template <tao::pegtl::apply_mode, tao::pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input, class State>
  static bool match(Input& in, State& state) {
    return state.complain(static_cast<size_t>(in.current() - state.start), What::kText);
  }
};
template <class Rule, class What>
struct Need : tao::pegtl::sor<Rule, Complain<What>> {};

// Rule, one level deeper.
template <class Rule>
struct Nested {
  using rule_t = Nested;
  using subs_t = tao::pegtl::type_list<Rule>;

  template <tao::pegtl::apply_mode A, tao::pegtl::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class Input, class State>
  static bool match(Input& in, State& state) {
    if (state.depth == kMaxDepth) {
      const auto at = static_cast<size_t>(in.current() - state.start);
      return state.complain_for_good(at, fmt::format("nested deeper than {}", kMaxDepth));
    }
    ++state.depth;
    const bool matched = tao::pegtl::match<Rule, A, M, Action, Control>(in, state);
    --state.depth;
    return matched;
  }
};

// Fails, and says that the quote just opened has no end.
struct Unclosed {
  using rule_t = Unclosed;
  using subs_t = tao::pegtl::empty_list;

  template <tao::pegtl::apply_mode, tao::pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input, class State>
  static bool match(Input&, State& state) {
    return state.complain_for_good(state.stack.back().at, "this quote is never closed");
  }
};

}  // namespace barometer::grammar
