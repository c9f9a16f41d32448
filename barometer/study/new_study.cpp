// The files of a new study. They are an example that checks clean, meant to be written over.
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/study/new_study.h"

namespace barometer {
namespace {

// A YAML text in double quotes.
std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02X}", byte);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

constexpr std::string_view kStudy =
    R"(# A survey of the leaders of a known set of organisations.
# `barometer check` reads everything in this folder and lists what is wrong.
title: TITLE
# series: the name that all waves share, when it is not the title
sponsor: Who pays for the survey
conducted_by: Who carries it out
geography: England
population: Leaders of the organisations in the frame
# What tables and stories call them.
words: {organisations: organisations, respondents: leaders}
# How figures are printed, and from which base downwards they are marked or withheld.
print:
  percent_places: 0
  mean_places: 1
  rounding: half up            # or: half even, truncate
  level: 0.95                  # of confidence intervals and tests
  note_base_under: 100         # a note in the text
  bracket_base_under: 50       # [42]
  percent_base_under: 30       # counts instead of percentages
  suppress_base_under: 10      # [c]
  suppress_count_under: 0      # 5 withholds counts of 1 to 4
)";

constexpr std::string_view kFrame =
    R"(# What this list of organisations is; printed in the method note.
# Each version of the list has a folder of its own, so that every wave can name the one it used.
date: START
source: EXAMPLE. Replace with where the list comes from.
coverage_gaps: EXAMPLE. Which organisations or people the list may lack.
exclusions: EXAMPLE. Who was left out on purpose.
synthetic: true                # the names below are made up; say false or leave it out for a real list
)";

constexpr std::string_view kOrganisations =
    R"(# EXAMPLE organisations: replace them. population (people served) and budget (pounds a year) may be left out.
id,name,region,area_team,population,budget
ex01,Example Organisation North,North,Example area team A,250000,310000000
ex02,Example Organisation East,North,Example area team A,180000,225000000
ex03,Example Organisation South,South,Example area team B,320000,400000000
ex04,Example Organisation West,South,Example area team B,150000,190000000
)";

constexpr std::string_view kPeople =
    R"(# EXAMPLE people: replace them. One person may answer for several organisations: ex01;ex02. Names are never published.
id,organisation,role,name
ex01-chair,ex01,Chair,
ex02-chair,ex02,Chair,
ex03-chair,ex03,Chair,
ex04-chair,ex04,Chair,
ex-officer-a,ex01;ex02,Accountable officer,
ex-officer-b,ex03,Accountable officer,
ex-officer-c,ex04,Accountable officer,
)";

constexpr std::string_view kWave =
    R"(# One round of fieldwork. The folder's name is the wave's id; waves are in order of their names.
title: First wave
fieldwork:                     # days, mails and promises: all keys in docs/study-format.md
  start: START
  end: END
  privacy: confidential        # or: unlinked
  reminders:                   # days after the start, to who has not sent their answers
    - {after: 7}
    - {after: 14}
  # EXAMPLE addresses: replace them. The texts of the mails are in contact/.
  contact:
    from: The survey team
    address: survey@survey.example
    help_email: help@survey.example
    site: "https://survey.example"
mode: Online questionnaire sent to named leaders
frame: VERSION                 # the folder in frame/
population: Leaders of the organisations in the frame
weighting: Not weighted.
design: {kind: simple, population: frame}
# Answers go into responses.csv (or .parquet) beside this file: the columns respondent and organisation,
# then one column an item. Figures printed elsewhere go into published.csv.
)";

constexpr std::string_view kQuestionnaire =
    R"(# Each type brings its options and NETs; `options` and `nets` replace them. All keys: docs/study-format.md.
