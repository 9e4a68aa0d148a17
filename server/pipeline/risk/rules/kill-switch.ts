import { killedBy, switchInWords } from '../../../core/model/kill-switch.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** Read inside the decision's transaction, so that no entry is approved after it was engaged. */
export const rule = entryRule({
  key: 'kill-switch',
  order: 10,
  name: 'Kill switches',
  says: 'No entry is sent while a kill switch for everything, its account, its strategy or its symbol is engaged.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ killSwitches, account, signal }) {
    const subject = { accountId: account?.accountId ?? null, strategy: signal.strategy, symbol: signal.ticker };
    const engaged = killedBy(killSwitches, subject);
    if (!engaged) return pass('The kill switch is off.', { engaged: false, others: killSwitches.length });
    return breach('RISK_KILL_SWITCH', `${switchInWords(engaged)} is on (${engaged.reason}).`, {
      engaged: true,
      scope: engaged.scope,
      name: engaged.name,
      by: engaged.by,
      at: engaged.engagedAt.toISOString(),
    });
  },
});
