import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { Context } from 'hono';
import { HttpProblem } from './problems.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The built dashboard: a file when there is one, else index.html, which finds its page by itself. Compressed copies that the build made are
 * used; names with a hash in them are kept by the browser for ever.
 */
export function staticFiles(folder: string) {
  return async (c: Context): Promise<Response> => {
    const path = normalize(decodeURIComponent(c.req.path)).replace(/^(\.\.(\/|\\|$))+/, '');
    if (path.startsWith('/api/') || path.startsWith('/hooks/')) {
      throw new HttpProblem(404, 'NOT_FOUND', 'Not found', 'There is nothing at this address.');
    }
    const wanted = join(folder, path);
    const file = wanted.startsWith(folder) && (await isFile(wanted)) ? wanted : join(folder, 'index.html');
    const encodings = c.req.header('accept-encoding') ?? '';
    for (const [encoding, ending] of [
      ['br', '.br'],
      ['gzip', '.gz'],
      ['', ''],
    ] as const) {
      if (encoding && !encodings.includes(encoding)) continue;
      const body = await readFile(`${file}${ending}`).catch(() => null);
      if (body === null) continue;
      return c.body(new Uint8Array(body), 200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'cache-control': path.includes('/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        vary: 'Accept-Encoding',
        ...(encoding ? { 'content-encoding': encoding } : {}),
      });
    }
    throw new HttpProblem(
      503,
      'NO_DASHBOARD',
      'The dashboard is not built',
      'Run `npm start`, which builds it. The API and the webhook work.',
    );
  };
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() ?? false;
