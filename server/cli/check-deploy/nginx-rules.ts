import { maxBodyBytes } from '../../pipeline/intake/intake.ts';
import type { Compose } from './compose-shape.ts';
import type { Files, Problems } from './files.ts';
import { argOf, type Directive, findAll, readNginx } from './nginx-syntax.ts';
import { mountedAt } from './prometheus-rules.ts';
import { publishedBy, unreachable } from './topology.ts';

const service = 'nginx';
/** What this configuration is made of; a word that is not here is a mistake, or must be looked up and added. */
const contexts: Readonly<Record<string, readonly string[]>> = {
  main: ['worker_processes', 'error_log', 'pid', 'events', 'http'],
  events: ['worker_connections'],
  http: [
    ...[
      'include',
      'default_type',
      'server_tokens',
      'map',
      'log_format',
      'access_log',
      'resolver',
      'upstream',
      'server',
    ],
    ...['proxy_http_version', 'proxy_set_header', 'proxy_connect_timeout', 'client_body_timeout'],
    ...['client_header_timeout', 'keepalive_timeout', 'client_max_body_size', 'add_header'],
  ],
  upstream: ['zone', 'server', 'keepalive', 'keepalive_timeout'],
  server: [
    ...['listen', 'server_name', 'access_log', 'return', 'location', 'http2', 'ssl_certificate', 'ssl_certificate_key'],
    ...['ssl_protocols', 'ssl_ciphers', 'ssl_prefer_server_ciphers', 'ssl_session_cache', 'ssl_session_timeout'],
    ...['ssl_session_tickets', 'add_header', 'client_max_body_size'],
    ...['ssl_verify_client', 'ssl_trusted_certificate', 'ssl_verify_depth'],
  ],
  location: [
    ...['client_max_body_size', 'error_log', 'access_log', 'return', 'proxy_pass', 'proxy_set_header', 'add_header'],
    ...['proxy_read_timeout', 'proxy_next_upstream', 'proxy_buffering'],
  ],
};
const variables = new Set([
  ...['request_uri', 'remote_addr', 'time_iso8601', 'request_method', 'status', 'body_bytes_sent', 'request_time'],
  ...['upstream_response_time', 'http_upgrade', 'http_host', 'host', 'scheme'],
  ...['ssl_client_verify', 'ssl_client_escaped_cert'],
]);
const modern = new Set(['TLSv1.2', 'TLSv1.3']);
const aYearSeconds = 31_536_000;

/** The ports nginx takes the world's connections at; empty when its file cannot be read. */
export function nginxPorts(compose: Compose, files: Files): number[] {
  try {
    const http = findAll(readNginx(files.read(pathOf(compose)) ?? ''), 'http').flatMap((one) => one.block ?? []);
    return [...new Set(http.filter((one) => one.name === 'server').flatMap((one) => listening(one).map(portOf)))];
  } catch {
    return [];
  }
}

const pathOf = (compose: Compose): string => mountedAt(compose, service, '/etc/nginx/nginx.conf') ?? '';
const listening = (server: Directive): string[] =>
  findAll(server.block ?? [], 'listen').map((one) => one.args[0] ?? '');
const portOf = (address: string): number => Number(address.split(':').at(-1));
const isLocal = (address: string): boolean => address.startsWith('127.');

/** What is wrong with nginx' configuration, and between it and the services. */
export function nginxProblems(compose: Compose, files: Files): Problems {
  const path = pathOf(compose);
  const text = files.read(path);
  if (text === null) return [`docker-compose.yml: ${service}: nothing is mounted at /etc/nginx/nginx.conf`];
  let all: readonly Directive[];
  try {
    all = readNginx(text);
  } catch (error) {
    return [`${path}: ${(error as Error).message}`];
  }
  const problems: Problems = [];
  const say = (at: Directive, sentence: string) => problems.push(`${path}: line ${at.line}: ${sentence}`);
  places(all, 'main', say);
  unknownVariables(text, all, (sentence) => problems.push(`${path}: ${sentence}`));

  const servers = findAll(all, 'server').filter((one) => one.block !== null);
  const outside = servers.flatMap(listening).filter((address) => !isLocal(address));
  const published = publishedBy(compose.services[service]!);
  for (const port of new Set(outside.map(portOf)))
    if (!published.includes(port)) problems.push(`${path}: listens on ${port}, which is not published`);

  const upstreams = new Set<string>();
  for (const upstream of findAll(all, 'upstream')) {
    upstreams.add(upstream.args[0] ?? '');
    for (const one of findAll(upstream.block ?? [], 'server')) {
      const [host = '', port] = (one.args[0] ?? '').split(':');
      const problem = unreachable(compose, service, host, Number(port), []);
      if (problem) say(one, problem);
    }
  }
  for (const one of findAll(all, 'proxy_pass')) {
    const [, name] = /^http:\/\/([\w.-]+)$/.exec(one.args[0] ?? '') ?? [];
    if (name === undefined || !upstreams.has(name)) say(one, `passes to ${one.args[0]}, which is no upstream here`);
  }
  for (const server of servers) serverRules(server, compose, say);
  // A block that sets one header has none of those that were set above it.
  for (const location of findAll(all, 'location')) {
    const own = (location.block ?? []).filter((one) => one.name === 'proxy_set_header').map((one) => one.args[0]);
    for (const needed of ['Host', 'X-Forwarded-For', 'X-Forwarded-Proto', ...Object.keys(reported)])
      if (own.length > 0 && !own.includes(needed)) say(location, `sets headers, and loses ${needed}`);
  }
  const forwarded = findAll(all, 'proxy_set_header').filter((one) => one.args[0] === 'X-Forwarded-For');
  if (forwarded.length === 0) problems.push(`${path}: does not say who asks, as X-Forwarded-For`);
  for (const one of forwarded)
    if (one.args[1] !== '$remote_addr') say(one, 'passes on what a sender says of its own address');
  reportedProblems(all, (sentence) => problems.push(`${path}: ${sentence}`), say);
  if (!servers.some((server) => findAll(server.block ?? [], 'ssl_certificate').length > 0))
    problems.push(`${path}: no server speaks TLS`);
  return problems;
}

