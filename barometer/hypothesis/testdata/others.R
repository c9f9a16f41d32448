# Goodness of fit, t, rank tests, kappa and alpha, of R survey 4.1.1: Rscript others.R > others.csv
# Of alpha R gives no standard error: svycontrast of the moments, and withReplicates, give it here.
source("surveys.R")
cat("test,design,base,formula,option,value,se,df1,df2,p,estimate,lower,upper\n")
row <- function(test, d, b, formula, option, value = "", se = "", df1 = "", df2 = "", p = "",
                estimate = "", lower = "", upper = "")
  line(test, d, b, formula, option, value, se, df1, df2, p, estimate, lower, upper)

for (d in names(designs)) for (b in c("all", "upper")) {
  design <- bases(designs[[d]])[[b]]
  degrees <- function(x) as.numeric(x$parameter)

  shares <- list(band = c(a = 0.2, b = 0.3, c = 0.35, d = 0.15), hope = c(low = 0.5, mid = 0.3, top = 0.2))
  for (v in names(shares)) {
    p <- shares[[v]][sort(unique(na.omit(design$variables[[v]])))]
    f <- paste(v, paste0(names(p), "=", p, collapse = " "))
    test <- svygofchisq(as.formula(paste0("~", v)), p = p, design, na.rm = TRUE)
    row("gof", d, b, f, "satterthwaite", as.numeric(test$statistic), df1 = degrees(test)[2],
        df2 = degrees(test)[1], p = as.numeric(test$p.value))
    row("gof", d, b, f, "saddlepoint", as.numeric(test$statistic), df1 = degrees(test)[2],
        df2 = degrees(test)[1],
        p = as.numeric(pchisqsum(test$statistic, rep(1, length(test$lambda)), test$lambda, lower.tail = FALSE,
                                 method = "saddlepoint")))
  }

  for (f in c("enroll ~ comp_imp", "api00 ~ awards", "target ~ comp_imp", "I(api00 - api99) ~ awards")) {
    test <- svyttest(as.formula(f), design)
    row("t", d, b, f, "0", as.numeric(test$statistic), df1 = degrees(test), p = as.numeric(test$p.value),
        estimate = as.numeric(test$estimate), lower = test$conf.int[1], upper = test$conf.int[2])
  }
  for (f in c("I(api00 - api99) ~ 1", "target ~ 1")) {
    test <- svyttest(as.formula(f), design, na.rm = TRUE)
    row("t", d, b, f, "0", as.numeric(test$statistic), df1 = degrees(test), p = as.numeric(test$p.value),
        estimate = as.numeric(test$estimate), lower = test$conf.int[1], upper = test$conf.int[2])
  }

  for (score in c("wilcoxon", "vanderWaerden", "median", "KruskalWallis")) {
    for (f in c("ell ~ comp_imp", "target ~ awards", "rank3 ~ sch_wide")) {
      # A factor is no number to R's lm, so it is ranked by its codes.
      test <- svyranktest(as.formula(sub("rank3", "as.numeric(rank3)", f)), design, test = score)
      row("rank", d, b, f, score, as.numeric(test$statistic), df1 = degrees(test), p = as.numeric(test$p.value),
          estimate = as.numeric(test$estimate))
    }
    if (d != "jk1") for (f in c("api00 ~ stype", "target ~ band")) {
      # R swaps statistic and parameter. Median scores without spread in a group: singular, no test.
      test <- tryCatch(svyranktest(as.formula(f), design, test = score), error = function(e) NULL)
      if (is.null(test)) next
      row("rank", d, b, f, score, as.numeric(test$parameter), df1 = as.numeric(test$statistic),
          df2 = as.numeric(test$ddf), p = as.numeric(test$p.value))
    }
  }

  for (pair in list(c("sch_wide", "comp_imp"), c("band", "past"))) {
    if (b == "upper" && pair[1] == "band") next
    f <- paste(pair, collapse = " ")
    rated <- design
    for (v in pair) rated$variables[[v]] <- factor(rated$variables[[v]])
    kappa <- svykappa(as.formula(paste("~", pair[1], "+", pair[2])), rated)
    row("kappa", d, b, f, "", as.numeric(coef(kappa)), se = as.numeric(SE(kappa)))
  }

  items <- c("api00", "api99", "avg_ed")
  design <- update(design, avg_ed = avg_ed * 100)
  names(items) <- c("x", "y", "z")
  whole <- design[complete.cases(design$variables[, items]), ]
  alpha <- svycralpha(~api00 + api99 + avg_ed, whole)
  whole <- update(whole, x = api00 - 650, y = api99 - 650, z = avg_ed - 280)
  whole <- update(whole, s = x + y + z, xx = x^2, yy = y^2, zz = z^2, ss = (x + y + z)^2)
  moments <- ~x + y + z + s + xx + yy + zz + ss
  of <- quote(1.5 * (1 - (xx - x^2 + yy - y^2 + zz - z^2) / (ss - s^2)))
  if (d == "jk1") {
    value <- withReplicates(whole, function(w, data) {
      m <- as.list(sapply(all.vars(moments), function(v) sum(w * data[[v]]) / sum(w)))
      eval(of, m)
    })
    se <- sqrt(as.numeric(attr(value, "var")))
  } else {
    se <- as.numeric(SE(svycontrast(svymean(moments, whole), list(alpha = of))))
  }
  row("alpha", d, b, "api00 api99 ed", "", as.numeric(alpha), se = se)
}
