// kill -9 of a server that serves pages, at random moments under load over HTTP; a full disk; a
// disk that has become read-only. BAROMETER_ROUNDS says how often it is killed (20);
// tests/CMakeLists.txt asks for 200 and 1,000.
#include <sys/mount.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

#include <gmock/gmock.h>

#include "barometer/server/field_server.h"
#include "tests/support/command.h"
#include "tests/support/server_child.h"

namespace barometer {
namespace {

using testing::Answering;
using testing::FieldPlace;
using testing::FieldWave;
using ::testing::HasSubstr;
using testing::HttpAnswer;
using testing::ServerChild;
using testing::TempFolder;

constexpr int kRoundsOfOneWave = 25;  // so that checking it stays quick
constexpr int kPeople = 6;

int rounds() {
  const char* asked = std::getenv("BAROMETER_ROUNDS");
  return asked == nullptr ? 20 : std::atoi(asked);
}

FieldServerOptions without_rates() {
  FieldServerOptions options;
  options.link_rate = options.address_rate = {0, 0};
  return options;
}

Study study_of(int people) {
  Study study = testing::field_study();
  std::string organisations = "id,name,region\n";
  std::string listed = "id,organisation,role\n";
  for (int i = 0; i < people; ++i) {
    organisations += fmt::format("a{0},Organisation {0},North\n", i);
    listed += fmt::format("p{0},a{0},Chair\n", i);
  }
  Diagnostics problems;
  study.frames.clear();
  study.frames.emplace("f", Frame::parse(organisations, "o.csv", listed, "p.csv", {}, problems));
  return study;
}

// A wave whose servers are made by the test.
class CrashedWave {
 public:
  CrashedWave() : wave_(without_rates(), study_of(kPeople)) {
    wave_.server.reset();
    for (int i = 0; i < kPeople; ++i) {
      const std::string person = fmt::format("p{}", i);
      people_.emplace(person, Answering(wave_.link(person)));
    }
  }

