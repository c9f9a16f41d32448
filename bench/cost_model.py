"""The numbers of docs/scale.md: a cost model fitted to some steps of run.py, checked against others.

  time of T tables = per request + T · per table + cells · rows · finish + cases · Σ per case

Rows are design rows (PSUs), cells those of all tables. Nothing is measured here; what is assumed and
not measured stands in ASSUMED and is printed.
"""

import os
import statistics

import report

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "scale.md")
BEGIN, END = "<!-- begin: written by bench/cost_model.py -->", "<!-- end -->"

PSUS = 2000
QUESTION_CODES = [5, 6] * 10
BANNER_CODES = [4, 2, 3, 5, 6, 8, 4, 2, 7, 3]
FITTED = {10_000, 100_000, 1_000_000}  # the other sizes check the model
ASSUMED = {
    "entry_bytes": 24,       # of a (row, cell) sum on the wire where it was not measured
    "network": 1.25e8,       # bytes a second into the coordinator: 1 Gbit
    "round_trip": 1e-3,      # seconds of a request and its answer, besides their bytes
    "merge": 50e-9,          # seconds an entry: parse and add
    "shards": 100,
    "cases": 10_000_000_000,
}


def cells_of(count):
    """Of the first `count` tables of the book, in its order."""
    return sum(QUESTION_CODES[i % 20] * BANNER_CODES[i // 20] for i in range(count))


def solve(rows, values):
    """Least squares by normal equations, Gauss with pivoting; negative parts are left out."""
    used = list(range(len(rows[0])))
    while used:
        k = len(used)
        a = [[sum(r[i] * r[j] for r in rows) for j in used] for i in used]
        b = [sum(r[i] * v for r, v in zip(rows, values)) for i in used]
        for i in range(k):
            p = max(range(i, k), key=lambda m: abs(a[m][i]))
            a[i], a[p], b[i], b[p] = a[p], a[i], b[p], b[i]
            for m in range(i + 1, k):
                f = a[m][i] / a[i][i]
                a[m] = [x - f * y for x, y in zip(a[m], a[i])]
                b[m] -= f * b[i]
        x = [0.0] * k
        for i in reversed(range(k)):
            x[i] = (b[i] - sum(a[i][j] * x[j] for j in range(i + 1, k))) / a[i][i]
        worst = min(range(k), key=lambda i: x[i])
        if x[worst] >= 0:
            return [x[used.index(i)] if i in used else 0.0 for i in range(len(rows[0]))]
        used.pop(worst)
    return [0.0] * len(rows[0])


def points(steps, threads):
    """(tables, cases, seconds), of the engine in memory."""
    found = {}
    for step in steps.all:
        if step["source"] != report.OURS or not step.get("seconds") or step["threads"] != threads:
            continue
        tables = {"table": 1, "book": 200}.get(step["operation"])
        if step["operation"].startswith("tables_"):
            tables = int(step["operation"].split("_")[1])
        if tables:
            found[(tables, step["n"])] = report.median(step)
    return [(tables, n, s) for (tables, n), s in sorted(found.items())]


class Model:
    """Four costs: a request, a table, a (row, cell), a case of a table; and a fifth, the case of a
    single table, which is read from memory rather than from the cache."""

    def __init__(self, measured):
        fitted = [p for p in measured if p[1] in FITTED]
        self.costs = solve([[x / s for x in self.parts(t, n)] for t, n, s in fitted], [1.0] * len(fitted))

    @staticmethod
    def parts(tables, n):
        return [1.0, tables, PSUS * cells_of(tables), n, n * tables]

    def seconds(self, tables, n):
        return sum(c * x for c, x in zip(self.costs, self.parts(tables, n)))


def check_rows(model, measured):
    rows = []
    for tables, n, s in measured:
        rows.append([tables, f"{n:,}", report.seconds(s), report.seconds(model.seconds(tables, n)),
                     f"{model.seconds(tables, n) / s:.2f}", "fitted" if n in FITTED else "checked"])
    return rows


def cost_rows(model):
    names = ["a request", "a table", "a row and cell: finishing", "a case, once a request",
             "a case, each table"]
    scale = [(1e6, "µs"), (1e6, "µs"), (1e9, "ns"), (1e9, "ns"), (1e9, "ns")]
    return [[name, f"{cost * factor:.3g} {unit}"] for name, cost, (factor, unit) in zip(names, model.costs, scale)]


def sql_rows(steps):
    rows = []
    for step in steps.all:
        if step["source"] != report.OURS or not step["operation"].startswith("sql_") or not step.get("seconds"):
            continue
        s = report.median(step)
        kilobytes = step.get("network_kb")
        rows.append([step["operation"][4:].replace("_", " "), f"{step['n']:,}", report.seconds(s),
                     report.seconds(statistics.median(step["cpu"])), f"{s / step['n'] * 1e9:,.0f} ns", f"{step['peak_mb']:,.0f} MB" if step.get("peak_mb") else "–",
                     f"{kilobytes:,.0f} kB" if kilobytes else "–"])
    return rows


def network_bytes(steps, entries):
    """Of one answer: measured beside ClickHouse where there is such a step."""
    step = steps.find(report.OURS, "sql_clickhouse_1") or steps.find(report.OURS, "sql_postgresql")
    if step and step.get("network_kb"):
        return step["network_kb"] * 1e3 * entries / (PSUS * cells_of(1))
    return entries * ASSUMED["entry_bytes"]


def distributed_rows(steps, model):
    shards, cases = ASSUMED["shards"], ASSUMED["cases"]
    rows = []
    for tables, what in ((1, "one 5×4 table"), (200, "200 tables")):
        cells = cells_of(tables)
        finish = model.costs[2] * PSUS * cells + model.costs[1] * tables
        scan = model.seconds(tables, cases // shards) - finish
        for split, entries in (("by PSU", PSUS * cells), ("at random", PSUS * cells * shards)):
            size = network_bytes(steps, entries)
            wire = size / ASSUMED["network"] + ASSUMED["round_trip"]
            merge = entries * ASSUMED["merge"]
            total = scan + wire + merge + finish
            rows.append([what, split, report.seconds(scan), f"{size / 1e6:,.1f} MB", report.seconds(wire),
                         report.seconds(merge + finish), report.seconds(total)])
    return rows


def numbers(steps):
    facts = next((s for s in steps.all if s["source"] == "machine"), {})
    loads = [s["load"] for s in steps.all if "load" in s]
    text = [BEGIN, "", f"Measured {facts.get('date')} UTC on {facts.get('processor')}, {facts.get('processors')}"
            f" processors, with a load of {min(loads):.1f} to {max(loads):.1f}; steps and spread are in"
            " [results.md](../bench/results.md). Times of one thread are the processor's; those by the clock are"
            " stretched where the load was above 2.", ""]
    for threads in (1, 2):
        measured = points(steps, threads)
        if len({n for _, n, _ in measured}) < 2:
            continue
        model = Model(measured)
        text += [f"### The engine in memory, {threads} thread{'s' if threads > 1 else ''}", "",
                 report.table(["cost of", ""], cost_rows(model)),
                 report.table(["tables", "cases", "measured", "model", "model / measured", ""],
                              check_rows(model, measured))]
    if sql_rows(steps):
        text += ["### Databases, one 5×4 table", "",
                 report.table(["engine", "cases", "by the clock", "our processor time", "a case", "peak memory of our process",
                               "over the network"], sql_rows(steps))]
    model = Model(points(steps, 1))
    text += [f"### {ASSUMED['cases']:.0e} cases on {ASSUMED['shards']} shards (not measured)", "",
             report.table(["", "cases are split", "a shard's pass", "over the network", "wire", "merge and finish",
                           "together"], distributed_rows(steps, model)),
             f"Assumed: each shard is one thread of this machine with its {ASSUMED['cases'] // ASSUMED['shards']:,}"
             f" cases in memory ({report.TYPED_BYTES * ASSUMED['cases'] / ASSUMED['shards'] / 1e9:.0f} GB for 35"
             f" columns); all start at once and none is late; {ASSUMED['network'] * 8 / 1e9:g} Gbit/s into the"
             f" coordinator, {ASSUMED['round_trip'] * 1e3:g} ms a request, {ASSUMED['merge'] * 1e9:g} ns to read and"
             f" add an entry.", "", END]
    return "\n".join(text)


def main():
    with open(report.STEPS) as lines:
        steps = report.Steps(lines)
    with open(PAGE) as page:
        before, rest = page.read().split(BEGIN, 1)
    with open(PAGE, "w") as page:
        page.write(before + numbers(steps) + rest.split(END, 1)[1])
    print("    docs/scale.md")


if __name__ == "__main__":
    main()
