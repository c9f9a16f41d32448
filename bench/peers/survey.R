# R's package survey on the benchmark's data: a line of JSON for each step.
# Rscript survey.R FOLDER N [OPERATION...]
suppressPackageStartupMessages({
  library(survey)
  library(data.table)
})
setDTthreads(1)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "timing.R"))
args <- commandArgs(TRUE)
folder <- args[1]
n <- as.integer(args[2])
asked <- args[-(1:2)]
file_of <- function(name) file.path(folder, name)
list_of <- function(x) paste0("[", paste(ifelse(is.finite(x), sprintf("%.17g", x), "null"), collapse = ","), "]")

peak_mb <- function() {
  line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) * 1024 / 1e6
}
resident_mb <- function() {
  line <- grep("^VmRSS", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) * 1024 / 1e6
}

# Median of 3 where a run takes under 20 s, once where it takes longer.
# `also`: further steps of the same runs, with what they found.
step <- function(id, run, found = function(x) list(value = numeric(), se = numeric()), also = list()) {
  if (length(asked) > 0 && !(id %in% asked)) return(invisible(NULL))
  invisible(gc())
  before <- resident_mb()
  try(cat("5\n", file = "/proc/self/clear_refs"), silent = TRUE)
  spent <- timed(run)
  peak <- peak_mb()
  tell <- function(name, f) {
    cat(sprintf(paste0('{"source":"R survey %s","operation":"%s","n":%d,"threads":1,"note":"","seconds":%s,',
                       '"cpu":%s,"peak_mb":%.1f,"before_mb":%.1f,"value":%s,"se":%s}\n'),
                packageVersion("survey"), name, n, list_of(spent$seconds), list_of(spent$cpu), peak, before,
                list_of(as.numeric(f$value)), list_of(as.numeric(f$se))))
  }
  tell(id, found(spent$answer))
  for (name in names(also)) tell(name, also[[name]](spent$answer))
  invisible(spent$answer)
}
both <- function(x) list(value = coef(x), se = unlist(SE(x)))

data <- as.data.frame(fread(file_of("data.csv"), showProgress = FALSE))
for (name in c(paste0("q", 1:13), paste0("b", 1:10))) data[[paste0(name, "f")]] <- factor(data[[name]])
make_design <- function() svydesign(~psu, strata = ~stratum, fpc = ~fpc, weights = ~w, data = data)
step("design", make_design)
design <- make_design()

step("table", function() svyby(~q1f, ~b1f, design, svymean), both)
step("mean1", function() svymean(~income, design), both)
step("mean8", function() svymean(~income + q14 + q15 + q16 + q17 + q18 + q19 + q20, design), both)
step("mean_by", function() svyby(~income, ~b1f, design, svymean), both)
step("quantiles", function() svyquantile(~income, design, c(0.25, 0.5, 0.75)), both)
step("rao_scott", function() svychisq(~q1f + b1f, design, statistic = "F"),
     function(x) list(value = c(x$statistic, x$parameter)))
step("lm", function() svyglm(income ~ b1f + b2f + b3f + b4f, design), both)
step("logit", function() svyglm(I(q1 == 1) ~ b1f + b2f + b3f + b4f, design, family = quasibinomial(),
                                control = glm.control(epsilon = 1e-14, maxit = 50)), both)

margins <- read.csv(file_of("margins.csv"))
population <- lapply(1:5, function(k) {
  m <- margins[margins$variable == paste0("b", k), ]
  setNames(data.frame(factor(m$category), m$population), c(paste0("b", k, "f"), "Freq"))
})
formulas <- lapply(1:5, function(k) as.formula(paste0("~b", k, "f")))
some_weights <- function(d) {
  w <- weights(d)
  list(value = c(sum(w^2), w[(0:9) * (length(w) %/% 10) + 1]))
}
# Their sums in the cells of the five margins, squared and added.
cell <- do.call(paste, data[paste0("b", 1:5)])
cell_weights <- function(d) list(value = sum(rowsum(weights(d), cell)^2))
step("rake_cases", function() rake(design, formulas, population,
                                   control = list(maxit = 1000, epsilon = 1e-11)),
     some_weights, list(rake_cells = cell_weights))
totals <- c("(Intercept)" = sum(population[[1]]$Freq),
            unlist(lapply(population, function(m) {
              t <- setNames(m$Freq, paste0(names(m)[1], m[[1]]))
              t[-1]
            })))
all_margins <- ~ b1f + b2f + b3f + b4f + b5f
step("calibrate_linear", function() calibrate(design, all_margins, totals, calfun = "linear",
                                              epsilon = 1e-11), some_weights,
     list(calibrate_linear_cells = cell_weights))
step("calibrate_raking", function() calibrate(design, all_margins, totals, calfun = "raking",
                                              epsilon = 1e-11), some_weights,
     list(calibrate_raking_cells = cell_weights))

replicate_ids <- c("replicates_made", "replicates_given", "rao_scott_replicates")
wanted <- length(asked) == 0 || any(replicate_ids %in% asked)
if (wanted) {
  rm(design)
  scale <- scan(file_of("scale.txt"), quiet = TRUE)
  factors <- as.matrix(fread(file_of("factors.csv"), header = FALSE))
  made <- svrepdesign(data = data, weights = ~w, repweights = factors[data$psu, ], type = "bootstrap",
                      scale = scale, rscales = rep(1, ncol(factors)), combined.weights = FALSE,
                      mse = FALSE)
  step("replicates_made", function() svyby(~q1f, ~b1f, made, svymean), both)
  step("rao_scott_replicates", function() svychisq(~q1f + b1f, made, statistic = "F"),
       function(x) list(value = c(x$statistic, x$parameter)))
  rm(made)
  invisible(gc())
}
if (wanted && file.exists(file_of("given.bin"))) {
  given <- matrix(readBin(file_of("given.bin"), "double", n * 80), nrow = n)
  given <- svrepdesign(data = data, weights = ~w, repweights = given, type = "bootstrap",
                       scale = scale, rscales = rep(1, 80), combined.weights = TRUE, mse = FALSE)
  step("replicates_given", function() svyby(~q1f, ~b1f, given, svymean), both)
}
