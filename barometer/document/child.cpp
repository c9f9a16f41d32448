#include "barometer/document/child_internal.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer::drafts {
namespace {

constexpr int kNoProgram = 127;
constexpr size_t kMostComplaint = 2000;

class Pipe {
 public:
  static Result<Pipe> make() {
    Pipe pipe;
    if (::pipe2(pipe.ends_.data(), O_CLOEXEC) != 0) {
      return fail(ErrorCode::kIo, fmt::format("no pipe: {}", std::strerror(errno)));
    }
    return pipe;
  }
  Pipe(Pipe&& other) noexcept : ends_(std::exchange(other.ends_, {-1, -1})) {}
  Pipe& operator=(Pipe&&) = delete;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (size_t end = 0; end < ends_.size(); ++end) close(end);
  }
  [[nodiscard]] int reading() const { return ends_[0]; }
  [[nodiscard]] int writing() const { return ends_[1]; }
  void close(size_t end) {
    if (ends_.at(end) >= 0) ::close(ends_.at(end));
    ends_.at(end) = -1;
  }

 private:
  Pipe() = default;
  std::array<int, 2> ends_ = {-1, -1};
};

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, int out, int err, const ChildLimits& limits) {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  limit(RLIMIT_CPU, limits.cpu_seconds);
  limit(RLIMIT_AS, limits.memory_bytes);
  limit(RLIMIT_FSIZE, limits.output_bytes);
  limit(RLIMIT_CORE, 0);
  ::signal(SIGALRM, SIG_DFL);
  ::alarm(limits.wall_seconds);  // stays over exec
  ::execvp(arguments[0], arguments);
  ::_exit(kNoProgram);
}

// Reads both ends until they close; false when there is more output than allowed.
bool read_all(const Pipe& out, const Pipe& err, size_t most, std::string& output,
              std::string& complaint) {
  std::array<pollfd, 2> ends = {pollfd{out.reading(), POLLIN, 0}, pollfd{err.reading(), POLLIN, 0}};
  std::array<char, 1 << 16> bytes{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (::poll(ends.data(), ends.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    for (size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).revents == 0) continue;
      const ssize_t got = ::read(ends.at(i).fd, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        ends.at(i).fd = -1;
        continue;
      }
      std::string& text = i == 0 ? output : complaint;
      const size_t room = (i == 0 ? most : kMostComplaint) - text.size();
      text.append(bytes.data(), std::min(room, static_cast<size_t>(got)));
      if (i == 0 && static_cast<size_t>(got) > room) return false;
    }
  }
  return true;
}

}  // namespace

Result<std::string> output_of(const std::vector<std::string>& command, const ChildLimits& limits) {
  CHECK(!command.empty(), "a child has a command");
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  Pipe out = TRY(Pipe::make());
  Pipe err = TRY(Pipe::make());
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::kIo, fmt::format("no child: {}", std::strerror(errno)));
  if (child == 0) become(arguments.data(), out.writing(), err.writing(), limits);
  out.close(1);
  err.close(1);
  std::string output;
  std::string complaint;
  const bool complete = read_all(out, err, limits.output_bytes, output, complaint);
  if (!complete) ::kill(child, SIGKILL);
  int state = 0;
  while (::waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  const std::string& program = command.front();
  if (!complete) {
    return fail(ErrorCode::kLimit,
                fmt::format("{} printed more than {} bytes", program, limits.output_bytes));
  }
  if (WIFSIGNALED(state)) {
    return fail(ErrorCode::kLimit,
                fmt::format("{} was stopped by signal {}: over {} s or {} bytes", program,
                            WTERMSIG(state), limits.cpu_seconds, limits.memory_bytes));
  }
  if (WEXITSTATUS(state) == kNoProgram) {
    return fail(ErrorCode::kNotFound, fmt::format("{} is not installed", program));
  }
  if (WEXITSTATUS(state) != 0) {
    return fail(ErrorCode::kInvalid,
                complaint.empty()
                    ? fmt::format("{} failed without a word", program)
                    : fmt::format("{} failed: {}", program, printable(trimmed(complaint), 200)));
  }
  return output;
}

}  // namespace barometer::drafts
