#include <zip.h>

#include <memory>

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

}  // namespace

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
