import type { Role } from '../contract/primitives.ts';
import type { SocketEventName } from '../contract/socket.ts';
import type { StepUp } from '../platform/access/step-up.ts';

/** What a route asks for beside a role. */
export interface Guarded {
  readonly least: Role;
  /** Only these roles, whatever ranks above them. */
  readonly only?: readonly Role[];
  /**
   * Whether it takes a fresh proof that it is this person who asks (platform/access/step-up.ts). `always`: nothing is done without one.
   * `real_money`: the route asks for one when what it was asked concerns real money. A token needs leave for either.
   */
  readonly stepUp?: StepUp;
  /** Only for somebody who is signed in: a token is refused with NOT_A_PERSON, whatever its role. */
  readonly personOnly?: true;
}
/** The least role that may, with what else is asked for, or why everybody may. */
export type Permission = Role | Guarded | { readonly public: string };
/** By `METHOD /path`. */
export type Permissions = Readonly<Record<string, Permission>>;

/** One’s own account, whatever the role. */
const own: Guarded = { least: 'viewer', personOnly: true };

/** The one table of what may be asked by whom. A route that is not here does not start; a line without a route fails a test. */
export const routePermissions: Permissions = {
  'GET /healthz': { public: 'whether the process answers; says nothing else' },
  'GET /readyz': { public: 'whether alerts can be stored; says nothing else' },
  'POST /hooks/:source/:token': { public: 'the token in the address is the proof' },
  'POST /trading/webhook/:id/:password': { public: 'the password in the address is the proof' },
  'GET /api/auth/magic-link/verify': { public: 'this is how one signs in; the token is the proof' },
  'POST /api/auth/sign-out': { public: 'ends the session of whoever asks' },
  'POST /api/auth/sign-in': { public: 'this is how one signs in; the password is the proof' },
  'POST /api/auth/passkey/question': { public: 'what a passkey has to sign; says nothing of anybody' },
  'POST /api/auth/passkey/sign-in': { public: 'this is how one signs in; the passkey is the proof' },
  'POST /api/auth/link': { public: 'whose a link is; the token is the proof' },
  'POST /api/auth/link/use': { public: 'sets a password; the token is the proof' },
  'GET /api/v1/openapi.json': { public: 'describes the API, holds no data' },
  'GET /docs': { public: 'describes the API, holds no data' },
  'GET /docs/rapidoc.js': { public: 'the script of the page above' },
  'POST /api/v1/push/answers': { public: 'the one-time token of a notification is the proof' },
  'GET /*': { public: 'the dashboard’s files; its data comes from the routes here' },

  'GET /metrics': 'viewer',
  'GET /api/v1/me': 'viewer',
  // They ask for a fresh proof themselves, of who has anything to prove it by.
  'GET /api/v1/me/account': own,
  'PATCH /api/v1/me': own,
  'PUT /api/v1/me/password': own,
  'POST /api/v1/me/second-factor': own,
  'POST /api/v1/me/second-factor/confirm': own,
  'DELETE /api/v1/me/second-factor': own,
  'POST /api/v1/me/recovery-codes': own,
  'POST /api/v1/me/passkeys/question': own,
  'POST /api/v1/me/passkeys': own,
  'PATCH /api/v1/me/passkeys/:id': own,
  'DELETE /api/v1/me/passkeys/:id': own,
  'DELETE /api/v1/me/sessions': own,
  'DELETE /api/v1/me/sessions/:id': own,
  'POST /api/v1/me/proof': own,
  'POST /api/v1/me/proof/question': own,
  'POST /api/v1/me/proof/passkey': own,
  'GET /api/v1/users': 'admin',
  'POST /api/v1/users': { least: 'admin', stepUp: 'always' },
  'PATCH /api/v1/users/:id': { least: 'admin', stepUp: 'always' },
  'POST /api/v1/users/:id/link': { least: 'admin', stepUp: 'always' },
  'DELETE /api/v1/users/:id/sessions': { least: 'admin', stepUp: 'always' },
  'DELETE /api/v1/users/:id/second-factor': { least: 'admin', stepUp: 'always' },
  'POST /api/v1/users/:id/unlock': { least: 'admin', stepUp: 'always' },
  'GET /api/v1/status': 'viewer',
  'GET /api/v1/setup': 'trader',
  'POST /api/v1/setup/seen': 'admin',
  'GET /api/v1/signals': 'viewer',
  'POST /api/v1/signals/test': 'trader',
  'GET /api/v1/signals/samples': 'viewer',
  // Real money takes a confirmation as well.
  'POST /api/v1/signals/send': 'trader',
  'GET /api/v1/signals/:id': 'viewer',
  'GET /api/v1/signals/:id/receipt': 'viewer',
  // It goes to paper whatever the alert says.
  'POST /api/v1/signals/:id/replay': 'trader',
  'GET /api/v1/decisions': 'viewer',
  'GET /api/v1/orders': 'viewer',
  'GET /api/v1/orders/:id': 'viewer',
  'PATCH /api/v1/orders/:id': 'trader',
  'POST /api/v1/orders/:id/cancel': 'trader',
  'POST /api/v1/orders/cancel-all': 'trader',
  'GET /api/v1/executions': 'viewer',
  'GET /api/v1/positions': 'viewer',
  'POST /api/v1/positions/:accountId/:symbol/close': 'trader',
  'POST /api/v1/positions/close-all': 'trader',
  'GET /api/v1/accounts': 'viewer',
  'POST /api/v1/accounts': { least: 'admin', stepUp: 'real_money' },
  'POST /api/v1/accounts/test': 'admin',
  'PATCH /api/v1/accounts/:id': { least: 'admin', stepUp: 'real_money' },
  'DELETE /api/v1/accounts/:id': 'admin',
  'POST /api/v1/accounts/:id/keys': { least: 'admin', stepUp: 'always' },
  'POST /api/v1/accounts/:id/test': 'trader',
  'GET /api/v1/accounts/:id/equity': 'viewer',
  'POST /api/v1/accounts/:id/reconcile': 'trader',
  'GET /api/v1/accounts/:id/reconciliations': 'analyst',
  'GET /api/v1/accounts/:id/foreign': 'viewer',
  'POST /api/v1/accounts/:id/foreign-orders/:brokerOrderId/adopt': 'trader',
  'POST /api/v1/accounts/:id/positions/adopt': 'trader',
  'POST /api/v1/orders/:id/release': 'trader',
  'GET /api/v1/reconciliations/:id': 'analyst',
  'GET /api/v1/reconciliations/:id/csv': 'analyst',
  // It books money that nobody else states.
  'POST /api/v1/reconciliations/:id/settle': 'admin',
  // Whoever acts does not look after what is written down of it; whoever runs the place does both.
  'GET /api/v1/audit': { least: 'analyst', only: ['admin', 'analyst'] },
  'GET /api/v1/audit/head': { least: 'analyst', only: ['admin', 'analyst'] },
  'GET /api/v1/audit/verify': { least: 'analyst', only: ['admin', 'analyst'] },
  'GET /api/v1/audit/export': { least: 'analyst', only: ['admin', 'analyst'] },
  // Everybody their own, within their own role; an admin sees and revokes all.
  'GET /api/v1/tokens': 'viewer',
  'POST /api/v1/tokens': { least: 'viewer', personOnly: true, stepUp: 'always' },
  'DELETE /api/v1/tokens/:id': { least: 'viewer', personOnly: true },
  'GET /api/v1/events': 'analyst',
  'GET /api/v1/search': 'viewer',
  'GET /api/v1/alarms': 'viewer',
  'POST /api/v1/alarms/:id/acknowledge': 'trader',
  'GET /api/v1/notifications': 'viewer',
  'POST /api/v1/notifications/destinations': 'admin',
  'PATCH /api/v1/notifications/destinations/:id': 'admin',
  'DELETE /api/v1/notifications/destinations/:id': 'admin',
  'POST /api/v1/notifications/destinations/:id/test': 'admin',
  'GET /api/v1/notifications/log': 'viewer',
  // Of one's own devices; of everybody's destinations an admin: the desk looks.
  'POST /api/v1/notifications/log/:id/again': 'viewer',
  'GET /api/v1/notifications/templates': 'viewer',
  'POST /api/v1/notifications/templates/preview': 'viewer',
  'PUT /api/v1/notifications/templates/:channel/:kind': 'admin',
  'DELETE /api/v1/notifications/templates/:channel/:kind': 'admin',
  // Everybody has devices of their own, and those alone.
  'POST /api/v1/push/devices': { least: 'viewer', personOnly: true },
  'PATCH /api/v1/push/devices/:id': 'viewer',
  'DELETE /api/v1/push/devices/:id': 'viewer',
  'POST /api/v1/push/devices/:id/test': 'viewer',
  'POST /api/v1/alarms/:id/snooze': 'trader',
  'GET /api/v1/alert-rules': 'viewer',
  'GET /api/v1/alert-rules/kinds': 'viewer',
  'POST /api/v1/alert-rules': 'trader',
  'POST /api/v1/alert-rules/try': 'trader',
  'PUT /api/v1/alert-rules/:id': 'trader',
  'POST /api/v1/alert-rules/:id/switch': 'trader',
  'DELETE /api/v1/alert-rules/:id': 'trader',
  'GET /api/v1/approvals': 'viewer',
  'GET /api/v1/approvals/:id': 'viewer',
  // With real money an admin: the desk looks at the account.
  'POST /api/v1/approvals/:id/approve': { least: 'trader', stepUp: 'real_money', personOnly: true },
  'POST /api/v1/approvals/:id/reject': 'trader',
  'GET /api/v1/quarantines': 'viewer',
  'POST /api/v1/quarantines/:id/clear': 'trader',
  'GET /api/v1/signs-of-life': 'viewer',
  'GET /api/v1/dead-letters': 'analyst',
  'GET /api/v1/dead-letters/:id': 'analyst',
  'POST /api/v1/dead-letters/:id/resend': 'trader',
  'POST /api/v1/dead-letters/:id/discard': 'trader',
  'GET /api/v1/mode': 'viewer',
  'PUT /api/v1/mode': { least: 'trader', stepUp: 'real_money' },
  'GET /api/v1/kill-switch': 'viewer',
  'POST /api/v1/kill-switch': 'trader',
  // Whoever stopped in doubt is not who says that it may go on.
  'POST /api/v1/kill-switch/:id/lift': 'admin',
  'GET /api/v1/strategies': 'viewer',
  'GET /api/v1/strategies/activity': 'viewer',
  'PUT /api/v1/strategies/:key': 'trader',
  'GET /api/v1/strategies/:key/history': 'viewer',
  'GET /api/v1/strategies/:key/evidence': 'viewer',
  'GET /api/v1/strategies/:key/drift': 'viewer',
  'POST /api/v1/strategies/:key/promote': { least: 'trader', stepUp: 'always' },
  'GET /api/v1/sizing': 'viewer',
  'GET /api/v1/risk/rules': 'viewer',
  'GET /api/v1/risk/today': 'viewer',
  // It changes nothing, and says what accounts hold.
  'POST /api/v1/risk/check': 'analyst',
  // Likewise: it tells what an alert would do, and at what size.
  'POST /api/v1/lint': 'analyst',
  'GET /api/v1/risk/limits/history': 'viewer',
  'GET /api/v1/risk/figures': 'viewer',
  'GET /api/v1/risk/reports': 'viewer',
  'GET /api/v1/risk/reports/:day': 'viewer',
  'POST /api/v1/risk/reports': 'trader',
  'PUT /api/v1/risk/limits': { least: 'trader', stepUp: 'real_money' },
  'DELETE /api/v1/risk/limits': { least: 'trader', stepUp: 'real_money' },
  'GET /api/v1/performance': 'viewer',
  'GET /api/v1/performance/csv': 'viewer',
  'GET /api/v1/settings': 'viewer',
  'PATCH /api/v1/settings': 'admin',
  'GET /api/v1/exchange': 'trader',
  'POST /api/v1/exchange/faults': 'trader',
  'DELETE /api/v1/exchange/faults': 'trader',
  'DELETE /api/v1/exchange/faults/:id': 'trader',
  'GET /api/v1/exchange/trades': 'trader',
  'GET /api/v1/exchange/book': 'trader',
  'POST /api/v1/exchange/trades/:id/take-back': 'trader',
  'POST /api/v1/exchange/trades/:id/correct': 'trader',
  'GET /api/v1/sources': 'viewer',
  'POST /api/v1/sources': 'admin',
  'PATCH /api/v1/sources/:id': 'admin',
  'DELETE /api/v1/sources/:id': 'admin',
  'GET /api/v1/sources/:id/reading': 'viewer',
  'PUT /api/v1/sources/:id/reading': 'admin',
  'POST /api/v1/templates/try': 'trader',
  'GET /api/v1/sources/:id/mailbox': 'viewer',
  'PUT /api/v1/sources/:id/mailbox': 'admin',
  'DELETE /api/v1/sources/:id/mailbox': 'admin',
  // It shows what stands in mails.
  'POST /api/v1/sources/:id/mailbox/try': 'admin',
  'PATCH /api/v1/sources/:id/proofs': 'admin',
  'POST /api/v1/sources/:id/secrets/:proof': 'admin',
  'GET /api/v1/sandboxes': 'viewer',
  // What it switches off may be the only thing that closes a position.
  'PUT /api/v1/sources/:id/sandbox': 'admin',
  'GET /api/v1/recordings': 'viewer',
  'GET /api/v1/recordings/:id': 'viewer',
  'GET /api/v1/recordings/:id/fixture': 'viewer',
  'DELETE /api/v1/recordings/:id': 'trader',
  'GET /api/v1/refusals': 'viewer',
  'GET /api/v1/quotes': 'viewer',
  'GET /api/v1/bars': 'viewer',
  'GET /api/v1/indicators': 'viewer',
  'GET /api/v1/instruments': 'viewer',
  'GET /api/v1/instruments/:symbol': 'viewer',
  'POST /api/v1/instruments/import': 'trader',
  'DELETE /api/v1/instruments/:symbol': 'trader',
};

export const socketPermissions: Readonly<Record<SocketEventName, Role>> = {
  status: 'viewer',
  signal: 'viewer',
  decision: 'viewer',
  order: 'viewer',
  execution: 'viewer',
  positions: 'viewer',
  account: 'viewer',
  equity: 'viewer',
  quotes: 'viewer',
  alarms: 'viewer',
  approvals: 'viewer',
  event: 'analyst',
  place: 'viewer',
  joined: 'viewer',
};

/** What a route asks for; null: everybody may. */
export function guardedBy(permission: Permission): Guarded | null {
  if (typeof permission === 'string') return { least: permission };
  return 'least' in permission ? permission : null;
}

/** What is wrong between the routes there are and the table: nothing, when each has the other. */
export function permissionGaps(routes: readonly string[], table: Permissions): string[] {
  const there = new Set(routes);
  return [
    ...[...there]
      .filter((line) => !Object.hasOwn(table, line))
      .map((line) => `${line} has no line in the permission table`),
    ...Object.keys(table)
      .filter((line) => !there.has(line))
      .map((line) => `${line} is in the permission table and is no route`),
  ];
}
