import type { Listening } from './listen.ts';

type Fetch = (request: Request, env: object) => Response | Promise<Response>;

/** What a process that takes no alerts in answers: how it is, and nothing else of the app. */
const paths = new Set(['/metrics', '/healthz', '/readyz']);

/** Lets a process be scraped and asked for its health on a port of its own. */
export function serveWatched(listening: Pick<Listening, 'serve'>, app: { fetch: Fetch }): void {
  listening.serve((request, env) =>
    paths.has(new URL(request.url).pathname) ? app.fetch(request, env) : new Response('Not found.', { status: 404 }),
  );
}
