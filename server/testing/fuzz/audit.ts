import { createHash } from 'node:crypto';
import type postgres from 'postgres';

/** What was answered for a signal: the digests of the texts that it may be stored as, and whether it was accepted. */
export interface Answered {
  readonly digests: Set<string>;
  readonly accepted: boolean;
}

/** What the answers say is stored, by the signal's id. */
export interface Told {
  readonly answers: ReadonlyMap<string, Answered>;
  /** `accepted` or `refused`, and the digest, of requests whose connection broke before they could be answered. */
  readonly maybe: ReadonlySet<string>;
}

/** As PostgreSQL's md5() writes it: for comparing, not for keeping secret. */
export const digestOf = (text: string): string => createHash('md5').update(text).digest('hex');

/** What the database says when the run is over. Each list should be empty; at most a few cases of each are told. */
export interface Audit {
  readonly signals: number;
  readonly accepted: number;
  readonly decided: number;
  readonly orders: number;
  /** Answered and not there, or there as something else. */
  readonly different: readonly string[];
  /** There, and nobody was told. */
  readonly untold: readonly string[];
  /** Orders of something that was not accepted, or of nothing. */
  readonly strayOrders: readonly string[];
  /** Tickers and sizes that nobody could have meant. */
  readonly senseless: readonly string[];
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly digest: string;
  readonly ticker: string | null;
}

const page = 5000;

/** Compares all that is stored with all that was answered, one for one, and the orders with the alerts they came of. */
export async function audit(sql: postgres.Sql, { answers, maybe }: Told): Promise<Audit> {
  const different: string[] = [];
  const untold: string[] = [];
  const senseless: string[] = [];
  const seen = new Set<string>();
  const uncertain = new Set<string>();
  let [accepted, decided] = [0, 0];
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await sql<Row[]>`
      select id, status, md5(raw_body) as digest, ticker from trading_signals where id > ${after} order by id limit ${page}`;
    for (const { id, status, digest, ticker } of rows) {
      seen.add(id);
      const answer = answers.get(id);
      if (status !== 'refused') accepted++;
      if (status !== 'refused' && status !== 'accepted') decided++;
      const kept = `${status === 'refused' ? 'refused' : 'accepted'} ${digest}`;
      if (answer === undefined && maybe.has(kept)) uncertain.add(id);
      else if (answer === undefined) untold.push(`${id} is stored as ${status}, and no answer named it`);
      else if (answer !== undefined && answer.accepted !== (status !== 'refused'))
        different.push(`${id} is ${status}, and was answered otherwise`);
      // What differs in white space alone is one alert: the answer to the second names the first, whose own may never have come.
      else if (answer !== undefined && !answer.digests.has(digest) && !maybe.has(kept))
        different.push(`${id} is stored with another text than was sent`);
      if (status !== 'refused' && ticker !== null && !/^[\x21-\x7e]{1,40}$/.test(ticker))
        senseless.push(`${id} has the ticker ${JSON.stringify(ticker)}`);
    }
    if (rows.length < page) break;
    after = rows.at(-1)!.id;
  }
  for (const id of answers.keys()) if (!seen.has(id)) different.push(`${id} was answered, and is not stored`);
  const orders = await sql<{ id: string; signal: string | null; quantity: string }[]>`
    select id, signal_id as signal, quantity::text as quantity from orders where role in ('entry', 'exit')`;
  const strayOrders = orders.flatMap(({ id, signal }) =>
    signal === null || !(answers.get(signal)?.accepted || uncertain.has(signal))
      ? [`order ${id} came of ${signal ?? 'no signal'}`]
      : [],
  );
  for (const { id, quantity } of orders)
    if (!(Number(quantity) > 0 && Number(quantity) < 1e9)) senseless.push(`order ${id} is for ${quantity}`);
  return { signals: seen.size, accepted, decided, orders: orders.length, different, untold, strayOrders, senseless };
}
