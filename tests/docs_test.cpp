// The documentation is run. In README.md and docs/*.md each fenced block of kind `console` is a
// transcript: a line "$ command" runs in a scratch copy of studies/ with the built `barometer` on
// PATH, and what it prints (both streams) must be the lines that follow. "..." on a line of its own
// stands for any lines, inside a line for any text; a failing command adds the line "[exit N]"; a
// command goes on where a line ends in a backslash. The blocks of a page share one scratch folder.
// Relative links must lead to files that exist.
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

struct Step {
  size_t line = 0;  // of the command in the page
  std::string command;
  Lines expected;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Step> steps_in(const std::string& markdown) {
  std::vector<Step> steps;
  bool inside = false;
  size_t number = 0;
  for (const std::string& line : lines_of(markdown)) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside && line == "```console";
    } else if (inside && line.starts_with("$ ")) {
      steps.push_back({number, line.substr(2), {}});
    } else if (inside && !steps.empty() && steps.back().command.ends_with('\\')) {
      steps.back().command += "\n" + line;
    } else if (inside && !steps.empty()) {
      steps.back().expected.push_back(line);
    }
  }
  return steps;
}

bool line_matches(const std::string& pattern, const std::string& line) {
  static const std::regex special(R"([.^$|()\[\]{}*+?\\])");
  std::string expression = std::regex_replace(pattern, special, R"(\$&)");
  static const std::regex any(R"(\\\.\\\.\\\.)");
  return std::regex_match(line, std::regex(std::regex_replace(expression, any, ".*")));
}

bool matches(std::span<const std::string> expected, std::span<const std::string> actual) {
  if (expected.empty()) return actual.empty();
  if (expected[0] == "...") {
    for (size_t skipped = 0; skipped <= actual.size(); ++skipped) {
      if (matches(expected.subspan(1), actual.subspan(skipped))) return true;
    }
    return false;
  }
  return !actual.empty() && line_matches(expected[0], actual[0]) &&
         matches(expected.subspan(1), actual.subspan(1));
}

// Blank lines at the end of a block are for the eye.
void drop_blank_end(Lines& lines) {
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
}

Lines run(const std::string& command, const fs::path& folder) {
  const std::string whole = "cd '" + folder.string() + "' && PATH='" + BUILD_DIR +
                            "/cli':\"$PATH\" && { " + command + "\n} 2>&1 </dev/null";
  FILE* pipe = ::popen(whole.c_str(), "r");
  if (pipe == nullptr) return {"cannot run a shell"};
  std::string output;
  char buffer[4096];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
  const int status = ::pclose(pipe);
  Lines lines = lines_of(output);
  if (status != 0) lines.push_back("[exit " + std::to_string(WEXITSTATUS(status)) + "]");
  drop_blank_end(lines);
  return lines;
}

std::string joined(const Lines& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  | " + line + "\n";
  return out;
}

// What is wrong with the page, as one text; empty when nothing is.
std::string faults_of(const std::string& name, const std::string& markdown,
                      const fs::path& scratch) {
  std::string faults;
  for (Step& step : steps_in(markdown)) {
    drop_blank_end(step.expected);
    const Lines actual = run(step.command, scratch);
    if (matches(step.expected, actual)) continue;
    faults += name + ":" + std::to_string(step.line) + ": $ " + step.command + "\n expected\n" +
              joined(step.expected) + " printed\n" + joined(actual);
  }
  return faults;
}

std::string broken_links(const std::string& name, const std::string& markdown,
                         const fs::path& folder) {
  static const std::regex link(R"(\]\(([^)#: ]+)(#[^)]*)?\))");
  std::string faults;
  for (std::sregex_iterator at(markdown.begin(), markdown.end(), link), end; at != end; ++at) {
    if (!fs::exists(folder / (*at)[1].str())) faults += name + ": no file " + (*at)[1].str() + "\n";
  }
  return faults;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  for (const char* folder : {"", "docs"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  return found;
}

TEST(Docs, TranscriptsAreTrue) {
  ASSERT_FALSE(pages().empty());
  for (const fs::path& page : pages()) {
    const testing::TempFolder scratch;
    const fs::path studies = fs::path(SOURCE_DIR) / "studies";
    if (fs::exists(studies)) {
      fs::copy(studies, scratch / "studies", fs::copy_options::recursive);
      for (const char* folder : {"docs/examples", "barometer/estimate/testdata",
                                 "barometer/sample/testdata", "barometer/weights/testdata"}) {
        fs::create_directories((scratch / folder).parent_path());
        fs::copy(fs::path(SOURCE_DIR) / folder, scratch / folder, fs::copy_options::recursive);
      }
    }
    const std::string faults = faults_of(page.filename(), bytes_of(page), scratch.path());
    EXPECT_TRUE(faults.empty()) << faults;
  }
}

TEST(Docs, RelativeLinksLeadSomewhere) {
  for (const fs::path& page : pages()) {
    const std::string faults = broken_links(page.filename(), bytes_of(page), page.parent_path());
    EXPECT_TRUE(faults.empty()) << faults;
  }
}

std::string faults_of_block(const std::string& block) {
  const testing::TempFolder scratch;
  return faults_of("p.md", "# Title\n```console\n" + block + "```\n", scratch.path());
}

TEST(DocsRules, TrueTranscriptsPass) {
  EXPECT_EQ(faults_of_block("$ echo one; echo two\none\ntwo\n"), "");
  EXPECT_EQ(faults_of_block("$ printf '1\\n2\\n3\\n4\\n'\n1\n...\n4\n"), "");
  EXPECT_EQ(faults_of_block("$ echo one\n...\none\n...\n"), "");
  EXPECT_EQ(faults_of_block("$ echo 'took 0.8 s (3*)'\ntook ... s (3*)\n"), "");
  EXPECT_EQ(faults_of_block("$ echo odd >&2; exit 3\nodd\n[exit 3]\n"), "");
  EXPECT_EQ(faults_of_block("$ echo a \\\n    b\na b\n"), "");
  EXPECT_EQ(faults_of_block("$ echo x >f\n$ cat f\nx\n\n"), "");
}

TEST(DocsRules, WrongTranscriptsAreFound) {
  for (const char* block :
       {"$ echo one\ntwo\n", "$ echo one\n", "$ true\nsomething\n", "$ echo one; echo two\none\n",
        "$ exit 3\n", "$ echo one\none\n[exit 1]\n", "$ echo abc\na.c\n",
        "$ echo 1; echo 2\n...\n1\n", "$ no-such-command-anywhere\n",
        "$ echo 'took 8 s'\ntook ... ms\n"}) {
    EXPECT_THAT(faults_of_block(block), HasSubstr("p.md:3: $ ")) << block;
  }
}

TEST(DocsRules, OnlyConsoleBlocksAreRun) {
  EXPECT_TRUE(steps_in("```sh\n$ rm x\n```\n$ ls\n```\n$ ls\n```\n").empty());
  EXPECT_EQ(steps_in("```console\n$ a\n```\n```sh\n$ b\n```\n```console\n$ c\n```\n").size(), 2U);
}

TEST(DocsRules, BrokenLinksAreFound) {
  testing::TempFolder folder;
  folder.write("there.md", "x");
  EXPECT_EQ(broken_links("p.md", "[a](there.md) [b](there.md#part) [c](https://example.org/x)",
                         folder.path()),
            "");
  EXPECT_EQ(broken_links("p.md", "[a](gone.md)", folder.path()), "p.md: no file gone.md\n");
}

}  // namespace
}  // namespace barometer
