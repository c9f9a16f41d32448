"""results.md and its charts, from the steps that run.py left. Nothing is measured here."""

import json
import os
import statistics

import figure

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STEPS = os.path.join(ROOT, "build", "bench", "steps.jsonl")
RESULTS = os.path.join(ROOT, "bench", "results.md")
CHARTS = os.path.join(ROOT, "bench", "charts")
OURS = "barometer"
MILLION = 1_000_000
TYPED_BYTES = 60  # 31 codes of a byte, one of two, three numbers of nine (value and missing)

# What is asked, of which operation of ours (the faster of two ways, a|b), on how many threads, in how many seconds at 1e6 rows,
# beside which steps of others, and the bytes a case that one pass has to read (where there is one).
GOALS = [
    ("one 5×4 table with SE, rows sorted by PSU", "table", 1, 0.0013,
     [("R survey", "table"), ("DuckDB", "table"), ("DuckDB", "table_no_se"), ("data.table", "table_no_se"),
      ("numpy", "table_no_se")], 10),
    ("the same, rows in any order", "table_unsorted", 1, 0.0030, [("R survey", "table")], 14),
    ("200 tables with SE", "book", 1, 0.20,
     [("R survey", "table", 200), ("DuckDB", "book"), ("DuckDB", "book_no_se"), ("data.table", "book_no_se"),
      ("numpy", "book_no_se"), ("PSPP", "book_no_se")], 38),
    ("200 tables with SE, 2 threads", "book", 2, 0.11,
     [("DuckDB", "book"), ("DuckDB", "book_no_se"), ("data.table", "book_no_se")], 38),
    ("… with letters, Rao-Scott and effective base", "book_full", 1, ("book", 1.5), [], None),
    ("80 replicates made from the design: table", "replicates_made", 1, ("table", 1.5),
     [("R survey", "replicates_made")], None),
    ("80 replicates, given matrix: table", "replicates_given", 1, "65% of reading",
     [("R survey", "replicates_given")], 642),
    ("Rao-Scott test, design", "rao_scott", 1, 0.003, [("R survey", "rao_scott")], 10),
    ("Rao-Scott test, 80 replicates", "rao_scott_replicates", 1, 0.010,
     [("R survey", "rao_scott_replicates")], None),
    ("rake 5 margins, by cells", "rake_cells", 1, 0.015, [("R survey", "rake_cells")], 13),
    ("rake 5 margins, by cases", "rake_cases", 1, 0.080, [("R survey", "rake_cases")], 13),
    ("calibrate, linear, 16 columns", "calibrate_linear_cells", 1, 0.060,
     [("R survey", "calibrate_linear_cells")], 13),
    ("calibrate, raking, 16 columns", "calibrate_raking_cells", 1, 0.060,
     [("R survey", "calibrate_raking_cells")], 13),
    ("3 quantiles with intervals", "quantiles|quantiles_cells", 1, 0.030, [("R survey", "quantiles")], 16),
    ("regression, linear, 11 columns", "lm", 1, 0.020, [("R survey", "lm")], 20),
    ("regression, logistic, 11 columns", "logit", 1, 0.100, [("R survey", "logit")], 13),
    ("mean of one variable", "mean1|mean1_cases", 1, 0.002, [("R survey", "mean1"), ("DuckDB", "mean1")], 16),
    ("mean of eight variables", "mean8", 1, 0.006, [("R survey", "mean8")], 23),
    ("mean by group", "mean_by", 1, 0.003, [("R survey", "mean_by")], 17),
    ("reading the design, rows in any order", "design_unsorted", 1, 0.070, [("R survey", "design")], None),
    ("read .sav, 100 columns", "sav_read", 1, 1.5, [("haven", "sav_read")], None),
    ("write .sav, 100 columns", "sav_write", 1, 2.0, [("haven", "sav_write")], None),
]

