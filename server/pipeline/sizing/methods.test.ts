import { describe, expect, it } from 'vitest';
import { decimal, money, price, quantity, text } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import type { StrategyTrade } from '../../core/model/account-activity.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import {
  accountView,
  noMarketFacts,
  openOrder,
  position,
  riskContext,
  tradeSignal,
} from '../../testing/risk-context.ts';
import { dailyBars, holding, sizedBy, sizingContext } from '../../testing/sizing-context.ts';
import { act } from './act.ts';
import type { SizingContext } from './context.ts';

/** What is sent, or the code of what is not: "BUY 50". */
function outcome(change: Partial<SizingContext>): string {
  const { sized, first, cancels } = act(sizingContext(change));
  if (sized.problem && first === null) return sized.problem.code;
  const orders = [first, sized].flatMap((one) =>
    one === null
      ? []
      : one.problem
        ? [one.problem.code]
        : one.side
          ? [`${one.side.toUpperCase()} ${text(one.quantity)}`]
          : [],
  );
  return [...cancels.map((id) => `cancel ${id}`), ...orders].join(', ');
}

/** Entry 150, stop 148: 2 a share at risk. The alert leaves its size to the strategy. */
const left = (change: Partial<TradeSignal> = {}) => tradeSignal({ riskAmount: null, ...change });
const by = (method: string, parameters: Record<string, string | number> = {}, change: Partial<SizingContext> = {}) =>
  outcome({ signal: left(), strategy: sizedBy(method, parameters), ...change });

const flat = (days: number, range = '3'): readonly Bar[] => dailyBars(Array(days).fill(decimal('150')), decimal(range));
const swaying = (days: number): readonly Bar[] =>
  dailyBars(
    Array.from({ length: days }, (_, i) => decimal(i % 2 === 0 ? '150' : '153')),
    decimal('4'),
  );
const marketOf = (bars: Readonly<Record<string, readonly Bar[]>>) => ({
  ...noMarketFacts,
  dailyBars: (symbol: string) => bars[symbol] ?? null,
});

describe('by the fixed risk amount', () => {
  it.each([
    ['exactly a share', '2', 'BUY 1'],
    ['a hair less', '1.99', 'RISK_ZERO_QUANTITY'],
    ['exactly fifty', '100', 'BUY 50'],
    ['a hair less than fifty', '99.99', 'BUY 49'],
  ])('%s', (_, risk, expected) => {
    expect(outcome({ signal: left({ riskAmount: money(risk) }) })).toBe(expected);
  });
  it('the alert’s counts before the strategy’s, which is weighted', () => {
    const strategy = sizedBy('fixed-risk', { risk: '40' });
    expect(outcome({ signal: left({ riskAmount: money('100') }), strategy })).toBe('BUY 50');
    expect(outcome({ signal: left(), strategy })).toBe('BUY 20');
    expect(outcome({ signal: left(), strategy, weight: decimal('0.5') })).toBe('BUY 10');
  });
  it('needs one', () => expect(by('fixed-risk')).toBe('RISK_NO_SIZE'));
  it.each([
    ['no stop but the strategy’s', { stopLoss: null }, 'BUY 66'],
    ['a stop at the entry', { stopLoss: price('150') }, 'RISK_STOP_SIDE'],
    ['a stop above', { stopLoss: price('151') }, 'RISK_STOP_SIDE'],
  ])('with %s', (_, change, expected) => {
    expect(outcome({ signal: tradeSignal(change) })).toBe(expected);
  });
  it('without a price', () => {
    expect(outcome({ signal: tradeSignal({ entryPrice: null }), quote: null })).toBe('RISK_NO_QUOTE');
  });
});

