import { names } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { lists } from '../symbol-list.ts';

export const rule = entryRule({
  key: 'allowed-symbols',
  order: 250,
  name: 'Allowed symbols',
  says: 'Entries are sent in the symbols of a list, and in no other. An empty list allows none.',
  parameters: { symbols: names('Symbols') },
  scopes: ['everything', 'account', 'strategy', 'sector'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ signal }, { symbols }) {
    const inputs = { ticker: signal.ticker, allowed: symbols.length };
    if (lists(symbols, signal.ticker)) return pass(`${signal.ticker} is one of the allowed symbols.`, inputs);
    const sentence =
      symbols.length === 0
        ? 'the list of allowed symbols is empty.'
        : `${signal.ticker} is none of the ${symbols.length} allowed symbols.`;
    return breach('RISK_SYMBOL_NOT_ALLOWED', sentence, inputs);
  },
});
