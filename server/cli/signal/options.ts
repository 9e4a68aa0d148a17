import { parseArgs } from 'node:util';
import { tryDecimal } from '../../core/decimal.ts';
import { type Pace, readPace } from './pace.ts';
import { readSecret } from './secrets.ts';

/** Something about the command line that the person can mend; the message is for them. */
export class UsageProblem extends Error {}

export const sides = ['buy', 'sell', 'mix'] as const;
export type SideChoice = (typeof sides)[number];

/** What one run is to do. */
export interface SignalOptions {
  readonly help: boolean;
  readonly list: boolean;
  /** Null: a file or a text says it. */
  readonly side: SideChoice | null;
  readonly ticker: string | null;
  readonly file: string | null;
  readonly text: string | null;
  readonly dialect: string;
  readonly symbols: string | null;
  readonly risk: string;
  readonly quantity: string;
  /** Whether the quantity was said, which an alert of ours then has in place of the risk. */
  readonly counted: boolean;
  readonly price: string;
  /** Whether the price was said, which an alert of ours then has as its entry. */
  readonly priced: boolean;
  readonly stop: string | null;
  readonly target: string | null;
  readonly strategy: string | null;
  readonly interval: string;
  readonly production: boolean;
  readonly confirmed: boolean;
  readonly seed: number;
  readonly count: number | null;
  readonly pace: Pace;
  readonly timeoutMs: number;
  readonly url: string | null;
  readonly source: string | null;
  readonly route: 'hooks' | 'traders-post' | null;
  readonly urlSecret: string | null;
  readonly bodySecret: { readonly field: string; readonly value: string } | null;
  readonly signingSecret: string | null;
  /** Null: `taken`, or what the file says. */
  readonly expect: string | null;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

const texts = [
  'file',
  'text',
  'dialect',
  'symbols',
  'risk',
  'quantity',
  'price',
  'entry',
  'stop',
  'target',
  'strategy',
];
const more = ['interval', 'mode', 'seed', 'count', 'rate', 'burst', 'timeout', 'url', 'source', 'route', 'url-secret'];
const most = ['body-secret', 'sign', 'expect'];
const flags = ['help', 'list', 'confirm', 'production', 'dry-run', 'json', 'verbose'];

/** Reads the command line. Throws a `UsageProblem`. */
export function readOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): SignalOptions {
  let values: Record<string, unknown>;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: Object.fromEntries([
        ...[...texts, ...more, ...most].map((name) => [name, { type: 'string' }] as const),
        ...flags.map((name) => [name, { type: 'boolean' }] as const),
      ]),
    }));
  } catch (error) {
    throw new UsageProblem((error as Error).message.split('\n')[0]!);
  }
  const given = (name: string): string | null => (values[name] as string | undefined) ?? null;
  const is = (name: string): boolean => values[name] === true;
  const [word, ticker, ...others] = positionals;
  const side = sides.find((one) => one === word?.toLowerCase()) ?? null;
  if (word !== undefined && side === null)
    throw new UsageProblem(`Say buy, sell or mix; found ${JSON.stringify(word)}.`);
  if (others.length > 0) throw new UsageProblem(`One ticker, or --symbols; found ${others.join(' ')} as well.`);
  if (side !== null && (given('file') ?? given('text')) !== null)
    throw new UsageProblem('Either buy, sell or mix, or a --file or --text: not both.');
  if (given('file') !== null && given('text') !== null) throw new UsageProblem('Either --file or --text: not both.');
  const nothing = side === null && given('file') === null && given('text') === null;
  if (nothing && !is('help') && !is('list'))
    throw new UsageProblem('Say what to send: buy AAPL, a --file or a --text.');
  if (side !== null && ticker === undefined && given('symbols') === null)
    throw new UsageProblem(`Say which ticker to ${side}, or --symbols.`);

  const price = given('entry') ?? given('price');
  const { production, confirmed } = readMode(given('mode'), is('production'), is('confirm'));
  const route = given('route');
  if (route !== null && route !== 'hooks' && route !== 'traders-post')
    throw new UsageProblem(`--route: expected hooks or traders-post, found ${JSON.stringify(route)}.`);
  return {
    ...{ help: is('help'), list: is('list'), side, ticker: ticker?.toUpperCase() ?? null },
    ...{ file: given('file'), text: given('text'), symbols: given('symbols') },
    dialect: given('dialect') ?? 'native',
    risk: positive('risk', given('risk')) ?? '100',
    quantity: positive('quantity', given('quantity')) ?? '1',
    counted: given('quantity') !== null,
    price: positive('price', price) ?? '100',
    priced: price !== null,
    stop: positive('stop', given('stop')),
    target: positive('target', given('target')),
    strategy: given('strategy'),
    interval: given('interval') ?? '5',
    ...{ production, confirmed },
    seed: whole('seed', given('seed'), 0, 2 ** 31) ?? 1,
    count: whole('count', given('count'), 1, 1_000_000),
    pace: pace(given('rate'), whole('burst', given('burst'), 1, 1000)),
    timeoutMs: (whole('timeout', given('timeout'), 1, 600) ?? 10) * 1000,
    ...{ url: given('url'), source: given('source'), route },
    urlSecret: secret('url-secret', given('url-secret') ?? env.SIGNALBOX_URL_SECRET),
    bodySecret: bodySecret(given('body-secret') ?? env.SIGNALBOX_BODY_SECRET),
    signingSecret: secret('sign', given('sign') ?? env.SIGNALBOX_SIGNING_SECRET),
    expect: given('expect'),
    ...{ dryRun: is('dry-run'), json: is('json'), verbose: is('verbose') },
  };
}

