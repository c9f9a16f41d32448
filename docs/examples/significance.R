# The numbers of docs/significance.md, from the formulas written out and from R's own tests:
# Rscript docs/examples/significance.R. Each line names its convention. R 4.2.2, survey 4.1.1.
suppressMessages(library(survey))
data(api)
say <- function(...) cat(sprintf(...), "\n")
two_sided <- function(t, df) 2 * pt(-abs(t), df)

# ---- design: apiclus1, whole districts drawn
drawn <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
by <- svyby(~api00, ~stype, drawn, svymean, covmat = TRUE)
contrast <- svycontrast(by, c(E = 1, M = -1))
say("design: E %.2f (%.2f), M %.2f (%.2f), covariance %.2f", coef(by)["E"], SE(by)[1], coef(by)["M"],
    SE(by)[3], vcov(by)["E", "M"])
t <- coef(contrast) / SE(contrast)
say("design: SE %.2f, t %.3f, p(14) %.3f; without covariance %.1f", SE(contrast), t, two_sided(t, 14),
    sqrt(sum(SE(by)[c(1, 3)]^2)))

# ---- the cases of the examples
g <- rep(c("A", "B", "C"), c(9, 8, 7))
y <- c(7,5,8,6,9,4,7,8,6,  5,3,6,4,7,2,5,4,  8,9,6,7,9,5,8)
w <- c(1,2,.5,1.5,1,3,1,.5,2,  1,1,2,.5,1.5,1,2.5,1,  1,.5,2,1,1,1.5,2)
x <- as.numeric(y >= 7)
n <- table(g)
size <- function(k) sum(w[g == k])
effective <- function(k) size(k)^2 / sum(w[g == k]^2)
mean_of <- function(v, k) sum((w * v)[g == k]) / size(k)
squares <- function(k) sum(w[g == k] * (y[g == k] - mean_of(y, k))^2)
plain <- function(k) sum((y[g == k] - mean(y[g == k]))^2)

# ---- spss
p <- (128 + 16) / (312 + 125)
z <- (128 / 312 - 16 / 125) / sqrt(p * (1 - p) * (1 / 312 + 1 / 125))
say("spss: z %.6f, p %.2g; prop.test %.6f", z, 2 * pnorm(-abs(z)),
    sqrt(prop.test(c(128, 16), c(312, 125), correct = FALSE)$statistic))
difference <- mean(y[g == "A"]) - mean(y[g == "B"])
s2 <- (plain("A") + plain("B") + plain("C")) / (24 - 3)
t <- difference / sqrt(s2 * (1 / n[["A"]] + 1 / n[["B"]]))
say("spss: t %.6f, 21 df, p %.6f, Bonferroni %.6f", t, two_sided(t, 21), 3 * two_sided(t, 21))
s2 <- (plain("A") + plain("B")) / (17 - 2)
say("spss: of the two columns t %.6f, 15 df", difference / sqrt(s2 * (1 / n[["A"]] + 1 / n[["B"]])))

# ---- quantum
se <- sqrt(p * (1 - p) * (1 / 125 + 1 / 312) * 437 / 436)
say("quantum: SE %.6f, 436 df, T %.6f", se, (128 / 312 - 16 / 125) / se)
ea <- effective("A"); eb <- effective("B")
pooled <- (size("A") * mean_of(x, "A") + size("B") * mean_of(x, "B")) / (size("A") + size("B"))
t <- (mean_of(x, "A") - mean_of(x, "B")) /
  sqrt(pooled * (1 - pooled) * (1 / ea + 1 / eb) * (ea + eb) / (ea + eb - 1))
say("quantum: shares t %.6f, %.3f df, p %.6f", t, ea + eb - 1, two_sided(t, ea + eb - 1))
s2 <- (squares("A") + squares("B")) / (size("A") - size("A") / ea + size("B") - size("B") / eb)
say("quantum: means t %.6f", (mean_of(y, "A") - mean_of(y, "B")) / sqrt(s2 * (1 / ea + 1 / eb)))
et <- sum(w)^2 / sum(w^2)
pooled <- (size("A") * mean_of(x, "A") + sum(w * x)) / (size("A") + sum(w))
t <- (mean_of(x, "A") - sum(w * x) / sum(w)) /
  sqrt(pooled * (1 - pooled) * (1 / ea + 1 / et - 2 * ea / (ea * et)) * (ea + et) / (ea + et - 1))
say("quantum: A against the total t %.6f, %.3f df", t, ea + et - ea - 1)

# ---- q
two <- g != "C"
pearson <- suppressWarnings(chisq.test(table(x[two], g[two]), correct = FALSE))
say("q: X2 %.6f, p %.6f", pearson$statistic, pearson$p.value)
weighted <- svydesign(ids = ~1, weights = ~w, data = data.frame(g, x, y, w)[two, ])
f <- svychisq(~x + g, weighted, statistic = "F")
say("q: F %.6f, %.0f and %.0f df, p %.6f", f$statistic, f$parameter[1], f$parameter[2], f$p.value)
welch <- t.test(y[g == "A"], y[g == "B"])
say("q: t %.6f, %.3f df", welch$statistic, welch$parameter)
v <- function(k) n[[k]] / (n[[k]] - 1) * sum((w * (y - mean_of(y, k)))[g == k]^2) / size(k)^2
t <- (mean_of(y, "A") - mean_of(y, "B")) / sqrt(v("A") + v("B"))
df <- (v("A") + v("B"))^2 / (v("A")^2 / (n[["A"]] - 1) + v("B")^2 / (n[["B"]] - 1))
say("q: weighted t %.6f, %.3f df, p %.6f", t, df, two_sided(t, df))

# ---- what the other conventions get wrong
spread <- function(k) sum((k - mean(k))^2)
compare <- function(a, b, all) {
  each <- 1 / length(a) + 1 / length(b)
  pooled <- sum(sapply(all, spread)) / (length(unlist(all)) - length(all))
  say("SE by spss %.1f, by q %.1f", sqrt(pooled * each), sqrt(var(a) / length(a) + var(b) / length(b)))
}
scores <- split(apiclus1$api00, apiclus1$stype)
say("shared districts: SE by design %.1f", SE(contrast))
compare(scores$E, scores$M, scores)
districts <- sort(unique(apiclus1$dnum))
seven <- apiclus1$dnum %in% districts[seq(2, 15, 2)]
halves <- update(drawn, seven = seven)
say("whole districts: SE by design %.1f",
    SE(svycontrast(svyby(~api00, ~seven, halves, svymean, covmat = TRUE), c(1, -1))))
parts <- split(apiclus1$api00, seven)
compare(parts[[1]], parts[[2]], parts)
