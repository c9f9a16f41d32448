#!/bin/sh
# Lays out the files we take from npm packages in build/npm, each checked against its SHA-256.
# usage: tools/fetch_npm.sh [TARGET_FOLDER]   (does nothing when all is there)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root/build/npm}
sums=$root/tools/npm.sha256
mkdir -p "$target"
if (cd "$target" && sha256sum --status --check "$sums" 2>/dev/null); then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pack() { # pack NAME@VERSION: unpacks the package into $work/package
  rm -rf "$work/package"
  (cd "$work" && npm pack --silent "$1" >name && tar xzf "$(tail -n 1 name)")
}
echo "fetching DuckDB, Vega and Vega-Lite from the npm registry into $target" >&2
mkdir -p "$target/duckdb" "$target/vega"
pack @duckdb/node-bindings-linux-x64@1.4.4-r.4
cp "$work/package/libduckdb.so" "$target/duckdb/"
pack duckdb@1.4.4
cp "$work/package/src/duckdb/src/include/duckdb.h" "$target/duckdb/"
pack vega@6.2.0
cp "$work/package/build/vega.min.js" "$target/vega/"
pack vega-lite@6.4.1
cp "$work/package/build/vega-lite.min.js" "$target/vega/"
if [ ! -s "$sums" ]; then
  (cd "$target" && sha256sum duckdb/libduckdb.so duckdb/duckdb.h vega/vega.min.js vega/vega-lite.min.js) >"$sums"
fi
(cd "$target" && sha256sum --quiet --check "$sums")
