#include "barometer/server/work_queue.h"

#include <pthread.h>

#include <exception>
#include <utility>

namespace barometer {

WorkQueue::WorkQueue(std::function<void(std::string_view)> on_fault, size_t waiting_max)
    : on_fault_(std::move(on_fault)), waiting_max_(waiting_max), thread_([this] { run(); }) {}

void WorkQueue::finish() {
  {
    const std::scoped_lock guard(lock_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool WorkQueue::add(std::function<void()> work, std::function<void()> failed) {
  {
    const std::scoped_lock guard(lock_);
    if (waiting_.size() >= waiting_max_ || ending_) return false;
    waiting_.push_back({std::move(work), std::move(failed)});
  }
  changed_.notify_one();
  return true;
}

void WorkQueue::run() {
  ::pthread_setname_np(::pthread_self(), "desk");
  for (;;) {
    std::unique_lock guard(lock_);
    changed_.wait(guard, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const Piece piece = std::move(waiting_.front());
    waiting_.pop_front();
    guard.unlock();
    try {
      piece.work();
    } catch (const std::exception& fault) {  // one request fails; the others go on
      on_fault_(fault.what());
      piece.failed();
    }
  }
}

}  // namespace barometer
