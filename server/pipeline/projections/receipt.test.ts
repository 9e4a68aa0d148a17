// The receipt is a pure function of rows: each test is one alert's story, told as far as it went.
import { describe, expect, it } from 'vitest';
import { assembleReceipt, type StepName } from './receipt.ts';

/** A moment, in milliseconds after the alert came in. */
const atMs = (ms: number): string => new Date(Date.parse('2026-11-20T15:00:00.000Z') + ms).toISOString();

const raw = {
  body: '{"signal":"BUY","ticker":"ÄPL"}',
  contentType: 'text/plain',
  proofs: { 'user-agent': 'tv' },
  parsed: { ticker: 'AAPL' },
  problems: null,
  parseMicros: 250,
};
const signal = { receivedAt: atMs(0), status: 'approved', sentence: null as string | null };
const accepted = { kind: 'signal.accepted', at: atMs(3) };
const decision = {
  startedAt: atMs(10),
  decidedAt: atMs(14),
  outcome: 'approved',
  sentence: null as string | null,
  sizing: { sentence: '57 shares.' } as { sentence: string } | null,
};
const order = {
  id: 'order',
  parentId: null as string | null,
  shadow: false,
  side: 'buy' as 'buy' | 'sell',
  quantity: '57',
  referencePrice: '150',
  status: 'filled',
  submittingAt: atMs(15) as string | null,
  acknowledgedAt: atMs(22) as string | null,
  closedAt: atMs(60) as string | null,
};
const fill = (change: object = {}) => ({
  orderId: 'order',
  quantity: '57',
  price: '150.01',
  fee: '0',
  realizedPnl: '0',
  executedAt: atMs(60),
  ...change,
});
const story = (change: Partial<Parameters<typeof assembleReceipt>[0]> = {}) =>
  assembleReceipt({
    signal,
    raw,
    decisions: [decision],
    approvals: [],
    destinations: [],
    orders: [order],
    executions: [fill()],
    events: [accepted],
    ledgerTransactions: ['t1'],
    ...{ trades: [], replays: [] },
    ...change,
  });
/** An entry with its stop at the broker. */
const entry = { ...order, role: 'entry', protectedMs: 120 as number | null };
const step = (receipt: ReturnType<typeof story>, name: StepName) => receipt.steps.find((one) => one.name === name)!;

describe('the steps', () => {
  it('say when a stop stood behind the last share of an entry, and not of what enters nothing', () => {
    expect(step(story({ orders: [entry] }), 'protected')).toMatchObject({ at: atMs(180), tookMs: 120 });
    expect(step(story({ orders: [{ ...entry, protectedMs: null }] }), 'protected').at).toBeNull();
    expect(story({ orders: [{ ...entry, role: 'exit' }] }).steps.some(({ name }) => name === 'protected')).toBe(false);
  });
  it('are all there in their order, each with its time and what it took since the one before', () => {
    const { steps } = story({
      executions: [fill({ quantity: '20', executedAt: atMs(40) }), fill({ quantity: '37' })],
    });
    expect(steps.map(({ name, at, tookMs }) => [name, at, tookMs])).toEqual([
      ['received', atMs(0), null],
      ['parsed', atMs(0), 0.25],
      ['stored', atMs(3), 3],
      ['started', atMs(10), 7],
      ['decided', atMs(14), 4],
      ['submitting', atMs(15), 1],
      ['acknowledged', atMs(22), 7],
      ['first_fill', atMs(40), 18],
      ['filled', atMs(60), 20],
      ['closed', atMs(60), 0],
    ]);
    expect(steps.find((one) => one.name === 'decided')!.sentence).toBe('Approved. 57 shares.');
  });

  it('of a refused alert end with its being kept, without a job', () => {
    const receipt = story({
      signal: { ...signal, status: 'refused', sentence: 'risk: expected an amount above zero' },
      raw: { ...raw, parsed: null, problems: [{ field: 'risk', code: 'not_positive', message: 'above zero' }] },
      decisions: [],
      orders: [],
      executions: [],
      events: [{ kind: 'signal.refused', at: atMs(3) }],
      ledgerTransactions: [],
    });
    expect(receipt.steps.filter((one) => one.at !== null).map((one) => one.name)).toEqual([
      'received',
      'parsed',
      'stored',
    ]);
    expect(step(receipt, 'stored').sentence).not.toContain('job');
    expect(receipt.problems).toHaveLength(1);
    expect(receipt).toMatchObject({ order: null, decisions: [], parsed: null });
    expect(receipt.pnl).toEqual({ realized: '0', fees: '0', slippage: null, ledgerTransactions: [] });
  });

  it('of a denied one end with the reason', () => {
    const receipt = story({
      decisions: [{ ...decision, outcome: 'denied', sentence: 'The position would be 31 % of equity.', sizing: null }],
      orders: [],
      executions: [],
    });
    expect(step(receipt, 'decided').sentence).toBe('The position would be 31 % of equity.');
    expect(step(receipt, 'submitting')).toMatchObject({ at: null, tookMs: null });
  });

  it('of an order that still rests say of no end', () => {
    const resting = { ...order, status: 'accepted', closedAt: null };
    const receipt = story({ orders: [resting], executions: [] });
    expect(step(receipt, 'closed')).toMatchObject({ at: null, tookMs: null });
    expect(step(receipt, 'closed').sentence).not.toMatch(/ended/);
  });

  it('of an order filled in part and cancelled have no full fill', () => {
    const receipt = story({
      orders: [{ ...order, status: 'canceled' }],
      executions: [fill({ quantity: '20', executedAt: atMs(40) })],
    });
    expect(step(receipt, 'filled').at).toBeNull();
    expect(step(receipt, 'closed')).toMatchObject({
      at: atMs(60),
      tookMs: 20,
      sentence: 'The order ended as canceled.',
    });
  });

  it('never take less than nothing, though two clocks disagree', () => {
    const receipt = story({ events: [{ kind: 'signal.accepted', at: atMs(-2) }] });
    expect(step(receipt, 'stored').tookMs).toBe(0);
  });
});

