#!/bin/sh
# Lays out the files we take from npm packages, each checked against its SHA-256 in npm.sha256.
# usage: tools/fetch_npm.sh [TARGET_FOLDER]   (default build/npm; does nothing when all is there)
#
# Each file is checked and then moved into place: an interrupted run leaves nothing half written,
# and the next run fetches what is missing. A changed version changes npm.sha256 in the same commit.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root/build/npm}
sums=$root/tools/npm.sha256

sum_of() { sed -n "s|^\([0-9a-f]\{64\}\)  $1\$|\1|p" "$sums"; }

# has FILE NAME: the bytes of FILE are those listed for NAME.
has() { [ -f "$1" ] && [ "$(sha256sum <"$1")" = "$(sum_of "$2")  -" ]; }

# take PACKAGE@VERSION FILE_IN_PACKAGE NAME: puts one file of a package at $target/NAME.
take() {
  has "$target/$3" "$3" && return 0
  work=$(mktemp -d "$target/.fetch-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' INT TERM HUP
  echo "fetching $3 from $1" >&2
  (cd "$work" && npm pack --silent "$1" >name && tar xzf "$(tail -n 1 name)" "package/$2")
  if ! has "$work/package/$2" "$3"; then
    echo "fetch_npm: $3 from $1 has the SHA-256 $(sha256sum <"$work/package/$2")," \
      "not the one in tools/npm.sha256" >&2
    exit 1
  fi
  mkdir -p "$(dirname "$target/$3")"
  touch "$work/package/$2"  # packages date from 1985: a build would not see the change
  mv "$work/package/$2" "$target/$3"
  rm -rf "$work"
}

mkdir -p "$target"
rm -rf "$target"/.fetch-*
take @duckdb/node-bindings-linux-x64@1.4.4-r.4 libduckdb.so duckdb/libduckdb.so
take duckdb@1.4.4 src/duckdb/src/include/duckdb.h duckdb/duckdb.h
take vega@6.2.0 build/vega.min.js vega/vega.min.js
take vega-lite@6.4.1 build/vega-lite.min.js vega/vega-lite.min.js
take vega-embed@7.3.0 build/vega-embed.min.js vega/vega-embed.min.js
take vega@6.2.0 LICENSE vega/LICENSE-vega
take vega-lite@6.4.1 LICENSE vega/LICENSE-vega-lite
take vega-embed@7.3.0 LICENSE vega/LICENSE-vega-embed
take govuk-frontend@6.6.0 dist/govuk/govuk-frontend.min.css govuk-frontend/govuk-frontend.min.css
