#include "barometer/server/http_server.h"

#include <pthread.h>

#include <array>
#include <chrono>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include "barometer/base/text.h"
#include "barometer/server/http_head_internal.h"
#include "barometer/server/http_loop_internal.h"
#include "barometer/server/tls_stream_internal.h"

namespace barometer {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using ErrorIs = beast::error_code;

constexpr size_t kReadBytes = 4096;
constexpr size_t kDrainBytes = 262144;
constexpr int kDrainSeconds = 2;
// Connections taken between two rounds of requests. One at a time, each of a thousand that come at
// once would wait for a request of all those before it.
constexpr int kAcceptsAtOnce = 64;

int status_of(const ErrorIs& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

tcp::socket& lowest(tcp::socket& stream) { return stream; }
tcp::socket& lowest(TlsStream& stream) { return stream.next_layer(); }

// One client. The loop owns it; the handlers of what is under way hold it too.
template <class Stream>
class Connection final : public HttpLink, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(HttpLoop& loop, Stream stream, std::string address)
      : loop_(loop),
        shared_(*loop.shared),
        stream_(std::move(stream)),
        address_(std::move(address)) {}
  ~Connection() override { shared_.leave(address_); }

  void start() override {
    due = loop_.tick_after(shared_.options.header_seconds);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_handshake([self = this->shared_from_this()](const ErrorIs& error, size_t) {
        error ? self->close() : self->next_request();
      });
    } else {
      next_request();
    }
  }

  void close() override {
    ErrorIs ignored;
    std::ignore = lowest(stream_).close(ignored);
    loop_.remove(this);
  }

  // Bytes that wait to be read are a request under way.
  [[nodiscard]] bool is_idle() override {
    ErrorIs ignored;
    return state_ == State::kIdle && lowest(stream_).available(ignored) == 0;
  }

 private:
  enum class State { kIdle, kHead, kBody, kHandled, kWriting, kDraining };

