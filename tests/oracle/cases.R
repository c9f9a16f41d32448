# The oracle: what R's package survey says of cases that `barometer estimate` is asked too.
#
#   Rscript tests/oracle/cases.R tests/oracle         stored cases: cases.json and data/, committed
#   Rscript tests/oracle/cases.R FOLDER live          the same and more, on the package's whole data
#
# A case is an R call on a design, the command line that asks for the same, and R's answer. In a
# command "{data}/" stands for the folder of the data. tests/oracle_cli_test.cpp runs the commands
# and compares.
#
# Data. Stored: extracts of the California API (Department of Education, public; apisrs, apistrat,
# apiclus1, apiclus2 of package survey, some columns of all rows) and of NHANES (US CDC, public;
# every 6th row), and data that this script generates (pairs, pps, phases). Live: also all of
# NHANES, and data that only the package ships (mu284, election).

suppressMessages(library(survey))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
# Statistic "lincom" is to take its tail by numerical integration from package CompQuadForm, and
# without that package R falls back on the saddlepoint. Here P(sum of a_i chi-squared_i > x) is the
# inversion integral of exp(K(s) - s x)/s along a parabola through the saddlepoint.
tail_of_sum <- function(x, a, df) {
  end <- 1 / (2 * max(a))
  slope <- function(s) sum(df * a / (1 - 2 * a * s)) - x
  place <- if (slope(0) < 0) uniroot(slope, c(0, end * (1 - 1e-10)), tol = 1e-12)$root else 0
  place <- max(place, 0.2 * end)
  cumulant <- function(s) colSums(-0.5 * df * log(1 - 2 * outer(a, s)))
  height <- Re(cumulant(complex(real = place)) - place * x)
  bend <- if (x > 0) 1 / (4 * end) else 0
  along <- function(t) {
    s <- complex(real = place + bend * t^2, imaginary = t)
    Im(exp(cumulant(s) - s * x - height) / s * complex(real = 2 * bend * t, imaginary = 1))
  }
  exp(height) / pi * integrate(along, 0, Inf, rel.tol = 1e-9, subdivisions = 10000L,
                               stop.on.error = FALSE)$value
}
of_survey <- list(pFsum = pFsum, pchisqsum = pchisqsum)
integrated <- list(
  pFsum = function(x, df, a, ddf = Inf, lower.tail = TRUE, method = "saddlepoint", ...) {
    if (!identical(method, "integration") || is.infinite(ddf)) {
      return(of_survey$pFsum(x, df, a, ddf, lower.tail, method, ...))
    }
    tail <- tail_of_sum(0, c(a, -as.vector(x) / ddf), c(df, ddf))
    if (lower.tail) 1 - tail else tail
  },
  pchisqsum = function(x, df, a, lower.tail = TRUE, method = "satterthwaite") {
    if (!identical(method, "integration")) return(of_survey$pchisqsum(x, df, a, lower.tail, method))
    tail <- tail_of_sum(as.vector(x), a, df)
    if (lower.tail) 1 - tail else tail
  })
for (name in names(integrated)) assignInNamespace(name, integrated[[name]], "survey")

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
live <- length(arguments) > 1 && arguments[2] == "live"
dir.create(file.path(folder, "data"), recursive = TRUE, showWarnings = FALSE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))),
                 "json.R"))

# ---- data --------------------------------------------------------------------------------------

write_data <- function(d, name) {
  d <- as.data.frame(d)
  write.csv(format_numbers(d), file.path(folder, "data", paste0(name, ".csv")),
            quote = needs_quotes(d), row.names = FALSE, na = "")
}
# The shortest digits that read back as the number.
format_numbers <- function(d) {
  d[] <- lapply(d, function(x) {
    if (!is.double(x)) return(x)
    short <- sprintf("%.15g", x)
    wrong <- !is.na(x)
    wrong[wrong] <- as.numeric(short[wrong]) != x[wrong]
    short[wrong] <- sprintf("%.17g", x[wrong])
    short[is.na(x)] <- NA
    short
  })
  d
}
needs_quotes <- function(d) which(vapply(d, function(x) any(grepl("[,\"]", x)), logical(1)))

data(api)
columns <- c("stype", "dnum", "snum", "sch.wide", "comp.imp", "awards", "api00", "api99", "ell",
             "meals", "mobility", "target", "enroll", "api.stu", "pw")
apisrs <- apisrs[, c(columns, "fpc")]
apistrat <- apistrat[, c(columns, "fpc")]
apiclus1 <- apiclus1[, c(columns, "fpc")]
apiclus2 <- apiclus2[, c(columns, "fpc1", "fpc2")]
data(nhanes)
if (!live) nhanes <- nhanes[seq(1, nrow(nhanes), by = 6), ]
nhanes$race <- c("Hispanic", "White", "Black", "Other")[nhanes$race]
nhanes$race <- factor(nhanes$race)

# Eight strata of two units of four cases.
set.seed(1)
pairs <- data.frame(stratum = rep(1:8, each = 8), unit = rep(rep(1:2, each = 4), 8),
                    w = rep(sample(20:60, 8), each = 8))
pairs$y <- round(50 + 3 * pairs$stratum + rep(rnorm(16, sd = 4), each = 4) + rnorm(64, sd = 9), 2)
pairs$x <- round(0.5 * pairs$y + rnorm(64, sd = 5) + 20, 2)
pairs$g <- sample(c("a", "b", "c"), 64, TRUE)
pairs$z <- as.integer(runif(64) < 0.4)

# Forty of 300 units, drawn systematically with probability proportional to size.
set.seed(2)
size <- round(exp(rnorm(300, 4, 0.7)))
probability <- 40 * size / sum(size)
drawn <- findInterval(runif(1) + 0:39, c(0, cumsum(probability)))
pps <- data.frame(p = probability[drawn], size = size[drawn])
pps$w <- 1 / pps$p
pps$y <- round(300 + pps$size + rnorm(40, sd = 150), 1)
pps$x <- round(100 + pps$size + rnorm(40, sd = 10), 1)
pps$g <- sample(c("a", "b"), 40, TRUE)
# Joint probabilities of maximum entropy, to Hajek's approximation (1964).
joint <- with(pps, outer(p, p) * (1 - outer(1 - p, 1 - p) / sum(p * (1 - p))))
diag(joint) <- pps$p

