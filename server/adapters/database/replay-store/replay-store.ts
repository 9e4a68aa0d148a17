import type { KeptFacts } from '../../../core/model/kept-facts.ts';
import type { RefusalCode } from '../../../core/model/refusals.ts';
import type { SignalStatus, TradeSignalJson } from '../../../core/model/signal.ts';
import type { ReadAs } from '../../../core/model/source-reading.ts';
import type { ReplayRange, ReplaySource, StoredAlert, StoredDecision } from '../../../core/ports/replay-source.ts';
import { createBarReader } from '../bar-store/read-bars.ts';
import { unpackFacts } from '../decision-store/pack-facts.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { columns, type LimitRow, toVersion } from '../limit-store/rows.ts';
import { readActivity } from './past-activity.ts';

/** Alerts that are read at a time. */
const batchSize = 200;

interface AlertRow {
  signalId: string;
  receivedAt: Date;
  status: SignalStatus;
  code: RefusalCode | null;
  body: string;
  bodyBase64: string | null;
  readAs: ReadAs | null;
  parsed: TradeSignalJson | null;
  decisionId: string | null;
  accountId: string | null;
  decidedAt: Date | null;
  facts: Uint8Array | null;
}

/** What a replay reads, within a transaction that the caller has begun: one that sees one moment, and can write nothing. */
export function createReplaySource(sql: Statements): ReplaySource {
  async function batchAfter(range: ReplayRange, after: { at: Date; id: string } | null): Promise<AlertRow[]> {
    return sql<AlertRow[]>`
      select s.id as "signalId", s.received_at as "receivedAt", s.status, s.code, s.raw_body as body,
        s.proofs ->> 'bodyBase64' as "bodyBase64", s.read_as as "readAs", s.parsed, d.id as "decisionId", d.account_id as "accountId",
        d.decided_at as "decidedAt", f.facts
      from (
        select * from trading_signals
        -- A replay by hand was made to see, and is not read as its bytes say.
        where replay_of is null and received_at >= ${range.from} and received_at < ${range.until}
          and (received_at, id) > (${after?.at ?? range.from}, ${after?.id ?? '00000000-0000-0000-0000-000000000000'}::uuid)
        order by received_at, id limit ${batchSize}
      ) s
      left join decisions d on d.signal_id = s.id
      left join decision_facts f on f.decision_id = d.id
      order by s.received_at, s.id, d.shadow, d.decided_at, d.id`;
  }

  return {
    async count({ from, until }) {
      const [row] = await sql<{ alerts: number; decisions: number }[]>`
        select count(*)::int as alerts,
          (select count(*)::int from decisions d join trading_signals s on s.id = d.signal_id
            where s.replay_of is null and s.received_at >= ${from} and s.received_at < ${until}) as decisions
        from trading_signals where replay_of is null and received_at >= ${from} and received_at < ${until}`;
      return row!;
    },

    async *alerts(range) {
      let after: { at: Date; id: string } | null = null;
      for (;;) {
        const rows: AlertRow[] = await batchAfter(range, after);
        const last = rows.at(-1);
        if (last === undefined) return;
        after = { at: last.receivedAt, id: last.signalId };
        yield await alertsOf(sql, rows);
      }
    },

    async limits() {
      const rows = await sql<LimitRow[]>`select ${columns(sql)} from risk_limits`;
      return rows.map(toVersion);
    },

    bars: createBarReader(sql),
  };
}

async function alertsOf(sql: Statements, rows: readonly AlertRow[]): Promise<StoredAlert[]> {
  const facts = new Map<string, KeptFacts | null | string>();
  for (const { decisionId, facts: packed } of rows) if (decisionId) facts.set(decisionId, unpacked(packed));
  const decided = rows.flatMap(({ decisionId, accountId, decidedAt }) => {
    const kept = decisionId === null ? null : facts.get(decisionId);
    return kept && typeof kept !== 'string' && accountId !== null
      ? [{ decisionId: decisionId!, accountId, kept, decidedAt: decidedAt! }]
      : [];
  });
  const activityOf = await readActivity(sql, decided);
  type Alert = Omit<StoredAlert, 'decisions'> & { readonly decisions: StoredDecision[] };
  const alerts = new Map<string, Alert>();
  for (const row of rows) {
    const { signalId, receivedAt, status, code, readAs, parsed, decisionId, accountId, decidedAt } = row;
    const body = row.bodyBase64 === null ? Buffer.from(row.body) : Buffer.from(row.bodyBase64, 'base64');
    const alert: Alert = alerts.get(signalId) ?? {
      ...{ signalId, receivedAt, status, code, body, readAs, parsed },
      decisions: [],
    };
    alerts.set(signalId, alert);
    if (decisionId === null) continue;
    alert.decisions.push({
      decisionId,
      accountId,
      decidedAt: decidedAt!,
      facts: facts.get(decisionId) ?? null,
      activity: activityOf(decisionId),
    });
  }
  return [...alerts.values()];
}

function unpacked(packed: Uint8Array | null): KeptFacts | null | string {
  if (packed === null) return null;
  try {
    return unpackFacts(packed);
  } catch (error) {
    return `what it was made on cannot be read: ${(error as Error).message}`;
  }
}
