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
  /** What was last complained of; undefined: a process before this one may have. */
  let complaint: string | null | undefined;

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
    hold(provisional(wish, requestedAt));
    const { killSwitch, changed } = await store.engage({ ...wish, requestedAt });
    if (changed)
      log.warn({ target: wish, reason: wish.reason, by: wish.by, via: wish.via }, 'a kill switch was engaged');
    await settings.refresh();
    letGo(wish);
    sweeper.sweep();
    return killSwitch;
  }

  const provisional = (wish: KillWish & { name: string }, requestedAt: Date): KillSwitch => ({
    ...wish,
    id: parts.random.id(),
    ...{ requestedAt, engagedAt: requestedAt, stoppedAt: requestedAt },
    ...{ lastEntryAt: null, cancelled: null, cancelledAt: null, flatAt: null, lifted: null },
  });

  const ofTheFile = (target: KillTarget & { name: string; flatten: boolean }, because: string) => {
    const reason = because.length >= 3 ? because : 'The file says so and gives no reason.';
    return { ...target, reason: reason.slice(0, 500), by: 'the file', via: 'file' } as const;
  };

  async function obey(content: string): Promise<void> {
    const { targets, reason, problems } = readKillFile(content);
    const faults = [...problems];
    const wanted: (FileTarget & { name: string })[] = [];
    const everything = { scope: 'all', key: '', name: '', flatten: false } as const;
    for (const target of targets) {
      try {
        const resolved = await resolve(target);
        if (resolved) wanted.push({ ...target, ...resolved });
        else faults.push(`there is no account ${target.key}`);
      } catch (error) {
        // Whose account it is cannot be asked: until it can be, everything is stopped here.
        hold(provisional(ofTheFile(everything, reason ?? ''), clock.now()));
        throw error;
      }
    }
    if (faults.length > 0 && !wanted.some((one) => one.scope === 'all')) wanted.push(everything);
    const fault =
      faults.length === 0 ? null : `What is in it cannot be read (${faults.join('; ')}), so everything is stopped.`;
    ofFile = wanted;
    for (const one of held) {
      if (one.via === 'file' && !wanted.some((target) => sameTarget(one, target))) letGo(one);
    }
    for (const target of wanted) {
      const inForce = settings.current().killSwitches.find((one) => sameTarget(one, target));
      if (inForce && !held.includes(inForce) && (inForce.flatten || !target.flatten)) continue;
      const because = [reason, target.scope === 'all' ? fault : null].filter((text) => text !== null).join(' ');
      await put(ofTheFile(target, because), clock.now());
    }
    await complain(fault);
  }

  /** Whoever wrote the file thinks that it did something else: a person must look. */
  async function complain(fault: string | null): Promise<void> {
    if (fault === complaint) return;
    const key = `kill-file:${parts.file}`;
    if (fault === null) await parts.alarms.clear(key, 'The file is gone, or can be read.');
    else {
      log.error({ file: parts.file, fault }, 'the file of the kill switch cannot be obeyed to the letter');
      const sentence = `The file ${parts.file} stops trading. ${fault}`;
      await parts.alarms.raise({ key, kind: 'kill_switch.problem', severity: 'page', sentence });
    }
    complaint = fault;
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
          ofFile = [];
          // What could not be stored while the file was there was asked for all the same.
          for (const one of held) if (one.via === 'file') await put(one, one.requestedAt);
          await complain(null);
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
