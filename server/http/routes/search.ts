import { searchAnswer, searchQuery } from '../../contract/index.ts';
import { readTerms } from '../../core/full-text/terms.ts';
import { type SearchedKind, SearchTooSlow } from '../../core/ports/search-queries.ts';
import { mayDo } from '../../platform/access/roles.ts';
import type { App, HttpParts } from '../parts.ts';
import { guardedBy, routePermissions } from '../permissions.ts';
import { HttpProblem } from '../problems.ts';
import { createRoute, describeRoute } from '../route.ts';

/** Whoever may list events may search them. */
const leastForEvents = guardedBy(routePermissions['GET /api/v1/events']!)!.least;

/** Full-text search over signals and events. */
export function searchRoutes(app: App, { fullText }: Pick<HttpParts, 'fullText'>): void {
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/search',
        tag: 'Search',
        summary: 'Signals and events that hold all the words, newest first',
        answer: searchAnswer,
      }),
      request: { query: searchQuery },
    }),
    async (c) => {
      const { q, in: where, limit } = c.req.valid('query');
      const { role } = c.get('caller');
      const kinds: SearchedKind[] = [];
      if (where !== 'events') kinds.push('signal');
      if (where !== 'signals' && mayDo(role, leastForEvents)) kinds.push('event');
      if (kinds.length === 0) {
        throw new HttpProblem(
          403,
          'NOT_ALLOWED',
          'Not allowed',
          `Searching events takes the role ${leastForEvents}; you are ${role}. Signals can be searched. Nothing was changed.`,
        );
      }
      try {
        const { signal } = c.req.raw;
        return c.json(searchAnswer.parse(await fullText.search({ terms: readTerms(q), kinds, limit, signal })), 200);
      } catch (error) {
        if (!(error instanceof SearchTooSlow)) throw error;
        throw new HttpProblem(
          503,
          'SEARCH_TOO_SLOW',
          'The search was ended',
          'The search took too long and was ended. Rarer words, or more of them, are found sooner. Trading is not affected.',
        );
      }
    },
  );
}
