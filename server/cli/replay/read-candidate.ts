import type { Node } from 'yaml';
import { isMap, isScalar } from 'yaml';
import { z } from 'zod';
import { mode } from '../../contract/primitives.ts';
import { approvalSettings, settingsChange, sizeBounds, strategySettings } from '../../contract/settings.ts';
import {
  everything,
  type LimitScope,
  type ParameterValue,
  type ScopeKind,
  type Severity,
  scopeKinds,
  severities,
} from '../../core/model/risk-limit.ts';
import { type ChosenMethod, defaultSettings, defaultStrategySettings } from '../../core/model/settings.ts';
import type { Parameters } from '../../core/parameters.ts';
import type { Rule } from '../../pipeline/risk/rule.ts';
import type { SizingBook } from '../../pipeline/sizing/book.ts';
import type { Candidate, CandidateLimit, StrategyChange } from '../../research/replay/candidate.ts';
import { unknownName } from './nearest.ts';
import { type Entry, isNothing, YamlFile } from './yaml-place.ts';

/** What names in a candidate may stand for. */
export interface Vocabulary {
  readonly rules: readonly Rule[];
  readonly sizing: SizingBook;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
}

/** Settings that do not enter into a decision; a file that has them is fine, as one that was printed has. */
const idleSettings = ['intake', 'brokers', 'promotion', 'protection', 'reconciliation', 'zone'] as const;

/** Reads a candidate. Throws an `UnusableFile` with everything that is wrong with it, each fault with its line and column. */
export function readCandidate(text: string, file: string, words: Vocabulary): Candidate {
  const yaml = new YamlFile(text, file);
  const candidate: {
    settings: Candidate['settings'];
    strategies: Candidate['strategies'];
    limits: readonly CandidateLimit[];
  } = { settings: {}, strategies: new Map(), limits: [] };
  for (const { name, key, value } of yaml.entries(yaml.root, 'a candidate')) {
    if (name === 'settings') candidate.settings = readSettings(yaml, value);
    else if (name === 'strategies') candidate.strategies = readStrategies(yaml, value, words.sizing);
    else if (name === 'limits') candidate.limits = readLimits(yaml, value, words);
    else yaml.wrong(key, unknownName('part', name, ['settings', 'strategies', 'limits']));
  }
  yaml.end();
  return candidate;
}

function readSettings(yaml: YamlFile, node: Node | null): Candidate['settings'] {
  const settings: { -readonly [K in keyof Candidate['settings']]: Candidate['settings'][K] } = {};
  const known = ['mode', 'approvals', ...idleSettings];
  for (const { name, key, value } of yaml.entries(node, 'settings')) {
    if (name === 'mode') settings['mode.master'] = yaml.value(value, mode);
    else if (name === 'approvals')
      settings.approvals = partOf(yaml, value, approvalSettings, defaultSettings.approvals, 'setting of approvals');
    else if (idleSettings.includes(name as never)) yaml.value(value, settingsChange.shape[name as 'zone']);
    else yaml.wrong(key, unknownName('setting', name, known));
  }
  return settings;
}

/** Some fields of an object, which must be sound together with the others as they are by default. */
function partOf<T extends object>(
  yaml: YamlFile,
  node: Node | null,
  schema: z.ZodType<T> & { readonly shape: Readonly<Record<string, z.ZodType>> },
  whole: T,
  what: string,
): Partial<T> {
  const names = Object.keys(schema.shape);
  const part: Record<string, unknown> = {};
  let sound = true;
  for (const { name, key, value } of yaml.entries(node, `${what}s`)) {
    const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    if (field === undefined) yaml.wrong(key, unknownName(what, name, names));
    else part[name] = yaml.value(value, field);
    if (part[name] === undefined) sound = false;
  }
  const together = schema.safeParse({ ...whole, ...part });
  const issue = together.success ? undefined : together.error.issues[0]!;
  if (sound && issue) yaml.wrong(node, `${issue.path.map(String).join('.')}: ${issue.message}`);
  return part as Partial<T>;
}

