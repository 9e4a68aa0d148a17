import { Big, decimal, money, price, quantity, wholeShares } from '../server/core/decimal.ts';
import { decide } from '../server/pipeline/risk/gate.ts';
import { createLimitBook } from '../server/pipeline/risk/limit-book.ts';
import { loadRules, ruleOf } from '../server/pipeline/risk/load-rules.ts';
import type { RiskContext } from '../server/pipeline/risk/rule.ts';
import { accountView, openOrder, position, riskContext } from '../server/testing/risk-context.ts';
import { at, median, table } from './measure.ts';

/** Microseconds, sorted, of one round. */
type Micros = Float64Array;

export interface RiskGateFigures {
  readonly rules: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** The gate's p50 against one decimal division: the sizing alone, without which nothing is decided. */
  readonly timesOneDivision: number;
  /** The gate's p50 against asking one rule. */
  readonly timesOneRule: number;
}

const rounds = 5;
const perRound = 4000;
const goalMicros = 200;

/** 20 positions and 40 open orders: a busy account. */
function busyContext(): RiskContext {
  const symbols = Array.from({ length: 20 }, (_, i) => `SYM${i}`);
  return riskContext({
    account: accountView({
      cash: money('900000'),
      brokerBuyingPower: money('1800000'),
      equityAtDayStart: money('1000000'),
      positions: symbols.map((symbol) => position(symbol, '37', '4939.50')),
      openOrders: symbols.flatMap((symbol) => [
        openOrder({ symbol, remaining: quantity('3'), referencePrice: price('133.37') }),
        openOrder({ symbol, role: 'stop_loss', side: 'sell', countedByBroker: true }),
      ]),
    }),
    prices: new Map(symbols.map((symbol) => [symbol, price('134.12')])),
    equity: money('1000000'),
  });
}

/**
 * The risk gate alone, all rules on a busy account, and beside it in the same rounds one decimal division (the sizing) and a gate of one rule.
 * Prints the figures and the ratios; the goal is p99 under 0.2 ms.
 */
export async function runRiskGateBench(): Promise<RiskGateFigures> {
  const rules = await loadRules();
  const all = createLimitBook(rules, []);
  const context = busyContext();
  const one = createLimitBook([ruleOf(rules, 'alert-age')], []);
  const decision = decide(all, context);
  if (decision.outcome !== 'approved')
    throw new Error(`the measured decision is not the intended one: ${decision.verdicts.at(-1)?.sentence}`);

  const risk = decimal('1000');
  let kept: unknown;
  const subjects = {
    gate: () => decide(all, context),
    oneRule: () => decide(one, context),
    division: () => wholeShares(risk.div(new Big('1.75'))),
  };
  const measure = (run: () => unknown): Micros => {
    const micros = new Float64Array(perRound);
    for (let i = 0; i < perRound; i += 1) {
      const start = process.hrtime.bigint();
      kept = run();
      micros[i] = Number(process.hrtime.bigint() - start) / 1000;
    }
    return micros.sort();
  };
  for (const run of Object.values(subjects)) measure(run);
  const results = { gate: [] as Micros[], oneRule: [] as Micros[], division: [] as Micros[] };
  // In turns, so that what else the machine does falls on all alike.
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['gate', 'oneRule', 'division'] as const) results[name].push(measure(subjects[name]));
  }
  if (kept === undefined) throw new Error('nothing was measured');

  const middle = (name: keyof typeof results, share: number): number => median(results[name].map((r) => at(r, share)));
  const figures: RiskGateFigures = {
    rules: rules.length,
    p50Micros: middle('gate', 0.5),
    p99Micros: middle('gate', 0.99),
    timesOneDivision: middle('gate', 0.5) / middle('division', 0.5),
    timesOneRule: middle('gate', 0.5) / middle('oneRule', 0.5),
  };
  const row = (label: string, name: keyof typeof results): string[] => [
    label,
    `${middle(name, 0.5).toFixed(1)} µs`,
    `${middle(name, 0.99).toFixed(1)} µs`,
    `${(middle('gate', 0.5) / middle(name, 0.5)).toFixed(1)}x`,
  ];
  console.log(
    `\nRisk gate: ${figures.rules} rules, 20 positions, 40 open orders; ${rounds} rounds of ${perRound}, medians`,
  );
  console.log(
    table([
      ['', 'p50', 'p99', 'gate / this (p50)'],
      row('all rules', 'gate'),
      row('one rule', 'oneRule'),
      row('one decimal division (the sizing)', 'division'),
    ]),
  );
  const met = figures.p99Micros < goalMicros ? 'met' : 'NOT met';
  console.log(`Goal: p99 under ${goalMicros} µs: ${met}, at ${(figures.p99Micros / goalMicros).toFixed(2)} of it.`);
  return figures;
}
