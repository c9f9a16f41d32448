# Makes replicates.csv and, of it, replicates_expected.csv. R 4.2.2, R survey 4.1.1.
suppressMessages(library(survey))
set.seed(20121005)
write <- function(x, name) {
  for (j in seq_along(x)) if (is.double(x[[j]])) x[[j]] <- sprintf("%.17g", x[[j]])
  write.csv(x, name, row.names = FALSE, quote = FALSE)
}

# Strata of clusters; pairs: 2 clusters in each, larger: of 4 and 6, mixed: 1, 1, 3 and 2,
# lonely: 1, 1, 3, 4, and a stratum of 2 out of 2.
sizes <- list(pairs = rep(2, 7), large = c(4, 6, 2), mixed = c(1, 1, 3, 2), lonely = c(1, 1, 3, 4, 2))
data <- do.call(rbind, lapply(names(sizes), function(set) {
  n <- sizes[[set]]
  clusters <- data.frame(stratum = rep(seq_along(n), n), cluster = seq_len(sum(n)))
  clusters$population <- (3 + 2 * clusters$stratum) * 2
  if (set == "lonely") clusters$population[clusters$stratum == 5] <- 2
  rows <- clusters[rep(seq_len(nrow(clusters)), 1 + clusters$cluster %% 3), ]
  data.frame(set = set, rows)
}))
n <- nrow(data)
data$w <- round(runif(n, 5, 40), 1)
data$y1 <- round(rnorm(n, 50 + 4 * data$stratum, 10), 1)
data$y2 <- round(rnorm(n, 30 + data$cluster, 5), 1)
write(data, "replicates.csv")

result <- NULL
show <- function(name, design, ...) {
  r <- suppressWarnings(as.svrepdesign(design, ...))
  # Not svytotal(), which leaves out the rows of full strata, though adjusted replicates weight them.
  total <- withReplicates(r, function(w, data) c(sum(w * data$y1), sum(w * data$y2)))
  mean <- svymean(~y1, r)
  ratio <- svyratio(~y1, ~y2, r)
  rscales <- if (length(r$rscales) == 1) rep(r$rscales, ncol(weights(r, "analysis"))) else r$rscales
  result <<- rbind(result, data.frame(
    design = name, scale = r$scale, replicates = ncol(weights(r, "analysis")),
    rscales = sum(rscales), total1 = SE(total)[[1]], total2 = SE(total)[[2]],
    mean = as.numeric(SE(mean)), ratio = as.numeric(SE(ratio)), df = degf(r)))
}
of <- function(set) data[data$set == set, ]
design <- function(set, ...) svydesign(~cluster, strata = ~stratum, weights = ~w, data = of(set), ...)
pairs <- design("pairs")
show("pairs JKn", pairs, type = "JKn")
show("pairs JKn fpc", design("pairs", fpc = ~population), type = "JKn")
show("pairs JKn mse", pairs, type = "JKn", mse = TRUE)
show("pairs BRR", pairs, type = "BRR")
show("pairs Fay", pairs, type = "Fay", fay.rho = 0.3)
show("large BRR split", design("large"), type = "BRR")
show("large BRR merge", design("large"), type = "BRR", large = "merge")
show("mixed BRR split merge", design("mixed"), type = "BRR", small = "split", large = "merge")
show("mixed BRR merge merge", design("mixed"), type = "BRR", small = "merge", large = "merge")
show("mixed Fay merge merge", design("mixed"), type = "Fay", small = "merge", large = "merge",
     fay.rho = 0.5)
for (rule in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  show(paste("lonely JKn", rule), design("lonely"), type = "JKn")
  show(paste("lonely JKn fpc", rule), design("lonely", fpc = ~population), type = "JKn")
}
clusters <- of("pairs")
clusters$N <- 40
show("clusters JK1", svydesign(~cluster, weights = ~w, data = clusters), type = "JK1")
show("clusters JK1 fpc", svydesign(~cluster, weights = ~w, fpc = ~N, data = clusters), type = "JK1")
write(result, "replicates_expected.csv")

# The random ones: scales alone.
scales <- function(name, design, ...) {
  r <- suppressWarnings(as.svrepdesign(design, ...))
  cat(sprintf("%s: scale %.17g rscale %.17g\n", name, r$scale, r$rscales[1]))
}
options(survey.lonely.psu = "remove")
scales("bootstrap lonely", design("lonely", fpc = ~population), type = "bootstrap", replicates = 60)
scales("bootstrap large", design("large"), type = "bootstrap", replicates = 60)
scales("subbootstrap large", design("large"), type = "subbootstrap", replicates = 60)
scales("mrbbootstrap large", design("large", fpc = ~population), type = "mrbbootstrap",
       replicates = 60)
