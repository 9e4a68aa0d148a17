import type { AlertKindJson, AlertRuleJson } from '../api/contract.ts';
import { typedOf, unitOf } from './limit-words.ts';

/** "Price above of AAPL: Price, USD: 200; Over when it is back by, %: 0.2". */
export function conditionWords(
  rule: AlertRuleJson,
  kind: AlertKindJson | undefined,
  nameOf: (accountId: string) => string,
): string {
  const about = [rule.symbol, rule.strategy, rule.accountId === null ? null : nameOf(rule.accountId)].filter(
    (one) => one !== null,
  );
  const what = kind?.name ?? rule.kind;
  const values = (kind?.parameters ?? []).map((parameter) => {
    const typed = typedOf(parameter as never, rule.parameters[parameter.name] ?? parameter.default);
    return `${parameter.label}${unitOf(parameter.kind)}: ${typed}`;
  });
  const head = about.length > 0 ? `${what}, ${about.join(', ')}` : what;
  return values.length > 0 ? `${head}. ${values.join('; ')}` : head;
}

/** "22:00 to 07:00, America/New_York". */
export const hoursWords = (hours: AlertRuleJson['activeHours']): string | null =>
  hours && `${hours.from} to ${hours.until}, ${hours.zone}`;
