#include <curl/curl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/contact/mailer.h"

namespace barometer {
namespace {

constexpr int kGoodbye = 221;

struct CleanUp {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, CleanUp>;
using List = std::unique_ptr<curl_slist, FreeList>;

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// One conversation about one mail: what has been handed over, and what the server said.
struct Conversation {
  std::string_view left;  // of the message
  const std::function<Status()>* before_end = nullptr;
  const GiveUp* give_up = nullptr;
  bool started = false;  // the server wants the message
  bool ended = false;    // the end of the message may have gone out
  bool given_up = false;
  std::string said{};  // the last reply
  int code = 0;
};

size_t hand_over(char* buffer, size_t size, size_t count, void* user) {
  auto& talk = *static_cast<Conversation*>(user);
  talk.started = true;
  if (talk.left.empty()) {
    if (!talk.ended && !(*talk.before_end)()) {
      talk.given_up = true;
      return CURL_READFUNC_ABORT;
    }
    talk.ended = true;  // libcurl sends the final dot now
    return 0;
  }
  const size_t bytes = talk.left.copy(buffer, size * count);
  talk.left.remove_prefix(bytes);
  return bytes;
}

size_t hear(char* line, size_t size, size_t count, void* user) {
  auto& talk = *static_cast<Conversation*>(user);
  const std::string_view reply = trimmed({line, size * count});
  if (reply.size() >= 3 &&
      std::ranges::all_of(reply.substr(0, 3), [](char c) { return c >= '0' && c <= '9'; })) {
    const int code = (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + (reply[2] - '0');
    // After a refusal libcurl takes its leave; what counts was said before.
    if (code != kGoodbye) {
      talk.code = code;
      talk.said = std::string(reply);
    }
  }
  return size * count;
}

int look_up(void* user, curl_off_t /*to_get*/, curl_off_t /*got*/, curl_off_t /*to_send*/,
            curl_off_t /*sent*/) {
  const auto& talk = *static_cast<const Conversation*>(user);
  return *talk.give_up && (*talk.give_up)(talk.ended) ? 1 : 0;
}

// Words that hold an address are left out.
std::string without_addresses(const std::string& said) {
  std::vector<std::string> words = split(said, ' ');
  for (std::string& word : words) {
    if (word.find('@') != std::string::npos) word = "…";
  }
  return printable(join(words, " "), 200);
}

class SmtpMailer final : public Mailer {
 public:
  SmtpMailer(SmtpSettings settings, GiveUp give_up)
      : settings_(std::move(settings)), give_up_(std::move(give_up)), easy_(curl_easy_init()) {}

  SendResult send(const OutgoingMail& mail, const std::function<Status()>& before_end) override {
    if (!easy_) return {SendState::kNoServer, 0, "libcurl does not start"};
    Conversation talk{.left = mail.message, .before_end = &before_end, .give_up = &give_up_};
    const List to(curl_slist_append(nullptr, fmt::format("<{}>", mail.to).c_str()));
    prepare(mail, to.get(), talk);
    const CURLcode code = curl_easy_perform(easy_.get());
    SendResult result = judge(code, talk);
    // A connection in an unknown state serves no other mail.
    if (result.state != SendState::kSent && result.state != SendState::kPermanent) {
      easy_.reset(curl_easy_init());
    }
    return result;
  }

 private:
  void prepare(const OutgoingMail& mail, curl_slist* to, Conversation& talk) {
    CURL* easy = easy_.get();
    curl_easy_reset(easy);  // options only: the connection stays
    const bool tls = settings_.security == "tls";
    set(CURLOPT_URL,
        fmt::format("{}://{}:{}", tls ? "smtps" : "smtp", settings_.host, settings_.port).c_str());
    const bool plain = settings_.security == "none";
    set(CURLOPT_USE_SSL, static_cast<long>(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(std::min(settings_.timeout_seconds, 20)));
    set(CURLOPT_TIMEOUT, static_cast<long>(settings_.timeout_seconds));
    if (!settings_.ca_file.empty()) set(CURLOPT_CAINFO, settings_.ca_file.c_str());
    if (!settings_.username.empty()) {
      set(CURLOPT_USERNAME, settings_.username.c_str());
      set(CURLOPT_PASSWORD, settings_.password.c_str());
    }
    set(CURLOPT_MAIL_FROM, fmt::format("<{}>", mail.from).c_str());
    set(CURLOPT_MAIL_RCPT, to);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, hand_over);
    set(CURLOPT_READDATA, &talk);
    set(CURLOPT_HEADERFUNCTION, hear);
    set(CURLOPT_HEADERDATA, &talk);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, look_up);
    set(CURLOPT_XFERINFODATA, &talk);
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  [[nodiscard]] SendResult judge(CURLcode code, const Conversation& talk) const {
    const std::string said =
        talk.code > 0 ? without_addresses(talk.said) : std::string(curl_easy_strerror(code));
    if (code == CURLE_OK) return {SendState::kSent, talk.code, said};
    const bool refused = talk.code >= 400 && talk.code < 600;
    if (talk.given_up) return {SendState::kTemporary, 0, "given up before the end"};
    if (code == CURLE_ABORTED_BY_CALLBACK && !talk.ended) {
      return {SendState::kNoServer, 0, "the program is ending"};
    }
    if (talk.ended) {
      // An answer after the end settles it; silence does not.
      if (!refused) return {SendState::kUnclear, 0, curl_easy_strerror(code)};
      return {talk.code >= 500 ? SendState::kPermanent : SendState::kTemporary, talk.code, said};
    }
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
      case CURLE_USE_SSL_FAILED:
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_LOGIN_DENIED:
        return {SendState::kNoServer, talk.code,
                fmt::format("{} ({})", curl_easy_strerror(code), said)};
      default:
        break;
    }
    const bool about_mail = talk.code >= 500 && talk.code != 530 && talk.code != 535;
    if (about_mail && talk.code != 502 && talk.code != 503) {
      return {SendState::kPermanent, talk.code, said};
    }
    return {SendState::kTemporary, talk.code, said};
  }

  SmtpSettings settings_;
  GiveUp give_up_;
  Easy easy_;
};

}  // namespace

SmtpSettings read_smtp_settings(std::string_view yaml, const std::string& file,
                                Diagnostics& problems) {
  const YamlNode root = load_yaml(yaml, file, problems);
  SmtpSettings settings;
  root.only_keys({"host", "port", "security", "username", "password", "per_minute", "ca_file",
                  "timeout_seconds"});
  settings.host = root.text("host");
  settings.security = root.choice("security", {"starttls", "tls", "none"});
  const auto bounded = [&](const char* key, int otherwise, int most) {
    const long long value = root.optional_integer(key).value_or(otherwise);
    if (value >= 1 && value <= most) return static_cast<int>(value);
    root.child(key).error("out-of-range", fmt::format("{} is a number from 1 to {}", key, most));
    return otherwise;
  };
  settings.port = bounded("port", settings.security == "tls" ? 465 : 587, 65'535);
  settings.per_minute = bounded("per_minute", settings.per_minute, 100'000);
  settings.timeout_seconds = bounded("timeout_seconds", settings.timeout_seconds, 600);
  settings.username = root.optional_text("username").value_or("");
  settings.password = root.optional_text("password").value_or("");
  settings.ca_file = root.optional_text("ca_file").value_or("");
  const bool plain_host = std::ranges::all_of(settings.host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']';
  });
  if (!plain_host) {
    root.child("host").error(
        "bad-host", fmt::format("'{}' is not the name of a machine", printable(settings.host)));
  }
  if (settings.security == "none" && !is_this_machine(settings.host)) {
    root.child("security")
        .error("not-encrypted", "without encryption mail goes to a server on this machine only",
               "security: starttls");
  }
  return settings;
}

Result<SmtpSettings> load_smtp_settings(const std::filesystem::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) {
    return fail(ErrorCode::kNotFound,
                fmt::format("there is no '{}' that names the mail server; see barometer invite "
                            "--help",
                            file.string()));
  }
  Diagnostics problems;
  SmtpSettings settings =
      read_smtp_settings(TRY(read_file(file, 100'000)), file.string(), problems);
  TRY_DONE(problems.status());
  if (!settings.password.empty() && (found.st_mode & 077U) != 0) {
    return fail(ErrorCode::kInvalid,
                fmt::format("others may read the password in '{}': chmod 600 it", file.string()));
  }
  return settings;
}

std::unique_ptr<Mailer> make_smtp_mailer(SmtpSettings settings, GiveUp give_up) {
  return std::make_unique<SmtpMailer>(std::move(settings), std::move(give_up));
}

}  // namespace barometer
