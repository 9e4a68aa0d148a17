import { breach, orderRule, pass } from '../rule.ts';

/** Which account the order goes to has been resolved; here it is made sure that there is one, and that it may trade. */
export const rule = orderRule({
  key: 'mode',
  order: 20,
  name: 'Mode and account',
  says: 'Production needs the alert, the strategy, the account and the master switch; an account of the mode must be enabled.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ mode, account, modeReasons }) {
    const inputs = {
      mode,
      account: account?.name ?? null,
      paperBecauseOf: modeReasons
        .filter((reason) => reason.says === 'paper')
        .map((reason) => reason.source)
        .join(', '),
    };
    if (account === null) return breach('RISK_MODE', `there is no account that trades ${mode}.`, inputs);
    if (account.mode !== mode)
      return breach(
        'RISK_MODE',
        `the account ${account.name} trades ${account.mode}, and the order is for ${mode}.`,
        inputs,
      );
    if (!account.enabled) return breach('RISK_MODE', `the account ${account.name} is switched off.`, inputs);
    return pass(`Goes to ${account.name} (${mode}).`, inputs);
  },
});
