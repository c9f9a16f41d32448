# data.table: weighted counts without standard errors.  Rscript data_table.R FOLDER N THREADS
suppressPackageStartupMessages(library(data.table))
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "timing.R"))
args <- commandArgs(TRUE)
n <- as.integer(args[2])
setDTthreads(as.integer(args[3]))
data <- fread(file.path(args[1], "data.csv"), showProgress = FALSE)
step <- function(id, run) {
  spent <- timed(run)
  cat(sprintf('{"source":"data.table %s","operation":"%s","n":%d,"threads":%s,"note":"","seconds":[%s],"cpu":[%s],"value":[%s],"se":[]}\n',
              packageVersion("data.table"), id, n, args[3], paste(sprintf("%.6f", spent$seconds), collapse = ","), paste(sprintf("%.6f", spent$cpu), collapse = ","),
              paste(sprintf("%.17g", spent$answer), collapse = ",")))
}
one <- function(q, b) {
  counts <- data[, .(w = sum(w), n = .N), by = c(q, b)]
  setorderv(counts, c(q, b))
  counts$w
}
step("table_no_se", function() one("q1", "b1"))
step("book_no_se", function() {
  for (b in 1:10) for (q in 1:20) first <- one(paste0("q", q), paste0("b", b))
  one("q1", "b1")
})
