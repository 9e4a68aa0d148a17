// npm run exchange: the paper exchange on its own, for anyone who wants to try an Alpaca program offline. docs/exchange.md.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { connectDatabase } from '../adapters/database/connect.ts';
import { createExchangeStore } from '../adapters/database/exchange-store/exchange-store.ts';
import { lockInstance } from '../adapters/instance/instance-lock.ts';
import { readSecrets, writePrivately, writeSecrets } from '../adapters/instance/secrets-file.ts';
import { createLog } from '../adapters/telemetry/log.ts';
import { readEnvironment } from '../environment.ts';
import { freePlan, unlimitedPlan } from '../exchange/api/data-plan.ts';
import { alpacaLiquidity, displayedLiquidity } from '../exchange/book/terms.ts';
import { type Exchange, startExchange } from '../exchange/exchange.ts';
import type { MarketChoice } from '../exchange/market/choice.ts';
import { openDatabase } from '../main/database.ts';
import { readReplay } from '../main/replay-file.ts';

const usage = `npm run exchange [-- options]

  --port N            listens on this port (8090; 0: any free one)
  --host ADDRESS      and on this address (127.0.0.1)
  --data-dir FOLDER   keeps its database, keys and log there (.data/exchange); DATABASE_URL names a database instead
  --hours us|always   equities trade in New York's hours, with its holidays, or round the clock (us)
  --rate-limit N|off  requests a minute that an account may make (200, as at Alpaca)
  --data-plan free|unlimited
                      what the account may have of market data: as on Alpaca's free plan, or all (unlimited)
  --market sim|replay|scripted
                      a simulation, recorded bars (with --replay), or still but for what a fault says (sim)
  --pace N            quotes of each symbol a second, on average; 0: the market stands still (1)
  --fills displayed|alpaca
                      against the size that a quote shows, or as Alpaca's paper venue: whatever its size, one in ten in part (displayed)
  --replay FILE       trades on recorded bars instead of the simulation: a CSV of open, high, low, close and volume
  --replay-symbol S   whose bars they are, where the file does not say
  --speed N           market time over real time of a replay (60)
  --seed N            of the market and of faults (1)
  --cash N            play money of a new account, in whole dollars (100000)
  --key-id ID, --secret-key SECRET, --admin-key SECRET
                      credentials; without them they are made at the first start and kept
  --ready-file FILE   writes addresses and keys there, as JSON, once it listens
  --help              shows this
`;

function number(least: number, most: number) {
  const expected = `expected a number from ${least} to ${most}`;
  return z.coerce.number(expected).min(least, expected).max(most, expected);
}
const whole = (least: number, most: number) => number(least, most).int('expected a whole number');
const key = z.string().regex(/^\S{1,128}$/, 'expected up to 128 characters without spaces');
const shape = z
  .strictObject({
    port: whole(0, 65_535).default(8090),
    host: z.string().min(1).default('127.0.0.1'),
    'data-dir': z.string().min(1).default(join('.data', 'exchange')),
    hours: z.enum(['us', 'always'], 'expected us or always').default('us'),
    'rate-limit': z
      .union([z.literal('off'), whole(1, 1_000_000)], 'expected off, or a whole number from 1 to 1000000')
      .default(200),
    'data-plan': z.enum(['free', 'unlimited'], 'expected free or unlimited').default('unlimited'),
    market: z.enum(['sim', 'replay', 'scripted'], 'expected sim, replay or scripted').optional(),
    pace: number(0, 50).default(1),
    fills: z.enum(['displayed', 'alpaca'], 'expected displayed or alpaca').default('displayed'),
    replay: z.string().min(1).optional(),
    'replay-symbol': z.string().min(1).optional(),
    speed: number(0.01, 1_000_000).default(60),
    seed: whole(0, 0xffff_ffff).default(1),
    cash: whole(1, 1_000_000_000).default(100_000),
    'key-id': key.optional(),
    'secret-key': key.optional(),
    'admin-key': key.optional(),
    'ready-file': z.string().min(1).optional(),
  })
  .refine((o) => o.replay || !o['replay-symbol'], '--replay-symbol goes with --replay')
  .refine((o) => Boolean(o['key-id']) === Boolean(o['secret-key']), '--key-id and --secret-key go together')
  .refine(
    (o) => o.market === undefined || (o.market === 'replay') === Boolean(o.replay),
    '--market replay and --replay FILE go together',
  );

type Options = z.infer<typeof shape>;

