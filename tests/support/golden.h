// Golden files: the expected bytes of an output, kept beside the test that makes it.
//
//   EXPECT_TRUE(matches_golden(SOURCE_DIR "/barometer/table/golden/banner.txt", table_text));
//
// Take out what may differ (dates, versions) before comparing. `BAROMETER_BLESS=1 ctest` rewrites
// the files that differ; the difference is then read in `git diff`, never trusted unread.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace barometer::testing {

inline bool blessing() {
  const char* bless = std::getenv("BAROMETER_BLESS");
  return bless != nullptr && std::string_view(bless) == "1";
}

// Line and both texts of the first difference.
inline std::string first_difference(std::string_view expected, std::string_view actual) {
  size_t line = 1;
  while (true) {
    const size_t end = expected.find('\n');
    const size_t actual_end = actual.find('\n');
    const bool last = end == std::string_view::npos || actual_end == std::string_view::npos;
    if (last || expected.substr(0, end) != actual.substr(0, actual_end)) {
      return "line " + std::to_string(line) +
             "\n  expected: " + std::string(expected.substr(0, end)) +
             "\n  actual:   " + std::string(actual.substr(0, actual_end));
    }
    expected.remove_prefix(end + 1);
    actual.remove_prefix(actual_end + 1);
    ++line;
  }
}

inline ::testing::AssertionResult matches_golden(const std::filesystem::path& file,
                                                 std::string_view actual, bool bless) {
  std::ifstream in(file, std::ios::binary);
  const bool exists = in.good();
  const std::string expected{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (exists && expected == actual) return ::testing::AssertionSuccess();
  if (bless) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    out << actual;
    return out.good() ? ::testing::AssertionSuccess()
                      : ::testing::AssertionFailure() << "cannot write " << file;
  }
  if (!exists) {
    return ::testing::AssertionFailure() << file << " is missing; BAROMETER_BLESS=1 writes it";
  }
  return ::testing::AssertionFailure()
         << file << " differs at " << first_difference(expected, actual)
         << "\nBAROMETER_BLESS=1 rewrites it";
}

inline ::testing::AssertionResult matches_golden(const std::filesystem::path& file,
                                                 std::string_view actual) {
  return matches_golden(file, actual, blessing());
}

}  // namespace barometer::testing
