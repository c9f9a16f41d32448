# Writes brr.csv (generated data) and the values that the tests of this module compare with:
# quantiles.csv, proportions.csv, spread.csv, deff.csv, standardize.csv, contrast.csv.
# R survey 4.1.1, R 4.2.2. The api data are those of barometer/estimate/testdata.
suppressMessages(suppressWarnings(library(survey)))
options(digits = 17, warn = -1)
api <- function(name) {
  x <- read.csv(file.path("../../estimate/testdata", paste0(name, ".csv")), stringsAsFactors = TRUE)
  if (!is.null(x$ell)) x$no_ell <- as.numeric(x$ell == 0)
  x$wide <- as.numeric(x$sch_wide == "Yes")
  x
}

# Eight strata of two clusters; whole scores (ties), weights of a few sizes, some missing.
set.seed(20121005)
rows <- do.call(rbind, lapply(1:8, function(h) do.call(rbind, lapply(1:2, function(u) {
  n <- sample(4:9, 1)
  data.frame(stratum = h, unit = 10 * h + u, w = round(20 + 10 * h / 3, 1) + sample(0:2, n, TRUE),
             score = pmin(10, pmax(0, round(5 + h / 4 + u + rnorm(n, 0, 2)))),
             income = round(exp(3 + rnorm(n)), 3), group = sample(c("a", "b", "c"), n, TRUE))
}))))
rows$yes <- as.numeric(runif(nrow(rows)) < plogis((rows$score - 6) / 2))
brr <- as.svrepdesign(svydesign(~unit, strata = ~stratum, weights = ~w, data = rows), type = "BRR",
                      compress = FALSE)
replicates <- unclass(as.matrix(weights(brr, "analysis")))
colnames(replicates) <- paste0("r", seq_len(ncol(replicates)))
brr <- svrepdesign(weights = rows$w, repweights = replicates, type = "BRR", data = rows,
                   combined.weights = TRUE)
write.csv(cbind(rows, replicates), "brr.csv", row.names = FALSE, quote = FALSE)
cat("BRR scale", brr$scale, "rscales", unique(brr$rscales), "mse", brr$mse, "\n")

clus1 <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = api("apiclus1"))
jk1 <- as.svrepdesign(clus1, type = "JK1", compress = FALSE)
jk1 <- svrepdesign(weights = clus1$variables$pw, data = clus1$variables, type = "JK1",
                   repweights = unclass(as.matrix(weights(jk1, "analysis"))),
                   combined.weights = TRUE, scale = jk1$scale, rscales = jk1$rscales)
designs <- list(
  srs = svydesign(~1, weights = ~pw, fpc = ~fpc, data = api("apisrs")),
  strat = svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = api("apistrat")),
  clus1 = clus1,
  clus2 = svydesign(~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = api("apiclus2")),
  jk1 = jk1,
  brr = brr)
variables <- list(srs = "enroll", strat = "enroll", clus1 = "enroll", clus2 = "enroll",
                  jk1 = "enroll", brr = c("score", "income"))
domains <- list(srs = "", strat = c("", "stype=E", "stype=H"), clus1 = c("", "stype=E", "stype=H"),
                clus2 = "", jk1 = c("", "stype=E"), brr = c("", "group=a"))
within <- function(design, domain) {
  if (domain == "") return(design)
  part <- strsplit(domain, "=")[[1]]
  design[as.character(design$variables[[part[1]]]) == part[2], ]
}
available <- function(design, name) name %in% names(design$variables)
out <- function(file, table) {
  for (j in names(table)) {
    if (is.numeric(table[[j]])) table[[j]] <- ifelse(is.finite(table[[j]]),
                                                     sprintf("%.17g", table[[j]]), "")
  }
  write.csv(table, file, row.names = FALSE, quote = FALSE)
  cat(file, nrow(table), "rows\n")
}

# Of replicates svyquantile 4.1.1 makes the interval of the mean whatever interval.type says; here
# its own woodruffCI is asked for the type.
replicate_quantiles <- function(variable, d, interval, rule, df) {
  d <- d[!is.na(d$variables[[variable]]), ]
  if (is.null(df)) df <- degf(d)
  x <- d$variables[[variable]]
  qrule <- get(paste0("qrule_", rule), asNamespace("survey"))
  list(t(sapply(probs, function(p) {
    q <- qrule(x, weights(d, "sampling"), p)
    ci <- survey:::woodruffCI(x, q, p, d, qrule, 0.05, df, method = interval)
    c(q, ci, diff(ci) / (2 * qt(0.975, df)))
  })))
}
quantile_rows <- list()
probs <- c(0.02, 0.1, 0.25, 0.5, 0.75, 0.9)
ask <- function(name, variable, domain, rule, interval, df = NA) {
  d <- within(designs[[name]], domain)
  given <- if (is.na(df)) NULL else if (df == 0) Inf else df
  q <- try(if (inherits(d, "svyrep.design") && interval != "quantile") {
    replicate_quantiles(variable, d, interval, rule, given)
  } else {
    svyquantile(make.formula(variable), d, probs, interval.type = interval, qrule = rule,
                na.rm = TRUE, df = given)
  }, silent = TRUE)
  if (inherits(q, "try-error")) return(NULL)
  q <- q[[1]]
  data.frame(design = name, variable = variable, domain = domain, rule = rule,
             interval = interval, df = if (is.na(df)) "" else if (df == 0) "Inf" else df,
             prob = probs, value = q[, 1], lower = q[, 2], upper = q[, 3], se = q[, 4])
}
rules <- c("math", "school", "shahvaish", paste0("hf", 1:9))
for (name in names(designs)) for (variable in variables[[name]]) for (domain in domains[[name]]) {
  add <- function(...) quantile_rows[[length(quantile_rows) + 1]] <<- ask(name, variable, domain, ...)
  for (rule in rules) add(rule, "mean")
  replicated <- inherits(designs[[name]], "svyrep.design")
  for (interval in c("beta", "xlogit", "asin", if (replicated) "quantile" else "score")) {
    add("math", interval)
    add("hf7", interval)
  }
  add("school", "mean", 0)
  add("school", "xlogit", 5)
}
out("quantiles.csv", do.call(rbind, quantile_rows))

