import type { NotificationKind } from '../../../core/model/notification.ts';
import type { NotificationStore, NotifiedPerson, StoredTemplate } from '../../../core/ports/notification-store.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { createDeliveries } from './deliveries.ts';
import { createDestinations, type NotificationStoreOptions } from './destinations.ts';

/** Destinations, what they are told and in which words, in PostgreSQL. */
export function createNotificationStore(options: NotificationStoreOptions): NotificationStore {
  const { sql, clock, committed } = options;

  async function changeTemplate(
    channel: string,
    kind: NotificationKind,
    to: { subject: string; text: string } | null,
    by: string,
  ): Promise<void> {
    await sql.begin(async (tx) => {
      const [from = null] = await tx<{ subject: string; text: string }[]>`
        select subject, text from notification_templates where channel = ${channel} and kind = ${kind} for update`;
      if (to === null && from === null) return;
      if (to === null) await tx`delete from notification_templates where channel = ${channel} and kind = ${kind}`;
      else
        await tx`
          insert into notification_templates (channel, kind, subject, text, changed_by, changed_at)
          values (${channel}, ${kind}, ${to.subject}, ${to.text}, ${by}, ${clock.now()})
          on conflict (channel, kind) do update set subject = excluded.subject, text = excluded.text, changed_by = excluded.changed_by,
            changed_at = excluded.changed_at`;
      await appendEvents(tx, [{ kind: 'notification.template_changed', data: { channel, about: kind, from, to, by } }]);
    });
    committed?.();
  }

  return {
    ...createDestinations(options),
    ...createDeliveries(options),
    templates: () => sql<StoredTemplate[]>`
      select channel, kind, subject, text, changed_by as "changedBy", changed_at as "changedAt" from notification_templates order by kind, channel`,
    putTemplate: (channel, kind, { subject, text }, by) => changeTemplate(channel, kind, { subject, text }, by),
    removeTemplate: (channel, kind, by) => changeTemplate(channel, kind, null, by),
    async person(id) {
      const [row] = await sql<
        NotifiedPerson[]
      >`select id, name, email, role from auth_users where id = ${id} and disabled_at is null`;
      return row ?? null;
    },
  };
}