  void next_request() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(shared_.options.header_bytes));
    parser_->body_limit(shared_.options.body_bytes);
    parser_->eager(true);
    head_seen_ = false;
    state_ = State::kIdle;
    due = loop_.tick_after(shared_.options.idle_seconds);
    buffer_.size() > 0 ? parse() : read();
  }

  void read() {
    auto taken = [self = this->shared_from_this()](const ErrorIs& error, size_t bytes) {
      if (error) return self->close();
      self->buffer_.commit(bytes);
      self->parse();
    };
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      if (buffer_.size() == 0) buffer_.shrink_to_fit();  // idle, it needs none
      stream_.async_read_some([this] { return buffer_.prepare(kReadBytes); }, std::move(taken));
    } else {
      stream_.async_read_some(buffer_.prepare(kReadBytes), std::move(taken));
    }
  }

  void parse() {
    if (state_ == State::kIdle) {
      state_ = State::kHead;
      due = loop_.tick_after(shared_.options.header_seconds);
    }
    ErrorIs error;
    const size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error && error != http::error::need_more) return refuse(status_of(error));
    if (parser_->is_header_done() && !head_seen_) {
      if (const int status = see_head(); status != 0) return refuse(status);
    }
    if (parser_->is_done()) return handle();
    expects_ ? continue_then_read() : read();
  }

  // 0, or the status that refuses the request.
  int see_head() {
    head_seen_ = true;
    state_ = State::kBody;
    due = loop_.tick_after(shared_.options.body_seconds);
    request_ = HttpRequest{};
    request_.address = address_;
    request_.secure = std::is_same_v<Stream, TlsStream>;
    const auto& expected = parser_->get()[http::field::expect];
    expects_ = !expected.empty() && !parser_->is_done();
    return read_head(parser_->get(), shared_.options.behind_proxy, request_);
  }

  void continue_then_read() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    expects_ = false;
    send_bytes(kContinue, {}, [self = this->shared_from_this()](const ErrorIs& error, size_t) {
      error ? self->close() : self->read();
    });
  }

  // Both stay where they are until `done`.
  template <class Done>
  void send_bytes(std::string_view head, std::string_view body, Done done) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      CHECK(body.empty(), "one text for one record");
      stream_.async_write(head, std::move(done));
    } else {
      const std::array<asio::const_buffer, 2> parts = {asio::buffer(head.data(), head.size()),
                                                       asio::buffer(body.data(), body.size())};
      asio::async_write(stream_, parts, std::move(done));
    }
  }

  void handle() {
    state_ = State::kHandled;
    due = loop_.tick_after(shared_.options.reply_seconds);
    started_ = shared_.hooks.microseconds();
    request_.body = parser_->get().body();
    keep_alive_ = parser_->keep_alive();
    const uint64_t number = ++number_;
    HttpReply reply = [loop = std::weak_ptr(loop_.shared_from_this()),
                       link = this->weak_from_this(), number](HttpResponse response) {
      const auto there = loop.lock();
      if (!there) return;
      asio::dispatch(there->context, [link, number, answer = std::move(response)]() mutable {
        const auto self = link.lock();
        if (self && self->number_ == number) self->respond(std::move(answer));
      });
    };
    try {
      shared_.handler(request_, reply);
    } catch (const std::exception& fault) {  // one request fails; the others go on
      shared_.hooks.on_fault(fault.what());
      reply(shared_.hooks.error_page(500));
    }
  }

  void respond(HttpResponse response) {
    if (state_ != State::kHandled) return;
    keep_alive_ = keep_alive_ && !shared_.stopping;
    write(std::move(response), keep_alive_);
  }

  // What the client goes on sending is not looked at.
  void refuse(int status) {
    started_ = shared_.hooks.microseconds();
    request_.method = HttpMethod::kGet;
    write(shared_.hooks.error_page(status), false);
  }

  void write(HttpResponse response, bool keep) {
    state_ = State::kWriting;
    keep_alive_ = keep;
    due = loop_.tick_after(shared_.options.write_seconds);
    response_ = std::move(response);
    head_ = response_head(response_, request_.secure, keep);
    const bool whole = request_.method != HttpMethod::kHead && response_.status != 304;
    const std::string_view body = whole ? response_.bytes() : std::string_view();
    report(head_.size() + body.size());
    const auto done = [self = this->shared_from_this()](const ErrorIs& error, size_t) {
      self->written(error);
    };
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      head_ += body;
      response_ = HttpResponse{};
      send_bytes(head_, {}, done);
    } else {
      send_bytes(head_, body, done);
    }
  }

  void report(size_t bytes) const {
    shared_.hooks.on_event({request_.method, response_.route, request_.address, response_.status,
                            bytes, shared_.hooks.microseconds() - started_});
  }

  void written(const ErrorIs& error) {
    response_ = HttpResponse{};
    head_ = std::string();
    if (error) return close();
    if (keep_alive_) return next_request();
    state_ = State::kDraining;
    due = loop_.tick_after(kDrainSeconds);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_shutdown([self = this->shared_from_this()](const ErrorIs& failed, size_t) {
        failed ? self->close() : self->end();
      });
    } else {
      end();
    }
  }

  void end() {
    ErrorIs ignored;
    std::ignore = lowest(stream_).shutdown(tcp::socket::shutdown_send, ignored);
    drain(0);
  }

  // Closing with bytes unread would make the kernel drop the answer on its way.
  void drain(size_t so_far) {
    if (so_far > kDrainBytes) return close();
    buffer_.clear();
    lowest(stream_).async_read_some(
        asio::buffer(buffer_.prepare(kReadBytes)),
        [self = this->shared_from_this(), so_far](const ErrorIs& error, size_t bytes) {
          error ? self->close() : self->drain(so_far + bytes);
        });
  }

  HttpLoop& loop_;
  HttpShared& shared_;
  Stream stream_;
  const std::string address_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  HttpRequest request_;
  HttpResponse response_;
  std::string head_;
  State state_ = State::kIdle;
  uint64_t number_ = 0;  // of the request, so that a late answer finds its own
  int64_t started_ = 0;
  bool head_seen_ = false;
  bool expects_ = false;
  bool keep_alive_ = false;
};

