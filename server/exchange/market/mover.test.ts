// How a market becomes the present: in its order, of each symbol one moment at a time, none before the last one was seen, and each minute's
// end once.
import { expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { instruments } from './instruments.ts';
import type { Market, MarketTick } from './market.ts';
import { MarketMover } from './mover.ts';
import { ScriptedMarket } from './scripted.ts';

const quoted = (symbol: string, bid: number, ms: number): MarketTick => ({
  symbol,
  quote: { bid, ask: bid + 100, bidSize: 100, askSize: 100, at: new Date(ms) },
  trade: null,
});
const began = Date.parse('2026-11-20T15:00:00.000Z');

function scene(ticks: MarketTick[]) {
  const clock = new ManualClock('2026-11-20T15:00:00.000Z');
  const scripted = new ScriptedMarket(instruments);
  let told = began - 1;
  const market: Market = Object.assign(Object.create(scripted) as Market, {
    quote: scripted.quote,
    apply: scripted.apply,
    advance(at: Date) {
      const from = told;
      told = at.getTime();
      return ticks.filter(({ quote }) => quote.at.getTime() > from && quote.at.getTime() <= told);
    },
  });
  const shown: string[] = [];
  const minutes: string[] = [];
  let gate = Promise.resolve();
  const mover = new MarketMover({
    market,
    clock,
    show: async (moment) => {
      shown.push(moment.map(({ symbol }) => `${symbol} ${market.quote(symbol)!.bid}`).join(', '));
      await gate;
    },
    endMinute: (minute) => minutes.push(new Date(minute).toISOString().slice(11, 16)),
  });
  return { clock, mover, shown, minutes, close: (until: Promise<void>) => (gate = until) };
}

it('shows what happened since it looked last, of each symbol one moment at a time, and each as the present then', async () => {
  const { clock, mover, shown } = scene([
    quoted('F', 1000, began),
    quoted('F', 1100, began + 100),
    quoted('GM', 2000, began + 120),
    quoted('F', 1200, began + 130),
    quoted('F', 1300, began + 600),
  ]);
  await mover.start();
  expect(shown).toEqual(['F 1000']);
  await clock.advance(250);
  await expect.poll(() => shown).toEqual(['F 1000', 'F 1100, GM 2000', 'F 1200']);
  await clock.advance(500);
  await expect.poll(() => shown.at(-1)).toBe('F 1300');
  await mover.stop();
  await clock.advance(1000);
  expect(shown).toHaveLength(4);
});

it('shows nothing more until the last was seen, and then everything', async () => {
  const { clock, mover, shown, close } = scene([1, 2, 3, 4].map((i) => quoted('F', i * 1000, began + i * 250)));
  await mover.start();
  const seen = Promise.withResolvers<void>();
  close(seen.promise);
  await clock.advance(1000);
  expect(shown).toEqual(['F 1000']);
  seen.resolve();
  close(Promise.resolve());
  await expect
    .poll(async () => {
      await clock.advance(250);
      return shown;
    })
    .toEqual(['F 1000', 'F 2000', 'F 3000', 'F 4000']);
  await mover.stop();
});

it('tells of each minute that ended, once', async () => {
  const { clock, mover, minutes } = scene([]);
  await mover.start();
  for (let i = 0; i < 9; i++) await clock.advance(15_000);
  await expect.poll(() => minutes).toEqual(['15:00', '15:01']);
  await mover.stop();
});
