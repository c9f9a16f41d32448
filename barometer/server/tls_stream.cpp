#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <tuple>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "barometer/base/result.h"
#include "barometer/server/tls_stream_internal.h"

namespace barometer {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorIs = boost::system::error_code;

constexpr size_t kMostAtOnce = 1 << 20;  // OpenSSL counts in int
// A record of TLS: type, version, and the length of what follows (RFC 8446, 5.1).
constexpr size_t kRecordHead = 5;
constexpr unsigned char kHandshakeRecord = 22;
constexpr size_t kRecordMost = kRecordHead + (1 << 14);

int socket_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

// OpenSSL's own sockets raise SIGPIPE when the client has gone.
int send_bytes(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(socket_of(bio), bytes, static_cast<size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    BIO_set_retry_write(bio);
  }
  return static_cast<int>(sent);
}

int receive_bytes(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(socket_of(bio), bytes, static_cast<size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    BIO_set_retry_read(bio);
  }
  return static_cast<int>(got);
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int forget(BIO* bio) {
  const std::unique_ptr<int> socket(static_cast<int*>(BIO_get_data(bio)));
  BIO_set_data(bio, nullptr);
  return 1;
}

BIO* new_bio(int socket) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(made, send_bytes);
    BIO_meth_set_read(made, receive_bytes);
    BIO_meth_set_ctrl(made, control);
    BIO_meth_set_destroy(made, forget);
    return made;
  }();
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, std::make_unique<int>(socket).release());
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace

TlsStream::TlsStream(tcp::socket socket, SSL_CTX* context)
    : socket_(std::move(socket)), context_(context) {
  SSL_CTX_up_ref(context);
  ErrorIs ignored;
  std::ignore = socket_.native_non_blocking(true, ignored);
}

void TlsStream::begin() {
  ssl_.reset(SSL_new(context_.get()));
  CHECK(ssl_, "memory for a connection");
  BIO* bio = new_bio(socket_.native_handle());
  SSL_set_bio(ssl_.get(), bio, bio);  // takes it
}

// Bytes that the first record needs and the socket does not hold yet; 0: OpenSSL may begin.
size_t TlsStream::bytes_lacking_of_hello() {
  std::array<unsigned char, kRecordHead> head{};
  const ssize_t got =
      ::recv(socket_.native_handle(), head.data(), head.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got <= 0 || head[0] != kHandshakeRecord) return 0;
  size_t needed = kRecordHead;
  if (static_cast<size_t>(got) == head.size()) {
    needed = std::min(needed + (size_t{head[3]} << 8U) + head[4], kRecordMost);
  }
  ErrorIs failed;
  return socket_.available(failed) >= needed || failed ? 0 : needed;
}

// The system wakes us when there is that much.
void TlsStream::set_low_water(size_t bytes) {
  const auto mark = static_cast<int>(bytes);
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

void TlsStream::run(const Step& step, const Done& done) {
  // OpenSSL knows a number only, which after the closing may be another file's.
  if (!socket_.is_open()) return done(asio::error::operation_aborted, 0);
  ERR_clear_error();
  const int result = step();
  if (result > 0) return done(ErrorIs(), static_cast<size_t>(result));
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait(tcp::socket::wait_read, step, done);
    case SSL_ERROR_WANT_WRITE:
      return wait(tcp::socket::wait_write, step, done);
    case SSL_ERROR_ZERO_RETURN:
      return done(asio::error::eof, 0);
    default:
      ERR_clear_error();
      return done(asio::error::connection_reset, 0);
  }
}

void TlsStream::wait(tcp::socket::wait_type kind, Step step, Done done) {
  socket_.async_wait(kind, [this, step = std::move(step), done = std::move(done)](
                               const ErrorIs& error) { error ? done(error, 0) : run(step, done); });
}

void TlsStream::run_soon(Step step, Done done) {
  asio::post(socket_.get_executor(),
             [this, step = std::move(step), done = std::move(done)] { run(step, done); });
}

void TlsStream::async_handshake(Done done) { await_hello(1, std::move(done)); }

void TlsStream::await_hello(size_t awaited, Done done) {
  socket_.async_wait(tcp::socket::wait_read,
                     [this, awaited, done = std::move(done)](const ErrorIs& error) {
                       if (error) return done(error, 0);
                       // Woken for less than was awaited: the client has ended, which OpenSSL finds
                       // out.
                       const size_t needed = bytes_lacking_of_hello();
                       set_low_water(needed > awaited ? needed : 1);
                       if (needed > awaited) return await_hello(needed, done);
                       begin();
                       run([this] { return SSL_accept(ssl_.get()); }, done);
                     });
}

void TlsStream::async_read_some(Place to, Done done) {
  Step step = [this, to = std::move(to)] {
    const asio::mutable_buffer place = to();
    return SSL_read(ssl_.get(), place.data(),
                    static_cast<int>(std::min(place.size(), kMostAtOnce)));
  };
  if (SSL_has_pending(ssl_.get()) == 1) return run_soon(std::move(step), std::move(done));
  wait(tcp::socket::wait_read, std::move(step), std::move(done));
}

void TlsStream::async_write(std::string_view bytes, Done done) {
  Step step = [this, bytes] {
    return SSL_write(ssl_.get(), bytes.data(),
                     static_cast<int>(std::min(bytes.size(), kMostAtOnce)));
  };
  run_soon(std::move(step),
           [this, bytes, done = std::move(done)](const ErrorIs& error, size_t written) {
             if (error || written >= bytes.size()) return done(error, written);
             async_write(bytes.substr(written), done);
           });
}

// Says that the connection ends; whether the client says so too is not waited for.
void TlsStream::async_shutdown(Done done) {
  run_soon(
      [this] {
        const int said = SSL_shutdown(ssl_.get());
        return said == 0 ? 1 : said;
      },
      std::move(done));
}

}  // namespace barometer
