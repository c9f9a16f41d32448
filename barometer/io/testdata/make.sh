#!/bin/sh
# Makes the system files of this folder and, as CSV, what haven finds in them. Wants PSPP 1.6 (pspp,
# pspp-convert), R with haven 2.5, and python3. Files that hold the same must be read alike by both
# programs; one table is kept for all of them.
set -eu
cd "$(dirname "$0")"
pspp make.sps
python3 vary.py
Rscript make.R
for file in *.sav *.zsav; do
  pspp-convert "$file" "$(echo "$file" | sed 's/[.]\(z*sav\)$/_\1/').pspp.csv"
done
for ending in csv labels.csv pspp.csv; do
  for same in pspp_plain_sav pspp_zsav big_endian_sav uncounted_sav; do
    cmp "pspp_sav.$ending" "$same.$ending" && rm "$same.$ending"
  done
  for same in haven_plain_sav haven_zsav; do
    cmp "haven_sav.$ending" "$same.$ending" && rm "$same.$ending"
  done
done
rm -f ./*.pspp.csv ./small*.csv
for file in pspp haven windows_1252; do
  mv "${file}_sav.csv" "$file.csv" && mv "${file}_sav.labels.csv" "$file.labels.csv"
done
