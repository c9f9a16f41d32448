#include "barometer/contact/bounce.h"

#include <algorithm>
#include <map>
#include <optional>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kMailsMax = 100'000;
constexpr size_t kFieldMax = 998;  // bytes of a header that are looked at
constexpr int kDepthMax = 8;       // parts within parts

using Fields = std::map<std::string, std::string>;  // by name in small letters; the first counts

struct Part {
  Fields head;
  std::string_view body;
};

// The next line without its end; moves `text` past it.
std::string_view next_line(std::string_view& text) {
  const size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Header fields up to an empty line, folded ones unfolded; moves `text` past it.
Fields read_fields(std::string_view& text) {
  Fields fields;
  std::string name;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (const auto known = fields.find(name);
          known != fields.end() && known->second.size() < kFieldMax) {
        known->second += ' ';
        known->second += trimmed(line.substr(0, kFieldMax));
      }
      continue;
    }
    const size_t colon = line.find(':');
    name = lowered(trimmed(line.substr(0, std::min(colon, kFieldMax))));
    const std::string_view value =
        colon == std::string_view::npos ? "" : line.substr(colon + 1, kFieldMax);
    if (!fields.emplace(name, trimmed(value)).second) name.clear();
  }
  return fields;
}

std::string field(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

Part read_part(std::string_view text) {
  Part part;
  part.head = read_fields(text);
  part.body = text;
  return part;
}

// "multipart/report; boundary="x"" -> x
std::string boundary_of(const std::string& type) {
  const size_t at = lowered(type).find("boundary=");
  if (at == std::string::npos) return {};
  std::string_view value = std::string_view(type).substr(at + 9);
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    return std::string(value.substr(0, value.find('"')));
  }
  return std::string(value.substr(0, value.find_first_of("; \t")));
}

std::vector<std::string_view> parts_of(std::string_view body, const std::string& boundary) {
  std::vector<std::string_view> parts;
  const std::string mark = "--" + boundary;
  const char* start = nullptr;
  std::string_view left = body;
  while (!left.empty()) {
    const char* const line_start = left.data();
    const std::string_view line = trimmed(next_line(left));
    if (!line.starts_with(mark)) continue;
    if (start != nullptr) parts.emplace_back(start, static_cast<size_t>(line_start - start));
    start = left.data();
    if (line == mark + "--") return parts;
  }
  // A report that was cut off: its last part goes as far as it goes.
  if (start != nullptr) {
    parts.emplace_back(start, static_cast<size_t>(body.data() + body.size() - start));
  }
  return parts;
}

std::string without_brackets(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('<')) text.remove_prefix(1);
  return std::string(text.substr(0, text.find_first_of("> \t")));
}

// "rfc822; someone@example.org" -> someone@example.org
std::string address_in(std::string_view value) {
  const size_t semicolon = value.find(';');
  if (semicolon != std::string_view::npos) value.remove_prefix(semicolon + 1);
  return without_brackets(value);
}

class Report {
 public:
  // False when the mail is no delivery report.
  bool read(std::string_view mail) {
    look_at(read_part(mail), 0);
    for (Bounce& one : bounces_) one.message_id = message_id_;
    return is_report_;
  }
  std::vector<Bounce>& bounces() { return bounces_; }

 private:
  void look_at(const Part& part, int depth) {
    const std::string type = field(part.head, "content-type");
    const std::string kind = lowered(trimmed(type.substr(0, type.find(';'))));
    if (kind == "message/delivery-status") {
      is_report_ = true;
      read_status(part.body);
    } else if (kind == "message/rfc822" || kind == "text/rfc822-headers") {
      const Part original = read_part(part.body);
      message_id_ = without_brackets(field(original.head, "message-id"));
    } else if (kind.starts_with("multipart/") && depth < kDepthMax) {
      const std::string boundary = boundary_of(type);
      if (boundary.empty()) return;
      for (const std::string_view inner : parts_of(part.body, boundary)) {
        look_at(read_part(inner), depth + 1);
      }
    }
  }

  // Groups of fields: one about the message, then one for each recipient.
  void read_status(std::string_view body) {
    while (!body.empty()) {
      const Fields group = read_fields(body);
      const std::string action = lowered(field(group, "action"));
      if (action != "failed" && action != "delayed") continue;
      Bounce bounce;
      bounce.for_good = action == "failed";
      bounce.status = field(group, "status").substr(0, 20);
      bounce.recipient = address_in(field(group, "original-recipient"));
      if (bounce.recipient.empty()) bounce.recipient = address_in(field(group, "final-recipient"));
      bounces_.push_back(std::move(bounce));
    }
  }

  bool is_report_ = false;
  std::string message_id_;
  std::vector<Bounce> bounces_;
};

// The mails of a mailbox, or the one mail that it is.
std::vector<std::string_view> mails_in(std::string_view bytes) {
  if (!bytes.starts_with("From ")) {
    return trimmed(bytes).empty() ? std::vector<std::string_view>()
                                  : std::vector<std::string_view>{bytes};
  }
  std::vector<std::string_view> mails;
  std::string_view left = bytes;
  next_line(left);
  while (mails.size() < kMailsMax) {
    const size_t end = left.find("\nFrom ");
    mails.push_back(left.substr(0, end == std::string_view::npos ? end : end + 1));
    if (end == std::string_view::npos) break;
    left.remove_prefix(end + 1);
    next_line(left);
  }
  return mails;
}

}  // namespace

BounceFile read_bounces(std::string_view bytes) {
  BounceFile file;
  for (const std::string_view mail : mails_in(bytes)) {
    ++file.mails;
    Report report;
    if (!report.read(mail)) {
      ++file.others;
      continue;
    }
    for (Bounce& bounce : report.bounces()) file.bounces.push_back(std::move(bounce));
  }
  return file;
}

}  // namespace barometer