Result<std::shared_ptr<asio::ssl::context>> tls_context(const HttpOptions& options) {
  if (options.certificate_file.empty()) return std::shared_ptr<asio::ssl::context>();
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_read_ahead(raw, 1);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
  ErrorIs error;
  std::ignore = context->use_certificate_chain_file(options.certificate_file, error);
  if (error) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the certificate '{}' cannot be used: {}",
                            printable(options.certificate_file), error.message()));
  }
  std::ignore = context->use_private_key_file(options.key_file, asio::ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(raw) != 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the key '{}' cannot be used with the certificate: {}",
                            printable(options.key_file), error.message()));
  }
  return context;
}

class BeastServer final : public HttpServer {
 public:
  explicit BeastServer(std::shared_ptr<HttpShared> shared) : shared_(std::move(shared)) {
    for (unsigned i = 0; i < std::max(1U, shared_->options.threads); ++i) {
      loops_.push_back(std::make_shared<HttpLoop>(shared_));
    }
    acceptor_.emplace(loops_[0]->context);
    pause_.emplace(loops_[0]->context);
  }
  ~BeastServer() override { stop(0); }

  Status listen() {
    tls_ = TRY(tls_context(shared_->options));
    ErrorIs error;
    const auto address = asio::ip::make_address(shared_->options.address, error);
    const tcp::endpoint place(address, shared_->options.port);
    if (!error) std::ignore = acceptor_->open(place.protocol(), error);
    if (!error) std::ignore = acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) std::ignore = acceptor_->bind(place, error);
    if (!error) std::ignore = acceptor_->listen(4096, error);
    if (!error) std::ignore = acceptor_->non_blocking(true, error);
    if (error) {
      return fail(ErrorCode::kIo, fmt::format("cannot listen on {} port {}: {}",
                                              printable(shared_->options.address),
                                              shared_->options.port, error.message()));
    }
    port_ = acceptor_->local_endpoint(error).port();
    accept();
    for (const auto& loop : loops_) loop->start();
    return {};
  }

  [[nodiscard]] uint16_t port() const override { return port_; }
  [[nodiscard]] size_t open_connections() const override { return shared_->open; }

  Status reload() override {
    auto fresh = TRY(tls_context(shared_->options));
    asio::post(loops_[0]->context, [this, fresh] { tls_ = fresh; });
    return {};
  }

  void stop(int seconds) override {
    if (shared_->stopping.exchange(true)) return;
    // Who has connected is heard before the others are told to end.
    asio::post(loops_[0]->context, [this, ticks = seconds * 1000 / HttpLoop::kTickMs] {
      while (accept_waiting()) {
      }
      ErrorIs ignored;
      std::ignore = acceptor_->close(ignored);
      pause_->cancel();
      for (const auto& loop : loops_) loop->stop(ticks);
    });
    for (const auto& loop : loops_) loop->join();
  }

 private:
  void accept() {
    HttpLoop& loop = next_loop();
    acceptor_->async_accept(loop.context, [this, &loop](const ErrorIs& error, tcp::socket socket) {
      if (!acceptor_->is_open()) return;
      if (error) return accept_later();
      hand_over(loop, std::move(socket));
      accept_waiting();
      accept();
    });
  }

  // Whether more may wait; what else there is than none, accept() meets again.
  bool accept_waiting() {
    for (int i = 1; i < kAcceptsAtOnce; ++i) {
      HttpLoop& loop = next_loop();
      ErrorIs error;
      tcp::socket socket = acceptor_->accept(loop.context, error);
      if (error) return false;
      hand_over(loop, std::move(socket));
    }
    return true;
  }

  [[nodiscard]] HttpLoop& next_loop() const { return *loops_[turn_ % loops_.size()]; }

  void hand_over(HttpLoop& loop, tcp::socket socket) {
    ++turn_;
    asio::post(loop.context, [&loop, tls = tls_, taken = std::move(socket)]() mutable {
      loop.take(std::move(taken), tls);
    });
  }

  // Out of descriptors: waiting lets others end.
  void accept_later() {
    pause_->expires_after(std::chrono::milliseconds(100));
    pause_->async_wait([this](const ErrorIs&) {
      if (acceptor_->is_open()) accept();
    });
  }

  std::shared_ptr<HttpShared> shared_;
  std::vector<std::shared_ptr<HttpLoop>> loops_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  std::shared_ptr<asio::ssl::context> tls_;
  size_t turn_ = 0;
  uint16_t port_ = 0;
};

