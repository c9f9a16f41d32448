// A small wave in the field: a frame of three organisations, a questionnaire with every kind of
// page, people with links, and its server on a port of the loopback, with a clock of its own.
#pragma once

#include <sodium.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/token.h"
#include "barometer/server/field_server.h"
#include "barometer/study/study.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_folder.h"

namespace barometer::testing {

inline int64_t real_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

inline Study field_study() {
  Diagnostics problems;
  Study study;
  study.id = "field";
  study.title = "Field";
  study.sponsor = "The Sponsor";
  const std::string organisations =
      "id,name,region\na1,North & <b>Bold</b>,North\na2,South,South\na3,West,West\n";
  const std::string people =
      "id,organisation,role\np1,a1,Chair\np2,a2,Accountable officer\np3,a1;a3,Chair\n";
  study.frames.emplace("f", Frame::parse(organisations, "o.csv", people, "p.csv", {}, problems));
  const std::string yaml = SOURCE_DIR "/tests/data/field/questionnaire.yaml";
  Wave wave;
  wave.id = "w1";
  wave.title = "Wave one";
  wave.frame_version = "f";
  wave.questionnaire =
      read_questionnaire(load_yaml(*read_file(yaml), "questionnaire.yaml", problems), problems);
  wave.fieldwork.opens_ms = 0;
  wave.fieldwork.contact.help_email = "help@survey.example";
  study.waves.push_back(std::move(wave));
  if (problems.error_count() > 0) throw std::runtime_error(problems.text());
  return study;
}

// What the journal holds of a person of a confidential wave, in order.
inline std::vector<JournalEntry> entries_of_person(const FieldFolder& data, const std::string& wave,
                                                   const std::string& person) {
  const auto key = data.pseudonym_key(wave);
  auto journal = Journal::open(data.answers());
  std::vector<JournalEntry> found;
  const Status read = (*journal)->read_subject(wave, pseudonym(*key, wave, person),
                                               [&](const JournalEntry& entry) -> Status {
                                                 found.push_back(entry);
                                                 return {};
                                               });
  if (!read) throw std::runtime_error(read.error().message);
  return found;
}

// Where a wave is kept, when not in a folder of the test's own.
struct FieldPlace {
  std::filesystem::path data{};
  std::string store{};  // postgresql://…
};

class FieldWave {
 public:
  explicit FieldWave(const FieldServerOptions& options = {}, Study with = field_study(),
                     const FieldPlace& place = {})
      : study(std::move(with)), options_(options) {
    options_.unknown_rate = {1000, 1000};
    auto opened =
        FieldFolder::open(place.data.empty() ? folder.path() / "data" : place.data, place.store);
    if (!opened) throw std::runtime_error(opened.error().message);
    data_ = std::make_unique<FieldFolder>(std::move(*opened));
    import();
    start();
  }
  ~FieldWave() {
    if (server) server->stop(0);
  }

  void start() {
    server.reset();
    server = another();
  }
  // One more server of the same wave and data.
  std::unique_ptr<FieldServer> another() {
    auto started = started_another();
    if (!started) throw std::runtime_error(started.error().message);
    return std::move(*started);
  }
  Result<std::unique_ptr<FieldServer>> started_another() {
    FieldServerHooks hooks;
    hooks.unix_ms = [this] { return now_ms.load(); };
    hooks.microseconds = real_us;
    hooks.random = [](std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); };
    hooks.log = [this](std::string_view line) {
      const std::scoped_lock guard(log_lock_);
      log_.append(line).append("\n");
    };
    return FieldServer::start(study, study.waves[0], *data_, options_, hooks);
  }

  [[nodiscard]] std::string log() {
    const std::scoped_lock guard(log_lock_);
    return log_;
  }
  [[nodiscard]] const FieldFolder& data() const { return *data_; }
  [[nodiscard]] const std::string& link(const std::string& person) const {
    return links_.at(person);
  }
  // A token of another purpose.
  std::string token(TokenPurpose purpose, const std::string& person) {
    const auto key = data_->key("tokens");
    auto database = open_database(data_->identity());
    return *Tokens(**database, *key).issue(purpose, "w1", person, now_ms + 30LL * 86'400'000);
  }
  std::vector<ContactEvent> events(const std::string& person) {
    auto database = open_database(data_->identity());
    return *People(**database, "w1").events(person);
  }
  // In order.
  std::vector<JournalEntry> entries(const std::string& person) {
    return entries_of_person(*data_, "w1", person);
  }

  [[nodiscard]] HttpAnswer get(const std::string& target, const std::string& headers = {}) const {
    return RawClient(server->port()).ask(get_request(target, headers));
  }
  [[nodiscard]] HttpAnswer post(const std::string& target, const std::string& form,
                                const std::string& headers = {}) const {
    return RawClient(server->port()).ask(form_request(target, form, headers));
  }
  // The ticket of the first form of a page.
  [[nodiscard]] std::string ticket(const std::string& target) const {
    return ticket_in(get(target).body);
  }
  static std::string ticket_in(const std::string& html) {
    const std::string mark = "name=\"_ticket\" value=\"";
    const size_t at = html.find(mark);
    if (at == std::string::npos) return {};
    return html.substr(at + mark.size(), html.find('"', at + mark.size()) - at - mark.size());
  }
  // Posts the form of a page as a person would: opened first.
  [[nodiscard]] HttpAnswer fill(const std::string& target, const std::string& form) const {
    return post(target, "_ticket=" + ticket(target) + (form.empty() ? "" : "&" + form));
  }

  TempFolder folder;
  Study study;
  std::atomic<int64_t> now_ms = 1'800'000'000'000;
  std::unique_ptr<FieldServer> server;

 private:
  void import() {
    auto database = open_database(data_->identity());
    if (!database) throw std::runtime_error(database.error().message);
    const Status prepared = People::prepare(**database);
    if (!prepared) throw std::runtime_error(prepared.error().message);
    std::vector<FieldPerson> people;
    for (const Person& person : study.frames.begin()->second.people()) {
      FieldPerson field;
      field.id = person.id;
      field.name = "Name of " + person.id;
      field.email = person.id + "@post.example";
      field.role = person.role;
      field.organisations = person.organisations;
      people.push_back(std::move(field));
    }
    const auto imported = People(**database, "w1").import(people, now_ms);
    if (!imported) throw std::runtime_error(imported.error().message);
    for (const FieldPerson& person : people) {
      links_[person.id] = "/i/" + token(TokenPurpose::kAnswer, person.id);
    }
  }

  FieldServerOptions options_;
  std::unique_ptr<FieldFolder> data_;
  std::map<std::string, std::string> links_;
  std::mutex log_lock_;
  std::string log_;
};

}  // namespace barometer::testing
