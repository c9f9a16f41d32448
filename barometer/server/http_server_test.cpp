#include "barometer/server/http_server.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_client.h"

namespace barometer {
namespace {

using barometer::testing::form_request;
using barometer::testing::get_request;
using barometer::testing::HttpAnswer;
using barometer::testing::RawClient;
using barometer::testing::TempFolder;
using barometer::testing::TlsClient;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

int64_t clock_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Says what it was asked, or fails, or answers late from another thread.
class Echo {
 public:
  ~Echo() {
    for (std::thread& late : late_) late.join();
  }
  void operator()(const HttpRequest& request, const HttpReply& reply) {
    if (request.path == "/fault") throw BrokenPromise("planted");
    if (request.path == "/never") return;
    if (request.path == "/slow") std::this_thread::sleep_for(milliseconds(1));
    if (request.path == "/hold") std::this_thread::sleep_for(milliseconds(300));
    std::string said = fmt::format("{} {} ?{} [{}] from {} {}", name_of(request.method),
                                   request.path, request.query, request.body, request.address,
                                   request.secure ? "secure" : "plain");
    if (request.path == "/big") said = std::string(1'000'000, 'x');
    HttpResponse response = plain_text(200, said, "/echo");
    if (request.path == "/split") response.headers.emplace_back("X-Bad", "a\r\nSet-Cookie: b=c");
    if (request.path != "/late") return reply(std::move(response));
    const std::scoped_lock guard(lock_);
    late_.emplace_back([reply, response] {
      std::this_thread::sleep_for(milliseconds(50));
      reply(response);
      reply(response);  // one too many
    });
  }

 private:
  std::mutex lock_;
  std::vector<std::thread> late_;
};

struct Seen {
  std::mutex lock;
  std::vector<int> statuses;
  std::string faults;
};

struct Running {
  Echo echo;
  Seen seen;
  std::unique_ptr<HttpServer> server;

  explicit Running(HttpOptions options = {}) {
    HttpHooks hooks;
    hooks.microseconds = clock_us;
    hooks.on_event = [this](const HttpEvent& event) {
      const std::scoped_lock guard(seen.lock);
      seen.statuses.push_back(event.status);
    };
    hooks.on_fault = [this](std::string_view what) {
      const std::scoped_lock guard(seen.lock);
      seen.faults += what;
    };
    auto started = HttpServer::start(
        options, [this](const HttpRequest& request, HttpReply reply) { echo(request, reply); },
        hooks);
    if (!started) throw std::runtime_error(started.error().message);
    server = std::move(*started);
  }
  ~Running() { server->stop(0); }
  [[nodiscard]] RawClient client() const { return RawClient(server->port()); }
};

TEST(HttpServer, AnswersInOrderOnOneConnection) {
  Running running;
  RawClient client = running.client();
  EXPECT_EQ(client.ask(get_request("/a?b=c")).body, "GET /a ?b=c [] from 127.0.0.1 plain");
  EXPECT_EQ(client.ask(form_request("/p", "x=1")).body, "POST /p ? [x=1] from 127.0.0.1 plain");
  // Two requests in one piece, the first answered late by another thread, which answers twice.
  client.send(get_request("/late") + get_request("/second"));
  EXPECT_THAT(client.answer().body, HasSubstr("/late"));
  EXPECT_THAT(client.answer().body, HasSubstr("/second"));
}

TEST(HttpServer, AHeadAnswerHasTheLengthAndNoBody) {
  Running running;
  RawClient client = running.client();
  client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
  const HttpAnswer head = client.answer(5000, true);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.header("Content-Length"), "0");
  EXPECT_EQ(client.ask(get_request("/b")).status, 200);  // nothing was left over
}

TEST(HttpServer, EveryAnswerHasTheSecurityHeaders) {
  Running running;
  for (const std::string& request :
       {get_request("/a"), get_request("/fault"), std::string("BAD\r\n\r\n")}) {
    RawClient client = running.client();
    const HttpAnswer answer = client.ask(request);
    EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(answer.header("Content-Security-Policy"), Not(HasSubstr("unsafe")));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("X-Frame-Options"), "DENY");
    EXPECT_EQ(answer.header("Referrer-Policy"), "same-origin");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "") << "only over TLS";
  }
}

