// A page as it is to be shown: plain data, all texts in the page's language and not escaped.
//
// Whoever draws it decides nothing about answers: names, values, order and what is chosen are here.
// A battery is one fieldset per statement: one FieldView each.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "barometer/interview/answer.h"

namespace barometer {

enum class FieldKind {
  kRadios,
  kCheckboxes,
  kSelect,    // one of a list; the first choice is empty
  kNumber,    // a short text box, inputmode decimal
  kDate,      // three short boxes: NAME.day, NAME.month, NAME.year
  kLine,      // one line of text
  kTextArea,  // several lines
};

struct ChoiceView {
  std::string value{};  // of the form field
  std::string label{};
  bool chosen = false;
  bool exclusive = false;  // unchecks the others: "None of these"
  bool set_apart = false;  // after a divider: don't know, prefer not to say
  // The text box that opens under this choice; empty when there is none.
  std::string specify_name{};
  std::string specify_label{};
  std::string specify_value{};
};

struct FieldView {
  std::string item{};  // item id; anchors are made of it
  std::string name{};  // of the form field
  FieldKind kind = FieldKind::kRadios;
  std::string legend{};  // the statement or question; the label of a text box
  std::string hint{};
  std::string prefix{}, suffix{};  // "£", "%"
  std::vector<ChoiceView> choices{};
  std::string value{};                    // of kNumber, kLine, kTextArea; as typed when refused
  std::string day{}, month{}, year{};     // of kDate; as typed when refused
  std::string low_label{}, high_label{};  // of a scale
  size_t max_length = 0;                  // characters of a text; 0: none said
  bool required = false;
  std::vector<ChoiceView> instead{};  // checkboxes NAME.instead: don't know, prefer not to say
  std::vector<ChoiceView> quoting{};  // radios NAME.quote: may we quote these words?
  std::string quoting_legend{};
  std::string error{};  // empty: none
};

struct PageMessage {
  std::string field{};  // name of the form field it is about (link to its first input)
  std::string text{};
};

struct InterviewProgress {
  size_t page = 0;      // from 1, on the route as it is now
  size_t pages = 0;     // on the route as it is now
  size_t answered = 0;  // items with any answer, blanks saved included
  size_t asked = 0;
};

struct PageView {
  std::string id{};  // page id: the item's id, or the battery's
  std::string language{};
  std::string title{};  // the question, or the battery's title
  std::string stem{};   // of a battery; empty for a lone item, whose legend is the title
  bool is_battery = false;
  bool is_ranking = false;  // each place of the selects may be given once
  std::vector<FieldView> fields{};
  std::vector<PageMessage> errors{};
  // Something that should be answered was left out; a hidden field "skip" with the value "1" lets
  // the same post pass the second time.
  bool offer_skip = false;
  InterviewProgress progress{};
  std::optional<size_t> previous{};  // page index for "Back"
};

// One line of the page "check your answers".
struct AnswerSummary {
  size_t page = 0;
  std::string item{};
  std::string question{};
  std::vector<std::string> answers{};  // as said; empty when there is none
};

}  // namespace barometer
