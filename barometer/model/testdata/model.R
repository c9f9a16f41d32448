# Writes the data sets and expected values of the tests of barometer/model.
# R survey 4.1.1, mitools 2.4 (R 4.2.2):  Rscript model.R  in this folder.
# Data: California Department of Education, Academic Performance Index 2000, as drawn for the
# package; US Centers for Disease Control and Prevention, NHANES 2009-10, weights summed by
# stratum, unit and the answers used.
suppressMessages(library(survey))
library(mitools)
data(api)
data(nhanes)
options(digits = 17)
# No stop: 60 rounds, of which the last ones change nothing (hence the warnings).
tight <- list(epsilon = -1, maxit = 60)
options(warn = -1)
# svyloglin and update() reach glm() without a control: there, too, it goes on to the end.
assignInNamespace("glm.control", function(epsilon = 1e-14, maxit = 200, trace = FALSE)
  list(epsilon = epsilon, maxit = maxit, trace = trace), "stats")

rows <- list()
keep <- function(case, quantity, labels, values) {
  values <- as.vector(unlist(values))
  rows[[length(rows) + 1]] <<- data.frame(case = case, quantity = quantity,
    label = if (is.null(labels)) as.character(seq_along(values)) else labels,
    value = sprintf("%.17g", values))
}
keep_glm <- function(case, g, test = TRUE) {
  s <- summary(g)
  b <- coef(g)
  keep(case, "coef", names(b), b)
  keep(case, "vcov", NULL, vcov(g))
  keep(case, "t", names(b), s$coefficients[, 3])
  keep(case, "p", names(b), s$coefficients[, 4])
  keep(case, "low", names(b), confint(g)[, 1])
  keep(case, "high", names(b), confint(g)[, 2])
  keep(case, "one", c("df_residual", "dispersion", "deviance", "null_deviance"),
       c(g$df.residual, as.vector(s$dispersion), g$deviance, g$null.deviance))
}

# ---- data --------------------------------------------------------------------------------------
plain <- function(d, columns) {
  d <- d[, columns]
  for (j in names(d)) if (is.factor(d[[j]])) d[[j]] <- as.character(d[[j]])
  names(d) <- gsub(".", "_", names(d), fixed = TRUE)
  d
}
put <- function(d, file) {
  for (j in names(d)) if (is.numeric(d[[j]]))
    d[[j]] <- ifelse(is.na(d[[j]]), "", sprintf("%.17g", d[[j]]))
  write.csv(d, file, row.names = FALSE, quote = FALSE, na = "")
}
covariates <- c("stype", "api00", "api99", "ell", "meals", "mobility", "enroll", "api.stu",
                "sch.wide", "comp.imp", "awards", "both", "yr.rnd", "acs.46", "size", "poor", "grade")
for (d in c("apistrat", "apiclus1", "apiclus2")) {  # two answers with cases in every combination
  x <- get(d)
  x$size <- ifelse(x$enroll < 450, "small", "large")
  x$poor <- ifelse(x$meals > 45, "yes", "no")
  x$grade <- cut(x$enroll, c(0, 300, 500, 800, Inf), labels = c("a", "b", "c", "d"))
  assign(d, x)
}
strat <- plain(apistrat, c("pw", "fpc", covariates))
clus1 <- plain(apiclus1, c("dnum", "pw", "fpc", covariates))
clus2 <- plain(apiclus2, c("dnum", "snum", "pw", "fpc1", "fpc2", covariates))
put(strat, "apistrat.csv")
put(clus1, "apiclus1.csv")
put(clus2, "apiclus2.csv")
n <- nhanes[!is.na(nhanes$HI_CHOL), ]
n <- aggregate(cbind(w = WTMEC2YR) ~ SDMVSTRA + SDMVPSU + agecat + RIAGENDR + HI_CHOL + race, n, sum)
n$age <- as.integer(n$agecat)
put(n[, c("SDMVSTRA", "SDMVPSU", "age", "RIAGENDR", "HI_CHOL", "race", "w")], "nhanes_chol.csv")

factors <- function(d) { for (j in names(d)) if (is.character(d[[j]])) d[[j]] <- factor(d[[j]]); d }
strat <- factors(strat); clus1 <- factors(clus1); clus2 <- factors(clus2)
dstrat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat, fpc = ~fpc)
dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = clus1, fpc = ~fpc)
dclus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2)
jk <- as.svrepdesign(dclus1)
designs <- list(strat = dstrat, clus1 = dclus1, clus2 = dclus2, jk = jk)

