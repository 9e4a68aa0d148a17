import { type EventKind, eventKinds } from '../model/event.ts';

/** What the machine does by itself, all day long: it has receipts, the ledger and the event table. */
const machineMade =
  /^(signal|decision|order|protection|execution|ledger|position|equity|reconciliation|foreign_trade|broker|breaker|health|search|shadow|notification|push)\./;
/** What people ask for in those families. */
const askedFor: ReadonlySet<string> = new Set<EventKind>([
  'order.cancel_requested',
  'order.replace_requested',
  'order.adopted',
  'order.released',
  'position.transferred',
  'reconciliation.settled',
  'notification.destination_changed',
  'notification.template_changed',
]);
/** What the machine does in the others. */
const ofItself: ReadonlySet<string> = new Set<EventKind>([
  'risk.reported',
  'source.mail_refused',
  'alarm.raised',
  'alarm.cleared',
]);

/** Whether an event is an entry of the audit. A kind that nobody thought of is one. */
export const isAudited = (kind: string): boolean =>
  askedFor.has(kind) || !(machineMade.test(kind) || ofItself.has(kind));

/** Every kind that there is an entry of. */
export const auditedKinds: readonly EventKind[] = eventKinds.filter(isAudited);
