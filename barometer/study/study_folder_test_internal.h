// A small sound study in a temporary folder, with a wave that tests break in one place.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/study/study.h"

namespace barometer {

class StudyFolder {
 public:
  StudyFolder() : path_(std::filesystem::path(testing::TempDir()) / ("study_of_" + test_name())) {
    clear();
    for (const auto& [name, text] : sound()) write(name, text);
  }
  StudyFolder(const StudyFolder&) = delete;
  StudyFolder& operator=(const StudyFolder&) = delete;
  ~StudyFolder() { clear(); }

  [[nodiscard]] const std::filesystem::path& path() const& { return path_; }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream out(path_ / name, std::ios::binary);
    out << text;
    EXPECT_TRUE(out.flush()) << name;
  }
  // Replaces `from`, which must be there, in one file of the study.
  void change(const std::string& name, const std::string& from, const std::string& to) const {
    const auto text = read_file(path_ / name);
    ASSERT_TRUE(text) << name;
    ASSERT_NE(text->find(from), std::string::npos) << name << " does not hold: " << from;
    write(name, replaced(*text, from, to));
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(path_ / name); }

  // All that `check` says.
  [[nodiscard]] std::string problems() const {
    Diagnostics found;
    read_study(path_, found, true);
    return found.text();
  }

  static std::map<std::string, std::string> sound() {
    return {
        {"study.yaml",
         "title: Leaders\nsponsor: A paper\ngeography: England\npopulation: Leaders\n"},
        {"frame/2013/frame.yaml",
         "date: 2013-01-01\nsource: A list\ncoverage_gaps: None known\nexclusions: None\n"},
        {"frame/2013/organisations.csv",
         "id,name,region,area_team\ng1,Airedale,North,Leeds\ng2,Barnet,South,London\n"
         "g3,Croydon,South,London\n"},
        {"frame/2013/people.csv", "id,organisation\np1,g1\np2,g2;g3\n"},
        {"waves/2013-01/wave.yaml",
         "title: First\nfieldwork: {start: 2013-01-07, end: 2013-01-25}\nmode: Online\nframe: "
         "2013\n"},
        {"waves/2013-01/questionnaire.yaml",
         "title: First\nitems:\n  - {id: role, type: single, text: Your role, options: [Chair, "
         "Officer]}\n  - {id: trust, type: score, text: How far do you trust, scale: [1, 10]}\n"},
        {"waves/2013-04/wave.yaml",
         "title: Second\nfieldwork: {start: 2013-04-08, end: 2013-04-26}\nmode: Online\n"
         "frame: 2013\n"},
        {"waves/2013-04/questionnaire.yaml",
         "title: Second\nitems:\n  - {id: role, type: single, text: Your role, options: [Chair, "
         "Officer]}\n  - {id: trust, type: score, text: How far do you trust, scale: [1, 10]}\n"
         "  - {id: merge, type: likelihood, text: Will you merge}\n"
         "  - {id: partner, type: open, text: With whom, ask_if: merge is likely, base: Those "
         "likely to merge}\n"},
        {"waves/2013-04/responses.csv",
         "respondent,organisation,role,trust,merge,partner\nr1,g1,1,7,1,Barnet\nr2,g2;g3,2,8,4,-1\n"
         "r3,g1,Chair,9,5,-1\n"},
        {"waves/2013-04/published.csv",
         "id,kind,item,answer,value,base,since,source,quote,derived\n"
         "a1,n,,,3,,,A paper,,\n"
         "a2,mean,trust,,8.0,,,A paper,,\n"
         "a3,percent,merge,likely,33,,,A paper,,\n"
         "a4,change,role,Chair,5,,2013-01,A paper,,\n"},
    };
  }

 private:
  static std::string test_name() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return replaced(std::string(test->test_suite_name()) + "_" + test->name(), "/", "_");
  }
  void clear() const { std::filesystem::remove_all(path_); }

  std::filesystem::path path_;
};

}  // namespace barometer