# ---- regressions -------------------------------------------------------------------------------
for (name in names(designs)) {
  d <- designs[[name]]
  keep_glm(paste0("gaussian_", name), svyglm(api00 ~ ell + meals + mobility, d, control = tight))
  keep_glm(paste0("factor_", name), svyglm(api00 ~ stype * ell + log(enroll), d, control = tight))
  keep_glm(paste0("logit_", name),
           svyglm(sch_wide ~ ell + meals, d, family = quasibinomial, control = tight))
  keep_glm(paste0("probit_", name),
           svyglm(sch_wide ~ ell + meals, d, family = quasibinomial("probit"), control = tight))
  keep_glm(paste0("cloglog_", name),
           svyglm(sch_wide ~ ell + meals, d, family = quasibinomial("cloglog"), control = tight))
  keep_glm(paste0("poisson_", name),
           svyglm(api_stu ~ stype + meals, d, family = quasipoisson, control = tight))
  keep_glm(paste0("gammainverse_", name),
           svyglm(api_stu ~ stype + meals, d, family = Gamma, control = tight))
  keep_glm(paste0("gammalog_", name),
           svyglm(api_stu ~ stype + meals, d, family = Gamma("log"), control = tight))
  keep_glm(paste0("domain_", name),
           svyglm(api00 ~ ell + meals, subset(d, comp_imp == "Yes"), control = tight))
}
# The usual calls, with R's own stop.
usual <- list(epsilon = 1e-8, maxit = 25)
for (name in names(designs)) {
  d <- designs[[name]]
  keep_glm(paste0("usual_logit_", name),
           svyglm(sch_wide ~ ell + meals, d, family = quasibinomial, control = usual))
  keep_glm(paste0("usual_cloglog_", name),
           svyglm(sch_wide ~ ell + meals, d, family = quasibinomial("cloglog"), control = usual))
  keep_glm(paste0("usual_poisson_", name),
           svyglm(api_stu ~ stype + meals, d, family = quasipoisson, control = usual))
  keep_glm(paste0("usual_gammalog_", name),
           svyglm(api_stu ~ stype + meals, d, family = Gamma("log"), control = usual))
}
# A missing covariate: the same as the domain of the complete cases.
keep_glm("missing_strat",
         svyglm(api00 ~ meals + acs_46, subset(dstrat, !is.na(acs_46)), control = tight))
g <- svyglm(api00 ~ meals + acs_46, dstrat, control = tight)
keep("missing_strat_R", "coef", names(coef(g)), coef(g))
keep("missing_strat_R", "vcov", NULL, vcov(g))
keep("missing_strat_R", "one", c("df_residual", "deviance"), c(g$df.residual, g$deviance))

