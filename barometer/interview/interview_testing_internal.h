// Questionnaires as text, and posts as browsers make them, for the tests of this module.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/interview/interview.h"

namespace barometer {

// `yaml` is what stands under "items:", after `head` (languages, defaults).
inline Questionnaire questionnaire_of(const std::string& yaml, const std::string& head = "") {
  Diagnostics problems;
  const bool two = head.find("[en, cy]") != std::string::npos;
  const std::string title = two ? "title: {en: T, cy: T}\n" : "title: T\n";
  const YamlNode root = load_yaml(title + head + "items:\n" + yaml, "q.yaml", problems);
  Questionnaire out = read_questionnaire(root, problems);
  EXPECT_EQ(problems.error_count(), 0U) << problems.text();
  return out;
}

inline Interview interview_of(const std::string& yaml, const std::string& head = "",
                              const InterviewSettings& settings = {}) {
  auto made = Interview::make(questionnaire_of(yaml, head), settings);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return *std::move(made);
}

// A form as text: "role=1&name=A+B".
inline PostOutcome posted(const Interview& interview, std::string_view page, std::string_view form,
                          const InterviewState& state, const PostFacts& facts = {}) {
  const auto index = interview.page_named(page);
  EXPECT_TRUE(index) << page;
  const auto fields = parse_form(form);
  EXPECT_TRUE(fields) << form;
  return interview.post(*index, *fields, state, facts);
}

// Posts that must be taken, in order: {page, form}.
inline InterviewState after(const Interview& interview,
                            const std::vector<std::pair<std::string, std::string>>& posts,
                            InterviewState state = {}) {
  if (state.language.empty()) state = interview.start(1);
  for (const auto& [page, form] : posts) {
    auto outcome = posted(interview, page, form, state);
    const auto* accepted = std::get_if<PostAccepted>(&outcome);
    EXPECT_NE(accepted, nullptr) << page << " " << form;
    if (accepted == nullptr) return state;
    state = accepted->state;
  }
  return state;
}

// "role: Select an answer; …", or "taken", or "off the route".
inline std::string outcome_text(const PostOutcome& outcome) {
  if (std::holds_alternative<PostAccepted>(outcome)) return "taken";
  const auto& refused = std::get<PostRefused>(outcome);
  if (refused.off_route) return "off the route";
  std::string out;
  for (const PageMessage& message : refused.page.errors) {
    out += (out.empty() ? "" : "; ") + message.field + ": " + message.text;
  }
  return out;
}

}  // namespace barometer
