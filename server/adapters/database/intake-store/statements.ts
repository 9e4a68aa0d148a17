import type { NewAlert } from '../../../core/ports/intake-store.ts';
import type { JobStatements } from '../../../core/ports/job-queue.ts';

/** The columns of `trading_signals` that intake writes, with the types they are read from JSON as. */
const columns = {
  id: 'uuid',
  source: 'text',
  token_id: 'uuid',
  received_at: 'timestamptz',
  status: 'text',
  dedupe_key: 'text',
  dedupe_until: 'timestamptz',
  raw_body: 'text',
  content_type: 'text',
  proofs: 'jsonb',
  read_as: 'jsonb',
  parsed: 'jsonb',
  problems: 'jsonb',
  ticker: 'text',
  side: 'text',
  strategy: 'text',
  code: 'text',
  sentence: 'text',
  parse_micros: 'integer',
  replay_of: 'uuid',
} as const;

/** What is null is left out: PostgreSQL reads an absent field as null, and reads less. */
type Row = Partial<Record<keyof typeof columns, unknown>>;

/**
 * Alerts, their events and their jobs in one statement, so one round trip and one commit, whatever their number: it stays
 * prepared because the rows come as one JSON parameter. Rows whose id or key is there already are left out, and only the ids
 * of the others come back.
 */
export function storeStatement(jobs: JobStatements): string {
  const names = Object.keys(columns).join(', ');
  const types = Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
  const accepted = `(
    SELECT coalesce(json_agg(json_build_object('data', json_build_object('signalId', id), 'singletonKey', id)), '[]'::json)
    FROM stored WHERE status = 'accepted')`;
  return `
    WITH stored AS (
      INSERT INTO trading_signals (${names})
      SELECT ${names} FROM json_to_recordset($1::text::json) AS alert(${types})
      ON CONFLICT DO NOTHING
      RETURNING id, status, source, ticker, side, strategy, parsed, code, problems, replay_of
    ), noted AS (
      INSERT INTO events (kind, signal_id, data)
      SELECT 'signal.' || status, id, CASE status
        WHEN 'accepted' THEN jsonb_build_object('source', source, 'ticker', ticker, 'side', side, 'strategy', strategy,
          'requestedMode', parsed->'requestedMode', 'riskAmount', parsed->'riskAmount')
          || CASE WHEN replay_of IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('replayOf', replay_of) END
        ELSE jsonb_build_object('source', source, 'code', code, 'problems', problems) END
      FROM stored
    ), queued AS (${jobs.insertFrom('signal.process', accepted)})
    SELECT id FROM stored`;
}

/** How far apart one alert may count from by its webhook and by its mail. Mails of alerts are written seconds later; the rest is for busy hours. */
const channelsApartSeconds = 60;

/**
 * For alerts that were left out: lets go of keys whose window has passed, and answers under which id each of the others is
 * there (its own, when an earlier try of ours got through), with a `signal.repeated` event for what truly came again. A mail counts from when it
 * was sent, however late it is read. One that came by the other channel may be the twin of the one that is there for a while longer than the
 * window, as long as no other was.
 */
export const findStatement = `
  WITH asked AS (
    SELECT *, coalesce(sent_at, received_at) AS counts_from, CASE WHEN sent_at IS NULL THEN 'webhook' ELSE 'mail' END AS channel
    FROM json_to_recordset($1::text::json) AS x(id uuid, dedupe_key text, received_at timestamptz, sent_at timestamptz, mail_id text)
  ), released AS (
    UPDATE trading_signals s SET dedupe_key = NULL FROM asked a
    WHERE s.dedupe_key = a.dedupe_key AND s.id <> a.id AND s.dedupe_until <= a.counts_from
      AND (s.dedupe_until <= a.counts_from - interval '${channelsApartSeconds} seconds'
        OR coalesce(s.proofs->>'channel', 'webhook') = a.channel
        OR EXISTS (SELECT FROM events e WHERE e.signal_id = s.id AND e.kind = 'signal.repeated'
          AND coalesce(e.data->>'channel', 'webhook') = a.channel))
    RETURNING s.id
  ), found AS (
    SELECT a.id AS asked, s.id AS first, a.received_at, a.sent_at, a.mail_id, s.proofs->>'mailId' AS own_mail
    FROM asked a JOIN trading_signals s ON s.id = a.id
    UNION
    SELECT a.id, s.id, a.received_at, a.sent_at, a.mail_id, s.proofs->>'mailId' FROM asked a JOIN trading_signals s ON s.dedupe_key = a.dedupe_key
    WHERE s.id NOT IN (SELECT id FROM released)
  ), noted AS (
    INSERT INTO events (kind, signal_id, data)
    SELECT 'signal.repeated', first, jsonb_build_object('receivedAt', received_at)
      || CASE WHEN sent_at IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('channel', 'mail', 'sentAt', sent_at) END
    FROM found WHERE first <> asked AND (mail_id IS NULL OR mail_id IS DISTINCT FROM own_mail)
  )
  SELECT asked, first FROM found`;

/** The parameter of `storeStatement`. */
export function storeParameter(alerts: readonly NewAlert[]): string {
  return JSON.stringify(alerts.map(rowOf));
}

/** The parameter of `findStatement`. */
export function findParameter(alerts: readonly NewAlert[]): string {
  return JSON.stringify(
    alerts.map((alert) => ({
      id: alert.id,
      dedupe_key: alert.outcome.kind === 'accepted' ? alert.outcome.dedupeKey : null,
      received_at: alert.receivedAt,
      sent_at: alert.byMail?.sentAt,
      mail_id: alert.byMail?.mailId,
    })),
  );
}

function rowOf(alert: NewAlert): Row {
  const { outcome } = alert;
  const accepted = outcome.kind === 'accepted' ? outcome : null;
  const refused = outcome.kind === 'refused' ? outcome : null;
  return {
    id: alert.id,
    source: alert.source,
    token_id: alert.tokenId,
    received_at: alert.receivedAt,
    status: outcome.kind,
    dedupe_key: accepted?.dedupeKey,
    dedupe_until: accepted?.dedupeUntil ?? undefined,
    raw_body: alert.rawBody,
    content_type: alert.contentType ?? undefined,
    proofs: alert.proofs,
    read_as: alert.readAs ?? undefined,
    parsed: accepted?.signal,
    problems: refused?.problems,
    ticker: accepted?.signal.ticker,
    side: accepted?.signal.side,
    strategy: accepted?.signal.strategy,
    code: refused?.code,
    sentence: refused?.sentence,
    parse_micros: alert.parseMicros,
    replay_of: alert.replayOf,
  };
}
