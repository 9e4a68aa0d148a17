// npm run replay, as a person runs it, on alerts that were decided by the real pipeline in a real PostgreSQL.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { signalToJson } from '../core/model/signal.ts';
import type { ReadAs } from '../core/model/source-reading.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { datedByMail } from '../pipeline/intake/mail/date-by-mail.ts';
import { readAlert, withStrategy } from '../pipeline/intake/read-alert.ts';
import { readBody } from '../pipeline/intake/read-body.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';

let database: TestDatabase;
let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
let folder: string;
const command = fileURLToPath(new URL('replay.ts', import.meta.url));

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await openDecisionDesk(database);
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  const account = await desk.account('paper', 'Embedded paper');
  await desk.hold(account, 'KO', '100', '6000');
  await desk.limit('max-order-value', { maxValue: '9000' });
  await desk.settings.changeStrategy('sized', { settings: { stopDistance: '0.02' } }, 'ada');
  // Approved; refused by its value; sized by the strategy's stop; an exit.
  await alert({ ticker: 'AAPL', risk: '100', entryPrice: '150', stopLoss: '148', takeProfit: '155' });
  await alert({ ticker: 'MSFT', risk: '200', entryPrice: '150', stopLoss: '148' });
  await alert({ ticker: 'NVDA', risk: '90', strategy: 'sized' });
  await alert({ signal: 'SELL', ticker: 'KO', risk: '50', strategy: 'momentum' });
});
afterAll(async () => {
  await desk.close();
  await rm(folder, { recursive: true });
});

async function alert(fields: Record<string, string>): Promise<string> {
  const fired = desk.clock.now().toISOString();
  return come(JSON.stringify({ signal: 'BUY', mode: 'Paper', strategy: 'momentum', timestamp: fired, ...fields }));
}

/** An alert as its source is set to have it read. */
async function come(body: string, readAs: ReadAs | null = null): Promise<string> {
  const asked = { dialect: readAs?.dialect ?? null, reading: readAs?.reading ?? null };
  const { read } = readAlert(readBody(Buffer.from(body)), await loadDialects(), asked);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const named = withStrategy(read.value, readAs?.strategy ?? null);
  const json = signalToJson(readAs?.mail ? datedByMail(named, readAs.mail) : named);
  const id = systemRandom.id();
  await desk.sql`
    insert into trading_signals (id, source, received_at, status, raw_body, proofs, read_as, parsed, ticker, side, strategy)
    values (${id}, 'tradingview', ${desk.clock.now()}, 'accepted', ${body}, '{}', ${readAs && desk.sql.json({ ...readAs } as never)}, ${desk.sql.json({ ...json })},
      ${json.ticker}, ${json.side}, ${json.strategy})`;
  await desk.process(id);
  await desk.clock.advance(1000);
  return id;
}

const run = (...words: string[]) =>
  new Promise<{ status: number; out: string; err: string }>((resolve) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: database.url };
    execFile(process.execPath, [command, ...words], { env, cwd: folder }, (error, out, err) =>
      resolve({ status: (error?.code as number | undefined) ?? 0, out, err }),
    );
  });
const since = ['--from', '2020-01-01'];
const candidate = (text: string) => writeFile(join(folder, 'candidate.yaml'), text);

/** Everything that is stored, by table. */
async function contents(): Promise<string> {
  const tables = await desk.sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' order by 1`;
  const sums = await Promise.all(
    tables.map(({ name }) =>
      desk.sql.unsafe(
        `select '${name}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) from ${name} t`,
      ),
    ),
  );
  return JSON.stringify(sums.flat());
}

it('decides everything as it was decided, and touches nothing', async () => {
  const before = await contents();
  const { status, out, err } = await run(...since);
  expect(err).toBe('');
  expect(out).toContain('4 alerts, 4 decisions: 4 the same, 0 different, 0 could not be made again.');
  expect(status).toBe(0);
  expect(await contents()).toBe(before);
});

it('prints the configuration in a form that changes nothing when it is read back', async () => {
  const printed = await run('--print-config');
  expect(printed.err).toBe('');
  await candidate(printed.out);
  for (const against of ['then', 'current']) {
    const { status, out } = await run(...since, '--config', 'candidate.yaml', '--against', against);
    expect(out).toContain('4 the same');
    expect(status).toBe(0);
  }
});

it('says which decisions a stricter limit changes, as a table and as JSON', async () => {
  await candidate('limits:\n  - rule: max-order-value\n    parameters: { maxValue: 4000 }\n');
  const { status, out } = await run(...since, '--config', 'candidate.yaml', '--json', 'out.json');
  expect(status).toBe(1);
  expect(out).toMatch(/momentum +AAPL +decision +buy 50 at 150, stop 148, target 155 +denied by max-order-value/);
  expect(out).toContain('2 different');
  const report = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'));
  expect(report).toMatchObject({ version: 1, status: 1, against: 'then', totals: { decisions: 4, same: 2 } });
  expect(report.totals.by).toEqual({ decision: 2, code: 0, quantity: 0, terms: 0, not_replayed: 0 });
  expect(report.totals.rules['max-order-value']).toEqual({ was: 1, wouldBe: 3 });
  expect(report.differences.map((one: { symbol: string }) => one.symbol)).toEqual(['AAPL', 'NVDA']);
  // Alone, JSON is all that is written.
  const alone = await run(...since, '--config', 'candidate.yaml', '--json');
  expect(JSON.parse(alone.out).differences).toEqual(report.differences);
});

