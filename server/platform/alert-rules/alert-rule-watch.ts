import type { StoredEvent } from '../../core/model/event.ts';
import type { Quote } from '../../core/model/market.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { AlertRules, StoredAlertRule } from '../../core/ports/alert-rules.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { within } from './hours.ts';
import type { AlertKind } from './kind.ts';
import { endsWithCondition, lookOnce, stepOf } from './look-at-rule.ts';
import type { AlertReadings } from './readings.ts';

export interface AlertRuleWatchParts {
  readonly kinds: readonly AlertKind[];
  readonly rules: Pick<AlertRules, 'list' | 'find' | 'keep' | 'switch'>;
  readonly readings: AlertReadings;
  readonly alarms: Pick<Alarms, 'raise' | 'clear' | 'open' | 'wake'>;
  /** The symbols of the rules are others now. */
  onSymbols?(): void;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often every rule is looked at, and what is put off until later. */
export const everyMs = 10_000;
/** Quotes of a symbol within this are looked at together. */
export const gatherMs = 500;
/** What was found is kept at least so often, so that people see that it is looked at. */
const keepEveryMs = 60_000;
const alarmKey = (ruleId: string): string => `rule:${ruleId}`;

export interface AlertRuleWatch {
  /** The symbols whose prices rules look at. */
  symbols(): readonly string[];
  /** A price has come. */
  quoted(quote: Pick<Quote, 'symbol'>): void;
  /** Looks at once where rules were changed. */
  seen(batch: readonly Pick<StoredEvent, 'kind'>[]): void;
  /** Looks at every rule now; never throws. */
  look(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Looks at what people want to be told of, and tells. How it stands with each rule is kept, so that a restart tells nothing twice; several of
 * these raise one alarm, as an alarm of a key is open once.
 */
export function createAlertRuleWatch(parts: AlertRuleWatchParts): AlertRuleWatch {
  const { rules, readings, alarms, clock, log } = parts;
  const kinds = new Map(parts.kinds.map((kind) => [kind.key, kind]));
  let known = new Map<string, StoredAlertRule>();
  let stale = true;
  let timer: Timer | null = null;
  let gathering: Timer | null = null;
  let symbols: readonly string[] = [];
  const quotedSymbols = new Set<string>();
  let looking: Promise<void> = Promise.resolve();

  async function load(): Promise<void> {
    stale = false;
    const stored = await rules.list();
    // Of a rule that is as it was, this process knows better how it stands.
    known = new Map(
      stored.map((one) => {
        const before = known.get(one.rule.id);
        return [one.rule.id, before?.rule.version === one.rule.version ? { ...one, state: before.state } : one];
      }),
    );
    const wanted = stored.flatMap(({ rule }) => (rule.on && rule.scope.symbol !== null ? [rule.scope.symbol] : []));
    const before = symbols.join();
    symbols = [...new Set(wanted)].sort();
    if (symbols.join() !== before) parts.onSymbols?.();
    await clearOrphans();
  }

  /** What was told of a rule that is off, changed or gone since, and of which nobody would see that it is over. */
  async function clearOrphans(): Promise<void> {
    for (const { key, kind, data } of await alarms.open()) {
      if (kind !== 'rule.holds') continue;
      const ruleId = String(data.ruleId);
      const found = known.get(ruleId);
      if (found?.rule.on && data.version === found.rule.version) continue;
      const how = !found
        ? 'The rule was removed.'
        : found.rule.on
          ? 'The rule was changed.'
          : 'The rule was switched off.';
      if (key === alarmKey(ruleId)) await alarms.clear(key, how);
    }
  }

  async function lookAt(id: string): Promise<void> {
    const stored = known.get(id);
    if (!stored?.rule.on) return;
    const { rule } = stored;
    const now = readings.now();
    if (rule.activeHours !== null && !within(rule.activeHours, now)) return;
    const kind = kinds.get(rule.kind);
    let { state } = stored;
    const looked = await lookOnce(kind, rule, state.memory, readings);
    let step = stepOf(kind, rule, state, looked, now);
    if (step.act === 'fire') {
      // Another process may have told it, and people may have changed the rule.
      const fresh = await rules.find(id);
      if (fresh?.rule.version !== rule.version) {
        stale = true;
        return;
      }
      state = fresh.state;
      step = stepOf(kind, rule, state, looked, now);
    }
    if (step.act === 'fire') {
      await alarms.raise({
        key: alarmKey(id),
        kind: endsWithCondition(kind, rule) ? 'rule.holds' : 'rule.happened',
        severity: rule.severity,
        accountId: rule.scope.accountId,
        sentence: `${rule.name}: ${step.sentence}`,
        data: {
          ...{ ruleId: id, rule: rule.name, version: rule.version, value: step.state.value },
          ...(rule.scope.symbol !== null && { symbol: rule.scope.symbol }),
          ...(rule.scope.strategy !== null && { strategy: rule.scope.strategy }),
        },
      });
    } else if (step.act === 'clear') await alarms.clear(alarmKey(id), step.sentence);
    const told = step.act !== null;
    const otherwise =
      step.state.problem !== state.problem || JSON.stringify(step.state.memory) !== JSON.stringify(state.memory);
    const due = state.lookedAt === null || now.getTime() - state.lookedAt.getTime() >= keepEveryMs;
    known.set(id, { rule, state: told || otherwise || due ? step.state : { ...step.state, lookedAt: state.lookedAt } });
    if (told || otherwise || due) await rules.keep(id, rule.version, step.state);
    if (step.act === 'fire' && rule.once) {
      await rules.switch(id, false, 'the rule itself');
      stale = true;
    }
  }

  async function lookAtAll(which: (stored: StoredAlertRule) => boolean): Promise<void> {
    try {
      if (stale) await load();
    } catch (error) {
      stale = true;
      log.warn({ err: error }, 'the alert rules could not be read; they are read again');
      return;
    }
    for (const stored of [...known.values()].filter(which)) {
      try {
        await lookAt(stored.rule.id);
      } catch (error) {
        log.warn(
          { err: error, ruleId: stored.rule.id },
          'what an alert rule has found could not be told; it is tried again',
        );
      }
    }
  }

  const next = (which: (stored: StoredAlertRule) => boolean = () => true): void => {
    looking = looking.then(() => lookAtAll(which));
  };
  async function wake(): Promise<void> {
    try {
      await alarms.wake();
    } catch (error) {
      log.warn({ err: error }, 'alarms that were put off could not be told anew; it is tried again');
    }
  }

  return {
    symbols: () => symbols,
    quoted({ symbol }) {
      if (!symbols.includes(symbol)) return;
      quotedSymbols.add(symbol);
      gathering ??= clock.after(gatherMs, () => {
        gathering = null;
        const come = new Set(quotedSymbols);
        quotedSymbols.clear();
        next(({ rule }) => come.has(rule.scope.symbol ?? '') && kinds.get(rule.kind)?.everyQuote === true);
      });
    },
    seen(batch) {
      if (!batch.some(({ kind }) => kind === 'alert_rule.changed')) return;
      stale = true;
      next();
    },
    async look() {
      next();
      await looking;
    },
    async start() {
      timer = clock.every(everyMs, () => {
        next();
        looking = looking.then(wake);
      });
      next();
    },
    async stop() {
      timer?.cancel();
      gathering?.cancel();
      await looking;
    },
  };
}
