// The last line of a run, for people and for machines that count.
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class Closing implements Reporter {
  private passed = 0;
  private failed = 0;

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === "skipped") return;
    if (result.status === test.expectedStatus) this.passed += 1;
    else this.failed += 1;
  }

  onEnd(result: FullResult): void {
    // A run that did not start properly (no browser, a compile error) has failed, too.
    if (result.status !== "passed" && this.failed === 0) this.failed = 1;
    console.log(`frontend: ${this.passed} passed, ${this.failed} failed`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
