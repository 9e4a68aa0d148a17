import { signAlert, signatureHeader } from '../../core/alert-signature.ts';
import { certificateHeader, verifiedHeader } from '../../pipeline/intake/proofs/certificate.ts';
import { type Draw, drawOf } from '../torture/draw.ts';
import type { Seed } from './corpus-seeds.ts';
import { drawHeadGame } from './head-games.ts';
import { byteMutations } from './mutate-bytes.ts';
import { encodingMutations } from './mutate-encoding.ts';
import { jsonMutations } from './mutate-json.ts';
import { letterMutations } from './mutate-letters.ts';
import type { Mutation } from './mutation.ts';
import { bodyField, type Sources } from './open-sources.ts';
import type { FuzzRequest } from './request.ts';
import { allowedAddress, type FuzzSource } from './source.ts';
import { drawTransport } from './transports.ts';

const kinds: readonly (readonly [share: number, mutations: readonly Mutation[]])[] = [
  [0.4, byteMutations],
  [0.13, encodingMutations],
  [0.33, jsonMutations],
  [0.14, letterMutations],
];

function drawMutation(draw: Draw): Mutation {
  let at = draw.next();
  for (const [share, mutations] of kinds) {
    if (at < share) return draw.pick(mutations);
    at -= share;
  }
  return draw.pick(byteMutations);
}

/** Alerts that were not changed have an id of their own, so that some are taken for what they are. */
function mutated(seed: Seed, index: number, seeds: readonly Seed[], draw: Draw): { body: Buffer; names: string[] } {
  if (draw.chance(0.03)) {
    const text = seed.body.toString('utf8');
    const id = `"id":"fuzz-${index}"`;
    return {
      body: Buffer.from(text.startsWith('{"') ? text.replace('{', () => `{${id},`) : text),
      names: ['unchanged'],
    };
  }
  let body = seed.body;
  const names: string[] = [];
  const about = { draw, another: () => draw.pick(seeds).body };
  for (let n = draw.chance(0.75) ? 1 : draw.whole(2, 4); n > 0; n--) {
    const mutation = drawMutation(draw);
    names.push(mutation.name);
    body = mutation.apply(body, about);
  }
  return { body, names };
}

function drawSource(seed: Seed, sources: Sources, draw: Draw): FuzzSource {
  const at = draw.next();
  if (at < 0.6) return sources.of(seed);
  if (at < 0.85) return sources.byShape;
  if (at < 0.95) return draw.pick(sources.guarded);
  return draw.pick(sources.all);
}

/** The body with its source's secret, as its author would have put it there. */
function withSecret(body: Buffer, secret: string): Buffer {
  const field = body[0] === 0x7b ? `{"${bodyField}":"${secret}",` : null;
  return field === null
    ? Buffer.concat([body, Buffer.from(`\n${bodyField}=${secret}`)])
    : Buffer.concat([Buffer.from(field), body.subarray(1)]);
}

/** What is shown beside the address. Most of it is right, so that what is behind it is reached. */
function proofHeaders(
  source: FuzzSource,
  body: Buffer,
  draw: Draw,
  about: { index: number; now: Date },
): Record<string, string> {
  const headers: Record<string, string> = {};
  const required = source.policy.required;
  if (required.includes('address') || draw.chance(0.03))
    headers['x-forwarded-for'] = draw.chance(0.85)
      ? `10.9.8.7, ${allowedAddress}`
      : draw.pick([
          '',
          ',',
          '127.0.0.1',
          '::ffff:192.0.2.7',
          '192.0.2.7:80',
          '[::1',
          '0x7f.1',
          '1.2.3',
          'unknown',
          `${'1.1.1.1, '.repeat(500)}${allowedAddress}`,
          `${allowedAddress},`,
          'é',
        ]);
  if (required.includes('certificate') || draw.chance(0.02)) {
    headers[certificateHeader] = draw.pick([
      '',
      '%',
      '%ff',
      '-----BEGIN%20CERTIFICATE-----',
      `-----BEGIN%20CERTIFICATE-----%0A${'A'.repeat(4000)}%0A-----END%20CERTIFICATE-----`,
      '__proto__',
    ]);
    headers[verifiedHeader] = draw.pick(['SUCCESS', 'FAILED', 'NONE', '']);
  }
  if (source.signingKey !== null) {
    const nonce = `fuzz${String(about.index).padStart(16, '0')}`;
    const late = draw.chance(0.05) ? draw.pick([-400_000, 400_000, -1e11]) : 0;
    const right = signAlert(source.signingKey, { at: new Date(about.now.getTime() + late), nonce, body });
    headers[signatureHeader] = draw.chance(0.85)
      ? right
      : draw.pick([
          '',
          right.slice(0, -1),
          right.toUpperCase(),
          `${right},${right}`,
          right.replace(/n=[^,]*/, 'n='),
          't=,n=,s=',
          right.replace(/s=..../, 's=0000'),
          'x'.repeat(5000),
        ]);
  }
  return headers;
}

/** Makes the request of an index: the same for the same seed, whatever was made before it. A signature is made for now, or would be too old. */
export function drawRequest(
  index: number,
  about: { seed: number; seeds: readonly Seed[]; sources: Sources; now: Date },
): FuzzRequest {
  const draw = drawOf(about.seed, `body ${index}`);
  const seed = draw.pick(about.seeds);
  const { body: bare, names } = mutated(seed, index, about.seeds, draw);
  const source = drawSource(seed, about.sources, draw);
  const body = source.bodySecret !== null && draw.chance(0.9) ? withSecret(bare, source.bodySecret) : bare;
  const route = draw.chance(seed.dialect === 'traders-post' ? 0.5 : 0.06) ? 'traders-post' : 'hooks';
  const byName = draw.chance(0.2) ? source.source : source.id;
  const path =
    route === 'hooks' ? `/hooks/${source.source}/${source.token}` : `/trading/webhook/${byName}/${source.token}`;
  const framed = drawTransport(draw)(body, draw);
  const game = drawHeadGame(draw, path);
  const headers = proofHeaders(source, framed.reaches ?? body, draw, { index, now: about.now });
  const proofs = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const type = game.more?.some((line) => line.startsWith('content-type')) ? [] : ['content-type: application/json'];
  const host = game.host === null ? [] : [`host: ${game.host ?? '127.0.0.1'}`];
  const lines = [
    `${game.method ?? 'POST'} ${game.path ?? path} ${game.version ?? 'HTTP/1.1'}`,
    ...[...host, ...type, ...proofs, ...(game.more ?? []), ...framed.head],
  ];
  return {
    index,
    kind: [...names, ...(framed.name === 'as it is' ? [] : [framed.name]), ...(game.name === '' ? [] : [game.name])],
    route,
    source,
    wire: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), framed.payload]),
    body: game.misses ? null : framed.reaches,
    headers,
    addressed: !game.misses,
    also: [...(framed.also ?? []), ...(game.also ?? [])],
    closes: (framed.closes ?? false) || (game.closes ?? false),
    ends: framed.ends ?? false,
  };
}
