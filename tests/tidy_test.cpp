// Rules about the code that no compiler checks. Every finding names file and line; every rule is
// tried on a planted line first, because a rule that cannot fail is no rule.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kMaxColumns = 100;
constexpr size_t kMaxFileLines = 600;
constexpr size_t kMaxSuppressions = 10;

using Findings = std::vector<std::string>;
using Layers = std::map<std::string, std::set<std::string>>;  // module -> its DEPS

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Where the comment or literal that starts at `at` ends; `at` when none starts there.
size_t end_of_skipped(const std::string& text, size_t at) {
  const auto after = [&](const std::string& mark, size_t from) {
    const size_t found = text.find(mark, from);
    return found == std::string::npos ? text.size() : found + mark.size();
  };
  const std::string_view rest = std::string_view(text).substr(at);
  const bool in_word = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return after("*/", at);
  if (rest.starts_with("R\"") && !in_word) {
    const size_t open = text.find('(', at);
    return after(")" + text.substr(at + 2, open - at - 2) + "\"", at);
  }
  const bool quoted = rest[0] == '"' || (rest[0] == '\'' && !in_word);  // not 1'000
  if (!quoted) return at;
  size_t end = at + 1;
  while (end < text.size() && text[end] != rest[0]) end += text[end] == '\\' ? 2U : 1U;
  return std::min(end + 1, text.size());
}

// The code without comments and literals; line breaks stay.
std::string code_only(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = end_of_skipped(text, at);
    if (end == at) {
      out += text[at++];
      continue;
    }
    const std::string_view skipped = std::string_view(text).substr(at, end - at);
    if (!skipped.starts_with('/')) out += "\"\"";
    out.append(static_cast<size_t>(std::ranges::count(skipped, '\n')), '\n');
    at = end;
  }
  return out;
}

struct Ban {
  std::regex pattern;
  std::string why;
  std::vector<std::string> allowed;  // beginnings of paths
};

const std::vector<Ban>& bans_in_code() {
  static const std::vector<Ban> bans = {
      {std::regex(R"(\bcatch\s*\()"),
       "exceptions are caught only around yaml-cpp, in main, and where a request or a piece of "
       "work fails alone",
       {"barometer/base/yaml.cpp", "cli/main.cpp", "barometer/server/http_server.cpp",
        "barometer/server/work_queue.cpp", "barometer/contact/postman.cpp"}},
      {std::regex(R"(\bnew\s+[\w:]|\bdelete\s+\w|\bdelete\s*\[|\b(malloc|free)\s*\()"),
       "own memory through a container or unique_ptr",
       {}},
      {std::regex(R"(\bgetenv\b)"), "take the environment as an argument", {"tests/"}},
      {std::regex(R"(::now\s*\()"),
       "take the clock as an argument",
       {"cli/", "tests/", "bench/", "barometer/server/http_server_test.cpp"}},
      {std::regex(R"(\b(cout|cerr|printf|puts|abort|exit|terminate)\b\s*(<<|\())"),
       "the library never prints and never ends the program",
       {"cli/", "tests/", "fuzz/", "bench/"}},
      {std::regex(R"(\brand\s*\(|\brandom_device\b)"), "randomness comes in as a seed", {"tests/"}},
      {std::regex(R"(\busing namespace\b)"), "name what you use", {}},
      {std::regex(R"(\b(GTEST_SKIP|DISABLED_)\w*)"), "a test that does not run is no test", {}},
  };
  return bans;
}

const std::vector<Ban>& bans_in_text() {
  static const std::vector<Ban> bans = {
      {std::regex(R"(#\s*include\s+"\.)"), "include from the root: \"barometer/...\"", {}},
      {std::regex(R"((^|[^\w.])/(tmp|home|root)/)"), "no path of a machine", {}},
      {std::regex(R"(\b(TO)(DO)\b|\b(FIX)(ME)\b|\b(X)(XX)\b)"), "finish it, or leave it out", {}},
  };
  return bans;
}

