#!/bin/sh
# Counts the instructions of each kernel with callgrind, and compares them with kernel_counts.txt.
#
#   kernel_counts.sh PROGRAM           fails when a count is over 5 % off, up or down
#   kernel_counts.sh PROGRAM --renew   stores the counts
set -eu
program=$1
stored=$(dirname "$0")/kernel_counts.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

instructions() { # instructions KERNEL
  valgrind --tool=callgrind --toggle-collect=counted --callgrind-out-file="$work/out" "$program" "$1" >/dev/null 2>"$work/err" ||
    { cat "$work/err" >&2 && exit 1; }
  sed -n 's/^summary: //p; s/^totals: //p' "$work/out" | head -n 1
}

"$program" | while read -r kernel; do
  echo "$kernel $(instructions "$kernel")"
done >"$work/counts"

if [ "${2-}" = --renew ]; then
  { echo "# Instructions of each kernel with AVX2: bench/kernel_counts.sh PROGRAM --renew" &&
    cat "$work/counts"; } >"$stored"
  exit 0
fi

grep -v '^#' "$stored" | sort >"$work/stored"
sort "$work/counts" | join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$work/stored" - | awk '
  { far = $3 - $2; if (far < 0) far = -far }
  far > 0.05 * $2 { printf "%s: %d instructions, %d are stored\n", $1, $3, $2; bad = 1 }
  END { exit bad }' || {
  echo "If this is meant, store the new counts: bench/kernel_counts.sh $program --renew"
  exit 1
}
