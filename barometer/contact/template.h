// Mail as the team writes it: contact/NAME.md in the wave's folder, with merge fields.
//
//   Subject: {{study}}: your view by {{closes}}
//
//   Dear {{name|colleague}},
//   …
//   {{link}}
//
// A field is {{word}}, or {{word|what stands there when it is empty}}. Fields are checked before
// anything is sent: an unknown one is an error with its place. Text is plain: what a person's name
// holds is never read as a field or a header. Mails are plain text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/diagnostic.h"

namespace barometer {

// What a template may ask for; templates.cpp says what each is.
const std::vector<std::string>& merge_fields();

using MergeValues = std::map<std::string, std::string, std::less<>>;

struct MailText {
  std::string subject{};  // one line
  std::string body{};     // lines ended by \n
};

class MailTemplate {
 public:
  // Reports: no subject, text that is not UTF-8, an unknown field (with the nearest), a field that
  // is not closed, no {{link}} when `needs_link`. A template without {{stop_link}} gets a last
  // paragraph with it, so that every mail says how to stop it.
  static MailTemplate parse(std::string_view bytes, const std::string& file, bool needs_link,
                            Diagnostics& problems);

  // kInvalid: a field that has no value and no words for that case (names it and the place).
  [[nodiscard]] Result<MailText> fill(const MergeValues& values) const;

 private:
  struct Piece {
    bool is_field = false;
    std::string text{};       // of the field: its name
    std::string otherwise{};  // of the field
    bool has_otherwise = false;
    Place place{};
  };
  using Pieces = std::vector<Piece>;
  static Pieces read(std::string_view line_or_text, Place place, Diagnostics& problems);
  static Result<std::string> fill(const Pieces& pieces, const MergeValues& values);

  Pieces subject_;
  Pieces body_;
};

}  // namespace barometer
