#include "bench/field_load_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include <openssl/ssl.h>

namespace barometer::bench {
namespace {

double now_ms() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

class Connection {
 public:
  Connection(uint16_t port, SSL_CTX* context) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context != nullptr) {
      ssl_.reset(SSL_new(context));
      SSL_set_fd(ssl_.get(), fd_);
      if (SSL_connect(ssl_.get()) != 1) throw std::runtime_error("no TLS");
    }
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    ssl_.reset();
    ::close(fd_);
  }

  [[nodiscard]] int descriptor() const { return fd_; }
  // Requests are small: the kernel takes them whole.
  bool send(const std::string& request) {
    got_.clear();
    ++asked;
    asked_ms = now_ms();
    const auto size = static_cast<int>(request.size());
    if (ssl_) return SSL_write(ssl_.get(), request.data(), size) == size;
    return ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) == size;
  }
  // False when the connection has ended.
  bool read() {
    std::array<char, 65536> buffer{};
    for (;;) {
      const auto n = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                          : static_cast<int>(::recv(fd_, buffer.data(), buffer.size(), 0));
      if (n > 0) {
        got_.append(buffer.data(), static_cast<size_t>(n));
        continue;
      }
      if (ssl_) return SSL_get_error(ssl_.get(), n) == SSL_ERROR_WANT_READ;
      return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
  }
  [[nodiscard]] bool is_whole() const {
    const size_t end = got_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const size_t at = got_.find("Content-Length: ");
    const size_t length =
        at < end ? static_cast<size_t>(std::strtoul(got_.c_str() + at + 16, nullptr, 10)) : 0;
    return got_.size() >= end + 4 + length;
  }
  [[nodiscard]] const std::string& answer() const { return got_; }

  double asked_ms = 0;
  size_t asked = 0;  // requests so far

 private:
  int fd_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string got_;
};

double at_share(std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

LoadResult run_load(uint16_t port, size_t connections, bool tls, const NextRequest& next,
                    const TakeAnswer& take) {
  const std::unique_ptr<SSL_CTX, FreeSsl> context(tls ? SSL_CTX_new(TLS_client_method()) : nullptr);
  const int poll = ::epoll_create1(0);
  std::vector<std::unique_ptr<Connection>> open;
  for (size_t i = 0; i < connections; ++i) {
    open.push_back(std::make_unique<Connection>(port, context.get()));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, open.back()->descriptor(), &event);
  }
  LoadResult result;
  std::vector<double> times, first_times;
  const double started = now_ms();
  size_t active = 0;
  const auto go_on = [&](size_t i) {
    const std::string request = next(i);
    const bool goes = !request.empty() && open[i]->send(request);
    if (!goes) open[i].reset();
    return goes;
  };
  for (size_t i = 0; i < connections; ++i) active += go_on(i) ? 1U : 0U;
  std::array<epoll_event, 256> events{};
  while (active > 0) {
    const int n = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 10'000);
    if (n <= 0) break;
    for (int k = 0; k < n; ++k) {
      const size_t i = events[static_cast<size_t>(k)].data.u64;
      if (!open[i]) continue;
      const bool alive = open[i]->read();
      if (open[i]->is_whole()) {
        times.push_back(now_ms() - open[i]->asked_ms);
        if (open[i]->asked == 1) first_times.push_back(times.back());
        const std::string& answer = open[i]->answer();
        take(i, std::atoi(answer.substr(9, 3).c_str()), answer);
        active -= go_on(i) ? 0U : 1U;
      } else if (!alive) {
        ++result.broken;
        open[i].reset();
        --active;
      }
    }
  }
  result.seconds = (now_ms() - started) / 1000;
  ::close(poll);
  result.answers = times.size();
  std::ranges::sort(times);
  std::ranges::sort(first_times);
  result.p50_ms = at_share(times, 0.5);
  result.p99_ms = at_share(times, 0.99);
  result.longest_ms = at_share(times, 1);
  result.first_p50_ms = at_share(first_times, 0.5);
  result.first_longest_ms = at_share(first_times, 1);
  return result;
}

}  // namespace barometer::bench
