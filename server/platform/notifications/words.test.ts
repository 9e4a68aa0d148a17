import { describe, expect, it } from 'vitest';
import type { EventKind, StoredEvent } from '../../core/model/event.ts';
import {
  notificationFacts,
  notificationKinds,
  placeholdersOf,
  type QuietHours,
  sharedFacts,
} from '../../core/model/notification.ts';
import { notificationOf } from './notification-of.ts';
import { quietProblem, quietUntil } from './quiet-hours.ts';
import { longestSubject, longestText, render, shippedTemplate, templateProblems } from './templates.ts';

const id = '019aa2f4-0000-7000-8000-000000000001';
const event = (kind: EventKind, data: Record<string, unknown>): StoredEvent => ({
  ...{ seq: '1', id, at: new Date('2026-11-20T19:30:00Z'), kind, signalId: id, orderId: id, accountId: id, data },
});

describe('a template', () => {
  it.each(notificationKinds)('that ships for %s can be used, and says something of its example', (kind) => {
    const template = shippedTemplate(kind);
    expect(templateProblems(kind, template)).toEqual([]);
    const shown = render(template, { ...notificationFacts[kind], ...sharedFacts });
    expect(`${shown.subject}${shown.text}`).not.toMatch(/[{}]/);
  });

  it('is refused with the list of what there is, when it names what there is not', () => {
    const problems = templateProblems('mode.changed', { subject: 'Now {too}', text: '{by} {toString} {' });
    expect(problems.map(({ field }) => field)).toEqual(['subject', 'text', 'text']);
    for (const name of placeholdersOf('mode.changed')) expect(problems[0]!.message).toContain(`{${name}}`);
    expect(problems[0]!.message).toContain('there is no {too} here');
    expect(problems[1]!.message).toContain('{toString}');
  });

  it('is refused empty, too long, or with a subject of two lines', () => {
    const fields = (subject: string, text: string) =>
      templateProblems('report.ready', { subject, text }).map(({ field }) => field);
    expect(fields('', ' ')).toEqual(['subject', 'text']);
    expect(fields('x'.repeat(longestSubject + 1), 'x'.repeat(longestText + 1))).toEqual(['subject', 'text']);
    expect(fields('a\nb', 'a\nb')).toEqual(['subject']);
  });

  it('shows what is not known as a dash, and is not filled in by what the facts hold', () => {
    expect(render({ subject: '{by}\n{to}', text: '{from}: {by}.' }, { by: '{to}\r\nx', to: 'two', from: '' })).toEqual({
      subject: '{to} x two',
      text: '–: {to}\r\nx.',
    });
  });
});

describe('what is told', () => {
  const kindOf = (kind: EventKind, data: Record<string, unknown>) => notificationOf(event(kind, data))?.kind ?? null;
  const filled = {
    symbol: 'AAPL',
    side: 'sell',
    quantity: '10',
    filledQuantity: '10',
    averagePrice: '150',
    role: 'exit',
  };

  it.each([
    ['order.filled', filled, 'order.filled'],
    ['order.filled', { ...filled, role: 'stop_loss' }, 'stop.hit'],
    ['order.canceled', { ...filled, filledQuantity: '3' }, 'order.filled'],
    ['order.canceled', { ...filled, filledQuantity: '0' }, null],
    ['order.expired', { ...filled, filledQuantity: '0' }, null],
    ['order.rejected', { ...filled, filledQuantity: '0', problem: 'no such symbol' }, 'order.refused'],
    ['decision.denied', { ticker: 'AAPL', code: 'RISK_X', sentence: 'Not sent.' }, 'order.refused'],
    ['decision.denied', { ticker: 'AAPL', shadow: true, sentence: 'Not sent.' }, null],
    ['decision.held', { ticker: 'AAPL', approvalId: id, expiresAt: '2026-11-20T19:40:00Z' }, 'approval.wanted'],
    ['decision.held', { ticker: 'AAPL' }, null],
    ['kill_switch.engaged', { target: 'everything' }, 'kill_switch.changed'],
    ['kill_switch.released', { target: 'everything' }, 'kill_switch.changed'],
    ['mode.changed', { from: 'paper', to: 'production' }, 'mode.changed'],
    ['alarm.raised', { kind: 'job.dead', severity: 'page', alarmId: id }, 'alarm.page'],
    ['alarm.cleared', { kind: 'job.dead', severity: 'warn', alarmId: id }, 'alarm.warn'],
    ['alarm.raised', { kind: 'approval.open', severity: 'page', alarmId: id }, null],
    ['risk.reported', { day: '2026-11-20', final: true, breaches: 0 }, 'report.ready'],
    ['risk.reported', { day: '2026-11-20', final: false, breaches: 0 }, null],
    ['order.partially_filled', filled, null],
    ['ledger.posted', {}, null],
  ] as const)('of %s %j is %s', (kind, data, told) => {
    expect(kindOf(kind, data)).toBe(told);
  });

  it('has every fact that its templates may name', () => {
    const made = [
      event('order.filled', filled),
      event('order.filled', { ...filled, role: 'stop_loss' }),
      event('order.rejected', { ...filled, filledQuantity: '0' }),
      event('decision.denied', { ticker: 'AAPL' }),
      event('decision.held', { approvalId: id, expiresAt: '2026-11-20T19:40:00Z' }),
      event('kill_switch.engaged', {}),
      event('mode.changed', {}),
      event('alarm.raised', { kind: 'job.dead', severity: 'page' }),
      event('alarm.raised', { kind: 'job.dead', severity: 'warn' }),
      event('risk.reported', { final: true }),
    ].map((one) => notificationOf(one)!);
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(notificationKinds));
    for (const { kind, facts } of made)
      expect(Object.keys(facts).sort(), kind).toEqual(Object.keys(notificationFacts[kind]).sort());
  });

  it('of a destination that cannot be told, leaves that one out', () => {
    const data = { kind: 'notification.undelivered', severity: 'warn', key: `notifications:${id}`, alarmId: id };
    expect(notificationOf(event('alarm.raised', data))!.aboutDestination).toBe(id);
    expect(notificationOf(event('alarm.cleared', data))!.aboutDestination).toBe(id);
  });
});

