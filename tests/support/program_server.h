// The program as a process of its own: `barometer serve`, signalled as an operator would, or
// killed.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/server_process.h"

namespace barometer::testing {

class ProgramServer {
 public:
  // Waits until somebody listens on the port; what it prints is in `log`. Make it on a thread that
  // lives as long as it shall: it ends with that thread.
  ProgramServer(std::vector<std::string> command, int port, const std::filesystem::path& log) {
    std::vector<char*> words;
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) run(words, log.c_str());
    for (int i = 0; i < 6'000 && !answers_at(port) && !has_ended(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ProgramServer(const ProgramServer&) = delete;
  ProgramServer& operator=(const ProgramServer&) = delete;
  ~ProgramServer() {
    if (pid_ > 0) (void)stop(SIGKILL);
  }

  void signal(int signal) const { ::kill(pid_, signal); }
  // Its exit code; -1 when a signal ended it.
  int stop(int signal = SIGTERM) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  [[nodiscard]] bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid != 0;
  }
  // Other threads may run: nothing here asks for memory.
  [[noreturn]] static void run(const std::vector<char*>& words, const char* log) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = ::open(log, O_CREAT | O_WRONLY | O_APPEND, 0644);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execv(words[0], words.data());
    ::_exit(127);
  }

  pid_t pid_ = -1;
};

}  // namespace barometer::testing
