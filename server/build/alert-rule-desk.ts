import type { AlertRuleJson, AlertRuleWishJson } from '../contract/index.ts';
import type { AlertRule, AlertScope } from '../core/model/alert-rule.ts';
import type { Parameter } from '../core/parameters.ts';
import type { AlertRules, AlertRuleWish, StoredAlertRule } from '../core/ports/alert-rules.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { AlertRuleDesk } from '../http/alert-rule-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import { type AlertKind, readParameters } from '../platform/alert-rules/kind.ts';
import { lookOnce } from '../platform/alert-rules/look-at-rule.ts';
import type { AlertReadings } from '../platform/alert-rules/readings.ts';

const dayMs = 86_400_000;
/** More would be looked at by nobody, and every one is looked at every few seconds. */
const mostRules = 500;
type Fields = { field: string; code: string; message: string }[];

export interface AlertRuleDeskParts {
  readonly kinds: readonly AlertKind[];
  readonly rules: AlertRules;
  readonly readings: AlertReadings;
  readonly settings: Pick<SettingsStore, 'strategies'>;
  /** The ids of accounts that were not put away. */
  accounts(): Promise<readonly string[]>;
}

/** Answers what is asked of alert rules, checked by their kinds before anything is stored. */
export function createAlertRuleDesk(parts: AlertRuleDeskParts): AlertRuleDesk {
  const { kinds, rules, readings, settings } = parts;

  async function checked({ accountId, strategy, symbol, ...wish }: AlertRuleWishJson): Promise<AlertRuleWish> {
    const kind = kinds.find((one) => one.key === wish.kind);
    const fields: Fields = [];
    const wrong = (field: string, message: string) => fields.push({ field, code: 'INVALID', message });
    if (!kind) {
      wrong('kind', `expected one of ${kinds.map(({ key }) => key).join(', ')}`);
      throw refused(fields);
    }
    const scope = { accountId, strategy, symbol };
    for (const [field, need, value] of [
      ['accountId', kind.scope.account, accountId],
      ['strategy', kind.scope.strategy, strategy],
      ['symbol', kind.scope.symbol, symbol],
    ] as const) {
      const what = { accountId: 'an account', strategy: 'a strategy', symbol: 'a symbol' }[field];
      if (need === 'needed' && value === null) wrong(field, `expected ${what}`);
      if (need === 'none' && value !== null) wrong(field, 'this kind of rule looks at no such thing: leave it out');
    }
    if (accountId !== null && !(await parts.accounts()).includes(accountId))
      wrong('accountId', 'there is no such account');
    if (strategy !== null && !settings.strategies().some(({ key }) => key === strategy))
      wrong('strategy', 'there is no such strategy');
    const read = readParameters(kind, wish.parameters);
    if ('problems' in read) for (const { name, message } of read.problems) wrong(`parameters.${name}`, message);
    if (fields.length > 0 || 'problems' in read) throw refused(fields);
    return { ...wish, parameters: read.stored, scope };
  }

  return {
    kinds: () =>
      kinds.map(({ key, name, says, scope, parameters, ends }) => ({
        ...{ key, name, says, scope, ends },
        parameters: Object.entries(parameters as Readonly<Record<string, Parameter>>).map(([of, parameter]) => ({
          ...{ name: of, kind: parameter.kind, label: parameter.label },
          default: parameter.default as string | number | boolean,
        })),
      })),
    list: async () => (await rules.list()).map(shown),
    async add(wish, by) {
      const good = await checked(wish);
      if ((await rules.list()).length >= mostRules) {
        const sentence = `There are ${mostRules} rules, and no more can be looked at. Remove one first. Nothing was added.`;
        throw new HttpProblem(409, 'TOO_MANY_RULES', 'Too many rules', sentence);
      }
      return shown(await rules.add(good, by));
    },
    async change(id, version, wish, by) {
      const changed = await rules.change(id, version, await checked(wish), by);
      if (changed) return shown(changed);
      const now = await rules.find(id);
      if (!now) return null;
      const sentence = `${now.rule.changedBy} changed it to version ${now.rule.version} meanwhile. Look at it again; nothing of yours was stored.`;
      throw new HttpProblem(409, 'CHANGED_MEANWHILE', 'Changed meanwhile', sentence, [
        { field: 'version', code: 'CHANGED_MEANWHILE', message: `expected ${now.rule.version}` },
      ]);
    },
    async switch(id, on, by) {
      const switched = await rules.switch(id, on, by);
      return switched && shown(switched);
    },
    remove: (id, by) => rules.remove(id, by),
    async try(wish) {
      const good = await checked(wish);
      const kind = kinds.find((one) => one.key === good.kind)!;
      const until = readings.now();
      const from = new Date(until.getTime() - dayMs);
      // As if it had been there for a day.
      const rule: AlertRule = { ...good, id: '', version: 0, changedBy: '', changedAt: from };
      const looked = await lookOnce(kind, rule, null, readings);
      const read = readParameters(kind, good.parameters);
      const watched = {
        values: 'values' in read ? read.values : {},
        scope: rule.scope as AlertScope,
        since: from,
        memory: null,
      };
      const fired = await kind.past?.(readings, watched, from, until);
      return {
        now: looked.kind,
        sentence: looked.sentence,
        ...{ from: from.toISOString(), until: until.toISOString() },
        fired: fired?.map((at) => at.toISOString()) ?? null,
      };
    },
  };
}

function refused(fields: Fields): HttpProblem {
  const said = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new HttpProblem(400, 'INVALID', 'The rule cannot be used', `${said}. Nothing was changed.`, fields);
}

function shown({ rule, state }: StoredAlertRule): AlertRuleJson {
  const { scope, changedAt, parameters, ...rest } = rule;
  const { memory: _memory, firedAt, problemSince, lookedAt, ...standing } = state;
  return {
    ...rest,
    ...scope,
    ...standing,
    parameters: parameters as AlertRuleJson['parameters'],
    changedAt: changedAt.toISOString(),
    firedAt: firedAt?.toISOString() ?? null,
    problemSince: problemSince?.toISOString() ?? null,
    lookedAt: lookedAt?.toISOString() ?? null,
  };
}
