// A study to start from.
#pragma once

#include <map>
#include <string>

#include "barometer/base/date.h"

namespace barometer {

// The commented files of a new study that checks clean and is ready to invite, with fieldwork from
// `start` on: relative path -> text.
std::map<std::string, std::string> new_study_files(const std::string& title, const Date& start);

}  // namespace barometer