describe('profit and loss', () => {
  it('are those of the order and of its legs', () => {
    const leg = { ...order, id: 'leg', parentId: 'order', side: 'sell' as const };
    const receipt = story({
      orders: [leg, order],
      executions: [fill({ fee: '0.50' }), fill({ orderId: 'leg', price: '155', realizedPnl: '284.435', fee: '0.25' })],
    });
    expect(receipt.order?.id).toBe('order');
    expect(receipt.legs.map((one) => one.id)).toEqual(['leg']);
    expect(receipt.pnl).toMatchObject({ realized: '284.44', fees: '0.75' });
  });

  it.each([
    ['buy', '150.01', '0.57'],
    ['buy', '149.9', '-5.7'],
    ['sell', '149.9', '5.7'],
    ['sell', '150.01', '-0.57'],
  ] as const)('a %s at %s instead of 150 has slipped by %s', (side, price, slippage) => {
    expect(story({ orders: [{ ...order, side }], executions: [fill({ price })] }).pnl.slippage).toBe(slippage);
  });

  it('say by order what each share cost more, in hundredths of a percent, on either side', () => {
    const sold = { ...order, id: 'exit', side: 'sell' as const, quantity: '10' };
    const { slippages, pnl } = story({
      orders: [order, sold, { ...order, id: 'shadow', shadow: true }],
      executions: [
        fill({ price: '150.30' }),
        fill({ orderId: 'exit', quantity: '4', price: '149.70' }),
        fill({ orderId: 'exit', quantity: '6', price: '150.10' }),
        fill({ orderId: 'shadow' }),
      ],
    });
    expect(slippages).toEqual([
      {
        ...{ orderId: 'order', side: 'buy', quantity: '57', referencePrice: '150' },
        ...{ averagePrice: '150.3', bps: '20', cost: '17.1' },
      },
      {
        ...{ orderId: 'exit', side: 'sell', quantity: '10', referencePrice: '150' },
        ...{ averagePrice: '149.94', bps: '4', cost: '0.6' },
      },
    ]);
    expect(pnl.slippage).toBe('17.7');
  });

  it('have no slippage before there is a fill', () => {
    expect(story({ executions: [] }).pnl.slippage).toBeNull();
  });
});

it('the bytes are those of the body, not its letters', () => {
  expect(story().raw.bytes).toBe(new TextEncoder().encode(raw.body).length);
  expect(story().raw.bytes).toBe(raw.body.length + 1);
});

describe('a shadow', () => {
  const beside = { ...order, id: 'beside', shadow: true, submittingAt: atMs(90), acknowledgedAt: atMs(95) };
  const made = fill({ orderId: 'beside', realizedPnl: '77', fee: '1', price: '160' });

  it('adds nothing to what the alert made, nor to what it cost', () => {
    const receipt = story({
      orders: [order, beside],
      executions: [fill({ realizedPnl: '12.5', fee: '0.02' }), made],
    });
    expect(receipt.pnl).toMatchObject({ realized: '12.5', fees: '0.02', slippage: '0.57' });
    expect(receipt.orders).toHaveLength(2);
    expect(receipt.executions).toHaveLength(2);
  });

  it('is no step of an alert that production denied', () => {
    const receipt = story({ orders: [beside], executions: [made] });
    expect([step(receipt, 'submitting').at, step(receipt, 'first_fill').at]).toEqual([null, null]);
    expect(receipt.pnl).toMatchObject({ realized: '0', slippage: null });
  });
});
