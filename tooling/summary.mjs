// Prints "N passed, N failed" as its last line, from a JSON report of vitest, and how many were skipped before that.
// Exits with 1 if anything failed or there is no report.
// Runs on the machine's own Node, whatever its age.

import { readFileSync } from "node:fs";

function count(file) {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo } = report;
    // A file that does not even load has no tests to fail, and must count all the same.
    const broken = report.testResults.filter(
      (one) => one.status === "failed" && one.assertionResults.length === 0,
    ).length;
    return { passed, failed: failed + broken, skipped: pending + todo, success: report.success };
  } catch (error) {
    console.error(`no test report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0, success: false };
  }
}

const { passed, failed, skipped, success } = count(process.argv[2]);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || !success ? 1 : 0;