# 120 cases, of which 50 were measured, by strata of the first phase.
set.seed(3)
phases <- data.frame(s = sample(c("one", "two", "three"), 120, TRUE), x = round(rnorm(120, 10, 3), 2))
phases$sub <- 0L
sizes <- c(one = 12, two = 18, three = 20)
for (s in names(sizes)) phases$sub[sample(which(phases$s == s), sizes[s])] <- 1L
phases$y <- ifelse(phases$sub == 1, round(2 * phases$x + rnorm(120, sd = 2), 2), NA)

stored <- list(apisrs = apisrs, apistrat = apistrat, apiclus1 = apiclus1, apiclus2 = apiclus2,
               nhanes = nhanes, pairs = pairs, pps = pps, phases = phases)
for (name in names(stored)) {
  write_data(stored[[name]], name)
  # R reads what we read.
  assign(name, read.csv(file.path(folder, "data", paste0(name, ".csv")), stringsAsFactors = TRUE,
                        na.strings = ""))
}
# For Horvitz and Thompson's variance, which may be negative with those, the ones of independent draws.
independent <- with(pps, outer(p, p))
diag(independent) <- pps$p
for (name in c("joint", "independent")) {
  write_data(as.data.frame(get(name)), name)
  assign(name, as.matrix(read.csv(file.path(folder, "data", paste0(name, ".csv")))))
}

pop.stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
pop.schwide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
pop.both <- data.frame(sch.wide = c("No", "No", "No", "Yes", "Yes", "Yes"),
                       stype = c("E", "H", "M", "E", "H", "M"),
                       Freq = c(520, 270, 282, 3901, 485, 736))
pop.total <- c("(Intercept)" = 6194, stypeH = 755, stypeM = 1018)
pop.api99 <- c(pop.total, api99 = 3914069)
pop.g <- data.frame(g = c("a", "b", "c"), Freq = c(900, 1100, 600))
pop.age <- data.frame(agecat = c("(0,19]", "(19,39]", "(39,59]", "(59,Inf]"),
                      Freq = c(55901, 77670, 72816, 45364))
shares.stype <- data.frame(level = c("E", "H", "M"), share = c(0.7, 0.15, 0.15))
write_data(pop.stype, "pop_stype")
write_data(pop.schwide, "pop_schwide")
write_data(pop.both, "pop_both")
write_data(data.frame(term = names(pop.total), total = pop.total), "pop_total")
write_data(data.frame(term = names(pop.api99), total = pop.api99), "pop_api99")
write_data(pop.g, "pop_g")
write_data(pop.age, "pop_age")
write_data(shares.stype, "shares_stype")

# ---- designs -----------------------------------------------------------------------------------

designs <- list()
design <- function(name, call, ...) {
  designs[[name]] <<- list(call = substitute(call), command = c(...), value = eval(substitute(call)))
}
design("srs", svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = apisrs),
       "{data}/apisrs.csv", "--weight", "pw", "--fpc", "fpc")
design("srs_wr", svydesign(id = ~1, weights = ~pw, data = apisrs),
       "{data}/apisrs.csv", "--weight", "pw")
design("strat", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
       "{data}/apistrat.csv", "--weight", "pw", "--strata", "stype", "--fpc", "fpc")
design("strat_wr", svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat),
       "{data}/apistrat.csv", "--weight", "pw", "--strata", "stype")
design("clus1", svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
       "{data}/apiclus1.csv", "--weight", "pw", "--id", "dnum", "--fpc", "fpc")
design("clus1_wr", svydesign(id = ~dnum, weights = ~pw, data = apiclus1),
       "{data}/apiclus1.csv", "--weight", "pw", "--id", "dnum")
design("clus2", svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2),
       "{data}/apiclus2.csv", "--id", "dnum,snum", "--fpc", "fpc1,fpc2")
design("nhanes", svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
                           data = nhanes),
       "{data}/nhanes.csv", "--weight", "WTMEC2YR", "--strata", "SDMVSTRA", "--id", "SDMVPSU",
       "--nest")
design("pairs", svydesign(id = ~unit, strata = ~stratum, weights = ~w, nest = TRUE, data = pairs),
       "{data}/pairs.csv", "--weight", "w", "--strata", "stratum", "--id", "unit", "--nest")
design("brewer", svydesign(id = ~1, fpc = ~p, data = pps, pps = "brewer"),
       "{data}/pps.csv", "--fpc", "p", "--pps", "brewer")
design("overton", svydesign(id = ~1, fpc = ~p, data = pps, pps = "overton"),
       "{data}/pps.csv", "--fpc", "p", "--pps", "overton")
design("hartley_rao", svydesign(id = ~1, fpc = ~p, data = pps, pps = HR()),
       "{data}/pps.csv", "--fpc", "p", "--pps", "hr")
design("joint_ht", svydesign(id = ~1, fpc = ~p, data = pps, pps = ppsmat(independent),
                             variance = "HT"),
       "{data}/pps.csv", "--fpc", "p", "--pps", "ht:{data}/independent.csv")
design("joint_yg", svydesign(id = ~1, fpc = ~p, data = pps, pps = ppsmat(joint), variance = "YG"),
       "{data}/pps.csv", "--fpc", "p", "--pps", "yg:{data}/joint.csv")
design("two_phase", twophase(id = list(~1, ~1), strata = list(NULL, ~s), subset = ~I(sub == 1),
                             data = phases, method = "full"),
       "{data}/phases.csv", "--unweighted", "--phase2", "sub", "--strata2", "s")
design("two_phase_approx", twophase(id = list(~1, ~1), strata = list(NULL, ~s),
                                    subset = ~I(sub == 1), data = phases, method = "approx"),
       "{data}/phases.csv", "--unweighted", "--phase2", "sub", "--strata2", "s",
       "--two-phase-method", "approx")

