import { maxBodyBytes } from '../../pipeline/intake/intake.ts';
import { type CaddyDirective, deepAll, readCaddyfile } from './caddy-syntax.ts';
import type { Files, Problems } from './files.ts';

export const caddyfile = 'deploy/caddy/Caddyfile';
const alerts = ['/hooks/*', '/trading/webhook/*'];
/** What this file is made of; a word that is not here is a mistake, or must be looked up and added. */
const known = new Set([
  ...[
    'log',
    'format',
    'wrap',
    'fields',
    'request>uri',
    'reverse_proxy',
    'header_up',
    '@alerts',
    'handle',
    'respond',
    'redir',
  ],
  ...['tls', 'client_auth', 'mode', 'header', 'request_body', 'max_size', 'import'],
]);
/** Set on every request, or a sender could: the header, and what it is set to; null: taken away. */
const forwarded: readonly (readonly [header: string, value: string | null])[] = [
  ['X-Forwarded-For', '{remote_host}'],
  ['X-Client-Certificate', '{http.request.tls.client.certificate_der_base64}'],
  ['X-Client-Verify', null],
];
const aYearSeconds = 31_536_000;

/** What is wrong with the example for Caddy, in sentences. */
export function caddyProblems(files: Files): Problems {
  const text = files.read(caddyfile);
  if (text === null) return [`${caddyfile}: there is none`];
  let top: readonly CaddyDirective[];
  try {
    top = readCaddyfile(text);
  } catch (error) {
    return [`${caddyfile}: ${(error as Error).message}`];
  }
  const problems: string[] = [];
  const say = (sentence: string) => problems.push(`${caddyfile}: ${sentence}`);
  const every = (block: readonly CaddyDirective[] | null): CaddyDirective[] =>
    (block ?? []).flatMap((one) => [one, ...every(one.block)]);
  for (const { name, line } of top.flatMap(({ block }) => every(block)))
    if (!known.has(name)) say(`line ${line}: "${name}" is not known`);

  const global = top.find(({ name }) => name === '');
  const snippet = top.find(({ name }) => name === '(signalbox)');
  const clear = top.find(({ name }) => name.startsWith('http://'));
  const site = top.find(({ name }) => name.startsWith('https://'));
  if (!global || !snippet || !clear || !site) {
    say('expected global options, a snippet (signalbox), and a site each for http:// and https://');
    return problems;
  }
  if (clear.name.slice(7) !== site.name.slice(8)) say('the two sites have different names');

  const masks = deepAll(global.block, 'request>uri').find(({ args }) => args[0] === 'regexp');
  for (const [path, shown] of [
    ['/hooks/mine/secret', '/hooks/mine/***'],
    ['/trading/webhook/1/secret', '/trading/webhook/1/***'],
    ['/api/auth/magic-link/verify?token=secret', '/api/auth/magic-link/verify***'],
  ] as const) {
    const written = masks ? path.replace(new RegExp(masks.args[1] ?? ''), masks.args[2] ?? '') : path;
    if (written !== shown) say(`the log would show ${written}`);
  }

  const proxies = top.flatMap(({ block }) => deepAll(block, 'reverse_proxy'));
  if (proxies.length === 0) say('nothing is passed to Signalbox');
  for (const proxy of proxies) {
    if (proxy.args[0] !== '127.0.0.1:8080') say(`line ${proxy.line}: Signalbox listens on 127.0.0.1:8080`);
    const headers = deepAll(proxy.block, 'header_up');
    for (const [header, value] of forwarded) {
      const set = headers.some(({ args }) =>
        value === null ? args[0] === `-${header}` : args[0] === header && args[1] === value,
      );
      if (!set)
        say(
          `line ${proxy.line}: ${header} is not ${value === null ? 'taken away' : `set to ${value}`}, so that a sender could set it`,
        );
    }
  }

  for (const one of [clear, site]) {
    const matched = (one.block ?? []).find(({ name }) => name === '@alerts');
    for (const path of alerts)
      if (matched?.args[0] !== 'path' || !matched.args.includes(path)) say(`${one.name}: ${path} is not among @alerts`);
  }
  const handled = (block: readonly CaddyDirective[] | null, what: string | undefined) =>
    (block ?? []).find(({ name, args }) => name === 'handle' && args[0] === what)?.block ?? null;
  if (deepAll(handled(clear.block, '@alerts'), 'respond')[0]?.args[0] !== '400')
    say('an alert in the clear is not refused, so that its secret goes on being shown');
  const redirect = deepAll(handled(clear.block, undefined), 'redir')[0];
  if (redirect?.args[0] !== 'https://{host}{uri}') say('whoever comes in the clear is not led to https');
  const size = deepAll(handled(site.block, '@alerts'), 'max_size')[0]?.args[0];
  if (size !== `${maxBodyBytes / 1024}KiB`)
    say(`alerts may have ${size ?? 'any size'}, Signalbox takes ${maxBodyBytes / 1024}KiB`);
  if (deepAll(handled(site.block, '/metrics'), 'respond')[0]?.args[0] !== '404') say('/metrics is shown to the world');
  for (const what of ['@alerts', undefined])
    if (deepAll(handled(site.block, what), 'import')[0]?.args[0] !== 'signalbox')
      say(`${what ?? 'the rest'} is not passed to Signalbox`);
  if (deepAll(site.block, 'mode')[0]?.args[0] !== 'request')
    say('no client certificate is asked for, or one is insisted on');
  const strict = deepAll(site.block, 'header').find(({ args }) => args[0] === 'Strict-Transport-Security')?.args[1];
  if (Number(/max-age=(\d+)/.exec(strict ?? '')?.[1] ?? 0) < aYearSeconds)
    say('Strict-Transport-Security is not set for a year');
  return problems;
}
