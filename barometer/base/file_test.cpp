#include "barometer/base/file.h"

#include "barometer/base/written_file.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempFolder;
using ::testing::UnorderedElementsAre;

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

std::string text_of(const fs::path& path) { return read_file(path).value_or("(unreadable)"); }

// The id of a process that is no more.
pid_t dead_pid() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

// Runs `work` in a child that is killed as soon as `work` says it is ready.
template <class Work>
void run_and_kill(Work work) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    work([&] { (void)!::write(ready[1], "x", 1); });
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(ReadFile, GivesTheBytesUnchanged) {
  TempFolder folder;
  for (const std::string& bytes :
       {std::string(), std::string("a\r\n\0b", 5), std::string(200001, 'x')}) {
    EXPECT_EQ(text_of(folder.write("f", bytes)), bytes);
  }
}

TEST(ReadFile, SaysWhatIsWrong) {
  TempFolder folder;
  const auto missing = read_file(folder / "none.yaml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("none.yaml': No such file"));
  const auto a_folder = read_file(folder.path());
  ASSERT_FALSE(a_folder);
  EXPECT_THAT(a_folder.error().message, HasSubstr("is a folder, not a file"));
  const auto below_a_file = read_file(folder.write("f", "x") / "g");
  ASSERT_FALSE(below_a_file);
  EXPECT_EQ(below_a_file.error().code, ErrorCode::kIo);
}

TEST(ReadFile, TheLimitIsInBytesAndInclusive) {
  TempFolder folder;
  const fs::path file = folder.write("f", "12345");
  EXPECT_EQ(read_file(file, 5).value(), "12345");
  const auto over = read_file(file, 4);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::kLimit);
}

TEST(ReadFile, EndlessFilesAndPipesObeyTheLimitToo) {
  EXPECT_EQ(read_file("/dev/zero", 1000000).error().code, ErrorCode::kLimit);
  TempFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const pid_t writer = ::fork();
  if (writer == 0) {
    std::ofstream(pipe) << std::string(100000, 'p');
    ::_exit(0);
  }
  EXPECT_EQ(text_of(pipe), std::string(100000, 'p'));
  ::waitpid(writer, nullptr, 0);
}

TEST(WriteFile, ReplacesTheWholeFileAndLeavesNothingElse) {
  TempFolder folder;
  ASSERT_TRUE(write_file(folder / "f", std::string(100000, 'a')));
  ASSERT_TRUE(write_file(folder / "f", "short"));
  EXPECT_EQ(text_of(folder / "f"), "short");
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("f"));
}

TEST(WriteFile, KeepsTheOldBytesWhenItFails) {
  TempFolder folder;
  folder.write("target/inside", "kept");  // a folder that is not empty cannot become a file
  const auto written = write_file(folder / "target", "new");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("cannot replace"));
  EXPECT_EQ(text_of(folder / "target/inside"), "kept");
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("target"));
}

TEST(WriteFile, SpeaksOfTheFileThatWasAskedForAndOfNoTemporary) {
  TempFolder folder;
  folder.write("file", "x");
  for (const char* name : {"no/such/folder/f", "file/f"}) {
    const auto written = write_file(folder / name, "x");
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr((folder / name).string() + "'"));
    EXPECT_THAT(written.error().message, Not(HasSubstr("partial")));
  }
  const auto by_another = write_file_by(folder / "out", [](const fs::path& temporary) -> Status {
    return fail(ErrorCode::kIo, "cannot make " + temporary.string() + ", it says");
  });
  EXPECT_EQ(by_another.error().message, "cannot make " + (folder / "out").string() + ", it says");
  auto staged = StagedFolder::make(folder / "site", "ledger.json").value();
  ASSERT_TRUE(staged.write("a", "x"));
  const auto below = staged.write("a/b", "x");
  ASSERT_FALSE(below);
  EXPECT_THAT(below.error().message, HasSubstr((folder / "site").string()));
  EXPECT_THAT(below.error().message, Not(HasSubstr("partial")));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(WriteFile, WritesThroughALinkAndKeepsIt) {
  TempFolder folder;
  folder.write("store/real", "old");
  fs::create_symlink(folder / "store/real", folder / "link");
  ASSERT_TRUE(write_file(folder / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(text_of(folder / "store/real"), "new");
  EXPECT_THAT(names_in(folder / "store"), UnorderedElementsAre("real"));
}

TEST(WriteFile, ALinkToNothingIsAnErrorAndNotAFile) {
  TempFolder folder;
  fs::create_symlink(folder / "nowhere", folder / "link");
  const auto written = write_file(folder / "link", "new");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("cannot follow the link"));
}

TEST(WriteFile, AReaderSeesTheOldBytesUntilTheEnd) {
  TempFolder folder;
  ASSERT_TRUE(write_file(folder / "f", "old"));
  std::ifstream reader(folder / "f");
  ASSERT_TRUE(write_file(folder / "f", "new"));
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "old");
}

