#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <memory>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/connection_internal.h"

namespace barometer {
namespace {

constexpr size_t kCopyBytes = size_t{1} << 16;
constexpr int kPollMs = 100;  // how long the stop sign may go unseen

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using Connected = std::unique_ptr<PGconn, Finish>;
using Answered = std::unique_ptr<PGresult, Clear>;

// A line of COPY's text: \N where not known, and \t \n \r \\ escaped.
void append_line(std::string& text, SqlRow row, const std::vector<SqlType>& types) {
  for (size_t i = 0; i < row.size(); ++i) {
    if (i > 0) text += '\t';
    if (!row[i].known) {
      text += "\\N";
    } else if (types[i] == SqlType::kNumber) {
      fmt::format_to(std::back_inserter(text), "{}", row[i].number);
    } else if (types[i] == SqlType::kWhole) {
      fmt::format_to(std::back_inserter(text), "{}", row[i].whole);
    } else {
      for (const char c : row[i].text) {
        constexpr std::string_view kSpecial = "\t\n\r\\";
        const size_t special = kSpecial.find(c);
        if (special == std::string_view::npos) {
          text += c;
        } else {
          text += '\\';
          text += std::string_view("tnr\\")[special];
        }
      }
    }
  }
  text += '\n';
}

class PostgresqlConnection final : public SqlConnection {
 public:
  explicit PostgresqlConnection(SqlSource source) : source_(std::move(source)) {}

  SqlOutcome run(const SqlStatement& statement, const Progress& progress,
                 const SqlRowUser& use) override {
    if (!connection_) {
      if (Status connected = connect(); !connected) return {std::move(connected), true};
    }
    if (PQsendQuery(connection_.get(), statement.text.c_str()) == 0) return lost();
    PQsetSingleRowMode(connection_.get());
    SqlOutcome outcome = read(statement.types, progress, use);
    if (!outcome.status) connection_.reset();  // whatever is still under way goes with it
    return outcome;
  }

  SqlOutcome append(const std::string& table, const std::vector<SqlType>& types,
                    const Progress& progress, const SqlRowSource& next) override {
    if (!connection_) {
      if (Status connected = connect(); !connected) return {std::move(connected), true};
    }
    const Answered begun(
        PQexec(connection_.get(), fmt::format("COPY {} FROM STDIN", table).c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) {
      return {refused(PQresultErrorMessage(begun.get()))};
    }
    std::vector<SqlCell> cells(types.size());
    std::string text;
    bool more = true;
    while (more) {
      if (progress.stopped()) {
        connection_.reset();
        return {fail(ErrorCode::kLimit, "stopped while loading")};
      }
      text.clear();
      while (text.size() < kCopyBytes && (more = next(cells))) append_line(text, cells, types);
      if (PQputCopyData(connection_.get(), text.data(), static_cast<int>(text.size())) != 1) {
        return lost();
      }
    }
    if (PQputCopyEnd(connection_.get(), nullptr) != 1) return lost();
    return read({}, progress, {});
  }

 private:
  Status connect() {
    const std::array<const char*, 8> names = {
        "host", "port", "user", "password", "dbname", "application_name", "client_encoding",
        nullptr};
    const std::array<const char*, 8> values = {source_.host.c_str(),
                                               source_.port.c_str(),
                                               source_.user.c_str(),
                                               source_.password.c_str(),
                                               source_.database.c_str(),
                                               "barometer",
                                               "UTF8",
                                               nullptr};
    connection_.reset(PQconnectdbParams(names.data(), values.data(), 0));
    PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
    if (PQstatus(connection_.get()) == CONNECTION_OK) {
      // One meaning of '\\', and doubles that read back the same.
      const Answered set(PQexec(connection_.get(),
                                "SET standard_conforming_strings = on; SET extra_float_digits = 1; "
                                "SET datestyle = 'ISO'; SET intervalstyle = 'iso_8601'; "
                                "SET timezone = 'UTC'"));
      if (PQresultStatus(set.get()) == PGRES_COMMAND_OK) return {};
    }
    Status failed = refused(PQerrorMessage(connection_.get()));
    connection_.reset();
    return failed;
  }

  // The server's own words never hold the password; ours are checked for it all the same.
  [[nodiscard]] Status refused(std::string_view message) const {
    std::string text = printable(trimmed(message.substr(0, message.find('\n'))), 300);
    if (!source_.password.empty()) text = replaced(std::move(text), source_.password, "***");
    return fail(ErrorCode::kIo, fmt::format("{}: {}", source_.name(), text));
  }
  SqlOutcome lost() {
    SqlOutcome outcome{refused(PQerrorMessage(connection_.get())), true};
    connection_.reset();
    return outcome;
  }

  // False when it was told to stop, or the connection broke.
  bool wait(const Progress& progress) {
    while (PQisBusy(connection_.get()) != 0) {
      if (progress.stopped()) return false;
      pollfd ready{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
      const int found = poll(&ready, 1, kPollMs);
      if (found > 0 && PQconsumeInput(connection_.get()) == 0) return false;
    }
    return true;
  }

  // A server that shuts down says so, and only then hangs up.
  [[nodiscard]] bool ends_session(const PGresult* answer) const {
    const char* severity = PQresultErrorField(answer, PG_DIAG_SEVERITY_NONLOCALIZED);
    const std::string_view word = severity == nullptr ? "" : severity;
    return word == "FATAL" || word == "PANIC" || PQstatus(connection_.get()) != CONNECTION_OK;
  }

  void cancel() {
    const std::unique_ptr<PGcancel, FreeCancel> cancel(PQgetCancel(connection_.get()));
    std::array<char, 256> problem{};
    if (cancel) PQcancel(cancel.get(), problem.data(), static_cast<int>(problem.size()));
  }

  SqlOutcome read(const std::vector<SqlType>& types, const Progress& progress,
                  const SqlRowUser& use) {
    while (true) {
      if (!wait(progress)) {
        if (!progress.stopped()) return lost();
        cancel();
        return {fail(ErrorCode::kLimit, "stopped while the database was summing")};
      }
      const Answered answer(PQgetResult(connection_.get()));
      if (!answer) return {};
      switch (PQresultStatus(answer.get())) {
        case PGRES_SINGLE_TUPLE:
          if (Status used = hand_out(answer.get(), types, use); !used) {
            cancel();
            return {std::move(used)};
          }
          break;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
          break;
        default:
          return {refused(PQresultErrorMessage(answer.get())), ends_session(answer.get())};
      }
    }
  }

  Status hand_out(PGresult* answer, const std::vector<SqlType>& types, const SqlRowUser& use) {
    CHECK(static_cast<size_t>(PQnfields(answer)) == types.size(), "a type for each column");
    cells_.assign(types.size(), {});
    for (size_t i = 0; i < types.size(); ++i) {
      const int column = static_cast<int>(i);
      if (PQgetisnull(answer, 0, column) != 0) continue;
      const std::string_view text(PQgetvalue(answer, 0, column),
                                  static_cast<size_t>(PQgetlength(answer, 0, column)));
      if (!parse_cell(text, types[i], cells_[i])) {
        return refused(fmt::format("'{}' where a number is due", printable(text)));
      }
    }
    return use(cells_);
  }

  SqlSource source_;
  Connected connection_;
  std::vector<SqlCell> cells_;
};

}  // namespace

Result<SqlConnectionPtr> open_postgresql(const SqlSource& source, const SqlOptions& /*options*/) {
  return SqlConnectionPtr(std::make_unique<PostgresqlConnection>(source));
}

}  // namespace barometer