# Replicate weights made from a design.
made <- function(name, from, call, ...) {
  D <- designs[[from]]$value
  call <- substitute(call)
  designs[[name]] <<- list(call = do.call(substitute, list(call, list(D = designs[[from]]$call))),
                           command = c(designs[[from]]$command, ...), value = eval(call))
}
made("jk1", "clus1", as.svrepdesign(D, type = "JK1"), "--make-replicates", "jk1")
made("jkn", "strat", as.svrepdesign(D, type = "JKn"), "--make-replicates", "jkn")
made("jkn_pairs", "pairs", as.svrepdesign(D, type = "JKn", mse = TRUE), "--make-replicates", "jkn",
     "--mse")
made("brr", "pairs", as.svrepdesign(D, type = "BRR"), "--make-replicates", "brr")
made("fay", "pairs", as.svrepdesign(D, type = "Fay", fay.rho = 0.3), "--make-replicates", "fay:0.3")

# Replicate weights given, as columns of the data or as a file beside it.
given <- function(name, from, data, replicates, beside, weight, ...) {
  weights <- weights(replicates, "analysis")
  colnames(weights) <- paste0("rep", seq_len(ncol(weights)))
  file <- paste0(data, "_", name)
  if (beside) write_data(as.data.frame(weights), file)
  if (!beside) write_data(cbind(get(data), weights), file)
  d <- read.csv(file.path(folder, "data", paste0(file, ".csv")), stringsAsFactors = TRUE,
                na.strings = "")
  read <- as.matrix(d[, grep("^rep", names(d))])
  call <- bquote(svrepdesign(data = .(as.name(data)), weights = .(as.formula(paste("~", weight))),
                             repweights = .(as.name(file)), type = "other",
                             scale = .(replicates$scale), rscales = .(replicates$rscales),
                             mse = .(isTRUE(replicates$mse))))
  designs[[paste0("given_", name)]] <<- list(
    call = call, value = eval(call, setNames(list(get(data), read), c(data, file))),
    command = c(if (beside) c(paste0("{data}/", data, ".csv"), "--replicate-file",
                              paste0("{data}/", file, ".csv"))
                else c(paste0("{data}/", file, ".csv"), "--replicates", "rep*"),
                "--weight", weight, "--scale", sprintf("%.17g", replicates$scale),
                "--rscales", paste(sprintf("%.17g", replicates$rscales), collapse = ","),
                if (isTRUE(replicates$mse)) "--mse", ...))
}
given("jk1", "clus1", "apiclus1", designs$jk1$value, FALSE, "pw", "--rep-type", "jk1")
given("jkn", "pairs", "pairs", designs$jkn_pairs$value, TRUE, "w", "--rep-type", "jkn")
given("fay", "pairs", "pairs", designs$fay$value, FALSE, "w", "--rep-type", "fay", "--fay-rho", "0.3")
given("brr", "pairs", "pairs", designs$brr$value, TRUE, "w", "--rep-type", "brr")
set.seed(4)
given("bootstrap", "clus1", "apiclus1",
      as.svrepdesign(designs$clus1$value, type = "bootstrap", replicates = 25, mse = TRUE), TRUE, "pw",
      "--rep-type", "bootstrap")
set.seed(5)
given("subbootstrap", "pairs", "pairs",
      as.svrepdesign(designs$pairs$value, type = "subbootstrap", replicates = 20), FALSE, "w",
      "--rep-type", "other")
# The scale follows from the kind.
kinds <- function(name, kind, type, beside, ...) {
  file <- paste0("pairs_", name)
  d <- read.csv(file.path(folder, "data", paste0(file, ".csv")))
  read <- as.matrix(d[, grep("^rep", names(d))])
  call <- bquote(svrepdesign(data = pairs, weights = ~w, repweights = .(as.name(file)),
                             type = .(type), rho = .(if (type == "Fay") 0.3)))
  designs[[paste0("kind_", kind)]] <<- list(
    call = call, value = eval(call, setNames(list(pairs, read), c("pairs", file))),
    command = c(if (beside) c("{data}/pairs.csv", "--replicate-file", paste0("{data}/", file, ".csv"))
                else c(paste0("{data}/", file, ".csv"), "--replicates", "rep*"), "--weight", "w",
                "--rep-type", kind, ...))
}
kinds("brr", "brr", "BRR", TRUE)
kinds("fay", "fay", "Fay", FALSE, "--fay-rho", "0.3")
kinds("brr", "sdr", "successive-difference", TRUE)

# Weights adjusted.
exact <- list(epsilon = 1e-12, maxit = 1000)
adjusted <- function(name, from, call, ...) {
  D <- designs[[from]]$value
  call <- substitute(call)
  designs[[name]] <<- list(call = do.call(substitute, list(call, list(D = designs[[from]]$call))),
                           command = c(designs[[from]]$command, ...), value = eval(call))
}
rake_files <- "{data}/pop_stype.csv,{data}/pop_schwide.csv"
margins <- list(pop.stype, pop.schwide)
adjusted("ps_clus1", "clus1", postStratify(D, ~stype, pop.stype),
         "--poststratify", "{data}/pop_stype.csv")
adjusted("ps_srs", "srs", postStratify(D, ~sch.wide + stype, pop.both),
         "--poststratify", "{data}/pop_both.csv")
adjusted("ps_jk1", "jk1", postStratify(D, ~stype, pop.stype),
         "--poststratify", "{data}/pop_stype.csv")
adjusted("rake_clus1", "clus1", rake(D, list(~stype, ~sch.wide), margins, control = exact),
         "--rake", rake_files, "--epsilon", "1e-12", "--max-iterations", "1000")
adjusted("rake_srs", "srs", rake(D, list(~stype, ~sch.wide), margins, control = exact),
         "--rake", rake_files, "--epsilon", "1e-12", "--max-iterations", "1000")
adjusted("rake_jk1", "jk1", rake(D, list(~stype, ~sch.wide), margins, control = exact),
         "--rake", rake_files, "--epsilon", "1e-12", "--max-iterations", "1000")
adjusted("cal_linear", "clus1", calibrate(D, ~stype + api99, pop.api99),
         "--calibrate", "~stype + api99", "--population", "{data}/pop_api99.csv")
adjusted("cal_linear_srs", "srs", calibrate(D, ~stype + api99, pop.api99),
         "--calibrate", "~stype + api99", "--population", "{data}/pop_api99.csv")
