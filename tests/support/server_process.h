// Servers for one test: on a free port of the loopback, as a plain user, in a folder that is gone
// afterwards.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "tests/support/temp_folder.h"

namespace barometer::testing {

// Nobody listens there; another program may still take it before the server does.
inline int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

inline bool answers_at(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool connected =
      ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

// Servers refuse to run as root: as root they are nobody's.
inline void give_to_plain_user(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return;
  const passwd* nobody = ::getpwnam("nobody");
  std::vector<std::filesystem::path> all{folder};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    all.push_back(entry.path());
  }
  for (const auto& path : all) {
    if (::chown(path.c_str(), nobody->pw_uid, nobody->pw_gid) != 0) {
      throw std::runtime_error("cannot give away " + path.string());
    }
  }
}

// A child process; ends with its holder.
class ServerProcess {
 public:
  ServerProcess() = default;
  ServerProcess(std::vector<std::string> command, const std::filesystem::path& folder) {
    const std::string log = (folder / "server.log").string();
    pid_ = ::fork();
    if (pid_ == 0) run(std::move(command), folder, log);
  }
  ServerProcess(ServerProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ServerProcess& operator=(ServerProcess&& other) noexcept {
    stop();
    pid_ = std::exchange(other.pid_, -1);
    return *this;
  }
  ~ServerProcess() { stop(); }

  void stop() { end_with(SIGKILL); }
  // Its exit code; 127 when there is no such program.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] bool running() const { return pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0; }
  // Stops it without ending it, as a machine that hangs.
  void freeze() const { ::kill(pid_, SIGSTOP); }
  void thaw() const { ::kill(pid_, SIGCONT); }

 private:
  void end_with(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }

  [[noreturn]] static void run(std::vector<std::string> command,
                               const std::filesystem::path& folder, const std::string& log) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::geteuid() == 0) {
      const passwd* nobody = ::getpwnam("nobody");
      if (::setgroups(0, nullptr) != 0 || ::setgid(nobody->pw_gid) != 0 ||
          ::setuid(nobody->pw_uid) != 0) {
        ::_exit(126);
      }
    }
    const int out = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
    ::dup2(out, 1);
    ::dup2(out, 2);
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  pid_t pid_ = -1;
};

inline std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Until the server takes connections, and its log has the word; throws with the log when it does
// not.
inline void await(const ServerProcess& server, int port, const std::filesystem::path& folder,
                  const std::string& word = "") {
  for (int i = 0; i < 600 && server.running(); ++i) {
    if (answers_at(port) && text_of_file(folder / "server.log").find(word) != std::string::npos) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error(
      "the server did not start; is it installed (tools/debian-packages.txt)? " +
      text_of_file(folder / "server.log"));
}

class PostgresqlServer {
 public:
  PostgresqlServer() {
    folder_.write("password", kPassword);
    give_to_plain_user(folder_.path());
    const std::string bin = newest_bin();
    const std::string data = (folder_ / "data").string();
    ServerProcess init({bin + "/initdb", "-D", data, "-U", "survey", "--auth=scram-sha-256",
                        "--pwfile=" + (folder_ / "password").string(), "-E", "UTF8",
                        "--locale=C.UTF-8", "--no-sync"},
                       folder_.path());
    if (init.wait() != 0) {
      throw std::runtime_error("initdb: " + text_of_file(folder_ / "server.log"));
    }
    start();
  }
  // Again after stop(), on the same port and data.
  void start() {
    const std::string bin = newest_bin();
    for (int i = 0; i < 5; ++i) {
      server_ =
          ServerProcess({bin + "/postgres", "-D", (folder_ / "data").string(), "-p",
                         std::to_string(port_), "-c", "listen_addresses=127.0.0.1", "-c",
                         "unix_socket_directories=", "-c", "fsync=off", "-c", "log_statement=all"},
                        folder_.path());
      // After a kill, processes of the former server may hold its memory for a moment.
      if (await_postgresql()) return;
    }
    throw std::runtime_error("postgres: " + text_of_file(folder_ / "server.log"));
  }
  [[nodiscard]] std::string address() const {
    return fmt::format("postgresql://survey:{}@127.0.0.1:{}/postgres", kPassword, port_);
  }
  void stop() { server_.stop(); }
  [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
  // Every statement is in it, after "statement: ".
  [[nodiscard]] std::string log() const { return text_of_file(folder_ / "server.log"); }
  static constexpr const char* kPassword = "only-here-7";

 private:
  bool await_postgresql() {
    for (int i = 0; i < 600 && server_.running(); ++i) {
      if (answers_at(port_) && accepts()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
  // The last start has said that it is ready.
  [[nodiscard]] bool accepts() const {
    const std::string log = text_of_file(folder_ / "server.log");
    const size_t ready = log.rfind("ready to accept connections");
    const size_t started = log.rfind("starting PostgreSQL");
    return ready != std::string::npos && (started == std::string::npos || started < ready);
  }
  static std::string newest_bin() {
    std::string found = "/usr/lib/postgresql/none/bin";
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      if (std::filesystem::exists(entry.path() / "bin" / "postgres")) found = entry.path() / "bin";
    }
    return found;
  }

  TempFolder folder_;
  int port_ = free_port();
  ServerProcess server_;
};

// Shards of one cluster, "survey".
class ClickhouseServers {
 public:
  explicit ClickhouseServers(size_t count) : nodes_(count) {
    for (Node& node : nodes_) {
      node.folder.write("config.xml", config(node));
      node.folder.write("users.xml", users());
      for (const char* name : {"data", "scratch", "user_files", "format_schemas", "log"}) {
        std::filesystem::create_directory(node.folder / name);
      }
      give_to_plain_user(node.folder.path());
    }
    for (size_t i = 0; i < count; ++i) start(i);
  }
  void start(size_t i) {
    Node& node = nodes_[i];
    node.server = ServerProcess(
        {program(), "--config-file=" + (node.folder / "config.xml").string()}, node.folder.path());
    await(node.server, node.http, node.folder.path());
  }
  void stop(size_t i) { nodes_[i].server.stop(); }
  void freeze(size_t i) { nodes_[i].server.freeze(); }
  void thaw(size_t i) { nodes_[i].server.thaw(); }
  [[nodiscard]] std::string address(size_t i) const {
    return fmt::format("clickhouse://survey:{}@127.0.0.1:{}/default", kPassword, nodes_[i].http);
  }
  static constexpr const char* kPassword = "only-here-7";

 private:
  struct Node {
    TempFolder folder;
    int http = free_port(), tcp = free_port(), interserver = free_port();
    ServerProcess server;
  };

  static std::string program() {
    for (const char* path : {"/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server"}) {
      if (std::filesystem::exists(path)) return path;
    }
    return "/usr/sbin/clickhouse-server";
  }

  [[nodiscard]] std::string config(const Node& node) const {
    std::string shards;
    for (const Node& one : nodes_) {
      shards += fmt::format(
          "<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host>"
          "<port>{}</port><user>survey</user><password>{}</password></replica></shard>",
          one.tcp, kPassword);
    }
    const std::string folder = node.folder.path().string();
    return fmt::format(
        "<yandex><logger><level>warning</level><log>{0}/log/server.log</log>"
        "<errorlog>{0}/log/err.log</errorlog></logger><listen_host>127.0.0.1</listen_host>"
        "<http_port>{1}</http_port><tcp_port>{2}</tcp_port>"
        "<interserver_http_host>127.0.0.1</interserver_http_host>"
        "<interserver_http_port>{3}</interserver_http_port>"
        "<mark_cache_size>67108864</mark_cache_size>"
        "<path>{0}/data/</path><tmp_path>{0}/scratch/</tmp_path>"
        "<user_files_path>{0}/user_files/</user_files_path>"
        "<format_schema_path>{0}/format_schemas/</format_schema_path>"
        "<users_config>users.xml</users_config><default_profile>default</default_profile>"
        "<default_database>default</default_database><timezone>UTC</timezone>"
        "<remote_servers><survey>{4}</survey></remote_servers>"
        "<builtin_dictionaries_reload_interval>3600</builtin_dictionaries_reload_interval>"
        "</yandex>",
        folder, node.http, node.tcp, node.interserver, shards);
  }
  static std::string users() {
    return fmt::format(
        "<yandex><profiles><default><load_balancing>in_order</load_balancing>"
        "<connect_timeout_with_failover_ms>500</connect_timeout_with_failover_ms>"
        "<receive_timeout>5</receive_timeout><send_timeout>5</send_timeout></default></profiles>"
        "<users><survey><password>{}</password><networks><ip>127.0.0.1</ip></networks>"
        "<profile>default</profile><quota>default</quota></survey></users>"
        "<quotas><default><interval><duration>3600</duration><queries>0</queries>"
        "<errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows>"
        "<execution_time>0</execution_time></interval></default></quotas></yandex>",
        kPassword);
  }

  std::vector<Node> nodes_;
};

}  // namespace barometer::testing
