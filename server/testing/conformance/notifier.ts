import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelSettings, Notifier, NotifierMessage } from '../../core/ports/notifier.ts';

/** What the other side does with the next messages. `echo`: it refuses for good, and repeats what it was sent. */
export type Reply = 'take' | 'later' | 'later in 90 s' | 'never' | 'echo' | 'point elsewhere' | 'gone';

/** A channel with somebody at the other end. */
export interface NotifierUnderTest {
  readonly notifier: Notifier;
  /** Good ones, for the listener. */
  readonly settings: ChannelSettings;
  /** The same, where nobody listens. */
  readonly nobody: ChannelSettings;
  /** What must be in no answer. */
  readonly secrets: readonly string[];
  reply(next: Reply): void;
  /** What was heard, as people there read it, the last one last. */
  heard(): readonly string[];
  close(): Promise<void>;
}

export const sampleMessage = (change: Partial<NotifierMessage> = {}): NotifierMessage => ({
  id: '019aa2f4-0000-7000-8000-000000000009',
  kind: 'order.filled',
  subject: 'PAPER: buy 57 AAPL filled at 150.25',
  text: 'opening range & more, <entry>, in paper at 14:30:00 New York.',
  at: '2026-11-20T19:30:00.000Z',
  link: 'https://box.example.com/orders?row=1',
  urgent: false,
  facts: { symbol: 'AAPL', quantity: '57' },
  expiresAt: null,
  question: null,
  ...change,
});

/** What holds for every channel, whoever is at the other end; of the replies those that its protocol has. */
export function notifierConformance(replies: readonly Reply[], open: () => Promise<NotifierUnderTest>): void {
  describe('as every channel', () => {
    let under: NotifierUnderTest;
    beforeAll(async () => {
      under = await open();
    }, 60_000);
    afterAll(() => under?.close());
    beforeEach(() => under.reply('take'));
    const tell = (message = sampleMessage()) => under.notifier.tell(under.settings, message);
    const leaks = (words: string) => under.secrets.filter((secret) => words.includes(secret));

    it('takes good settings, and says of each that is missing what was expected', () => {
      const { notifier, settings } = under;
      expect(notifier.check(settings)).toEqual([]);
      for (const { key, required } of notifier.fields) {
        const problems = notifier.check({ ...settings, [key]: '' });
        if (!required) continue;
        expect(problems.map(({ field }) => field)).toContain(key);
        expect(problems.find(({ field }) => field === key)!.message).toMatch(/^expected /);
      }
      for (const { key } of notifier.fields.filter(({ required }) => required))
        expect(notifier.check({ ...settings, [key]: '\u0000 no such thing' }).map(({ field }) => field)).toContain(key);
    });

    it('has its place without a secret', () => {
      expect(leaks(under.notifier.place(under.settings))).toEqual([]);
      expect(under.notifier.place(under.settings)).not.toBe('');
    });

    it('brings the subject, the text and the way to the page', async () => {
      const told = await tell();
      expect(told).toMatchObject({ kind: 'delivered', answer: expect.stringMatching(/\S/) });
      expect(leaks(told.answer)).toEqual([]);
      const heard = under.heard().at(-1)!;
      for (const part of [
        'PAPER: buy 57 AAPL filled at 150.25',
        'opening range & more, <entry>',
        'https://box.example.com/orders?row=1',
      ])
        expect(heard).toContain(part);
    });

    it('brings a subject as one line, and long texts as far as they go, with the way to the page', async () => {
      const told = await tell(sampleMessage({ subject: 'One\r\nBcc: eve@example.com', text: `${'ä'.repeat(5000)}` }));
      expect(told.kind).toBe('delivered');
      expect(under.heard().at(-1)).not.toMatch(/^Bcc:/m);
      expect(under.heard().at(-1)).toContain('https://box.example.com/orders?row=1');
    });

    it('knows what is worth another try from what is not', async () => {
      under.reply('later');
      expect(await tell()).toMatchObject({ kind: 'failed', final: false });
      under.reply('never');
      expect(await tell()).toMatchObject({ kind: 'failed', final: true, retryAfterMs: null });
      under.reply('take');
      expect(await tell()).toMatchObject({ kind: 'delivered' });
    });

    if (replies.includes('later in 90 s'))
      it('waits as long as it is asked to', async () => {
        under.reply('later in 90 s');
        const told = await tell();
        expect(told).toMatchObject({ kind: 'failed', final: false, retryAfterMs: 90_000 });
      });

    if (replies.includes('point elsewhere'))
      it('follows nobody elsewhere', async () => {
        under.reply('point elsewhere');
        const before = under.heard().length;
        expect(await tell()).toMatchObject({ kind: 'failed', final: true });
        expect(under.heard().length).toBe(before + 1);
      });

    if (replies.includes('gone'))
      it('knows when there is nobody any more', async () => {
        under.reply('gone');
        expect(await tell()).toMatchObject({ kind: 'gone' });
      });

    it('says that nobody answers, and tries again', async () => {
      const told = await under.notifier.tell(under.nobody, sampleMessage());
      expect(told).toMatchObject({ kind: 'failed', final: false });
      expect(leaks(told.answer)).toEqual([]);
    });

    it('tells no secret, though the other side repeats what it was sent', async () => {
      under.reply('echo');
      const told = await tell();
      expect(told.kind).toBe('failed');
      expect(leaks(told.answer)).toEqual([]);
      expect(told.answer.length).toBeLessThan(500);
    });
  });
}