bool allows(const Ban& ban, const std::string& file) {
  return std::ranges::any_of(ban.allowed,
                             [&](const std::string& start) { return file.starts_with(start); });
}

void find_banned(const std::string& file, const std::string& text, const std::vector<Ban>& bans,
                 Findings& findings) {
  const std::vector<std::string> lines = lines_of(text);
  for (const Ban& ban : bans) {
    if (allows(ban, file)) continue;
    for (size_t i = 0; i < lines.size(); ++i) {
      if (!std::regex_search(lines[i], ban.pattern)) continue;
      findings.push_back(file + ":" + std::to_string(i + 1) + ": " + ban.why);
    }
  }
}

// Code points, not bytes: an em dash is one column.
size_t columns_of(const std::string& line) {
  return static_cast<size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void find_long(const std::string& file, const std::vector<std::string>& lines, Findings& findings) {
  if (lines.size() > kMaxFileLines) {
    findings.push_back(file + ": " + std::to_string(lines.size()) + " lines, more than 600");
  }
  bool quoted = false;  // inside a raw string: text that is printed, which cannot be broken
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool opens = lines[i].find("R\"(") != std::string::npos;
    const bool closes =
        lines[i].find(")\"", opens ? lines[i].find("R\"(") : 0) != std::string::npos;
    const bool raw = quoted || opens;
    quoted = (quoted || opens) && !closes;
    if (!raw && columns_of(lines[i]) > kMaxColumns) {
      findings.push_back(file + ":" + std::to_string(i + 1) + ": wider than 100 columns");
    }
  }
}

void find_header_faults(const std::string& file, const std::vector<std::string>& lines,
                        Findings& findings) {
  if (!file.ends_with(".h")) return;
  if (lines.empty() || !lines[0].starts_with("// ")) {
    findings.push_back(file + ":1: a header begins with a comment that says what it is");
  }
  if (std::ranges::find(lines, "#pragma once") == lines.end()) {
    findings.push_back(file + ": no #pragma once");
  }
}

const std::regex& suppression() {
  static const std::regex pattern(R"(NOLINT(NEXTLINE|BEGIN|END)?\b)");
  return pattern;
}

void find_unreasoned(const std::string& file, const std::vector<std::string>& lines,
                     Findings& findings) {
  static const std::regex reasoned(R"(NOLINT(NEXTLINE|BEGIN|END)?\([\w.,* -]+\):? \w+.* \w+)");
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!std::regex_search(lines[i], suppression())) continue;
    if (std::regex_search(lines[i], reasoned)) continue;
    findings.push_back(file + ":" + std::to_string(i + 1) +
                       ": a suppression names its check and its reason on the same line");
  }
}

void find_upward_includes(const std::string& file, const std::vector<std::string>& lines,
                          const Layers& layers, Findings& findings) {
  static const std::regex include(R"re(^\s*#\s*include\s+["<](barometer|cli)/(\w+))re");
  if (!file.starts_with("barometer/")) return;
  const std::string from = std::next(fs::path(file).begin())->string();
  const auto declared = layers.find(from);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(lines[i], match, include)) continue;
    const bool fine = match[1] == "barometer" && declared != layers.end() &&
                      (match[2] == from || declared->second.contains(match[2]));
    if (fine) continue;
    findings.push_back(file + ":" + std::to_string(i + 1) + ": module '" + from +
                       "' may not include '" + match[2].str() + "'");
  }
}

// Everything the rules say about one C++ file.
Findings findings_in(const std::string& file, const std::string& text, const Layers& layers) {
  Findings findings;
  const std::vector<std::string> lines = lines_of(text);
  find_long(file, lines, findings);
  find_header_faults(file, lines, findings);
  find_upward_includes(file, lines, layers, findings);
  find_banned(file, code_only(text), bans_in_code(), findings);
  // This file must name what it bans.
  if (file != "tests/tidy_test.cpp") {
    find_unreasoned(file, lines, findings);
    find_banned(file, text, bans_in_text(), findings);
  }
  return findings;
}