it('sizes and places stops by the candidate', async () => {
  await candidate('strategies:\n  sized:\n    stopDistance: 0.03\n  momentum:\n    entryType: limit\n');
  const { status, out } = await run(...since, '--config', 'candidate.yaml');
  expect(out).toMatch(/sized +NVDA +quantity +buy 29 at 150.01, stop 147, .*buy 19 at 150.01/);
  expect(out).toMatch(/momentum +AAPL +terms/);
  expect(status).toBe(1);
});

it('names the line and column of every fault, and what may have been meant', async () => {
  await candidate(`limits:
  - rule: max-order-valu
  - rule: max-position
    parameters: { maxShare: 0.1 }
  - rule: max-order-value
    scope: { account: Nobody }
    parameters: { maxValue: lots }
strategies:
  sized: { stopDistanc: 0.1, sizing: { method: fixed-rusk } }
`);
  const { status, err, out } = await run(...since, '--config', 'candidate.yaml');
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(err.split('\n')).toEqual([
    'candidate.yaml:2:11: there is no rule "max-order-valu"; the nearest is max-order-value.',
    expect.stringMatching(
      /^candidate\.yaml:4:19: max-position: there is no parameter "maxShare"; the nearest is maxShareOfEquity\.$/,
    ),
    expect.stringMatching(/^candidate\.yaml:6:23: there is no account "Nobody"; /),
    expect.stringMatching(/^candidate\.yaml:7:29: .*a decimal from/),
    expect.stringMatching(
      /^candidate\.yaml:9:12: there is no setting of a strategy "stopDistanc"; the nearest is stopDistance\.$/,
    ),
    expect.stringMatching(
      /^candidate\.yaml:9:48: there is no way of sizing "fixed-rusk"; the nearest is fixed-risk\.$/,
    ),
    'Nothing was replayed.',
    '',
  ]);
  await candidate('limits: [\n  {rule: max-position\n');
  const broken = await run(...since, '--config', 'candidate.yaml');
  expect(broken.status).toBe(2);
  expect(broken.err).toMatch(/^candidate\.yaml:\d+:\d+: /);
  expect(await run(...since, '--config', 'nowhere.yaml')).toMatchObject({ status: 2 });
});

it('runs the example of the documentation', async () => {
  const example = fileURLToPath(new URL('../../docs/examples/candidate.yaml', import.meta.url));
  const { status, err } = await run(...since, '--config', example);
  expect(err).toBe('');
  expect(status).toBe(1);
});

it('reads the body anew, and says where there is nothing to go by', async () => {
  const ids = [await alert({ ticker: 'IBM', risk: '20', entryPrice: '150', stopLoss: '149' })];
  ids.push(await alert({ ticker: 'ORCL', risk: '20', entryPrice: '150', stopLoss: '149' }));
  // As a parser of an earlier time would have stored and read it, or not have understood it.
  await desk.sql`update trading_signals set raw_body = replace(raw_body, '"risk":"20"', '"risk":"30"') where id = ${ids[0]!}`;
  await desk.sql`
    delete from decision_facts where decision_id in (select id from decisions where signal_id = ${ids[1]!})`;
  const { status, out } = await run('--from', '2020-01-01', '--json');
  expect(status).toBe(1);
  const { differences } = JSON.parse(out);
  expect(differences).toEqual([
    expect.objectContaining({ symbol: 'IBM', difference: 'quantity', readAnew: ['riskAmount'] }),
    expect.objectContaining({ symbol: 'ORCL', difference: 'not_replayed', wouldBe: null }),
  ]);
  expect((await run(...since, '--strict')).status).toBe(2);
  await desk.sql`update trading_signals set raw_body = 'buy' where id = ${ids[0]!}`;
  expect((await run(...since)).out).toMatch(/IBM +decision +buy 20 .* not understood \(INTAKE_/);
});

it('reads an alert that came by mail as of when that was sent', async () => {
  const body = { signal: 'BUY', mode: 'Paper', strategy: 'momentum', ticker: 'CVX', risk: '20' };
  const mail = { sentAt: desk.clock.now().toISOString(), maxAgeSeconds: 600 };
  const id = await come(JSON.stringify(body), { dialect: null, strategy: null, reading: null, mail });
  const different = async () =>
    JSON.parse((await run(...since, '--json')).out).differences.filter(
      ({ symbol }: { symbol: string }) => symbol === 'CVX',
    );
  expect(await different()).toEqual([]);
  // Taken for one that came by webhook, and whose facts are gone, so that it is told.
  await desk.sql`update trading_signals set read_as = null where id = ${id}`;
  await desk.sql`delete from decision_facts where decision_id in (select id from decisions where signal_id = ${id})`;
  expect(await different()).toMatchObject([{ readAnew: expect.arrayContaining(['firedAt']) }]);
});

it('reads an alert as its source was set to when it came, whatever that is set to by now', async () => {
  const template = 'go {action} {ticker} risk {risk}';
  const reading = { template, targetUnit: null, volumeUnit: null };
  await come('go buy T risk 100', { dialect: 'template', strategy: 'momentum', reading });
  const different = async () =>
    JSON.parse((await run(...since, '--json')).out).differences.filter(
      ({ symbol }: { symbol: string }) => symbol === 'T',
    );
  expect(await different()).toEqual([]);
  // Without it nothing of the text is understood.
  await desk.sql`update trading_signals set read_as = null where read_as is not null`;
  expect(await different()).toMatchObject([{ difference: 'decision', wouldBe: { outcome: 'refused' } }]);
});