function readStrategies(yaml: YamlFile, node: Node | null, sizing: SizingBook): Map<string, StrategyChange> {
  const strategies = new Map<string, StrategyChange>();
  for (const { name, value } of yaml.entries(node, 'strategies'))
    strategies.set(name, readStrategy(yaml, value, sizing));
  return strategies;
}

function readStrategy(yaml: YamlFile, node: Node | null, sizing: SizingBook): StrategyChange {
  const change: { mode?: StrategyChange['mode']; enabled?: boolean; settings: Record<string, unknown> } = {
    settings: {},
  };
  const known = ['mode', 'enabled', ...Object.keys(defaultStrategySettings)];
  for (const { name, key, value } of yaml.entries(node, 'a strategy')) {
    if (!known.includes(name)) yaml.wrong(key, unknownName('setting of a strategy', name, known));
    else if (name === 'mode') change.mode = yaml.value(value, mode);
    else if (name === 'enabled') change.enabled = yaml.value(value, z.boolean());
    else if (name === 'bounds')
      change.settings.bounds = partOf(yaml, value, sizeBounds, defaultStrategySettings.bounds, 'bound');
    else if (name === 'sizing') change.settings.sizing = readMethod(yaml, value, sizing.methods, 'way of sizing');
    else if (name === 'stop') change.settings.stop = readMethod(yaml, value, sizing.stops, 'way of placing a stop');
    else change.settings[name] = yaml.value(value, strategySettings.shape[name as 'exit'] as z.ZodType);
  }
  return change as StrategyChange;
}

function readMethod(
  yaml: YamlFile,
  node: Node | null,
  known: readonly { readonly key: string; readonly parameters: Parameters }[],
  what: string,
): ChosenMethod | undefined {
  const fields = new Map(yaml.entries(node, `a ${what}`).map((entry) => [entry.name, entry]));
  for (const { name, key } of fields.values())
    if (name !== 'method' && name !== 'parameters')
      yaml.wrong(key, unknownName('field', name, ['method', 'parameters']));
  const method = fields.get('method');
  if (method === undefined) {
    yaml.wrong(node, `a ${what} needs its method`);
    return undefined;
  }
  const key = yaml.value(method.value, z.string());
  const found = known.find((one) => one.key === key);
  if (found === undefined) {
    if (key !== undefined)
      yaml.wrong(
        method.value,
        unknownName(
          what,
          key,
          known.map((one) => one.key),
        ),
      );
    return undefined;
  }
  const parameters = readParameters(yaml, fields.get('parameters')?.value ?? null, found.parameters, found.key);
  return { method: found.key, parameters: parameters as ChosenMethod['parameters'] };
}

/** Those that are given; the others have their defaults. */
function readParameters(
  yaml: YamlFile,
  node: Node | null,
  known: Parameters,
  of: string,
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  for (const { name, key, value } of yaml.entries(node, 'parameters')) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (parameter === undefined) {
      yaml.wrong(key, `${of}: ${unknownName('parameter', name, Object.keys(known))}`);
      continue;
    }
    const read = yaml.value(value, parameter.schema);
    if (read !== undefined) values[name] = read;
  }
  return values;
}

const limitFields = ['rule', 'scope', 'on', 'severity', 'parameters', 'remove'];

function readLimits(yaml: YamlFile, node: Node | null, words: Vocabulary): CandidateLimit[] {
  const limits: CandidateLimit[] = [];
  const places = new Set<string>();
  for (const item of yaml.items(node, 'limits')) {
    const fields = new Map(yaml.entries(item, 'a limit').map((entry) => [entry.name, entry]));
    for (const { name, key } of fields.values())
      if (!limitFields.includes(name)) yaml.wrong(key, unknownName('field of a limit', name, limitFields));
    const limit = readLimit(yaml, item, fields, words);
    if (limit === null) continue;
    const place = `${limit.rule} ${limit.scope.kind} ${limit.scope.name}`;
    if (places.has(place)) yaml.wrong(item, `the limit ${limit.rule} stands twice for the same scope`);
    places.add(place);
    limits.push(limit);
  }
  return limits;
}

