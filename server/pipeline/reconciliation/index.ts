export {
  createReconciliation,
  type Reconciler,
  type ReconciliationDeps,
  type SyncWithBroker,
} from './reconciliation.ts';
