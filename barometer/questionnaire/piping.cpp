#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/codebook.h"
#include "barometer/questionnaire/asking.h"

namespace barometer {

Result<std::vector<PipedPart>> parse_piped(std::string_view text) {
  std::vector<PipedPart> parts;
  size_t at = 0;
  while (true) {
    const size_t open = text.find("{{", at);
    if (open == std::string_view::npos) break;
    const size_t close = text.find("}}", open);
    if (close == std::string_view::npos) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the piped answer '{}' has no '}}}}'", printable(text.substr(open))));
    }
    const std::string_view inside = text.substr(open + 2, close - open - 2);
    const size_t bar = inside.find('|');
    PipedPart part{.literal = std::string(text.substr(at, open - at)),
                   .item = std::string(trimmed(inside.substr(0, bar)))};
    if (bar != std::string_view::npos) part.fallback = std::string(trimmed(inside.substr(bar + 1)));
    if (!is_variable_id(part.item)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' between '{{{{' and '}}}}' is not the id of an item",
                              printable(part.item)));
    }
    parts.push_back(std::move(part));
    at = close + 2;
  }
  parts.push_back({.literal = std::string(text.substr(at))});
  return parts;
}

}  // namespace barometer