# What stands between a goal and us, for the goals that may be missed; printed where they are.
REASONS = {
    "table": "a case costs an addition into one of 40,000 sums (2,000 units × 20 cells), about 1 ns; the goal leaves"
             " nothing for a machine that is slower than at its best",
    "table_unsorted": "the first request puts its columns in the order of the design, which costs more than the table;"
                      " later requests pay for the table alone",
    "book": "two threads share the bandwidth and the cache of the last level; finishing and the joining of their sums"
            " is not divided",
    "book_full": "letters and Rao-Scott need the covariance of each table: products of 2,000 units by its cells",
    "replicates_made": "80 factors by 2,000 units, times the cells, is as much work as the pass over the cases",
    "rake_cases": "every round reads and writes the weight of every case; raking by cells, the default wherever margins"
                  " are categories, does not",
    "quantiles|quantiles_cells": "the cases are put into buckets by value, once, which is two passes of 16 bytes",
    "lm": "the products of ten columns with each unit's sums are made for 120 cells by several representatives",
    "mean1|mean1_cases": "the bytes that are read, at the bandwidth of the moment",
    "mean8": "eight numbers are summed by unit one after another, in one pass each",
    "mean_by": "the sums of a number by unit and group do not fit the nearest cache",
}
MEMORY_REASON = ("35 columns are 60 bytes a case before anything is asked; the design adds its order, its units and the"
                 " weights in that order, and a column stands twice while it is put in order.")

# Further ways to the same numbers: (step, the step it must equal).
OTHER_WAYS = [("table_unsorted", "table"), ("table_cases", "table"), ("sql_duckdb", "table"),
              ("sql_postgresql", "table"), ("sql_clickhouse_1", "table"), ("sql_clickhouse_2", "table"),
              ("replicates_cases", "replicates_given"), ("quantiles_cells", "quantiles"), ("lm_cases", "lm"), ("mean8_cases", "mean8"),
              ("logit_cases", "logit"), ("mean1_cases", "mean1"), ("mean_by_cases", "mean_by")]


class Steps:
    def __init__(self, lines):
        self.all = [json.loads(line) for line in lines if line.strip()]

    def find(self, source, operation, n=None, threads=None):
        """The last one, or None."""
        for step in reversed(self.all):
            if (step["source"].split(" ")[0] == source.split(" ")[0] and step["operation"] == operation
                    and step.get("seconds") and n in (None, step["n"])
                    and threads in (None, step["threads"])):
                return step
        return None

    def of_ours(self, operation, n=MILLION, threads=1):
        """Of several ways, "a|b", the fastest."""
        found = [self.find(OURS, way, n, threads) for way in operation.split("|")]
        return min((step for step in found if step), key=median, default=None)


def runs(step):
    """Of one thread the processor's time, which a busy machine does not stretch; else the clock's."""
    return step["cpu"] if step["threads"] == 1 and step.get("cpu") else step["seconds"]


def median(step):
    return statistics.median(runs(step))


def seconds(s):
    if s >= 10:
        return f"{s:,.1f} s"
    if s >= 1:
        return f"{s:.2f} s"
    return f"{s * 1e3:.3g} ms" if s * 1e3 < 100 else f"{s * 1e3:.0f} ms"


def spread(step):
    """Half the distance between fastest and slowest run, of the median."""
    if len(runs(step)) < 2:
        return "one run"
    return f"±{50 * (max(runs(step)) - min(runs(step))) / median(step):.0f}%"


def times(x):
    return f"{x:,.0f}×" if x >= 10 else f"{x:.2g}×"


def read_speed(steps, threads):
    """Bytes a second, the better of the measurements before and after."""
    found = [s["value"][0] / median(s) for s in steps.all
             if s["source"] == "memory" and s["operation"] == "read" and s["threads"] == threads]
    return max(found) if found else None


def goal_seconds(steps, goal, bytes_a_case, threads):
    if isinstance(goal, tuple):
        base = steps.of_ours(goal[0])
        return (goal[1] * median(base), f"≤ {goal[1]} × {goal[0]}") if base else (None, f"≤ {goal[1]} × {goal[0]}")
    if isinstance(goal, str):
        speed = read_speed(steps, threads)
        return (bytes_a_case * MILLION / (0.65 * speed) if speed else None), "≥ 65% of reading"
    return goal, f"≤ {seconds(goal)}"


def peer_words(steps, source, operation, threads, time, factor=1):
    """What a peer took, and how many times ours; `factor` of its step, when it was not run so often."""
    peer = steps.find(source, operation, MILLION, threads) or steps.find(source, operation, MILLION, 1)
    if peer is None:
        return f"{source}: not measured", None
    name = peer["source"].split(" ")[0] + (", no SE" if operation.endswith("_no_se") else "")
    if factor > 1:
        name += f", {factor} × its one table"
    added = (peer.get("peak_mb") or 0) - (peer.get("before_mb") or 0)
    memory = f" [{added / 1e3:.1f} GB]" if added > 50 else ""
    return f"{name}: {seconds(factor * median(peer))}{memory}", times(factor * median(peer) / time)


