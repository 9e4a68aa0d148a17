import { expect, test } from 'vitest';
import { arrivalsOf } from './channels.ts';

const at = '2026-11-20T15:00:00.000Z';
const later = '2026-11-20T15:00:04.000Z';
const repeated = (data: Record<string, unknown>) => ({ kind: 'signal.repeated', at: later, data });

test('one way is one way, however often the alert came by it', () => {
  expect(arrivalsOf(at, {}, [repeated({ receivedAt: later })])).toEqual([
    { channel: 'webhook', at, sentAt: null, afterMs: 0 },
  ]);
});

test('both ways, the first first, and how long the second took', () => {
  const mail = repeated({ receivedAt: '2026-11-20T15:00:03.5+00:00', channel: 'mail', sentAt: at });
  expect(arrivalsOf(at, {}, [{ kind: 'order.filled', at: later }, mail, repeated({ receivedAt: later })])).toEqual([
    { channel: 'webhook', at, sentAt: null, afterMs: 0 },
    { channel: 'mail', at: '2026-11-20T15:00:03.500Z', sentAt: at, afterMs: 3500 },
  ]);
  expect(arrivalsOf(at, { channel: 'mail', mailSentAt: at }, [repeated({ receivedAt: later })])).toEqual([
    { channel: 'mail', at, sentAt: at, afterMs: 0 },
    { channel: 'webhook', at: later, sentAt: null, afterMs: 4000 },
  ]);
});
