#include <iconv.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Names of encodings are what a file says; only what such names are made of goes to iconv.
bool is_encoding_name(const std::string& name) {
  constexpr std::string_view kOthers = "-_.:";
  return !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

size_t length_of_character(std::string_view text) {
  for (size_t length = 1; length <= std::min<size_t>(4, text.size()); ++length) {
    if (is_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

// UTF-8 with each byte that is none replaced, and each zero byte, which no text holds.
std::string mended(std::string_view bytes, bool& failed) {
  std::string out;
  while (!bytes.empty()) {
    const size_t length = bytes[0] == '\0' ? 0 : length_of_character(bytes);
    failed = failed || length == 0;
    out += length == 0 ? kReplacement : bytes.substr(0, length);
    bytes.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

std::string converted(iconv_t converter, std::string_view bytes, bool& failed) {
  std::string in(bytes);
  std::string out(bytes.size() * 4 + 16, '\0');
  char* from = in.data();
  char* to = out.data();
  size_t left = in.size();
  size_t room = out.size();
  ::iconv(converter, nullptr, nullptr, nullptr, nullptr);
  while (left > 0 && ::iconv(converter, &from, &left, &to, &room) == static_cast<size_t>(-1)) {
    if (errno == E2BIG || room < kReplacement.size()) break;
    failed = true;
    to = std::ranges::copy(kReplacement, to).out;
    room -= kReplacement.size();
    ++from;
    --left;
  }
  failed = failed || left > 0;
  out.resize(out.size() - room);
  return out;
}

}  // namespace

Result<SavDecoder> SavDecoder::of(const std::string& encoding) {
  const std::string name = lowered(encoding);
  if (name == "utf-8" || name == "utf8") return SavDecoder(nullptr);
  if (is_encoding_name(encoding)) {
    iconv_t converter = ::iconv_open("UTF-8", encoding.c_str());
    if (std::bit_cast<intptr_t>(converter) != -1) return SavDecoder(converter);
  }
  return fail(ErrorCode::kUnsupported,
              fmt::format("its texts are in the encoding '{}', which is not known here",
                          printable(encoding)));
}

SavDecoder::SavDecoder(SavDecoder&& other) noexcept
    : converter_(std::exchange(other.converter_, nullptr)) {}

SavDecoder::~SavDecoder() {
  if (converter_ != nullptr) ::iconv_close(converter_);
}

std::string SavDecoder::decoded(std::string_view bytes, size_t& failures) const {
  bool failed = false;
  std::string out;
  if (converter_ != nullptr) {
    out = converted(converter_, bytes, failed);
    if (out.find('\0') != std::string::npos || !is_utf8(out)) out = mended(out, failed);
  } else if (is_utf8(bytes) && bytes.find('\0') == std::string_view::npos) {
    out = bytes;
  } else {
    out = mended(bytes, failed);
  }
  failures += failed ? 1 : 0;
  return out;
}

}  // namespace barometer