proportion_rows <- list()
events <- list(srs = "wide", strat = "wide", clus1 = c("no_ell", "wide"), clus2 = "wide",
               jk1 = c("no_ell", "wide"), brr = "yes")
for (name in names(designs)) for (event in events[[name]]) for (domain in domains[[name]])
  for (method in c("logit", "likelihood", "asin", "beta", "mean", "xlogit"))
    for (level in c(0.95, 0.8)) for (df in c("", if (level == 0.95) c("Inf", "7"))) {
      d <- within(designs[[name]], domain)
      p <- try(svyciprop(make.formula(event), d, method = method, level = level,
                         df = if (df == "") degf(d) else as.numeric(df)), silent = TRUE)
      if (inherits(p, "try-error") || anyNA(confint(p))) next
      proportion_rows[[length(proportion_rows) + 1]] <- data.frame(
        design = name, event = event, domain = domain, method = method, level = level, df = df,
        value = as.numeric(coef(svymean(make.formula(event), d))), se = sqrt(as.numeric(attr(p, "var"))),
        lower = attr(p, "ci")[[1]], upper = attr(p, "ci")[[2]])
    }
out("proportions.csv", do.call(rbind, proportion_rows))

# Lower triangles are symmetric; all entries are kept, so that the order is tested too.
spread_rows <- list()
pairs <- list(srs = c("api00", "enroll"), strat = c("api00", "enroll"), clus1 = c("api00", "enroll"),
              clus2 = c("api00", "enroll"), jk1 = c("api00", "enroll"), brr = c("score", "income"))
for (name in names(designs)) for (domain in domains[[name]]) {
  d <- within(designs[[name]], domain)
  f <- make.formula(pairs[[name]])
  d <- d[complete.cases(d$variables[pairs[[name]]]), ]
  v <- svyvar(f, d)
  value <- as.vector(as.matrix(v)[1:2, 1:2])
  covariance <- attr(v, "var")
  gradient <- c(-value[2] / (2 * value[1]), 1, 0, -value[2] / (2 * value[4])) /
    sqrt(value[1] * value[4])
  rho <- value[2] / sqrt(value[1] * value[4])
  rho_variance <- if (inherits(d, "svyrep.design")) {
    reps <- svyvar(f, d, return.replicates = TRUE)$replicates
    svrVar(reps[, 2] / sqrt(reps[, 1] * reps[, 4]), d$scale, d$rscales, mse = d$mse, coef = rho)
  } else {
    drop(gradient %*% covariance %*% gradient)
  }
  one <- svyvar(make.formula(pairs[[name]][1]), d)
  spread_rows[[length(spread_rows) + 1]] <- data.frame(
    design = name, domain = domain, a = pairs[[name]][1], b = pairs[[name]][2],
    vaa = value[1], vab = value[2], vbb = value[4], se_aa = sqrt(covariance[1, 1]),
    se_ab = sqrt(covariance[2, 2]), se_bb = sqrt(covariance[4, 4]),
    cov_aa_ab = covariance[1, 2], cov_aa_bb = covariance[1, 4], rho = rho,
    se_rho = sqrt(rho_variance), alone = as.numeric(coef(one)), se_alone = as.numeric(SE(one)))
}
out("spread.csv", do.call(rbind, spread_rows))

deff_rows <- list()
for (name in names(designs)) for (domain in domains[[name]])
  for (base in c("TRUE", "replace")) for (statistic in c("mean", "total", "ratio")) {
    d <- within(designs[[name]], domain)
    d <- d[complete.cases(d$variables[pairs[[name]]]), ]
    a <- pairs[[name]][1]
    b <- pairs[[name]][2]
    asked <- if (base == "TRUE") TRUE else "replace"
    value <- try(switch(statistic,
      mean = deff(svymean(make.formula(a), d, deff = asked)),
      total = deff(svytotal(make.formula(a), d, deff = asked)),
      ratio = {
        if (inherits(d, "svyrep.design")) stop("R has none")
        y <- d$variables[[a]]
        z <- d$variables[[b]]
        w <- weights(d)
        r <- (y - sum(w * y) / sum(w * z) * z) / sum(w * z)
        deff(svytotal(r, d, deff = asked))
      }), silent = TRUE)
    if (inherits(value, "try-error")) next
    deff_rows[[length(deff_rows) + 1]] <- data.frame(
      design = name, domain = domain, statistic = statistic, base = base, a = a, b = b,
      deff = as.numeric(value)[1])
  }
