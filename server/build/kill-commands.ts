import type { KillSwitchJson } from '../contract/index.ts';
import { type KillSwitch, targetInWords } from '../core/model/kill-switch.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { Commands } from '../http/commands.ts';
import { HttpProblem } from '../http/problems.ts';
import type { KillSwitches } from '../platform/kill-switch/kill-switches.ts';

const shownInHistory = 100;

/** What a person can do with the kill switches, as the routes ask for it. */
export function createKillCommands(
  killSwitches: KillSwitches,
  settings: Pick<SettingsStore, 'current'>,
  file: string,
): Pick<Commands, 'killSwitches' | 'engageKillSwitch' | 'liftKillSwitch' | 'cancelAll'> {
  return {
    async killSwitches() {
      const history = await killSwitches.history(shownInHistory);
      return { engaged: settings.current().killSwitches.map(killSwitchJson), history: history.map(killSwitchJson) };
    },

    async engageKillSwitch({ scope, key = '', reason, flatten, via }, caller) {
      const engaged = await killSwitches.engage({ scope, key, reason, flatten, via, by: caller.name });
      if (!engaged) throw noSuchAccount(key, 'Nothing was stopped.');
      return killSwitchJson(engaged);
    },

    async liftKillSwitch(id, reason, caller) {
      if (caller.by !== 'session') {
        throw new HttpProblem(
          403,
          'NOT_A_PERSON',
          'Only a person lifts a kill switch',
          'A token stops trading, and cannot have it go on: sign in to the dashboard for that. The switch stays on.',
        );
      }
      const lifted = await killSwitches.lift(id, caller.name, reason);
      if (lifted === 'file') {
        throw new HttpProblem(
          409,
          'FILE_SAYS_SO',
          'The file is still there',
          `The file ${file} asks for it: remove it first. The switch stays on.`,
        );
      }
      return lifted && killSwitchJson(lifted);
    },

    async cancelAll({ scope, key = '', which }, caller) {
      const asked = await killSwitches.cancelAll({ scope, key }, which, `Cancelled with all others by ${caller.name}.`);
      if (asked === null) throw noSuchAccount(key, 'Nothing was cancelled.');
      return { asked };
    },
  };
}

const noSuchAccount = (key: string, consequence: string): HttpProblem =>
  new HttpProblem(400, 'NO_SUCH_ACCOUNT', 'No such account', `There is no account ${key}. ${consequence}`, [
    { field: 'key', code: 'NO_SUCH_ACCOUNT', message: 'expected the id or the name of an account' },
  ]);

/** A switch as the API shows it. */
export function killSwitchJson(one: KillSwitch): KillSwitchJson {
  const after = (at: Date | null) => at && at.getTime() - one.requestedAt.getTime();
  return {
    id: one.id,
    scope: one.scope,
    key: one.scope === 'all' ? null : one.key,
    name: targetInWords(one),
    ...{ reason: one.reason, by: one.by, via: one.via, flatten: one.flatten, cancelled: one.cancelled },
    at: one.engagedAt.toISOString(),
    stoppedMs: one.stoppedAt.getTime() - one.requestedAt.getTime(),
    lastEntryMs: after(one.lastEntryAt),
    cancelledMs: after(one.cancelledAt),
    flatMs: after(one.flatAt),
    lifted: one.lifted && { ...one.lifted, at: one.lifted.at.toISOString() },
  };
}