  // Serves, and is killed `after` the first acknowledgement.
  void kill_under_load(std::chrono::microseconds after) {
    ServerChild server([this] { return wave_.another(); });
    ASSERT_NE(server.port(), 0) << "the server does not start again";
    const std::atomic<bool> stop = false;
    std::atomic<int> told = 0;
    std::vector<std::thread> clients;
    for (auto& [person, client] : people_) {
      clients.emplace_back(
          [&, &one = client] { one.run(server.port(), stop, [&told] { ++told; }); });
    }
    for (int i = 0; i < 20'000 && told == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    std::this_thread::sleep_for(after);
    server.kill();
    for (std::thread& client : clients) client.join();
    EXPECT_GT(told, 0) << "a round without load shows nothing";
    total_ += told;
  }
  void kill_while_starting(std::chrono::microseconds after) {
    ServerChild server([this] { return wave_.another(); });
    std::this_thread::sleep_for(after);
    server.kill();
  }
  void expect_kept() { testing::expect_answers_kept(wave_, people_); }
  [[nodiscard]] int total() const { return total_; }

 private:
  FieldWave wave_;
  std::map<std::string, Answering> people_;
  int total_ = 0;
};

TEST(ServerCrash, NoAcknowledgedAnswerIsLostAndNoneIsDoubled) {
  std::mt19937 random(20261123);
  std::uniform_int_distribution<int> moment(0, 15'000);
  int acknowledged = 0;
  for (int round = 0; round < rounds();) {
    CrashedWave wave;
    for (int i = 0; i < kRoundsOfOneWave && round < rounds(); ++i, ++round) {
      if (round % 8 == 7) wave.kill_while_starting(std::chrono::microseconds(moment(random)));
      wave.kill_under_load(std::chrono::microseconds(moment(random)));
      wave.expect_kept();
      ASSERT_FALSE(HasFailure()) << "in round " << round;
    }
    acknowledged += wave.total();
  }
  RecordProperty("acknowledged", acknowledged);
}

// What is sent while the disk takes nothing, and again when it does.
void expect_nothing_acknowledged(FieldWave& wave, const std::string& page,
                                 const std::string& form) {
  const size_t before = wave.entries("p1").size();
  const HttpAnswer refused = wave.post(page, form);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("Your answer could not be saved"));
  EXPECT_THAT(refused.body, ::testing::Not(HasSubstr("disk"))) << "no detail of ours";
  EXPECT_EQ(wave.get(page).status, 200) << "pages are still shown";
  EXPECT_EQ(wave.entries("p1").size(), before);
  EXPECT_THAT(wave.get("/metrics").body,
              ::testing::Not(HasSubstr("barometer_store_errors_total 0\n")));
  EXPECT_EQ(wave.get("/health").status, 200) << "the journal can be read";
}

// Mounted over a folder for as long as it lives.
class Mount {
 public:
  Mount(std::string command, std::filesystem::path place) : place_(std::move(place)) {
    std::filesystem::create_directories(place_);
    holds_ = testing::run_command(command + " " + place_.string() + " 2>&1").exit == 0;
  }
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;
  ~Mount() {
    if (holds_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool holds() const { return holds_; }

 private:
  std::filesystem::path place_;
  bool holds_ = false;
};

TEST(ServerDisk, AFullDiskIsSaidNothingIsAcknowledgedAndItGoesOn) {
  const TempFolder folder;
  const Mount disk("mount -t tmpfs -o size=3m none", folder / "disk");
  if (!disk.holds()) {
    std::cout << "A small disk can be mounted by root only; the limit below stands for it.\n";
    return;
  }
  FieldWave wave(without_rates(), testing::field_study(), FieldPlace{folder / "disk/data", ""});
  const std::string page = wave.link("p1") + "/p/role";
  ASSERT_EQ(wave.fill(page, "role=2").status, 303);
  const std::string form = "role=1&_ticket=" + wave.ticket(page);
  {
    std::ofstream filler(folder / "disk/filler", std::ios::binary);
    while (filler << std::string(4096, 'x') << std::flush) {
    }
  }
  for (int i = 0; i < 3; ++i) expect_nothing_acknowledged(wave, page, form);
  EXPECT_EQ(wave.fill(wave.link("p2") + "/decline", "answer=no").status, 503);
  std::filesystem::remove(folder / "disk/filler");
  EXPECT_EQ(wave.post(page, form).status, 303) << "the same page sent again";
  EXPECT_EQ(wave.post(page, form).status, 303) << "and once more";
  EXPECT_EQ(wave.entries("p1").size(), 2U);
  EXPECT_EQ(wave.fill(wave.link("p2") + "/decline", "answer=no").status, 303);
  EXPECT_THAT(testing::check_of(wave.data().answers()).problems, ::testing::IsEmpty());
}

// ext4 that meets an error it cannot live with takes no writes any more, to open files neither.
TEST(ServerDisk, AReadOnlyDiskIsSaidAndAServerAfterItsRepairGoesOn) {
  const TempFolder folder;
  const std::string image = (folder / "image").string();
  const auto made =
      testing::run_command(fmt::format("truncate -s 16M {0} && mkfs.ext4 -q {0} 2>&1", image));
  const std::string mount = "mount -o loop " + image;
  std::optional<Mount> disk(std::in_place, made.exit == 0 ? mount : "false", folder / "disk");
  if (!disk->holds()) {
    std::cout << "A disk in a file can be mounted by root with loop devices only: not tried.\n";
    return;
  }
  FieldWave wave(without_rates(), testing::field_study(), FieldPlace{folder / "disk/data", ""});
  const std::string page = wave.link("p1") + "/p/role";
  ASSERT_EQ(wave.fill(page, "role=2").status, 303);
  const std::string form = "role=1&_ticket=" + wave.ticket(page);
  ASSERT_EQ(testing::run_command("mount -o remount,abort " + (folder / "disk").string()).exit, 0);
  for (int i = 0; i < 3; ++i) {
    const HttpAnswer refused = wave.post(page, form);
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(refused.body, HasSubstr("Your answer could not be saved"));
  }
  EXPECT_EQ(wave.get(page).status, 200) << "what was read before is still shown";
  wave.server.reset();
  disk.reset();
  EXPECT_LE(testing::run_command("e2fsck -fy " + image + " 2>&1").exit, 1);
  disk.emplace(mount, folder / "disk");
  ASSERT_TRUE(disk->holds());
  wave.start();
  EXPECT_EQ(wave.post(page, form).status, 303) << "the same page sent again";
  EXPECT_EQ(wave.entries("p1").size(), 2U);
  EXPECT_THAT(testing::check_of(wave.data().answers()).problems, ::testing::IsEmpty());
  wave.server.reset();
}

// The same without root: no file may grow.
TEST(ServerDisk, FilesThatMayNotGrowAreAFullDisk) {
  ::signal(SIGXFSZ, SIG_IGN);
  FieldWave wave(without_rates());
  const std::string page = wave.link("p1") + "/p/role";
  ASSERT_EQ(wave.fill(page, "role=2").status, 303);
  const std::string form = "role=1&_ticket=" + wave.ticket(page);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 1;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const HttpAnswer refused = wave.post(page, form);
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("Your answer could not be saved"));
  EXPECT_EQ(wave.entries("p1").size(), 1U);
  EXPECT_EQ(wave.post(page, form).status, 303) << "the same page sent again";
  EXPECT_EQ(wave.entries("p1").size(), 2U);
}

}  // namespace
}  // namespace barometer
