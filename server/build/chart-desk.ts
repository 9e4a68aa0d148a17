import type { Account, BarsJson, ComputedIndicatorJson } from '../contract/index.ts';
import { text } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import type { SeriesBar, SeriesIndicator } from '../core/indicators/series-indicator.ts';
import type { Mode } from '../core/model/mode.ts';
import type { BarQuestion, FedBars } from '../core/ports/bar-feed.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import { dateIn, marketZone } from '../core/zoned-day.ts';
import type { ChartDesk } from '../http/chart-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import type { AccountLinks, Link } from './account-links.ts';

export interface ChartDeskParts {
  readonly links: Pick<AccountLinks, 'all' | 'find'>;
  readonly indicators: ReadonlyMap<string, SeriesIndicator>;
  readonly mode: () => Mode;
  readonly clock: Clock;
  readonly log: Log;
}

const mostIndicators = 12;
/** Alpaca gives no more in one answer. */
const mostBars = 10_000;
/** Several windows on one symbol, and a window that looks every few seconds, cost the market one question. */
const sharedMs = 1500;

/** Answers a chart's questions from the market of an account. */
export function createChartDesk({ links, indicators, mode, clock, log }: ChartDeskParts): ChartDesk {
  const asked = new Map<string, { readonly answer: Promise<FedBars>; readonly untilMs: number }>();

  function market(accountId: string | null): Link {
    const all = links.all();
    const found =
      accountId === null
        ? (all.find(({ account }) => account.mode === mode()) ?? all[0])
        : (links.find(accountId) ?? undefined);
    if (found) return found;
    throw new HttpProblem(
      503,
      'NO_MARKET',
      'No market to ask',
      accountId === null
        ? 'No account is switched on, so there is no market to read bars from. Add an account or switch one on.'
        : 'This account is not switched on here, so its market cannot be asked. Choose another account.',
    );
  }

  function ask(link: Link, question: BarQuestion): Promise<FedBars> {
    const nowMs = clock.monotonicMs();
    for (const [key, { untilMs }] of asked) if (untilMs < nowMs) asked.delete(key);
    const { symbol, timeframe, from, limit } = question;
    // "Up to now" is the same question for as long as an answer is shared.
    const before = question.before.getTime() >= clock.now().getTime() ? 'now' : question.before.toISOString();
    const key = [link.account.accountId, symbol, timeframe, from?.toISOString() ?? '', before, limit].join(' ');
    let found = asked.get(key);
    if (!found) {
      found = { answer: link.bars.bars(question), untilMs: nowMs + sharedMs };
      asked.set(key, found);
      found.answer.catch(() => asked.delete(key));
    }
    return found.answer;
  }

  return {
    indicators: () =>
      [...indicators.values()].map(({ key, place, parameters, lines, levels }) => ({
        ...{ key, place, levels: [...levels] },
        parameters: parameters.map((one) => ({ ...one })),
        lines: lines.map((one) => ({ ...one })),
      })),

    async bars(wish): Promise<BarsJson> {
      const wanted = readIndicators(wish.indicators, indicators);
      const warmUp = Math.max(0, ...wanted.map(({ indicator, values }) => indicator.warmUp(values)));
      const link = market(wish.accountId);
      const { symbol, timeframe, limit } = wish;
      const now = clock.now();
      const before = wish.to !== null && wish.to < now ? wish.to : new Date(now.getTime() + 1);
      if (wish.from !== null && wish.from >= before) {
        throw new HttpProblem(400, 'INVALID', 'No time between', 'The bars would have to begin before they end.', [
          { field: 'from', code: 'INVALID', message: 'expected a moment before `to`' },
        ]);
      }
      let fed: FedBars;
      try {
        // What comes before the first that is shown is there for the indicators alone.
        fed = await ask(link, {
          ...{ symbol, timeframe, before },
          from: warmUp > 0 ? null : wish.from,
          limit: Math.min(mostBars, limit + warmUp),
        });
      } catch (error) {
        log.debug({ error, symbol }, 'bars for a chart could not be read');
        throw new HttpProblem(
          503,
          'MARKET_SILENT',
          'The market does not answer',
          `The bars of ${symbol} could not be read from ${venueName(link.account.venue)}. Orders and positions are not affected; the chart tries again.`,
        );
      }
      const quote = await link.marketData.quote(symbol).catch(() => null);
      if (
        fed.bars.length === 0 &&
        quote === null &&
        (await link.marketData.asset(symbol).catch(() => 'unclear')) === null
      ) {
        throw new HttpProblem(
          404,
          'NO_SUCH_SYMBOL',
          'No such symbol',
          `${venueName(link.account.venue)} knows no ${symbol}. Stocks are written as AAPL or BRK.B, coins as BTC/USD.`,
        );
      }
      const first = Math.max(fed.bars.length - limit, wish.from === null ? 0 : firstFrom(fed.bars, wish.from));
      const shown = fed.bars.slice(Math.max(0, first));
      const more = first > 0 && (wish.from === null || fed.bars[first - 1]!.at >= wish.from);
      return {
        ...{ symbol, timeframe },
        items: shown.map(barJson),
        older: (more || (fed.older && first <= 0)) && shown[0] ? shown[0].at.toISOString() : null,
        feed: fed.feed,
        delaySeconds: Math.round(fed.delayMs / 1000),
        account: link.account.name,
        readAt: now.toISOString(),
        quote: quote && {
          symbol: quote.symbol,
          bid: text(quote.bid),
          ask: text(quote.ask),
          at: quote.at.toISOString(),
        },
        indicators: compute(fed.bars, Math.max(0, first), wanted),
      };
    },
  };
}