// "base: \ndata: base\n", written by barometer_write_layers.
Layers layers_in(const std::string& text) {
  Layers layers;
  for (const std::string& line : lines_of(text)) {
    std::istringstream words(line);
    std::string module;
    words >> module;
    module.pop_back();  // the colon
    for (std::string dep; words >> dep;) layers[module].insert(dep);
    layers[module];
  }
  return layers;
}

// Rows "| 4 | `estimate` | ..." of docs/architecture.md: module -> floor.
std::map<std::string, int> floors_in(const std::string& markdown) {
  static const std::regex row(R"(^\| *(\d+) *\| *`(\w+)/?` *\|)");
  std::map<std::string, int> floors;
  for (const std::string& line : lines_of(markdown)) {
    std::smatch match;
    if (std::regex_search(line, match, row)) floors[match[2]] = std::stoi(match[1]);
  }
  return floors;
}

// A module stands higher than everything it uses: then no cycle is possible either.
Findings findings_in_layers(const Layers& layers, const std::map<std::string, int>& floors) {
  Findings findings;
  for (const auto& [module, deps] : layers) {
    if (!floors.contains(module)) {
      findings.push_back("docs/architecture.md: the floor of '" + module + "' is missing");
      continue;
    }
    for (const std::string& dep : deps) {
      const bool down = floors.contains(dep) && floors.at(dep) < floors.at(module);
      if (!down) findings.push_back("'" + module + "' may not stand on '" + dep + "'");
    }
  }
  for (const auto& [module, floor] : floors) {
    if (module != "cli" && !layers.contains(module)) {
      findings.push_back("docs/architecture.md: there is no module '" + module + "'");
    }
  }
  return findings;
}

Layers declared_layers() { return layers_in(bytes_of(fs::path(BUILD_DIR) / "layers.txt")); }

std::vector<std::string> files_ending(const std::set<std::string>& extensions) {
  std::vector<std::string> files;
  for (const char* folder :
       {"barometer", "cli", "tests", "fuzz", "bench", "tools", ".ci", "cmake"}) {
    const fs::path root = fs::path(SOURCE_DIR) / folder;
    if (!fs::exists(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file() || !extensions.contains(entry.path().extension())) continue;
      files.push_back(fs::relative(entry.path(), SOURCE_DIR).string());
    }
  }
  std::ranges::sort(files);
  return files;
}

std::string joined(const Findings& findings) {
  std::string out;
  for (const std::string& finding : findings) out += finding + "\n";
  return out;
}

TEST(Tidy, TheCodeKeepsItsRules) {
  const Layers layers = declared_layers();
  const std::vector<std::string> files = files_ending({".h", ".cpp"});
  ASSERT_GT(files.size(), 20U);
  for (const std::string& file : files) {
    const Findings findings = findings_in(file, bytes_of(fs::path(SOURCE_DIR) / file), layers);
    EXPECT_THAT(findings, IsEmpty()) << joined(findings);
  }
}

TEST(Tidy, ScriptsNameNoPathOfAMachine) {
  for (const std::string& file : files_ending({".sh", ".cmake", ".txt", ""})) {
    Findings findings;
    find_banned(file, bytes_of(fs::path(SOURCE_DIR) / file), bans_in_text(), findings);
    EXPECT_THAT(findings, IsEmpty()) << joined(findings);
  }
}

TEST(Tidy, ModulesStandOnLowerFloorsOnly) {
  const auto floors = floors_in(bytes_of(fs::path(SOURCE_DIR) / "docs/architecture.md"));
  ASSERT_FALSE(floors.empty());
  const Findings findings = findings_in_layers(declared_layers(), floors);
  EXPECT_THAT(findings, IsEmpty()) << joined(findings);
}

