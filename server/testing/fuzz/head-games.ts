import type { Draw } from '../torture/draw.ts';
import type { Outcome } from './request.ts';

/** What is done to the request line and the headers. */
export interface HeadGame {
  readonly name: string;
  readonly method?: string;
  /** In place of the path. */
  readonly path?: string;
  readonly version?: string;
  /** In place of the host; null: there is none. */
  readonly host?: string | null;
  readonly more?: readonly string[];
  /** What may come of it beside what the reader says. */
  readonly also?: readonly Outcome[];
  /** Nothing reaches the webhook. */
  readonly misses?: boolean;
  readonly closes?: boolean;
}

const types = [
  'text/plain',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json;;;',
  'a'.repeat(3000),
  '\u00ff\u00fe',
  'application/json\tx',
  '',
];

const harmless = (draw: Draw): readonly string[] =>
  draw.pick([
    () => [`content-type: ${draw.pick(types)}`],
    () => Array.from({ length: draw.whole(1, 90) }, (_, i) => `x-${i}: ${i}`),
    () => [`x-long: ${'v'.repeat(draw.whole(100, 12_000))}`],
    () => [`user-agent: ${draw.pick(['\u0080\u009f', 'x'.repeat(5000), '{{ua}}', '<script>'])}`],
    () => ['x-http-method-override: GET', 'x-method: DELETE'],
    () => ['accept: nothing/ever', 'accept-encoding: zstd, br, gzip;q=0', 'accept-language: *'],
    () => ['range: bytes=0-1', 'if-match: *', 'if-none-match: *', 'if-modified-since: yesterday'],
    () => ['cookie: __proto__=1; a=b; =; ;;;', 'authorization: Bearer nonsense'],
    () => ['__proto__: 1', 'constructor: 2', 'hasownproperty: 3', 'tostring: 4'],
    () => ['origin: null', 'sec-fetch-site: cross-site', 'referer: http://elsewhere/'],
    () => ['expect: 100-continue'],
    () => ['te: trailers', 'trailer: x', 'via: 1.1 a', 'forwarded: for=1.2.3.4'],
  ])();

/** What no server need understand, and none may fall over. */
const broken = (draw: Draw): HeadGame =>
  draw.pick<() => HeadGame>([
    () => ({ name: 'too many headers', more: [`x-long: ${'v'.repeat(20_000)}`] }),
    () => ({ name: 'thousands of headers', more: Array.from({ length: 3000 }, (_, i) => `h${i}: 1`) }),
    () => ({ name: 'a header with NUL', more: ['x-nul: a\0b'] }),
    () => ({ name: 'a header without a name', more: [': nothing'] }),
    () => ({ name: 'a header with a space in its name', more: ['x y: 1'] }),
    () => ({ name: 'a folded header', more: ['x-folded: a\r\n b'] }),
    () => ({ name: 'expects what nobody does', more: ['expect: the-impossible'] }),
    () => ({
      name: 'wants another protocol',
      more: ['connection: upgrade', `upgrade: ${draw.pick(['websocket', 'h2c', 'nonsense'])}`],
    }),
    () => ({ name: 'no host', host: null }),
    () => ({ name: 'two hosts', more: ['host: elsewhere'] }),
    () => ({
      name: 'a host that is none',
      host: draw.pick(['a b', '[::', 'x/../y', 'a@b', ':99999', '', '%00', 'a:b:c', '\u00ff']),
    }),
    () => ({
      name: 'another version of HTTP',
      version: draw.pick(['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1']),
    }),
    () => ({ name: 'no method', method: draw.pick(['', 'post', 'P O S T', 'NONSENSE', '\0']) }),
  ])();

const brokenOutcomes: readonly Outcome[] = ['no HTTP', 'closed', 'no such address', 'a page', 'too large'];

/** What is done to the head of a request; most are left alone. */
export function drawHeadGame(draw: Draw, path: string): HeadGame {
  const at = draw.next();
  if (at < 0.05) return { name: 'other headers', more: harmless(draw) };
  if (at < 0.06) return { also: brokenOutcomes, closes: true, ...broken(draw) };
  if (at < 0.065) {
    const method = draw.pick(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']);
    return { name: 'not posted', method, misses: true, also: ['no such address', 'refused', 'a page'] };
  }
  if (at < 0.075) {
    const [, root, source, token] = path.split('/') as [string, string, string, string];
    const other = draw.pick([
      `/${root}/${source}/${token}x`,
      `/${root}/${source}/${token.slice(0, -1)}`,
      `/${root}/${source}/${token.toUpperCase()}`,
      `/${root}/${source}/%00${token}`,
      `/${root}/${source}/%ff%fe`,
      `/${root}/${source}/%`,
      `/${root}/__proto__/${token}`,
      `/${root}/constructor/prototype`,
      `/${root}/${source}/${'x'.repeat(8000)}`,
      `/${root}/${encodeURIComponent("' or 1=1 --")}/${token}`,
      `/${root}/${source}`,
      `/${root}//${token}`,
      `/${root}/${source}/${token}/more`,
      `/../${root}/nobody/../../etc/passwd`,
      `/${root}/\u00ff/\u00fe`,
      `*`,
    ]);
    return {
      name: 'another address',
      path: other,
      misses: true,
      also: ['no such address', 'unproven', 'no HTTP', 'a page', 'too large'],
      closes: true,
    };
  }
  return { name: '' };
}
