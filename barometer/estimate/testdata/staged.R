# Makes staged.csv and prints the values in staged_test.cpp. R 4.2.2, survey 4.1.1.
suppressMessages(library(survey))
set.seed(20121005)
orgs <- sort(sample(211, 101))
rows <- do.call(rbind, lapply(orgs, function(o) {
  n <- sample(3, 1)
  data.frame(org = o, person = sort(sample(3, n)), drawn = n)
}))
rows$region <- (rows$org * 7) %% 4                # regions of stage 1
rows$regions <- c(53, 53, 53, 52)[rows$region + 1]
rows$role <- ifelse(rows$person == 1, 1, 2)       # strata of stage 2: one chair, two officers
rows$people <- 3
rows$in_role <- ifelse(rows$role == 1, 1, 2)
rows$frame <- 211
rows$w <- round(exp(rnorm(nrow(rows), 0, 0.5)), 4)
rows$yes <- rbinom(nrow(rows), 1, plogis(sin(rows$org)))
rows$score <- pmin(10, pmax(1, round(6 + 2 * sin(rows$org) + rnorm(nrow(rows)))))
rows$score[sample(nrow(rows), 12)] <- NA
write.csv(rows[, c("org", "person", "region", "regions", "role", "in_role", "people", "frame", "w",
                   "yes", "score")], "staged.csv", row.names = FALSE, quote = FALSE, na = "")
rows$one <- 1
digits <- function(x) paste(sprintf("%.17g", x), collapse = ", ")
show <- function(name, design) {
  p <- svymean(~yes, design)
  m <- svymean(~score, design, na.rm = TRUE)
  t <- svytotal(~yes, design)
  d <- svymean(~yes, subset(design, score >= 7))
  cat(sprintf('    {"%s", {%s}, {%s}, {%s}, {%s}, %g, %g},\n', name,
              digits(c(coef(p), SE(p))), digits(c(coef(m), SE(m))),
              digits(c(coef(t), SE(t))), digits(c(coef(d), SE(d))),
              degf(design), degf(subset(design, score >= 7))))
}
for (lonely in c("remove", "certainty", "adjust")) {
  options(survey.lonely.psu = lonely)
  show(paste0("two-stage/", lonely),
       svydesign(~org + person, fpc = ~frame + people, weights = ~one, data = rows))
  show(paste0("two-stage weights from fpc/", lonely),
       svydesign(~org + person, fpc = ~frame + people, data = rows))
  show(paste0("two-stage stratified/", lonely),
       svydesign(~org + person, strata = ~region + role, fpc = ~regions + in_role, weights = ~w,
                 data = rows))
  show(paste0("ultimate clusters/", lonely),
       svydesign(~org + person, strata = ~region, weights = ~w, data = rows))
  show(paste0("organisations by region/", lonely),
       svydesign(~region + org + person, fpc = cbind(rep(9, nrow(rows)), 53, 3),
                 weights = ~w, data = rows))
}