TEST(HttpServer, AHeaderOfOursCannotBeSplit) {
  Running running;
  const HttpAnswer answer = running.client().ask(get_request("/split"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, Not(HasSubstr("Set-Cookie")));
}

TEST(HttpServer, AFaultOfOursIsOneAnswerAndNotTheEnd) {
  Running running;
  RawClient client = running.client();
  EXPECT_EQ(client.ask(get_request("/fault")).status, 500);
  EXPECT_EQ(client.ask(get_request("/a")).status, 200);
  const std::scoped_lock guard(running.seen.lock);
  EXPECT_EQ(running.seen.faults, "planted");
}

struct Hostile {
  const char* name;
  std::string bytes;
  int status;
};

std::vector<Hostile> hostile_requests() {
  const std::string host = "Host: h\r\n";
  return {
      {"length and chunks",
       "POST / HTTP/1.1\r\n" + host +
           "Content-Length: 4\r\nTransfer-Encoding: "
           "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"chunks and length",
       "POST / HTTP/1.1\r\n" + host +
           "Transfer-Encoding: chunked\r\n"
           "Content-Length: 4\r\n\r\n0\r\n\r\n",
       400},
      {"chunks", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      {"chunks of a GET",
       "GET / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      {"hidden chunks",
       "POST / HTTP/1.1\r\n" + host +
           "Transfer-Encoding: xchunked\r\n"
           "Content-Length: 2\r\n\r\nab",
       501},
      {"two lengths",
       "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"the same length twice",
       "POST / HTTP/1.1\r\n" + host +
           "Content-Length: 2\r\n"
           "Content-Length: 2\r\n\r\nab",
       400},
      {"a list of lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 2, 2\r\n\r\nab", 400},
      {"a signed length", "POST / HTTP/1.1\r\n" + host + "Content-Length: +2\r\n\r\nab", 400},
      {"a negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
      {"a length past 64 bits",
       "POST / HTTP/1.1\r\n" + host +
           "Content-Length: "
           "99999999999999999999999\r\n\r\n",
       400},
      {"no length", "POST / HTTP/1.1\r\n" + host + "\r\n", 411},
      {"a GET with a body", "GET / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 400},
      {"a body too long", "POST / HTTP/1.1\r\n" + host + "Content-Length: 999999999\r\n\r\n", 413},
      {"a blank before the colon", "GET / HTTP/1.1\r\n" + host + "Content-Length : 3\r\n\r\nabc",
       400},
      {"a field that begins with a blank", "GET / HTTP/1.1\r\n X: y\r\n" + host + "\r\n", 400},
      {"a bare line feed", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"a NUL in a field", "GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
      {"a host that is none", "GET / HTTP/1.1\r\nHost: a/b@c\r\n\r\n", 400},
      {"an absolute target", "GET http://evil/ HTTP/1.1\r\n" + host + "\r\n", 400},
      {"an authority", "CONNECT evil:443 HTTP/1.1\r\n" + host + "\r\n", 405},
      {"a star", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 405},
      {"TRACE", "TRACE / HTTP/1.1\r\n" + host + "\r\n", 405},
      {"a made-up method", "BREW / HTTP/1.1\r\n" + host + "\r\n", 405},
      {"a fragment", "GET /#a HTTP/1.1\r\n" + host + "\r\n", 400},
      {"bytes past ASCII in the target", "GET /\xC3\xA9 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"a target too long", "GET /" + std::string(3000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
       414},
      {"a head too long", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'a') + "\r\n\r\n",
       431},
      {"a head without end", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(20000, 'a'), 431},
      {"many fields",
       "GET / HTTP/1.1\r\n" + host +
           [] {
             std::string fields;
             for (int i = 0; i < 2000; ++i) fields += fmt::format("X{}: y\r\n", i);
             return fields;
           }() +
           "\r\n",
       431},
      {"another version", "GET / HTTP/3.7\r\n" + host + "\r\n", 400},
      {"HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
      {"noise", std::string("\0\0\0\0\r\n\r\n", 8), 400},
  };
}

TEST(HttpServer, RefusesWhatTwoReadersCouldCutDifferentlyAndCloses) {
  Running running;
  for (const Hostile& hostile : hostile_requests()) {
    SCOPED_TRACE(hostile.name);
    RawClient client = running.client();
    // A request after it, in the same bytes, is not to be served.
    client.send(hostile.bytes + get_request("/smuggled"));
    const HttpAnswer answer = client.answer();
    EXPECT_EQ(answer.status, hostile.status);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_EQ(client.answer(200).status, 0);
  }
}

TEST(HttpServer, KeepsItsTimes) {
  HttpOptions options;
  options.header_seconds = 1;
  options.body_seconds = 1;
  options.idle_seconds = 1;
  options.reply_seconds = 1;
  options.write_seconds = 1;
  Running running(options);
  const std::vector<std::pair<const char*, std::string>> slow = {
      {"says nothing", ""},
      {"half a head", "GET / HTTP/1.1\r\nHo"},
      {"half a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"},
      {"our own answer", get_request("/never")},
  };
  std::vector<RawClient> clients;
  for (const auto& [name, bytes] : slow) {
    clients.push_back(running.client());
    clients.back().send(bytes);
  }
  // One that never reads what it asked for, a megabyte at a time.
  RawClient deaf = running.client();
  for (int i = 0; i < 30; ++i) deaf.send(get_request("/big"));
  // A drop at a time does not extend the time of a head.
  RawClient drops = running.client();
  for (int i = 0; i < 20 && drops.send("G"); ++i) std::this_thread::sleep_for(milliseconds(100));
  EXPECT_TRUE(drops.is_closed_within(2000));
  for (size_t i = 0; i < slow.size(); ++i) {
    EXPECT_TRUE(clients[i].is_closed_within(3000)) << slow[i].first;
  }
  for (int i = 0; i < 40 && running.server->open_connections() > 0; ++i) {
    std::this_thread::sleep_for(milliseconds(100));
  }
  EXPECT_EQ(running.server->open_connections(), 0U) << "the one that never reads";
}

TEST(HttpServer, StalledClientsDoNotDisturbOthers) {
  Running running;
  std::vector<RawClient> stalled;
  for (int i = 0; i < 200; ++i) {
    stalled.push_back(running.client());
    stalled.back().send(i % 2 == 0 ? "GET / HT"
                                   : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
  }
  RawClient client = running.client();
  const int64_t before = clock_us();
  for (int i = 0; i < 200; ++i) ASSERT_EQ(client.ask(get_request("/a")).status, 200);
  EXPECT_LT(clock_us() - before, 2'000'000);
}

// Accepted one at a time between two rounds of requests, the last of a hundred would wait for
// a hundred requests of each client that is there already.
TEST(HttpServer, WhoComesWithManyDoesNotWaitForTheRequestsOfOthers) {
  HttpOptions options;
  options.threads = 1;
  Running running(options);
  std::atomic<bool> stop = false;
  std::atomic<int> slow = 0;
  std::vector<std::thread> busy;
  for (int i = 0; i < 16; ++i) {
    busy.emplace_back([&] {
      RawClient client = running.client();
      while (!stop && client.ask(get_request("/slow")).status == 200) ++slow;
    });
  }
  while (slow < 100) std::this_thread::sleep_for(milliseconds(1));
  std::vector<RawClient> coming;
  const int before = slow;
  for (int i = 0; i < 100; ++i) {
    coming.push_back(running.client());
    coming.back().send(get_request("/a"));
  }
  for (RawClient& client : coming) EXPECT_EQ(client.answer().status, 200);
  EXPECT_LT(slow - before, 400) << "requests of others";
  stop = true;
  for (std::thread& client : busy) client.join();
}

// Each thread has its share of the connections: one that is held up holds up half of them.
TEST(HttpServer, ConnectionsAreSharedOutAmongTheThreads) {
  HttpOptions options;
  options.threads = 2;
  Running running(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(running.client());
    ASSERT_EQ(clients.back().ask(get_request("/a")).status, 200);
  }
  clients.back().send(get_request("/hold"));
  std::this_thread::sleep_for(milliseconds(50));
  for (int i = 0; i < 8; ++i) clients[static_cast<size_t>(i)].send(get_request("/a"));
  std::this_thread::sleep_for(milliseconds(100));
  int answered = 0;
  for (int i = 0; i < 8; ++i) {
    answered += clients[static_cast<size_t>(i)].answer(1).status == 200 ? 1 : 0;
  }
  EXPECT_EQ(answered, 4);
}

TEST(HttpServer, ConnectionsOverTheLimitAreToldSo) {
  HttpOptions options;
  options.connections = 3;
  Running running(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(running.client());
    ASSERT_EQ(clients.back().ask(get_request("/a")).status, 200);
  }
  RawClient fourth = running.client();
  EXPECT_EQ(fourth.answer().status, 503);
  clients.pop_back();
  for (int i = 0; i < 50 && running.server->open_connections() > 2; ++i) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(running.client().ask(get_request("/a")).status, 200);
}

TEST(HttpServer, AnAddressHasItsShareOfConnections) {
  HttpOptions options;
  options.connections_of_address = 2;
  Running running(options);
  RawClient first = running.client();
  RawClient second = running.client();
  ASSERT_EQ(first.ask(get_request("/a")).status, 200);
  ASSERT_EQ(second.ask(get_request("/a")).status, 200);
  EXPECT_EQ(running.client().answer().status, 503);
}

TEST(HttpServer, ABodyIsAskedForWithContinue) {
  Running running;
  RawClient client = running.client();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer().status, 100);
  EXPECT_THAT(client.ask("abc").body, HasSubstr("[abc]"));
}

TEST(HttpServer, BelievesAProxyOnlyWhenTold) {
  const std::string named =
      "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n";
  Running direct;
  EXPECT_THAT(direct.client().ask(get_request("/", named)).body, HasSubstr("from 127.0.0.1 plain"));
  HttpOptions options;
  options.behind_proxy = true;
  Running behind(options);
  const HttpAnswer answer = behind.client().ask(get_request("/", named));
  EXPECT_THAT(answer.body, HasSubstr("from 198.51.100.7 secure"));
  EXPECT_NE(answer.header("Strict-Transport-Security"), "");
  EXPECT_THAT(behind.client().ask(get_request("/", "X-Forwarded-For: <script>\r\n")).body,
              HasSubstr("from 127.0.0.1"));
}

TEST(HttpServer, StopsGracefully) {
  Running running;
  RawClient busy = running.client();
  RawClient idle = running.client();
  ASSERT_EQ(idle.ask(get_request("/a")).status, 200);
  busy.send(get_request("/late"));
  std::this_thread::sleep_for(milliseconds(10));
  running.server->stop(5);
  const HttpAnswer answer = busy.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(idle.is_closed_within(1000));
  EXPECT_FALSE(running.client().connected());
}

// Who has asked or connected before the server was told to end is answered.
TEST(HttpServer, StopsAfterWhatIsAskedAlready) {
  HttpOptions options;
  options.threads = 1;
  Running running(options);
  RawClient idle = running.client();
  ASSERT_EQ(idle.ask(get_request("/a")).status, 200);
  RawClient holding = running.client();
  holding.send(get_request("/hold"));
  std::this_thread::sleep_for(milliseconds(50));
  idle.send(get_request("/b") + get_request("/c"));
  std::vector<RawClient> coming;
  for (int i = 0; i < 3; ++i) {
    coming.push_back(running.client());
    coming.back().send(get_request("/d"));
  }
  running.server->stop(5);
  EXPECT_EQ(holding.answer().status, 200);
  EXPECT_EQ(idle.answer().header("Connection"), "close");
  for (RawClient& client : coming) EXPECT_EQ(client.answer().status, 200);
  EXPECT_FALSE(running.client().connected());
}

TEST(HttpServer, WhatCannotBeListenedOnIsAnError) {
  Running running;
  HttpHooks hooks;
  hooks.microseconds = clock_us;
  const auto handler = [](const HttpRequest&, const HttpReply&) {};
  HttpOptions taken;
  taken.port = running.server->port();
  const std::vector<std::pair<HttpOptions, std::string>> wrong = {
      {taken, "cannot listen on 127.0.0.1"},
      {HttpOptions{.address = "nowhere"}, "cannot listen on nowhere"},
      {HttpOptions{.address = "192.0.2.1"}, "cannot listen on 192.0.2.1"},
      {HttpOptions{.certificate_file = "none.pem", .key_file = "none.pem"}, "the certificate"},
  };
  for (const auto& [options, words] : wrong) {
    const auto started = HttpServer::start(options, handler, hooks);
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().message, HasSubstr(words));
  }
}

void make_certificate(const TempFolder& folder, const char* name) {
  const auto made = barometer::testing::run_command(fmt::format(
      "cd {} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
      "-subj /CN={} -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem",
      folder.path().string(), name));
  ASSERT_EQ(made.exit, 0) << made.output;
}

// curl and openssl speak TLS as others do.
TEST(HttpServer, SpeaksTlsAndTakesANewCertificate) {
  const TempFolder folder;
  make_certificate(folder, "first");
  HttpOptions options;
  options.certificate_file = folder / "cert.pem";
  options.key_file = folder / "key.pem";
  Running running(options);
  const auto ask = [&](const std::string& more) {
    return barometer::testing::run_command(
        fmt::format("curl -sS -i --cacert {} {} https://localhost:{}/a",
                    (folder / "cert.pem").string(), more, running.server->port()));
  };
  const auto first = ask("");
  EXPECT_THAT(first.output, HasSubstr("from 127.0.0.1 secure"));
  EXPECT_THAT(first.output, HasSubstr("Strict-Transport-Security: max-age"));
  EXPECT_THAT(ask("-d x=1").output, HasSubstr("[x=1]"));
  EXPECT_NE(ask("--tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0").exit, 0);
  EXPECT_EQ(running.client().ask(get_request("/a")).status, 0) << "plain text to a TLS port";
  make_certificate(folder, "second");
  EXPECT_NE(ask("").exit, 0) << "the old certificate is still served";
  ASSERT_TRUE(running.server->reload());
  EXPECT_EQ(ask("").exit, 0);
  std::filesystem::remove(folder / "key.pem");
  EXPECT_FALSE(running.server->reload());
  EXPECT_EQ(ask("").exit, 0) << "what cannot be read changes nothing";
}

// A handshake takes memory only once the client's greeting is whole.
TEST(HttpServer, AGreetingInPiecesIsWaitedForAndHalfOfOneIsCutOff) {
  const TempFolder folder;
  HttpOptions options;
  options.header_seconds = 1;
  make_certificate(folder, "localhost");
  options.certificate_file = folder / "cert.pem";
  options.key_file = folder / "key.pem";
  Running running(options);
  for (const std::vector<size_t>& pieces :
       {std::vector<size_t>{}, {1}, {4}, {5}, {6}, {100}, {1, 2, 3, 4, 5, 6, 7}, {3, 50, 200}}) {
    TlsClient client(running.server->port(), pieces);
    EXPECT_EQ(client.ask(get_request("/a")).status, 200) << ::testing::PrintToString(pieces);
  }
  const std::vector<std::string_view> halves = {
      "", "\x16", std::string_view("\x16\x03\x01\x02\x00\x01", 6),
      std::string_view("\x16\x03\x01\xff\xff\x01\x00", 7)};
  for (const std::string_view half : halves) {
    RawClient gone = running.client();
    gone.send(half);
  }
  std::vector<RawClient> stalled;
  for (const std::string_view half : halves) {
    stalled.push_back(running.client());
    stalled.back().send(half);
  }
  EXPECT_EQ(running.client().ask("GET / HTTP/1.1\r\n\r\n").status, 0) << "no greeting at all";
  for (RawClient& client : stalled) EXPECT_TRUE(client.is_closed_within(3000));
  for (int i = 0; i < 20 && running.server->open_connections() > 0; ++i) {
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_EQ(running.server->open_connections(), 0U);
}

}  // namespace
}  // namespace barometer
