// One thread of the server and its connections. Everything here runs on that thread; others come
// in by posting to `context`.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "barometer/server/http_server.h"

namespace barometer {

// What all threads share.
struct HttpShared {
  HttpOptions options;
  HttpHandler handler;
  HttpHooks hooks;
  std::atomic<size_t> open = 0;
  std::atomic<bool> stopping = false;
  std::mutex addresses_lock;
  std::unordered_map<std::string, size_t> addresses;  // open connections, where they are limited

  bool admit(const std::string& address);
  void leave(const std::string& address);
};

// A connection, as its loop sees it.
class HttpLink {
 public:
  HttpLink() = default;
  HttpLink(const HttpLink&) = delete;
  HttpLink& operator=(const HttpLink&) = delete;
  virtual ~HttpLink() = default;
  virtual void start() = 0;
  virtual void close() = 0;  // at once
  [[nodiscard]] virtual bool is_idle() = 0;
  int64_t due = 0;  // the tick after which it is closed
};

class HttpLoop : public std::enable_shared_from_this<HttpLoop> {
 public:
  explicit HttpLoop(std::shared_ptr<HttpShared> all);
  void start();
  void join();
  // Connections still open after these ticks of kTickMs are closed.
  void stop(int64_t ticks);
  void take(boost::asio::ip::tcp::socket socket,
            const std::shared_ptr<boost::asio::ssl::context>& tls);
  void add(const std::shared_ptr<HttpLink>& link);
  void remove(const HttpLink* link) { links_.erase(link); }
  [[nodiscard]] int64_t tick_after(int seconds) const {
    return tick_ + seconds * 1000 / kTickMs + 1;
  }

  static constexpr int kTickMs = 100;
  boost::asio::io_context context{1};
  const std::shared_ptr<HttpShared> shared;

 private:
  void arm();
  void on_tick();

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::unordered_map<const HttpLink*, std::shared_ptr<HttpLink>> links_;
  std::thread thread_;
  int64_t tick_ = 0;
  int64_t last_tick_ = -1;  // of a loop that stops
};

}  // namespace barometer
