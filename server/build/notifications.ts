import type { ApprovalDesk } from '../http/approval-desk.ts';
import type { NotificationDesk, PushDesk } from '../http/notification-desk.ts';
import type { Queries } from '../http/queries.ts';
import { followForNotifications } from '../platform/notifications/collector.ts';
import { createSender } from '../platform/notifications/sender.ts';
import { createNotificationDesk } from './notification-desk.ts';
import type { Parts } from './parts.ts';
import { createPushDesk } from './push-desk.ts';

export interface NotificationWork {
  readonly desks: { readonly notifications: NotificationDesk; readonly push: PushDesk };
  /** Begins to tell what happens. Answers what stops it. */
  start(): Promise<() => Promise<void>>;
}

/** What people are told outside the dashboard: who sets it, and who does it. */
export function createNotifications(
  parts: Pick<Parts, 'stores' | 'channels' | 'alarms' | 'events' | 'dashboardUrl' | 'clock' | 'random' | 'log'> & {
    readonly approvals: ApprovalDesk;
    readonly queries: Pick<Queries, 'findApproval'>;
  },
): NotificationWork {
  const { channels, events, approvals, queries } = parts;
  const { notifications: store, push } = parts.stores;
  const sender = createSender({ ...parts, store, push });
  return {
    desks: {
      notifications: createNotificationDesk({ store, push, channels, sender }),
      push: createPushDesk({ store, push, channels, sender, approvals, queries }),
    },
    async start() {
      const stopSending = sender.start();
      const stopFollowing = await followForNotifications({ events, store, onCollected: sender.kick });
      return async () => {
        await stopFollowing();
        await stopSending();
      };
    },
  };
}
