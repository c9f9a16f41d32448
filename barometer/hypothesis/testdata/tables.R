# Tests of two-way tables, of R survey 4.1.1: Rscript tables.R > tables.csv
source("surveys.R")
tables <- list(c("sch_wide", "comp_imp"), c("awards", "comp_imp"), c("stype", "awards"), c("comp_imp", "stype"),
               c("stype", "band"), c("band", "stype"), c("hope", "awards"), c("hope", "band"),
               c("sch_wide", "stype"))
cat("design,base,row,column,statistic,value,df1,df2,p\n")
for (d in names(designs)) for (b in c("all", "upper")) {
  design <- bases(designs[[d]])[[b]]
  for (pair in tables) for (statistic in c("F", "Chisq", "Wald", "adjWald", "saddlepoint")) {
    test <- tryCatch(svychisq(as.formula(paste("~", pair[1], "+", pair[2])), design, statistic = statistic),
                     error = function(e) NULL)
    if (is.null(test) || !is.finite(test$statistic)) { message(d, b, pair, statistic, " none"); next }
    df <- as.numeric(test$parameter)
    line(d, b, pair[1], pair[2], statistic, as.numeric(test$statistic), if (length(df) > 0) df[1] else "",
         if (length(df) > 1) df[2] else "", as.numeric(test$p.value))
  }
}