function readMode(mode: string | null, old: boolean, confirmed: boolean): { production: boolean; confirmed: boolean } {
  const word = mode?.toLowerCase() ?? (old ? 'production' : 'paper');
  if (word !== 'paper' && word !== 'production')
    throw new UsageProblem(`--mode: expected paper or production, found ${JSON.stringify(mode)}.`);
  const production = word === 'production';
  if (production && !confirmed)
    throw new UsageProblem('--mode production could move real money: say --confirm as well. Nothing was sent.');
  return { production, confirmed: production && confirmed };
}

function positive(name: string, given: string | null): string | null {
  if (given === null) return null;
  const value = tryDecimal(given);
  if (value?.gt('0')) return given;
  throw new UsageProblem(`--${name}: expected a number above 0, found ${JSON.stringify(given)}.`);
}

function whole(name: string, given: string | null, least: number, largest: number): number | null {
  if (given === null) return null;
  const value = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= largest) return value;
  throw new UsageProblem(
    `--${name}: expected a whole number from ${least} to ${largest}, found ${JSON.stringify(given)}.`,
  );
}

function pace(rate: string | null, burst: number | null): Pace {
  const read = readPace(rate, burst ?? 1);
  if (read !== null) return read;
  throw new UsageProblem(`--rate: expected a number a second, a minute or an hour, such as 5/s; found ${rate}.`);
}

function secret(name: string, given: string | null | undefined): string | null {
  if (given == null || given === '') return null;
  try {
    return readSecret(given);
  } catch (error) {
    throw new UsageProblem(`--${name}: ${(error as Error).message}`);
  }
}

function bodySecret(given: string | null | undefined): SignalOptions['bodySecret'] {
  if (given == null || given === '') return null;
  const at = given.indexOf('=');
  if (at < 1)
    throw new UsageProblem('--body-secret: expected FIELD=SECRET, such as secret=… or 1=… for a list with commas.');
  const value = secret('body-secret', given.slice(at + 1));
  if (value === null) throw new UsageProblem('--body-secret: there is no secret after the field.');
  return { field: given.slice(0, at), value };
}
