/** Where an alert goes. */
export interface WebhookAddress {
  readonly source: string;
  readonly token: string;
  /** The dialect that the address asks for. */
  readonly dialect?: string;
}

const shape = /^(?:https?:\/\/[^/]+)?\/(hooks|trading\/webhook)\/([^/?#]+)\/([^/?#]+)\/?$/;

/** Reads the address of a webhook of ours, whole or from its path on; null: it is none. The host does not count. */
export function readWebhookAddress(text: string): WebhookAddress | null {
  const [, kind, source, token] = shape.exec(text.trim()) ?? [];
  if (!source || !token) return null;
  try {
    const parts = { source: decodeURIComponent(source), token: decodeURIComponent(token) };
    return kind === 'hooks' ? parts : { ...parts, dialect: 'traders-post' };
  } catch {
    return null;
  }
}
