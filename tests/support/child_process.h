// A forked child that is killed, and one pipe from it to us.
#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <utility>

namespace barometer::testing {

// Make it while no other thread runs. Ends with its holder, by SIGKILL.
class ChildProcess {
 public:
  // `work` is run in the child, with the end of the pipe that it writes to.
  explicit ChildProcess(const std::function<void(int to)>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    kill();
    ::close(from_);
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }
  // A whole value that the child wrote, once it has; false when the child has gone.
  template <class Value>
  bool read(Value& value) const {
    return ::read(from_, &value, sizeof value) == static_cast<ssize_t>(sizeof value);
  }

 private:
  pid_t pid_ = -1;
  int from_ = -1;
};

}  // namespace barometer::testing
