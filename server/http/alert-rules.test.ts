// The routes of alert rules: what is refused at its field, versions, and who may.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertKindJson, AlertRuleJson, Problem } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const path = '/api/v1/alert-rules';
const wish = { name: 'KO is dear', kind: 'price-above', symbol: 'ko', parameters: { price: '70' } };
const post = (body: unknown, to = path) => api.as('trader', to, { method: 'POST', body });
const problem = async (answer: Response) => (await answer.json()) as Problem;

describe('alert rules over the API', () => {
  it('lists what a rule can look at, with the parameters of each', async () => {
    const { items } = (await (await api.as('viewer', `${path}/kinds`)).json()) as { items: AlertKindJson[] };
    expect(items.find((one) => one.key === 'price-above')).toMatchObject({
      scope: { account: 'none', strategy: 'none', symbol: 'needed' },
      parameters: [
        { name: 'price', kind: 'money' },
        { name: 'back', default: '0.002' },
      ],
    });
  });

  it.each([
    [{ ...wish, symbol: null }, 'symbol', 'expected a symbol'],
    [
      { ...wish, accountId: '019aa2f4-0000-7000-8000-000000000000' },
      'accountId',
      'this kind of rule looks at no such thing',
    ],
    [{ ...wish, kind: 'weather' }, 'kind', 'expected one of'],
    [{ ...wish, parameters: { price: 'dear' } }, 'parameters.price', 'Price: a decimal'],
    [{ ...wish, parameters: { colour: 'red' } }, 'parameters.colour', 'has no parameter colour'],
    [
      { ...wish, kind: 'day-loss', symbol: null, parameters: {}, accountId: '019aa2f4-0000-7000-8000-000000000000' },
      'accountId',
      'there is no such account',
    ],
    [
      { ...wish, kind: 'strategy-silent', symbol: null, parameters: {}, strategy: 'nobody' },
      'strategy',
      'there is no such strategy',
    ],
    [{ ...wish, quietHours: { from: '22:00', until: '07:00', zone: 'Mars/Base' } }, 'quietHours.zone', 'IANA'],
  ])('refuses %j at %s', async (body, field, message) => {
    for (const to of [path, `${path}/try`]) {
      const answer = await post(body, to);
      expect(answer.status).toBe(400);
      const { fields, detail } = await problem(answer);
      expect(fields?.find((one) => one.field === field)?.message).toContain(message);
      expect(detail).toContain('Nothing was changed');
    }
  });

  it('adds, changes by version, switches and removes', async () => {
    const added = (await (await post(wish)).json()) as AlertRuleJson;
    expect(added).toMatchObject({
      symbol: 'KO',
      parameters: { price: '70', back: '0.002' },
      version: 1,
      severity: 'warn',
      on: true,
    });
    const put = (version: number) =>
      api.as('trader', `${path}/${added.id}`, { method: 'PUT', body: { ...wish, name: 'KO is very dear', version } });
    expect(await (await put(1)).json()).toMatchObject({ version: 2, name: 'KO is very dear' });
    const late = await put(1);
    expect(late.status).toBe(409);
    expect(await problem(late)).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      fields: [{ field: 'version', message: 'expected 2' }],
    });
    expect(await (await post({ on: false }, `${path}/${added.id}/switch`)).json()).toMatchObject({
      on: false,
      version: 3,
    });
    const kinds =
      await api.sql`select data ->> 'what' as what from events where kind = 'alert_rule.changed' order by seq`;
    expect(kinds.map((row) => row.what)).toEqual(['added', 'changed', 'switched']);
    expect((await api.as('trader', `${path}/${added.id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await api.as('trader', `${path}/${added.id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await (await api.as('viewer', path)).json()).toEqual({ items: [] });
  });

  it('puts an alarm off for the minutes that are asked for, and not one that is over', async () => {
    await api.alarms.raise({ key: 'k', kind: 'job.failing', severity: 'page', sentence: 'A job fails.' });
    const [open] = await api.alarms.open();
    const snooze = (minutes: unknown) => post({ minutes }, `/api/v1/alarms/${open!.id}/snooze`);
    expect((await snooze(0)).status).toBe(400);
    expect((await snooze(6000)).status).toBe(400);
    const answer = (await (await snooze(30)).json()) as { snoozedUntil: string; snoozedBy: string };
    expect(answer.snoozedBy).toBe('trader script');
    expect(Date.parse(answer.snoozedUntil)).toBeGreaterThan(
      Date.parse((await api.alarms.open())[0]!.raisedAt.toISOString()),
    );
    await api.alarms.clear('k', 'It works again.');
    const over = await snooze(30);
    expect(over.status).toBe(409);
    expect((await problem(over)).detail).toBe('It works again. Nothing was changed.');
    expect(
      (await api.as('viewer', `/api/v1/alarms/${open!.id}/snooze`, { method: 'POST', body: { minutes: 5 } })).status,
    ).toBe(403);
    const { items } = (await (await api.as('viewer', '/api/v1/alarms?kind=job.failing&severity=page')).json()) as {
      items: unknown[];
    };
    expect(items).toHaveLength(1);
    const none = (await (await api.as('viewer', '/api/v1/alarms?kind=job.dead')).json()) as { items: unknown[] };
    expect(none.items).toEqual([]);
  });
});