# ---- tests of terms ----------------------------------------------------------------------------
keep_test <- function(case, r) {
  if (!is.null(r$Ftest)) keep(case, "one", "F", r$Ftest)
  if (!is.null(r$chisq)) keep(case, "one", "chisq", r$chisq)
  keep(case, "one", c("df", "ddf", "p"), c(r$df, if (is.null(r$ddf)) Inf else r$ddf, r$p))
  if (!is.null(r$lambda)) keep(case, "lambda", NULL, sort(r$lambda, decreasing = TRUE))
}
for (name in names(designs)) {
  d <- designs[[name]]
  m <- svyglm(sch_wide ~ ell + meals + stype, d, family = quasibinomial, control = tight)
  l <- svyglm(api00 ~ ell + meals + stype, d, control = tight)
  for (kind in c("logit", "linear")) {
    g <- if (kind == "logit") m else l
    id <- paste(kind, name, sep = "_")
    keep_test(paste0("wald_F_", id), regTermTest(g, ~stype))
    keep_test(paste0("wald_chisq_", id), regTermTest(g, ~stype, df = Inf))
    keep_test(paste0("wald_two_", id), regTermTest(g, ~ell + meals))
    keep_test(paste0("working_", id), regTermTest(g, ~stype, method = "WorkingWald"))
    for (a in c("saddlepoint", "satterthwaite")) {
      keep_test(paste0("lrt_", a, "_", id),
                regTermTest(g, ~stype, method = "LRT", lrt.approximation = a))
      keep_test(paste0("lrtchisq_", a, "_", id),
                regTermTest(g, ~stype, method = "LRT", df = Inf, lrt.approximation = a))
    }
    for (method in c("LRT", "Wald")) {
      an <- anova(g, method = method)
      for (i in seq_along(an)) keep_test(paste("anova", method, id, i, sep = "_"), an[[i]])
    }
  }
  keep(paste0("criteria_", name), "one", c("eff_p", "aic", "deltabar"), AIC(m))
  small <- svyglm(sch_wide ~ ell, d, family = quasibinomial, control = tight)
  bic <- BIC(small, maximal = m)
  keep(paste0("criteria_", name), "one", c("bic_p", "bic", "bic_neff"), bic)
  keep(paste0("criteria_", name), "one", c("cox_snell", "nagelkerke"),
       c(psrsq(m), psrsq(m, "Nagelkerke")))
  # Gaussian: the definition of Lumley & Scott 2015, section 3.2, with the naive covariance on the
  # scale of the response; extractAIC_svylm of 4.1.1 leaves that scale out and divides its results
  # by the variance of the residuals (changed in later versions of the package).
  w <- l$prior.weights
  s2 <- sum(w * (l$y - l$linear.predictors)^2) / sum(w)
  delta <- solve(l$naive.cov[-1, -1] * s2, vcov(l)[-1, -1])
  u <- -1 / (2 * s2) + (l$y - l$linear.predictors)^2 / (2 * s2^2)
  ds <- sum(w * u^2) / (sum(w) / (2 * s2^2))
  eff <- sum(diag(delta)) + ds
  keep(paste0("criteria_linear_", name), "one", c("eff_p", "aic", "deltabar"),
       c(eff, sum(w) * (log(s2) + 1 + log(2 * pi)) + 2 * eff, mean(c(diag(delta), ds))))
}
# Nested, though not in their terms: a line among the three types' means.
strat2 <- update(dstrat, rank = ifelse(stype == "E", 1, ifelse(stype == "M", 2, 3)))
a0 <- svyglm(sch_wide ~ ell + rank, strat2, family = quasibinomial, control = tight)
a1 <- svyglm(sch_wide ~ ell + stype, strat2, family = quasibinomial, control = tight)
for (method in c("LRT", "Wald")) for (test in c("F", "Chisq")) {
  r <- anova(a0, a1, method = method, test = test)
  if (method == "Wald" && test == "Chisq") r$ddf <- Inf
  if (method == "LRT" && test == "Chisq") r$ddf <- Inf
  keep_test(paste("nested", method, test, sep = "_"), r)
}

# ---- proportional odds -------------------------------------------------------------------------
keep_olr <- function(case, m) {
  b <- c(m$coefficients, m$zeta)
  keep(case, "coef", names(b), b)
  keep(case, "se", names(b), sqrt(diag(m$var)))
  keep(case, "vcov", NULL, m$var)
  keep(case, "one", c("df_residual", "deviance"), c(m$df.residual, m$deviance))
}
full <- subset(svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
                         data = nhanes), !is.na(HI_CHOL))
exact <- list(reltol = 1e-16, maxit = 1000)
keep_olr("olr_nhanes", svyolr(agecat ~ RIAGENDR + HI_CHOL, full, control = exact))
keep_olr("olr_nhanes_probit",
         svyolr(agecat ~ RIAGENDR + HI_CHOL, full, method = "probit", control = exact))
for (name in names(designs)) {
  keep_olr(paste0("olr_", name),
           svyolr(grade ~ I(meals / 100) + comp_imp, designs[[name]], control = exact))
}

# ---- log-linear --------------------------------------------------------------------------------
keep_loglin <- function(case, m) {
  b <- coef(m)
  keep(case, "coef", names(b), b)
  keep(case, "vcov", NULL, vcov(m))
  keep(case, "one", c("intercept", "deviance", "n", "df_null"),
       c(coef(m, intercept = TRUE)[1], deviance(m), m$n, m$df.null))
}
for (name in names(designs)) {
  d <- designs[[name]]
  a <- svyloglin(~size + comp_imp + poor, d)
  b <- update(a, ~ . + size:comp_imp)
  c <- update(a, ~ . + size:comp_imp + comp_imp:poor)
  two <- svyloglin(~stype + comp_imp, d)
  sat <- update(two, ~ .^2)
  keep_loglin(paste0("loglin_a_", name), a)
  keep_loglin(paste0("loglin_b_", name), b)
  keep_loglin(paste0("loglin_c_", name), c)
  keep_loglin(paste0("loglin_sat_", name), sat)
  for (pair in c("ab", "ac", "bc", "two")) {
    r <- tryCatch(switch(pair, ab = anova(a, b), ac = anova(a, c), bc = anova(b, c),
                         two = anova(two, sat)), error = function(e) NULL)
    message(name, " ", pair, " ", !is.null(r))
    if (is.null(r)) next
    keep(paste("loglin_anova", pair, name, sep = "_"), "one",
         c("deviance", "deviance_chisq_p", "deviance_f_p", "deviance_saddlepoint_p", "score",
           "score_chisq_p", "score_f_p", "score_saddlepoint_p", "df"),
         c(r$dev$dev, r$dev$p[2:4], r$score$chisq, r$score$p[2:4], r$p))
  }
}

