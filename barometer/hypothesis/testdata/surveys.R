# The surveys and the variables made for the tests of this module, for the other scripts here
# (R survey 4.1.1): the api extracts as in barometer/estimate/testdata, with `_` for `.` in names.
suppressMessages(library(survey))
options(digits = 17)
data(api)

made <- function(d) {
  names(d) <- gsub(".", "_", names(d), fixed = TRUE)
  for (v in c("stype", "sch_wide", "comp_imp", "both", "awards")) d[[v]] <- as.character(d[[v]])
  d$band <- as.character(cut(d$api00, c(-Inf, 550, 650, 750, Inf), c("a", "b", "c", "d")))
  d$hope <- as.character(cut(d$target, c(-Inf, 8, 14, Inf), c("low", "mid", "top")))  # target has NAs
  d$past <- as.character(cut(d$api99, c(-Inf, 550, 650, 750, Inf), c("a", "b", "c", "d")))
  d$high <- as.character(ifelse(d$api00 > 650, "yes", "no"))
  d$rank3 <- cut(d$meals, c(-Inf, 30, 60, Inf), c("few", "some", "most"), ordered_result = TRUE)
  d
}
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = made(apistrat), fpc = ~fpc)
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = made(apiclus1), fpc = ~fpc)
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = made(apiclus2))
designs <- list(strat = strat, clus1 = clus1, clus2 = clus2, jk1 = as.svrepdesign(clus1, type = "JK1"))
bases <- function(design) list(all = design, upper = subset(design, api99 > 600))
line <- function(...) cat(paste(sapply(list(...), function(x)
  if (is.numeric(x)) sprintf("%.17g", x) else x), collapse = ","), "\n", sep = "")