/** Reads the command line; null when only the usage was asked for. Throws a sentence. */
function readOptions(argv: readonly string[]): Options | null {
  const texts = [...Object.keys(shape.shape)].map((name) => [name, { type: 'string' }] as const);
  let values: Record<string, unknown>;
  try {
    const options = { ...Object.fromEntries(texts), help: { type: 'boolean' } } as const;
    values = parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    const [said] = (error as Error).message.split('\n');
    throw new Error(`${said!.replace(/\.?$/, '.')} --help lists the options. Nothing was started.`);
  }
  const { help, ...rest } = values;
  if (help) return null;
  const parsed = shape.safeParse(rest);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${issue!.path.length > 0 ? `--${issue!.path.join('.')}: ` : ''}${issue!.message}. Nothing was started.`,
  );
}

/** The credentials that were given, else those of the last time, else new ones; kept for the next time. */
async function credentials(dataDir: string, options: Options) {
  const before = await readSecrets(dataDir);
  const letters = (length: number): string =>
    random
      .token(length * 2)
      .replace(/[^A-Za-z0-9]/g, '')
      .toUpperCase()
      .slice(0, length);
  const secrets = {
    ...before,
    exchangeKeyId: options['key-id'] ?? before.exchangeKeyId ?? `PK${letters(18)}`,
    exchangeSecretKey: options['secret-key'] ?? before.exchangeSecretKey ?? random.token(30),
    exchangeAdminKey: options['admin-key'] ?? before.exchangeAdminKey ?? random.token(30),
  };
  await writeSecrets(dataDir, secrets);
  return {
    keyId: secrets.exchangeKeyId,
    secretKey: secrets.exchangeSecretKey,
    adminKey: secrets.exchangeAdminKey,
  };
}

/** The market that was asked for. Throws a sentence about a file that cannot be replayed. */
async function marketOf({ market, replay, speed, ...options }: Options): Promise<MarketChoice> {
  if (replay !== undefined) return readReplay({ file: resolve(replay), symbol: options['replay-symbol'], speed });
  return { kind: market === 'scripted' ? market : 'sim' };
}

async function start(options: Options, undo: (() => unknown)[]): Promise<void> {
  const dataDir = resolve(options['data-dir']);
  const market = await marketOf(options);
  undo.push(lockInstance(dataDir));
  const environment = { ...readEnvironment(process.env, []), dataDir };
  const log = createLog({ format: environment.logFormat, level: environment.logLevel, dataDir });
  const keys = await credentials(dataDir, options);
  const database = await openDatabase(environment, log);
  undo.push(() => database.stop());
  const sql = connectDatabase(database.url, { max: 2, applicationName: 'signalbox exchange' });
  undo.push(() => sql.end({ timeout: 1 }));
  const exchange = await startExchange({
    store: createExchangeStore(sql),
    clock,
    random,
    log,
    ...keys,
    host: options.host,
    port: options.port,
    market,
    fills: options.fills === 'alpaca' ? alpacaLiquidity : displayedLiquidity,
    seed: options.seed,
    pace: options.pace,
    dataPlan: options['data-plan'] === 'free' ? freePlan : unlimitedPlan,
    startingCash: options.cash,
    alwaysOpen: options.hours === 'always',
    requestsPerMinute: options['rate-limit'] === 'off' ? null : options['rate-limit'],
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${options.port} is taken by another program; --port names another one. Nothing was started.`);
  });
  undo.push(() => exchange.stop());
  const ready = readyJson(exchange, keys.adminKey);
  if (options['ready-file'])
    await writePrivately(resolve(options['ready-file']), `${JSON.stringify(ready, null, 2)}\n`);
  greet(ready, options, dataDir);
}

type Ready = ReturnType<typeof readyJson>;

function readyJson(exchange: Exchange, adminKey: string) {
  const { url, streamUrl, dataUrl, dataStreamUrl, cryptoStreamUrl, keyId, secretKey } = exchange;
  const streams = { streamUrl, dataUrl, dataStreamUrl, cryptoStreamUrl };
  return { url, ...streams, keyId, secretKey, adminUrl: `${url}/admin/awkward`, adminKey };
}

function greet(ready: Ready, options: Options, dataDir: string): void {
  const { hours, pace, seed } = options;
  const limit = options['rate-limit'];
  process.stdout.write(`
  The paper exchange is open: play money, no real trade.

  Trading API    ${ready.url}
  Order stream   ${ready.streamUrl}
  Data API       ${ready.dataUrl}
  Data stream    ${ready.dataStreamUrl}
  Crypto stream  ${ready.cryptoStreamUrl}
  Key id         ${ready.keyId}
  Secret key     ${ready.secretKey}

  Faults         ${ready.adminUrl}
  Admin key      ${ready.adminKey}

  Equities trade ${hours === 'us' ? 'in New York’s hours (--hours always opens them round the clock)' : 'round the clock'}; ${limit === 'off' ? 'no limit of requests' : `${limit} requests a minute`};
  ${options.replay ? `replaying ${options.replay} ${options.speed} times as fast` : `seed ${seed}, ${pace} quotes a second and symbol`}. Data in ${dataDir}.

  Try it:
  curl -H 'APCA-API-KEY-ID: ${ready.keyId}' -H 'APCA-API-SECRET-KEY: ${ready.secretKey}' ${ready.url}/v2/account

  Clients in JavaScript, Python and Go: docs/exchange.md. Ctrl-C stops it; nothing is lost.

`);
}

const undo: (() => unknown)[] = [];
let stopping = false;
async function stop(status: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(status || 1), 4500).unref();
  try {
    for (const step of undo.splice(0).reverse()) await step();
    process.exit(status);
  } catch {
    process.exit(1);
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// The launcher was killed: nobody could stop us any more.
process.on('disconnect', () => void stop(0));
try {
  const options = readOptions(process.argv.slice(2));
  if (options) await start(options, undo);
  else {
    process.stdout.write(usage);
    process.exit(0);
  }
} catch (error) {
  process.stderr.write(`\n  ${error instanceof Error ? error.message.replaceAll('\n', '\n  ') : String(error)}\n\n`);
  await stop(1);
}