title: First wave
introduction: Your answers are confidential. Only totals are published.
items:
  - id: role
    type: single               # one of the options
    text: Which of these best describes your role?
    label: Role
    options: [Chair, Accountable officer, Another role]
    nets:                      # only NETs declared here may be published
      leader: {label: Chair or accountable officer, options: [Chair, Accountable officer]}
    chart: pie
  - id: is_clinician
    type: yes-no               # Yes, No, Already, Don't know
    text: Do you have a clinical qualification?
    label: Clinician
    options: ["Yes", "No"]
  - id: clinical_days
    type: number
    text: How many days a month do you spend on clinical work?
    label: Clinical days a month
    ask_if: is_clinician = 'Yes'
    base: Leaders with a clinical qualification
  - id: confidence
    type: score                # a scale, whose ends are always written
    scale: {low: 1, high: 10, low_label: Not at all confident, high_label: Very confident}
    text: How confident are you that your organisation will keep within its budget this year?
    label: Confidence in keeping within budget
  - battery: plans             # items that share a stem and options
    type: likelihood           # Very likely to Very unlikely, Don't know; NETs likely, unlikely
    title: Plans for the next year
    stem: How likely is your organisation to do each of these in the next year?
    items:
      - {id: plan_share, text: Share services with a neighbour, label: Share services}
      - {id: plan_merge, text: Merge with a neighbour, label: Merge}
  - battery: views
    type: agreement            # Strongly agree to Strongly disagree, Don't know; NETs agree, disagree
    title: Views
    stem: How far do you agree or disagree with each of these statements?
    items:
      - {id: view_support, text: We get the support we need, label: We get support}
      - {id: view_freedom, text: We are free to decide, label: We are free to decide}
  - id: staffing
    type: better-worse         # Much better to Much worse, Don't know; NETs better, worse
    text: Compared with a year ago, is staffing in your organisation better or worse?
    label: Staffing
  - id: leadership
    type: strength             # Very strong to Very weak; NETs strong, weak
    text: How strong is leadership in your organisation?
    label: Leadership
  - id: contribution
    type: contribution         # Large, Some, Little or none
    text: How large a contribution do patients make to your plans?
    label: Contribution of patients
  - id: pay
    type: barrier              # A major barrier, A barrier, Not a barrier, Don't know; NET barrier
    text: Is pay a barrier to recruiting the people you need?
    label: Pay as a barrier
  - id: size
    type: banded               # ordered bands, and options outside the order
    text: How many people does your organisation employ?
    label: Employees
    options: [Under 50, 50 to 249, 250 or more, {label: We employ nobody, off_scale: true}]
  - id: partners
    type: multi                # any number of the options
    text: Which of these do you work with?
    label: Partners
    options: [Local authorities, Charities, Universities, None of these]
  - id: hopes
    type: open                 # in their own words; never published as data
    text: What do you hope for in the next year?
    label: Hopes
)";

// Fields that both privacy modes have, and that the wave above fills.
constexpr std::string_view kInvitation = R"(Subject: {{study}}: your view by {{closes}}

Dear {{name|colleague}},

You are one of the people whom we ask about {{organisations}}. Please answer until {{closes}}; you can
stop and go on whenever you like, on any device:

{{link}}

The link is yours alone. If a colleague should answer in your place, its first page lets you say so.

{{privacy}}

If you have a question, write to {{help_email}}.

{{from_name}}

No more mails about this survey: {{stop_link}}
)";

constexpr std::string_view kReminder = R"(Subject: Reminder: {{study}}, until {{closes}}

Dear {{name|colleague}},

Your answers about {{organisations}} have not been sent yet. If you have begun, you go on where you stopped:

{{link}}

{{privacy}}

The survey closes on {{closes}}. If you have a question, write to {{help_email}}.

{{from_name}}

No more mails about this survey: {{stop_link}}
)";

constexpr int kFieldworkDays = 21;

}  // namespace

std::map<std::string, std::string> new_study_files(const std::string& title, const Date& start) {
  const std::string first = iso_text(start);
  const std::string id = first.substr(0, 7);  // "2026-11"
  const std::string frame = "frame/" + id + "/";
  const std::string wave = "waves/" + id + "/";
  std::string settings = replaced(std::string(kWave), "START", first);
  settings =
      replaced(std::move(settings), "END",
               iso_text(Date(std::chrono::sys_days(start) + std::chrono::days(kFieldworkDays))));
  settings = replaced(std::move(settings), "VERSION", id);
  return {
      {"study.yaml", replaced(std::string(kStudy), "TITLE", yaml_quoted(title))},
      {frame + "frame.yaml", replaced(std::string(kFrame), "START", first)},
      {frame + "organisations.csv", std::string(kOrganisations)},
      {frame + "people.csv", std::string(kPeople)},
      {wave + "wave.yaml", std::move(settings)},
      {wave + "questionnaire.yaml", std::string(kQuestionnaire)},
      {wave + "contact/invitation.md", std::string(kInvitation)},
      {wave + "contact/reminder.md", std::string(kReminder)},
  };
}

}  // namespace barometer
