// PKWARE APPNOTE 6.3: 4.3.16 end of central directory, 4.3.12 central header, 4.3.7 local header.
#include "barometer/attack/zip_reader_internal.h"

#include <zlib.h>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kEndSize = 22, kCentralSize = 46, kLocalSize = 30;

uint32_t number_at(std::string_view bytes, size_t at, size_t width) {
  uint32_t out = 0;
  for (size_t i = 0; i < width; ++i) {
    out |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return out;
}

auto broken(const char* what) {
  return fail(ErrorCode::kInvalid, fmt::format("the archive is broken: {}", what));
}

Result<std::string> inflated(std::string_view packed, size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return broken("no memory to unpack");
  std::string input(packed);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int state = inflate(&stream, Z_FINISH);
  const size_t made = stream.total_out;
  inflateEnd(&stream);
  if (state != Z_STREAM_END || made != size) return broken("a member does not unpack");
  return out;
}

Result<std::string> member(std::string_view archive, size_t central, size_t most) {
  const uint32_t method = number_at(archive, central + 10, 2);
  const size_t packed = number_at(archive, central + 20, 4);
  const size_t size = number_at(archive, central + 24, 4);
  const size_t local = number_at(archive, central + 42, 4);
  if (size > most) return fail(ErrorCode::kLimit, "the archive unpacks to too much");
  if (local + kLocalSize > archive.size() || number_at(archive, local, 4) != 0x04034b50) {
    return broken("a member is not where it should be");
  }
  const size_t start =
      local + kLocalSize + number_at(archive, local + 26, 2) + number_at(archive, local + 28, 2);
  if (start > archive.size() || packed > archive.size() - start) return broken("it is cut short");
  const std::string_view data = archive.substr(start, packed);
  if (method == 0) return std::string(data);
  if (method != 8) return broken("a member is packed in an unknown way");
  return inflated(data, size);
}

}  // namespace

Result<std::map<std::string, std::string>> unzipped(std::string_view archive,
                                                    std::string_view ending, size_t most) {
  const size_t end = archive.rfind(std::string_view("PK\x05\x06", 4));
  if (end == std::string_view::npos || end + kEndSize > archive.size()) {
    return broken("it has no directory");
  }
  std::map<std::string, std::string> out;
  size_t at = number_at(archive, end + 16, 4);
  const size_t members = number_at(archive, end + 10, 2);
  size_t total = 0;
  for (size_t i = 0; i < members; ++i) {
    if (at + kCentralSize > archive.size() || number_at(archive, at, 4) != 0x02014b50) {
      return broken("its directory is cut short");
    }
    const size_t name_size = number_at(archive, at + 28, 2);
    if (name_size > archive.size() - at - kCentralSize) return broken("a name is cut short");
    const std::string name(archive.substr(at + kCentralSize, name_size));
    if (name.ends_with(ending)) {
      std::string bytes = TRY(member(archive, at, most - total));
      total += bytes.size();
      out[name] = std::move(bytes);
    }
    at +=
        kCentralSize + name_size + number_at(archive, at + 30, 2) + number_at(archive, at + 32, 2);
  }
  return out;
}

}  // namespace barometer
