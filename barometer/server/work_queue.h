// Work that waits for a disk or takes long, off the threads that serve: one thread, in order.
//
// Threads: add() from any; the work runs on the queue's own thread, which may own a Database.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

namespace barometer {

class WorkQueue {
 public:
  // A fault of ours in a piece of work goes to `on_fault`, then to the piece's own `failed`.
  explicit WorkQueue(std::function<void(std::string_view)> on_fault, size_t waiting_max = 2000);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue() { finish(); }

  // Does what waits, then ends: nothing is taken any more.
  void finish();

  // False when too much is waiting: nothing is done.
  bool add(std::function<void()> work, std::function<void()> failed);

 private:
  struct Piece {
    std::function<void()> work, failed;
  };
  void run();

  std::function<void(std::string_view)> on_fault_;
  size_t waiting_max_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Piece> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace barometer
