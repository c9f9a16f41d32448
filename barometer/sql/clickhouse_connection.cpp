#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/connection_internal.h"

namespace barometer {
namespace {

struct Cleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeldCurl = std::unique_ptr<CURL, Cleanup>;
using HeldList = std::unique_ptr<curl_slist, FreeList>;

// One answer of TabSeparated text as it comes in.
struct Incoming {
  const std::vector<SqlType>* types = nullptr;
  const SqlRowUser* use = nullptr;
  const Progress* progress = nullptr;
  CURL* curl = nullptr;
  std::string pending{};  // of a row that is not whole yet; of a refusal, what was said
  std::vector<std::string> texts{};
  std::vector<SqlCell> cells{};
  Status status{};

  [[nodiscard]] bool refused() const {
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    return code != 200;
  }
  bool take(std::string_view bytes);
  bool take_row(std::string_view line);
};

constexpr size_t kMostRefusal = 4096;

// "a\tb" of TabSeparated -> the text; \N is handled by the caller.
std::string unescaped_cell(std::string_view cell) {
  std::string text;
  for (size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\' || i + 1 == cell.size()) {
      text += cell[i];
      continue;
    }
    switch (cell[++i]) {
      case 'n':
        text += '\n';
        break;
      case 't':
        text += '\t';
        break;
      case 'r':
        text += '\r';
        break;
      case 'b':
        text += '\b';
        break;
      case 'f':
        text += '\f';
        break;
      case '0':
        text += '\0';
        break;
      default:
        text += cell[i];
    }
  }
  return text;
}

bool Incoming::take_row(std::string_view line) {
  const std::vector<std::string> parts = split(line, '\t');
  if (parts.size() != types->size()) {
    status = fail(ErrorCode::kIo, fmt::format("a row of {} columns came where {} are due",
                                              parts.size(), types->size()));
    return false;
  }
  cells.assign(parts.size(), {});
  texts.resize(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "\\N") continue;
    texts[i] = unescaped_cell(parts[i]);
    if (!parse_cell(texts[i], (*types)[i], cells[i])) {
      status =
          fail(ErrorCode::kIo, fmt::format("'{}' came where a number is due", printable(texts[i])));
      return false;
    }
  }
  status = (*use)(cells);
  return status.has_value();
}

bool Incoming::take(std::string_view bytes) {
  if (refused()) {
    pending += bytes.substr(0, kMostRefusal - std::min(kMostRefusal, pending.size()));
    return true;
  }
  if (types->empty()) return true;
  pending += bytes;
  size_t begin = 0;
  for (size_t end = 0; (end = pending.find('\n', begin)) != std::string::npos; begin = end + 1) {
    if (!take_row(std::string_view(pending).substr(begin, end - begin))) return false;
  }
  pending.erase(0, begin);
  return true;
}

size_t on_bytes(char* bytes, size_t /*one*/, size_t count, void* to) {
  return static_cast<Incoming*>(to)->take({bytes, count}) ? count : 0;
}

int on_progress(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Incoming*>(to)->progress->stopped() ? 1 : 0;
}

// Rows on their way to the server.
struct Outgoing {
  const std::vector<SqlType>* types = nullptr;
  const SqlRowSource* next = nullptr;
  std::vector<SqlCell> cells{};
  std::string text{};
  size_t sent = 0;
  bool ended = false;
};

// RowBinary of nullable columns: of text ClickHouse 18 reads most doubles, but not all, to the bit.
void append_binary(std::string& bytes, std::span<const SqlCell> row,
                   const std::vector<SqlType>& types) {
  for (size_t i = 0; i < row.size(); ++i) {
    bytes += row[i].known ? '\0' : '\1';
    if (!row[i].known) continue;
    if (types[i] == SqlType::kText) {
      size_t length = row[i].text.size();
      for (; length > 127; length >>= 7U) bytes += static_cast<char>(length | 0x80U);
      bytes += static_cast<char>(length);
      bytes += row[i].text;
    } else if (types[i] == SqlType::kNumber) {
      bytes.append(reinterpret_cast<const char*>(&row[i].number), sizeof row[i].number);
    } else {
      bytes.append(reinterpret_cast<const char*>(&row[i].whole), sizeof row[i].whole);
    }
  }
}

size_t on_wanted(char* to, size_t /*one*/, size_t room, void* from) {
  auto& rows = *static_cast<Outgoing*>(from);
  if (rows.sent == rows.text.size()) {
    rows.text.clear();
    rows.sent = 0;
    while (!rows.ended && rows.text.size() < room) {
      rows.ended = !(*rows.next)(rows.cells);
      if (!rows.ended) append_binary(rows.text, rows.cells, *rows.types);
    }
  }
  const size_t count = std::min(room, rows.text.size() - rows.sent);
  std::copy_n(rows.text.data() + rows.sent, count, to);
  rows.sent += count;
  return count;
}