function readLimit(
  yaml: YamlFile,
  item: Node | null,
  fields: ReadonlyMap<string, Entry>,
  { rules, accounts }: Vocabulary,
): CandidateLimit | null {
  const nodeOf = (name: string): Node | null => fields.get(name)?.value ?? null;
  const given = <T>(name: string, schema: z.ZodType<T>, fallback: T): T =>
    fields.has(name) ? (yaml.value(nodeOf(name), schema) ?? fallback) : fallback;
  if (!fields.has('rule')) {
    yaml.wrong(item, 'a limit needs its rule');
    return null;
  }
  const key = yaml.value(nodeOf('rule'), z.string());
  const rule = rules.find((one) => one.key === key);
  if (rule === undefined) {
    if (key !== undefined)
      yaml.wrong(
        nodeOf('rule'),
        unknownName(
          'rule',
          key,
          rules.map((one) => one.key),
        ),
      );
    return null;
  }
  const scope = fields.has('scope') ? readScope(yaml, nodeOf('scope'), accounts) : everything;
  if (scope !== null && !rule.scopes.includes(scope.kind))
    yaml.wrong(nodeOf('scope'), `${rule.key} can be set for ${rule.scopes.join(', ')}, not for one ${scope.kind}`);
  const severity: Severity = given('severity', z.enum(severities), rule.severities[0]);
  if (!rule.severities.includes(severity))
    yaml.wrong(nodeOf('severity'), `${rule.key} can be one of ${rule.severities.join(', ')}, not ${severity}`);
  const on = given('on', z.boolean(), true);
  if (!on && rule.on === 'always') yaml.wrong(nodeOf('on'), `${rule.key} cannot be switched off`);
  const remove = given('remove', z.boolean(), false);
  const parameters = readParameters(yaml, nodeOf('parameters'), rule.parameters, rule.key);
  if (scope === null) return null;
  const about = { author: 'candidate', reason: 'replay', version: 0, at: new Date(0) };
  return {
    rule: rule.key,
    scope,
    limit: remove ? null : { rule: rule.key, scope, on, severity, parameters, ...about },
  };
}

/** `everything`, or one of account, strategy, sector and symbol with its name. */
function readScope(yaml: YamlFile, node: Node | null, accounts: Vocabulary['accounts']): LimitScope | null {
  if (isScalar(node) && node.value === 'everything') return everything;
  const [entry, ...more] = isMap(node) ? yaml.entries(node, 'a scope') : [];
  const kinds = scopeKinds.filter((kind) => kind !== 'everything');
  if (entry === undefined || more.length > 0 || isNothing(entry.value)) {
    yaml.wrong(node, `a scope is everything, or one of ${kinds.join(', ')} with its name, as {symbol: AAPL}`);
    return null;
  }
  if (!kinds.includes(entry.name as never)) {
    yaml.wrong(entry.key, unknownName('scope', entry.name, kinds));
    return null;
  }
  const kind = entry.name as ScopeKind;
  const name = isScalar(entry.value) ? String(entry.value.source ?? entry.value.value) : null;
  if (name === null || name.trim() === '') {
    yaml.wrong(entry.value, `a ${kind} is a name`);
    return null;
  }
  if (kind !== 'account') return { kind, name };
  const account = accounts.find((one) => one.id === name || one.name === name);
  if (account === undefined) {
    yaml.wrong(
      entry.value,
      unknownName(
        'account',
        name,
        accounts.map((one) => one.name),
      ),
    );
    return null;
  }
  return { kind, name: account.id };
}
