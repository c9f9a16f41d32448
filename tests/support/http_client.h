// A client for tests of the server: sends the bytes it is told to, and reads one answer after the
// other. No more of HTTP than that.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace barometer::testing {

struct HttpAnswer {
  int status = 0;  // 0: the connection ended without one
  std::string head;
  std::string body;

  // The value of the first header of this name (as the server writes it); empty without one.
  [[nodiscard]] std::string header(std::string_view name) const {
    const size_t at = head.find(fmt::format("\r\n{}: ", name));
    if (at == std::string::npos) return {};
    const size_t from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class RawClient {
 public:
  explicit RawClient(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        pending_(std::move(other.pending_)) {}
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;
  virtual ~RawClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = put(bytes);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }

  // The next answer. `without_body`: to a HEAD.
  HttpAnswer answer(int wait_ms = 10'000, bool without_body = false) {
    HttpAnswer got;
    while (pending_.find("\r\n\r\n") == std::string::npos) {
      if (!more(wait_ms)) return got;
    }
    const size_t end = pending_.find("\r\n\r\n") + 2;
    got.head = pending_.substr(0, end);
    pending_.erase(0, end + 2);
    got.status = std::atoi(got.head.substr(9, 3).c_str());
    if (got.status == 100) return got;
    const std::string length = got.header("Content-Length");
    const size_t size = without_body || length.empty() ? 0 : std::stoul(length);
    while (pending_.size() < size) {
      if (!more(wait_ms)) return {};
    }
    got.body = pending_.substr(0, size);
    pending_.erase(0, size);
    return got;
  }
  HttpAnswer ask(std::string_view bytes, int wait_ms = 10'000) {
    send(bytes);
    return answer(wait_ms);
  }
  // Whether the other side has ended the connection.
  [[nodiscard]] bool ended() const { return ended_; }
  // True when the other side closes within the time.
  bool is_closed_within(int wait_ms) {
    while (more(wait_ms)) pending_.clear();
    return ended_;
  }

 protected:
  static constexpr ssize_t kNothingYet = -2;
  [[nodiscard]] int descriptor() const { return fd_; }
  void set_connected(bool connected) { connected_ = connected; }
  virtual ssize_t put(std::string_view bytes) {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  // How many bytes came; kNothingYet within the time.
  virtual ssize_t take(std::string& chunk, int wait_ms) {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, wait_ms) <= 0) return kNothingYet;
    return ::recv(fd_, chunk.data(), chunk.size(), 0);
  }

 private:
  bool more(int wait_ms) {
    std::string chunk(65536, '\0');
    const ssize_t n = take(chunk, wait_ms);
    if (n == kNothingYet) return false;
    if (n <= 0) {
      ended_ = true;
      return false;
    }
    pending_.append(chunk, 0, static_cast<size_t>(n));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string pending_;
};

inline std::string get_request(std::string_view target, std::string_view more_headers = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, more_headers);
}

inline std::string form_request(std::string_view target, std::string_view body,
                                std::string_view more_headers = {}) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{}\r\n{}",
      target, body.size(), more_headers, body);
}

}  // namespace barometer::testing
