import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Context } from 'hono';
import { HttpProblem } from './problems.ts';
import { contentPolicy, inlineScriptHashes } from './security-headers.ts';

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
 * used; names with a hash in them are kept by the browser for ever, everything else is asked for again and sent only when it changed.
 */
export function staticFiles(folder: string) {
  const inside = folder.endsWith(sep) ? folder : folder + sep;
  return async (c: Context): Promise<Response> => {
    const path = normalize(decoded(c.req.path));
    if (/^\/(api|hooks|_app)\//.test(path) || looksLikeFile(path)) {
      return (await send(c, inside, path)) ?? c.notFound();
    }
    const page = (await send(c, inside, path)) ?? (await send(c, inside, '/index.html'));
    if (page) return page;
    throw new HttpProblem(
      503,
      'NO_DASHBOARD',
      'The dashboard is not built',
      'Run `npm start`, which builds it. The API and the webhook work.',
    );
  };
}

/** A name with an ending that we serve: the page must not be taken for a script or a picture that is gone. */
const looksLikeFile = (path: string): boolean => Object.hasOwn(types, extname(path));

/** Half an escape, or one that is no text, is taken as it stands. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function send(c: Context, inside: string, path: string): Promise<Response | null> {
  const file = join(inside, path);
  const found = file.startsWith(inside) ? await stat(file).catch(() => null) : null;
  if (!found?.isFile()) return null;
  const headers: Record<string, string> = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': path.startsWith('/_app/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'Accept-Encoding',
    etag: `W/"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`,
  };
  if (extname(file) === '.html') {
    headers['content-security-policy'] = contentPolicy(inlineScriptHashes(await readFile(file, 'utf8')));
  }
  if (c.req.header('if-none-match') === headers.etag) return c.body(null, 304, headers);
  const accepted = c.req.header('accept-encoding') ?? '';
  for (const [encoding, ending] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (!new RegExp(`\\b${encoding}\\b`).test(accepted)) continue;
    const body = await readFile(file + ending).catch(() => null);
    if (body) return c.body(new Uint8Array(body), 200, { ...headers, 'content-encoding': encoding });
  }
  return c.body(new Uint8Array(await readFile(file)), 200, headers);
}