# ---- margins -----------------------------------------------------------------------------------
for (name in names(designs)) {
  d <- designs[[name]]
  m <- svyglm(sch_wide ~ ell + stype, d, family = quasibinomial, control = tight)
  new <- data.frame(ell = c(0, 10, 40), stype = c("H", "E", "M"))
  for (type in c("link", "response")) {
    p <- predict(m, new, type = type, vcov = TRUE)
    keep(paste("predict", type, name, sep = "_"), "value", NULL, coef(p))
    keep(paste("predict", type, name, sep = "_"), "vcov", NULL, vcov(p))
  }
  # svypredmeans cannot refit under replicate weights: there its two parts are put together here.
  if (name != "jk") {
    base <- svyglm(sch_wide ~ ell, d, family = quasibinomial, control = tight)
    pm <- svypredmeans(base, ~stype, predictat = factor(c("E", "H", "M")))
  } else {
    b <- coef(m); w <- weights(d, "sampling"); v <- model.frame(d)
    fits <- NULL; G <- NULL
    for (s in c("E", "H", "M")) {
      v$stype <- factor(s, levels = c("E", "H", "M"))
      Z <- model.matrix(~ell + stype, v); mu <- plogis(drop(Z %*% b))
      fits <- cbind(fits, mu); G <- cbind(G, colSums(w * mu * (1 - mu) * Z) / sum(w))
    }
    colnames(fits) <- c("E", "H", "M")
    pm <- svymean(fits, d)
    attr(pm, "var") <- vcov(pm) + t(G) %*% vcov(m) %*% G
  }
  keep(paste0("predmeans_", name), "value", names(coef(pm)), coef(pm))
  keep(paste0("predmeans_", name), "vcov", NULL, vcov(pm))
  # Average marginal effects with the covariates held: derivative by ell, H and M against E.
  b <- coef(m); V <- vcov(m); w <- weights(d, "sampling"); v <- model.frame(d)
  X <- model.matrix(~ell + stype, v)
  wm <- function(x) colSums(w * x) / sum(w)
  eta <- drop(X %*% b); mu <- plogis(eta); f <- mu * (1 - mu)
  J <- wm(b["ell"] * f * (1 - 2 * mu) * X); J["ell"] <- J["ell"] + sum(w * f) / sum(w)
  keep(paste0("ame_ell_", name), "one", c("value", "se"),
       c(sum(w * f) / sum(w) * b["ell"], sqrt(drop(J %*% V %*% J))))
  at <- function(s) { Z <- X; Z[, "stypeH"] <- s == "H"; Z[, "stypeM"] <- s == "M"; Z }
  for (s in c("H", "M")) {
    Z1 <- at(s); Z0 <- at("E")
    m1 <- plogis(drop(Z1 %*% b)); m0 <- plogis(drop(Z0 %*% b))
    J <- wm(m1 * (1 - m1) * Z1) - wm(m0 * (1 - m0) * Z0)
    keep(paste0("ame_", s, "_", name), "one", c("value", "se"),
         c(sum(w * (m1 - m0)) / sum(w), sqrt(drop(J %*% V %*% J))))
  }
}

# ---- multiple imputation -----------------------------------------------------------------------
q <- list(c(a = 1.2, b = -0.5), c(a = 1.5, b = -0.45), c(a = 1.1, b = -0.62), c(a = 1.35, b = -0.51))
u <- list(matrix(c(.04, .01, .01, .02), 2), matrix(c(.05, .012, .012, .018), 2),
          matrix(c(.043, .008, .008, .021), 2), matrix(c(.039, .011, .011, .025), 2))
for (complete in c(Inf, 30)) {
  mi <- MIcombine(q, u, df.complete = complete)
  case <- paste0("mi_", complete)
  keep(case, "coef", names(coef(mi)), coef(mi))
  keep(case, "vcov", NULL, vcov(mi))
  keep(case, "df", names(coef(mi)), mi$df)
  keep(case, "missinfo", names(coef(mi)), mi$missinfo)
}

out <- do.call(rbind, rows)
out <- out[!is.na(suppressWarnings(as.numeric(out$value))), ]
write.csv(out, "model.csv", row.names = FALSE, quote = c(1, 2, 3))
