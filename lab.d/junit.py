# Adds up one JUnit report: reads it from stdin; prints "PASSED FAILED SKIPPED", then a line or more for each test
# that failed or was skipped.
#
# Invariant: an error in set-up or tear-down is a failure; a test is counted once, its failure before its pass.
# Refuses (exit status 1, nothing printed): what is not a whole report, or one without any test.

import sys
import xml.etree.ElementTree as ET

try:
    cases = list(ET.parse(sys.stdin.buffer).getroot().iter("testcase"))
except ET.ParseError as error:
    sys.exit(f"not a whole report: {error}")
if not cases:
    sys.exit("a report without tests")

tests = {}
lines = []
for case in cases:
    name = f"{case.get('classname')}.{case.get('name')}"
    bad = case.findall("failure") + case.findall("error")
    skip = case.find("skipped")
    if bad:
        tests[name] = "failed"
        message = (bad[0].get("message") or "").strip().splitlines() or ["no message"]
        lines.append(f"    FAILED {name}: {message[0][:300]}")
        lines += ["        " + line for line in (bad[0].text or "").strip().splitlines()[-12:]]
    elif skip is not None:
        tests.setdefault(name, "skipped")
        lines.append(f"    SKIPPED {name}: {(skip.get('message') or 'no reason given').strip()}")
    else:
        tests.setdefault(name, "passed")

verdicts = list(tests.values())
print(verdicts.count("passed"), verdicts.count("failed"), verdicts.count("skipped"))
if lines:
    print("\n".join(lines))
