import { Hono } from 'hono';
import { refuse } from '../venue/refusal.ts';
import type { Env } from './context.ts';

/**
 * What a client may ask for and this venue has none of, answered as by a venue that has none today: no options are listed, no company
 * splits, pays or merges.
 */
export function absentApi(): Hono<Env> {
  const api = new Hono<Env>();
  api.get('/v2/options/contracts', (c) => c.json({ option_contracts: [], next_page_token: null }));
  api.get('/v2/options/contracts/:name', (c) => {
    throw refuse.notFound(`option contract ${c.req.param('name')} not found`);
  });
  api.get('/v2/corporate_actions/announcements', (c) => c.json([]));
  api.get('/v2/corporate_actions/announcements/:id', (c) => {
    throw refuse.notFound(`announcement not found for ${c.req.param('id')}`);
  });
  for (const deed of ['exercise', 'do-not-exercise']) {
    api.post(`/v2/positions/:name/${deed}`, (c) => {
      throw refuse.notFound(`position not found: ${c.req.param('name')}`);
    });
  }
  return api;
}
