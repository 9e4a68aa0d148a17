import type { PerformanceJson, PerformanceQuery } from '../contract/index.ts';

/** The figures of performance, and the trades that they are of. */
export interface PerformanceDesk {
  /** Throws an `HttpProblem` for an account that is not there or trades the other mode, and for days that make no span. */
  figures(query: PerformanceQuery): Promise<PerformanceJson>;
  /** The trades of the same question as CSV, the newest first. */
  tradesCsv(query: PerformanceQuery): Promise<{ readonly name: string; readonly text: string }>;
}