/** What the server believes of us alone: it must be ours, and nobody else's. */
const reported: Readonly<Record<string, string>> = {
  'X-Client-Verify': '$ssl_client_verify',
  'X-Client-Certificate': '$ssl_client_escaped_cert',
};

function reportedProblems(
  all: readonly Directive[],
  tell: (sentence: string) => void,
  say: (at: Directive, sentence: string) => void,
): void {
  const headers = findAll(all, 'proxy_set_header');
  for (const [name, value] of Object.entries(reported)) {
    const set = headers.filter((one) => one.args[0]?.toLowerCase() === name.toLowerCase());
    if (set.length === 0) tell(`passes on ${name} as the sender wrote it`);
    for (const one of set) if (one.args[1] !== value) say(one, `sets ${name} to something else than ${value}`);
  }
}

/** A certificate is asked for, and what is said of it means something. */
function certificateRules(server: Directive, say: (at: Directive, sentence: string) => void): void {
  const block = server.block!;
  const asks = argOf(block, 'ssl_verify_client');
  if (asks !== 'optional_no_ca')
    say(server, `asks for client certificates as ${asks ?? 'nothing'}: optional_no_ca lets people in who have none`);
  if (argOf(block, 'ssl_trusted_certificate') === undefined)
    say(server, 'trusts no authority: no client certificate would ever be verified');
}

function places(block: readonly Directive[], context: string, say: (at: Directive, sentence: string) => void): void {
  for (const one of block) {
    if (context === 'map') continue;
    if (!contexts[context]?.includes(one.name)) {
      say(one, `${one.name} does not belong into ${context}`);
      continue;
    }
    const opens = one.name === 'map' || (Object.hasOwn(contexts, one.name) && !(context === 'upstream'));
    if (opens !== (one.block !== null)) say(one, `${one.name} ${opens ? 'needs' : 'has no'} block`);
    else if (one.block) places(one.block, one.name, say);
  }
}

function unknownVariables(text: string, all: readonly Directive[], say: (sentence: string) => void): void {
  const made = new Set([
    ...findAll(all, 'map').map((one) => one.args[1]?.slice(1)),
    ...[...text.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name),
  ]);
  const code = text.replace(/^\s*#.*$/gm, '');
  for (const [, name] of code.matchAll(/\$\{?([a-z]\w*)/g))
    if (!variables.has(name!) && !made.has(name)) say(`there is no variable $${name}`);
}

function serverRules(server: Directive, compose: Compose, say: (at: Directive, sentence: string) => void): void {
  const block = server.block!;
  const isTls = findAll(block, 'listen').some((one) => one.args.includes('ssl'));
  const passes = findAll(block, 'proxy_pass').length > 0;
  if (passes && !isTls) say(server, 'passes on what came in the clear');
  if (!isTls) return;
  for (const name of ['ssl_certificate', 'ssl_certificate_key']) {
    const file = argOf(block, name);
    if (file === undefined || mountedAt(compose, service, file) === null) say(server, `${name} is not mounted`);
  }
  certificateRules(server, say);
  const protocols = argOf(block, 'ssl_protocols')?.split(' ') ?? ['the protocols of old'];
  for (const one of protocols) if (!modern.has(one)) say(server, `speaks ${one}`);
  for (const cipher of (argOf(block, 'ssl_ciphers') ?? 'the ciphers of old').split(':'))
    if (!/^ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)$/.test(cipher))
      say(server, `takes ${cipher}`);
  const headers = block.filter((one) => one.name === 'add_header');
  const strict = headers.find((one) => one.args[0] === 'Strict-Transport-Security');
  const age = Number(/max-age=(\d+)/.exec(strict?.args[1] ?? '')?.[1] ?? 0);
  if (age < aYearSeconds || strict?.args[2] !== 'always')
    say(server, 'does not insist on TLS for a year (HSTS), always');
  const at = (path: string) => block.find((one) => one.name === 'location' && one.args.at(-1) === path);
  for (const path of ['/hooks/', '/socket.io/', '/metrics', '/']) if (!at(path)) say(server, `has no location ${path}`);
  if (argOf(at('/hooks/')?.block ?? null, 'client_max_body_size') !== `${maxBodyBytes / 1024}k`)
    say(server, `takes other alerts than those of up to ${maxBodyBytes / 1024} KiB, which the server takes`);
  const upgrade = (at('/socket.io/')?.block ?? []).filter((one) => one.name === 'proxy_set_header');
  for (const header of ['Upgrade', 'Connection'])
    if (!upgrade.some((one) => one.args[0] === header)) say(server, `does not pass on ${header} for websockets`);
  if (!/^4\d\d$/.test(argOf(at('/metrics')?.block ?? null, 'return') ?? '')) say(server, 'shows /metrics to the world');
}
