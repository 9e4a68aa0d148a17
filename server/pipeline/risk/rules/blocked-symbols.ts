import { names } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { lists } from '../symbol-list.ts';

export const rule = entryRule({
  key: 'blocked-symbols',
  order: 255,
  name: 'Blocked symbols',
  says: 'No entry is sent in a symbol of a list. What is held of it can be closed.',
  parameters: { symbols: names('Symbols') },
  scopes: ['everything', 'account', 'strategy', 'sector'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate({ signal }, { symbols }) {
    const inputs = { ticker: signal.ticker, blocked: symbols.length };
    if (lists(symbols, signal.ticker)) {
      return breach('RISK_SYMBOL_BLOCKED', `${signal.ticker} is one of the blocked symbols.`, inputs);
    }
    return pass(`${signal.ticker} is not blocked.`, inputs);
  },
});
