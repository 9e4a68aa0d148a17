import type { TradeSignal } from '../../../core/model/signal.ts';
import type { ReadAs } from '../../../core/model/source-reading.ts';

/** An alert without a time of its own fired when its mail was sent; and it ends when its mail is too old, unless it ends earlier by itself. */
export function datedByMail(signal: TradeSignal, { sentAt, maxAgeSeconds }: NonNullable<ReadAs['mail']>): TradeSignal {
  const sent = new Date(sentAt);
  const until = new Date(sent.getTime() + (maxAgeSeconds + signal.delaySeconds) * 1000);
  return {
    ...signal,
    firedAt: signal.firedAt ?? sent,
    expiresAt: signal.expiresAt !== null && signal.expiresAt < until ? signal.expiresAt : until,
  };
}
