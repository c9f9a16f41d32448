#include <zip.h>

#include <array>
#include <memory>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/zip_internal.h"

namespace barometer {
namespace {

constexpr zip_uint16_t kFirstDay = 0x21;  // 1980-01-01, the first that a zip can hold

struct SourceFree {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct ArchiveDiscard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Source = std::unique_ptr<zip_source_t, SourceFree>;
using Archive = std::unique_ptr<zip_t, ArchiveDiscard>;

tl::unexpected<Error> zip_failure(zip_error_t* error) {
  std::string message = zip_error_strerror(error);
  zip_error_fini(error);
  return fail(ErrorCode::kIo, "cannot make a zip archive: " + message);
}

tl::unexpected<Error> zip_failure(zip_t* archive) {
  return fail(ErrorCode::kIo, std::string("cannot make a zip archive: ") + zip_strerror(archive));
}

Status add_part(zip_t* archive, const ZipPart& part) {
  zip_source_t* data = zip_source_buffer(archive, part.bytes.data(), part.bytes.size(), 0);
  if (data == nullptr) return zip_failure(archive);
  const zip_int64_t added = zip_file_add(archive, part.name.c_str(), data, ZIP_FL_ENC_UTF_8);
  if (added < 0) {
    zip_source_free(data);
    return zip_failure(archive);
  }
  const auto index = static_cast<zip_uint64_t>(added);
  const bool set = zip_set_file_compression(
                       archive, index, part.deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0 &&
                   zip_file_set_dostime(archive, index, 0, kFirstDay, 0) == 0;
  if (!set) return zip_failure(archive);
  return {};
}

Result<std::string> bytes_of(zip_source_t* source) {
  zip_stat_t about;
  if (zip_source_stat(source, &about) != 0 || zip_source_open(source) != 0) {
    return fail(ErrorCode::kIo, "cannot read the zip archive back");
  }
  std::string bytes(about.size, '\0');
  const zip_int64_t got = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (got < 0 || static_cast<size_t>(got) != bytes.size()) {
    return fail(ErrorCode::kIo, "cannot read the zip archive back");
  }
  return bytes;
}

struct FileClose {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

tl::unexpected<Error> broken(const std::string& what) {
  return fail(ErrorCode::kInvalid, "the zip archive cannot be read: " + printable(what, 200));
}

// The size that the archive says is not believed: no more than `most` bytes are unpacked.
Result<std::string> member_bytes(zip_t* archive, zip_uint64_t index, size_t most) {
  const std::unique_ptr<zip_file_t, FileClose> file(zip_fopen_index(archive, index, 0));
  if (!file) return broken(zip_strerror(archive));
  std::string out;
  std::array<char, 65536> part;
  while (true) {
    const zip_int64_t got = zip_fread(file.get(), part.data(), part.size());
    if (got < 0) return broken(zip_file_strerror(file.get()));
    if (got == 0) return out;
    if (static_cast<size_t>(got) > most - out.size()) {
      return fail(ErrorCode::kLimit, "the zip archive unpacks to too much");
    }
    out.append(part.data(), static_cast<size_t>(got));
  }
}

}  // namespace

Result<std::map<std::string, std::string>> unzipped(
    std::string_view bytes, const std::function<bool(std::string_view name)>& wanted,
    const UnzipLimits& limits) {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error));
  const Archive archive(
      source ? zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error) : nullptr);
  const std::string problem = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!archive) return broken(problem);
  [[maybe_unused]] const zip_source_t* const owned = source.release();  // by the archive
  const auto members = static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0));
  if (members > limits.members) {
    return fail(ErrorCode::kLimit, fmt::format("the zip archive has {} members", members));
  }
  std::map<std::string, std::string> out;
  size_t total = 0;
  for (zip_uint64_t i = 0; i < members; ++i) {
    const char* name = zip_get_name(archive.get(), i, ZIP_FL_ENC_GUESS);
    if (name == nullptr) return broken(zip_strerror(archive.get()));
    if (!wanted(name)) continue;
    std::string part = TRY(member_bytes(archive.get(), i, limits.bytes - total));
    total += part.size();
    if (!out.try_emplace(name, std::move(part)).second) {
      return broken(fmt::format("it has two members called '{}'", name));
    }
  }
  return out;
}

Result<std::string> zip_bytes(std::span<const ZipPart> parts) {
  zip_error_t error;
  zip_error_init(&error);
  const Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!source) return zip_failure(&error);
  Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error));
  if (!archive) return zip_failure(&error);
  zip_source_keep(source.get());  // the archive has one share, we have the other
  for (const ZipPart& part : parts) TRY_DONE(add_part(archive.get(), part));
  if (zip_close(archive.get()) != 0) return zip_failure(archive.get());
  zip_t* const closed = archive.release();  // freed by zip_close
  CHECK(closed != nullptr, "it was open");
  return bytes_of(source.get());
}

}  // namespace barometer
