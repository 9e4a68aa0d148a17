import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Strategy } from '../contract/index.ts';
import type { SizingChoices } from '../contract/sizing.ts';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const put = (settings: object) => api.as('trader', '/api/v1/strategies/sized', { method: 'PUT', body: { settings } });

describe('how a strategy sizes', () => {
  it('is listed with what each way may be told', async () => {
    const { methods, stops } = (await (await api.as('viewer', '/api/v1/sizing')).json()) as SizingChoices;
    expect(methods.map(({ key }) => key)).toEqual([
      'fixed-risk',
      'fixed-quantity',
      'fixed-notional',
      'percent-of-equity',
      'percent-risk',
      'percent-of-position',
      'target-position',
      'volatility-target',
      'volatility-parity',
      'confidence',
      'fractional-kelly',
    ]);
    expect(stops.map(({ key }) => key)).toEqual(['percent', 'atr', 'swing', 'chandelier']);
    expect(methods.find(({ key }) => key === 'percent-risk')?.parameters).toEqual([
      { name: 'share', kind: 'share', label: 'Part of equity at risk', default: '0.005' },
    ]);
  });

  it('is stored, and what is not named stays', async () => {
    const sizing = { method: 'percent-risk', parameters: { share: '0.01' } };
    const stop = { method: 'atr', parameters: { multiple: '2.5', period: 20 } };
    expect((await put({ sizing })).status).toBe(200);
    const { settings } = (await (await put({ stop })).json()) as Strategy;
    expect(settings).toMatchObject({ sizing, stop, bounds: { shares: 'whole', maxNotional: null } });
  });

  it.each([
    ['a method that there is not', { sizing: { method: 'martingale', parameters: {} } }, 'settings.sizing'],
    [
      'a parameter that it has not',
      { sizing: { method: 'fixed-risk', parameters: { share: '1' } } },
      'settings.sizing',
    ],
    ['NaN', { sizing: { method: 'percent-risk', parameters: { share: 'NaN' } } }, 'settings.sizing'],
    [
      'a share above its bound',
      { sizing: { method: 'percent-risk', parameters: { share: '1.1' } } },
      'settings.sizing',
    ],
    ['an impossible period', { stop: { method: 'atr', parameters: { period: 1.5 } } }, 'settings.stop'],
    ['a stop that there is not', { stop: { method: 'mental', parameters: {} } }, 'settings.stop'],
  ])('is refused with %s, and nothing is changed', async (_, settings, field) => {
    const before = await (await api.as('viewer', '/api/v1/strategies')).text();
    const answer = await put(settings);
    expect(answer.status).toBe(400);
    const problem = (await answer.json()) as { code: string; fields: { field: string }[] };
    expect(problem).toMatchObject({ code: 'SIZING_UNREADABLE', fields: [{ field }] });
    expect(await (await api.as('viewer', '/api/v1/strategies')).text()).toBe(before);
  });

  it.each([
    [{ maxQuantity: '0' }, 'settings.bounds.maxQuantity'],
    [{ maxNotional: 'NaN' }, 'settings.bounds.maxNotional'],
    [{ lot: '0.5' }, 'settings.bounds.lot'],
  ])('has bounds that can be: not %j', async (change, field) => {
    const bounds = { shares: 'whole', lot: null, minNotional: null, maxQuantity: null, maxNotional: null };
    const answer = await put({ bounds: { ...bounds, fitBuyingPower: false, ...change } });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { fields: { field: string }[] }).fields[0]).toMatchObject({ field });
  });
});
