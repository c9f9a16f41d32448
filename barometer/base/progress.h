// Progress of long work, and its stop sign. The library reports; only the command line prints.
#pragma once

#include <atomic>
#include <functional>
#include <string>

namespace barometer {

class Progress {
 public:
  using Listener = std::function<void(const std::string& what, size_t done, size_t total)>;

  Progress() = default;
  explicit Progress(Listener listener) : listener_(std::move(listener)) {}

  void report(const std::string& what, size_t done, size_t total) const {
    if (listener_) listener_(what, done, total);
  }
  // May be called from a signal handler or another thread.
  void stop() { stopped_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

 private:
  Listener listener_;
  std::atomic<bool> stopped_{false};
};

}  // namespace barometer
