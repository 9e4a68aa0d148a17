import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Names each skipped test with its reason, and ends with the one line `N passed, N failed, N skipped`. */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    // A file that did not load, and an error outside any test, are failures too: they may hide tests.
    let failed = errors.length;
    const skipped: TestCase[] = [];
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failedHere++;
        else skipped.push(test);
      }
      failed += failedHere > 0 ? failedHere : module.ok() ? 0 : 1;
    }
    for (const test of skipped) {
      const result = test.result();
      const note = 'note' in result && result.note ? result.note : 'no reason was given';
      console.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${note}`);
    }
    console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}
