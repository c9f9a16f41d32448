# Cross tables of R survey 4.1.1: Rscript cross_table.R > cross_table.csv
# One line an entry: value 1 is the share, value 2 its standard error; then one a pair of columns of
# a row: value 1 is the covariance of the shares.
suppressMessages(library(survey))
data(api)
designs <- list(
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc),
  clus1 = svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc),
  clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2))
tables <- list(c("awards", "comp.imp"), c("stype", "sch.wide"), c("comp.imp", "stype"),
               c("stype", "both"))
name <- function(x) gsub(".", "_", x, fixed = TRUE)
line <- function(...) cat(..., sep = ",")
cat("design,base,rows,columns,row,column,other,value1,value2\n")
for (d in names(designs)) for (base in c("all", "upper")) for (pair in tables) {
  design <- designs[[d]]
  if (base == "upper") design <- subset(design, api00 >= 640)
  rows <- reformulate(pair[1]); groups <- reformulate(pair[2])
  by <- svyby(rows, groups, design, svymean, covmat = TRUE)
  columns <- as.character(by[[1]])
  levels <- levels(design$variables[[pair[1]]])
  shares <- matrix(coef(by), nrow = length(columns))
  errors <- matrix(unlist(SE(by)), nrow = length(columns))
  v <- vcov(by)
  total <- svymean(rows, design)
  for (r in seq_along(levels)) {
    key <- function(column, other) line(d, base, name(pair[1]), name(pair[2]), levels[r], column, other, "")
    for (k in seq_along(columns)) {
      key(columns[k], ""); line(sprintf("%.17g", shares[k, r]), sprintf("%.17g\n", errors[k, r]))
      for (m in seq_len(k - 1)) {
        at <- (r - 1) * length(columns)
        key(columns[k], columns[m]); line(sprintf("%.17g", v[at + k, at + m]), "\n")
      }
    }
    key("total", ""); line(sprintf("%.17g", coef(total)[r]), sprintf("%.17g\n", SE(total)[r]))
  }
}
