#include "barometer/base/result.h"

#include <fmt/format.h>

namespace barometer {

Error Error::in(const std::string& context) && {
  return {code, context + ": " + std::move(message)};
}

void break_promise(const char* condition, const std::string& message,
                   const std::source_location& where) {
  throw BrokenPromise(
      fmt::format("{}:{}: {} ({})", where.file_name(), where.line(), message, condition));
}

}  // namespace barometer