def goal_row(steps, label, operation, threads, goal, peers, bytes_a_case):
    ours = steps.of_ours(operation, threads=threads)
    limit, goal_text = goal_seconds(steps, goal, bytes_a_case, threads)
    cells = [label, goal_text]
    if ours is None:
        return cells + ["not measured: not built yet", "–", "–", "–", "–", "not measured"]
    time = median(ours)
    memory = ours["peak_mb"] - ours["before_mb"]
    busy = threads > 1 and ours.get("load", 0) > threads + 1
    cells += [f"{seconds(time)} ({spread(ours)}{', on a busy machine' if busy else ''})", f"{memory:,.0f} MB"]
    share = "–"
    if bytes_a_case and read_speed(steps, threads):
        share = f"{100 * bytes_a_case * MILLION / time / read_speed(steps, threads):.0f}% of {bytes_a_case} B"
    cells.append(share)
    told, ratios = [], []
    for source, peer_operation, *factor in peers:
        text, ratio = peer_words(steps, source, peer_operation, threads, time, *factor)
        told.append(text)
        ratios += [ratio] if ratio else []
    cells += ["; ".join(told) or "none does it", "; ".join(ratios) or "–"]
    if limit is None:
        return cells + ["no goal to compare"]
    how = f" ({ours['note']})" if ours.get("note") else ""
    cells.append("**met**" if time <= limit else f"missed by {time / limit:.2f}×{how}")
    return cells


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def difference(ours, peer):
    """The largest relative difference of two lists; None where they cannot be compared."""
    if not ours or len(ours) != len(peer) or None in peer:
        return None
    return max(abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0 for a, b in zip(ours, peer))


def agreement(steps):
    rows, worst = [], 0.0
    for peer in steps.all:
        if peer["source"].split(" ")[0] not in ("R", "DuckDB") or not peer.get("value") or peer["threads"] != 1:
            continue
        ours = steps.of_ours(peer["operation"], peer["n"])
        if ours is None:
            continue
        by_value, by_se = difference(ours["value"], peer["value"]), difference(ours["se"], peer["se"])
        if by_value is None:
            continue
        worst = max(worst, by_value, by_se or 0)
        rows.append([peer["operation"], f"{peer['n']:,}", peer["source"], len(peer["value"]), f"{by_value:.1e}",
                     "–" if by_se is None else f"{by_se:.1e}"])
    for way, base in OTHER_WAYS:
        for n in sorted({s["n"] for s in steps.all if s["operation"] == way and s.get("seconds")}):
            found, ours = steps.find(OURS, way, n), steps.of_ours(base, n)
            by_value = difference(found["value"], ours["value"]) if ours else None
            if by_value is None:
                continue
            by_se = difference(found["se"], ours["se"])
            worst = max(worst, by_value, by_se or 0)
            rows.append([way, f"{n:,}", "our own " + base, len(found["value"]), f"{by_value:.1e}",
                         "–" if by_se is None else f"{by_se:.1e}"])
    return rows, worst