TEST(StagedFolder, AppearsWholeOnCommit) {
  TempFolder folder;
  auto staged = StagedFolder::make(folder / "a/b/out", "ledger.json");
  ASSERT_TRUE(staged) << staged.error().message;
  ASSERT_TRUE(staged->write("ledger.json", "{}"));
  ASSERT_TRUE(staged->write("tables/q1.csv", "1"));
  EXPECT_FALSE(fs::exists(folder / "a/b/out"));
  ASSERT_TRUE(staged->commit());
  EXPECT_EQ(text_of(folder / "a/b/out/tables/q1.csv"), "1");
  EXPECT_THAT(names_in(folder / "a/b"), UnorderedElementsAre("out"));
}

TEST(StagedFolder, ReplacesAnOlderOneWithNothingLeftOfIt) {
  TempFolder folder;
  folder.write("out/ledger.json", "old");
  folder.write("out/old/page.html", "old");
  auto staged = StagedFolder::make(folder / "out/", "ledger.json");
  ASSERT_TRUE(staged);
  ASSERT_TRUE(staged->write("ledger.json", "new"));
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "old");
  ASSERT_TRUE(staged->commit());
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "new");
  EXPECT_FALSE(fs::exists(folder / "out/old"));
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("out"));
}

TEST(StagedFolder, WithoutACommitNothingHappened) {
  TempFolder folder;
  folder.write("out/ledger.json", "old");
  {
    auto staged = StagedFolder::make(folder / "out", "ledger.json");
    ASSERT_TRUE(staged);
    ASSERT_TRUE(staged->write("ledger.json", "new"));
  }
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "old");
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("out"));
}

TEST(StagedFolder, RefusesToReplaceSomeonesFolder) {
  TempFolder folder;
  folder.write("thesis/chapter1.doc", "precious");
  const auto staged = StagedFolder::make(folder / "thesis", "ledger.json");
  ASSERT_FALSE(staged);
  EXPECT_THAT(staged.error().message, HasSubstr("holds other files and would be replaced"));
  EXPECT_EQ(text_of(folder / "thesis/chapter1.doc"), "precious");
  const auto a_file = StagedFolder::make(folder / "thesis/chapter1.doc", "ledger.json");
  ASSERT_FALSE(a_file);
  EXPECT_THAT(a_file.error().message, HasSubstr("is a file, not a folder"));
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("thesis"));
}

std::string sum_line(const std::string& name) { return std::string(64, 'a') + "  " + name + "\n"; }

TEST(StagedFolder, OfListedFilesIsReplacedOnlyWhenNothingElseIsThere) {
  TempFolder folder;
  folder.write("out/SUMS", sum_line("page.html") + sum_line("tables/q1.csv"));
  folder.write("out/page.html", "old");
  folder.write("out/tables/q1.csv", "old");
  EXPECT_TRUE(StagedFolder::make(folder / "out", "SUMS", Replace::kListed));
  folder.write("out/tables/notes.doc", "precious");
  const auto refused = StagedFolder::make(folder / "out", "SUMS", Replace::kListed);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("'tables/notes.doc' in it is not listed"));
  EXPECT_TRUE(StagedFolder::make(folder / "out", "SUMS"));
  EXPECT_EQ(text_of(folder / "out/tables/notes.doc"), "precious");
}

TEST(StagedFolder, OfListedFilesNeedsItsList) {
  TempFolder folder;
  folder.write("out/ledger.json", "a ledger of somebody else");
  EXPECT_FALSE(StagedFolder::make(folder / "out", "SUMS", Replace::kListed));
  folder.write("out/SUMS", "not a list");
  EXPECT_FALSE(StagedFolder::make(folder / "out", "SUMS", Replace::kListed));
}

TEST(StagedFolder, NeedsAName) { EXPECT_FALSE(StagedFolder::make("", "ledger.json")); }

TEST(StagedFolder, RefusesAFolderThatSomeoneFilledMeanwhile) {
  TempFolder folder;
  auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  ASSERT_TRUE(staged->write("ledger.json", "new"));
  folder.write("out/precious.doc", "precious");
  EXPECT_FALSE(staged->commit());
  EXPECT_EQ(text_of(folder / "out/precious.doc"), "precious");
}

TEST(StagedFolder, AnEmptyFolderMayBeReplaced) {
  TempFolder folder;
  fs::create_directory(folder / "out");
  auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  ASSERT_TRUE(staged->write("ledger.json", "new"));
  ASSERT_TRUE(staged->commit());
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "new");
}

