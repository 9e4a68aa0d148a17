export type { ComparisonDeps, SyncWithBroker } from './comparison.ts';
export { createReconciliation, type Reconciler, type ReconciliationDeps } from './reconciliation.ts';