describe('by quantity and value', () => {
  it.each([
    ['fixed-quantity', { quantity: '25' }, 'BUY 25'],
    ['fixed-quantity', { quantity: '0.9' }, 'RISK_ZERO_QUANTITY'],
    ['fixed-notional', { value: '150' }, 'BUY 1'],
    ['fixed-notional', { value: '149.99' }, 'RISK_ZERO_QUANTITY'],
    ['fixed-notional', { value: '300' }, 'BUY 2'],
    ['percent-of-equity', { share: '0.003' }, 'BUY 2'],
    ['percent-of-equity', { share: '0.00299' }, 'BUY 1'],
    ['percent-of-equity', { share: '0' }, 'RISK_ZERO_QUANTITY'],
    ['percent-risk', { share: '0.001' }, 'BUY 50'],
    ['percent-risk', { share: '0.000999' }, 'BUY 49'],
  ])('%s %j', (method, parameters, expected) => expect(by(method, parameters)).toBe(expected));

  it('a weight counts', () =>
    expect(by('fixed-quantity', { quantity: '3' }, { weight: decimal('0.5') })).toBe('BUY 1'));
  it('a quantity of the alert counts before the method', () => {
    expect(by('percent-risk', {}, { signal: left({ quantity: quantity('7') }) })).toBe('BUY 7');
  });
  it.each(['percent-of-equity', 'percent-risk', 'volatility-target', 'volatility-parity', 'confidence'])(
    '%s has nothing to take of no equity, or less',
    (method) => {
      const market = marketOf({ AAPL: swaying(80) });
      const signal = left({ confidence: decimal('1') });
      for (const equity of ['0', '-5']) {
        expect(by(method, {}, { equity: money(equity), market, signal })).toBe('RISK_NO_EQUITY');
      }
    },
  );
});

describe('by a part of the position', () => {
  const scale = (signal: Partial<TradeSignal>, held: string, change: Partial<Parameters<typeof holding>[0]> = {}) =>
    by(
      'percent-of-position',
      { scaleIn: '0.5', scaleOut: '0.25' },
      {
        strategy: { ...sizedBy('percent-of-position', { scaleIn: '0.5', scaleOut: '0.25' }), allowShort: true },
        signal: left(signal),
        holding: holding({ held: quantity(held), ...change }),
      },
    );
  const short = { side: 'sell' as const, stopLoss: price('152'), takeProfit: null };
  it.each([
    ['in, long', {}, '57', 'BUY 28'],
    ['in, short', short, '-57', 'SELL 28'],
    ['out, long', short, '57', 'SELL 14'],
    ['out, short', {}, '-57', 'BUY 14'],
    ['in by ADD', { action: 'add' as const, side: null }, '57', 'BUY 28'],
    ['out of less than a share', short, '3', 'RISK_AT_TARGET'],
    ['in by less than a share', {}, '1', 'RISK_AT_TARGET'],
    ['a quantity that is named', { quantity: quantity('5') }, '57', 'BUY 5'],
  ])('%s', (_, signal, held, expected) => expect(scale(signal, held)).toBe(expected));
  it('the first is sized by the alert, or not at all', () => {
    expect(scale({ riskAmount: money('100') }, '0')).toBe('BUY 50');
    expect(scale({}, '0')).toBe('RISK_NO_SIZE');
  });
  it('what is on its way in is not added twice', () => {
    expect(scale({}, '57', { entering: quantity('20') })).toBe('BUY 8');
    expect(scale({}, '57', { entering: quantity('28') })).toBe('RISK_AT_TARGET');
  });
  it('a whole part closes all', () => {
    const strategy = sizedBy('percent-of-position', { scaleOut: '1' });
    expect(outcome({ signal: left(short), strategy, holding: holding({ held: quantity('57') }) })).toBe('SELL 57');
  });
});

