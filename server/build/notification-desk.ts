import type { NotificationDeliveryJson, NotificationTemplateJson } from '../contract/index.ts';
import { notificationFacts, notificationKinds, placeholdersOf, sharedFacts } from '../core/model/notification.ts';
import type { DeliveryRecord, NotificationStore, PushStore } from '../core/ports/notification-store.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { NotificationDesk } from '../http/notification-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import { mayDo } from '../platform/access/roles.ts';
import type { Sender } from '../platform/notifications/sender.ts';
import { render, shippedTemplate, templateProblems } from '../platform/notifications/templates.ts';
import { checkedSettings, invalid, refuseQuiet, secretFieldsOf, shownDestination } from './notification-shapes.ts';

export interface NotificationDeskParts {
  readonly store: NotificationStore;
  readonly push: Pick<PushStore, 'vapid'>;
  readonly channels: readonly Notifier[];
  readonly sender: Pick<Sender, 'test' | 'kick'>;
}

/** What an admin sets of notifications, and what everybody may read of them. */
export function createNotificationDesk({ store, push, channels, sender }: NotificationDeskParts): NotificationDesk {
  const channelOf = (key: string): Notifier => {
    const found = channels.find((one) => one.key === key && !one.personal);
    if (found) return found;
    const known = channels.filter((one) => !one.personal).map((one) => one.key);
    throw invalid([{ field: 'channel', message: `expected one of ${known.join(', ')}` }]);
  };

  /** Everybody's; devices are their owners' business. */
  const shared = async (id: string) => {
    const found = await store.find(id);
    return found?.personId === null ? found : null;
  };

  async function read(personId: string) {
    const [destinations, devices, key] = await Promise.all([
      store.destinations('everybody'),
      store.destinations({ personId }),
      push.vapid().then(
        ({ publicKey }) => ({ pushKey: publicKey, pushProblem: null }),
        (error: unknown) => ({ pushKey: null, pushProblem: error instanceof Error ? error.message : String(error) }),
      ),
    ]);
    return {
      channels: channels.map(({ key: name, personal, fields }) => ({
        ...{ key: name, personal },
        fields: fields.map((field) => ({ ...field, options: field.options && [...field.options] })),
      })),
      destinations: destinations.map(shownDestination),
      devices: devices.map(shownDestination),
      ...key,
    };
  }

  async function templates(): Promise<NotificationTemplateJson[]> {
    const stored = await store.templates();
    return notificationKinds.flatMap((kind) =>
      channels.map(({ key: channel }) => {
        const own = stored.find((one) => one.channel === channel && one.kind === kind);
        const { subject, text } = own ?? shippedTemplate(kind);
        return {
          ...{ channel, kind, subject, text, shipped: own === undefined },
          changedBy: own?.changedBy ?? null,
          changedAt: own?.changedAt.toISOString() ?? null,
          placeholders: [...placeholdersOf(kind)],
        };
      }),
    );
  }

  return {
    read: ({ id }) => read(id),

    async add(wish, caller) {
      const channel = channelOf(wish.channel);
      refuseQuiet(wish.quiet);
      const settings = checkedSettings(channel, wish.settings);
      const { name, kinds, quiet, enabled } = wish;
      const added = await store.add(
        {
          ...{ name, channel: channel.key, personId: null, settings, kinds, quiet, enabled },
          ...{ secretFields: secretFieldsOf(channel), place: channel.place(settings) },
        },
        caller.name,
      );
      return shownDestination(added);
    },

    async change(id, wish, caller) {
      const before = await shared(id);
      if (!before) return null;
      refuseQuiet(wish.quiet);
      const { settings: given, ...rest } = wish;
      if (given === undefined) return shownOrNull(await store.change(id, rest, caller.name));
      if (before.given !== null)
        throw new HttpProblem(
          409,
          'GIVEN',
          'The environment sets it',
          `Where it goes is set by ${before.given}: change it there, and start anew. Nothing was changed.`,
        );
      const channel = channelOf(before.channel);
      const kept = (await store.settings(id)) ?? {};
      const secrets = secretFieldsOf(channel);
      // A password goes nowhere but where it was given for.
      const elsewhere = channel.fields.some(
        ({ key, secret }) =>
          !secret &&
          ['host', 'port', 'security', 'user', 'server', 'authority'].includes(key) &&
          (given[key] ?? '').trim() !== (kept[key] ?? ''),
      );
      const missing = secrets.filter((key) => elsewhere && !given[key] && kept[key]);
      if (missing.length > 0)
        throw invalid(
          missing.map((field) => ({
            field,
            message: 'enter it anew: where it is sent to, or how, is another than before',
          })),
        );
      const filled = Object.fromEntries(
        channel.fields.map(({ key, secret }) => [key, given[key] || (secret ? (kept[key] ?? '') : '')]),
      );
      const unknown = Object.fromEntries(Object.entries(given).filter(([key]) => !(key in filled)));
      const settings = checkedSettings(channel, { ...filled, ...unknown });
      return shownOrNull(
        await store.change(
          id,
          { ...rest, settings, secretFields: secrets, place: channel.place(settings) },
          caller.name,
        ),
      );
    },

    async remove(id, caller) {
      const before = await shared(id);
      if (!before) return null;
      if (before.given !== null)
        throw new HttpProblem(
          409,
          'GIVEN',
          'The environment sets it',
          `It is there because ${before.given} is set: unset it and start anew, or switch it off here. Nothing was changed.`,
        );
      return (await store.remove(id, caller.name)) ? read(caller.id) : null;
    },

    async test(id, caller) {
      if (!(await shared(id))) return null;
      const told = await sender.test(id, caller.name);
      return told && { ok: told.kind === 'delivered', answer: told.answer };
    },

    async log(query, caller) {
      const page = await store.log({ ...query, personId: caller.id });
      return { items: page.items.map(shownDelivery), next: page.next };
    },

    async again(id, caller) {
      const done = await store.again(id, caller.id, mayDo(caller.role, 'admin'));
      if (done) sender.kick();
      return done;
    },

    templates,

    preview(kind, wish) {
      const problems = templateProblems(kind, wish);
      if (problems.length > 0) throw invalid(problems);
      return render(wish, { ...notificationFacts[kind], ...sharedFacts });
    },

    async putTemplate(channel, kind, wish, caller) {
      requireChannel(channel);
      const problems = templateProblems(kind, wish);
      if (problems.length > 0) throw invalid(problems);
      await store.putTemplate(channel, kind, wish, caller.name);
      return templates();
    },

    async removeTemplate(channel, kind, caller) {
      requireChannel(channel);
      await store.removeTemplate(channel, kind, caller.name);
      return templates();
    },
  };

  function requireChannel(channel: string): void {
    const known = channels.map(({ key }) => key);
    if (!known.includes(channel)) throw invalid([{ field: 'channel', message: `expected one of ${known.join(', ')}` }]);
  }
}

const shownOrNull = (row: Parameters<typeof shownDestination>[0] | null) => row && shownDestination(row);

const shownDelivery = ({
  personId,
  at,
  createdAt,
  dueAt,
  doneAt,
  ...row
}: DeliveryRecord): NotificationDeliveryJson => ({
  ...row,
  personal: personId !== null,
  at: at.toISOString(),
  createdAt: createdAt.toISOString(),
  dueAt: dueAt.toISOString(),
  doneAt: doneAt?.toISOString() ?? null,
});
