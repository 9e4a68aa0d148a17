import type { TokenScope } from '../contract/tokens.ts';
import { isAction } from './audited.ts';

/** The first line that fits says which scopes let a token in, any one of them. A role is needed as well. */
const table: readonly (readonly [RegExp, readonly TokenScope[]])[] = [
  // It holds the address that alerts are sent to, secret and all.
  [/^GET \/api\/v1\/setup$/, ['settings']],
  // A button that only stops needs no leave to trade.
  [/^POST \/api\/v1\/(kill-switch|orders\/cancel-all)$/, ['stop', 'trade']],
  [/ \/api\/v1\/accounts\/:id\/(reconcile|foreign-orders|positions)\b/, ['trade']],
  [
    / \/api\/v1\/(signals|orders|positions|quarantines|dead-letters|alarms|recordings|approvals|risk\/reports)\b/,
    ['trade'],
  ],
  [/ \/api\/v1\/exchange\b/, ['exchange']],
  [
    / \/api\/v1\/(accounts|strategies|settings|sources|templates|risk|instruments|mode|reconciliations|kill-switch)\b/,
    ['settings'],
  ],
];

/**
 * The scopes that let a token use a route of the permission table: of what only reads, `read`. None: no token that a person made may use it, and a
 * new route is like that until it is given a line above.
 */
export function scopesFor(line: string): readonly TokenScope[] {
  const listed = table.find(([pattern]) => pattern.test(line));
  if (!isAction(line)) return line === 'GET /api/v1/setup' ? listed![1] : ['read'];
  return listed?.[1] ?? [];
}
