// The whole system as `npm start` starts it: each payload form goes over HTTP to the fill, the ledger and the socket.
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Execution, Order, Position, Receipt, ServerToClient, Signal } from '../contract/index.ts';
import { message, newDataDir, removeDataDir, type System, signIn, startSystem } from '../testing/system.ts';

interface Page<T> {
  items: T[];
  next: string | null;
}

let system: System;
let dataDir: string;
let socket: Socket<ServerToClient>;
let person: System['api'];

beforeAll(async () => {
  dataDir = await newDataDir();
  system = await startSystem(dataDir);
  socket = await system.connect();
  person ??= await signIn(system);
}, 120_000);

afterAll(async () => {
  socket?.close();
  if (system) expect(await system.stop()).toBe(0);
  await removeDataDir(dataDir);
}, 30_000);

const midOf = async (ticker: string): Promise<number> => {
  const { items } = await system.api<{ items: { bid: string; ask: string }[] }>(`/quotes?symbols=${ticker}`);
  return (Number(items[0]!.bid) + Number(items[0]!.ask)) / 2;
};

/** Posts and follows the alert by its socket messages until its order has the status. */
async function follow(body: string, status: Order['status'], contentType?: string) {
  const early: Order[] = [];
  const gather = (order: Order) => early.push(order);
  socket.on('order', gather);
  const answer = await system.post(body, contentType);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202, body: { status: 'accepted' } });
  const id = answer.body.id as string;
  const wanted = (order: Order) => order.signalId === id && order.parentId === null && order.status === status;
  const order = early.find(wanted) ?? (await message(socket, 'order', wanted));
  socket.off('order', gather);
  return { id, order };
}

