// The client of http_client.h over TLS. Any certificate will do, and whose it was can be asked.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/http_client.h"

namespace barometer::testing {

class TlsClient : public RawClient {
 public:
  explicit TlsClient(uint16_t port) : TlsClient(port, {}) {}
  // Its greeting leaves in pieces that end at these bytes, with a pause before the next.
  TlsClient(uint16_t port, const std::vector<size_t>& pieces)
      : RawClient(port), context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_.get())) {
    const auto greeting = greeting_of(ssl_.get());
    size_t sent = 0;
    for (const size_t end : pieces) {
      RawClient::put(greeting.substr(sent, end - sent));
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      sent = std::min(end, greeting.size());
    }
    RawClient::put(greeting.substr(sent));
    SSL_set_fd(ssl_.get(), descriptor());
    set_connected(connected() && SSL_connect(ssl_.get()) == 1);
  }
  TlsClient(TlsClient&&) noexcept = default;
  TlsClient& operator=(TlsClient&&) = delete;
  ~TlsClient() override = default;

  // The common name of the server's certificate; empty without one.
  [[nodiscard]] std::string server_name() const {
    X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr) return {};
    std::string name(64, '\0');
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                               name.data(), static_cast<int>(name.size()));
    name.resize(static_cast<size_t>(std::max(size, 0)));
    return name;
  }

 protected:
  ssize_t put(std::string_view bytes) override {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  ssize_t take(std::string& chunk, int wait_ms) override {
    pollfd ready{descriptor(), POLLIN, 0};
    if (SSL_pending(ssl_.get()) == 0 && ::poll(&ready, 1, wait_ms) <= 0) return kNothingYet;
    return SSL_read(ssl_.get(), chunk.data(), static_cast<int>(chunk.size()));
  }

 private:
  // What it says first; it then waits for the answer.
  static std::string greeting_of(SSL* ssl) {
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_connect(ssl);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl), &bytes);
    return {bytes, static_cast<size_t>(size)};
  }
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace barometer::testing
