import type { RiskLimitJson } from '../contract/index.ts';
import { sectorNamed, sectorNames } from '../core/instruments/sectors.ts';
import { everything, type LimitScope } from '../core/model/risk-limit.ts';
import type { Clock } from '../core/ports/clock.ts';
import { LimitChangedMeanwhile, type LimitStore, type LimitVersion } from '../core/ports/limit-store.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { LimitDesk } from '../http/limit-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import { requireStepUp } from '../http/step-up.ts';
import { noCounts } from '../pipeline/projections/verdict-counts.ts';
import { defaultOf, type HeldLimit, loosens, readLimit } from '../pipeline/risk/limit-book.ts';
import type { Rule } from '../pipeline/risk/rule.ts';
import { type Caller, mayDo } from '../platform/access/roles.ts';
import { createVerdictsToday } from './verdicts-today.ts';

export interface LimitDeskParts {
  readonly rules: readonly Rule[];
  readonly store: LimitStore;
  readonly settings: Pick<SettingsStore, 'current' | 'strategies' | 'refresh'>;
  readonly queries: Pick<Queries, 'accounts' | 'countDecisions'>;
  readonly clock: Pick<Clock, 'now'>;
}

const mostVersions = 500;

/** What people ask of the limits, checked by the rules themselves before anything is stored. */
export function createLimitDesk({ rules, store, settings, queries, clock }: LimitDeskParts): LimitDesk {
  const today = createVerdictsToday({ rules, queries, clock });

  const find = (key: string): Rule => {
    const rule = rules.find((one) => one.key === key);
    if (rule) return rule;
    const sentence = `There is no rule ${key}. GET /api/v1/risk/rules lists them. Nothing was changed.`;
    throw new HttpProblem(400, 'NO_SUCH_RULE', 'No such rule', sentence, [
      { field: 'rule', code: 'NO_SUCH_RULE', message: 'expected the key of a rule' },
    ]);
  };

  /** Whether an order with real money may be held to a limit of this scope. */
  async function holdsForRealMoney(scope: LimitScope): Promise<boolean> {
    const accounts = (await queries.accounts()).filter((one) => one.archivedAt === null);
    const account = accounts.find((one) => one.id === scope.name);
    const strategy = settings.strategies().find((one) => one.key === scope.name);
    const paperOnly =
      (scope.kind === 'account' && account?.mode === 'paper') ||
      (scope.kind === 'strategy' && strategy?.mode === 'paper') ||
      accounts.every((one) => one.mode === 'paper' || !one.enabled);
    return !paperOnly;
  }

  /**
   * Real money is changed by admins alone, and more is risked only by who has proved who it is; a limit for paper accounts and for strategies
   * on paper by traders.
   */
  async function mayChange(scope: LimitScope, caller: Caller, loosens: () => boolean): Promise<void> {
    if (!(await holdsForRealMoney(scope))) return;
    if (mayDo(caller.role, 'admin')) {
      if (loosens()) requireStepUp(caller, clock);
      return;
    }
    const sentence = 'This limit holds for real money: only an admin may change it. Nothing was changed.';
    throw new HttpProblem(403, 'FORBIDDEN', 'Only for admins', sentence);
  }

  async function checkScope({ kind, name }: LimitScope): Promise<void> {
    // A name that is slightly wrong would make a limit that never holds.
    if (kind === 'sector' && !sectorNames.some((known) => known === name)) {
      const meant = sectorNamed(name);
      const hint = meant === null ? '' : ` Is ${meant} meant?`;
      const sentence = `There is no sector ${name} to set a limit for.${hint} Nothing was changed.`;
      throw new HttpProblem(400, 'NOT_A_SECTOR', 'No such sector', sentence, [
        { field: 'scope.name', code: 'NOT_A_SECTOR', message: `expected one of ${sectorNames.join(', ')}` },
      ]);
    }
    if (kind !== 'account') return;
    const accounts = await queries.accounts();
    if (accounts.some((one) => one.id === name && one.archivedAt === null)) return;
    const sentence = `There is no account ${name} to set a limit for. Nothing was changed.`;
    throw new HttpProblem(400, 'NO_SUCH_ACCOUNT', 'No such account', sentence, [
      { field: 'scope.name', code: 'NO_SUCH_ACCOUNT', message: 'expected the id of an account' },
    ]);
  }

  const changed = (error: unknown): never => {
    if (!(error instanceof LimitChangedMeanwhile)) throw error;
    const { current } = error;
    const sentence = current
      ? `${current.author} changed it to version ${current.version} (${current.reason}). Look at it again; nothing of yours was stored.`
      : 'It was never set, so that there is no version to change. Nothing was stored.';
    throw new HttpProblem(409, 'CHANGED_MEANWHILE', 'Changed meanwhile', sentence, [
      { field: 'version', code: 'CHANGED_MEANWHILE', message: `expected ${current?.version ?? 0}` },
    ]);
  };

  /** What is held for exactly this scope; undefined: nobody has said anything for it; null: nothing is held. */
  const inForce = (rule: Rule, scope: LimitScope): HeldLimit | null | undefined => {
    const { limits } = settings.current();
    const own = limits.find(
      (one) => one.rule === rule.key && one.scope.kind === scope.kind && one.scope.name === scope.name,
    );
    if (own === undefined) {
      if (scope.kind !== 'everything') return undefined;
      return rule.on === false ? null : defaultOf(rule);
    }
    const read = readLimit(rule, own);
    return typeof read === 'string' ? undefined : own.on || rule.on === 'always' ? read : null;
  };

  const shown = (version: LimitVersion): RiskLimitJson => {
    const rule = rules.find((one) => one.key === version.rule);
    const read = rule ? readLimit(rule, version) : `there is no rule ${version.rule}`;
    return {
      ...version,
      scope: { ...version.scope },
      parameters: plain(typeof read === 'string' ? version.parameters : read.parameters),
      at: version.at.toISOString(),
      problem: typeof read === 'string' ? read : null,
    };
  };

  return {
    async rules() {
      const [{ counts }] = await Promise.all([today.counted(), settings.refresh()]);
      const { limits } = settings.current();
      return rules.map((rule) => {
        const own = limits.filter((one) => one.rule === rule.key).map((one) => shown({ ...one, removed: false }));
        const base = own.find((one) => one.scope.kind === 'everything') ?? asDefault(rule);
        return {
          key: rule.key,
          order: rule.order,
          name: rule.name,
          says: rule.says,
          appliesTo: rule.appliesTo,
          on: rule.on,
          scopes: [...rule.scopes],
          severities: [...rule.severities],
          parameters: Object.entries(rule.parameters).map(([name, { kind, label, default: value, stricter }]) => ({
            ...{ name, kind, label, stricter },
            default: plain({ value }).value!,
          })),
          today: counts.get(rule.key) ?? noCounts,
          limits: [base, ...own.filter((one) => one.scope.kind !== 'everything')],
        };
      });
    },

    today: () => today.shown(),

    async set({ rule: key, scope, on, severity, parameters, version, reason }, caller) {
      const rule = find(key);
      await checkScope(scope);
      const wish = { rule: key, scope, on, severity: severity ?? rule.severities[0], parameters };
      const read = readLimit(rule, wish);
      const problem = typeof read === 'string' ? read : !on && rule.on === 'always' ? `${key} always holds` : null;
      if (problem !== null || typeof read === 'string') {
        throw new HttpProblem(400, 'INVALID', 'Not a limit', `${problem}. Nothing was changed.`, [
          { field: 'parameters', code: 'INVALID', message: problem! },
        ]);
      }
      await settings.refresh();
      await mayChange(scope, caller, () => loosens(inForce(rule, scope), on ? read : null));
      const by = { author: caller.name, reason };
      const stored = await store.set({ ...wish, parameters: read.parameters }, version, by).catch(changed);
      await settings.refresh();
      return shown(stored);
    },

    async remove({ rule, scope, version, reason }, caller) {
      await mayChange(scope, caller, () => true);
      const gone = await store.remove(rule, scope, version, { author: caller.name, reason }).catch(changed);
      await settings.refresh();
      if (gone) return shown(gone);
      throw new HttpProblem(404, 'NOT_FOUND', 'No such limit', 'There is no such limit. Nothing was changed.');
    },

    history: async (rule) => (await store.history(rule, mostVersions)).map(shown),
  };
}

const asDefault = (rule: Rule): RiskLimitJson => ({
  rule: rule.key,
  scope: { ...everything },
  on: rule.on !== false,
  severity: rule.severities[0],
  parameters: plain(defaultOf(rule).parameters),
  version: 0,
  removed: false,
  author: null,
  reason: null,
  at: null,
  problem: null,
});

/** Lists that may be written to, as JSON's types want them. */
const plain = (parameters: Readonly<Record<string, string | number | boolean | readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
