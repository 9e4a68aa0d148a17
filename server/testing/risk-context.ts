import { money, price, quantity } from '../core/decimal.ts';
import type { AccountView, HeldView, OpenOrderView } from '../core/model/account-view.ts';
import type { RuleVerdict } from '../core/model/decision.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import { everything, type ParameterValue, type StoredLimit } from '../core/model/risk-limit.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import { noTerms } from '../core/model/signal-terms.ts';
import { decide } from '../pipeline/risk/gate.ts';
import { createLimitBook } from '../pipeline/risk/limit-book.ts';
import type { RiskContext, Rule, SizedSignal } from '../pipeline/risk/rule.ts';

export const noon = new Date('2026-11-20T17:00:00.000Z');

/** The long form of the native payload, fired ten seconds ago. */
export const tradeSignal = (change: Partial<TradeSignal> = {}): TradeSignal => ({
  action: change.side ?? 'buy',
  side: 'buy',
  ticker: 'AAPL',
  requestedMode: 'paper',
  riskAmount: money('100'),
  quantity: null,
  portion: null,
  entryPrice: price('150.00'),
  stopLoss: price('148.00'),
  takeProfit: price('155.00'),
  takeProfits: [],
  trailAmount: null,
  trailPercent: null,
  breakEvenOffset: null,
  confidence: null,
  targetPosition: null,
  previousPosition: null,
  previousSize: null,
  firedAt: new Date(noon.getTime() - 10_000),
  alertId: null,
  strategy: 'momentum',
  timeframe: '5m',
  account: null,
  ...noTerms,
  ...change,
});

export const sizedEntry = (change: Partial<SizedSignal> = {}): SizedSignal => ({
  intent: 'entry',
  side: 'buy',
  quantity: quantity('50'),
  referencePrice: price('150.00'),
  stopLoss: price('148.00'),
  takeProfit: price('155.00'),
  problem: null,
  ...change,
});

/** A position that is all one strategy's. */
export const position = (symbol: string, shares: string, cost: string, strategy = 'momentum'): HeldView => ({
  symbol,
  quantity: quantity(shares),
  cost: money(cost),
  realizedPnl: money('0'),
  lots: [{ strategy, quantity: quantity(shares), cost: money(cost) }],
});

export const openOrder = (change: Partial<OpenOrderView> = {}): OpenOrderView => ({
  orderId: 'order',
  symbol: 'AAPL',
  side: 'buy',
  strategy: 'momentum',
  role: 'entry',
  status: 'accepted',
  type: 'market',
  parentId: null,
  limitPrice: null,
  stopPrice: null,
  trail: null,
  remaining: quantity('10'),
  referencePrice: price('150'),
  countedByBroker: false,
  ...change,
});

export const accountView = (change: Partial<AccountView> = {}): AccountView => ({
  accountId: 'account',
  name: 'Embedded paper',
  mode: 'paper',
  enabled: true,
  cash: money('100000'),
  brokerBuyingPower: money('100000'),
  equityAtDayStart: money('100000'),
  positions: [],
  openOrders: [],
  ...change,
});

/** A market of which nothing is known. */
export const noMarketFacts: MarketFacts = { dailyBars: () => null, session: () => null, blackouts: () => null };

/** An entry of 50 AAPL at 150.00 (7,500) in an account of 100,000, which every rule lets pass. */
export const riskContext = (change: Partial<RiskContext> = {}): RiskContext => ({
  signal: tradeSignal(),
  receivedAt: noon,
  now: noon,
  mode: 'paper',
  modeReasons: [{ source: 'signal', says: 'paper', sentence: 'The alert asks for paper.' }],
  strategyEnabled: true,
  account: accountView(),
  asset: {
    symbol: 'AAPL',
    name: 'Apple Inc.',
    exchange: 'NASDAQ',
    tradable: true,
    shortable: true,
    fractionable: true,
  },
  quote: { symbol: 'AAPL', bid: price('149.99'), ask: price('150.01'), at: noon },
  prices: new Map(),
  equity: money('100000'),
  sized: sizedEntry(),
  lot: quantity('1'),
  activity: {
    entries: [],
    trades: [],
    equityAtWeekStart: money('100000'),
    peakEquity: money('100000'),
    paidIn: money('100000'),
    dayTrades: 0,
  },
  market: noMarketFacts,
  sectorOf: () => 'Information Technology',
  industryOf: () => 'Technology Hardware, Storage & Peripherals',
  killSwitches: [],
  approvedInBar: null,
  ...change,
});

/** What the gate says by this rule alone, under its defaults but for what is given. Of an order that is made smaller: that it is. */
export function verdictOf(
  rule: Rule,
  context: RiskContext,
  parameters: Readonly<Record<string, ParameterValue>> = {},
  limit: Partial<Pick<StoredLimit, 'scope' | 'severity'>> = {},
): RuleVerdict {
  const stored = {
    rule: rule.key,
    scope: everything,
    on: true,
    severity: rule.severities[0],
    parameters,
    version: 1,
    author: 'ada',
    reason: 'a test',
    at: noon,
    ...limit,
  };
  const book = createLimitBook([rule], [stored]);
  return decide(book, context).verdicts[0]!;
}
