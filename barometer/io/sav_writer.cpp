#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/written_file.h"
#include "barometer/io/sav.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlockElements = 32768;           // what a core's cache holds as it is encoded
constexpr size_t kWaveElements = size_t{1} << 22;  // encoded at once, before any is written
constexpr int kZlibLevel = 1;

// A new file, and the number of bytes in it.
class SavOutput {
 public:
  explicit SavOutput(const fs::path& file)
      : file_(file),
        descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {}
  SavOutput(const SavOutput&) = delete;
  SavOutput& operator=(const SavOutput&) = delete;
  ~SavOutput() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Status write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = descriptor_ < 0 ? -1 : ::write(descriptor_, bytes.data(), bytes.size());
      if (done < 0 && descriptor_ >= 0 && errno == EINTR) continue;
      if (done < 0) return failure();
      size_ += static_cast<size_t>(done);
      bytes.remove_prefix(static_cast<size_t>(done));
    }
    return {};
  }
  Status write_at(size_t at, std::string_view bytes) {
    const ssize_t done = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    return done == static_cast<ssize_t>(bytes.size()) ? Status() : failure();
  }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  [[nodiscard]] Status failure() const {
    return fail(ErrorCode::kIo, fmt::format("cannot write '{}': {}", file_.string(),
                                            std::generic_category().message(errno)));
  }
  fs::path file_;
  int descriptor_;
  size_t size_ = 0;
};

// Calls use(bytes) with the bytecode of consecutive blocks of cases, encoded on several threads.
Status each_wave(const SavPlan& plan, unsigned threads,
                 const std::function<Status(std::vector<std::string>)>& use) {
  if (plan.elements == 0) return {};
  const SavEncoder encoder(plan);
  const size_t block = std::max<size_t>(8, kBlockElements / plan.elements / 8 * 8);
  const size_t blocks = (plan.rows + block - 1) / block;
  const size_t wave = std::max<size_t>(1, kWaveElements / (block * plan.elements));
  for (size_t first = 0; first < blocks; first += wave) {
    std::vector<std::string> encoded(std::min(wave, blocks - first));
    in_parallel(encoded.size(), threads, [&](size_t i) {
      const size_t row = (first + i) * block;
      encoded[i] = encoder.bytes(row, std::min(block, plan.rows - row));
    });
    TRY_DONE(use(std::move(encoded)));
  }
  return {};
}

std::string deflated(std::string_view bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string out(size, '\0');
  const int done =
      ::compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), kZlibLevel);
  CHECK(done == Z_OK, fmt::format("zlib compresses into a buffer of its own bound: {}", done));
  out.resize(size);
  return out;
}

// The bytecode in blocks of one size, each compressed alone, and after them the index of blocks.
class ZlibOutput {
 public:
  ZlibOutput(SavOutput& out, unsigned threads)
      : out_(out), threads_(threads), head_at_(out.size()) {}
  Status begin() { return out_.write(head(0, 0)); }
  Status add(const std::vector<std::string>& encoded) {
    for (const std::string& bytes : encoded) pending_ += bytes;
    return flush(false);
  }
  Status finish() {
    TRY_DONE(flush(true));
    const size_t index_at = out_.size();
    std::string index;
    put(index, int64_t{-100});
    put(index, int64_t{0});
    put(index, static_cast<int32_t>(kSavZlibBlock));
    put(index, static_cast<int32_t>(sizes_.size()));
    size_t from = head_at_;
    size_t at = head_at_ + kHead;
    for (const auto& [size, packed] : sizes_) {
      put(index, static_cast<int64_t>(from));
      put(index, static_cast<int64_t>(at));
      put(index, static_cast<int32_t>(size));
      put(index, static_cast<int32_t>(packed));
      from += size;
      at += packed;
    }
    TRY_DONE(out_.write(index));
    return out_.write_at(head_at_, head(index_at, index.size()));
  }

 private:
  static constexpr size_t kHead = 24;
  template <class T>
  static void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  [[nodiscard]] std::string head(size_t index_at, size_t index_size) const {
    std::string bytes;
    for (const size_t value : {head_at_, index_at, index_size}) {
      put(bytes, static_cast<int64_t>(value));
    }
    return bytes;
  }
  // Whole blocks, and with `all` what is left.
  Status flush(bool all) {
    const size_t whole = pending_.size() / kSavZlibBlock;
    const size_t count = whole + (all && pending_.size() % kSavZlibBlock != 0 ? 1 : 0);
    std::vector<std::string> packed(count);
    in_parallel(count, threads_, [&](size_t i) {
      packed[i] = deflated(std::string_view(pending_).substr(i * kSavZlibBlock, kSavZlibBlock));
    });
    for (size_t i = 0; i < count; ++i) {
      const size_t size = std::min(kSavZlibBlock, pending_.size() - i * kSavZlibBlock);
      sizes_.emplace_back(size, packed[i].size());
      TRY_DONE(out_.write(packed[i]));
    }
    pending_.erase(0, count * kSavZlibBlock);
    return {};
  }

  SavOutput& out_;
  unsigned threads_;
  size_t head_at_;
  std::string pending_;
  std::vector<std::pair<size_t, size_t>> sizes_;
};

Status write_plan(const SavPlan& plan, const fs::path& file, SavPacking packing, unsigned threads) {
  SavOutput out(file);
  TRY_DONE(out.write(sav_dictionary_bytes(plan, packing)));
  if (packing == SavPacking::kZlib) {
    ZlibOutput zlib(out, threads);
    TRY_DONE(zlib.begin());
    TRY_DONE(each_wave(plan, threads,
                       [&](std::vector<std::string> encoded) { return zlib.add(encoded); }));
    return zlib.finish();
  }
  return each_wave(plan, threads, [&](std::vector<std::string> encoded) -> Status {
    for (const std::string& bytes : encoded) TRY_DONE(out.write(bytes));
    return {};
  });
}

}  // namespace

Status write_sav(const Dataset& data, const fs::path& file, const SavOptions& options) {
  const SavPlan plan = TRY(sav_plan(data, options.threads));
  const bool zlib = lowered(file.extension().string()) == ".zsav";
  return write_file_by(file, [&](const fs::path& temporary) {
    return write_plan(plan, temporary, zlib ? SavPacking::kZlib : SavPacking::kBytecode,
                      options.threads);
  });
}

}  // namespace barometer