// Headers that define a type, by the type's name. All live in one namespace: two types of one name
// are one to the linker, which then runs the wrong destructor without a word.
std::map<std::string, std::set<std::string>> headers_by_type(
    const std::map<std::string, std::string>& headers) {
  static const std::regex definition(
      R"((?:^|\n)(?:struct|class) ([A-Z]\w*)(?: final)? ?(?::[^:;{]*)?\{)");
  std::map<std::string, std::set<std::string>> found;
  for (const auto& [file, text] : headers) {
    for (std::sregex_iterator at(text.begin(), text.end(), definition), end; at != end; ++at) {
      found[(*at)[1]].insert(file);
    }
  }
  return found;
}

TEST(Tidy, NoTwoHeadersDefineATypeOfOneName) {
  std::map<std::string, std::string> headers;
  for (const std::string& file : files_ending({".h"})) {
    headers[file] = bytes_of(fs::path(SOURCE_DIR) / file);
  }
  for (const auto& [type, files] : headers_by_type(headers)) {
    EXPECT_EQ(files.size(), 1U) << type << " is defined in " << ::testing::PrintToString(files);
  }
  const auto planted = headers_by_type(
      {{"a.h", "// A.\nstruct Sheet {\n"}, {"b.h", "// B.\nclass Sheet : public X {\n"}});
  EXPECT_EQ(planted.at("Sheet").size(), 2U);
}

TEST(Tidy, SuppressionsStayWithinTheirBudget) {
  size_t count = 0;
  for (const std::string& file : files_ending({".h", ".cpp"})) {
    if (file == "tests/tidy_test.cpp") continue;
    const std::string text = bytes_of(fs::path(SOURCE_DIR) / file);
    // What begins and ends is one.
    for (std::sregex_iterator at(text.begin(), text.end(), suppression()), end; at != end; ++at) {
      if ((*at)[1] != "END") ++count;
    }
  }
  EXPECT_LE(count, kMaxSuppressions);
}

struct Planted {
  std::string file, text, expected;
};

TEST(TidyRules, FindWhatIsPlanted) {
  const Layers layers = {{"base", {}}, {"data", {"base"}}, {"table", {"data", "base"}}};
  const std::string wide(101, 'x');
  const std::string place =
      "/tm"
      "p/x";
  const std::vector<Planted> planted = {
      {"barometer/base/a.cpp", "\ntry {} catch (...) {}\n", "a.cpp:2: exceptions are caught only"},
      {"tests/a_test.cpp", "} catch (const E& e) {\n", "a_test.cpp:1: exceptions"},
      {"barometer/base/a.cpp", "auto* p = new Thing;\n", "own memory"},
      {"barometer/base/a.cpp", "delete p;\n", "own memory"},
      {"barometer/base/a.cpp", "delete[] p;\n", "own memory"},
      {"barometer/base/a.cpp", "std::getenv(\"HOME\");\n", "take the environment"},
      {"barometer/base/a.cpp", "auto t = steady_clock::now();\n", "take the clock"},
      {"barometer/base/a.cpp", "std::cout << 1;\n", "never prints"},
      {"barometer/base/a.cpp", "fmt::printf(\"x\");\n", "never prints"},
      {"barometer/base/a.cpp", "std::abort();\n", "never prints and never ends"},
      {"barometer/base/a.cpp", "std::random_device seed;\n", "randomness"},
      {"barometer/base/a.cpp", "using namespace std;\n", "name what you use"},
      {"tests/a_test.cpp",
       "GTEST_"
       "SKIP();\n",
       "no test"},
      {"barometer/base/a.cpp", "#include \"../x.h\"\n", "include from the root"},
      {"barometer/base/a.cpp", "open(\"" + place + "\");\n", "no path of a machine"},
      {"barometer/base/a.cpp",
       "// TO"
       "DO: later\n",
       "finish it"},
      {"barometer/base/a.cpp", wide + "\n", "a.cpp:1: wider than 100 columns"},
      {"barometer/base/a.cpp", "x = R\"(\na\n)\";\n" + wide + "\n",
       "a.cpp:4: wider than 100 columns"},
      {"barometer/base/a.cpp", std::string(601, '\n'), "601 lines"},
      {"barometer/base/a.h", "#pragma once\n", "begins with a comment"},
      {"barometer/base/a.h", "// A thing.\n", "no #pragma once"},
      {"barometer/base/a.cpp", "x();  // NOLINT\n", "names its check and its reason"},
      {"barometer/base/a.cpp", "x();  // NOLINT(bugprone-x)\n", "names its check and its reason"},
      {"barometer/data/a.cpp", "#include \"barometer/table/t.h\"\n",
       "module 'data' may not include 'table'"},
      {"barometer/base/a.cpp", "#include \"cli/verb.h\"\n", "module 'base' may not include"},
      {"barometer/novel/a.cpp", "#include \"barometer/base/t.h\"\n", "module 'novel' may not"},
  };
  for (const Planted& row : planted) {
    EXPECT_THAT(joined(findings_in(row.file, row.text, layers)), HasSubstr(row.expected))
        << row.file << ": " << row.text;
  }
}