describe('to a position', () => {
  const to = (target: string, held: string, change: Partial<Parameters<typeof holding>[0]> = {}) =>
    outcome({
      signal: left({
        targetPosition: quantity(target),
        stopLoss: price(target.startsWith('-') ? '152' : '148'),
        takeProfit: null,
      }),
      strategy: { ...defaultStrategySettings, allowShort: true },
      holding: holding({ held: quantity(held), ...change }),
    });
  const entry = (side: 'buy' | 'sell', shares: string) =>
    openOrder({ orderId: 'in', side, remaining: quantity(shares) });
  const exit = (side: 'buy' | 'sell', shares: string) =>
    openOrder({ orderId: 'out', role: 'exit', side, remaining: quantity(shares) });
  it.each([
    ['100', '0', 'BUY 100'],
    ['-100', '0', 'SELL 100'],
    ['100', '57', 'BUY 43'],
    ['57', '100', 'SELL 43'],
    ['-57', '-100', 'BUY 43'],
    ['-100', '-57', 'SELL 43'],
    ['100', '100', 'RISK_AT_TARGET'],
    ['100.5', '100', 'RISK_AT_TARGET'],
    ['0', '0', 'RISK_AT_TARGET'],
    ['0', '57', 'SELL 57'],
    ['0', '-57', 'BUY 57'],
    ['-50', '57', 'SELL 57, SELL 50'],
    ['50', '-57', 'BUY 57, BUY 50'],
  ])('%s from %s is %s', (target, held, expected) => expect(to(target, held)).toBe(expected));

  it('counts what is on its way in, and cancels what would carry it too far', () => {
    const open = [entry('buy', '80')];
    const coming = { entering: quantity('80'), open };
    expect(to('100', '20', coming)).toBe('RISK_AT_TARGET');
    expect(to('110', '20', coming)).toBe('BUY 10');
    expect(to('60', '20', coming)).toBe('cancel in');
    expect(to('15', '20', coming)).toBe('cancel in, SELL 5');
    expect(to('0', '0', coming)).toBe('cancel in, SELL 80');
  });

  it('counts what is on its way out: the same alert twice is one order', () => {
    expect(to('60', '100', { open: [exit('sell', '40')] })).toBe('RISK_AT_TARGET');
    expect(to('0', '100', { open: [exit('sell', '100')] })).toBe('RISK_AT_TARGET');
    const reversing = { entering: quantity('-50'), open: [exit('sell', '57'), entry('sell', '50')] };
    expect(to('-50', '57', reversing)).toBe('RISK_AT_TARGET');
  });

  it('closes only, where shorts are not allowed', () => {
    const signal = left({ side: 'sell', targetPosition: quantity('-50'), stopLoss: null, takeProfit: null });
    expect(outcome({ signal, holding: holding({ held: quantity('57') }) })).toBe('SELL 57, RISK_SHORT_NOT_ALLOWED');
    expect(outcome({ signal })).toBe('RISK_SHORT_NOT_ALLOWED');
  });

  it('by the method, the quantity of a buy or a sell is the position', () => {
    const held = holding({ held: quantity('57') });
    expect(by('target-position', {}, { signal: left({ quantity: quantity('100') }), holding: held })).toBe('BUY 43');
    expect(by('target-position', {}, { signal: left({ quantity: quantity('40') }), holding: held })).toBe('SELL 17');
    expect(by('target-position')).toBe('RISK_NO_SIZE');
  });
});

describe('by volatility', () => {
  it.each([
    ['enough bars', flat(15), 'BUY 166'],
    ['a bar too few', flat(14), 'RISK_NO_BARS'],
    ['none', undefined, 'RISK_NO_BARS'],
    ['bars that stand still', flat(15, '0'), 'RISK_NO_BARS'],
    ['bars that cannot be meant', [...flat(15)].reverse(), 'RISK_NO_SIZE'],
  ])('target, with %s', (_, bars, expected) => {
    expect(by('volatility-target', {}, { market: marketOf(bars ? { AAPL: bars } : {}) })).toBe(expected);
  });

  const held = (symbol: string) => accountView({ positions: [position(symbol, '50', '7500')] });
  const parity = (bars: Record<string, readonly Bar[]>, account = accountView()) =>
    by('volatility-parity', { days: 20 }, { market: marketOf(bars), account });
  it.each([
    ['nothing held: by the start', { AAPL: swaying(21) }, accountView(), 'BUY 164'],
    // The same bars and 7,500 at cost: as many as 7,500 buy at 150, or one less, as a share counts for no less than it moves.
    ['as what is held', { AAPL: swaying(21), MSFT: swaying(21) }, held('MSFT'), 'BUY 49'],
    ['itself does not count as another', { AAPL: swaying(21) }, held('AAPL'), 'BUY 164'],
    ['a bar too few', { AAPL: swaying(20) }, accountView(), 'RISK_NO_BARS'],
    ['no bars of what is held', { AAPL: swaying(21) }, held('MSFT'), 'RISK_NO_BARS'],
    ['it stands still', { AAPL: flat(21) }, accountView(), 'RISK_NO_BARS'],
    ['what is held stands still', { AAPL: swaying(21), MSFT: flat(21) }, held('MSFT'), 'RISK_NO_BARS'],
  ])('parity, %s', (_, bars, account, expected) => expect(parity(bars, account)).toBe(expected));
});

