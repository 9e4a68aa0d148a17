import type postgres from 'postgres';
import { systemRandom } from '../adapters/clock/system-random.ts';

/** For tests of what is read of a strategy's trades: ten shares of KO each, straight in the tables, without a broker. */
export async function seedTrades(sql: postgres.Sql, strategy: string) {
  const accounts = { paper: systemRandom.id(), production: systemRandom.id() };
  for (const [mode, id] of Object.entries(accounts)) {
    await sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${id}, ${`${mode} ${id}`}, 'alpaca', 'embedded', ${mode}, 'key', 'sealed')`;
  }
  const signal = async (at: string): Promise<string> => {
    const id = systemRandom.id();
    const parsed = { riskAmount: '50' };
    await sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, strategy, parsed)
      values (${id}, 'tradingview', ${at}, 'approved', '{}', '{}', ${strategy}, ${sql.json(parsed)})`;
    return id;
  };
  const decide = async (
    signalId: string,
    mode: 'paper' | 'production',
    at: string,
    quote: string | null,
    shadow = false,
  ): Promise<string> => {
    const id = systemRandom.id();
    await sql`
      insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, verdicts, quote, shadow,
        started_at, decided_at)
      values (${id}, ${signalId}, ${accounts[mode]}, ${mode}, '[]', 'entry', 'approved', '[]',
        ${quote === null ? null : sql.json({ bid: quote, ask: quote, at })}, ${shadow}, ${at}, ${at})`;
    return id;
  };
  /** An order that ended, filled at the price or not at all. */
  const order = async (
    mode: 'paper' | 'production',
    side: 'buy' | 'sell',
    filledAt: string | null,
    at: string,
    links: { signalId: string; decisionId?: string; parentId?: string },
  ): Promise<string> => {
    const id = systemRandom.id();
    const { signalId, decisionId = null, parentId = null } = links;
    await sql`
      insert into orders (id, account_id, decision_id, signal_id, parent_id, strategy, mode, role, client_order_id,
        broker_order_id, symbol, side, type, order_class, time_in_force, quantity, reference_price, status,
        filled_quantity, filled_cost, created_at, updated_at)
      values (${id}, ${accounts[mode]}, ${decisionId}, ${signalId}, ${parentId}, ${strategy}, ${mode},
        ${parentId ? 'take_profit' : 'entry'}, ${id}, ${id}, 'KO', ${side}, 'market', 'simple', 'day', '10', '50',
        ${filledAt ? 'filled' : 'canceled'}, ${filledAt ? '10' : '0'}, ${filledAt ?? '0'}::numeric * 10, ${at}, ${at})`;
    if (filledAt) {
      await sql`
        insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price,
          cumulative_quantity, source, executed_at, recorded_at)
        values (${systemRandom.id()}, ${id}, ${accounts[mode]}, ${id}, 'KO', ${side}, '10', ${filledAt}, '10', 'stream',
          ${at}, ${at})`;
    }
    return id;
  };
  const open = async ({ day, bought, quote }: { day: string; bought: string; quote: string }) => {
    const at = `${day}T15:00:00Z`;
    const signalId = await signal(at);
    const decisionId = await decide(signalId, 'paper', at, quote);
    return { signalId, entry: await order('paper', 'buy', bought, at, { signalId, decisionId }) };
  };

  return {
    /** Bought, and not sold yet. */
    open,
    /** Bought, and sold by a leg later the same day. */
    async trade({ sold, ...entry }: { day: string; bought: string; sold: string; quote: string }): Promise<void> {
      const { signalId, entry: parentId } = await open(entry);
      await order('paper', 'sell', sold, `${entry.day}T16:00:00Z`, { signalId, parentId });
    },
    /** One signal in production and its shadow on paper, each bought at the price or not at all. */
    async shadowed({ production, paper }: { production: string | null; paper: string | null }): Promise<void> {
      const at = '2026-11-20T15:00:00Z';
      const signalId = await signal(at);
      const real = await decide(signalId, 'production', at, null);
      const shadow = await decide(signalId, 'paper', at, null, true);
      await order('production', 'buy', production, at, { signalId, decisionId: real });
      await order('paper', 'buy', paper, at, { signalId, decisionId: shadow });
    },
  };
}