/** The place of the first bar that begins at a moment or later. */
function firstFrom(bars: readonly Bar[], from: Date): number {
  const at = bars.findIndex((bar) => bar.at >= from);
  return at < 0 ? bars.length : at;
}

const venueName = (venue: Account['venue']): string =>
  venue === 'embedded' ? 'The paper exchange' : venue === 'alpaca-paper' ? 'Alpaca (paper)' : 'Alpaca';

const barJson = ({ at, open, high, low, close, volume }: Bar) => ({
  at: at.toISOString(),
  open: text(open),
  high: text(high),
  low: text(low),
  close: text(close),
  volume: text(volume),
});

interface Wanted {
  readonly name: string;
  readonly indicator: SeriesIndicator;
  readonly values: readonly number[];
}

function refuseIndicator(name: string, expected: string): HttpProblem {
  return new HttpProblem(400, 'INVALID', 'No such indicator', `${name}: expected ${expected}. Nothing was drawn.`, [
    { field: 'indicators', code: 'INVALID', message: `${name}: expected ${expected}` },
  ]);
}

/** Reads `ema:20,macd`; what is not written of the parameters is as it usually is. */
function readIndicators(written: string, known: ReadonlyMap<string, SeriesIndicator>): Wanted[] {
  const names = [...new Set(written.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length > mostIndicators) throw refuseIndicator(`${names.length} indicators`, `at most ${mostIndicators}`);
  return names.map((name) => {
    const [key = '', ...given] = name.split(':');
    const indicator = known.get(key);
    if (!indicator) throw refuseIndicator(key, `one of ${[...known.keys()].join(', ')}`);
    if (given.length > indicator.parameters.length)
      throw refuseIndicator(name, `at most ${indicator.parameters.length} parameters`);
    const values = indicator.parameters.map((parameter, at) => {
      const told = given[at];
      if (told === undefined) return parameter.default;
      const value = /^\d{1,4}(\.\d{1,2})?$/.test(told) ? Number(told) : Number.NaN;
      const { min, max, whole } = parameter;
      if (!(value >= min && value <= max) || (whole && !Number.isInteger(value)))
        throw refuseIndicator(name, `${parameter.name} to be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
      return value;
    });
    return { name: [key, ...values].join(':'), indicator, values };
  });
}

function compute(bars: readonly Bar[], first: number, wanted: readonly Wanted[]): ComputedIndicatorJson[] {
  if (wanted.length === 0) return [];
  const seen = bars.map(
    ({ at, open, high, low, close, volume }): SeriesBar => ({
      day: dateIn(at, marketZone),
      open: Number(text(open)),
      high: Number(text(high)),
      low: Number(text(low)),
      close: Number(text(close)),
      volume: Number(text(volume)),
    }),
  );
  return wanted.map(({ name, indicator, values }) => {
    const lines = indicator.compute(seen, values);
    return { name, key: indicator.key, values: lines.map((line) => line.slice(first)) };
  });
}
