import type postgres from 'postgres';
import { loadChannels } from '../adapters/channels/load-channels.ts';
import { createNotificationStore } from '../adapters/database/notification-store/notification-store.ts';
import { createPushStore, type PushStoreOptions } from '../adapters/database/notification-store/push-store.ts';
import { createNotificationDesk } from '../build/notification-desk.ts';
import { createPushDesk, type PushDeskParts } from '../build/push-desk.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { Random } from '../core/ports/random.ts';
import { makePushKeys } from '../main/notifications.ts';
import { createSender, type SenderParts } from '../platform/notifications/sender.ts';

/** Everything of notifications over a database, with the real channels unless told otherwise. */
export async function openNotifications(
  given: Pick<SenderParts, 'alarms' | 'log'> &
    Pick<PushDeskParts, 'approvals' | 'queries'> &
    Pick<PushStoreOptions, 'secretBox'> & {
      readonly sql: postgres.Sql;
      readonly clock: Clock;
      readonly random: Random;
      readonly committed?: () => void;
      readonly channels?: readonly Notifier[];
      readonly pushServices?: readonly string[];
    },
) {
  const store = createNotificationStore(given);
  const push = createPushStore({ ...given, makeKeys: makePushKeys });
  const channels =
    given.channels ??
    (await loadChannels({
      vapid: () => push.vapid(),
      pushContact: 'https://box.example.com',
      pushServices: given.pushServices ?? [],
    }));
  const sender = createSender({ ...given, store, push, channels, dashboardUrl: 'https://box.example.com' });
  return {
    ...{ store, keys: push, channels, sender },
    desks: {
      notifications: createNotificationDesk({ store, push, channels, sender }),
      push: createPushDesk({ ...given, store, push, channels, sender }),
    },
  };
}