describe('the way of a signal', () => {
  it('takes the long form, as JSON, to a filled bracket whose books equal the exchange’s', async () => {
    const mid = await midOf('AAPL');
    const entry = mid.toFixed(2);
    const stop = (mid - 1.75).toFixed(2);
    const target = (mid + 5).toFixed(2);
    const { id, order } = await follow(
      JSON.stringify({
        signal: 'BUY',
        ticker: 'AAPL',
        tradingMode: 'Paper',
        riskAmount: 100.0,
        entryPrice: Number(entry),
        stopLoss: Number(stop),
        takeProfit: Number(target),
        timestamp: new Date().toISOString(),
        strategy: 'momentum_breakout',
        timeframe: '5m',
      }),
      'filled',
    );
    // floor(100 / 1.75) = 57
    expect(order).toMatchObject({
      symbol: 'AAPL',
      side: 'buy',
      quantity: '57',
      filledQuantity: '57',
      orderClass: 'bracket',
    });

    // The broker tells of the legs after the fill.
    const receipt = await receiptWhen(id, ({ legs }) => legs.filter((leg) => leg.status === 'accepted').length === 2);
    expect(receipt.raw.body).toContain('"riskAmount":100');
    expect(receipt.decision?.verdicts.length).toBeGreaterThanOrEqual(12);
    expect(receipt.decision?.verdicts.every((verdict) => verdict.verdict !== 'deny')).toBe(true);
    expect(receipt.executions.reduce((sum, fill) => sum + Number(fill.quantity), 0)).toBe(57);
    expect(receipt.legs.map((leg) => leg.role).sort()).toEqual(['stop_loss', 'take_profit']);
    expect(receipt.legs.find((leg) => leg.role === 'stop_loss')).toMatchObject({ stopPrice: Number(stop).toString() });
    expect(receipt.steps.filter((step) => step.at !== null).map((step) => step.name)).toEqual(
      expect.arrayContaining(['received', 'stored', 'decided', 'submitting', 'acknowledged', 'filled']),
    );
    expect(receipt.pnl.ledgerTransactions.length).toBe(receipt.executions.length);

    const positions = await system.api<{ items: Position[] }>('/positions');
    expect(positions.items).toContainEqual(expect.objectContaining({ symbol: 'AAPL', quantity: '57' }));
    await booksAgree();
  });

  it('takes the short form, as text: entry from the market, stop and target from the strategy', async () => {
    const { id, order } = await follow(
      '{"signal":"BUY","ticker":"MSFT","mode":"Paper","risk":100}',
      'filled',
      'text/plain; charset=utf-8',
    );
    const receipt = await system.api<Receipt>(`/signals/${id}/receipt`);
    expect(receipt.decision?.sizing).toMatchObject({
      entryFrom: 'quote',
      stopFrom: 'strategy',
      takeProfitFrom: 'strategy',
    });
    expect(order.orderClass).toBe('bracket');
    await booksAgree();
  });

  it('closes the position on a SELL: legs cancelled first, then the shares sold, profit or loss realized', async () => {
    const { id, order } = await follow('{"signal":"SELL","ticker":"MSFT","mode":"Paper","risk":100}', 'filled');
    expect(order).toMatchObject({ role: 'exit', side: 'sell', symbol: 'MSFT' });
    const positions = await system.api<{ items: Position[] }>('/positions');
    expect(positions.items.filter((position) => position.symbol === 'MSFT' && position.quantity !== '0')).toEqual([]);
    const open = await system.api<Page<Order>>('/orders?status=open&symbol=MSFT');
    expect(open.items).toEqual([]);
    const receipt = await system.api<Receipt>(`/signals/${id}/receipt`);
    expect(receipt.decision?.intent).toBe('exit');
    await booksAgree();
  });

  it('makes one order of the same alert sent 20 times at once', async () => {
    const body = JSON.stringify({
      signal: 'BUY',
      ticker: 'NVDA',
      mode: 'Paper',
      risk: 50,
      timestamp: new Date().toISOString(),
    });
    const filled = message(
      socket,
      'order',
      (order) => order.symbol === 'NVDA' && order.role === 'entry' && order.status === 'filled',
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => system.post(body)));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(19);
    await filled;
    const orders = await system.api<Page<Order>>('/orders?status=all&symbol=NVDA');
    expect(orders.items.filter((order) => order.parentId === null)).toHaveLength(1);
    expect(await atExchange<unknown[]>('/v2/orders?status=all&symbols=NVDA&nested=true')).toHaveLength(1);
  });

  it('tells the sockets of the signal, the decision, the fill and the position', async () => {
    const told = Promise.all([
      // As it stands when it is told: by then it may have been decided already.
      message(socket, 'signal', (signal) => signal.ticker === 'AMZN'),
      message(socket, 'decision', (decision) => decision.ticker === 'AMZN'),
      message(socket, 'execution', (execution) => execution.symbol === 'AMZN'),
      message(socket, 'positions', (positions) => positions.some((position) => position.symbol === 'AMZN')),
    ]);
    await follow('{"signal":"BUY","ticker":"AMZN","mode":"Paper","risk":100}', 'filled');
    const [signal, decision, execution] = await told;
    expect(signal.status).not.toBe('refused');
    expect(decision.outcome).toBe('approved');
    expect(execution.side).toBe('buy');
  });

  it('refuses with the field and what was expected, and keeps what it refused', async () => {
    const answer = await system.post('{"signal":"BUY","ticker":"{{ticker}}","mode":"Paper","risk":-5}');
    expect(answer.status).toBe(400);
    expect((answer.body.fields as { field: string }[]).map((field) => field.field).sort()).toEqual(['risk', 'ticker']);
    const kept = await system.api<Signal>(`/signals/${answer.body.id as string}`);
    expect(kept.status).toBe('refused');
    const receipt = await system.api<Receipt>(`/signals/${answer.body.id as string}/receipt`);
    expect(receipt.raw.body).toContain('{{ticker}}');
  });

  it('denies with the rule’s numbers, and sends nothing', async () => {
    const denied = message(socket, 'decision', (decision) => decision.ticker === 'NOPE');
    const answer = await system.post('{"signal":"BUY","ticker":"NOPE","mode":"Paper","risk":100}');
    expect(answer.status).toBe(202);
    expect(await denied).toMatchObject({ outcome: 'denied', code: 'RISK_UNKNOWN_TICKER' });
  });

  it('answers 404 to a wrong token, as to a wrong source', async () => {
    const wrong = await fetch(system.ready.webhookUrl.replace(/[^/]+$/, 'a-token-of-nobody'), {
      method: 'POST',
      body: '{}',
    });
    expect(wrong.status).toBe(404);
  });

  it('sends production to paper while one of the four says paper, and says why', async () => {
    const decided = message(socket, 'decision', (decision) => decision.ticker === 'KO');
    await system.post('{"signal":"BUY","ticker":"KO","mode":"Production","risk":20}');
    const decision = await decided;
    expect(decision.mode).toBe('paper');
    expect(decision.modeReasons.some((reason) => reason.source === 'master' && reason.says === 'paper')).toBe(true);
  });

  it('stops entries while the kill switch is on, and takes them again when it is released', async () => {
    const { id } = await system.api<{ id: string }>('/kill-switch', {
      method: 'POST',
      body: JSON.stringify({ reason: 'a test of the brake' }),
    });
    const denied = message(socket, 'decision', (decision) => decision.ticker === 'PEP');
    await system.post('{"signal":"BUY","ticker":"PEP","mode":"Paper","risk":20}');
    expect(await denied).toMatchObject({ outcome: 'denied', code: 'RISK_KILL_SWITCH' });
    const lift = { method: 'POST', body: JSON.stringify({ reason: 'the test is over' }) };
    // A token stops; it takes a person to go on.
    await expect(system.api(`/kill-switch/${id}/lift`, lift)).rejects.toThrow('NOT_A_PERSON');
    await person(`/kill-switch/${id}/lift`, lift);
    await follow('{"signal":"BUY","ticker":"PEP","mode":"Paper","risk":21}', 'filled');
    await booksAgree();
  });
});

