# Third parties: Debian packages, and files of npm packages laid out by tools/fetch_npm.sh below
# ${BAROMETER_NPM} (libduckdb.so and duckdb.h, vega, vega-lite). ./dev runs that script first.
set(BAROMETER_NPM "${PROJECT_SOURCE_DIR}/build/npm" CACHE PATH "files taken from npm packages")

find_package(GTest REQUIRED)
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(pegtl REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(hwy REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(JSC REQUIRED IMPORTED_TARGET javascriptcoregtk-4.1)
pkg_check_modules(PANGO REQUIRED IMPORTED_TARGET pangocairo)
pkg_check_modules(RSVG REQUIRED IMPORTED_TARGET librsvg-2.0)
pkg_check_modules(Z3 REQUIRED IMPORTED_TARGET z3)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0)
pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(CBC REQUIRED IMPORTED_TARGET cbc)
find_package(CURL REQUIRED)
find_library(STEMMER_LIBRARY stemmer REQUIRED)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(CMARK_GFM REQUIRED IMPORTED_TARGET libcmark-gfm)
# Tables and other extensions come in a second library, which libcmark-gfm.pc does not name.
find_library(CMARK_GFM_EXTENSIONS cmark-gfm-extensions REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)

add_library(barometer_duckdb SHARED IMPORTED)
set_target_properties(barometer_duckdb PROPERTIES
  IMPORTED_LOCATION ${BAROMETER_NPM}/duckdb/libduckdb.so
  IMPORTED_NO_SONAME TRUE
  INTERFACE_INCLUDE_DIRECTORIES ${BAROMETER_NPM}/duckdb)

# -pthread does nothing with this C library, but clang takes a precompiled header only for files that
# are compiled with it, or only for files without.
foreach(library JSC PANGO RSVG GLIB)
  get_target_property(options PkgConfig::${library} INTERFACE_COMPILE_OPTIONS)
  if(options)
    list(REMOVE_ITEM options -pthread)
    set_target_properties(PkgConfig::${library} PROPERTIES INTERFACE_COMPILE_OPTIONS "${options}")
  endif()
endforeach()
