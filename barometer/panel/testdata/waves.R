# Changes between waves by R survey 4.1.1: stacked data with ids = ~unit, svyby(covmat = TRUE),
# svycontrast. Run in this folder: Rscript waves.R; writes waves.csv and panel_people.csv, which
# waves_test.cpp and changes_test.cpp read.
library(survey)
out <- data.frame(case = character(), what = character(), value = numeric())
put <- function(case, what, value) {
  out <<- rbind(out, data.frame(case = case, what = what, value = as.numeric(value)))
}
api <- function(name) read.csv(file.path("../../estimate/testdata", name))

# Wave "99" holds api99, wave "00" holds api00, of the rows given.
two <- function(d, rows99, rows00) {
  a <- d[rows99, ]; a$wave <- "99"; a$api <- a$api99
  b <- d[rows00, ]; b$wave <- "00"; b$api <- b$api00
  s <- rbind(a, b)
  s$wave <- factor(s$wave, levels = c("99", "00"))
  s$high <- as.numeric(s$api >= 700)
  s
}
report <- function(case, design, formula, fun = svymean) {
  by <- svyby(formula, ~wave, design, fun, covmat = TRUE, keep.names = FALSE)
  v <- vcov(by); est <- coef(by); k <- length(est)
  for (i in 1:k) put(case, paste0("value", i), est[i])
  for (i in 1:k) for (j in 1:i) put(case, paste0("cov", i, j), v[i, j])
  for (i in 2:k) {
    w <- rep(0, k); w[i] <- 1; w[i - 1] <- -1
    names(est) <- names(w) <- NULL
    change <- svycontrast(by, w)
    put(case, paste0("change", i), coef(change)); put(case, paste0("se", i), SE(change))
  }
  put(case, "df", degf(design))
}

strat <- api("apistrat.csv")
s <- two(strat, 1:150, 41:200)
d <- svydesign(ids = ~snum, strata = ~stype, weights = ~pw, data = s)
report("strata, overlap, mean", d, ~api)
report("strata, overlap, share", d, ~high)
report("strata, overlap, total", d, ~high, svytotal)

s <- two(strat, 1:200, 1:200)
d <- svydesign(ids = ~snum, strata = ~stype, weights = ~pw, fpc = ~fpc, data = s)
report("strata, panel, sizes, mean", d, ~api)

srs <- api("apisrs.csv")
s <- two(srs, 1:200, 1:200)
d <- svydesign(ids = ~snum, weights = ~pw, fpc = ~fpc, data = s)
report("simple, panel, sizes, mean", d, ~api)
s <- two(srs, 1:130, 71:200)
d <- svydesign(ids = ~snum, weights = ~pw, data = s)
report("simple, overlap, mean", d, ~api)

clus <- api("apiclus1.csv")
s <- two(clus, seq(1, 183, 2), seq(1, 183, 3))
d <- svydesign(ids = ~dnum, weights = ~pw, data = s)
report("organisations, overlap, mean", d, ~api)
s <- two(clus, 1:183, 1:183)
d <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = s)
report("organisations, panel, sizes, mean", d, ~api)
s <- two(clus, 1:183, 1:183)
d <- as.svrepdesign(svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = s), type = "JK1")
report("organisations, panel, jackknife, mean", d, ~api)

clus2 <- api("apiclus2.csv")
s <- two(clus2, 1:126, 1:126)
d <- svydesign(ids = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = s)
report("two stages, panel of schools, sizes, mean", d, ~api)

# Three waves of people, each with its own weights, some in one wave, some in two, some in all.
set.seed(20121005)
people <- data.frame(id = 1:120, region = sample(c("East", "North", "West"), 120, TRUE),
                     level = rnorm(120))
wave <- function(name, keep, shift) {
  p <- people[keep, ]
  p$wave <- name
  p$score <- round(5 + shift + p$level + rnorm(nrow(p)), 3)
  p$weight <- round(runif(nrow(p), 0.5, 3), 3)
  p$view <- ifelse(p$score > 5.5, "good", ifelse(p$score > 4.5, "neither", "poor"))
  p$level <- NULL
  p
}
s <- rbind(wave("one", 1:80, 0), wave("two", 31:110, 0.2), wave("three", c(11:60, 81:120), 0.7))
write.csv(s, "panel_people.csv", row.names = FALSE, quote = FALSE)
s$wave <- factor(s$wave, levels = c("one", "two", "three"))
d <- svydesign(ids = ~id, weights = ~weight, data = s)
report("three waves, mean", d, ~score)
d2 <- svydesign(ids = ~id, strata = ~region, weights = ~weight, data = s)
report("three waves, strata, mean", d2, ~score)
s$good <- as.numeric(s$view == "good")
d <- svydesign(ids = ~id, weights = ~weight, data = s)
report("three waves, share", d, ~good)

out$value <- sprintf("%.17g", out$value)
write.csv(out, "waves.csv", row.names = FALSE)
