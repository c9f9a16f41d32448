#include "barometer/base/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace barometer {
namespace {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

}  // namespace

std::string Place::text() const {
  if (line == 0) return file;
  if (column == 0) return fmt::format("{}:{}", file, line);
  return fmt::format("{}:{}:{}", file, line, column);
}

std::string Diagnostic::text() const {
  std::string out;
  if (!place.file.empty()) out += place.text() + ": ";
  out += fmt::format("{}: {} [{}]", name_of(severity), message, code);
  if (!hint.empty()) out += "\n  hint: " + hint;
  return out;
}

void Diagnostics::error(std::string code, Place place, std::string message, std::string hint) {
  add({Severity::kError, std::move(code), std::move(place), std::move(message), std::move(hint)});
}

void Diagnostics::warning(std::string code, Place place, std::string message, std::string hint) {
  add({Severity::kWarning, std::move(code), std::move(place), std::move(message), std::move(hint)});
}

void Diagnostics::note(std::string code, Place place, std::string message, std::string hint) {
  add({Severity::kNote, std::move(code), std::move(place), std::move(message), std::move(hint)});
}

void Diagnostics::add(const Diagnostics& others) {
  items_.insert(items_.end(), others.items_.begin(), others.items_.end());
}

size_t Diagnostics::error_count() const {
  return static_cast<size_t>(std::ranges::count(items_, Severity::kError, &Diagnostic::severity));
}

void Diagnostics::sort() { std::ranges::stable_sort(items_, {}, &Diagnostic::place); }

std::string Diagnostics::text() const {
  std::string out;
  for (const Diagnostic& item : items_) out += item.text() + "\n";
  return out;
}

Status Diagnostics::status() const {
  if (ok()) return {};
  std::string message = text();
  if (!message.empty()) message.pop_back();
  return fail(ErrorCode::kInvalid, std::move(message));
}

}  // namespace barometer
