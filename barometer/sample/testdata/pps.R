# Makes pps.csv, pps_joint.csv, pps_two_stage.csv and, of them, pps_expected.csv.
# R 4.2.2, R survey 4.1.1.
suppressMessages(library(survey))
set.seed(20121005)

# Tille's elimination procedure (Biometrika 83, 1996): a sample of fixed size with probabilities
# proportional to size, and its exact joint probabilities.
inclusion <- function(x, n) {
  p <- rep(1, length(x))
  free <- rep(TRUE, length(x))
  repeat {
    p[free] <- (n - sum(!free)) * x[free] / sum(x[free])
    if (all(p[free] <= 1)) return(p)
    free <- free & p < 1
    p[!free] <- 1
  }
}
eliminate <- function(x, n) {
  N <- length(x)
  joint <- matrix(1, N, N)
  left <- seq_len(N)
  before <- rep(1, N)
  for (k in (N - 1):n) {
    now <- inclusion(x, k)
    out <- 1 - now / before                  # chance of going at this step, for those left
    joint <- joint * (1 - outer(out, out, "+"))
    gone <- sample(length(left), 1, prob = pmax(0, out[left]))
    left <- left[-gone]
    before <- now
  }
  diag(joint) <- inclusion(x, n)
  list(drawn = left, joint = joint)
}

population <- data.frame(stratum = rep(1:2, c(70, 40)), size = round(exp(rnorm(110, 4, 0.8))))
population$y1 <- round(3 * population$size + rnorm(110, 0, 40), 1)
population$y2 <- round(2 * population$size + rnorm(110, 60, 20), 1)
population$d <- rbinom(110, 1, 0.4)
one <- eliminate(population$size[1:70], 14)
two <- eliminate(population$size[71:110], 9)
rows <- c(one$drawn, 70 + two$drawn)
units <- population[rows, ]
units$p <- c(diag(one$joint)[one$drawn], diag(two$joint)[two$drawn])
joint <- outer(units$p, units$p)
joint[1:14, 1:14] <- one$joint[one$drawn, one$drawn]
joint[15:23, 15:23] <- two$joint[two$drawn, two$drawn]
units$cluster <- c(rep(1:7, each = 2), 8:16)           # as if pairs of stratum 1 were clusters
units$pc <- ave(units$p, units$cluster)
p2 <- c(sum(inclusion(population$size[1:70], 14)^2) / 14,
        sum(inclusion(population$size[71:110], 9)^2) / 9)
all_p2 <- sum(c(inclusion(population$size[1:70], 14), inclusion(population$size[71:110], 9))^2) / 23

psu <- data.frame(psu = 1:30, size = round(runif(30, 20, 120)))
drawn <- eliminate(psu$size, 8)
# R takes 1 - p in the order of the file and totals in that of the labels as text: two digits make
# these one order.
two_stage <- do.call(rbind, lapply(drawn$drawn, function(u) {
  x <- round(exp(rnorm(12, 3, 0.5)))
  ssu <- eliminate(x, 4)
  data.frame(psu = 10 + u, ssu = 10 + ssu$drawn, p1 = diag(drawn$joint)[u],
             p2 = diag(ssu$joint)[ssu$drawn], y1 = round(x[ssu$drawn] * 2 + rnorm(4, u / 3, 5), 1),
             y2 = round(x[ssu$drawn] + 10, 1), d = rbinom(4, 1, 0.5))
}))

write <- function(x, name) {
  for (j in seq_along(x)) if (is.double(x[[j]])) x[[j]] <- sprintf("%.17g", x[[j]])
  write.csv(x, name, row.names = FALSE, quote = FALSE)
}
write(units[, c("stratum", "cluster", "p", "pc", "y1", "y2", "d")], "pps.csv")
write(as.data.frame(joint), "pps_joint.csv")
write(two_stage, "pps_two_stage.csv")

result <- NULL
show <- function(name, design) {
  add <- function(what, value, se) {
    result <<- rbind(result, data.frame(design = name, what = what, value = value, se = se))
  }
  of <- function(what, x) add(what, as.numeric(coef(x)), as.numeric(SE(x)))
  total <- svytotal(~y1 + y2, design)
  of(c("total y1", "total y2"), total)
  add("covariance of totals", 0, mean(vcov(total)[c(2, 3)]))  # R's may differ on the two sides
  of(c("mean y1", "mean y2"), svymean(~y1 + y2, design))
  of("ratio", svyratio(~y1, ~y2, design))
  of("domain total", svytotal(~I(y1 * d), design))
  of("domain mean", svyratio(~I(y1 * d), ~d, design))
  add("df", degf(design), 0)
  add("domain df", length(unique(design$cluster[design$variables$d == 1, 1])) -
                   length(unique(design$strata[design$variables$d == 1, 1])), 0)
}
first <- units[1:14, ]
for (variance in c("HT", "YG")) {
  with_variance <- function(name, ...) {
    show(paste(name, variance), svydesign(..., variance = variance))
  }
  with_variance("overton", ~1, fpc = ~p, data = units, pps = "overton")
  with_variance("overton strata", ~1, strata = ~stratum, fpc = ~p, data = units, pps = "overton")
  with_variance("overton clusters", ~cluster, strata = ~stratum, fpc = ~pc, data = units,
                pps = "overton")
  with_variance("hartley-rao", ~1, fpc = ~p, data = units, pps = HR())
  with_variance("hartley-rao strata", ~1, strata = ~stratum, fpc = ~p, data = units, pps = HR())
  with_variance("hartley-rao known", ~1, fpc = ~p, data = units, pps = HR(all_p2))
  with_variance("hartley-rao known strata", ~1, strata = ~stratum, fpc = ~p, data = units,
                pps = HR(as.matrix(p2[units$stratum]), as.matrix(units$stratum)))
  with_variance("joint", ~1, fpc = ~p, data = units, pps = ppsmat(joint, tolerance = 0))
  with_variance("joint strata", ~1, strata = ~stratum, fpc = ~p, data = units,
                pps = ppsmat(joint, tolerance = 0))
}
show("poisson", svydesign(~1, fpc = ~p, data = units, pps = poisson_sampling(units$p)))
show("brewer", svydesign(~1, fpc = ~p, data = units, pps = "brewer"))
show("brewer strata", svydesign(~1, strata = ~stratum, fpc = ~p, data = units, pps = "brewer"))
show("brewer clusters", svydesign(~cluster, strata = ~stratum, fpc = ~pc, data = units,
                                  pps = "brewer"))
show("brewer two stages", svydesign(~psu + ssu, fpc = ~p1 + p2, data = two_stage, pps = "brewer"))
cat("# square means", sprintf("%.17g", c(all_p2, p2)), "\n")
write(result, "pps_expected.csv")
