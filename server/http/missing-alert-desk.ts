import type { QuarantineJson, SignOfLifeJson } from '../contract/missing-alerts.ts';

/** What the routes of missing alerts are answered by. */
export interface MissingAlertDesk {
  /** Those that are open first, each group the newest first. */
  quarantines(): Promise<readonly QuarantineJson[]>;
  /** Null: there is no such. `cleared` false: somebody did before, and it stays as they left it. */
  clear(
    id: string,
    by: string,
    reason: string,
  ): Promise<{ readonly quarantine: QuarantineJson; readonly cleared: boolean } | null>;
  /** Of every strategy. */
  signs(): Promise<readonly SignOfLifeJson[]>;
}