def charts(steps):
    os.makedirs(CHARTS, exist_ok=True)
    points = lambda source, operation, threads=1: sorted(
        {s["n"]: median(s) for s in steps.all if s["source"].split(" ")[0] == source and s.get("seconds")
         and s["operation"] == operation and s["threads"] == threads}.items())
    drawings = {
        "table": ("One 5×4 table with standard errors", "rows", "seconds",
                  [("Barometer", points(OURS, "table")), ("Barometer, 2 threads", points(OURS, "table", 2)),
                   ("DuckDB, SQL by hand", points("DuckDB", "table")), ("R survey", points("R", "table"))]),
        "book": ("200 tables", "rows", "seconds",
                 [("Barometer, with SE", points(OURS, "book")), ("… 2 threads", points(OURS, "book", 2)),
                  ("DuckDB, with SE", points("DuckDB", "book")), ("DuckDB, no SE", points("DuckDB", "book_no_se")),
                  ("data.table, no SE", points("data.table", "book_no_se")),
                  ("PSPP, no SE", points("PSPP", "book_no_se"))]),
        "sql": ("One table with SE from a Parquet file or a server", "rows", "seconds",
                [(name, points(OURS, operation, 2)) for name, operation in
                 (("DuckDB, Parquet", "sql_duckdb"), ("PostgreSQL", "sql_postgresql"),
                  ("ClickHouse, 1 shard", "sql_clickhouse_1"), ("ClickHouse, 2 shards", "sql_clickhouse_2"))]),
    }
    for operation, title in (("tables", "A book of so many tables at 1 million rows"),
                             ("replicates", "One table by so many replicates, given matrix, 1 million rows")):
        found = sorted((int(s["operation"].split("_")[1]), median(s)) for s in steps.all
                       if s["source"] == OURS and s.get("seconds")
                       and s["operation"].startswith(operation + "_") and s["operation"].split("_")[1].isdigit())
        whole = steps.of_ours({"tables": "book", "replicates": "replicates_given"}[operation])
        if whole and found:
            found.append(({"tables": 200, "replicates": 80}[operation], median(whole)))
        drawings[operation] = (title, operation, "seconds", [("Barometer", found)])
    names = []
    for name, (title, x, y, series) in drawings.items():
        path = os.path.join(CHARTS, f"{name}.svg")
        drawing = figure.curves(title, x, y, series)
        if drawing is None:
            if os.path.exists(path):
                os.remove(path)
            continue
        with open(path, "w") as out:
            out.write(drawing)
        names.append((name, title))
    return names


def memory_rows(steps):
    rows = []
    for n in (MILLION, 10 * MILLION):
        step = steps.of_ours("memory", n)
        if step is None:
            continue
        typed = TYPED_BYTES * n / 1e6
        goal = "≤ 1.3 × typed columns" + (", under 600 MB" if n > MILLION else "")
        met = step["peak_mb"] <= 1.3 * typed and (n == MILLION or step["peak_mb"] < 600)
        rows.append([f"{n:,}", f"{typed:,.0f} MB", f"{step['peak_mb']:,.0f} MB", f"{step['peak_mb'] / typed:.2f} ×",
                     goal, "**met**" if met else "missed"])
    return rows


def reason_lines(steps):
    """Of the goals missed in this run, by how much and why."""
    lines = []
    for label, operation, threads, *rest in GOALS:
        verdict = goal_row(steps, label, operation, threads, *rest)[-1]
        if verdict.startswith("missed"):
            lines.append(f"- {label}: {verdict}: {REASONS.get(operation, 'not looked into')}.")
    if any(row[-1] == "missed" for row in memory_rows(steps)):
        lines.append(f"- Memory: {MEMORY_REASON}")
    return lines


def finishing_rows(steps):
    """What a table costs besides its sums."""
    rows = []
    for operation, what in (("table", "one table"), ("book", "200 tables")):
        whole, sums = steps.of_ours(operation), steps.of_ours(operation + "_sums")
        if whole and sums:
            rows.append([what, seconds(median(whole)), seconds(median(sums)),
                         seconds(max(0.0, median(whole) - median(sums)))])
    return rows


def everything(steps):
    rows = []
    for step in steps.all:
        if not step.get("seconds") or step["source"] == "memory":
            continue
        peak = f"{step['peak_mb']:,.0f}" if step.get("peak_mb") else "–"
        rows.append([step["source"], step["operation"], f"{step['n']:,}", step["threads"], seconds(median(step)),
                     seconds(min(runs(step))), seconds(statistics.median(step["seconds"])), len(step["seconds"]), peak, step["note"] or ""])
    return rows


def not_measured(steps):
    out = []
    for source in ("R", "data.table", "DuckDB", "numpy", "PSPP", "haven"):
        if not any(s["source"].split(" ")[0] == source and s.get("seconds") for s in steps.all):
            out.append(f"{source}: not installed, or it failed")
    for label, operation, threads, *_ in GOALS:
        if steps.of_ours(operation, threads=threads) is None:
            out.append(f"{label}: no step of ours")
    for operation, what in (("sql_duckdb", "the DuckDB engine"), ("sql_postgresql", "the PostgreSQL engine"),
                            ("sql_clickhouse_2", "the ClickHouse engine")):
        if steps.find(OURS, operation) is None:
            out.append(f"{what}: not built, or no server here")
    out += ["Python's samplics and svy, SAS, Stata, SUDAAN, SPSS: not on this machine",
            "1e8 rows and more outside DuckDB, and more than one machine: not measured"]
    out += [f"failed: {s['operation']}: {s['failed'].splitlines()[-1] if s['failed'] else ''}"
            for s in steps.all if s.get("failed")]
    return out


