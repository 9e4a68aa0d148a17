import type { RiskLimitJson, RiskRuleJson } from '../contract/index.ts';
import { everything, type LimitScope } from '../core/model/risk-limit.ts';

/** A request to a running system's API, as JSON; throws when it is refused. */
export type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Sets a limit over whatever is in force for the rule and scope. */
export async function setLimit(
  ask: Ask,
  rule: string,
  parameters: RiskLimitJson['parameters'],
  scope: LimitScope = everything,
): Promise<RiskLimitJson> {
  const version = await versionOf(ask, rule, scope);
  return ask('PUT', '/risk/limits', { rule, scope, parameters, version, reason: 'a test' });
}

/** Takes a limit away that is in force. */
export async function removeLimit(ask: Ask, rule: string, scope: LimitScope): Promise<RiskLimitJson> {
  const version = await versionOf(ask, rule, scope);
  return ask('DELETE', '/risk/limits', { rule, scope, version, reason: 'the test is over' });
}

/** So wide that a flood of small entries is not refused for what the account holds already. */
export async function setWideLimits(ask: Ask): Promise<void> {
  await setLimit(ask, 'max-open-orders', { maxOrders: 100_000 });
  await setLimit(ask, 'max-position', { maxShareOfEquity: '9' });
  await setLimit(ask, 'max-exposure', { maxShareOfEquity: '9' });
  await setLimit(ask, 'max-leverage', { maxTimesEquity: '9' });
  await setLimit(ask, 'daily-loss', { maxShareOfEquity: '1' });
  // A market that stands still is not quoted anew, and a busy machine takes its time.
  await setLimit(ask, 'live-quote', { maxAgeSeconds: 3600 });
}

async function versionOf(ask: Ask, rule: string, scope: LimitScope): Promise<number> {
  const { items } = await ask<{ items: RiskRuleJson[] }>('GET', '/risk/rules');
  const limits = items.find((one) => one.key === rule)?.limits ?? [];
  return limits.find((one) => one.scope.kind === scope.kind && one.scope.name === scope.name)?.version ?? 0;
}
