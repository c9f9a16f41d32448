// Contacts as people wrote them: people.h, read_people.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/people.h"

namespace barometer {
namespace {

constexpr size_t kAddressMax = 254;  // RFC 5321, 4.5.3.1.3, without its angle brackets
constexpr size_t kTextMax = 300;
constexpr std::string_view kRefused = "\"\\()<>[]:;,";  // in an address

class Reader {
 public:
  Reader(const CsvTable& table, const Frame& frame, Diagnostics& problems)
      : table_(table), frame_(frame), problems_(problems) {
    for (const Organisation& one : frame.organisations()) organisations_.push_back(one.id);
  }

  std::vector<FieldPerson> read() {
    for (size_t row = 0; row < table_.row_count(); ++row) add(row);
    for (const Person& one : frame_.people()) {
      if (!places_.contains(one.id)) people_.push_back(of_frame(one));
    }
    std::ranges::sort(people_, {}, &FieldPerson::id);
    return std::move(people_);
  }

 private:
  static FieldPerson of_frame(const Person& one) {
    FieldPerson person;
    person.id = one.id;
    person.name = one.name;
    person.role = one.role;
    person.organisations = one.organisations;
    return person;
  }

  void add(size_t row) {
    const CsvCell& id = table_.cell(row, "id");
    if (!check_id(id)) return;
    const Person* known = frame_.person(id.text);
    FieldPerson person = known == nullptr ? FieldPerson{} : of_frame(*known);
    person.id = id.text;
    person.email = address(row);
    take(row, "name", person.name);
    take(row, "phone", person.phone);
    take(row, "language", person.language);
    take(row, "role", person.role);
    const CsvCell& organisations = table_.cell(row, "organisation");
    if (!organisations.text.empty()) person.organisations = listed(organisations);
    if (person.organisations.empty()) {
      problems_.error(
          "no-organisation", organisations.place,
          fmt::format("'{}' is not in the frame and has no organisation", printable(id.text)),
          "name one of the frame's organisations in the column organisation");
      return;
    }
    people_.push_back(std::move(person));
  }

  bool check_id(const CsvCell& id) {
    if (id.text.empty()) {
      problems_.error("no-id", id.place, "a person needs an id");
      return false;
    }
    if (id.text.size() > kTextMax || id.text.find('+') != std::string::npos) {
      problems_.error(
          "bad-id", id.place,
          fmt::format("'{}' cannot be an id: + stands for colleagues", printable(id.text)));
      return false;
    }
    if (id.text.find('@') != std::string::npos) {
      problems_.error("bad-id", id.place,
                      fmt::format("'{}' cannot be an id: ids stay when a person is erased, so "
                                  "they hold no address",
                                  printable(id.text)));
      return false;
    }
    const auto [first, is_new] = places_.emplace(id.text, id.place);
    if (!is_new) {
      problems_.error(
          "doubled-id", id.place,
          fmt::format("'{}' is at {} already", printable(id.text), first->second.text()));
    }
    return is_new;
  }

  std::string address(size_t row) {
    const CsvCell& cell = table_.cell(row, "email");
    if (cell.text.empty()) return {};
    if (!is_mail_address(cell.text)) {
      problems_.error("bad-address", cell.place,
                      fmt::format("'{}' is not a mail address", printable(cell.text)));
      return {};
    }
    const auto [first, is_new] = addresses_.emplace(lowered(cell.text), cell.place);
    if (!is_new) {
      problems_.warning("shared-address", cell.place,
                        fmt::format("'{}' is at {} too: both links go to one mailbox",
                                    printable(cell.text), first->second.text()));
    }
    return cell.text;
  }

  void take(size_t row, std::string_view column, std::string& into) {
    const CsvCell& cell = table_.cell(row, column);
    if (cell.text.empty()) return;
    const bool control = std::ranges::any_of(
        cell.text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
    if (control || cell.text.size() > kTextMax) {
      problems_.error("bad-text", cell.place,
                      fmt::format("'{}' in the column {}: one line of at most {} bytes",
                                  printable(cell.text), column, kTextMax));
      return;
    }
    into = cell.text;
  }

  std::vector<std::string> listed(const CsvCell& cell) {
    std::vector<std::string> ids;
    for (const std::string& part : split(cell.text, ';')) {
      const std::string id(trimmed(part));
      if (frame_.organisation(id) == nullptr) {
        problems_.error("unknown-organisation", cell.place,
                        fmt::format("there is no organisation '{}'", printable(id)),
                        suggestion(id, organisations_));
      } else if (std::ranges::find(ids, id) == ids.end()) {
        ids.push_back(id);
      }
    }
    return ids;
  }

  const CsvTable& table_;
  const Frame& frame_;
  Diagnostics& problems_;
  std::vector<std::string> organisations_;
  std::map<std::string, Place> places_;
  std::map<std::string, Place> addresses_;
  std::vector<FieldPerson> people_;
};

}  // namespace

bool is_mail_address(std::string_view text) {
  const size_t at = text.find('@');
  if (text.size() > kAddressMax || at == 0 || at == std::string_view::npos ||
      at + 1 == text.size() || text.find('@', at + 1) != std::string_view::npos) {
    return false;
  }
  if (!is_utf8(text) || text.front() == '-') return false;
  const bool plain = std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f' &&
           kRefused.find(c) == std::string_view::npos;
  });
  const std::string_view host = text.substr(at + 1);
  return plain && host.front() != '.' && host.back() != '.' && host.front() != '-' &&
         host.find("..") == std::string_view::npos && text.find("..") == std::string_view::npos;
}

std::vector<FieldPerson> read_people(std::string_view csv, const std::string& file,
                                     const Frame& frame, Diagnostics& problems) {
  const CsvTable table = csv.empty() ? CsvTable() : CsvTable::parse(csv, file, problems);
  if (!csv.empty()) {
    table.require_columns({"id", "email"}, {"name", "phone", "language", "organisation", "role"},
                          problems);
  }
  return Reader(table, frame, problems).read();
}

}  // namespace barometer
