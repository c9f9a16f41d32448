#include "barometer/server/question_page.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/server/page_layout.h"
#include "barometer/server/phrases.h"

namespace barometer {
namespace {

// How the question itself is said: as the page's heading, or below it.
enum class Standing { kHeading, kStatement };

struct Described {
  std::vector<Html> parts;  // hint and message
  std::string ids;          // of aria-describedby
};

Described described(const FieldView& field, std::string_view language) {
  Described out;
  const std::string id = input_id(field.name);
  const auto add = [&out](std::string part_id, Html part) {
    out.ids += (out.ids.empty() ? "" : " ") + std::move(part_id);
    out.parts.push_back(std::move(part));
  };
  if (!field.hint.empty()) {
    add(id + "-hint",
        element("div", {{"class", "govuk-hint"}, {"id", id + "-hint"}}, {text(field.hint)}));
  }
  if (!field.error.empty()) {
    add(id + "-error", element("p", {{"class", "govuk-error-message"}, {"id", id + "-error"}},
                               {element("span", {{"class", "govuk-visually-hidden"}},
                                        {text(phrase(Phrase::kErrorPrefix, language))}),
                                text(field.error)}));
  }
  return out;
}

Html form_group(const FieldView& field, const std::vector<Html>& parts) {
  return element("div",
                 {{"class", field.error.empty() ? "govuk-form-group"
                                                : "govuk-form-group govuk-form-group--error"}},
                 parts);
}

Html legend_of(const std::string& words, Standing standing) {
  if (standing == Standing::kHeading) {
    return element("legend", {{"class", "govuk-fieldset__legend govuk-fieldset__legend--l"}},
                   {element("h1", {{"class", "govuk-fieldset__heading"}}, {text(words)})});
  }
  return element("legend", {{"class", "govuk-fieldset__legend govuk-fieldset__legend--s"}},
                 {text(words)});
}

Html fieldset(const Html& legend, const std::string& described_by, const std::vector<Html>& parts) {
  std::vector<Attribute> attributes = {{"class", "govuk-fieldset"}};
  if (!described_by.empty()) attributes.push_back({"aria-describedby", described_by});
  std::vector<Html> inside = {legend};
  inside.insert(inside.end(), parts.begin(), parts.end());
  return element("fieldset", attributes, inside);
}

Html label_of(const std::string& id, const std::string& words, Standing standing) {
  const bool heading = standing == Standing::kHeading;
  Html label = element(
      "label",
      {{"class", heading ? "govuk-label govuk-label--l" : "govuk-label govuk-!-font-weight-bold"},
       {"for", id}},
      {text(words)});
  return heading ? element("h1", {{"class", "govuk-label-wrapper"}}, {label}) : label;
}

Html small_text_box(const std::string& name, const std::string& label, const std::string& value) {
  const std::string id = input_id(name);
  std::vector<Attribute> attributes = {
      {"class", "govuk-input"}, {"type", "text"}, {"id", id}, {"name", name}};
  if (!value.empty()) attributes.push_back({"value", value});
  return element("div", {{"class", "specify"}},
                 {element("label", {{"class", "govuk-label"}, {"for", id}}, {text(label)}),
                  element("input", attributes)});
}

// `kind` is "radio" or "checkbox"; the first has the id that messages link to. `end`: what the
// first or last point of a scale means.
Html choice(const std::string& name, const ChoiceView& view, size_t index, const std::string& kind,
            const std::string& end, const char* extra_class) {
  const std::string block = kind == "radio" ? "govuk-radios" : "govuk-checkboxes";
  const std::string id = index == 0 ? input_id(name) : fmt::format("{}-{}", input_id(name), index);
  std::vector<Attribute> attributes = {{"class", block + "__input"},
                                       {"type", kind},
                                       {"id", id},
                                       {"name", name},
                                       {"value", view.value}};
  if (view.chosen) attributes.push_back({"checked", "checked"});
  std::vector<Html> parts = {
      element("input", attributes),
      element("label", {{"class", "govuk-label " + block + "__label"}, {"for", id}},
              {text(view.label),
               end.empty() ? Html{} : element("span", {{"class", "end"}}, {text(": " + end)})})};
  if (!view.specify_name.empty()) {
    parts.push_back(small_text_box(view.specify_name, view.specify_label, view.specify_value));
  }
  return element("div", {{"class", block + "__item" + extra_class}}, parts);
}

Html choices(const std::string& name, const std::vector<ChoiceView>& views, const std::string& kind,
             std::string_view extra_class, std::string_view language) {
  const std::string block = kind == "radio" ? "govuk-radios" : "govuk-checkboxes";
  std::vector<Html> items;
  bool apart = false;
  for (size_t i = 0; i < views.size(); ++i) {
    if (views[i].set_apart && !apart && i > 0) {
      apart = true;
      items.push_back(
          element("div", {{"class", block + "__divider"}}, {text(phrase(Phrase::kOr, language))}));
    }
    items.push_back(choice(name, views[i], i, kind, "", ""));
  }
  return element("div", {{"class", block + std::string(extra_class)}}, items);
}

Html scale_ends(const FieldView& field) {
  if (field.low_label.empty() && field.high_label.empty()) return {};
  return element("p", {{"class", "govuk-hint scale-ends"}, {"aria-hidden", "true"}},
                 {labelled("span", field.low_label), labelled("span", field.high_label)});
}

// The points of a scale. On a wide screen they stand in one row, with the ends above the first and
// the last; on a narrow one in a list, where these two say what they mean. Labels say it always.
void add_points(const FieldView& field, std::string_view language, std::vector<Html>& parts) {
  std::vector<Html> items;
  const auto apart = std::ranges::find_if(field.choices, &ChoiceView::set_apart);
  const auto count = static_cast<size_t>(apart - field.choices.begin());
  for (size_t i = 0; i < field.choices.size(); ++i) {
    if (i == count) {
      items.push_back(element("div", {{"class", "govuk-radios__divider apart"}},
                              {text(phrase(Phrase::kOr, language))}));
    }
    const std::string end = i == 0           ? field.low_label
                            : i + 1 == count ? field.high_label
                                             : std::string();
    items.push_back(
        choice(field.name, field.choices[i], i, "radio", end, i < count ? " point" : " apart"));
  }
  constexpr size_t kInARow = 11;  // more have no room: a list on any screen
  const bool in_row = count <= kInARow;
  if (in_row) parts.push_back(scale_ends(field));
  parts.push_back(element(
      "div", {{"class", in_row ? "govuk-radios govuk-radios--small points" : "govuk-radios"}},
      items));
}

// "Don't know" and "Prefer not to say" beside a box, and what may be quoted.
std::vector<Html> beside(const FieldView& field, std::string_view language) {
  std::vector<Html> parts;
  if (!field.instead.empty()) {
    parts.push_back(choices(field.name + ".instead", field.instead, "checkbox",
                            " govuk-checkboxes--small", language));
  }
  if (!field.quoting.empty()) {
    parts.push_back(fieldset(legend_of(field.quoting_legend, Standing::kStatement), "",
                             {choices(field.name + ".quote", field.quoting, "radio",
                                      " govuk-radios--small", language)}));
  }
  return parts;
}

void append(std::vector<Html>& to, std::vector<Html> more) {
  for (Html& one : more) to.push_back(std::move(one));
}

Html options_field(const FieldView& field, Standing standing, std::string_view language) {
  const bool radios = field.kind == FieldKind::kRadios;
  Described about = described(field, language);
  const bool scale = radios && (!field.low_label.empty() || !field.high_label.empty());
  const bool in_row = standing == Standing::kStatement;
  const std::string extra = in_row ? (radios ? " govuk-radios--small in-row" : " in-row") : "";
  std::vector<Html> parts = std::move(about.parts);
  if (scale) {
    add_points(field, language, parts);
  } else {
    parts.push_back(
        choices(field.name, field.choices, radios ? "radio" : "checkbox", extra, language));
  }
  append(parts, beside(field, language));
  return form_group(field, {fieldset(legend_of(field.legend, standing), about.ids, parts)});
}

Html select_box(const FieldView& field, const std::string& described_by,
                std::string_view language) {
  std::vector<Html> options = {
      element("option", {{"value", ""}}, {text(phrase(Phrase::kChoose, language))})};
  for (const ChoiceView& view : field.choices) {
    std::vector<Attribute> attributes = {{"value", view.value}};
    if (view.chosen) attributes.push_back({"selected", "selected"});
    options.push_back(element("option", attributes, {text(view.label)}));
  }
  std::vector<Attribute> attributes = {
      {"class", "govuk-select"}, {"id", input_id(field.name)}, {"name", field.name}};
  if (!described_by.empty()) attributes.push_back({"aria-describedby", described_by});
  return element("select", attributes, options);
}

Html text_box(const FieldView& field, const std::string& described_by) {
  const bool area = field.kind == FieldKind::kTextArea;
  std::vector<Attribute> attributes = {{"id", input_id(field.name)}, {"name", field.name}};
  if (!described_by.empty()) attributes.push_back({"aria-describedby", described_by});
  if (!field.error.empty()) attributes.push_back({"aria-invalid", "true"});
  // No maxlength: what is pasted would be cut without a word. The server says what is too long.
  if (area) {
    attributes.push_back({"class", "govuk-textarea"});
    attributes.push_back({"rows", "6"});
    return element("textarea", attributes, {text(field.value)});
  }
  attributes.push_back({"type", "text"});
  const bool number = field.kind == FieldKind::kNumber;
  attributes.push_back({"class", number ? "govuk-input govuk-input--width-10" : "govuk-input"});
  if (number) attributes.push_back({"inputmode", "decimal"});
  if (!field.value.empty()) attributes.push_back({"value", field.value});
  Html box = element("input", attributes);
  if (field.prefix.empty() && field.suffix.empty()) return box;
  std::vector<Html> parts;
  const auto aside = [&parts](const char* css, const std::string& words) {
    if (words.empty()) return;
    parts.push_back(element("div", {{"class", css}, {"aria-hidden", "true"}}, {text(words)}));
  };
  aside("govuk-input__prefix", field.prefix);
  parts.push_back(box);
  aside("govuk-input__suffix", field.suffix);
  return element("div", {{"class", "govuk-input__wrapper"}}, parts);
}

Html box_field(const FieldView& field, Standing standing, std::string_view language) {
  Described about = described(field, language);
  std::vector<Html> parts = {label_of(input_id(field.name), field.legend, standing)};
  append(parts, std::move(about.parts));
  parts.push_back(field.kind == FieldKind::kSelect ? select_box(field, about.ids, language)
                                                   : text_box(field, about.ids));
  append(parts, beside(field, language));
  return form_group(field, parts);
}

Html date_part(const FieldView& field, const char* part, Phrase words, const std::string& value,
               std::string_view language) {
  const std::string name = field.name + "." + part;
  // The first box is what a message about the date links to.
  const std::string id = std::string_view(part) == "day" ? input_id(field.name) : input_id(name);
  const bool year = words == Phrase::kYear;
  std::vector<Attribute> attributes = {
      {"class", year ? "govuk-input govuk-date-input__input govuk-input--width-4"
                     : "govuk-input govuk-date-input__input govuk-input--width-2"},
      {"type", "text"},
      {"inputmode", "numeric"},
      {"id", id},
      {"name", name}};
  if (!value.empty()) attributes.push_back({"value", value});
  return element(
      "div", {{"class", "govuk-date-input__item"}},
      {element("div", {{"class", "govuk-form-group"}},
               {element("label", {{"class", "govuk-label govuk-date-input__label"}, {"for", id}},
                        {text(phrase(words, language))}),
                element("input", attributes)})});
}

Html date_field(const FieldView& field, Standing standing, std::string_view language) {
  Described about = described(field, language);
  std::vector<Html> parts = std::move(about.parts);
  parts.push_back(element("div", {{"class", "govuk-date-input"}},
                          {date_part(field, "day", Phrase::kDay, field.day, language),
                           date_part(field, "month", Phrase::kMonth, field.month, language),
                           date_part(field, "year", Phrase::kYear, field.year, language)}));
  append(parts, beside(field, language));
  return form_group(field, {fieldset(legend_of(field.legend, standing), about.ids, parts)});
}

Html field_html(const FieldView& field, Standing standing, std::string_view language) {
  switch (field.kind) {
    case FieldKind::kRadios:
    case FieldKind::kCheckboxes:
      return options_field(field, standing, language);
    case FieldKind::kDate:
      return date_field(field, standing, language);
    case FieldKind::kSelect:
    case FieldKind::kNumber:
    case FieldKind::kLine:
    case FieldKind::kTextArea:
      return box_field(field, standing, language);
  }
  return {};
}

Html progress_html(const PageView& page) {
  const InterviewProgress& at = page.progress;
  const std::string words =
      fmt::format(fmt::runtime(phrase(Phrase::kProgress, page.language)), at.page, at.pages);
  return element(
      "div", {{"class", "progress"}},
      {element("p", {{"class", "govuk-caption-m"}, {"id", "progress-words"}}, {text(words)}),
       element("progress",
               {{"max", fmt::format("{}", at.pages)},
                {"value", fmt::format("{}", at.page > 0 ? at.page - 1 : 0)},
                {"aria-labelledby", "progress-words"}},
               {text(words)})});
}

std::vector<Html> fields_html(const PageView& page) {
  const bool alone = page.fields.size() == 1 && !page.is_battery && !page.is_ranking;
  std::vector<Html> fields;
  for (const FieldView& field : page.fields) {
    fields.push_back(
        field_html(field, alone ? Standing::kHeading : Standing::kStatement, page.language));
  }
  if (alone) return fields;
  const std::string& words = page.stem.empty() ? page.title : page.stem;
  const Html heading = legend_of(words, Standing::kHeading);
  if (page.is_ranking) return {fieldset(heading, "", fields)};
  // A heading, and a fieldset a statement: a fieldset round all would be read before each.
  std::vector<Html> battery = {element("h1", {{"class", "govuk-heading-l"}}, {text(words)}),
                               element("div", {{"class", "battery"}}, fields)};
  return battery;
}

}  // namespace

std::string input_id(const std::string& field_name) {
  std::string id = "f-" + field_name;
  std::ranges::replace_if(
      id,
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_');
      },
      '_');
  return id;
}

std::vector<Html> question_page(const PageView& page, const std::string& action,
                                const std::string& ticket) {
  std::vector<ErrorLink> errors;
  for (const PageMessage& message : page.errors) {
    errors.push_back({input_id(message.field), message.text});
  }
  std::vector<Html> form = fields_html(page);
  if (page.offer_skip) {
    form.push_back(hidden("skip", "1"));
    form.push_back(element("p", {{"class", "govuk-inset-text"}},
                           {text(phrase(Phrase::kSkipHint, page.language))}));
  }
  form.push_back(hidden("language", page.language));
  form.push_back(submit_button(phrase(Phrase::kContinue, page.language)));
  form.push_back(hint_paragraph(phrase(Phrase::kSaved, page.language)));
  return {error_summary(phrase(Phrase::kProblem, page.language), errors), progress_html(page),
          post_form(action, ticket, form)};
}

}  // namespace barometer
