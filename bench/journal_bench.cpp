// Durable entries a second: one commit for each entry, and group commit, on the same disk in the
// same run. 64 posts are under way at any time, each of a subject of its own, as from 64
// connections. TMPDIR says which disk.
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "barometer/journal/journal.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

constexpr int kUnderWay = 64;

const std::string& body() {
  static const std::string text =
      R"({"answers":{"merge":[4],"money":[2],"trust":7},"language":"en","page":"p3","seconds":12})";
  return text;
}

class Load {
 public:
  explicit Load(Journal& journal) : journal_(journal) {}

  // Posts until `count` entries are acknowledged; false when one was refused.
  bool run(int64_t count) {
    left_to_start_ = count;
    left_to_end_ = count;
    for (int client = 0; client < kUnderWay; ++client) post(client);
    std::unique_lock guard(mutex_);
    ended_.wait(guard, [this] { return left_to_end_ <= 0; });
    return !failed_;
  }

 private:
  void post(int client) {
    if (left_to_start_.fetch_sub(1) <= 0) return;
    journal_.append({.wave = "w1",
                     .subject = fmt::format("subject-{}-{}", client, number_ / 800),
                     .kind = "answers",
                     .body = body(),
                     .key = fmt::format("{:032x}", ++number_),
                     .at_ms = 1'700'000'000'000},
                    [this, client](const Result<Appended>& done) {
                      if (!done) failed_ = true;
                      post(client);
                      const std::lock_guard guard(mutex_);
                      if (--left_to_end_ <= 0) ended_.notify_one();
                    });
  }

  Journal& journal_;
  std::atomic<int64_t> left_to_start_ = 0;
  std::atomic<int64_t> number_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  int64_t left_to_end_ = 0;
};

void durable_entries(benchmark::State& state) {
  const testing::TempFolder folder;
  auto journal = Journal::open({(folder / "j.sqlite").string()},
                               {.group_max = static_cast<size_t>(state.range(0))});
  Load load(**journal);
  const int64_t count = state.range(0) == 1 ? 2'000 : 20'000;
  for (auto _ : state) {
    if (!load.run(count)) state.SkipWithError("an entry was refused");
  }
  state.SetItemsProcessed(state.iterations() * count);
  state.SetLabel(state.range(0) == 1 ? "one commit for each post" : "group commit");
}
BENCHMARK(durable_entries)->Arg(1)->Arg(512)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace barometer
