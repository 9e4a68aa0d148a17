import { signAlert, signatureHeader } from '../server/core/alert-signature.ts';
import { openSource } from '../server/testing/fuzz/open-sources.ts';
import type { FuzzSource } from '../server/testing/fuzz/source.ts';
import type { Ask } from '../server/testing/wide-limits.ts';

/** An alert as it is sent. */
export interface MixedAlert {
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** The sources of a mixed load, by what is sent to them. */
export type MixSources = Readonly<Record<'native' | 'signed' | 'secret' | keyof typeof lines, FuzzSource>>;

const tickers = ['AAPL', 'NVDA', 'KO', 'PEP', 'XOM', 'WMT', 'DIS', 'INTC', 'BAC', 'UBER'];

/** Other receivers' alerts; `q` makes each another one than those of the minutes before. */
const lines = {
  'traders-post': (t: string, q: number) =>
    JSON.stringify({ ticker: t, action: 'buy', quantity: q, stopLoss: { type: 'stop', percent: 5 } }),
  'signal-stack': (t: string, q: number) => JSON.stringify({ symbol: t, action: 'buy', quantity: q }),
  'key-value': (t: string, q: number) => `e=alpaca s=${t} b=long q=${q} t=market`,
  'tradingview-text': (t: string, q: number) => `order buy @ ${q} filled on ${t}. New strategy position is ${q}`,
  'pine-connector': (t: string, q: number) => `60123456789,buy,${t},vol_dollar=${q},sl_pct=2,tp_pct=4`,
  'target-position': (t: string, q: number) =>
    JSON.stringify({ strategy: 'turtle', symbol: t, action: 'BUY', quantity: String(q), position_size: String(q) }),
} as const;
const others = Object.keys(lines) as (keyof typeof lines)[];

/** Makes a source for each dialect, and one for each proof that a sender without a proxy can give. */
export async function openMix(ask: Ask): Promise<MixSources> {
  const plain = { reading: null, required: ['url_secret'] } as const;
  const made: Partial<Record<keyof MixSources, FuzzSource>> = {
    native: await openSource(ask, { ...plain, source: 'bench-native', dialect: 'native' }),
    signed: await openSource(ask, {
      ...plain,
      source: 'bench-signed',
      dialect: null,
      required: ['url_secret', 'signature'],
    }),
    secret: await openSource(ask, {
      ...plain,
      source: 'bench-secret',
      dialect: null,
      required: ['url_secret', 'body_secret'],
    }),
  };
  for (const dialect of others)
    made[dialect] = await openSource(ask, { ...plain, source: `bench-${dialect}`, dialect });
  return made as MixSources;
}

/** Entries with an exit behind each, of ever other strategies. */
const native = (n: number, more: Readonly<Record<string, unknown>>): string => {
  const pair = Math.floor(n / 2);
  const about = {
    ticker: tickers[pair % tickers.length],
    strategy: `bench-${pair % 50}`,
    mode: 'Paper',
    timeframe: '1s',
  };
  return JSON.stringify({
    id: `bench-${n}`,
    signal: n % 2 === 0 ? 'BUY' : 'EXIT',
    risk: 2,
    timestamp: new Date().toISOString(),
    ...about,
    ...more,
  });
};

/** The n-th alert of a mixed load: half of it native, a third of that with each proof, the rest in the other dialects in turn. */
export function mixedAlert(n: number, sources: MixSources): MixedAlert {
  const path = ({ source, token }: FuzzSource): string => `/hooks/${source}/${token}`;
  const of = (source: FuzzSource, body: string, headers: readonly string[] = []): MixedAlert => ({
    path: path(source),
    headers,
    body,
  });
  if (n % 2 === 1) {
    const dialect = others[Math.floor(n / 2) % others.length]!;
    const body = lines[dialect](tickers[n % tickers.length]!, 1 + (Math.floor(n / 12) % 400));
    const source = sources[dialect];
    return dialect === 'traders-post'
      ? { path: `/trading/webhook/${source.id}/${source.token}`, headers: [], body }
      : of(source, body);
  }
  const k = Math.floor(n / 2);
  if (k % 3 === 0) return of(sources.native, native(Math.floor(k / 3), {}));
  if (k % 3 === 1)
    return of(
      sources.secret,
      native(Math.floor(k / 3), { secret: sources.secret.bodySecret, strategy: `secret-${k % 50}` }),
    );
  const body = native(Math.floor(k / 3), { strategy: `signed-${k % 50}` });
  const nonce = `bench-${String(n).padStart(16, '0')}`;
  const signature = signAlert(sources.signed.signingKey!, { at: new Date(), nonce, body: Buffer.from(body) });
  return of(sources.signed, body, [`${signatureHeader}: ${signature}`]);
}
