import { breach, entryRule, pass } from '../rule.ts';

/** Read inside the decision's transaction; a gap that this alert shows counts for it as well. */
export const rule = entryRule({
  key: 'quarantine',
  order: 190,
  name: 'Quarantine',
  says: 'A strategy that alerts seem to be missing of, and that is set to be quarantined for it, enters nothing in the symbol until a person clears it.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ quarantine, signal }) {
    if (!quarantine) return pass('The strategy is not quarantined.', { quarantined: false });
    const { since, sentence } = quarantine;
    const why = `${signal.strategy} is quarantined in ${signal.ticker} until a person clears it. ${sentence}`;
    return breach('RISK_QUARANTINED', why, { quarantined: true, since: since.toISOString() });
  },
});
