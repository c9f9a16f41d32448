# haven: a .sav file of 100 columns.  Rscript haven.R FOLDER N
suppressPackageStartupMessages({
  library(haven)
  library(data.table)
})
args <- commandArgs(TRUE)
n <- as.integer(args[2])
file <- file.path(args[1], "haven.sav")
data <- as.data.frame(fread(file.path(args[1], "data.csv"), showProgress = FALSE))
wide <- data[, rep(seq_along(data), length.out = 100)]
names(wide) <- c(names(data), paste0("v", (ncol(data) + 1):100))
step <- function(id, run) {
  seconds <- cpu <- numeric()
  for (i in 1:3) {
    start <- proc.time()
    answer <- run()
    spent <- proc.time() - start
    seconds <- c(seconds, spent[["elapsed"]])
    cpu <- c(cpu, spent[["user.self"]] + spent[["sys.self"]])
    if (seconds[i] > 20) break
  }
  cat(sprintf('{"source":"haven %s","operation":"%s","n":%d,"threads":1,"note":"","seconds":[%s],"cpu":[%s],"value":[],"se":[]}\n',
              packageVersion("haven"), id, n, paste(sprintf("%.6f", seconds), collapse = ","), paste(sprintf("%.6f", cpu), collapse = ",")))
}
step("sav_write", function() write_sav(wide, file))
step("sav_read", function() read_sav(file))
