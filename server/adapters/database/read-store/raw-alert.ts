import type postgres from 'postgres';
import type { SignalStatus } from '../../../core/model/signal.ts';
import type { ReadAs } from '../../../core/model/source-reading.ts';
import type { RawAlert } from '../../../core/ports/raw-alerts.ts';

/** An alert as it came: the bytes themselves where they were no text, else its text. */
export async function findRawAlert(sql: postgres.Sql, signalId: string): Promise<RawAlert | null> {
  const [row] = await sql<
    {
      status: SignalStatus;
      body: string;
      bodyBase64: string | null;
      contentType: string | null;
      readAs: ReadAs | null;
    }[]
  >`
    select status, raw_body as body, proofs ->> 'bodyBase64' as "bodyBase64", content_type as "contentType", read_as as "readAs"
    from trading_signals where id = ${signalId}`;
  if (!row) return null;
  const { body, bodyBase64, ...rest } = row;
  return { signalId, ...rest, body: Buffer.from(bodyBase64 ?? body, bodyBase64 === null ? 'utf8' : 'base64') };
}