describe('by confidence', () => {
  const sure = (confidence: string | null, change: Partial<TradeSignal> = {}) =>
    by(
      'confidence',
      { least: '0.3' },
      {
        signal: left({
          riskAmount: money('100'),
          confidence: confidence === null ? null : decimal(confidence),
          ...change,
        }),
      },
    );
  it.each([
    [null, 'RISK_NO_CONFIDENCE'],
    ['0', 'RISK_NO_CONFIDENCE'],
    ['0.29', 'RISK_NO_CONFIDENCE'],
    ['0.3', 'BUY 15'],
    ['0.999', 'BUY 49'],
    ['1', 'BUY 50'],
    ['1.01', 'RISK_NO_CONFIDENCE'],
    ['-1', 'RISK_NO_CONFIDENCE'],
  ])('%s', (confidence, expected) => expect(sure(confidence)).toBe(expected));
  it('weighs a quantity', () => {
    expect(sure('0.5', { riskAmount: null, quantity: quantity('7') })).toBe('BUY 3');
    expect(sure(null, { riskAmount: null, quantity: quantity('7') })).toBe('RISK_NO_CONFIDENCE');
  });
  it('takes a part of equity where the alert names no amount', () => {
    expect(sure('0.5', { riskAmount: null })).toBe('BUY 125');
  });
});

describe('by Kelly', () => {
  const trades = (won: number, lost: number, strategy = 'momentum'): StrategyTrade[] =>
    Array.from({ length: won + lost }, (_, i) => ({
      ...{ strategy, symbol: 'AAPL', side: 'buy' as const, profit: money(i < won ? '120' : '-100') },
      openedAt: new Date(Date.UTC(2026, 9, 1, i)),
      closedAt: new Date(Date.UTC(2026, 9, 1, i, 30)),
    }));
  const kelly = (list: StrategyTrade[], parameters: Record<string, string | number> = {}, change = {}) =>
    by(
      'fractional-kelly',
      { fraction: '0.1', cap: '0.02', atLeast: 20, ...parameters },
      {
        activity: { ...riskContext().activity, trades: list },
        ...change,
      },
    );
  it.each([
    // 0.5 - 0.5 / 1.2 = 8.3333 %, a tenth of it of 100,000 is 833.33, at 2 a share.
    ['an edge', trades(10, 10), {}, 'BUY 416'],
    ['a cap', trades(10, 10), { cap: '0.002' }, 'BUY 100'],
    ['a trade too few', trades(10, 9), {}, 'RISK_NO_TRADES'],
    ['a trade too few, and an amount until then', trades(10, 9), { untilThen: '0.001' }, 'BUY 50'],
    ['the amount until then is capped, too', trades(0, 0), { untilThen: '0.5', cap: '0.001' }, 'BUY 50'],
    ['no trade that lost', trades(20, 0), {}, 'RISK_NO_TRADES'],
    ['no edge', trades(9, 11), {}, 'RISK_NO_EDGE'],
    ['another strategy’s trades', trades(10, 10, 'breakout'), {}, 'RISK_NO_TRADES'],
  ])('%s', (_, list, parameters, expected) => expect(kelly(list, parameters)).toBe(expected));
  it('never more than the cap, whatever the account’s weight', () => {
    expect(kelly(trades(10, 10), { cap: '0.01' }, { weight: decimal('100') })).toBe('BUY 500');
  });
  it('needs equity', () => expect(kelly(trades(10, 10), {}, { equity: money('0') })).toBe('RISK_NO_EQUITY'));
});

describe('settings that cannot be read', () => {
  it.each([
    ['a method that there is not', sizedBy('martingale')],
    ['NaN', sizedBy('percent-risk', { share: 'NaN' })],
    ['a parameter that it has not', sizedBy('fixed-risk', { share: '0.1' })],
    ['a stop that there is not', { ...defaultStrategySettings, stop: { method: 'mental', parameters: {} } }],
  ])('%s: nothing is entered, and exits go on', (_, strategy) => {
    const signal = left({ stopLoss: null });
    expect(outcome({ signal, strategy })).toBe('RISK_SIZING_UNREADABLE');
    const sell = left({ side: 'sell', stopLoss: null, takeProfit: null });
    expect(outcome({ signal: sell, strategy, holding: holding({ held: quantity('5') }) })).toBe('SELL 5');
  });
});
