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
import { dateIn, marketZone, startOfDay } from '../core/zoned-day.ts';
import { readEnvironment } from '../environment.ts';
import { runCommand } from '../main/command.ts';

const usage = `npm run bars -- --symbols AAPL,MSFT,BTC/USD --from 2026-11-02 --out bars.csv

  --symbols A,B,C     stocks, and coins as BTC/USD
  --from, --to DATE   the first and the last day, in New York (to: yesterday)
  --timeframe T       1Min to 59Min, 1Hour to 23Hour, 1Day (1Min)
  --feed sip|iex      all exchanges, or one of them (sip)
  --adjustment raw|split|dividend|all
                      what splits and dividends do to earlier prices (raw)
  --out FILE          is written when all of it was downloaded
  --data-url URL      (https://data.alpaca.markets)

Keys are taken from ALPACA_PAPER_KEY_ID and ALPACA_PAPER_SECRET_KEY, or else from those of the live account.
`;

const oneDayMs = 86_400_000;
const date = z.iso.date('expected a date as 2026-11-20');
const shape = z
  .strictObject({
    symbols: z
      .string('is missing')
      .toUpperCase()
      .regex(/^[A-Z0-9./-]{1,21}(,[A-Z0-9./-]{1,21})*$/, 'expected symbols with commas between them'),
    from: z.string('is missing').pipe(date),
    to: date.optional(),
    timeframe: z
      .string()
      .regex(
        /^(?:[1-9]|[1-5]\d)Min$|^(?:[1-9]|1\d|2[0-3])Hour$|^1Day$/,
        'expected 1Min to 59Min, 1Hour to 23Hour or 1Day',
      )
      .default('1Min'),
    feed: z.enum(['sip', 'iex'], 'expected sip or iex').default('sip'),
    adjustment: z.enum(['raw', 'split', 'dividend', 'all'], 'expected raw, split, dividend or all').default('raw'),
    out: z.string('is missing').min(1, 'is missing'),
    'data-url': z.url('expected an address').default('https://data.alpaca.markets'),
  })
  .refine((o) => !o.to || o.to >= o.from, '--to is before --from');

const dayOf = (text: string): Date => startOfDay(new Date(`${text}T17:00:00Z`), marketZone);

await runCommand(async () => {
  const names = Object.keys(shape.shape).map((name) => [name, { type: 'string' }] as const);
  const { help, ...words } = parseArgs({
    args: process.argv.slice(2),
    options: { ...Object.fromEntries(names), help: { type: 'boolean' } } as const,
  }).values as Record<string, unknown>;
  if (help) return void process.stdout.write(usage);
  const parsed = shape.safeParse(words);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.length > 0 ? `--${issue!.path.join('.')} ` : '';
    throw new Error(`${where}${issue!.message}. --help lists the options. Nothing was written.`);
  }
  const options = parsed.data;
  const { alpacaPaper, alpacaLive } = readEnvironment(process.env, []);
  const keys = alpacaPaper ?? alpacaLive;
  if (!keys) {
    throw new Error('ALPACA_PAPER_KEY_ID and ALPACA_PAPER_SECRET_KEY are not set. Nothing was written.');
  }
  const yesterday = new Date(startOfDay(systemClock.now(), marketZone).getTime() - oneDayMs / 2);
  const last = dayOf(options.to ?? dateIn(yesterday, marketZone));
  // Noon of the day after is always on that day, however long the last one was.
  const end = new Date(startOfDay(new Date(last.getTime() + 1.5 * oneDayMs), marketZone).getTime() - 1);
  const bars = recordedBars({
    ...keys,
    ...options,
    dataUrl: options['data-url'],
    symbols: options.symbols.split(','),
    start: dayOf(options.from),
    end,
  });
  const out = resolve(options.out);
  const unfinished = `${out}.unfinished`;
  let count = 0;
  const lines = async function* () {
    yield `${barColumns}\n`;
    for await (const line of bars) {
      count += 1;
      yield `${line}\n`;
    }
    if (count === 0) throw new Error('Alpaca has no bars of these symbols and days');
  };
  try {
    await pipeline(Readable.from(lines()), createWriteStream(unfinished));
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new Error(`${(error as Error).message}. Nothing was written.`);
  }
  process.stdout.write(`  ${count} bars in ${out}. Play them: npm run exchange -- --replay ${options.out}\n`);
});
