// A mail server for tests: takes mail on the loopback, and behaves as the recipient's name says.
//
//   anyone@…   taken                      gone@…    550 to RCPT
//   busy@…     451 to RCPT                later@…   451 after the message
//   spam@…     554 after the message      cut@…     hangs up after the message's end, unanswered
//   broken@…   hangs up within the message
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace barometer::testing {

class SmtpSink {
 public:
  struct Mail {
    std::string from, to, message;
  };

  // With a user it wants AUTH PLAIN first.
  explicit SmtpSink(std::string user_and_password = {}) : secret_(std::move(user_and_password)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no port for mail");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;
  ~SmtpSink() {
    stop_ = true;
    thread_.join();
    for (std::thread& talk : talks_) talk.join();
    ::close(listener_);
  }

  [[nodiscard]] int port() const { return port_; }
  // Messages whose end came, those that were not answered included.
  [[nodiscard]] std::vector<Mail> mails() const {
    const std::lock_guard guard(mutex_);
    return mails_;
  }
  [[nodiscard]] size_t count_to(std::string_view to) const {
    size_t count = 0;
    for (const Mail& mail : mails()) count += mail.to == to ? 1U : 0U;
    return count;
  }
  [[nodiscard]] int connections() const { return connections_; }
  // From now on a message is answered only after so long.
  void slow_down(int ms) { pause_ms_ = ms; }
  // From now on everybody is taken.
  void heal() { healed_ = true; }

 private:
  void serve() {
    while (!stop_) {
      pollfd ready{.fd = listener_, .events = POLLIN, .revents = 0};
      if (::poll(&ready, 1, 20) <= 0) continue;
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) continue;
      ++connections_;
      talks_.emplace_back([this, peer] {
        talk(peer);
        ::close(peer);
      });
    }
  }

  static void say(int peer, const std::string& line) {
    const std::string text = line + "\r\n";
    (void)!::write(peer, text.data(), text.size());
  }

  bool read_line(int peer, std::string& pending, std::string& line) {
    while (true) {
      const size_t end = pending.find("\r\n");
      if (end != std::string::npos) {
        line = pending.substr(0, end);
        pending.erase(0, end + 2);
        return true;
      }
      pollfd ready{.fd = peer, .events = POLLIN, .revents = 0};
      if (stop_) return false;
      if (::poll(&ready, 1, 20) <= 0) continue;
      std::array<char, 4096> buffer{};
      const ssize_t got = ::read(peer, buffer.data(), buffer.size());
      if (got <= 0) return false;
      pending.append(buffer.data(), static_cast<size_t>(got));
    }
  }

  static std::string inside(const std::string& line) {
    const size_t open = line.find('<');
    return line.substr(open + 1, line.find('>') - open - 1);
  }

  void talk(int peer) {
    std::string pending;
    std::string line;
    Mail mail;
    bool known = secret_.empty();
    say(peer, "220 sink");
    while (read_line(peer, pending, line)) {
      const std::string verb = line.substr(0, 4);
      if (verb == "EHLO") {
        say(peer, secret_.empty() ? "250 sink" : "250-sink\r\n250 AUTH PLAIN");
      } else if (verb == "AUTH") {
        say(peer, "334 ");
        if (!read_line(peer, pending, line)) return;
        known = line == secret_;
        say(peer, known ? "235 welcome" : "535 no");
      } else if (verb == "MAIL") {
        mail = {inside(line), "", ""};
        say(peer, known ? "250 ok" : "530 sign in");
      } else if (verb == "RCPT") {
        mail.to = inside(line);
        say(peer, answer_to(mail.to));
      } else if (verb == "DATA") {
        say(peer, "354 go on");
        if (!take(peer, pending, mail)) return;
      } else if (verb == "QUIT") {
        say(peer, "221 bye");
        return;
      } else {
        say(peer, "250 ok");
      }
    }
  }

  [[nodiscard]] bool is(const std::string& to, std::string_view name) const {
    return !healed_ && to.starts_with(name);
  }
  [[nodiscard]] std::string answer_to(const std::string& to) const {
    if (is(to, "gone")) return "550 5.1.1 <" + to + "> is unknown here";
    if (is(to, "busy")) return "451 4.3.0 come back later";
    return "250 ok";
  }

  // The message; false when the server hangs up.
  bool take(int peer, std::string& pending, Mail& mail) {
    std::string line;
    while (read_line(peer, pending, line)) {
      if (is(mail.to, "broken") && !mail.message.empty()) return false;
      if (line == ".") {
        {
          const std::lock_guard guard(mutex_);
          mails_.push_back(mail);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms_));
        if (is(mail.to, "cut")) return false;
        if (is(mail.to, "later")) {
          say(peer, "451 4.7.1 greylisted");
        } else {
          say(peer, is(mail.to, "spam") ? "554 5.7.1 refused" : "250 2.0.0 taken");
        }
        return true;
      }
      if (line.starts_with(".")) line.erase(0, 1);
      mail.message += line + "\n";
    }
    return false;
  }

  std::string secret_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> healed_ = false;
  std::atomic<int> pause_ms_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<Mail> mails_;
  std::vector<std::thread> talks_;  // of thread_
  std::thread thread_;              // last: it uses the others
};

// The last link of this kind ("/i/") in the mails to each address.
inline std::map<std::string, std::string> links_in(const std::vector<SmtpSink::Mail>& mails,
                                                   std::string_view mark) {
  std::map<std::string, std::string> found;
  for (const SmtpSink::Mail& mail : mails) {
    std::string text = mail.message;
    for (const std::string_view fold : {"=\r\n", "=\n"}) {
      for (size_t at = 0; (at = text.find(fold, at)) != std::string::npos;) {
        text.erase(at, fold.size());
      }
    }
    const size_t at = text.find(mark);
    if (at == std::string::npos) continue;
    const size_t end =
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789", at + mark.size());
    found[mail.to] = text.substr(at, end - at);
  }
  return found;
}

}  // namespace barometer::testing
