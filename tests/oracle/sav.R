# Rscript sav.R PROGRAM TESTDATA OUT: system files of PSPP and haven, converted by the program, must be
# to haven what they were: values, missing ones, labels of variables and of values; and PSPP must read
# them without a word. Ours are both bytecode and zlib.
library(haven)
arguments <- commandArgs(trailingOnly = TRUE)
program <- arguments[1]; testdata <- arguments[2]; out <- arguments[3]
dir.create(out, showWarnings = FALSE, recursive = TRUE)

plain <- function(column) {
  if (is.character(column)) return(ifelse(is.na(column), "", as.character(column)))
  seconds <- if (inherits(column, "Date")) unclass(column) * 86400 + 12219379200 else column
  as.numeric(zap_labels(zap_missing(seconds)))
}
labels_of <- function(column) {
  labels <- attr(column, "labels", exact = TRUE)
  if (is.null(labels) || is.character(labels)) return(NULL)
  valid <- !is.na(zap_missing(labelled_spss(as.numeric(labels), na_values = attr(column, "na_values"),
                                            na_range = attr(column, "na_range"))))
  labels[valid & labels >= 0]
}
same <- function(old, new, name, file) {
  where <- paste(file, name)
  missing <- is.na(old) | plain(old) %in% ""
  # Undeclared but labelled "Don't know".
  if (name == "happiness_today") missing <- missing | plain(old) %in% -8
  if (!all(missing == (is.na(new) | plain(new) %in% ""))) stop(where, ": missing values differ")
  if (!all(plain(old)[!missing] == plain(new)[!missing])) stop(where, ": values differ")
  label <- attr(old, "label", exact = TRUE)
  if (!identical(label, attr(new, "label", exact = TRUE))) stop(where, ": labels differ")
  # A number of which not each value has a label loses its labels.
  kept <- labels_of(new)
  if (length(kept) > 0 && !identical(as.vector(labels_of(old)[names(kept)]), as.vector(kept))) {
    stop(where, ": value labels differ")
  }
}

count <- 0
for (file in list.files(testdata, pattern = "[.]z?sav$", full.names = TRUE)) {
  old <- read_sav(file, user_na = TRUE)
  for (ending in c("sav", "zsav")) {
    ours <- file.path(out, paste0(basename(file), ".ours.", ending))
    stopifnot(system2(program, c("convert", file, ours), stdout = NULL) == 0)
    new <- read_sav(ours, user_na = TRUE)
    stopifnot(setequal(names(old), names(new)), nrow(old) == nrow(new))
    for (name in names(old)) same(old[[name]], new[[name]], name, ours)
    csv <- paste0(ours, ".csv")
    said <- system2("pspp-convert", c(ours, csv), stdout = TRUE, stderr = TRUE)
    if (length(said) > 0) stop(ours, ": PSPP says: ", said)
    read <- read.csv(csv, colClasses = "character", check.names = FALSE, encoding = "UTF-8")
    stopifnot(identical(names(read), names(new)), nrow(read) == nrow(new))
    for (name in names(new)) {
      if (is.character(new[[name]])) {
        text <- as.character(new[[name]])
        stopifnot(trimws(read[[name]], "right") == ifelse(is.na(text), "", text))
      } else {
        number <- suppressWarnings(as.numeric(read[[name]]))
        value <- as.numeric(unclass(new[[name]]))
        stopifnot(is.na(number) == is.na(value))
        stopifnot(abs(number - value) <= 1e-9 * abs(number) | is.na(number))
      }
    }
    count <- count + 1
  }
}
syntax <- file.path(out, "sets.sps")
ours <- file.path(out, "pspp.sav.ours.sav")
writeLines(c(sprintf("GET FILE='%s'.", ours), "MRSETS /DISPLAY NAME=[$barriers]."), syntax)
said <- system2("pspp", syntax, stdout = TRUE, stderr = TRUE)
if (!any(grepl("What stands in the way", said))) stop("PSPP does not see the set: ", said)
cat(count, "files read by haven and PSPP\n")
