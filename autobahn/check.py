#!/usr/bin/env python3
"""check.py REPORT --expected FILE [--only PATTERNS]

Judges a run of Autobahn's fuzzing client, strictly: every case of FILE ("CASE BEHAVIOR BEHAVIORCLOSE" a line; with --only, those
that a pattern names) must have been run, no other, each with that very outcome. OK is the only good one; INFORMATIONAL is allowed for
the three cases that the suite itself always reports so. REPORT is index.json or the directory that has it.
Prints each case that differs, and as its last line "N passed, N failed".
"""
import argparse
import collections
import json
import os
import sys

ALWAYS_INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


def key(case):
    return [int(number) for number in case.split(".")]


def matches(case, pattern):
    return case == pattern or pattern.endswith("*") and case.startswith(pattern[:-1])


def read_expected(path, patterns):
    with open(path) as f:
        rows = [line.split() for line in f if line.strip()]
    for case, *outcome in rows:
        good = {"OK", "INFORMATIONAL"} if case in ALWAYS_INFORMATIONAL else {"OK"}
        if len(outcome) != 2 or not set(outcome) <= good:
            sys.exit(f"check: {path} expects of {case} what is no pass: {' '.join(outcome)}")
    return {case: tuple(outcome) for case, *outcome in rows if any(matches(case, p) for p in patterns)}


def read_report(path):
    index = os.path.join(path, "index.json") if os.path.isdir(path) else path
    with open(index) as f:
        (results,) = json.load(f).values()  # one agent a report
    return {case: (r["behavior"], r["behaviorClose"]) for case, r in results.items()}, results, os.path.dirname(index)


def explain(directory, result):
    """What the suite's own report of the case says about it."""
    path = os.path.join(directory, result.get("reportfile", ""))
    if not os.path.isfile(path):
        return ""
    with open(path) as f:
        detail = json.load(f)
    return f" | {detail.get('result')} | {detail.get('resultClose')}"[:300]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("--expected", required=True)
    parser.add_argument("--only", default="*", help="case ids or prefixes such as 6.4.*, separated by commas")
    options = parser.parse_args()
    expected = read_expected(options.expected, options.only.split(","))
    outcomes, results, directory = read_report(options.report)

    for name, column in (("behavior", 0), ("behaviorClose", 1)):
        counts = collections.Counter(outcome[column] for outcome in outcomes.values())
        print(f"{name:13} " + ", ".join(f"{outcome} {count}" for outcome, count in counts.most_common()))
    failed = 0
    for case in sorted(set(expected) | set(outcomes), key=key):
        if expected.get(case) == outcomes.get(case):
            continue
        failed += 1
        is_now = "/".join(outcomes[case]) if case in outcomes else "not run"
        should_be = "/".join(expected[case]) if case in expected else "not run"
        print(f"{case}: {is_now}, expected {should_be}{explain(directory, results.get(case, {}))}")
    passed = len(expected) - sum(1 for case in expected if outcomes.get(case) != expected[case])
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