TEST(StagedFolder, ATargetThatIsALinkStaysOne) {
  TempFolder folder;
  folder.write("disk/out/ledger.json", "old");
  fs::create_directory_symlink(folder / "disk/out", folder / "link");
  auto staged = StagedFolder::make(folder / "link", "ledger.json");
  ASSERT_TRUE(staged);
  ASSERT_TRUE(staged->write("ledger.json", "new"));
  ASSERT_TRUE(staged->commit());
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(text_of(folder / "disk/out/ledger.json"), "new");
  EXPECT_THAT(names_in(folder / "disk"), UnorderedElementsAre("out"));
}

TEST(StagedFolder, LinksToForeignFoldersAndToNothingAreRefused) {
  TempFolder folder;
  folder.write("thesis/chapter1.doc", "precious");
  fs::create_directory_symlink(folder / "thesis", folder / "link");
  fs::create_directory_symlink(folder / "nowhere", folder / "broken");
  EXPECT_FALSE(StagedFolder::make(folder / "link", "ledger.json"));
  EXPECT_FALSE(StagedFolder::make(folder / "broken", "ledger.json"));
  EXPECT_EQ(text_of(folder / "thesis/chapter1.doc"), "precious");
}

TEST(StagedFolder, NamesThatLeaveTheFolderAreABrokenPromise) {
  TempFolder folder;
  const auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  for (const char* name : {"", "../x", "a/../../x", "/etc/x"}) {
    EXPECT_THROW((void)staged->write(name, "x"), BrokenPromise) << name;
  }
}

TEST(StagedFolder, IsCommittedOnce) {
  TempFolder folder;
  auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  ASSERT_TRUE(staged->commit());
  EXPECT_THROW((void)staged->commit(), BrokenPromise);
}

TEST(StagedFolder, MovedFromHoldsNothing) {
  TempFolder folder;
  auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  {
    StagedFolder other = std::move(*staged);
    ASSERT_TRUE(other.write("ledger.json", "x"));
    ASSERT_TRUE(other.commit());
  }
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "x");
}

TEST(StagedFolder, KilledHalfWayLeavesTheOldFolderWholeAndIsCleanedUpLater) {
  TempFolder folder;
  folder.write("out/ledger.json", "old");
  folder.write("out/page.html", "old");
  run_and_kill([&](const auto& ready) {
    auto staged = StagedFolder::make(folder / "out", "ledger.json");
    if (staged && staged->write("ledger.json", "new")) ready();
    ::pause();
  });
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "old");
  EXPECT_EQ(text_of(folder / "out/page.html"), "old");
  EXPECT_EQ(names_in(folder.path()).size(), 2U);  // the old folder and the abandoned one

  auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  ASSERT_TRUE(staged->write("ledger.json", "new"));
  ASSERT_TRUE(staged->commit());
  EXPECT_EQ(text_of(folder / "out/ledger.json"), "new");
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("out"));
}

// The child commits versions 1, 2, 3 … until it is killed at an arbitrary moment.
TEST(StagedFolder, KilledAtAnyMomentTheFolderIsOneVersion) {
  TempFolder folder;
  for (int round = 0; round < 20; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int version = 1;; ++version) {
        auto staged = StagedFolder::make(folder / "out", "ledger.json");
        if (!staged) continue;
        (void)staged->write("ledger.json", std::to_string(version));
        (void)staged->write("page.html", std::to_string(version));
        (void)staged->commit();
      }
    }
    while (!fs::exists(folder / "out/page.html")) ::usleep(1000);
    ::usleep(static_cast<useconds_t>(1000 * round + 137));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string version = text_of(folder / "out/ledger.json");
    ASSERT_GT(std::stoi(version), 0);
    ASSERT_EQ(text_of(folder / "out/page.html"), version);
  }
}

TEST(StagedFolder, LeavesLivePartialsAndLookAlikesAlone) {
  TempFolder folder;
  const std::string dead = fmt::format("out.partial-{}", dead_pid());
  const std::string live = fmt::format("out.partial-{}", ::getppid());
  folder.write(dead + "/x", "1");
  folder.write(live + "/x", "1");
  folder.write("out.partial-abc/x", "1");
  folder.write("other.partial-1234567/x", "1");
  const auto staged = StagedFolder::make(folder / "out", "ledger.json");
  ASSERT_TRUE(staged);
  EXPECT_THAT(names_in(folder.path()),
              UnorderedElementsAre(live, "out.partial-abc", "other.partial-1234567",
                                   fmt::format("out.partial-{}", ::getpid())));
}

}  // namespace
}  // namespace barometer