def bandwidth_rows(steps):
    rows = []
    for operation, what in (("read", "read and sum"), ("triad", "triad a = b + 3c")):
        for threads in (1, 2):
            found = [s["value"][0] / median(s) / 1e9 for s in steps.all if s["source"] == "memory"
                     and s["operation"] == operation and s["threads"] == threads]
            if found:
                rows.append([what, threads, " / ".join(f"{x:.1f}" for x in found)])
    return rows


def page(steps):
    facts = next((s for s in reversed(steps.all) if s["source"] == "machine"), {})
    moments = sorted(s["at"] for s in steps.all if "at" in s)
    rows, worst = agreement(steps)
    versions = [v for v in (facts.get("R"), facts.get("PSPP"), facts.get("PostgreSQL"), facts.get("ClickHouse")) if v]
    sources = sorted({s["source"] for s in steps.all if s.get("seconds") and s["source"] not in (OURS, "memory")})
    loads = [s["load"] for s in steps.all if "load" in s]
    text = ["# Benchmarks", "",
            "Written by `./dev bench` (`bench/report.py`); do not edit. The data, the steps and what is asked of the"
            " peers are in `bench/`. Times are medians of three or more runs (of one, where it took over 20 s), with half"
            " the range of the runs; those of one thread are the processor's time, which others at work do not"
            " stretch, those of more threads the clock's. Every figure of others is of this same run, on the same files, unless it says"
            " otherwise. Memory is what a step added to the resident size of its process.", "",
            f"- Date: {moments[0]} to {moments[-1][-5:]} UTC; state of the code: {facts.get('commit')}",
            f"- Machine: {facts.get('processor')} (family {facts.get('family')}), {facts.get('processors')} processors,"
            f" {facts.get('memory_gb')} GB, Linux {facts.get('kernel')}; {facts.get('compiler')}",
            f"- Load while it ran (1 minute): {min(loads):.1f} to {max(loads):.1f}. Above 1 to 2 others were at work on the"
            " machine, and times are too long by up to that factor." if loads else "",
            f"- Others: {'; '.join(sources)}. {'; '.join(versions)}",
            f"- Data: {MILLION:,} rows unless said; 50 strata, 2,000 PSUs, finite populations, 20 questions, 10 banner"
            " variables, weight, income", "",
            "## Memory bandwidth, GB/s, before / after", "", table(["", "threads", "GB/s"], bandwidth_rows(steps)),
            "## Goals at 1 million rows", "",
            table(["operation", "goal", "ours (spread)", "memory added", "of the read limit, at bytes a case",
                   "others, this run [memory added]", "others / ours", "met?"],
                  [goal_row(steps, *goal) for goal in GOALS])]
    if memory_rows(steps):
        text += ["## Memory of 35 columns with their design and one table", "",
                 table(["rows", "typed columns", "peak", "", "goal", "met?"], memory_rows(steps))]
    if reason_lines(steps):
        text += ["## Goals missed in this run, and why", ""] + reason_lines(steps) + [""]
    if finishing_rows(steps):
        text += ["## Where the time of tables goes, 1 million rows, 1 thread", "",
                 table(["", "with SE", "the sums alone", "finishing"], finishing_rows(steps))]
    text += ["## Agreement", "",
             f"Values and standard errors of ours and of the peer, step by step, as the largest relative difference of"
             f" all entries. Largest of all: {worst:.1e}.", "",
             table(["operation", "rows", "beside", "values", "value", "SE"], rows),
             "## Curves", ""]
    text += [f"![{title}](charts/{name}.svg)\n" for name, title in charts(steps)]
    text += ["## Not measured", ""] + [f"- {line}" for line in not_measured(steps)] + [""]
    text += ["## Every step", "",
             table(["program", "step", "rows", "threads", "median", "fastest", "by the clock", "runs", "peak MB", "note"],
                   everything(steps))]
    return "\n".join(line for line in text if line is not None)


def main():
    with open(STEPS) as lines:
        steps = Steps(lines)
    with open(RESULTS, "w") as out:
        out.write(page(steps))
    _, worst = agreement(steps)
    print(f"    bench/results.md; largest relative difference from the peers: {worst:.1e}")
    if worst > 1e-9:
        print("    A NUMBER DIFFERS by more than 1e-9: see 'Agreement' before believing any time.")


if __name__ == "__main__":
    main()
