import type { NotificationDestinationJson, QuietHoursJson } from '../contract/index.ts';
import type { NotificationDestination } from '../core/ports/notification-store.ts';
import type { ChannelSettings, Notifier } from '../core/ports/notifier.ts';
import { HttpProblem } from '../http/problems.ts';
import { quietProblem } from '../platform/notifications/quiet-hours.ts';

/** A destination as it is told. */
export const shownDestination = (row: NotificationDestination): NotificationDestinationJson => ({
  ...{ id: row.id, name: row.name, channel: row.channel, personal: row.personId !== null },
  ...{ settings: { ...row.settings }, place: row.place, kinds: [...row.kinds] },
  quiet: row.quiet && { ...row.quiet, breaksThrough: [...row.quiet.breaksThrough] },
  ...{ enabled: row.enabled, given: row.given, problem: row.problem, changedBy: row.changedBy },
  toldAt: row.toldAt?.toISOString() ?? null,
  failingSince: row.failingSince?.toISOString() ?? null,
  changedAt: row.changedAt.toISOString(),
});

export const invalid = (fields: readonly { field: string; message: string }[]): HttpProblem =>
  new HttpProblem(
    400,
    'INVALID',
    'It cannot be used so',
    `${fields.map(({ field, message }) => `${field}: ${message}`).join('; ')}. Nothing was changed.`,
    fields.map((one) => ({ ...one, code: 'invalid' })),
  );

export function refuseQuiet(quiet: QuietHoursJson | null | undefined): void {
  const wrong = quiet ? quietProblem(quiet) : null;
  if (wrong !== null) throw invalid([{ field: 'quiet', message: wrong }]);
}

/** The settings of a channel's fields and no others; throws when they cannot be used. */
export function checkedSettings(channel: Notifier, given: Readonly<Record<string, string>>): ChannelSettings {
  const known = channel.fields.map(({ key }) => key);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw invalid(
      unknown.map((field) => ({ field, message: `not a setting of this channel; there are ${known.join(', ')}` })),
    );
  const settings = Object.fromEntries(
    channel.fields.map(({ key, initial = '' }) => [key, (given[key] ?? '').trim() || initial]),
  );
  const problems = channel.check(settings);
  if (problems.length > 0) throw invalid(problems);
  return settings;
}

export const secretFieldsOf = (channel: Notifier): string[] =>
  channel.fields.filter(({ secret }) => secret).map(({ key }) => key);
