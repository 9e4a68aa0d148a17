// A template is tried without anything being stored, is refused at its place where it cannot be understood, and is kept with its source.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const noUnits = { targetUnit: null, volumeUnit: null };
const tried = async (template: string, text: string) => {
  const answer = await api.as('trader', '/api/v1/templates/try', { method: 'POST', body: { template, text } });
  expect(answer.status).toBe(200);
  return answer.json();
};

describe('a template', () => {
  it('is tried without anything being stored', async () => {
    expect(await tried('{action} {ticker} at {price}', 'buy AAPL at 150.25')).toMatchObject({
      ...{ fault: null, problems: [] },
      signal: { action: 'buy', ticker: 'AAPL', entryPrice: '150.25' },
    });
    expect(await tried('{action}{ticker}', 'x')).toMatchObject({ fault: { line: 1, column: 9 }, signal: null });
    expect(await tried('{action} {ticker} at {price}', 'hello')).toMatchObject({
      ...{ fault: null, signal: null, problems: [{ code: 'malformed_text' }] },
    });
    expect(await tried('{action} {ticker} at {price}', 'buy  AAPL near 150')).toMatchObject({
      mismatches: [{ expected: ' at ', matched: 'buy ', rest: 'AAPL near 150' }],
    });
    // A value that is no number: the text itself fits.
    expect(await tried('{action} {ticker} at {price}', 'buy AAPL at noon')).toMatchObject({
      ...{ signal: null, problems: [{ field: 'entryPrice', code: 'not_a_number' }], mismatches: [] },
    });
  });

  it('is kept with its source, by who may', async () => {
    const made = await api.as('admin', '/api/v1/sources', { method: 'POST', body: { name: 'Text', source: 'text' } });
    const { id } = (await made.json()) as { id: string };
    const path = `/api/v1/sources/${id}/reading`;
    const put = (template: string | null) => api.as('admin', path, { method: 'PUT', body: { template, ...noUnits } });
    expect((await put('{action} {coin}')).status).toBe(400);
    expect(await (await api.as('viewer', path)).json()).toEqual({ template: null, ...noUnits });
    const template = 'Cross on {ticker}: {action}{quantity=1}';
    expect(await (await put(template)).json()).toEqual({ template, ...noUnits });
    expect((await api.as('trader', path, { method: 'PUT', body: { template, ...noUnits } })).status).toBe(403);
    expect(await (await api.as('viewer', path)).json()).toEqual({ template, ...noUnits });
  });
});
