import { deny, pass, type Rule } from '../rule.ts';

/** Read inside the decision's transaction, so that no entry is approved after it was engaged. */
export const rule: Rule = {
  key: 'kill-switch',
  order: 10,
  appliesTo: 'entries',
  says: 'No entry is sent while the kill switch is engaged.',
  evaluate({ killSwitch }) {
    const inputs = { engaged: killSwitch.engaged, by: killSwitch.by, at: killSwitch.at };
    if (!killSwitch.engaged) return pass('The kill switch is off.', inputs);
    return deny('RISK_KILL_SWITCH', `the kill switch is on (${killSwitch.reason ?? 'no reason given'}).`, inputs);
  },
};
