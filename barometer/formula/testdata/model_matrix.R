# Model matrices of R 4.2.2 (package stats; the data are the api extracts of package survey 4.1.1),
# for formula_test.cpp:
#   Rscript barometer/formula/testdata/model_matrix.R
# from the root of the repository writes model_matrix.json beside this file. A case holds the column
# names and, to be short, for each column the sums of x, of x * row and of x^2, and four cells.
# Each formula is evaluated with rows that have a missing value left out (none has, in these data).

read <- function(name) {
  read.csv(file.path("barometer/estimate/testdata", name), stringsAsFactors = TRUE)
}
data <- list(apistrat = read("apistrat.csv"), apiclus1 = read("apiclus1.csv"))
formulas <- list(
  apistrat = c(
    "~ 1", "~ api99", "~ stype", "~ 0 + stype", "~ stype - 1", "~ -1 + api99 + stype",
    "~ stype + api99", "~ stype * api99", "~ stype:api99", "~ api99 + stype:api99",
    "~ api99:stype", "~ stype:awards", "~ stype + stype:awards", "~ awards + stype:awards",
    "~ stype * awards", "~ stype * awards * api99", "~ 0 + stype:awards", "~ 0 + stype * awards",
    "~ awards:stype + stype", "~ I(api99^2)", "~ api99 + I(api99^2) + I(api99^3)",
    "~ log(enroll) + sqrt(api_stu) + exp(api99/1000) + abs(api99 - api00)",
    "~ I(api99 - 600) * stype", "~ I(api00 > 600)", "~ 0 + I(api00 > 600)",
    "~ I(api00 > 600 & stype == \"E\")", "~ I(!(awards == 'Yes') | api00 >= 700):stype",
    "~ factor(stype)", "~ factor(api_stu > 400)", "~ (stype + awards + api99)^2",
    "~ (stype + awards + api99)^3 - stype:awards:api99", "~ stype/api99", "~ (stype + awards)/api99",
    "~ stype * awards - awards", "~ api00:api99:enroll", "~ I(api00/enroll) + I(-api99)",
    "~ I((api00 + api99) * 2 / enroll^0.5)", "~ I(api00 == 500)", "~ (stype + awards):api99",
    "~ 0 + api99:stype + awards", "~ stype + api99 + 0", "~ api99 + 1", "~ 0 + api99 + 1",
    "~ I(1e5 * api99 + 100000 + .5)"
  ),
  apiclus1 = c(
    "~ I(ell == 0)", "~ factor(dnum)", "~ sch_wide * comp_imp + ell", "~ stype:sch_wide:comp_imp",
    "~ 0 + sch_wide + stype + comp_imp:ell", "~ I(ell^2):sch_wide", "~ I(sch_wide == \"Yes\") + api00",
    "~ I(ell != 0 & (ell < 20 | ell > 60))", "~ comp_imp:I(ell > 30) + stype"
  )
)
quoted <- function(x) encodeString(x, quote = "\"")
listed <- function(x) paste0("[", paste(x, collapse = ", "), "]")
numbers <- function(x) listed(sprintf("%.17g", x))

one <- function(name, text) {
  x <- model.matrix(as.formula(text), data[[name]])
  rows <- seq_len(nrow(x))
  cells <- c(1, 7, 50, nrow(x))
  columns <- sapply(seq_len(ncol(x)), function(j) {
    numbers(c(sum(x[, j]), sum(x[, j] * rows), sum(x[, j]^2), x[cells, j]))
  })
  sprintf(" {\"data\": %s, \"formula\": %s,\n  \"columns\": %s,\n  \"assign\": %s,\n  \"values\": %s}",
          quoted(name), quoted(text), listed(quoted(colnames(x))), listed(attr(x, "assign")),
          listed(columns))
}
cases <- unlist(lapply(names(formulas), function(name) {
  sapply(formulas[[name]], function(text) one(name, text))
}))
writeLines(c(sprintf("{\"source\": \"%s, model.matrix of package stats; data from R survey %s\",",
                     R.version.string, packageVersion("survey")),
             "\"cases\": [", paste(cases, collapse = ",\n"), "]}"),
           "barometer/formula/testdata/model_matrix.json")
