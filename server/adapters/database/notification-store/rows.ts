import type postgres from 'postgres';
import type { NotificationKind, QuietHours } from '../../../core/model/notification.ts';
import type { NotificationDestination } from '../../../core/ports/notification-store.ts';

export interface DestinationRow extends Omit<NotificationDestination, 'settings' | 'kinds' | 'quiet'> {
  readonly settings: Record<string, string>;
  readonly kinds: NotificationKind[];
  readonly quiet: QuietHours | null;
}

/** The columns of a destination, from a table under the name `t`. No secret is among them. */
export const destinationColumns = (sql: postgres.ISql) => sql`
  t.id, t.name, t.channel, t.person_id as "personId", t.settings, t.place, t.kinds, t.quiet, t.enabled, t.given, t.told_at as "toldAt",
  t.problem, t.failing_since as "failingSince", t.changed_by as "changedBy", t.changed_at as "changedAt"`;

/** What an event tells of a destination. */
export const toldOf = ({ name, channel, personId, place, kinds, quiet, enabled }: NotificationDestination) => ({
  ...{ name, channel, personId, place, kinds, quiet, enabled },
});
