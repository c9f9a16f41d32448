# System files as haven writes them, and what haven finds in every system file here; run by make.sh.
# NAME.csv: the values, missing ones empty. NAME.labels.csv: variable, label, value, its label.
library(haven)
x <- data.frame(id = 1:6)
x$id <- structure(x$id, label = "Number of the case")
x$vote <- labelled_spss(c(1, 2, 3, 8, 9, NA), c(Red = 1, Blue = 2, Green = 3, `Don't know` = 8, Refused = 9),
                        na_values = c(8, 9), label = "Vote")
x$income <- labelled_spss(c(1000.5, 2e6, -8, 99997, 99999, 0),
                          c(`Not applicable` = 99997, Refused = 99999), na_range = c(99990, 99999))
x$town <- c("Zürich", "", "Oslo", "São Paulo", "Oslo", "-8")
x$code <- labelled(c("a", "b", "a", "a", "", "c"), c(Alpha = "a", Beta = "b"))
x$story <- c(strrep("long ", 80), "", strrep("ü", 1000), "s", "end", strrep("0123456789", 200))
x$born <- as.Date(c("1990-01-01", "2000-02-29", NA, "1900-12-31", "1970-01-01", "2024-05-05"))
x$wide <- labelled(c(1, 300, 65000, 2, 2, 2), c(One = 1, Two = 2, `Three hundred` = 300, Most = 65000))
x$part <- labelled(c(0.5, 1, 2, 3, 4, 5), c(Half = 0.5, One = 1))
write_sav(x, "haven.sav", compress = "byte")
write_sav(x, "haven_plain.sav", compress = "none")
write_sav(x, "haven.zsav", compress = "zsav")

for (file in list.files(pattern = "[.]z?sav$")) {
  data <- read_sav(file, user_na = TRUE)
  cells <- lapply(data, function(column) {
    plain <- if (inherits(column, c("Date", "POSIXct"))) {
      (as.numeric(as.POSIXct(column, tz = "UTC")) + 12219379200)
    } else zap_label(zap_labels(zap_formats(zap_missing(column))))
    text <- if (is.character(plain)) as.character(plain) else sprintf("%.17g", as.numeric(plain))
    text[is.na(column)] <- ""
    text
  })
  name <- sub("[.](z?sav)$", "_\\1", file)
  write.csv(as.data.frame(cells), paste0(name, ".csv"), row.names = FALSE, fileEncoding = "UTF-8")
  labels <- do.call(rbind, lapply(names(data), function(id) {
    label <- attr(data[[id]], "label", exact = TRUE)
    values <- attr(data[[id]], "labels", exact = TRUE)
    rbind(data.frame(variable = id, label = if (is.null(label)) "" else label, value = "", text = ""),
          if (length(values) > 0) data.frame(variable = id, label = "", value = as.character(values),
                                             text = names(values)))
  }))
  write.csv(labels, paste0(name, ".labels.csv"), row.names = FALSE, fileEncoding = "UTF-8")
}