adjusted("cal_raking", "clus1", calibrate(D, ~stype + api99, pop.api99, calfun = "raking",
                                          epsilon = 1e-12, maxit = 200),
         "--calibrate", "~stype + api99", "--population", "{data}/pop_api99.csv",
         "--calfun", "raking", "--epsilon", "1e-12")
adjusted("cal_logit", "clus1", calibrate(D, ~stype + api99, pop.api99, calfun = "logit",
                                         bounds = c(0.5, 2), epsilon = 1e-12, maxit = 200),
         "--calibrate", "~stype + api99", "--population", "{data}/pop_api99.csv",
         "--calfun", "logit", "--bounds", "0.5,2", "--epsilon", "1e-12")
adjusted("cal_bounded", "clus1", calibrate(D, ~stype + api99, pop.api99, calfun = "linear",
                                           bounds = c(0.5, 1.8), epsilon = 1e-12, maxit = 500),
         "--calibrate", "~stype + api99", "--population", "{data}/pop_api99.csv",
         "--calfun", "linear", "--bounds", "0.5,1.8", "--epsilon", "1e-12")
adjusted("cal_jk1", "jk1", calibrate(D, ~stype, pop.total),
         "--calibrate", "~stype", "--population", "{data}/pop_total.csv")
adjusted("cal_strat", "strat", calibrate(D, ~stype + api99, pop.api99),
         "--calibrate", "~stype + api99", "--population", "{data}/pop_api99.csv")
adjusted("ps_pairs", "jkn_pairs", postStratify(D, ~g, pop.g), "--poststratify", "{data}/pop_g.csv")
adjusted("trim", "rake_clus1", trimWeights(D, upper = 45, lower = 20), "--trim", "20,45")
adjusted("trim_strict", "rake_clus1", trimWeights(D, upper = 38, lower = 25, strict = TRUE),
         "--trim", "25,38", "--trim-strict")

if (live) {
  data(mu284)
  write_data(mu284, "mu284")
  design("mu284", svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu284),
         "{data}/mu284.csv", "--id", "id1,id2", "--fpc", "n1,n2")
  data(election)
  write_data(election_pps[, c("Bush", "Kerry", "Nader", "votes", "p")], "election")
  design("election", svydesign(id = ~1, fpc = ~p, data = election_pps, pps = "brewer"),
         "{data}/election.csv", "--fpc", "p", "--pps", "brewer")
  write_data(as.data.frame(election_jointprob), "election_joint")
  design("election_ht", svydesign(id = ~1, fpc = ~p, data = election_pps,
                                  pps = ppsmat(election_jointprob)),
         "{data}/election.csv", "--fpc", "p", "--pps", "ht:{data}/election_joint.csv")
  design("election_yg", svydesign(id = ~1, fpc = ~p, data = election_pps,
                                  pps = ppsmat(election_jointprob), variance = "YG"),
         "{data}/election.csv", "--fpc", "p", "--pps", "yg:{data}/election_joint.csv")
}

# ---- cases -------------------------------------------------------------------------------------

# Of the stored cases so many that their test takes a few seconds; the live ones are all.
more <- function(...) if (live) c(...)

cases <- list()
# The R expression speaks of the design as D. `expect` makes the answer of its value x.
add <- function(id, name, expression, words, expect, tolerance = 1e-8) {
  expression <- substitute(expression)
  add_call(id, name, expression, words, expect, tolerance)
}
add_call <- function(id, name, expression, words, expect, tolerance = 1e-8) {
  if (!is.null(cases[[id]])) stop("two cases are called ", id)
  D <- designs[[name]]$value
  # R warns of lonely strata, of quantiles by jackknife and of the package that it does not find.
  x <- tryCatch(suppressWarnings(eval(expression, list(D = D), globalenv())),
                error = function(e) stop("case ", id, ": ", conditionMessage(e)))
  cases[[id]] <<- list(
    id = id, r = one_line(expression),
    design = one_line(designs[[name]]$call),
    command = as.list(c("estimate", designs[[name]]$command, words)),
    expected = expect(x, D), rel_tol = tolerance)
}
one_line <- function(call) gsub(" +", " ", paste(trimws(deparse(call, 500L)), collapse = " "))

square <- function(v) lapply(seq_len(nrow(v)), function(i) as.list(unname(v[i, ])))
covariance <- function(x) square(as.matrix(vcov(x)))
errors <- function(x) as.list(unname(sqrt(diag(as.matrix(vcov(x))))))
intervals <- function(m) lapply(seq_len(nrow(m)), function(i) as.list(unname(m[i, ])))
values <- function(x) as.list(unname(coef(x)))

with_interval <- function(x, D) {
  list(estimate = values(x), se = errors(x), ci = intervals(confint(x, df = degf(D))),
       df = degf(D), covariance = covariance(x))
}
plain <- function(x, D) list(estimate = values(x), se = errors(x), covariance = covariance(x))
with_deff <- function(x, D) {
  list(estimate = values(x), se = errors(x), deff = as.list(unname(as.vector(deff(x)))))
}
# Of several groups svyranktest has exchanged the statistic and the df.
statistic_of <- function(x) {
  exchanged <- "Chisq" %in% names(x$parameter)
  as.vector(if (exchanged) x$parameter else x$statistic)[1]
}
of_test <- function(x, D) {
  list(statistic = statistic_of(x), df = as.list(unname(x$parameter)), p = as.vector(x$p.value)[1])
}
of_test_alone <- function(x, D) {
  list(statistic = statistic_of(x), p = as.vector(x$p.value)[1])
}
# Means of domains without their covariance: R has none of calibrated and of some other designs.
no_covariance <- function(x, D) {
  list(estimate = values(x), se = as.list(unname(unlist(SE(x)))))
}
is_adjusted <- function(name) grepl("^(ps|rake|cal|trim)", name) && !grepl("jk1|pairs", name)
C <- "--covariance"
Y <- "sch.wide = 'Yes'"

