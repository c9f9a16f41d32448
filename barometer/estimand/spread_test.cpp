#include "barometer/estimand/spread.h"

#include <gtest/gtest.h>
