# Makes two_phase.csv and, of it, two_phase_expected.csv. R 4.2.2, R survey 4.1.1.
#
# A case-cohort study: a cohort in which sex, region and disease are known of all, and from it all
# the diseased and some of the others, whose exposure was measured. And a sample of clusters with
# a second phase of people.
suppressMessages(library(survey))
set.seed(20121005)
write <- function(x, name) {
  for (j in seq_along(x)) if (is.double(x[[j]])) x[[j]] <- sprintf("%.17g", x[[j]])
  write.csv(x, name, row.names = FALSE, quote = FALSE)
}
n <- 240
cohort <- data.frame(id = seq_len(n), region = rep(1:3, c(80, 80, 80)), cluster = rep(1:24, each = 10))
cohort$d <- rbinom(n, 1, 0.5)
cohort$disease <- rbinom(n, 1, 0.15)
cohort$stratum <- ifelse(cohort$disease == 1, 1, 2 + cohort$d)
# R takes chances in the order of the file and totals in that of the labels as text: two digits
# make these one order.
cohort$person <- 10 + rep(1:10, 24)
cohort$N <- 5000
cohort$Nregion <- c(1500, 2500, 900)[cohort$region]
cohort$Nclusters <- 300
cohort$Npersons <- 40
cohort$w <- round(runif(n, 8, 30), 1)
cohort$y1 <- round(rnorm(n, 50 + 10 * cohort$disease + cohort$cluster / 3, 8), 1)
cohort$y2 <- round(rnorm(n, 30 + 3 * cohort$d, 6), 1)
chosen <- function(rate) ave(runif(n), cohort$stratum, FUN = function(u) rank(u) <= rate * length(u)) == 1
cohort$in2 <- as.integer(cohort$disease == 1 | chosen(0.3))
cohort$srs2 <- as.integer(rank(runif(n)) <= 70)
# Phase 2 of whole clusters: 10 of the 24, in order.
cohort$clusters2 <- as.integer(cohort$cluster %in% sort(sample(24, 10)))
cohort$p2 <- ifelse(cohort$disease == 1, 0.9, round(runif(n, 0.2, 0.5), 2))
write(cohort, "two_phase.csv")

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
}
both <- function(name, ...) {
  show(paste(name, "full"), twophase(..., data = cohort, method = "full"))
  show(paste(name, "approx"), twophase(..., data = cohort, method = "approx"))
  show(paste(name, "simple"), twophase(..., data = cohort, method = "simple"))
}
both("case-cohort", id = list(~id, ~id), strata = list(NULL, ~stratum), subset = ~I(in2 == 1))
both("case-cohort fpc", id = list(~id, ~id), strata = list(NULL, ~stratum), fpc = list(~N, NULL),
     subset = ~I(in2 == 1))
both("case-cohort unstratified", id = list(~id, ~id), fpc = list(~N, NULL), subset = ~I(srs2 == 1))
show("case-cohort strata approx",
     twophase(id = list(~id, ~id), strata = list(~region, ~stratum), fpc = list(~Nregion, NULL),
              subset = ~I(in2 == 1), data = cohort, method = "approx"))
# The strata of phase 1 have one size, so the full method of 4.1 takes its n rightly.
show("case-cohort strata full",
     twophase(id = list(~id, ~id), strata = list(~region, ~stratum), fpc = list(~Nregion, NULL),
              subset = ~I(in2 == 1), data = cohort, method = "full"))
show("weighted approx",
     twophase(id = list(~id, ~id), strata = list(NULL, ~stratum), weights = list(~w, NULL),
              subset = ~I(in2 == 1), data = cohort, method = "approx"))
show("weighted full",
     twophase(id = list(~id, ~id), strata = list(NULL, ~stratum), probs = list(~I(1/w), NULL),
              subset = ~I(in2 == 1), data = cohort, method = "full"))
show("probabilities of phase 2 full",
     twophase(id = list(~id, ~id), strata = list(NULL, ~stratum), fpc = list(~N, NULL),
              probs = list(NULL, ~p2), subset = ~I(in2 == 1), data = cohort, method = "full"))
show("probabilities of phase 2 approx",
     twophase(id = list(~id, ~id), strata = list(NULL, ~stratum), fpc = list(~N, NULL),
              probs = list(NULL, ~p2), subset = ~I(in2 == 1), data = cohort, method = "approx"))
both("clusters", id = list(~cluster, ~cluster), fpc = list(~Nclusters, NULL),
     subset = ~I(clusters2 == 1))
both("people of clusters", id = list(~cluster, ~id), strata = list(NULL, ~stratum),
     fpc = list(~Nclusters, NULL), subset = ~I(in2 == 1))
two_stages <- function(method)
  twophase(id = list(~cluster + person, ~id), strata = list(NULL, ~stratum),
           fpc = list(~Nclusters + Npersons, NULL), subset = ~I(in2 == 1), data = cohort,
           method = method)
show("two stages full", two_stages("full"))
# Some clusters are seen through one person.
for (rule in c("remove", "certainty", "adjust")) {
  options(survey.lonely.psu = rule)
  show(paste("two stages approx", rule), two_stages("approx"))
}
write(result, "two_phase_expected.csv")
