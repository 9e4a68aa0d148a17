import { type Money, money } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { AccountRecord, Venue } from '../../../core/ports/account-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

export interface AccountRow {
  id: string;
  name: string;
  broker: string;
  venue: Venue;
  mode: Mode;
  enabled: boolean;
  accountNumber: string | null;
  keysFrom: 'environment' | 'missing' | 'person';
  archivedAt: Date | null;
  wayVersion: string;
  brokerCash: string | null;
  brokerEquity: string | null;
  brokerBuyingPower: string | null;
  brokerSeenAt: Date | null;
  reconciledAt: Date | null;
  createdAt: Date;
}

/** The columns an account is read from. The keys are not among them; a change of them is told by a digest of what is sealed. */
export const columns = (sql: Statements) => sql`
  id, name, broker, venue, mode, enabled, account_number as "accountNumber", keys_from as "keysFrom",
  archived_at as "archivedAt", md5(venue || ' ' || secret_encrypted) as "wayVersion", broker_cash as "brokerCash",
  broker_equity as "brokerEquity", broker_buying_power as "brokerBuyingPower", broker_seen_at as "brokerSeenAt",
  reconciled_at as "reconciledAt", created_at as "createdAt"`;

const amount = (value: string | null): Money | null => (value === null ? null : money(value));

export const toRecord = ({ id, ...row }: AccountRow): AccountRecord => ({
  accountId: id,
  ...row,
  brokerCash: amount(row.brokerCash),
  brokerEquity: amount(row.brokerEquity),
  brokerBuyingPower: amount(row.brokerBuyingPower),
});

/** What an event tells of an account: no keys, nothing made of them. */
export const changed = (row: AccountRow, facts: Record<string, unknown>) => ({
  kind: 'account.changed' as const,
  accountId: row.id,
  data: {
    name: row.name,
    broker: row.broker,
    venue: row.venue,
    mode: row.mode,
    enabled: row.enabled,
    archived: row.archivedAt !== null,
    ...facts,
  },
});
