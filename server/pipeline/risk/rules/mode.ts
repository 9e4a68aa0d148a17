import { deny, pass, type Rule } from '../rule.ts';

/** Which account the order goes to has been resolved; here it is made sure that there is one, and that it may trade. */
export const rule: Rule = {
  key: 'mode',
  order: 20,
  appliesTo: 'all',
  says: 'Production needs the alert, the strategy, the account and the master switch; an account of the mode must be enabled.',
  evaluate({ mode, account, modeReasons }) {
    const inputs = {
      mode,
      account: account?.name ?? null,
      paperBecauseOf: modeReasons
        .filter((reason) => reason.says === 'paper')
        .map((reason) => reason.source)
        .join(', '),
    };
    if (account === null) return deny('RISK_MODE', `there is no account that trades ${mode}.`, inputs);
    if (account.mode !== mode)
      return deny(
        'RISK_MODE',
        `the account ${account.name} trades ${account.mode}, and the order is for ${mode}.`,
        inputs,
      );
    if (!account.enabled) return deny('RISK_MODE', `the account ${account.name} is switched off.`, inputs);
    return pass(`Goes to ${account.name} (${mode}).`, inputs);
  },
};
