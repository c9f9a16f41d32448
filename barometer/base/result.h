// Result<T>: a value, or the Error that explains why there is none. CHECK: a promise of ours.
//
// Three channels for trouble: a Diagnostic (diagnostic.h) is a value about what the product works
// on; a Result is failure that is part of the job (files, requests, specifications people wrote);
// a failed CHECK is a bug of ours and throws BrokenPromise, caught only in cli/main.cpp.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace barometer {

enum class ErrorCode {
  kInvalid,      // the caller's input breaks a rule; the message says which
  kNotFound,     // a named thing does not exist
  kUnsupported,  // well-formed, but not something we handle
  kIo,           // the operating system said no
  kLimit,        // a configured bound was exceeded
};

struct Error {
  ErrorCode code;
  std::string message;  // a sentence for the person, with the offending value in it

  // "reading 'a.csv': line 3: 'x' is not a number"
  [[nodiscard]] Error in(const std::string& context) &&;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

inline auto fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

// Thrown by CHECK; carries the source line of the broken promise.
struct BrokenPromise : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void break_promise(const char* condition, const std::string& message,
                                const std::source_location& where);

}  // namespace barometer

#define CHECK(condition, message)                                                       \
  do {                                                                                  \
    if (!(condition)) [[unlikely]]                                                      \
      ::barometer::break_promise(#condition, message, std::source_location::current()); \
  } while (false)

// TRY(expr): the value of `expr`, or an early return of its error. The counter gives
// each use its own name, so that TRY(f(TRY(g()))) compiles under -Wshadow.
#define TRY(expr) BAROMETER_TRY_(expr, BAROMETER_JOIN_(try_result_, __COUNTER__))
#define BAROMETER_JOIN_(a, b) BAROMETER_JOIN_NOW_(a, b)
#define BAROMETER_JOIN_NOW_(a, b) a##b
#define BAROMETER_TRY_(expr, result)                    \
  __extension__({                                       \
    auto&& result = (expr);                             \
    if (!result) [[unlikely]]                           \
      return tl::unexpected(std::move(result).error()); \
    *std::move(result);                                 \
  })

// TRY_DONE(expr): for a Status, whose value is void.
#define TRY_DONE(expr)                                   \
  do {                                                   \
    if (auto status_ = (expr); !status_) [[unlikely]]    \
      return tl::unexpected(std::move(status_).error()); \
  } while (false)