class ClickhouseConnection final : public SqlConnection {
 public:
  explicit ClickhouseConnection(SqlSource source) : source_(std::move(source)) {}

  SqlOutcome run(const SqlStatement& statement, const Progress& progress,
                 const SqlRowUser& use) override {
    return perform(statement, nullptr, progress, use);
  }

  SqlOutcome append(const std::string& table, const std::vector<SqlType>& types,
                    const Progress& progress, const SqlRowSource& next) override {
    Outgoing outgoing{.types = &types, .next = &next, .cells = std::vector<SqlCell>(types.size())};
    return perform({fmt::format("INSERT INTO {} FORMAT RowBinary", table), {}}, &outgoing, progress,
                   {});
  }

 private:
  // `rows`: what follows the statement, if anything.
  SqlOutcome perform(const SqlStatement& statement, Outgoing* rows, const Progress& progress,
                     const SqlRowUser& use) {
    if (!curl_) curl_.reset(curl_easy_init());
    if (!curl_) return {fail(ErrorCode::kIo, "cannot start libcurl")};
    Incoming incoming{
        .types = &statement.types, .use = &use, .progress = &progress, .curl = curl_.get()};
    const HeldList headers = prepare(incoming, statement, rows);
    const CURLcode code = curl_easy_perform(curl_.get());
    if (progress.stopped()) {
      return {fail(ErrorCode::kLimit, "stopped while the database was summing")};
    }
    if (!incoming.status) return {refused(incoming.status.error())};
    if (code != CURLE_OK) return {refused({ErrorCode::kIo, curl_easy_strerror(code)}), true};
    if (incoming.refused()) return {refused({ErrorCode::kIo, said(incoming.pending)})};
    if (!statement.types.empty() && !incoming.pending.empty()) {
      return {refused({ErrorCode::kIo, "the answer was cut off"}), true};
    }
    return {};
  }

  // Whole answers only: an error on the way is then an error of the request. A shard that is down
  // is an error (skip_unavailable_shards is off by default), as are rows that would be left out.
  HeldList prepare(Incoming& incoming, const SqlStatement& statement, Outgoing* rows) {
    CURL* curl = curl_.get();
    curl_easy_reset(curl);
    HeldList headers;
    const auto add = [&](const std::string& header) {
      curl_slist* all = headers.release();  // the list's head stays where the list grows
      headers.reset(curl_slist_append(all, header.c_str()));
    };
    // A user named in the address only: the password must not be in one.
    if (!source_.user.empty()) add("X-ClickHouse-User: " + one_line(source_.user));
    if (!source_.password.empty()) add("X-ClickHouse-Key: " + one_line(source_.password));
    add("Content-Type: text/plain");
    add("Expect:");
    url_ = address();
    body_ = statement.types.empty() ? statement.text : statement.text + " FORMAT TabSeparated";
    curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    if (rows == nullptr) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body_.data());
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
    } else {
      rows->text = body_ + "\n";
      curl_easy_setopt(curl, CURLOPT_POST, 1L);
      curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_wanted);
      curl_easy_setopt(curl, CURLOPT_READDATA, rows);
      add("Transfer-Encoding: chunked");
      curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &incoming);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    return headers;
  }

  static std::string one_line(const std::string& text) {
    return replaced(replaced(text, "\r", ""), "\n", "");
  }

  [[nodiscard]] std::string address() const {
    const std::string host =
        source_.host.find(':') == std::string::npos ? source_.host : "[" + source_.host + "]";
    const std::unique_ptr<char, decltype(&curl_free)> database(
        curl_easy_escape(curl_.get(), source_.database.data(),
                         static_cast<int>(source_.database.size())),
        &curl_free);
    return fmt::format(
        "http://{}:{}/?database={}&wait_end_of_query=1&max_query_size=16777216"
        "&max_ast_elements=1000000&max_expanded_ast_elements=1000000",
        host, source_.port, database.get());
  }

  // "Code: 279, e.displayText() = DB::NetException: All connection tries failed…"
  static std::string said(std::string_view answer) {
    answer = trimmed(answer);
    return answer.empty() ? "no reason given" : printable(answer, 300);
  }

  [[nodiscard]] Status refused(Error error) const {
    if (error.code != ErrorCode::kIo) return tl::unexpected(std::move(error));
    std::string text = std::move(error.message);
    if (!source_.password.empty()) text = replaced(std::move(text), source_.password, "***");
    const std::string name = source_.name();
    if (text.starts_with(name)) return fail(ErrorCode::kIo, std::move(text));
    return fail(ErrorCode::kIo, fmt::format("{}: {}", name, text));
  }

  SqlSource source_;
  HeldCurl curl_;
  std::string url_, body_;
};

}  // namespace

Result<SqlConnectionPtr> open_clickhouse(const SqlSource& source, const SqlOptions& /*options*/) {
  return SqlConnectionPtr(std::make_unique<ClickhouseConnection>(source));
}

}  // namespace barometer
