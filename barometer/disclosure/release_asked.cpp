// Everything that could be asked of a release, as sums of atoms.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/disclosure/release_asked_internal.h"

namespace barometer {
namespace {

class Asker {
 public:
  Asker(const Release& release, const ReleaseSystem& system) : release_(release), system_(system) {}

  std::vector<AskedOfRelease> all() {
    for (size_t group = 0; group < release_.groups.size(); ++group) {
      for (const size_t question : system_.questions_of(group)) {
        if (const AnswerOfGroup* given = given_in(group, question)) {
          ask_given(group, *given);
          continue;
        }
        ask_group(group, question);
        if (release_.groups[group].people != kNowhere) ask_beyond_the_first(group, question);
      }
    }
    return std::move(out_);
  }

 private:
  using Role = AskedOfRelease::Role;

  void ask(Role role, size_t group, size_t question, std::string answer, std::string about,
           LinearSum sum, size_t of_people = kNowhere) {
    if (sum.terms.empty()) return;
    out_.push_back(
        {role, group, question, std::move(answer), std::move(about), std::move(sum), of_people});
  }

  [[nodiscard]] const AnswerOfGroup* given_in(size_t group, size_t question) const {
    const auto& gave = release_.groups[group].gave;
    const auto found = std::ranges::find(gave, question, &AnswerOfGroup::question);
    return found == gave.end() ? nullptr : &*found;
  }

  // Of the question that makes the group there is nothing to find out but how many they are.
  void ask_given(size_t group, const AnswerOfGroup& given) {
    for (const int code : given.codes) {
      const std::string answer = std::to_string(code);
      ask(Role::kAnswer, group, given.question, answer, fmt::format("answer '{}'", answer),
          system_.answer(group, given.question, answer));
    }
  }

  void ask_group(size_t group, size_t question) {
    const ReleasedQuestion& q = release_.questions[question];
    const LinearSum base = system_.base(group, question);
    ask(Role::kBase, group, question, "", "the base", base);
    for (const ReleasedOption& option : q.options) {
      ask_answer(group, question, std::to_string(option.code), option.outside ? LinearSum{} : base);
    }
    for (const ReleasedNet& net : q.nets) {
      ask_answer(group, question, net.id, base);
      if (q.multi) ask_within(group, question, net);
    }
    for (const std::string_view kind : kMissingKinds) {
      ask(Role::kMissing, group, question, std::string(kind), fmt::format("missing '{}'", kind),
          system_.missing(group, question, kind));
    }
  }

  void ask_answer(size_t group, size_t question, const std::string& answer, const LinearSum& base) {
    const LinearSum inside = system_.answer(group, question, answer);
    ask(Role::kAnswer, group, question, answer, fmt::format("answer '{}'", answer), inside);
    if (base.terms.empty()) return;
    ask(Role::kOutside, group, question, answer,
        fmt::format("those in the base without answer '{}'", answer), added(base, inside, -1));
  }

  // NETs of several answers each: with it but not one of its parts, and with both of two.
  void ask_within(size_t group, size_t question, const ReleasedNet& net) {
    const ReleasedQuestion& q = release_.questions[question];
    const LinearSum whole = system_.answer(group, question, net.id);
    LinearSum parts;
    const auto without = [&](const std::string& part) {
      ask(Role::kOutside, group, question, net.id, fmt::format("'{}' without '{}'", net.id, part),
          added(whole, system_.answer(group, question, part), -1));
    };
    for (const int code : net.codes) {
      parts = added(parts, system_.answer(group, question, std::to_string(code)));
      without(std::to_string(code));
    }
    for (const ReleasedNet& inner : q.nets) {
      const bool within = &inner != &net && std::ranges::all_of(inner.codes, [&](int code) {
        return std::ranges::count(net.codes, code) > 0;
      });
      if (within) without(inner.id);
    }
    if (net.codes.size() != 2) return;
    ask(Role::kOutside, group, question, net.id, fmt::format("both answers of '{}'", net.id),
        added(parts, whole, -1));
  }

  // Respondents less organisations: the people beyond the first of each.
  void ask_beyond_the_first(size_t group, size_t question) {
    const size_t people = release_.groups[group].people;
    const ReleasedQuestion& q = release_.questions[question];
    ask(Role::kBase, people, question, "", "the base, beyond the first of each organisation",
        added(system_.base(people, question), system_.base(group, question), -1), group);
    for (const ReleasedOption& option : q.options) {
      const std::string code = std::to_string(option.code);
      ask(Role::kAnswer, people, question, code,
          fmt::format("answer '{}', beyond the first of each organisation,", code),
          added(system_.answer(people, question, code), system_.answer(group, question, code), -1),
          group);
    }
  }

  const Release& release_;
  const ReleaseSystem& system_;
  std::vector<AskedOfRelease> out_;
};

}  // namespace

std::vector<AskedOfRelease> asked_of(const Release& release, const ReleaseSystem& system) {
  return Asker(release, system).all();
}

}  // namespace barometer
