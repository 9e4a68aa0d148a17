import { type DashboardParts, dashboard, panelsOf } from './dashboard.ts';
import { approvals } from './dashboards/approvals.ts';
import { executionQuality } from './dashboards/execution.ts';
import { systemHealth } from './dashboards/health.ts';
import { profit } from './dashboards/profit.ts';
import { riskExposure } from './dashboards/risk.ts';
import { signalVolume } from './dashboards/signals.ts';
import type { FieldsByAlias } from './fields.ts';
import { indexPattern } from './index-pattern.ts';
import type { SavedObject } from './model.ts';

/** The dashboards, in the order of a trade's way. */
export const dashboards: readonly DashboardParts[] = [
  signalVolume,
  approvals,
  executionQuality,
  riskExposure,
  profit,
  systemHealth,
];

/** Aliases whose documents say how things are now; a range of time must not hide what has not changed for long. */
const timeless = new Set(['trading-positions']);

/** Everything that is imported: index patterns first, then what looks at them, then the dashboards. */
export function savedObjects(fields: FieldsByAlias): SavedObject[] {
  const patterns = [...fields].map(([alias, one]) => indexPattern(alias, one, !timeless.has(alias)));
  const shown = new Map(dashboards.flatMap(panelsOf).map((one) => [`${one.type}:${one.id}`, one]));
  return [...patterns, ...shown.values(), ...dashboards.map(dashboard)];
}

/** The objects as Dashboards exports them: one a line, and the count in the last, which import passes over. */
export function toNdjson(objects: readonly SavedObject[]): string {
  const summary = { exportedCount: objects.length, missingRefCount: 0, missingReferences: [] };
  return [...objects, summary].map((one) => `${JSON.stringify(one)}\n`).join('');
}