# Every way of drawing, with means, totals, ratios, shares, domains and design effects.
for (name in c("srs", "strat", "clus1", "clus2", "jk1", "ps_clus1", "cal_linear",
               more("srs_wr", "strat_wr", "clus1_wr", "jkn", "given_jk1", "given_bootstrap",
                    "ps_srs", "rake_clus1", "cal_raking", "ps_jk1"))) {
  id <- function(what) paste0(name, "_", what)
  v <- if (name == "clus2") quote(~api00 + api99) else quote(~api00 + enroll)
  two <- if (name == "clus2") c("api00", "api99") else c("api00", "enroll")
  add_call(id("mean"), name, bquote(svymean(.(v), D)), c("mean", two, C), with_interval)
  add_call(id("total"), name, bquote(svytotal(.(v), D)), c("total", two, C), with_interval)
  add(id("ratio"), name, svyratio(~api99, ~api00, D), c("ratio", "api99", "api00", C),
      function(x, D) list(estimate = values(x), se = as.list(unname(as.vector(SE(x)))),
                          ci = intervals(confint(x, df = degf(D))), df = degf(D)))
  add(id("prop"), name, svymean(~stype, D), c("prop", "stype", C), plain)
  known <- !is_adjusted(name)
  by <- if (known) plain else no_covariance
  add_call(id("by_mean"), name, bquote(svyby(.(v), ~stype, D, svymean, covmat = .(known))),
           c("mean", two, "--by", "stype", C), by)
  add_call(id("by_total"), name, bquote(svyby(~api00, ~sch.wide, D, svytotal, covmat = .(known))),
           c("total", "api00", "--by", "sch.wide", C), by)
  add(id("where"), name, svymean(~api00, subset(D, sch.wide == "Yes")),
      c("mean", "api00", "--where", Y, C),
      function(x, D) with_interval(x, subset(D, sch.wide == "Yes")))
}
for (name in c("strat", "jk1", more("srs", "clus1", "clus2", "ps_clus1"))) {
  id <- function(what) paste0(name, "_", what)
  known <- !is_adjusted(name)
  by <- if (known) plain else no_covariance
  add_call(id("by_prop"), name, bquote(svyby(~sch.wide, ~stype, D, svymean, covmat = .(known))),
           c("prop", "sch.wide", "--by", "stype", C), by)
  add(id("total_levels"), name, svytotal(~stype, D), c("total", "stype", C), plain)
  add(id("joint"), name, svymean(~interaction(sch.wide, comp.imp), D),
      c("prop", "sch.wide:comp.imp", C), plain)
  add_call(id("by_two"), name, bquote(svyby(~api00, ~sch.wide + comp.imp, D, svymean,
                                            covmat = .(known))),
           c("mean", "api00", "--by", "sch.wide,comp.imp", C), by)
}
# In a calibrated or a replicated design R makes the covariance of ratios of domains only so.
for (name in c("strat", "jk1", more("srs", "clus1"))) {
  add(paste0(name, "_by_ratio"), name,
      svyby(~api.stu, denominator = ~enroll, by = ~stype, design = D, FUN = svyratio, na.rm = TRUE),
      c("ratio", "api.stu", "enroll", "--by", "stype"),
      function(x, D) list(estimate = values(x), se = as.list(unname(as.vector(SE(x))))))
}
for (name in c("srs", "clus1", more("strat", "clus2"))) {
  add(paste0(name, "_deff"), name, svymean(~api00 + api99, D, deff = TRUE),
      c("mean", "api00", "api99", "--deff"), with_deff)
  add(paste0(name, "_total_deff"), name, svytotal(~api99, D, deff = TRUE),
      c("total", "api99", "--deff"), with_deff)
}
add("strat_by_deff", "strat", svyby(~api00, ~sch.wide, D, svymean, deff = TRUE),
    c("mean", "api00", "--by", "sch.wide", "--deff"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x))),
                        deff = as.list(unname(as.vector(deff(x))))))
# A missing answer makes a domain of the others.
for (name in c("clus1", "jk1", "rake_clus1", more("strat", "cal_linear"))) {
  add(paste0(name, "_missing"), name, svymean(~target, D, na.rm = TRUE), c("mean", "target", C), plain)
}
add("clus2_missing_total", "clus2", svytotal(~enroll, D, na.rm = TRUE), c("total", "enroll", C), plain)
add("clus1_level", "clus1", svymean(~api00, D), c("mean", "api00", "--level", "0.9", "--df", "Inf"),
    function(x, D) list(estimate = values(x), ci = intervals(confint(x, level = 0.9))))
add("clus1_expression", "clus1", svymean(~I(api00 / enroll), D), c("mean", "I(api00/enroll)", C),
    with_interval)

