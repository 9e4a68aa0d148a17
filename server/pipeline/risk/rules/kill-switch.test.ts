import { describe, expect, it } from 'vitest';
import { killSwitch } from '../../../testing/kill-switch.ts';
import { accountView, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './kill-switch.ts';

const { signal } = riskContext();
const account = accountView();

describe('kill-switch', () => {
  it('denies entries while it is engaged, and says why it was', () => {
    expect(verdictOf(rule, riskContext()).verdict).toBe('pass');
    expect(verdictOf(rule, riskContext({ killSwitches: [killSwitch()] }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_KILL_SWITCH',
      sentence: 'Not sent: the kill switch is on (bad data).',
      inputs: { engaged: true, by: 'ada' },
    });
    expect(rule.appliesTo).toBe('entries');
  });

  it.each([
    [{ scope: 'account', key: account.accountId, name: 'paper' }, 'for account paper'],
    [{ scope: 'strategy', key: signal.strategy, name: signal.strategy }, `for strategy ${signal.strategy}`],
    [{ scope: 'symbol', key: signal.ticker, name: signal.ticker }, `for ${signal.ticker}`],
  ] as const)('denies by %o, and names it', (target, named) => {
    expect(verdictOf(rule, riskContext({ account, killSwitches: [killSwitch(target)] }))).toMatchObject({
      verdict: 'deny',
      sentence: `Not sent: the kill switch ${named} is on (bad data).`,
      inputs: { scope: target.scope, name: target.name },
    });
  });

  it.each(['account', 'strategy', 'symbol'] as const)(
    'lets an entry through that another %s is stopped of',
    (scope) => {
      const others = [killSwitch({ scope, key: 'another' })];
      expect(verdictOf(rule, riskContext({ account, killSwitches: others })).verdict).toBe('pass');
    },
  );

  it('names the widest of several', () => {
    const killSwitches = [
      killSwitch({ scope: 'symbol', key: signal.ticker, reason: 'halted' }),
      killSwitch({ reason: 'news' }),
    ];
    expect(verdictOf(rule, riskContext({ killSwitches })).sentence).toBe('Not sent: the kill switch is on (news).');
  });
});
