import type { StoredEvent } from '../../core/model/event.ts';
import { type KillSwitch, type KillTarget, type KillWay, sameTarget } from '../../core/model/kill-switch.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { KillFileWord } from '../../core/ports/kill-file.ts';
import type { HeldLot, KillSwitchStore } from '../../core/ports/kill-switch-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import type { SettingsStore } from '../../core/ports/settings.ts';
import { type FileTarget, readKillFile } from './kill-file.ts';
import { createSweeper } from './sweeper.ts';

export interface KillSwitchParts {
  readonly store: KillSwitchStore;
  readonly settings: Pick<SettingsStore, 'current' | 'refresh' | 'holdKillSwitches' | 'onChange'>;
  /** Has what is held closed, once however often it is asked for; tries again by itself when that came to nothing. */
  leave(lot: HeldLot, killSwitch: KillSwitch): Promise<void>;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  /** Where the file is, for what is said of it. */
  readonly file: string;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
}

/** What somebody wants stopped. An account is named by its id or its name. */
export interface KillWish extends KillTarget {
  readonly reason: string;
  readonly by: string;
  readonly via: KillWay;
  readonly flatten: boolean;
}

/** The kill switches: engaged by whoever is in doubt, carried out until it is done, lifted by a person alone. */
export interface KillSwitches {
  /** Null: there is no such account. Throws when it could not be stored; nothing has changed then. */
  engage(wish: KillWish): Promise<KillSwitch | null>;
  /** `file`: the file asks for it still. Null: it is not engaged. */
  lift(id: string, by: string, reason: string): Promise<KillSwitch | 'file' | null>;
  history(limit: number): Promise<readonly KillSwitch[]>;
  /** Cancels what is open of the target, once; answers how many orders. Null: there is no such account. */
  cancelAll(target: KillTarget, which: 'entries' | 'all', reason: string): Promise<number | null>;
  /** What is in the file's place. Never throws: what could not be stored is in force here, and stored at the next call. */
  fileSays(word: KillFileWord): Promise<void>;
  /** Something happened that a switch may wait for. */
  seen(batch: readonly StoredEvent[]): void;
  /** Carries out what is engaged, from where it was left; for a process that works. */
  work(): () => Promise<void>;
}

export function createKillSwitches(parts: KillSwitchParts): KillSwitches {
  const { store, settings, clock, log } = parts;
  const sweeper = createSweeper(parts);
  /** In force here before they are stored. */
  let held: readonly KillSwitch[] = [];
  /** What the file asks for, by ids. */
  let ofFile: readonly KillTarget[] = [];

  const hold = (one: KillSwitch): void => {
    held = [...held.filter((other) => !sameTarget(one, other)), one];
    settings.holdKillSwitches(held);
  };
  const letGo = (target: KillTarget): void => {
    held = held.filter((one) => !sameTarget(one, target));
    settings.holdKillSwitches(held);
  };

  /** The target with an account's id for its name. Null: there is no such account. */
  async function resolve({ scope, key }: KillTarget): Promise<(KillTarget & { name: string }) | null> {
    if (scope === 'all') return { scope, key: '', name: '' };
    if (scope !== 'account') {
      const name = scope === 'symbol' ? key.toUpperCase() : key;
      return { scope, key: name, name };
    }
    const account = await store.account(key);
    return account && { scope, key: account.id, name: account.name };
  }

  async function put(wish: KillWish & { name: string }, requestedAt: Date): Promise<KillSwitch> {
    // Nothing leaves this process from here on, whatever becomes of the database.
    hold({
      ...wish,
      id: parts.random.id(),
      ...{ requestedAt, engagedAt: requestedAt, stoppedAt: requestedAt },
      ...{ lastEntryAt: null, cancelled: null, cancelledAt: null, flatAt: null, lifted: null },
    });
    const { killSwitch, changed } = await store.engage({ ...wish, requestedAt });
    if (changed)
      log.warn({ target: wish, reason: wish.reason, by: wish.by, via: wish.via }, 'a kill switch was engaged');
    await settings.refresh();
    letGo(wish);
    sweeper.sweep();
    return killSwitch;
  }

  async function obey(content: string): Promise<void> {
    const { targets, reason, problems } = readKillFile(content);
    const faults = [...problems];
    const wanted: (FileTarget & { name: string })[] = [];
    for (const target of targets) {
      const resolved = await resolve(target).catch(() => null);
      if (resolved) wanted.push({ ...target, ...resolved });
      else faults.push(`there is no account ${target.key}`);
    }
    if (faults.length > 0 && !wanted.some((one) => one.scope === 'all'))
      wanted.push({ scope: 'all', key: '', name: '', flatten: false });
    ofFile = wanted;
    const fault =
      faults.length === 0 ? null : `What is in it cannot be read (${faults.join('; ')}), so everything is stopped.`;
    await complain(fault);
    for (const target of wanted) {
      const inForce = settings.current().killSwitches.find((one) => sameTarget(one, target));
      const stored = inForce && !held.includes(inForce);
      if (stored && (inForce.flatten || !target.flatten)) continue;
      const said = [reason, target.scope === 'all' ? fault : null].filter((text) => text !== null).join(' ');
      const because = said.length >= 3 ? said : 'The file says so and gives no reason.';
      await put({ ...target, reason: because.slice(0, 500), by: 'the file', via: 'file' }, clock.now());
    }
  }

  async function complain(fault: string | null): Promise<void> {
    const key = `kill-file:${parts.file}`;
    try {
      if (fault === null) return await parts.alarms.clear(key, 'The file is gone, or can be read.');
      log.error({ file: parts.file, fault }, 'the file of the kill switch cannot be obeyed to the letter');
      await parts.alarms.raise({
        key,
        kind: 'kill_switch.problem',
        severity: 'page',
        sentence: `The file ${parts.file} stops trading. ${fault}`,
      });
    } catch (error) {
      log.warn({ error }, 'the alarm on the file of the kill switch could not be stored; it will be tried again');
    }
  }

  return {
    async engage(wish) {
      const requestedAt = clock.now();
      const target = await resolve(wish);
      if (target === null) return null;
      try {
        return await put({ ...wish, ...target }, requestedAt);
      } catch (error) {
        letGo(target);
        throw error;
      }
    },

    async lift(id, by, reason) {
      const engaged = (await store.engaged()).find((one) => one.id === id);
      if (!engaged) return null;
      if (ofFile.some((target) => sameTarget(target, engaged))) return 'file';
      const lifted = await store.lift(id, by, reason);
      if (lifted) {
        log.warn({ id, by, reason }, 'a kill switch was lifted');
        await settings.refresh();
        await sweeper.forget(id);
      }
      return lifted;
    },

    history: (limit) => store.history(limit),

    async cancelAll(target, which, reason) {
      const resolved = await resolve(target);
      return resolved && store.cancelAll(resolved, which, reason);
    },

    async fileSays(word) {
      try {
        if (word.kind === 'absent') {
          if (ofFile.length > 0)
            log.info({ file: parts.file }, 'the file of the kill switch is gone; what it stopped stays stopped');
          if (ofFile.length > 0) await complain(null);
          ofFile = [];
        } else if (word.kind === 'there') await obey(word.content);
        else await obey(`unreadable: ${word.why}`);
      } catch (error) {
        log.error(
          { error, file: parts.file },
          'the kill switch of the file is in force here, but could not be stored; trying on',
        );
      }
    },

    seen(batch) {
      if (batch.some(({ kind }) => kind.startsWith('order.') || kind === 'position.changed')) sweeper.sweep();
    },

    work: () => sweeper.work(),
  };
}