for (stype in c("E", "H", "M")) {
  by <- svyby(~wide, ~stype, designs$clus1, svymean, deff = TRUE)
  deff_rows[[length(deff_rows) + 1]] <- data.frame(
    design = "clus1", domain = paste0("stype=", stype), statistic = "mean", base = "TRUE",
    a = "wide", b = "", deff = deff(by)[match(stype, rownames(by))])
}
out("deff.csv", do.call(rbind, deff_rows))

standard_rows <- list()
standard <- function(label, design, by, over, population, excluding, formula, cells) {
  s <- if (is.null(excluding)) svystandardize(design, by, over, population)
       else svystandardize(design, by, over, population, excluding.missing = excluding)
  whole <- svymean(formula, s, na.rm = TRUE)
  parts <- svyby(formula, cells, s, svymean, na.rm = TRUE)  # no covmat: it fails when calibrated
  standard_rows[[length(standard_rows) + 1]] <<- data.frame(
    case = label, cell = c("", rownames(parts)), value = c(coef(whole), coef(parts)),
    se = c(SE(whole), unlist(SE(parts))))
}
shares <- c(E = 0.5, H = 0.2, M = 0.3)
standard("clus1 by stype", designs$clus1, ~stype, ~1, shares, NULL, ~api00, ~sch_wide)
standard("clus1 by stype over comp_imp", designs$clus1, ~stype, ~comp_imp, shares, NULL, ~api00,
         ~comp_imp)
standard("strat by stype over sch_wide", designs$strat, ~stype, ~sch_wide, c(4421, 755, 1018), NULL,
         ~enroll, ~sch_wide)
standard("srs by stype and comp_imp", designs$srs, ~stype + comp_imp, ~1, c(5, 1, 2, 4, 3, 6), NULL,
         ~api00, ~sch_wide)
gaps <- designs$clus1
gaps$variables$score <- ifelse(seq_len(nrow(gaps$variables)) %% 7 == 0, NA, gaps$variables$api00)
standard("clus1 excluding missing", gaps, ~stype, ~1, shares, ~score, ~score, ~sch_wide)
standard("jk1 by stype over sch_wide", designs$jk1, ~sch_wide, ~1, c(0.4, 0.6), NULL, ~api00,
         ~comp_imp)
standard("brr by group", designs$brr, ~group, ~1, c(1, 2, 3), NULL, ~income, ~group)
out("standardize.csv", do.call(rbind, standard_rows))

contrast_rows <- list()
contrasted <- function(label, stat, ...) {
  k <- svycontrast(stat, ...)
  v <- as.matrix(vcov(k))
  contrast_rows[[length(contrast_rows) + 1]] <<- data.frame(
    case = label, at = seq_along(coef(k)), value = as.numeric(coef(k)), se = sqrt(diag(v)),
    cov_first = v[1, ])
}
for (name in c("srs", "strat", "clus1", "clus2", "jk1")) {
  m <- svymean(~api00 + api99, within(designs[[name]], ""), na.rm = TRUE)
  contrasted(paste(name, "difference"), m, list(c(api00 = 1, api99 = -1)))
  contrasted(paste(name, "functions"), m,
             list(quote(api00 / api99), quote(exp((api00 - api99) / 100)),
                  quote(log(api00) - 2 * sqrt(api99)), quote(-api00^2 / (1 + api99))))
}
by <- svyby(~api00 + enroll, ~stype, designs$clus1, svymean, covmat = TRUE)
contrasted("clus1 domains", by, list(quote(`E:api00` / `H:api00`), quote(`E:enroll` - `M:enroll`),
                                     quote(`H:api00` / `H:enroll`)))
# One statistic: of several, svyby keeps the replicates in another order than the coefficients.
again <- svyby(~api00, ~stype, designs$jk1, svymean, covmat = TRUE, return.replicates = TRUE)
contrasted("jk1 domains from replicates", again, list(quote(E / H), quote(E - M)))
crossed <- svyby(~api00, ~stype + sch_wide, designs$clus1, svymean, covmat = TRUE)
contrast_rows[[length(contrast_rows) + 1]] <- data.frame(
  case = paste("clus1 cell", rownames(crossed)), at = 1, value = coef(crossed), se = unlist(SE(crossed)),
  cov_first = vcov(crossed)[1, ])
contrast_rows[[length(contrast_rows) + 1]] <- data.frame(
  case = paste("clus1 stacked", names(coef(by))), at = 1, value = coef(by), se = unlist(SE(by)),
  cov_first = vcov(by)[1, ])
out("contrast.csv", do.call(rbind, contrast_rows))
