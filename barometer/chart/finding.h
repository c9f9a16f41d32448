// Titles that say what a chart's figures show, and no more than they do.
#pragma once

#include <string>
#include <vector>

#include "barometer/chart/chart.h"

namespace barometer {

// Every mark has a value.
bool all_drawn(const std::vector<Row>& rows);

// A label within a sentence: "Very likely" -> "very likely", but "GP leaders" and "A" stay.
std::string mid_sentence(const std::string& label);

// "Dealings with the area team: 68% good or very good": the largest mark, when it is one alone and
// every mark is drawn; of a point of a scale "Confidence: 23% answered 9". Else the title claims
// nothing.
std::string largest_finding(const std::string& title, const std::vector<Row>& rows);

// "Strength of leadership: from 41% (Informatics) to 93% (Leadership) strong or very strong": the
// first marks of the rows, where they are of one category and all drawn. Else the title alone.
std::string range_finding(const std::string& title, const std::vector<Row>& rows);

}  // namespace barometer
