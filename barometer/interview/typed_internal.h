// What was typed into a page's fields, as answers or as messages.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "barometer/interview/view_internal.h"

namespace barometer {

// A page's fields picked out of a form by name. Other names are counted and dropped: nothing is
// taken for an item that is not asked on this page.
struct TypedPage {
  std::map<size_t, FieldValues> values{};  // by item: the page's asked items
  bool skip = false;
  size_t ignored = 0;
};
TypedPage typed_page(const Interview::Plan& plan, const std::vector<size_t>& items,
                     const FormFields& fields);

// One item's answer, or what to tell the person. A blank answer is Missing::kSystem.
struct TypedAnswer {
  GivenAnswer answer{};
  std::string problem{};  // empty: none
  std::string field{};    // the form field the problem is about
};
TypedAnswer typed_answer(const Interview::Plan& plan, const Item& item, const FieldValues& values,
                         std::string_view language);

// What to say of a blank answer.
std::string blank_message(const Interview::Plan& plan, const Item& item, std::string_view language);

}  // namespace barometer
