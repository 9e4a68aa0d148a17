import type { Page, PageQuery } from './paging.ts';

/** The newest that are kept of a source. */
export const keptOfSource = 500;
/** For how long any is kept. */
export const keptDays = 30;

/** What a sender sent to a sandbox, as it came, without its secrets. Nothing ever comes of it. */
export interface Recording {
  readonly id: string;
  readonly webhookId: string;
  readonly receivedAt: Date;
  /** Of the connection. */
  readonly address: string | null;
  /** By lower-case name; what proves somebody is masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The dialect that the address asked for; null: the address asks for none. */
  readonly dialect: string | null;
  /** Bytes that came. */
  readonly sizeBytes: number;
  /** The bytes that came, but for secrets. */
  readonly body: Uint8Array;
}

/** A recording with the name of its source. */
export interface NamedRecording extends Recording {
  readonly source: string;
  readonly sourceName: string;
}

/** Whether a source is a sandbox. */
export interface SandboxState {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly on: boolean;
  readonly since: Date | null;
  /** Who switched it on. */
  readonly by: string | null;
  /** Recordings that are kept of it. */
  readonly kept: number;
}

/** Sandboxes and what was sent to them. */
export interface RecordingStore {
  /** Keeps one, and lets go of what is beyond the newest of its source. Rejects within a bounded time when it could not. */
  record(recording: Recording): Promise<void>;
  /** Newest first. */
  list(query: PageQuery & { readonly webhookId?: string | undefined }): Promise<Page<NamedRecording>>;
  /** Null: there is none, or it has ended. */
  find(id: string): Promise<NamedRecording | null>;
  /** False: there was none. */
  remove(id: string): Promise<boolean>;
  /** All sources in force, oldest first. */
  sandboxes(): Promise<readonly SandboxState[]>;
  /** In one transaction with its event; null: there is no such source in force, or it is the dashboard's own. */
  switch(webhookId: string, on: boolean, by: string): Promise<SandboxState | null>;
  /** Ends those that are older than is kept. */
  forget(): Promise<void>;
}
