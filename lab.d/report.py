# Adds up one report, JUnit's or that of a Check program (CK_XML_LOG_FILE_NAME): reads it from stdin; prints "PASSED FAILED
# SKIPPED", then a line or more for each test that failed or was skipped.
#
# Invariant: an error in set-up or tear-down is a failure; a test is counted once, its failure before its pass.
# Refuses (exit status 1, nothing printed): what is not a whole report, or one without any test.

import collections
import sys
import xml.etree.ElementTree as ET

CHECK = "{http://check.sourceforge.net/ns}"


def junit_cases(root):
    "Yields (name, verdict, message, details) of each test."
    for case in root.iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        bad = case.findall("failure") + case.findall("error")
        skip = case.find("skipped")
        if bad:
            yield name, "failed", bad[0].get("message") or "", bad[0].text or ""
        elif skip is not None:
            yield name, "skipped", skip.get("message") or "", ""
        else:
            yield name, "passed", "", ""


def check_cases(root):
    "The same of a Check program; a test of a loop is named by its turn."
    for test in root.iter(CHECK + "test"):
        fn, test_id, turn, message = (test.findtext(CHECK + key) or "" for key in ("fn", "id", "iteration", "message"))
        verdict = "passed" if test.get("result") == "success" else "failed"
        yield f"{test_id}[{turn}]", verdict, f"{fn}: {message}", ""


def main():
    try:
        root = ET.parse(sys.stdin.buffer).getroot()
    except ET.ParseError as error:
        sys.exit(f"not a whole report: {error}")
    tests, lines = {}, []
    for name, verdict, message, details in (check_cases if root.tag.startswith(CHECK) else junit_cases)(root):
        if verdict == "failed" or name not in tests:
            tests[name] = verdict
        if verdict != "passed":
            first = (message.strip().splitlines() or ["no reason given"])[0]
            lines.append(f"    {verdict.upper()} {name}: {first[:300]}")
        lines += ["        " + line for line in details.strip().splitlines()[-12:]]
    if not tests:
        sys.exit("a report without tests")
    counts = collections.Counter(tests.values())
    print(counts["passed"], counts["failed"], counts["skipped"])
    if lines:
        print("\n".join(lines))


main()
