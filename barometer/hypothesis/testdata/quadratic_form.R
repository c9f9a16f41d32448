# Tails of sums of weighted chi-squares, of R survey 4.1.1: Rscript quadratic_form.R > quadratic_form.csv
suppressMessages(library(survey))
options(digits = 17)
weights <- list(c(1), c(0.6, 0.3, 0.1), c(2.5, 1, 1, 0.4), c(1, 1, 1, 1, 1), c(9, 0.5, 0.1), c(3, 1, 0))
cat("lambda,x,df,satterthwaite,saddlepoint\n")
for (a in weights) for (x in c(0.05, 0.4, 1.7, 6, 25, 120)) for (d in c(3, 14, 20.92, 197, Inf)) {
  tail <- function(method) pFsum(x, rep(1, length(a)), a, ddf = d, lower.tail = FALSE, method = method)
  # R's root finder stops short of the pole of the cumulant function, far in the tail.
  saddle <- tryCatch(tail("saddlepoint"), error = function(e) NA)
  if (d == Inf) saddle <- tryCatch(
    pchisqsum(x, rep(1, length(a)), a, lower.tail = FALSE, method = "saddlepoint"), error = function(e) NA)
  cat(sprintf("%s,%.17g,%s,%.17g,%s\n", paste(a, collapse = " "), x, ifelse(is.finite(d), d, "inf"), tail("satterthwaite"),
              ifelse(is.na(saddle), "", sprintf("%.17g", saddle))))
}