describe('a person’s hand', () => {
  /** An entry that rests two percent below the market. */
  async function resting(ticker: string): Promise<Order> {
    await system.api('/strategies/resting', {
      method: 'PUT',
      body: JSON.stringify({ settings: { entryType: 'limit' } }),
    });
    const mid = await midOf(ticker);
    const alert = {
      signal: 'BUY',
      ticker,
      mode: 'Paper',
      risk: 20,
      entryPrice: (mid * 0.98).toFixed(2),
      stopLoss: (mid * 0.96).toFixed(2),
      strategy: 'resting',
    };
    return (await follow(JSON.stringify(alert), 'accepted')).order;
  }

  it('cancels an order that rests, with its legs', async () => {
    const order = await resting('JPM');
    const canceled = message(socket, 'order', (one) => one.id === order.id && one.status === 'canceled');
    await system.api(`/orders/${order.id}/cancel`, { method: 'POST' });
    await canceled;
    expect(await atExchange<unknown[]>('/v2/orders?status=open&symbols=JPM')).toEqual([]);
  });

  it('has the kill switch cancel resting entries, and close everything when told to', async () => {
    const order = await resting('WMT');
    const canceled = message(socket, 'order', (one) => one.id === order.id && one.status === 'canceled');
    const flat = message(socket, 'positions', (positions) => positions.length === 0);
    const { id } = await system.api<{ id: string }>('/kill-switch', {
      method: 'POST',
      body: JSON.stringify({ reason: 'everything out', flatten: true }),
    });
    await canceled;
    await flat;
    expect(await atExchange<unknown[]>('/v2/positions')).toEqual([]);
    await booksAgree();
    await person(`/kill-switch/${id}/lift`, {
      method: 'POST',
      body: JSON.stringify({ reason: 'the test is over' }),
    });
  });

  it('closes one position from the dashboard, by an alert with a receipt of its own', async () => {
    await follow('{"signal":"BUY","ticker":"DIS","mode":"Paper","risk":50}', 'filled');
    const { items } = await system.api<{ items: Position[] }>('/positions');
    const held = items.find((position) => position.symbol === 'DIS')!;
    const gone = message(socket, 'positions', (positions) => !positions.some((position) => position.symbol === 'DIS'));
    const answer = await system.api<{ id: string }>(`/positions/${held.accountId}/DIS/close`, { method: 'POST' });
    await gone;
    const receipt = await system.api<Receipt>(`/signals/${answer.id}/receipt`);
    expect(receipt.signal).toMatchObject({ source: 'dashboard', strategy: 'default', action: 'exit' });
    await booksAgree();
  });
});

it('knows everything again after a stop and a start', async () => {
  await follow('{"signal":"BUY","ticker":"GE","mode":"Paper","risk":30}', 'filled');
  const before = await system.api<{ items: Position[] }>('/positions');
  const link = system.ready.exchange.url;
  socket.close();
  expect(await system.stop()).toBe(0);
  system = await startSystem(dataDir);
  socket = await system.connect();
  person ??= await signIn(system);
  const after = await system.api<{ items: Position[] }>('/positions');
  const held = ({ items }: { items: Position[] }) =>
    items.map((position) => [position.symbol, position.quantity, position.cost]);
  expect(held(after)).toEqual(held(before));
  expect(system.ready.exchange.url).toBe(link);
  expect(system.output()).not.toContain(system.ready.apiToken);
  await booksAgree();
}, 60_000);

/** The receipt, once it says what is waited for; it is looked at anew with every event. */
async function receiptWhen(id: string, accept: (receipt: Receipt) => boolean): Promise<Receipt> {
  for (;;) {
    const more = message(socket, 'event', () => true);
    const receipt = await system.api<Receipt>(`/signals/${id}/receipt`);
    if (accept(receipt)) return receipt;
    await more;
  }
}

async function atExchange<T>(path: string): Promise<T> {
  const { url, keyId, secretKey } = system.ready.exchange;
  const response = await fetch(`${url}${path}`, {
    headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** Cash to the cent and every position to the share: ours against the exchange's. */
async function booksAgree(): Promise<void> {
  const [accounts, theirs, positions, theirPositions] = await Promise.all([
    system.api<{ items: Account[] }>('/accounts'),
    atExchange<{ cash: string }>('/v2/account'),
    system.api<{ items: Position[] }>('/positions'),
    atExchange<{ symbol: string; qty: string; avg_entry_price: string }[]>('/v2/positions'),
  ]);
  const ours = accounts.items.find((account) => account.venue === 'embedded')!;
  expect(Number(ours.cash).toFixed(2)).toBe(Number(theirs.cash).toFixed(2));
  const held = positions.items.filter((position) => position.quantity !== '0');
  expect(held.map((position) => [position.symbol, Number(position.quantity)]).sort()).toEqual(
    theirPositions.map((position) => [position.symbol, Number(position.qty)]).sort(),
  );
  const executions = await system.api<Page<Execution>>('/executions?limit=500');
  const cash = executions.items.reduce(
    (sum, fill) => sum + (fill.side === 'buy' ? -1 : 1) * Number(fill.quantity) * Number(fill.price),
    100_000,
  );
  expect(cash.toFixed(2)).toBe(Number(ours.cash).toFixed(2));
}
