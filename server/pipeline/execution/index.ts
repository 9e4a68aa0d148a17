export type { SyncResult, SyncScope } from './broker-words.ts';
export type { ExecutionDeps } from './context.ts';
export { createExecution, type Execution } from './execution.ts';
export type { FollowHooks, Following } from './follow.ts';
export { createGuards, type Guards } from './guard/guards.ts';
export { defaultTimings, type ExecutionTimings } from './timings.ts';