{
  name <- "nhanes"
  add("nhanes_mean", name, svymean(~HI_CHOL, D, na.rm = TRUE), c("mean", "HI_CHOL", C), plain)
  add("nhanes_prop", name, svymean(~race, D), c("prop", "race", C), plain)
  add("nhanes_by", name, svyby(~HI_CHOL, ~race + RIAGENDR, D, svymean, na.rm = TRUE),
      c("mean", "HI_CHOL", "--by", "race,RIAGENDR"), no_covariance)
  add("nhanes_total", name, svytotal(~race, D), c("total", "race", C), plain)
  add("nhanes_agecat", name, svyby(~agecat, ~race, D, svymean, covmat = TRUE),
      c("prop", "agecat", "--by", "race", C), plain)
}
for (name in c("pairs", "jkn_pairs", "brr", "fay", "given_jkn", "given_fay", "given_brr",
               "given_subbootstrap", "kind_brr", "kind_fay", "kind_sdr", "ps_pairs")) {
  add(paste0(name, "_total"), name, svytotal(~y + x, D), c("total", "y", "x", C), with_interval)
  if (name %in% c("brr", "fay")) next  # another matrix of Hadamard: totals alone agree
  add(paste0(name, "_mean"), name, svymean(~y + x, D), c("mean", "y", "x", C), with_interval)
  if (!live) next
  add(paste0(name, "_by"), name, svyby(~y, ~g, D, svymean, covmat = TRUE),
      c("mean", "y", "--by", "g", C), plain)
  add(paste0(name, "_ratio"), name, svyratio(~y, ~x, D), c("ratio", "y", "x"),
      function(x, D) list(estimate = values(x), se = as.list(unname(as.vector(SE(x))))))
}
for (name in c("brewer", "overton", "hartley_rao", "joint_ht", "joint_yg")) {
  add(paste0(name, "_total"), name, svytotal(~y + x, D), c("total", "y", "x", C), plain)
  add(paste0(name, "_mean"), name, svymean(~y + x, D), c("mean", "y", "x", C), plain)
  if (!live) next
  add(paste0(name, "_by"), name, svyby(~y, ~g, D, svymean), c("mean", "y", "--by", "g"),
      function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))
  add(paste0(name, "_ratio"), name, svyratio(~y, ~x, D), c("ratio", "y", "x"),
      function(x, D) list(estimate = values(x), se = as.list(unname(as.vector(SE(x))))))
}
for (name in c("two_phase", "two_phase_approx")) {
  add(paste0(name, "_mean"), name, svymean(~y, D), c("mean", "y", C), plain)
  add(paste0(name, "_total"), name, svytotal(~y + x, D), c("total", "y", "x", C), plain)
}
# Adjusted weights.
for (name in c("rake_srs", "rake_jk1", "cal_logit", "cal_bounded", "cal_jk1", "cal_linear_srs",
               "cal_strat", "trim", "trim_strict")) {
  add(paste0(name, "_total"), name, svytotal(~enroll, D), c("total", "enroll", C), with_interval)
  add(paste0(name, "_mean"), name, svymean(~api00, D), c("mean", "api00", C), with_interval)
  if (!live) next
  known <- !is_adjusted(name)
  add_call(paste0(name, "_by"), name, bquote(svyby(~api00, ~stype, D, svymean, covmat = .(known))),
           c("mean", "api00", "--by", "stype", C), if (known) plain else no_covariance)
}

# Strata with a single unit.
lonely <- quote(svydesign(id = ~snum, strata = ~dnum, weights = ~pw, data = apiclus2))
for (rule in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  designs[[paste0("lonely_", rule)]] <- list(
    call = bquote({options(survey.lonely.psu = .(rule)); .(lonely)}), value = eval(lonely),
    command = c("{data}/apiclus2.csv", "--weight", "pw", "--strata", "dnum", "--id", "snum",
                "--lonely-psu", rule))
  add(paste0("lonely_", rule), paste0("lonely_", rule), svymean(~api00 + api99, D),
      c("mean", "api00", "api99", C), plain)
}
high <- quote(svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat))
for (rule in c("adjust", "average")) {
  options(survey.lonely.psu = rule, survey.adjust.domain.lonely = TRUE)
  designs[[paste0("domain_lonely_", rule)]] <- list(
    call = bquote({options(survey.lonely.psu = .(rule), survey.adjust.domain.lonely = TRUE); .(high)}),
    value = eval(high),
    command = c("{data}/apistrat.csv", "--weight", "pw", "--strata", "stype", "--fpc", "fpc",
                "--lonely-psu", rule, "--domain-lonely"))
  # Above 820 there is one high school.
  add(paste0("domain_lonely_", rule), paste0("domain_lonely_", rule),
      svymean(~enroll, subset(D, api00 > 820)),
      c("mean", "enroll", "--where", "api00 > 820", C), plain)
}
options(survey.lonely.psu = "fail", survey.adjust.domain.lonely = FALSE)

# Quantiles.
P <- c(.1, .25, .5, .75, .9)
quantiles <- function(x, D) {
  m <- x[[1]]
  list(estimate = as.list(unname(m[, 1])), ci = intervals(m[, 2:3, drop = FALSE]),
       se = as.list(unname(m[, 4])))
}
quantile_words <- function(v, rule, interval) {
  c("quantile", v, "--probs", paste(P, collapse = ","), "--rule", rule, "--interval", interval)
}
for (rule in c("math", "school", "shahvaish", paste0("hf", 4:9))) {
  for (name in c("clus1", more("strat"))) {
    add_call(paste("quantile", name, rule, sep = "_"), name,
             bquote(svyquantile(~enroll, D, .(P), qrule = .(rule))),
             quantile_words("enroll", rule, "mean"), quantiles)
  }
}
for (interval in c("beta", "xlogit", "asin", "score")) {
  for (name in c("clus1", more("strat"))) {
    add_call(paste("quantile", name, interval, sep = "_"), name,
             bquote(svyquantile(~api00, D, .(P), interval.type = .(interval))),
             quantile_words("api00", "math", interval), quantiles)
  }
}
# Of the others R survey 4.1 makes "mean" with replicates.
for (interval in c("mean", "quantile")) {
  add_call(paste("quantile_jk1", interval, sep = "_"), "jk1",
           bquote(svyquantile(~api00, D, .(P), interval.type = .(interval))),
           quantile_words("api00", "math", interval), quantiles)
}
add("quantile_by", "clus1", svyby(~api00, ~stype, D, svyquantile, quantiles = 0.5, ci = TRUE),
    c("quantile", "api00", "--probs", ".5", "--by", "stype"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))
add("quantile_where", "strat", svyquantile(~api00, subset(D, sch.wide == "Yes"), c(.1, .25, .5, .75, .9)),
    c(quantile_words("api00", "math", "mean"), "--where", Y), quantiles)

# Intervals of a share.
share <- function(x, D) list(estimate = list(as.vector(x)[1]), ci = list(as.list(unname(as.vector(confint(x))))))
for (method in c("logit", "likelihood", "asin", "beta", "xlogit", "mean")) {
  tolerance <- if (method == "likelihood") 1e-5 else 1e-8
  for (name in c("clus1", more("strat", "cal_linear"))) {
    if (method == "likelihood" && name == "cal_linear") next
    add_call(paste("ciprop", name, method, sep = "_"), name,
             bquote(svyciprop(~I(ell == 0), D, method = .(method))),
             c("ciprop", if (name == "clus1") "I(ell == 0)" else "ell == 0", "--method", method), share,
             tolerance)
  }
  # Without one of the clusters no school has ell == 0, and its logit no finite value.
  if (method != "likelihood") {
    add_call(paste("ciprop_jk1", method, sep = "_"), "jk1",
             bquote(svyciprop(~I(ell < 10), D, method = .(method))),
             c("ciprop", "ell < 10", "--method", method), share, tolerance)
  }
  add_call(paste("ciprop_level", method, sep = "_"), "clus1",
           bquote(svyciprop(~I(sch.wide == "Yes"), D, method = .(method), level = 0.9, df = 20)),
           c("ciprop", "sch.wide == \"Yes\"", "--method", method, "--level", "0.9", "--df", "20"), share,
           tolerance)
}

