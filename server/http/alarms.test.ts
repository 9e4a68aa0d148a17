import { afterAll, beforeAll, expect, it } from 'vitest';
import { alarm, pageOf } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const page = pageOf(alarm);
const list = async (query = '') => page.parse(await (await api.as('viewer', `/api/v1/alarms${query}`)).json());
const raise = (key: string) =>
  api.alarms.raise({ key, kind: 'job.dead', severity: 'page', sentence: `${key} is wrong.` });

it('shows what is open and what is over, a page at a time', async () => {
  for (const key of ['a', 'b', 'c']) await raise(key);
  await api.alarms.clear('b', 'Mended.');
  expect((await list('?state=open')).items.map((one) => one.key)).toEqual(['c', 'a']);
  expect((await list('?state=past')).items).toMatchObject([{ key: 'b', clearedSentence: 'Mended.' }]);
  const first = await list('?limit=2');
  const rest = await list(`?limit=2&cursor=${first.next}`);
  expect([...first.items, ...rest.items].map((one) => one.key)).toEqual(['c', 'b', 'a']);
  expect(rest.next).toBeNull();
});

it('is acknowledged by whoever may trade, by name; the second hears who was first', async () => {
  await raise('seen');
  const { id } = (await list('?state=open')).items.find((one) => one.key === 'seen')!;
  const acknowledge = (role: 'viewer' | 'trader' | 'admin') =>
    api.as(role, `/api/v1/alarms/${id}/acknowledge`, { method: 'POST' });
  expect((await acknowledge('viewer')).status).toBe(403);
  expect(alarm.parse(await (await acknowledge('trader')).json()).acknowledgedBy).toBe('trader script');
  expect(alarm.parse(await (await acknowledge('admin')).json()).acknowledgedBy).toBe('trader script');
  await raise('over');
  const over = (await list('?state=open')).items.find((one) => one.key === 'over')!;
  await api.alarms.clear('over', 'Mended by itself.');
  const refused = await api.as('trader', `/api/v1/alarms/${over.id}/acknowledge`, { method: 'POST' });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'ALARM_OVER', detail: 'Mended by itself. Nothing was changed.' });
});

it('does not find what there is not', async () => {
  const answer = await api.as('trader', '/api/v1/alarms/019aa2f4-0000-7000-8000-000000000000/acknowledge', {
    method: 'POST',
  });
  expect(answer.status).toBe(404);
});

it('tells every socket what is open, at once and whenever it changes', async () => {
  await raise('live');
  const socket = api.socket({ token: api.tokens.viewer });
  const heard: string[][] = [];
  socket.on('alarms', (rows) => heard.push(rows.map((row) => row.key)));
  socket.connect();
  await expect.poll(() => heard.at(-1)).toContain('live');
  await raise('later');
  await expect.poll(() => heard.at(-1)).toContain('later');
  await api.alarms.clear('later', 'Gone.');
  await expect.poll(() => heard.at(-1)).not.toContain('later');
});
