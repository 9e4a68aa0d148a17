import type { Sql } from '../../server/adapters/database/connect.ts';
import type { Held } from './desk.ts';

/**
 * Appends alerts that were refused, as the server stores them, and what happened of each, as one transaction: the dashboard is told of them
 * within moments, and nothing is traded. Answers the id of the last one.
 */
export async function appendAlerts(sql: Sql, accountId: string, count: number, spanSeconds = 0): Promise<string> {
  const [last] = await sql.begin(async (tx) => {
    await tx`
      create temporary table fed on commit drop as
      select n, gen_random_uuid() as signal, now() - (${count} - n) * ${spanSeconds}::float8 / ${count} * interval '1 second' as at,
        (array['AAPL','MSFT','XOM','JPM','KO','PFE','CAT','NVDA'])[1 + n % 8] as ticker,
        (array['opening range','mean reversion','breakout'])[1 + n % 3] as strategy,
        case when n % 3 = 2 then 'sell' else 'buy' end as side
      from generate_series(1, ${count}::int) as n`;
    await tx`
      insert into trading_signals (id, source, received_at, status, raw_body, content_type, proofs, parsed, ticker, side, strategy, code,
        sentence, parse_micros, decided_at)
      select signal, 'tradingview', at, 'denied', format('{"signal":"%s","ticker":"%s","risk":100}', upper(side), ticker),
        'application/json', '{}',
        jsonb_build_object('side', side, 'ticker', ticker, 'requestedMode', 'paper', 'riskAmount', '100', 'entryPrice', null,
          'stopLoss', null, 'takeProfit', null, 'firedAt', null, 'alertId', null, 'strategy', strategy, 'timeframe', '5m'),
        ticker, side, strategy, 'RISK_MAX_POSITION',
        format('Not sent: %s would be 29.9 %% of equity, the limit is 20 %%.', ticker), 200, at + interval '9 milliseconds'
      from fed`;
    await tx`
      insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, code, sentence, quantity, sizing, verdicts,
        started_at, decided_at)
      select gen_random_uuid(), signal, ${accountId}, 'paper',
        '[{"source":"signal","says":"paper","sentence":"The alert asks for paper."}]', 'entry', 'denied', 'RISK_MAX_POSITION', null, 10,
        '{"entryPrice":"60","stopLoss":"59","takeProfit":"62"}',
        '[{"rule":"kill-switch","verdict":"pass"},{"rule":"max-position","verdict":"deny"}]',
        at + interval '4 milliseconds', at + interval '9 milliseconds'
      from fed`;
    await tx`
      insert into events (kind, signal_id, account_id, data)
      select 'decision.denied', signal, ${accountId},
        jsonb_build_object('symbol', ticker, 'side', side, 'strategy', strategy) from fed order by n`;
    return tx<{ id: string }[]>`select signal as id from fed order by n desc limit 1`;
  });
  return last!.id;
}

/** Moves one symbol's price after the other, so many a second, until it is stopped. */
export function moveQuotes(
  setQuote: (symbol: string, bid: number, ask: number) => Promise<void>,
  symbols: readonly Held[],
  perSecond: number,
): () => void {
  let step = 0;
  const timer = setInterval(() => {
    const { symbol, bid: base } = symbols[step % symbols.length]!;
    const bid = Number((base * (1 + (((step * 7) % 41) - 20) / 20_000)).toFixed(2));
    step++;
    void setQuote(symbol, bid, Number((bid + 0.02).toFixed(2)));
  }, 1000 / perSecond);
  return () => clearInterval(timer);
}
