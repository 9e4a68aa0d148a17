import type { SourceReading } from '../../core/model/source-reading.ts';
import { corpusDialects, readCorpus, textOf } from '../../pipeline/intake/corpus/read-corpus.ts';

/** An alert of a corpus, as bytes to begin with. */
export interface Seed {
  readonly dialect: string;
  readonly reading: SourceReading | null;
  readonly body: Buffer;
}

/** Every alert of every dialect's corpus, valid and invalid, in a fixed order. */
export async function corpusSeeds(): Promise<readonly Seed[]> {
  const dialects = await corpusDialects();
  const corpora = await Promise.all(
    dialects.map(async (dialect) =>
      (await readCorpus(dialect)).map((one) => ({
        dialect,
        reading: one.reading ?? null,
        body: Buffer.from(textOf(one)),
      })),
    ),
  );
  return corpora.flat();
}
