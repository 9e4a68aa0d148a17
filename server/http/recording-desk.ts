import type { RecordingsJson, RecordingWhole, SandboxJson } from '../contract/recordings.ts';
import type { PageQuery } from '../core/ports/paging.ts';
import type { CorpusAlert } from '../pipeline/intake/corpus/read-corpus.ts';

/** A recording as a file of the corpus of its dialect. */
export interface FixtureFile {
  readonly dialect: string;
  /** Null: its body is no text. */
  readonly fixture: CorpusAlert | null;
}

/** Sandboxes and what was sent to them. */
export interface RecordingDesk {
  sandboxes(): Promise<readonly SandboxJson[]>;
  /** Null: there is no such source. */
  switch(webhookId: string, on: boolean, by: string): Promise<SandboxJson | null>;
  list(query: PageQuery & { readonly source?: string | undefined }): Promise<RecordingsJson>;
  find(id: string): Promise<RecordingWhole | null>;
  fixture(id: string): Promise<FixtureFile | null>;
  remove(id: string): Promise<boolean>;
}
