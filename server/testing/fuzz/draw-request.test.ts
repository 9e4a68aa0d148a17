// Invariants: an index and a seed make the same request whatever was made before; every corpus and every mutation comes up; a body that is said to
// reach the reader is the one that was framed.
import { expect, test } from 'vitest';
import { defaultProofs } from '../../core/model/proofs.ts';
import { corpusSeeds, type Seed } from './corpus-seeds.ts';
import { drawRequest } from './draw-request.ts';
import { byteMutations } from './mutate-bytes.ts';
import { encodingMutations } from './mutate-encoding.ts';
import { jsonMutations } from './mutate-json.ts';
import { letterMutations } from './mutate-letters.ts';
import type { Sources } from './open-sources.ts';
import type { FuzzSource } from './source.ts';

const seeds = await corpusSeeds();
const sourceOf = (seed: Seed | null): FuzzSource => ({
  id: '019aa2f4-0000-7000-8000-000000000000',
  source: 'fuzz',
  token: 'the-token-of-this-source',
  dialect: seed?.dialect ?? null,
  reading: seed?.reading ?? null,
  policy: defaultProofs('019aa2f4-0000-7000-8000-000000000000'),
  bodySecret: null,
  signingKey: null,
});
const sources: Sources = { of: sourceOf, byShape: sourceOf(null), guarded: [sourceOf(null)], all: [sourceOf(null)] };
const draw = (index: number, seed = 1) => drawRequest(index, { seed, seeds, sources, now: new Date(0) });

test('the same index is the same request, another seed another one', () => {
  const first = draw(17);
  draw(3);
  expect(draw(17)).toEqual(first);
  expect(Array.from({ length: 20 }, (_, i) => draw(i, 2).wire.equals(draw(i).wire)).filter(Boolean)).toEqual([]);
});

test('all mutations come up, alone or with others', () => {
  const drawn = new Set(Array.from({ length: 3000 }, (_, i) => draw(i).kind).flat());
  for (const { name } of [...byteMutations, ...encodingMutations, ...jsonMutations, ...letterMutations])
    expect(drawn).toContain(name);
  for (const way of [
    'in chunks',
    'compressed',
    'compressed again and again',
    'shorter than it says',
    'a length that is none',
  ])
    expect(drawn).toContain(way);
});

test('what is sent as it is stands behind the head, with its length', () => {
  for (let index = 0; index < 300; index++) {
    const { wire, body, kind } = draw(index);
    if (
      body === null ||
      kind.includes('in chunks') ||
      kind.includes('longer than it says') ||
      kind.includes('too large')
    )
      continue;
    expect(wire.subarray(wire.length - body.length).equals(body)).toBe(true);
  }
});
