// What tests of releases make them of.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "barometer/disclosure/release.h"

namespace barometer::testing {

// Of the only question, or of a group as a whole.
inline ReleasedFigure figure(FigureRole role, size_t group, std::string answer,
                             std::optional<int64_t> count = {}) {
  ReleasedFigure out;
  out.role = role;
  out.group = group;
  out.question = role == FigureRole::kSize ? kNowhere : 0;
  out.answer = std::move(answer);
  out.count = count;
  out.id = fmt::format("{}.{}", group, out.answer);
  return out;
}

// One answer each: options "1" … "options", with these NETs.
inline ReleasedQuestion single_question(int options, std::vector<ReleasedNet> nets) {
  ReleasedQuestion out;
  out.id = "q";
  for (int code = 1; code <= options; ++code) out.options.push_back({code, false, false});
  out.nets = std::move(nets);
  return out;
}

}  // namespace barometer::testing
