import { createHash } from 'node:crypto';
import { defaultProofs, type Proof } from '../../core/model/proofs.ts';
import type { SourceReading } from '../../core/model/source-reading.ts';
import type { Ask } from '../wide-limits.ts';
import type { Seed } from './corpus-seeds.ts';
import { allowedAddresses, type FuzzSource } from './source.ts';

/** In the bodies of the source that asks for one. */
const bodySecret = 'the-fuzz-knows-this-one';
export const bodyField = 'secret';

/** A source that is to be made. */
export interface SourceWish {
  readonly source: string;
  readonly dialect: string | null;
  readonly reading: SourceReading | null;
  readonly required: readonly Proof[];
}

/** Makes a source over the API, with the secrets that its senders need. */
export async function openSource(ask: Ask, wish: SourceWish): Promise<FuzzSource> {
  const { source, dialect, reading, required } = wish;
  const made = await ask<{ id: string; url: string }>('POST', '/sources', { name: source, source, dialect });
  if (reading !== null) await ask('PUT', `/sources/${made.id}/reading`, reading);
  const asks = (proof: Proof): boolean => required.includes(proof);
  if (asks('body_secret')) {
    await ask('PATCH', `/sources/${made.id}/proofs`, { bodyField });
    await ask('POST', `/sources/${made.id}/secrets/body_secret`, { overlapSeconds: 0, secret: bodySecret });
  }
  const signing = asks('signature')
    ? await ask<{ secret: string }>('POST', `/sources/${made.id}/secrets/signature`, { overlapSeconds: 0 })
    : null;
  const addresses = asks('address') ? [allowedAddresses] : undefined;
  if (required.length > 1)
    await ask('PATCH', `/sources/${made.id}/proofs`, { required, ...(addresses && { addresses }) });
  const hash = createHash('sha256').update(bodySecret).digest();
  return {
    id: made.id,
    source,
    token: made.url.split('/').at(-1)!,
    dialect,
    reading,
    policy: {
      ...defaultProofs(made.id),
      required,
      ...(asks('body_secret') && { bodyField, bodySecrets: [{ hash, validUntil: null }] }),
      ...(signing && { signingSecrets: [{ key: signing.secret, validUntil: null }] }),
      ...(addresses && { addresses }),
    },
    bodySecret: asks('body_secret') ? bodySecret : null,
    signingKey: signing?.secret ?? null,
  };
}

/** The sources that are fuzzed. */
export interface Sources {
  /** The source that reads the alerts of a corpus as they are meant. */
  of(seed: Seed): FuzzSource;
  /** One that tells dialects by their shape and asks for nothing but the address. */
  readonly byShape: FuzzSource;
  /** Those that ask for more than the secret of the address. */
  readonly guarded: readonly FuzzSource[];
  readonly all: readonly FuzzSource[];
}

/** Makes a source for each dialect and each way of reading that a corpus knows, and one for each proof, over the API. */
export async function openSources(ask: Ask, seeds: readonly Seed[]): Promise<Sources> {
  const plain = ['url_secret'] as const;
  const byKey = new Map<string, FuzzSource>();
  const keyOf = ({ dialect, reading }: Seed): string => JSON.stringify([dialect, reading]);
  for (const seed of seeds) {
    const key = keyOf(seed);
    if (byKey.has(key)) continue;
    const source = `fuzz-${seed.dialect}-${byKey.size}`;
    byKey.set(key, await openSource(ask, { source, dialect: seed.dialect, reading: seed.reading, required: plain }));
  }
  const byShape = await openSource(ask, { source: 'fuzz-by-shape', dialect: null, reading: null, required: plain });
  const guarded: FuzzSource[] = [];
  for (const proofs of [
    ['body_secret'],
    ['signature'],
    ['address'],
    ['certificate'],
    ['body_secret', 'signature'],
  ] as const)
    guarded.push(
      await openSource(ask, {
        source: `fuzz-${proofs.join('-').replaceAll('_', '-')}`,
        dialect: null,
        reading: null,
        required: [...plain, ...proofs],
      }),
    );
  return { of: (seed) => byKey.get(keyOf(seed))!, byShape, guarded, all: [...byKey.values(), byShape, ...guarded] };
}