HttpResponse plain_error(int status) {
  return plain_text(status, fmt::format("{} {}\n", status, reason_of(status)), "");
}

}  // namespace

bool HttpShared::admit(const std::string& address) {
  if (open.fetch_add(1) >= options.connections) {
    --open;
    return false;
  }
  if (options.connections_of_address == 0) return true;
  const std::scoped_lock guard(addresses_lock);
  size_t& count = addresses[address];
  if (count < options.connections_of_address) return ++count > 0;
  --open;
  return false;
}

void HttpShared::leave(const std::string& address) {
  --open;
  if (options.connections_of_address == 0) return;
  const std::scoped_lock guard(addresses_lock);
  const auto found = addresses.find(address);
  if (--found->second == 0) addresses.erase(found);
}

HttpLoop::HttpLoop(std::shared_ptr<HttpShared> all)
    : shared(std::move(all)), work_(asio::make_work_guard(context)), timer_(context) {}

void HttpLoop::start() {
  arm();
  thread_ = std::thread([self = shared_from_this()] {
    ::pthread_setname_np(::pthread_self(), "http");
    self->context.run();
  });
}

void HttpLoop::join() {
  if (thread_.joinable()) thread_.join();
}

void HttpLoop::stop(int64_t ticks) {
  asio::post(context, [this, ticks] { last_tick_ = tick_ + ticks; });
}

void HttpLoop::take(tcp::socket socket, const std::shared_ptr<asio::ssl::context>& tls) {
  ErrorIs error;
  const auto peer = socket.remote_endpoint(error);
  const std::string address = error ? std::string() : peer.address().to_string();
  if (error) return;
  if (!shared->admit(address)) {
    const std::string busy = response_head(plain_text(503, "", ""), false, false);
    std::ignore = socket.non_blocking(true, error);
    if (!tls) socket.write_some(asio::buffer(busy), error);
    return;
  }
  std::ignore = socket.set_option(tcp::no_delay(true), error);
  if (tls) {
    add(std::make_shared<Connection<TlsStream>>(
        *this, TlsStream(std::move(socket), tls->native_handle()), address));
  } else {
    add(std::make_shared<Connection<tcp::socket>>(*this, std::move(socket), address));
  }
}

void HttpLoop::add(const std::shared_ptr<HttpLink>& link) {
  links_.emplace(link.get(), link);
  link->start();
}

void HttpLoop::arm() {
  timer_.expires_after(std::chrono::milliseconds(kTickMs));
  timer_.async_wait([this](const ErrorIs& error) {
    if (!error) on_tick();
  });
}

void HttpLoop::on_tick() {
  ++tick_;
  const bool stops = last_tick_ >= 0;
  std::vector<std::shared_ptr<HttpLink>> ended;
  for (const auto& [key, link] : links_) {
    const bool late = link->due < tick_ || (stops && (link->is_idle() || tick_ > last_tick_));
    if (late) ended.push_back(link);
  }
  for (const auto& link : ended) link->close();
  if (stops && links_.empty()) {
    work_.reset();
    return;
  }
  arm();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options,
                                                      HttpHandler handler, HttpHooks hooks) {
  CHECK(handler && hooks.microseconds, "a server has a handler and a clock");
  if (!hooks.on_event) hooks.on_event = [](const HttpEvent&) {};
  if (!hooks.error_page) hooks.error_page = plain_error;
  if (!hooks.on_fault) hooks.on_fault = [](std::string_view) {};
  auto shared = std::make_shared<HttpShared>();
  shared->options = options;
  shared->handler = std::move(handler);
  shared->hooks = std::move(hooks);
  auto server = std::make_unique<BeastServer>(std::move(shared));
  TRY_DONE(server->listen());
  return server;
}

}  // namespace barometer
