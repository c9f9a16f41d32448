#include "barometer/interview/form.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no percent code of a form", printable(text.substr(i, 3))));
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

Status sound_text(std::string_view text) {
  if (!is_utf8(text)) return fail(ErrorCode::kInvalid, "a form field is not UTF-8 text");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool control = byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (control || byte == 0x7F) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("a form field holds the control byte {:#04x}", byte));
    }
  }
  return {};
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '*';
    if (c == ' ') {
      out += '+';
    } else if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

Result<FormFields> parse_form(std::string_view body, const FormLimits& limits) {
  if (body.size() > limits.bytes) {
    return fail(ErrorCode::kLimit,
                fmt::format("the form has {} bytes, more than {}", body.size(), limits.bytes));
  }
  FormFields fields;
  while (!body.empty()) {
    const size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (pair.empty()) continue;
    if (fields.size() == limits.fields) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the form has more than {} fields", limits.fields));
    }
    const size_t equals = std::min(pair.find('='), pair.size());
    std::string name = TRY(decoded(pair.substr(0, equals)));
    std::string value = TRY(decoded(pair.substr(std::min(equals + 1, pair.size()))));
    TRY_DONE(sound_text(name));
    TRY_DONE(sound_text(value));
    if (value.find('\r') != std::string::npos) {
      value = replaced(replaced(std::move(value), "\r\n", "\n"), "\r", "\n");
    }
    fields.emplace_back(std::move(name), std::move(value));
  }
  return fields;
}

std::string_view form_value(const FormFields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

std::string form_text(const FormFields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += encoded(name) + '=' + encoded(value);
  }
  return out;
}

}  // namespace barometer