TEST(TidyRules, LeaveInnocentCodeAlone) {
  const Layers layers = {{"base", {}}, {"data", {"base"}}, {"table", {"data", "base"}}};
  const std::vector<std::pair<std::string, std::string>> innocent = {
      {"barometer/base/yaml.cpp", "} catch (const YAML::Exception& e) {\n"},
      {"barometer/base/a.cpp", "// a new file; never delete anything, catch (it)\n"},
      {"barometer/base/a.cpp", "f(\"give an empty or new folder // catch (me)\");\n"},
      {"barometer/base/a.cpp", "f(R\"(\nnew thing\n)\");\n"},
      {"barometer/base/a.cpp", "/* new\n thing */ A(const A&) = delete;\n"},
      {"barometer/base/a.cpp", "char c = '\"'; char d = '\\'';\n"},
      {"barometer/base/a.cpp", "page.puts; int cout_total = 3; exit_code(3);\n"},
      {"barometer/base/a.cpp", "// " + std::string(60, '-') + "\xE2\x80\x93\xE2\x80\x93\n"},
      {"barometer/table/a.cpp",
       "#include \"barometer/data/d.h\"\n#include \"barometer/table/t.h\"\n"},
      {"barometer/base/a.cpp", "x();  // NOLINT(bugprone-x): the C interface asks for it\n"},
      {"barometer/base/a.h", "// A thing.\n#pragma once\n"},
      {"cli/main.cpp", "#include \"barometer/table/t.h\"\n} catch (const std::exception& e) {\n"},
      {"tests/a_test.cpp", "std::getenv(\"BAROMETER_BLESS\");\n"},
  };
  for (const auto& [file, text] : innocent) {
    EXPECT_THAT(findings_in(file, text, layers), IsEmpty()) << file << ": " << text;
  }
}

TEST(TidyRules, FloorsFindUpwardAndSidewardUse) {
  const auto floors = floors_in(
      "| floor | folder |\n|---|---|\n| 0 | `base` | x |\n"
      "| 1 | `data` | x |\n| 1 | `frame` | x |\n| 11 | `cli/` | x |\n");
  EXPECT_EQ(floors.size(), 4U);
  const auto found = [&](const char* layers) {
    return joined(findings_in_layers(layers_in(layers), floors));
  };
  EXPECT_EQ(found("base: \ndata: base\nframe: base\n"), "");
  EXPECT_THAT(found("base: data\ndata: base\nframe: \n"),
              HasSubstr("'base' may not stand on 'data'"));
  EXPECT_THAT(found("base: \ndata: frame base\nframe: \n"),
              HasSubstr("'data' may not stand on 'frame'"));
  EXPECT_THAT(found("base: \ndata: \nframe: \nnovel: base\n"), HasSubstr("the floor of 'novel'"));
  EXPECT_THAT(found("base: \ndata: \n"), HasSubstr("there is no module 'frame'"));
}

}  // namespace
}  // namespace barometer
