# How long a step takes: seconds by the clock and of the processor, of 3 runs where one takes under
# 20 s, of one where it takes longer; and what the last run answered.
timed <- function(run) {
  seconds <- cpu <- numeric()
  for (i in 1:3) {
    start <- proc.time()
    answer <- run()
    spent <- proc.time() - start
    seconds <- c(seconds, spent[["elapsed"]])
    cpu <- c(cpu, spent[["user.self"]] + spent[["sys.self"]])
    if (seconds[i] > 20) break
  }
  list(seconds = seconds, cpu = cpu, answer = answer)
}
