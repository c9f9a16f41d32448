# Books of R survey 4.1.1: Rscript book.R > book.json (from this folder). Every entry of some banner
# tables with its standard error, the covariances and contrasts of the columns of a row, medians,
# and Rao and Scott's F. A line is a record; `row` and `column` are R's labels.
suppressMessages(library(survey))
source("../../../tests/oracle/json.R")
data(api)
designs <- list(
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc),
  clus1 = svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc),
  clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2))
lines <- character()
add <- function(...) lines <<- c(lines, json(list(...)))

# A record an entry, and one a pair of columns: of `by`, a svyby with covmat = TRUE of one measure.
columns <- function(d, table, row, by, total) {
  labels <- if (ncol(by) > 3) paste(by[[1]], by[[2]], sep = ">") else as.character(by[[1]])
  value <- as.numeric(coef(by)); v <- unname(vcov(by))
  pairs(d, table, row, labels, value, v)
  add(kind = "entry", design = d, table = table, row = row, column = "total",
      value = as.numeric(coef(total)), se = as.numeric(SE(total)))
}
pairs <- function(d, table, row, labels, value, v) {
  for (k in seq_along(value)) {
    add(kind = "entry", design = d, table = table, row = row, column = labels[k],
        value = value[k], se = sqrt(v[k, k]))
    for (m in seq_len(k - 1)) {
      both <- structure(c(a = value[m], b = value[k]), class = "svystat",
                        var = matrix(v[c(m, k), c(m, k)], 2, dimnames = list(c("a", "b"), NULL)))
      estimates <- svycontrast(both, list(difference = c(a = 1, b = -1)))
      add(kind = "pair", design = d, table = table, row = row, column = labels[m],
          other = labels[k], covariance = v[k, m], difference = as.numeric(coef(estimates)),
          se = as.numeric(SE(estimates)), t = as.numeric(coef(estimates) / SE(estimates)))
    }
  }
}
# Ratios y/z of the design's columns in one vcov: a list of c(numerator, denominator).
ratios <- function(design, tops, bottoms) {
  y <- paste0("y", seq_along(tops)); z <- paste0("z", seq_along(bottoms))
  for (i in seq_along(tops)) design$variables[[y[i]]] <- as.numeric(tops[[i]])
  for (i in seq_along(bottoms)) design$variables[[z[i]]] <- as.numeric(bottoms[[i]])
  r <- svyratio(reformulate(y), reformulate(z), design, covmat = TRUE)
  keep <- (seq_along(tops) - 1) * length(tops) + seq_along(tops)  # tops fastest
  list(value = as.numeric(coef(r))[keep], v = unname(vcov(r))[keep, keep])
}

for (d in names(designs)) {
  design <- designs[[d]]
  data <- design$variables
  one <- rep(1, nrow(data))
  # Categories, a NET and means by columns; nested columns.
  measures <- list(E = ~I(as.numeric(stype == "E")), H = ~I(as.numeric(stype == "H")),
                   M = ~I(as.numeric(stype == "M")), secondary = ~I(as.numeric(stype != "E")))
  for (row in names(measures)) {
    total <- svymean(measures[[row]], design)
    columns(d, "type", row, svyby(measures[[row]], ~awards, design, svymean, covmat = TRUE), total)
    columns(d, "nested", row,
            svyby(measures[[row]], ~awards + comp.imp, design, svymean, covmat = TRUE), total)
  }
  columns(d, "score", "mean", svyby(~api00, ~stype, design, svymean, covmat = TRUE),
          svymean(~api00, design))
  for (g in c("E", "H", "M")) {
    part <- subset(design, stype == g)
    v <- svyvar(~api00, part)
    add(kind = "entry", design = d, table = "score", row = "sd", column = g,
        value = sqrt(as.numeric(coef(v))), se = as.numeric(SE(v)) / (2 * sqrt(as.numeric(coef(v)))))
    q <- svyquantile(~api00, part, 0.5)
    add(kind = "median", design = d, table = "score", row = "median", column = g,
        value = as.numeric(coef(q)), lower = as.numeric(confint(q))[1],
        upper = as.numeric(confint(q))[2])
  }
  # Each column, its rest and the total in one matrix.
  for (g in levels(data$stype)) {
    here <- data$stype == g; yes <- data$awards == "Yes"
    r <- ratios(design, list(yes & here, yes & !here, yes), list(here, !here, one))
    pairs(d, "rest", paste0("Yes"), paste0(g, c("", ":rest", ":total")), r$value, r$v)
  }
  # Percent of rows, of the table, and of responses.
  flags <- list(awards = data$awards == "Yes", comp = data$comp.imp == "Yes",
                wide = data$sch.wide == "Yes")
  answers <- Reduce(`+`, flags)
  here <- lapply(levels(data$stype), function(g) data$stype == g)
  for (f in names(flags)) {
    row <- ratios(design, lapply(here, function(h) flags[[f]] & h), rep(list(flags[[f]]), 3))
    pairs(d, "row", f, levels(data$stype), row$value, row$v)
    table <- ratios(design, lapply(here, function(h) flags[[f]] & h), rep(list(one), 3))
    pairs(d, "table", f, levels(data$stype), table$value, table$v)
    cases <- ratios(design, lapply(here, function(h) flags[[f]] & h), here)
    pairs(d, "cases", f, levels(data$stype), cases$value, cases$v)
    of <- ratios(design, lapply(here, function(h) flags[[f]] & h),
                 lapply(here, function(h) answers * h))
    pairs(d, "responses", f, levels(data$stype), of$value, of$v)
  }
  test <- svychisq(~stype + awards, design, statistic = "F")
  add(kind = "chisq", design = d, table = "type", statistic = as.numeric(test$statistic),
      df = as.numeric(test$parameter[1]), df_denominator = as.numeric(test$parameter[2]),
      p = as.numeric(test$p.value))
  design$variables$both2 <- interaction(data$awards, data$comp.imp, drop = TRUE)
  test <- svychisq(~stype + both2, design, statistic = "F")
  add(kind = "chisq", design = d, table = "nested", statistic = as.numeric(test$statistic),
      df = as.numeric(test$parameter[1]), df_denominator = as.numeric(test$parameter[2]),
      p = as.numeric(test$p.value))
}
cat(sprintf("{\"made_by\": \"%s, survey %s\", \"records\": [\n%s\n]}\n", R.version.string,
            packageVersion("survey"), paste(lines, collapse = ",\n")))
