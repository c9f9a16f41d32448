# R values as JSON text: named lists are objects, other lists arrays, single values themselves.
json <- function(x) {
  if (is.list(x) && !is.null(names(x))) {
    fields <- vapply(seq_along(x), function(i) paste0(json(names(x)[i]), ": ", json(x[[i]])), "")
    return(paste0("{", paste(fields, collapse = ", "), "}"))
  }
  if (is.list(x)) return(paste0("[", paste(vapply(x, json, ""), collapse = ", "), "]"))
  if (is.character(x)) return(encodeString(x, quote = "\""))
  if (is.na(x)) return("null")
  if (is.infinite(x)) return(if (x > 0) "\"Inf\"" else "\"-Inf\"")
  sprintf("%.17g", x)
}