# Spread.
add("var_one", "strat", svyvar(~api00, D), c("var", "api00"),
    function(x, D) list(estimate = list(as.vector(x)[1]), se = list(as.vector(SE(x))[1])))
for (name in c("strat", "clus1", "jk1")) {
  add(paste0(name, "_var"), name, svyvar(~enroll, D), c("var", "enroll"),
      function(x, D) list(estimate = list(as.vector(x)[1]), se = list(as.vector(SE(x))[1])))
  add(paste0(name, "_cor"), name, svyvar(~api00 + enroll, D), c("cor", "api00", "enroll"),
      function(x, D) list(estimate = list(cov2cor(as.matrix(x)[1:2, 1:2])[1, 2])))
}

# Tables.
tables <- list(clus1 = list(quote(~sch.wide + stype), c("sch.wide", "stype")),
               strat = list(quote(~awards + comp.imp), c("awards", "comp.imp")),
               jk1 = list(quote(~sch.wide + stype), c("sch.wide", "stype")),
               jkn = list(quote(~awards + stype), c("awards", "stype")),
               nhanes = list(quote(~race + agecat), c("race", "agecat")),
               ps_clus1 = list(quote(~sch.wide + comp.imp), c("sch.wide", "comp.imp")))
for (name in c("clus1", "jk1", "nhanes", more("strat", "jkn", "ps_clus1"))) {
  for (statistic in c("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")) {
    whole <- statistic %in% c("F", "Chisq", "Wald", "adjWald")
    add_call(paste("chisq", name, statistic, sep = "_"), name,
             bquote(svychisq(.(tables[[name]][[1]]), D, statistic = .(statistic))),
             c("chisq", tables[[name]][[2]], "--statistic", statistic),
             if (whole) of_test else of_test_alone, if (whole) 1e-7 else 1e-5)
  }
}
add("chisq_where", "clus1", svychisq(~sch.wide + comp.imp, subset(D, stype == "E")),
    c("chisq", "sch.wide", "comp.imp", "--where", "stype = 'E'"), of_test, 1e-7)
for (name in c("clus1", "srs")) {
  add(paste0("gof_", name), name, svygofchisq(~stype, p = c(0.7, 0.15, 0.15), D),
      c("gof", "stype", "--expected", "{data}/shares_stype.csv"), of_test_alone, 1e-5)
}

# Tests of means and ranks.
for (name in c("clus1", "strat", "jk1", "cal_linear")) {
  add(paste0("ttest_", name), name, svyttest(enroll ~ comp.imp, D), c("ttest", "enroll ~ comp.imp"),
      of_test)
}
add("ttest_clus1_one", "clus1", svyttest(I(api00 - 600) ~ 0, D), c("ttest", "api00", "--mu", "600"),
    of_test)
add("ttest_clus1_factor", "clus1", svyttest(api00 ~ sch.wide, subset(D, stype == "E")),
    c("ttest", "api00 ~ sch.wide", "--where", "stype = 'E'"), of_test)
for (test in c("wilcoxon", "vanderWaerden", "median", "KruskalWallis")) {
  words <- c(wilcoxon = "wilcoxon", vanderWaerden = "vanderwaerden", median = "median",
             KruskalWallis = "kruskal")[[test]]
  for (name in c("clus1", "jk1", more("strat"))) {
    add_call(paste("ranktest", name, words, sep = "_"), name,
             bquote(svyranktest(ell ~ comp.imp, D, test = .(test))),
             c("ranktest", "ell ~ comp.imp", "--test", words), of_test_alone)
  }
  add_call(paste("ranktest_groups", words, sep = "_"), "clus1",
           bquote(svyranktest(ell ~ stype, D, test = .(test))),
           c("ranktest", "ell ~ stype", "--test", words), of_test_alone)
}

# Regressions.
regression <- function(x, D) {
  list(estimate = values(x), se = errors(x), covariance = covariance(x),
       ci = intervals(confint(x)), p_each = as.list(unname(coef(summary(x))[, 4])))
}
glm_case <- function(id, name, formula, family, words, tolerance = 1e-7) {
  add_call(paste0("glm_", id), name,
           bquote(svyglm(.(as.formula(formula)), D, family = .(substitute(family)),
                         control = list(epsilon = 1e-14, maxit = 100))),
           c("glm", formula, words, "--converged", C), regression, tolerance)
}
# R's own stop, as people call it.
default_glm <- function(id, name, formula, family, words) {
  add_call(paste0("glm_default_", id), name,
           bquote(svyglm(.(as.formula(formula)), D, family = .(substitute(family)))),
           c("glm", formula, words, C), regression, 1e-8)
}
for (name in c("clus1", "jk1", more("strat"))) {
  default_glm(paste0("binomial_", name), name, "I(sch.wide == \"Yes\") ~ ell + meals", quasibinomial,
              c("--family", "quasibinomial"))
  default_glm(paste0("poisson_", name), name, "api.stu ~ stype + meals", quasipoisson,
              c("--family", "quasipoisson"))
  default_glm(paste0("gamma_", name), name, "enroll ~ stype + meals", Gamma(link = "log"),
              c("--family", "gamma", "--link", "log"))
}
for (name in c("strat", "clus1", "jk1", "cal_linear", more("srs", "clus2", "rake_clus1"))) {
  glm_case(paste0("gaussian_", name), name, "api00 ~ ell + meals + stype", gaussian, character())
}
for (name in c("clus1", "jk1", more("strat"))) {
  glm_case(paste0("binomial_", name), name, "I(sch.wide == \"Yes\") ~ ell + meals", quasibinomial,
           c("--family", "quasibinomial"))
  glm_case(paste0("poisson_", name), name, "api.stu ~ stype + meals", quasipoisson,
           c("--family", "quasipoisson"))
  glm_case(paste0("gamma_", name), name, "enroll ~ stype + meals", Gamma(link = "log"),
           c("--family", "gamma", "--link", "log"), 1e-6)
}
# Without their own link, steps near the end are smaller than R's least: 1e-6.
glm_case("probit", "clus1", "sch.wide ~ ell + meals + mobility", quasibinomial(link = "probit"),
         c("--family", "quasibinomial", "--link", "probit"), 1e-6)
