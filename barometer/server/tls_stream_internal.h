// TLS over a socket, without buffers of its own: OpenSSL reads and writes the socket itself and is
// called again when the socket is ready. With SSL_MODE_RELEASE_BUFFERS an idle connection then
// keeps a few kilobytes, where boost::asio::ssl::stream keeps four buffers of 17. In a handshake it
// takes 70, so none is begun before the client's whole greeting is there.
//
// One operation at a time; the caller keeps the stream alive until `done` was called. Threads: that
// of the socket's executor. `done` is never called before the function that got it has returned.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace barometer {

class TlsStream {
 public:
  using Done = std::function<void(const boost::system::error_code& error, size_t bytes)>;
  using Place = std::function<boost::asio::mutable_buffer()>;

  TlsStream(boost::asio::ip::tcp::socket socket, SSL_CTX* context);

  [[nodiscard]] boost::asio::ip::tcp::socket& next_layer() { return socket_; }
  void async_handshake(Done done);
  // Into a place that is asked for when there is something to read.
  void async_read_some(Place to, Done done);
  // All of `bytes`, which stay where they are until then.
  void async_write(std::string_view bytes, Done done);
  void async_shutdown(Done done);

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  using Step = std::function<int()>;  // as SSL_read: over 0 when it is done

  void begin();
  void await_hello(size_t awaited, Done done);
  [[nodiscard]] size_t bytes_lacking_of_hello();
  void set_low_water(size_t bytes);
  void run(const Step& step, const Done& done);
  void wait(boost::asio::ip::tcp::socket::wait_type kind, Step step, Done done);
  void run_soon(Step step, Done done);

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;  // none before the client's greeting
};

}  // namespace barometer
