import { describe, expect, it } from 'vitest';
import { riskContext, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './blocked-symbols.ts';

const ask = (ticker: string, symbols: string[]) =>
  verdictOf(rule, riskContext({ signal: tradeSignal({ ticker }) }), { symbols });

describe('blocked-symbols', () => {
  it('keeps back what is on the list, however it is spelled, and nothing else', () => {
    expect(ask('AAPL', []).verdict).toBe('pass');
    expect(ask('AAPL', ['AAP', 'GME']).verdict).toBe('pass');
    expect(ask('GME', ['AAP', ' gme'])).toMatchObject({
      verdict: 'deny',
      code: 'RISK_SYMBOL_BLOCKED',
      sentence: 'Not sent: GME is one of the blocked symbols.',
    });
    for (const spelled of ['BRK.B', 'BRK/B', 'brk-b']) expect(ask('BRK.B', [spelled]).verdict).toBe('deny');
    expect(ask('BRK.A', ['BRK.B']).verdict).toBe('pass');
  });

  it('does not keep anything from being closed', () => {
    expect(rule.appliesTo).toBe('entries');
  });
});
