// A Diagnostic is a value about what the product works on: a mistake in a study file, a base that
// is too small, a figure that does not match. Diagnostics are collected, sorted and shown; they
// never stop the work by themselves.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

// Where in a file people wrote. Line and column count from 1; 0 means "the file as a whole".
struct Place {
  std::string file;
  size_t line = 0;
  size_t column = 0;

  auto operator<=>(const Place&) const = default;
  // "wave.yaml:3:7", "wave.yaml" when there is no line.
  [[nodiscard]] std::string text() const;
};

enum class Severity { kNote, kWarning, kError };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;  // stable, kebab-case: "unknown-key"
  Place place;
  std::string message;  // a sentence with the offending value in it
  std::string hint;     // what would be right; may be empty

  // "wave.yaml:3:7: error: ... [unknown-key]\n  hint: ..."
  [[nodiscard]] std::string text() const;
};

class Diagnostics {
 public:
  void error(std::string code, Place place, std::string message, std::string hint = {});
  void warning(std::string code, Place place, std::string message, std::string hint = {});
  void note(std::string code, Place place, std::string message, std::string hint = {});
  void add(Diagnostic diagnostic) { items_.push_back(std::move(diagnostic)); }
  void add(const Diagnostics& others);

  [[nodiscard]] const std::vector<Diagnostic>& items() const& { return items_; }
  [[nodiscard]] size_t error_count() const;
  [[nodiscard]] bool ok() const { return error_count() == 0; }
  // In the order of the files' text: by file, line, column.
  void sort();
  // Every diagnostic, one after another, each ended by a newline.
  [[nodiscard]] std::string text() const;
  // kInvalid with the whole text when there are errors.
  [[nodiscard]] Status status() const;

 private:
  std::vector<Diagnostic> items_;
};

}  // namespace barometer
