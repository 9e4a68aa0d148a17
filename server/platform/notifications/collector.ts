import type { StoredEvent } from '../../core/model/event.ts';
import type { EventReader } from '../../core/ports/event-reader.ts';
import type { NotificationStore } from '../../core/ports/notification-store.ts';
import { notificationOf } from './notification-of.ts';

export interface CollectorParts {
  readonly events: Pick<EventReader, 'follow'>;
  readonly store: Pick<NotificationStore, 'collect'>;
  /** Called when something is to be told. */
  readonly onCollected: () => void;
}

/** The name of the cursor; migration 0039 has put it where notifications began. */
const reader = 'notifications';

/**
 * Makes of what has happened what is to be told. A batch may come again after a crash: an event is told once for each destination all the same.
 * Answers what stops it.
 */
export function followForNotifications({ events, store, onCollected }: CollectorParts): Promise<() => Promise<void>> {
  return events.follow({
    reader,
    async onBatch(batch: readonly StoredEvent[]) {
      let some = false;
      for (const event of batch) {
        const notification = notificationOf(event);
        if (notification !== null && (await store.collect(event, notification))) some = true;
      }
      if (some) onCollected();
    },
  });
}
