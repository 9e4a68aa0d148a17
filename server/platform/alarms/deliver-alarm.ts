import type { Alarm } from '../../core/model/alarm.ts';
import type { AlarmChannel } from '../../core/ports/alarm-channel.ts';
import type { AlarmDelivery } from '../../core/ports/alarms.ts';
import type { JobOutcome, Jobs } from '../../core/ports/job-queue.ts';

export interface DeliverAlarmParts {
  readonly alarms: AlarmDelivery;
  /** Null: ALARM_WEBHOOK_URL is not set any more. */
  readonly channel: AlarmChannel | null;
  /** Where the dashboard is reached, without a slash at the end. */
  readonly dashboardUrl: string;
}

/** Handler of the jobs `alarm.deliver`. What fails is kept with the alarm and thrown, so that the queue tries again. */
export function createAlarmDelivery({ alarms, channel, dashboardUrl }: DeliverAlarmParts) {
  const link = (alarm: Alarm): string => `${dashboardUrl}/alarms?row=${alarm.id}`;
  return async ({ alarmId, what }: Jobs['alarm.deliver']): Promise<JobOutcome> => {
    const alarm = await alarms.find(alarmId);
    if (!alarm || !channel) return { kind: 'done' };
    // Over before anybody was told: that it is over is told by a job of its own.
    if (what === 'raised' && alarm.clearedAt !== null) return { kind: 'done' };
    const { severity, kind, key, sentence, clearedSentence, raisedAt, clearedAt } = alarm;
    try {
      await channel.tell(
        {
          text:
            what === 'raised'
              ? `Signalbox: ${sentence} ${link(alarm)}`
              : `Signalbox, over: ${clearedSentence} It was: ${sentence} ${link(alarm)}`,
          what,
          severity,
          kind,
          alarmId,
          key,
          at: (what === 'cleared' && clearedAt ? clearedAt : raisedAt).toISOString(),
          link: link(alarm),
        },
        // An alarm that turned from a warning into a page is told once as well.
        `${alarmId}:${what}`,
      );
    } catch (error) {
      await alarms.recordDelivery(alarmId, error instanceof Error ? error.message : String(error));
      throw error;
    }
    await alarms.recordDelivery(alarmId, null);
    return { kind: 'done' };
  };
}
