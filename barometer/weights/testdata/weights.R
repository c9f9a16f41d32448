# Makes weights.csv, paired.csv and answers.csv. R 4.2.2, R survey 4.1.1.
suppressMessages(library(survey))
data(api)
rows <- list()
add <- function(case, what, estimate, se) {
  rows[[length(rows) + 1]] <<- data.frame(case = case, what = what,
                                          estimate = sprintf("%.17g", as.numeric(estimate)),
                                          se = sprintf("%.17g", as.numeric(se)))
}
both <- function(case, what, x) add(case, what, coef(x)[1], SE(x)[1])
# Every estimand of one weighted design.
say <- function(case, d) {
  w <- weights(d, "sampling")
  add(case, "weights sum", sum(w), sum(w^2))
  add(case, "weights range", min(w), max(w))
  both(case, "total enroll", svytotal(~enroll, d))
  both(case, "mean api00", svymean(~api00, d))
  both(case, "ratio api_stu enroll", svyratio(~api.stu, ~enroll, d))
  both(case, "mean api00 where sch_wide No", svymean(~api00, subset(d, sch.wide == "No")))
  for (s in c("E", "H", "M")) {
    by <- svyby(~enroll, ~stype, d, svymean)
    add(case, paste("mean enroll where stype", s), by[s, 2], by[s, 3])
  }
}
stypes <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
imp <- data.frame(comp.imp = c("No", "Yes"), Freq = c(1717, 4477))
cells <- as.data.frame(xtabs(~stype + sch.wide, apipop))
totals <- c("(Intercept)" = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
tight <- list(maxit = 1000, epsilon = 1e-13)
three <- list(~stype, ~sch.wide, ~comp.imp)

clus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
say("post", postStratify(clus1, ~stype, stypes))
say("post two", postStratify(clus1, ~stype + sch.wide, cells))
say("post partial", suppressWarnings(postStratify(
  clus1, ~stype, rbind(stypes, data.frame(stype = "X", Freq = 100)), partial = TRUE)))
say("rake two", rake(clus1, three[1:2], list(stypes, wide), control = tight))
say("rake three", rake(clus1, three, list(stypes, wide, imp), control = tight))
say("rake as in R", rake(clus1, three, list(stypes, wide, imp)))
say("rake crossed", rake(clus1, list(~stype + sch.wide, ~comp.imp), list(cells, imp),
                         control = tight))
raked <- rake(clus1, three[1:2], list(stypes, wide), control = tight)
say("trim", trimWeights(raked, upper = 38, lower = 25))
say("trim strict", trimWeights(raked, upper = 38, lower = 25, strict = TRUE))
say("linear", calibrate(clus1, ~stype + api99, totals))
say("linear bounded", calibrate(clus1, ~stype + api99, totals, bounds = c(0.5, 1.7),
                                epsilon = 1e-12))
say("linear variance", calibrate(clus1, ~stype + api99, totals, variance = apiclus1$enroll))
say("linear clusters", calibrate(clus1, ~stype + api99, totals, aggregate.stage = 1))
say("raking", calibrate(clus1, ~stype + api99, totals, calfun = "raking"))
say("raking bounded", calibrate(clus1, ~stype + api99, totals, calfun = "raking",
                                bounds = c(0.55, 1.8), epsilon = 1e-12,
                                maxit = 1000))
say("raking clusters", calibrate(clus1, ~stype + api99, totals, calfun = "raking",
                                 aggregate.stage = 1))
say("raking variance", calibrate(clus1, ~stype + api99, totals, calfun = "raking",
                                 variance = sqrt(apiclus1$enroll) / 25, epsilon = 1e-12))
say("logit", calibrate(clus1, ~stype + api99, totals, calfun = "logit", bounds = c(0.4, 2.2)))
say("logit margins", calibrate(clus1, three[1:2], list(stypes, wide), calfun = "logit",
                               bounds = c(0.7, 2.5), epsilon = 1e-12))
small <- update(clus1, one = 1)
small$prob <- small$prob * 100
say("raking of small weights", calibrate(small, ~stype + api99, totals, calfun = "raking"))
say("twice", calibrate(postStratify(clus1, ~stype, stypes), ~api99,
                       c("(Intercept)" = 6194, api99 = 3914069)))

strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
say("strat linear", calibrate(strat, ~sch.wide + api99,
                              c("(Intercept)" = 6194, sch.wideYes = 5122, api99 = 3914069)))
say("strat rake", rake(strat, list(~sch.wide, ~comp.imp), list(wide, imp), control = tight))
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
clus2 <- subset(clus2, !is.na(enroll))
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw,
                   data = apiclus2[!is.na(apiclus2$enroll), ])
say("two-stage linear", calibrate(clus2, ~stype + api99, totals))

jk1 <- as.svrepdesign(clus1, type = "JK1")
jk1c <- as.svrepdesign(clus1, type = "JK1", compress = TRUE)
rakeable <- list(~sch.wide, ~comp.imp)
say("jk1 post", postStratify(jk1, ~sch.wide, wide))
say("jk1 post compressed", postStratify(jk1c, ~sch.wide, wide))
say("jk1 rake", rake(jk1, rakeable, list(wide, imp), control = tight))
say("jk1 rake as in R", rake(jk1c, rakeable, list(wide, imp)))
say("jk1 linear", calibrate(jk1, ~stype + api99, totals))
say("jk1 raking", calibrate(jk1, ~stype + api99, totals, calfun = "raking"))
say("jk1 logit", calibrate(jk1, ~sch.wide, c("(Intercept)" = 6194, sch.wideYes = 5122),
                           calfun = "logit", bounds = c(0.5, 2)))
