// Handing a mail to a mail server, and what is known afterwards.
//
// SMTP has one moment at which nobody can know: the end of the message went out, and the connection
// broke before the answer came. Then the mail is `unclear`, and it is not sent again by itself: a
// mail too few is put right by the next reminder, a mail too many by nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "barometer/base/yaml.h"

namespace barometer {

enum class SendState {
  kSent,       // the server took it (250 after the message)
  kTemporary,  // not taken; worth another attempt (4xx, connection lost before the end)
  kPermanent,  // never will be (5xx about the recipient or the message)
  kUnclear,    // the end went out and no answer came
  kNoServer,   // no connection, no encryption or no sign-in: nothing can be sent at all now
};

struct SendResult {
  SendState state = SendState::kTemporary;
  int code = 0;        // SMTP reply, 0 without one
  std::string said{};  // the server's last words, without addresses
};

struct OutgoingMail {
  std::string from{};  // of the envelope: where bounces go
  std::string to{};
  std::string message{};  // CRLF lines
};

class Mailer {
 public:
  Mailer() = default;
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;
  virtual ~Mailer() = default;
  // `before_end` is called once the recipient is accepted and the message is handed over but for
  // its end; when it fails, the mail is given up before the server can have taken it.
  virtual SendResult send(const OutgoingMail& mail, const std::function<Status()>& before_end) = 0;
};

// DIR/smtp.yaml, for its owner alone when it has a password:
//   host: mail.example.org
//   port: 587
//   security: starttls      # or tls (port 465), or none (a server on this machine only)
//   username: survey
//   password: …
//   per_minute: 60
//   ca_file: …              # certificates to trust instead of the system's
struct SmtpSettings {
  std::string host{};
  int port = 587;
  std::string security = "starttls";
  std::string username{};
  std::string password{};
  std::string ca_file{};
  int per_minute = 60;
  int timeout_seconds = 60;
};
// Reports what is wrong with it.
SmtpSettings read_smtp_settings(std::string_view yaml, const std::string& file,
                                Diagnostics& problems);

// DIR/smtp.yaml. kNotFound: there is none; kInvalid: what is wrong with it, or that others may read
// its password.
Result<SmtpSettings> load_smtp_settings(const std::filesystem::path& file);

// Asked about once a second while a mail is under way: true gives it up. `ended`: its end has gone
// out, so that it would be unclear.
using GiveUp = std::function<bool(bool ended)>;
// libcurl; one connection for many mails. One thread at a time.
std::unique_ptr<Mailer> make_smtp_mailer(SmtpSettings settings, GiveUp give_up = {});

}  // namespace barometer
