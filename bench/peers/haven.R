# haven: a .sav file of 100 columns.  Rscript haven.R FOLDER N
suppressPackageStartupMessages({
  library(haven)
  library(data.table)
})
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "timing.R"))
args <- commandArgs(TRUE)
n <- as.integer(args[2])
file <- file.path(args[1], "haven.sav")
data <- as.data.frame(fread(file.path(args[1], "data.csv"), showProgress = FALSE))
wide <- data[, rep(seq_along(data), length.out = 100)]
names(wide) <- c(names(data), paste0("v", (ncol(data) + 1):100))
step <- function(id, run) {
  spent <- timed(run)
  cat(sprintf('{"source":"haven %s","operation":"%s","n":%d,"threads":1,"note":"","seconds":[%s],"cpu":[%s],"value":[],"se":[]}\n',
              packageVersion("haven"), id, n, paste(sprintf("%.6f", spent$seconds), collapse = ","), paste(sprintf("%.6f", spent$cpu), collapse = ",")))
}
step("sav_write", function() write_sav(wide, file))
step("sav_read", function() read_sav(file))
