// The search over HTTP: who may search what, what a bad question is told, and what is answered.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, searchAnswer } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';
import { eventId, seedSearched, signalId } from '../testing/conformance/search.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await seedSearched(api.sql);
});
afterAll(() => api.close());

type Caller = Parameters<Api['as']>[0];
const search = (caller: Caller, question: Record<string, string>) =>
  api.as(caller, `/api/v1/search?${new URLSearchParams(question)}`);
const found = async (caller: Caller, question: Record<string, string>) => {
  const response = await search(caller, question);
  expect(response.status).toBe(200);
  return searchAnswer.parse(await response.json());
};

describe('a search', () => {
  it('shows an analyst signals and events, newest first, and says who answered', async () => {
    const answer = await found('analyst', { q: 'aapl limit' });
    expect(answer).toMatchObject({ source: 'postgresql', truncated: false, tookMs: expect.any(Number) });
    expect(answer.items.map((item) => item.id)).toEqual([eventId(4), signalId(1)]);
    expect((await found('analyst', { q: 'aapl', in: 'signals' })).items.map((item) => item.kind)).toEqual([
      'signal',
      'signal',
    ]);
    expect((await found('analyst', { q: 'aapl', in: 'events', limit: '1' })).items.map((item) => item.id)).toEqual([
      eventId(4),
    ]);
  });

  it('shows a viewer no event', async () => {
    expect((await found('viewer', { q: 'aapl' })).items.map((item) => item.kind)).toEqual(['signal', 'signal']);
    const refused = await search('viewer', { q: 'aapl', in: 'events' });
    expect(refused.status).toBe(403);
    expect(problem.parse(await refused.json()).detail).toContain('role analyst; you are viewer');
  });

  it.each<[Record<string, string>, string, RegExp]>([
    [{}, 'q', /text/],
    [{ q: '' }, 'q', /at least one word/],
    [{ q: ' % "*" ' }, 'q', /at least one word/],
    [{ q: 'x'.repeat(201) }, 'q', /200/],
    [{ q: 'a\u0000b' }, 'q', /control/],
    [{ q: 'a', in: 'orders' }, 'in', /signals/],
    [{ q: 'a', limit: '0' }, 'limit', /1/],
  ])('of %j is a 400 that names %s', async (question, field, message) => {
    const response = await search('viewer', question);
    expect(response.status).toBe(400);
    const { fields } = problem.parse(await response.json());
    expect(fields?.map((one) => one.field)).toEqual([field]);
    expect(fields![0]!.message).toMatch(message);
  });
});
