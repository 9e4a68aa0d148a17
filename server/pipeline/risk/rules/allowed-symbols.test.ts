import { describe, expect, it } from 'vitest';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './allowed-symbols.ts';

const ask = (ticker: string, symbols: string[]) =>
  verdictOf(rule, riskContext({ signal: tradeSignal({ ticker }) }), { symbols });

describe('allowed-symbols', () => {
  it('sends what is on the list, and nothing else', () => {
    expect(ask('AAPL', ['MSFT', 'AAPL']).verdict).toBe('pass');
    expect(ask('AAP', ['MSFT', 'AAPL'])).toMatchObject({
      verdict: 'deny',
      code: 'RISK_SYMBOL_NOT_ALLOWED',
      sentence: 'Not sent: AAP is none of the 2 allowed symbols.',
    });
  });

  it('knows a symbol however it is spelled', () => {
    for (const spelled of ['BRK.B', 'BRK/B', 'brk-b']) {
      expect(ask('BRK.B', [spelled]).verdict).toBe('pass');
      expect(ask(spelled.toUpperCase(), ['BRK.B']).verdict).toBe('pass');
    }
    expect(ask('BRK.A', ['BRK.B']).verdict).toBe('deny');
    expect(ask('BTC/USD', ['BTCUSD']).verdict).toBe('pass');
  });

  it('allows nothing by an empty list', () => {
    expect(ask('AAPL', []).sentence).toBe('Not sent: the list of allowed symbols is empty.');
  });
});
