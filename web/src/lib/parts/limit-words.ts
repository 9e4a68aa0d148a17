import type { Account, RiskLimitJson, RiskRuleJson, Strategy } from '../api/contract.ts';
import { multiply } from '../format/decimal.ts';
import { money, percent, quantity } from '../format/number.ts';
import { counted, said } from '../format/words.ts';

export type RuleParameter = RiskRuleJson['parameters'][number];
export type ParameterValue = RuleParameter['default'];
export type Scope = RiskLimitJson['scope'];

export const severityWords: Readonly<Record<RiskLimitJson['severity'], string>> = {
  deny: said('refuses'),
  reduce: 'makes smaller',
  ask: 'asks a person',
  warn: said('warns'),
};
/** What becomes of an order that breaks the limit, to choose from. */
export const severityChoice: Readonly<Record<RiskLimitJson['severity'], string>> = {
  deny: 'Refuse it',
  reduce: 'Make it smaller',
  ask: 'Ask a person',
  warn: 'Send it, and warn',
};

/** "all", "the account Paper", "the sector Energy". */
export function scopeWords({ kind, name }: Scope, nameOf: (accountId: string) => string): string {
  if (kind === 'everything') return said('everything');
  return `the ${kind} ${kind === 'account' ? nameOf(name) : name}`;
}

const mostNames = 8;
function secondsInWords(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${quantity(String(seconds / 3600))} h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${quantity(String(seconds))} s`;
}

/** A value with its unit: "20 %", "25,000.00 USD", "5 min", "AAPL, MSFT and 3 more". */
export function valueWords({ kind }: Pick<RuleParameter, 'kind'>, value: ParameterValue): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return said('none');
    const shown = kind === 'steps' ? value.map(stepWords) : value;
    const rest = shown.length - mostNames;
    const list = shown.slice(0, mostNames).join(', ');
    return `${list}${rest > 0 ? ` and ${rest.toLocaleString('en-US')} more` : ''}${kind === 'times' ? ' New York' : ''}`;
  }
  if (typeof value === 'boolean') return value ? said('yes') : said('no');
  if (kind === 'share') return percent(String(value));
  if (kind === 'money') return `${money(String(value))} USD`;
  if (kind === 'seconds') return secondsInWords(Number(value));
  if (kind === 'multiple') return `${quantity(String(value))} ×`;
  return quantity(String(value));
}
function stepWords(step: string): string {
  const [from = '', factor = ''] = step.split(':');
  return `${percent(factor)} of the size from ${percent(from)}`;
}

/** Every parameter of a limit: "largest share of equity in one position 20 %". */
export const parametersInWords = (rule: RiskRuleJson, limit: RiskLimitJson): string[] =>
  rule.parameters.map(
    (parameter) =>
      `${parameter.label}: ${valueWords(parameter, limit.parameters[parameter.name] ?? parameter.default)}`,
  );

/** What differs between two versions of a limit, one line each. */
export function differencesInWords(rule: RiskRuleJson, before: RiskLimitJson, after: RiskLimitJson): string[] {
  const lines: string[] = [];
  if (before.removed !== after.removed) lines.push(after.removed ? 'taken away' : 'set again');
  if (before.on !== after.on) lines.push(after.on ? 'switched on' : 'switched off');
  if (before.severity !== after.severity) {
    lines.push(`${severityWords[before.severity]} → ${severityWords[after.severity]}`);
  }
  for (const parameter of rule.parameters) {
    const [was, is] = [before, after].map((one) => one.parameters[parameter.name] ?? parameter.default);
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    lines.push(`${parameter.label}: ${changeWords(parameter, was!, is!)}`);
  }
  return lines;
}
/** Of long lists, what came and what went. */
function changeWords(parameter: RuleParameter, was: ParameterValue, is: ParameterValue): string {
  if (parameter.kind !== 'names' || !Array.isArray(was) || !Array.isArray(is)) {
    return `${valueWords(parameter, was)} → ${valueWords(parameter, is)}`;
  }
  const [old, now] = [new Set(was), new Set(is)];
  const added = is.filter((name) => !old.has(name));
  const gone = was.filter((name) => !now.has(name));
  return [
    ...(added.length > 0 ? [`with ${valueWords(parameter, added)}`] : []),
    ...(gone.length > 0 ? [`without ${valueWords(parameter, gone)}`] : []),
    counted(is.length, 'name'),
  ].join(', ');
}

/** As it is typed: a share in percent, a list with a comma between. */
export function typedOf({ kind }: Pick<RuleParameter, 'kind'>, value: ParameterValue): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? said('yes') : said('no');
  return kind === 'share' ? multiply(String(value), '100') : String(value);
}

/** As it is sent. What is no value of its kind goes as it was typed, so that the refusal says so of it. */
export function wireOf({ kind }: Pick<RuleParameter, 'kind'>, typed: string): ParameterValue {
  const text = typed.trim();
  if (kind === 'flag') return text === 'yes';
  if (kind === 'names' || kind === 'times' || kind === 'steps') {
    return text
      .split(kind === 'names' ? /[,;\n]+/ : /[,;\s]+/)
      .map((one) => one.trim())
      .filter(Boolean);
  }
  if (kind === 'count' || kind === 'seconds') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (kind === 'share') {
    const number = text.replace(/\s*%$/, '');
    return /^-?\d{1,15}(\.\d{1,15})?$/.test(number) ? multiply(number, '0.01') : text;
  }
  return text.replace(/(?<=\d),(?=\d{3}(\D|$))/g, '');
}

/** The unit that stands behind a field's label. */
export const unitOf = (kind: string): string =>
  ({ share: ', %', money: ', USD', seconds: ', seconds', multiple: '' })[kind] ?? '';
export const hintOf = (kind: string): string =>
  ({
    names: 'With a comma between',
    times: 'Spans as 09:30-16:00, New York',
    steps: 'As 0.05:0.5: half the size from 5 % on',
  })[kind] ?? '';

/** What the server says of a parameter, beside its field: without its name, and a share in the percent that are typed. */
export function problemWords({ name, kind, label }: RuleParameter, message: string): string | undefined {
  const said = message.split('; ').find((text) => text.startsWith(`${name}: `));
  const text = said?.slice(name.length + 2).replace(`${label}: `, 'expected ');
  if (kind !== 'share') return text;
  return text?.replace(
    /a decimal from ([\d.]+) to ([\d.]+), as text/,
    (_, from: string, to: string) => `${multiply(from, '100')} to ${multiply(to, '100')} %`,
  );
}

/** Whether this person's role is enough; the server has the last word. */
export function mayChange(
  role: string | undefined,
  { kind, name }: Scope,
  accounts: readonly Account[],
  strategies: readonly Strategy[],
): boolean {
  if (role === 'admin') return true;
  if (role !== 'trader') return false;
  const there = accounts.filter((one) => one.archivedAt === null);
  if (kind === 'account' && there.some((one) => one.id === name && one.mode === 'paper')) return true;
  if (kind === 'strategy' && strategies.some((one) => one.key === name && one.mode === 'paper')) return true;
  return there.every((one) => one.mode === 'paper' || !one.enabled);
}