say("jk1 linear clusters", calibrate(jk1, ~sch.wide + api99,
                                     c("(Intercept)" = 6194, sch.wideYes = 5122, api99 = 3914069),
                                     aggregate.index = ~dnum))
jkn <- as.svrepdesign(strat, type = "JKn")
say("jkn rake", rake(jkn, rakeable, list(wide, imp), control = tight))
say("jkn linear", calibrate(jkn, ~stype + api99, totals))

# Two organisations from each of 16 strata, and some people of each.
set.seed(20121005)
paired <- do.call(rbind, lapply(1:32, function(o) {
  n <- sample(3:6, 1)
  data.frame(stratum = (o + 1) %/% 2, org = o, w = round(runif(1, 5, 15), 2),
             sex = sample(c("f", "m"), n, TRUE), role = sample(c("chair", "officer"), n, TRUE),
             age = sample(30:69, n, TRUE))
}))
paired$yes <- rbinom(nrow(paired), 1, plogis((paired$age - 50) / 10))
brr <- as.svrepdesign(svydesign(id = ~org, strata = ~stratum, weights = ~w, data = paired),
                      type = "BRR")
factors <- as.matrix(brr$repweights)
weighted <- factors * paired$w
colnames(weighted) <- sprintf("r%02d", seq_len(ncol(weighted)))
write.csv(cbind(paired, weighted), "paired.csv", row.names = FALSE, quote = FALSE)
sexes <- data.frame(sex = c("f", "m"), Freq = c(700, 650))
roles <- data.frame(role = c("chair", "officer"), Freq = c(610, 740))
say2 <- function(case, d) {
  both(case, "total yes", svytotal(~yes, d))
  both(case, "mean yes", svymean(~yes, d))
  both(case, "mean yes where role chair", svymean(~yes, subset(d, role == "chair")))
}
say2("brr rake", rake(brr, list(~sex, ~role), list(sexes, roles), control = tight))
say2("brr post", postStratify(brr, ~sex, sexes))
say2("brr linear", calibrate(brr, ~sex + age, c("(Intercept)" = 1350, sexm = 650, age = 67000)))
say2("brr raking", calibrate(brr, ~sex + age, c("(Intercept)" = 1350, sexm = 650, age = 67000),
                             calfun = "raking"))

# Who answered: the adjusted total as a function of sample totals, by the delta method.
answers <- apiclus1[, c("dnum", "fpc", "pw", "api00", "enroll", "stype", "meals")]
answers$answered <- rbinom(nrow(answers), 1, plogis(1.2 - answers$meals / 60))
answers$class <- cut(answers$meals, c(-1, 25, 50, 100), labels = c("low", "mid", "high"))
fit <- svyglm(answered ~ meals + stype, svydesign(id = ~dnum, weights = ~pw, data = answers),
              family = quasibinomial, control = glm.control(epsilon = 1e-14, maxit = 100))
write.csv(cbind(answers, propensity = sprintf("%.15g", fitted(fit))), "answers.csv",
          row.names = FALSE, quote = FALSE)
parts <- model.matrix(~ 0 + class, answers)
colnames(parts) <- levels(answers$class)
all <- parts
resp <- parts * answers$answered
colnames(all) <- c("a1", "a2", "a3")
colnames(resp) <- c("r1", "r2", "r3")
y <- resp * answers$enroll
colnames(y) <- c("y1", "y2", "y3")
joined <- cbind(answers, all, resp, y)
contrast <- function(d) {
  t <- svytotal(~a1 + a2 + a3 + r1 + r2 + r3 + y1 + y2 + y3, d)
  total <- svycontrast(t, quote(a1 * y1 / r1 + a2 * y2 / r2 + a3 * y3 / r3))
  mean <- svycontrast(t, quote((a1 * y1 / r1 + a2 * y2 / r2 + a3 * y3 / r3) / (a1 + a2 + a3)))
  list(total, mean)
}
for (kind in c("linearised", "jk1")) {
  d <- svydesign(id = ~dnum, weights = ~pw, data = joined, fpc = ~fpc)
  if (kind == "jk1") {  # replicates adjusted by hand
    d <- as.svrepdesign(d, type = "JK1")
    adjust <- function(w) {
      c <- as.integer(answers$class)
      ratio <- tapply(w, c, sum) / tapply(w * answers$answered, c, sum)
      w * answers$answered * ratio[c]
    }
    t <- withReplicates(d, function(w, data) {
      w <- adjust(w)
      c(sum(w * data$enroll), sum(w * data$enroll) / sum(w))
    })
    add("response jk1", "total enroll", coef(t)[1], SE(t)[1])
    add("response jk1", "mean enroll", coef(t)[2], SE(t)[2])
  } else {
    t <- contrast(d)
    both("response", "total enroll", t[[1]])
    both("response", "mean enroll", t[[2]])
  }
}
write.csv(do.call(rbind, rows), "weights.csv", row.names = FALSE, quote = FALSE)
