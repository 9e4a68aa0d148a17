import { parametersOf, type ScriptKind } from './shared-parameters.ts';
import type { ParameterValue, Template, TemplateParameter } from './template.ts';

export const pineVersions = ['6', '5'] as const;
export type PineVersion = (typeof pineVersions)[number];

/** What a script is made from. */
export interface ScriptSettings {
  readonly template: Template;
  readonly version: PineVersion;
  /** As TradingView writes it: 5, 240, D. A strategy takes its chart's. */
  readonly timeframe: string;
  /** Every parameter's value, by its name. */
  readonly values: Readonly<Record<string, ParameterValue>>;
}

/** Minutes up to a day (1440), seconds, days, weeks, months; see TradingView's "Timeframe string specifications". */
const timeframePattern = /^([1-9]\d{0,3}|[1-9]\d?S|([1-9]\d{0,2})?[DW]|([1-9]\d?)?M)$/;

/** A timeframe as TradingView writes it, from what people write (5m, 1h, 1D); null: it is none. */
export function readTimeframe(written: string): string | null {
  const text = written.trim();
  const people = /^(\d{1,4})\s*(m|min|h)$/.exec(text);
  const minutes = people ? Number(people[1]) * (people[2] === 'h' ? 60 : 1) : null;
  if (minutes !== null) return minutes > 0 && minutes <= 1440 ? String(minutes) : null;
  const upper = text.toUpperCase().replace(/^1([DWM])$/, '$1');
  if (!timeframePattern.test(upper)) return null;
  return /^\d+$/.test(upper) && Number(upper) > 1440 ? null : upper;
}

/** The values of a template's parameters: what was given, as text, over the defaults; or sentences on what is wrong. */
export function readValues(
  template: Template,
  kind: ScriptKind,
  given: Readonly<Record<string, string>>,
): { readonly values: Record<string, ParameterValue> } | { readonly problems: string[] } {
  const parameters = parametersOf(template, kind);
  const values: Record<string, ParameterValue> = Object.fromEntries(parameters.map((one) => [one.name, one.default]));
  const problems: string[] = [];
  for (const [name, text] of Object.entries(given)) {
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter) {
      problems.push(
        `${template.name} has no parameter ${name}; it has ${parameters.map((one) => one.name).join(', ')}.`,
      );
      continue;
    }
    const value = readValue(parameter, text.trim());
    if (value === null) problems.push(`${name}: expected ${expectedOf(parameter)}, found ${JSON.stringify(text)}.`);
    else values[name] = value;
  }
  problems.push(...contradictions(values));
  return problems.length > 0 ? { problems } : { values };
}

/** What a parameter takes, for a sentence and a form: `a whole number from 2 to 500`. */
export function expectedOf({ kind, min, max, options }: TemplateParameter): string {
  switch (kind) {
    case 'int':
      return `a whole number from ${min} to ${max}`;
    case 'float':
      return `a number from ${min} to ${max}`;
    case 'bool':
      return 'true or false';
    case 'choice':
      return `one of ${options?.join(', ')}`;
    case 'timeframe':
      return 'a timeframe like 240, D or W';
    case 'text':
      return '1 to 40 printable characters';
  }
}

function readValue(parameter: TemplateParameter, text: string): ParameterValue | null {
  const { kind, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = parameter;
  switch (kind) {
    case 'int':
    case 'float': {
      const shape = kind === 'int' ? /^-?\d{1,12}$/ : /^-?\d{1,12}(\.\d{1,9})?$/;
      const value = shape.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : null;
    }
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'choice':
      return parameter.options?.includes(text) ? text : null;
    case 'timeframe':
      return readTimeframe(text);
    case 'text':
      return /^[^\p{Cc}\p{Cs}]{1,40}$/u.test(text) ? text : null;
  }
}

function contradictions(values: Readonly<Record<string, ParameterValue>>): string[] {
  const below = (small: string, large: string, what: string): string[] =>
    typeof values[small] === 'number' && typeof values[large] === 'number' && values[small] >= values[large]
      ? [`${small} must be below ${large}: ${what}.`]
      : [];
  return [
    ...below('fastLength', 'slowLength', 'the fast average is the one of fewer bars'),
    ...below('oversold', 'overbought', 'the index comes back between them'),
  ];
}
