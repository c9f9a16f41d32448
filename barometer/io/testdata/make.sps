* Small system files as PSPP writes them; run by make.sh.
SET LOCALE='UTF-8'.
DATA LIST LIST NOTABLE
  /likely (F2.0) age (F8.2) sex (A1) region (A12) wave (F1.0) visited (DATE11)
   barriers_1 (F1.0) barriers_2 (F1.0) barriers_5 (F1.0) mixed_a (F1.0) mixed_b (F1.0)
   happiness_today (F2.0) weight (F8.5) comment_on_the_plans (A300) essay (A1000).
BEGIN DATA
1 34.5 "m" "North" 1 01-JAN-2012 1 0 0 1 2 10 0.75 "Fine." ""
2 -3 "f" "South-East" 1 05-OCT-2012 0 1 1 1 1 0 1.25 "Zoë said: “no”." "x"
3 1e10 "f" "" 2 05-OCT-2012 0 0 0 2 1 5 1.1 "" "y"
98 151 "?" "North" 2 . -1 -1 -1 1 . 7 2 "" ""
99 152 "" "unknown" 2 29-FEB-2012 -9 -9 -9 1 1 -8 0.12345 "" ""
-1 -99 "m" "South-East" 1 15-OCT-1582 1 1 1 . . -5 1 "" ""
. . "f" "North" . 31-DEC-9999 . . . 2 2 99 3 "" ""
7 -100.25 "m" "Wales" 1 01-JAN-1600 0 0 1 2 2 3 1e-5 "" ""
END DATA.
COMPUTE comment_on_the_plans = CONCAT(RTRIM(comment_on_the_plans), ' ', RTRIM(region)).
IF ($CASENUM = 3) comment_on_the_plans = CONCAT(RPAD('', 290, '-'), 'end of it').
IF ($CASENUM = 8) comment_on_the_plans = RPAD('', 255, '=').
IF ($CASENUM = 4) essay = CONCAT(RPAD('a', 252, '.'), 'b', RPAD('', 255, ','), 'c', RPAD('', 480, 'x'), 'z').
IF ($CASENUM = 5) essay = CONCAT(RPAD('', 700), 'far to the right').
VARIABLE LABELS likely 'How likely is it?' /age 'Age in years' /sex 'Sex' /region 'Region'
  /barriers_1 'Money' /barriers_2 'Time' /barriers_5 'People' /happiness_today 'Happiness, 0 to 10'
  /comment_on_the_plans 'In your own words'.
VALUE LABELS likely 1 'Very' 2 'Fairly' 3 'Not' 7 'Never' 98 'Don''t know' 99 'Prefer not to say'
    -1 'Not asked'
  /sex 'm' 'Man' 'f' 'Woman' '?' 'Refused'
  /region 'North' 'The north' 'unknown' 'No answer'
  /barriers_1 barriers_2 barriers_5 1 'Yes' 0 'No' -1 'Routed past' -9 'Missing'
  /happiness_today 0 'Unhappy' 10 'Happy' -8 'Don''t know' -5 'Something else' 99 'Refused'.
MISSING VALUES likely (LOWEST THRU -1, 98) /sex ('?') /region ('unknown') /happiness_today (99)
  /barriers_1 barriers_2 barriers_5 (-9 THRU -1).
MISSING VALUES likely (98, 99, -1).
VARIABLE LEVEL likely barriers_1 TO barriers_5 (NOMINAL) /happiness_today (ORDINAL) /age (SCALE).
MRSETS /MDGROUP NAME=$barriers LABEL='What stands in the way?'
    VARIABLES=barriers_1 barriers_2 barriers_5 VALUE=1
  /MCGROUP NAME=$mixed VARIABLES=mixed_a mixed_b.
WEIGHT BY weight.
DOCUMENT Nobody reads this.
VARIABLE ATTRIBUTE VARIABLES=age ATTRIBUTE=Unit('years').
SAVE OUTFILE='pspp.sav' /COMPRESSED.
SAVE OUTFILE='pspp_plain.sav' /UNCOMPRESSED.
SAVE OUTFILE='pspp.zsav' /ZCOMPRESSED.
DATA LIST LIST NOTABLE /q1 (F2.0) age (F8.2) name (A12) d (DATE11).
BEGIN DATA
1 34.5 "Ann" 01-JAN-2012
2 -3 "Bob" 05-OCT-2012
9 1e10 "Zoë" 05-OCT-2012
-8 . "" .
END DATA.
VARIABLE LABELS q1 'Fine?' age 'Age in years'.
VALUE LABELS q1 1 'Yes' 2 'No' 9 'Refused' -8 'Don''t know'.
MISSING VALUES q1 (9,-8).
SAVE OUTFILE='small.sav' /COMPRESSED.
SAVE OUTFILE='small_plain.sav' /UNCOMPRESSED.
SAVE OUTFILE='small.zsav' /ZCOMPRESSED.