glm_case("cloglog", "clus1", "sch.wide ~ ell", quasibinomial(link = "cloglog"),
         c("--family", "quasibinomial", "--link", "cloglog"), 1e-6)
glm_case("inverse", "strat", "enroll ~ stype", Gamma(link = "inverse"),
         c("--family", "gamma", "--link", "inverse"))
glm_case("interaction", "clus1", "api00 ~ stype * ell + I(meals^2)", gaussian, character())
glm_case("no_intercept", "strat", "api00 ~ 0 + stype + stype:ell", gaussian, character())
glm_case("log", "strat", "log(enroll) ~ factor(sch.wide) + sqrt(api99)", gaussian, character())
glm_case("missing", "clus1", "target ~ ell + stype", gaussian, character())
glm_case("nhanes", "nhanes", "HI_CHOL ~ race + agecat + RIAGENDR", quasibinomial,
         c("--family", "quasibinomial"))
for (name in c("nhanes")) {
  add("olr_nhanes", name, svyolr(agecat ~ RIAGENDR + HI_CHOL, subset(D, !is.na(HI_CHOL)),
                                 control = list(reltol = 1e-15, maxit = 1000)),
      c("glm", "agecat ~ RIAGENDR + HI_CHOL", "--family", "ordinal", C),
      function(x, D) list(estimate = as.list(unname(c(x$coefficients, x$zeta))), se = errors(x)), 1e-4)
}
# Centred and scaled: R takes the Hessian by differences.
add("olr_strat", "strat", svyolr(stype ~ I((api00 - 650) / 100) + I(ell / 30), D,
                                 control = list(reltol = 1e-15, maxit = 1000)),
    c("glm", "stype ~ I((api00 - 650) / 100) + I(ell / 30)", "--family", "ordinal", C),
    function(x, D) list(estimate = as.list(unname(c(x$coefficients, x$zeta))), se = errors(x)), 1e-3)
for (name in c("clus1", more("srs"))) {
  add(paste0("loglin_", name), name, svyloglin(~stype + sch.wide, D),
      c("loglin", "~stype + sch.wide", C), plain, 1e-7)
  add(paste0("loglin_all_", name), name, svyloglin(~stype * comp.imp, D),
      c("loglin", "~stype * comp.imp", C), plain, 1e-7)
}

# Agreement, reliability, standards, contrasts.
for (name in c("clus1", "strat", "jk1")) {
  add(paste0("kappa_", name), name, svykappa(~comp.imp + sch.wide, D), c("kappa", "comp.imp", "sch.wide"),
      function(x, D) list(estimate = values(x), se = errors(x)))
}
for (name in c("clus1", "strat")) {
  add(paste0("alpha_", name), name, svycralpha(~ell + meals + mobility, D),
      c("alpha", "ell", "meals", "mobility"), function(x, D) list(estimate = list(as.vector(x))))
}
add("standardize", "nhanes",
    svymean(~HI_CHOL, svystandardize(D, by = ~agecat, over = ~1, population = pop.age$Freq,
                                     excluding.missing = ~HI_CHOL), na.rm = TRUE),
    c("standardize", "HI_CHOL", "--standard-by", "agecat", "--population", "{data}/pop_age.csv", C), plain)
add("standardize_by", "nhanes",
    svyby(~HI_CHOL, ~race, svystandardize(D, by = ~agecat, over = ~race, population = pop.age$Freq,
                                          excluding.missing = ~HI_CHOL), svymean, na.rm = TRUE),
    c("standardize", "HI_CHOL", "--standard-by", "agecat", "--by", "race", "--population",
      "{data}/pop_age.csv"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))
add("contrast_difference", "strat",
    svycontrast(svyby(~api00, ~stype, D, svymean, covmat = TRUE), c(H = 1, E = -1)),
    c("contrast", "H:api00 - E:api00", "--by", "stype"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))
add("contrast_ratio", "clus1", svycontrast(svymean(~api00 + api99, D), quote(api00 / api99 - 1)),
    c("contrast", "api00 / api99 - 1"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))
add("contrast_total", "clus1", svycontrast(svytotal(~api00 + enroll, D), quote(log(api00) - log(enroll))),
    c("contrast", "log(api00) - log(enroll)", "--of", "total"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))
add("contrast_replicates", "jk1", svycontrast(svymean(~api00 + api99, D), c(api00 = 1, api99 = -1)),
    c("contrast", "api00 - api99"),
    function(x, D) list(estimate = values(x), se = as.list(unname(SE(x)))))

if (live) {
  for (name in c("mu284")) {
    add("mu284_total", name, svytotal(~y1, D), c("total", "y1", C), with_interval)
    add("mu284_mean", name, svymean(~y1, D), c("mean", "y1", C), with_interval)
  }
  for (name in c("election", "election_ht", "election_yg")) {
    add(paste0(name, "_total"), name, svytotal(~Bush + Kerry + Nader, D),
        c("total", "Bush", "Kerry", "Nader", C), plain)
    add(paste0(name, "_ratio"), name, svyratio(~Bush, ~votes, D), c("ratio", "Bush", "votes"),
        function(x, D) list(estimate = values(x), se = as.list(unname(as.vector(SE(x))))))
  }
}

# ---- written -----------------------------------------------------------------------------------

source_line <- sprintf("R survey %s, %s", packageVersion("survey"), R.version.string)
writeLines(c(paste0("{\"source\": ", json(source_line), ",\n \"cases\": ["),
             paste0(vapply(unname(cases), function(case) paste0("  ", json(case)), ""),
                    collapse = ",\n"), " ]}"),
           file.path(folder, "cases.json"))
cat(length(cases), "cases\n")
