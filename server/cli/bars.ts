// npm run bars: downloads bars from Alpaca's data API into a file that `npm run exchange -- --replay FILE` plays. docs/exchange.md.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { barColumns, recordedBars } from '../adapters/market-data/alpaca/index.ts';
import { marketZone, startOfDay } from '../core/zoned-day.ts';
import { readEnvironment } from '../environment.ts';
import { runCommand } from '../main/command.ts';

const usage = `npm run bars -- --symbols AAPL,MSFT,BTC/USD --from 2026-11-02 --out bars.csv

  --symbols A,B,C     stocks, and coins as BTC/USD
  --from, --to DATE   the first and the last day, in New York (to: as late as the free plan goes, 16 minutes ago)
  --timeframe T       1Min to 59Min, 1Hour to 23Hour, 1Day (1Min)
  --feed sip|iex      all exchanges, or one of them (sip)
  --adjustment raw|split|dividend|all
                      what splits and dividends do to earlier prices (raw)
  --out FILE          is written when all of it was downloaded
  --data-url URL      (https://data.alpaca.markets)

Keys are taken from ALPACA_PAPER_KEY_ID and ALPACA_PAPER_SECRET_KEY, or else from those of the live account.
`;

const oneDayMs = 86_400_000;
/** What the free plan leaves out of the consolidated tape, and a minute. */
const freeAfterMs = 16 * 60_000;
const timeframes = /^(?:[1-9]|[1-5]\d)Min$|^(?:[1-9]|1\d|2[0-3])Hour$|^1Day$/;
const date = z.iso.date('expected a date as 2026-11-20');
const shape = z
  .strictObject({
    symbols: z
      .string('is missing')
      .toUpperCase()
      .regex(/^[A-Z0-9./-]{1,21}(,[A-Z0-9./-]{1,21})*$/, 'expected symbols with commas between them'),
    from: z.string('is missing').pipe(date),
    to: date.optional(),
    timeframe: z.string().regex(timeframes, 'expected 1Min to 59Min, 1Hour to 23Hour or 1Day').default('1Min'),
    feed: z.enum(['sip', 'iex'], 'expected sip or iex').default('sip'),
    adjustment: z.enum(['raw', 'split', 'dividend', 'all'], 'expected raw, split, dividend or all').default('raw'),
    out: z.string('is missing').min(1, 'is missing'),
    'data-url': z.url('expected an address').default('https://data.alpaca.markets'),
  })
  .refine((o) => !o.to || o.to >= o.from, '--to is before --from');
type Options = z.infer<typeof shape>;

const firstMoment = (day: string): Date => startOfDay(new Date(`${day}T17:00:00Z`), marketZone);
/** Noon of the day after is on that day, however long the last one was. */
const lastMoment = (day: string): Date =>
  new Date(startOfDay(new Date(firstMoment(day).getTime() + 1.5 * oneDayMs), marketZone).getTime() - 1);

function readOptions(argv: readonly string[]): Options | null {
  const names = Object.keys(shape.shape).map((name) => [name, { type: 'string' }] as const);
  const options = { ...Object.fromEntries(names), help: { type: 'boolean' } } as const;
  const { help, ...words } = parseArgs({ args: [...argv], options }).values as Record<string, unknown>;
  if (help) return null;
  const parsed = shape.safeParse(words);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length > 0 ? `--${issue!.path.join('.')}: ` : '';
  throw new Error(`${where}${issue!.message}. --help lists the options. Nothing was written.`);
}

/** Downloads into a file beside the one that was asked for, so that half a download is never taken for a whole one. */
async function download(options: Options): Promise<number> {
  const { alpacaPaper, alpacaLive } = readEnvironment(process.env, []);
  const keys = alpacaPaper ?? alpacaLive;
  if (!keys) throw new Error('ALPACA_PAPER_KEY_ID and ALPACA_PAPER_SECRET_KEY are not set. Nothing was written.');
  const free = new Date(systemClock.now().getTime() - freeAfterMs);
  const last = options.to === undefined ? free : lastMoment(options.to);
  const bars = recordedBars({
    ...keys,
    ...options,
    dataUrl: options['data-url'],
    symbols: options.symbols.split(','),
    start: firstMoment(options.from),
    end: last < free ? last : free,
  });
  const unfinished = `${resolve(options.out)}.unfinished`;
  let count = 0;
  const lines = async function* (): AsyncGenerator<string> {
    yield `${barColumns}\n`;
    for await (const line of bars) {
      count += 1;
      yield `${line}\n`;
    }
    if (count === 0) throw new Error('Alpaca has no bars of these symbols and days');
  };
  try {
    await pipeline(Readable.from(lines()), createWriteStream(unfinished));
    await rename(unfinished, resolve(options.out));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new Error(`${(error as Error).message}. Nothing was written.`);
  }
  return count;
}

await runCommand(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(usage);
    return;
  }
  const count = await download(options);
  process.stdout.write(
    `  ${count} bars in ${options.out}. To play them: npm run exchange -- --replay ${options.out}\n`,
  );
});
