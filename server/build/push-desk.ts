import type { ApprovalJson } from '../contract/index.ts';
import type { NotificationDestination, NotificationStore, PushStore } from '../core/ports/notification-store.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { ApprovalDesk } from '../http/approval-desk.ts';
import type { PushDesk } from '../http/notification-desk.ts';
import { HttpProblem, notFound } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import type { Caller } from '../platform/access/roles.ts';
import type { Sender } from '../platform/notifications/sender.ts';
import { checkedSettings, invalid, refuseQuiet, secretFieldsOf, shownDestination } from './notification-shapes.ts';

export interface PushDeskParts {
  readonly store: NotificationStore;
  readonly push: Pick<PushStore, 'useAnswer'>;
  readonly channels: readonly Notifier[];
  readonly sender: Pick<Sender, 'test'>;
  readonly approvals: ApprovalDesk;
  readonly queries: Pick<Queries, 'findApproval'>;
}

/** A person has this many devices at most: more are a mistake, or somebody who fills the table. */
const mostDevices = 20;

/** Devices of whoever is signed in, and the answers that come from them. */
export function createPushDesk({ store, push, channels, sender, approvals, queries }: PushDeskParts): PushDesk {
  const channel = channels.find(({ key }) => key === 'web-push');
  if (!channel) throw new Error('there is no channel web-push');

  const own = async (id: string, caller: Caller): Promise<NotificationDestination | null> => {
    const found = await store.find(id);
    return found && found.personId === caller.id ? found : null;
  };

  return {
    async add(wish, caller) {
      if (caller.by !== 'session')
        throw new HttpProblem(
          403,
          'NOT_A_PERSON',
          'Only a person has devices',
          'A token cannot be told on a device: sign in to the dashboard with the browser that is to be told. Nothing was changed.',
        );
      refuseQuiet(wish.quiet);
      const { endpoint, keys, replaces, name } = wish;
      const settings = checkedSettings(channel, { endpoint, ...keys });
      const devices = await store.destinations({ personId: caller.id });
      const before = replaces === undefined ? null : await withEndpoint(devices, replaces);
      if (devices.length >= mostDevices && before === null)
        throw invalid([
          {
            field: 'name',
            message: `a person has at most ${mostDevices} devices: remove one that is not used any more`,
          },
        ]);
      const { kinds, quiet } = before ?? wish;
      const added = await store.add(
        {
          ...{ name: before?.name ?? name, channel: channel.key, personId: caller.id, settings },
          ...{ secretFields: secretFieldsOf(channel), place: channel.place(settings), kinds, quiet },
          enabled: before?.enabled ?? true,
        },
        caller.name,
      );
      if (before !== null && before.id !== added.id) await store.remove(before.id, caller.name);
      return shownDestination(added);
    },

    async change(id, { settings, ...wish }, caller) {
      if (settings !== undefined)
        throw invalid([{ field: 'settings', message: 'the keys of a device come from its browser: add it anew' }]);
      refuseQuiet(wish.quiet);
      if (!(await own(id, caller))) return null;
      const changed = await store.change(id, wish, caller.name);
      return changed && shownDestination(changed);
    },

    async remove(id, caller) {
      return (await own(id, caller)) !== null && store.remove(id, caller.name);
    },

    async test(id, caller) {
      if (!(await own(id, caller))) return null;
      const told = await sender.test(id, caller.name);
      return told && { ok: told.kind === 'delivered', answer: told.answer };
    },

    async answer(token, verdict) {
      const used = await push.useAnswer(token);
      if (!used)
        throw new HttpProblem(
          403,
          'ANSWER_VOID',
          'It cannot be answered from here',
          'This notification was answered before, or its time is over. Your vote was not counted; nothing was sent by it. Look at the approvals in the dashboard.',
        );
      // As the person is now: a role may have changed since the notification was sent.
      const person = await store.person(used.personId);
      const found = await queries.findApproval(used.approvalId);
      if (!person || !found) throw notFound('such approval any more');
      if (verdict === 'approve' && found.mode === 'production')
        throw new HttpProblem(
          403,
          'STEP_UP_REQUIRED',
          'Real money takes the dashboard',
          'It is real money: a yes takes the dashboard, where you prove that it is you. Your vote was not counted; it waits on.',
        );
      const caller: Caller = { ...person, by: 'session' };
      const voted =
        verdict === 'approve'
          ? await approvals.approve(used.approvalId, { reason: 'From a notification' }, caller)
          : await approvals.reject(used.approvalId, { reason: 'From a notification' }, caller);
      if (!voted) throw notFound('such approval any more');
      return { approvalId: voted.id, state: voted.state, sentence: sentenceOf(voted) };
    },
  };

  async function withEndpoint(
    devices: readonly NotificationDestination[],
    endpoint: string,
  ): Promise<NotificationDestination | null> {
    for (const device of devices) {
      const settings = await store.settings(device.id).catch(() => null);
      if (settings?.endpoint === endpoint) return device;
    }
    return null;
  }
}

/** What came of a vote, for whoever gave it. */
function sentenceOf({ side, quantity, symbol, state }: ApprovalJson): string {
  const what = `${side === 'buy' ? 'Buy' : 'Sell'} ${quantity} ${symbol}`;
  if (state === 'rejected') return `${what}: rejected. Nothing is sent.`;
  if (state === 'open') return `${what}: your vote is counted. One more person must say yes.`;
  return `${what}: approved. It is judged anew, and sent if every limit still allows it.`;
}
