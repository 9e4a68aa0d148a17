import type { Reporter, TestCase, TestModule, TestRunEndReason, TestSuite, Vitest } from 'vitest/node';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Names each skipped test with its reason and each that passed at the second try only, and ends with the one line
 * `N passed, N failed, N skipped`: the last one whatever happens, and never without a failure when the run has failed, even if it broke before
 * its first test or after its last.
 */
export default class CountingReporter implements Reporter {
  #counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  #watching = false;

  onInit(vitest: Vitest): void {
    this.#watching = vitest.config.watch;
    if (!this.#watching) process.once('exit', (code) => this.#print(code !== 0));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    let passed = 0;
    // An error outside any test is a failure too: it may hide tests.
    let failed = errors.length;
    const skipped: TestCase[] = [];
    const shaky: TestCase[] = [];
    for (const module of modules) {
      let failedHere = brokenIn(module);
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') {
          passed++;
          if (test.diagnostic()?.flaky) shaky.push(test);
        } else if (state === 'failed') failedHere++;
        else skipped.push(test);
      }
      failed += failedHere > 0 || module.ok() ? failedHere : 1;
    }
    for (const test of skipped) {
      console.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${whySkipped(test, reason)}`);
    }
    for (const test of shaky) {
      const [first] = test.result().errors ?? [];
      console.log(
        `passed at the second try only: ${test.module.relativeModuleId} > ${test.fullName}: ${first?.message.split('\n')[0] ?? 'no reason was kept'}`,
      );
    }
    this.#counts = { passed, failed, skipped: skipped.length };
    if (this.#watching) this.#print(reason === 'failed');
  }

  #print(hasFailed: boolean): void {
    const { passed, failed, skipped } = this.#counts;
    console.log(`${passed} passed, ${Math.max(failed, hasFailed ? 1 : 0)} failed, ${skipped} skipped`);
  }
}

/** What failed in a file outside its tests: the file itself did not load, or a hook threw. */
function brokenIn(module: TestModule): number {
  const suites: readonly (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  return suites.filter((suite) => suite.errors().length > 0).length;
}

function whySkipped(test: TestCase, reason: TestRunEndReason): string {
  const result = test.result();
  if ('note' in result && result.note) return result.note;
  if (reason === 'interrupted') return 'the run was interrupted';
  for (let above: TestSuite | TestModule = test.parent; ; above = above.parent) {
    if (above.errors().length > 0) return 'what had to come before it failed';
    if (above.type === 'module') break;
  }
  return test.options.mode === 'todo' ? 'not written yet' : 'no reason was given';
}