describe('quiet hours', () => {
  const night: QuietHours = {
    ...{ from: '22:00', to: '07:00', zone: 'Pacific/Auckland' },
    ...{ breaksThrough: ['alarm.page'], others: 'later' },
  };
  const day: QuietHours = { ...night, from: '09:00', to: '17:30', zone: 'America/New_York' };
  const until = (at: string, quiet: QuietHours) =>
    quietUntil(new Date(at), quiet, 'order.filled')?.toISOString() ?? null;

  it.each([
    // Auckland is 12 hours ahead in June, 13 in January.
    ['2026-06-10T09:59:00Z', null],
    ['2026-06-10T10:00:00Z', '2026-06-10T19:00:00.000Z'],
    ['2026-06-10T18:59:59Z', '2026-06-10T19:00:00.000Z'],
    ['2026-06-10T19:00:00Z', null],
    ['2026-01-10T09:00:00Z', '2026-01-10T18:00:00.000Z'],
    // Clocks go forward there in the night to 27 September 2026: it is an hour shorter.
    ['2026-09-26T10:00:00Z', '2026-09-26T18:00:00.000Z'],
  ])('over a night, at %s end at %s', (at, end) => {
    expect(until(at, night)).toBe(end);
  });

  it.each([
    ['2026-11-20T13:59:00Z', null],
    ['2026-11-20T14:00:00Z', '2026-11-20T22:30:00.000Z'],
    ['2026-11-20T22:30:00Z', null],
  ])('within a day, at %s end at %s', (at, end) => {
    expect(until(at, day)).toBe(end);
  });

  it('end after the moment they are asked at, on every quarter of an hour of a year, whatever clocks do', () => {
    for (const zone of ['America/New_York', 'Asia/Beirut', 'Australia/Lord_Howe']) {
      const quiet: QuietHours = { ...night, from: '23:00', to: '01:30', zone };
      for (let at = Date.UTC(2026, 2, 1); at < Date.UTC(2026, 2, 1) + 366 * 86_400_000; at += 45 * 60_000) {
        const end = quietUntil(new Date(at), quiet, 'order.filled');
        if (end === null) continue;
        expect(end.getTime(), new Date(at).toISOString()).toBeGreaterThan(at);
        expect(end.getTime() - at).toBeLessThanOrEqual(4 * 3_600_000);
      }
    }
  });

  it('let through what is to break through', () => {
    expect(quietUntil(new Date('2026-06-10T12:00:00Z'), night, 'alarm.page')).toBeNull();
    expect(quietUntil(new Date('2026-06-10T12:00:00Z'), null, 'order.filled')).toBeNull();
  });

  it('are refused in words when they cannot be kept', () => {
    expect(quietProblem(night)).toBeNull();
    expect(quietProblem({ ...night, to: '22:00' })).toContain('same time');
    expect(quietProblem({ ...night, from: '25:00' })).toContain('expected times');
    expect(quietProblem({ ...night, zone: 'Mars/Olympus' })).toContain('no time zone');
  });
});
