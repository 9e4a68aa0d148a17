/**
 * Imports saved objects into OpenSearch Dashboards, replacing those of the same ids. `url` may carry a user and a password. Answers how
 * many were taken; throws a sentence naming those that were not.
 */
export async function importDashboards(url: string, ndjson: Uint8Array): Promise<number> {
  const address = new URL(url);
  const headers: Record<string, string> = { 'osd-xsrf': 'true' };
  if (address.username) {
    const pair = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    headers.securitytenant = 'global';
  }
  const target = new URL(
    `${address.pathname.replace(/\/$/, '')}/api/saved_objects/_import?overwrite=true`,
    address.origin,
  );
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(ndjson)]), 'signalbox.ndjson');
  const response = await fetch(target, { method: 'POST', headers, body: form });
  const text = await response.text();
  if (!response.ok) throw new Error(`OpenSearch Dashboards answered ${response.status}: ${text.slice(0, 300)}`);
  // A refused object still answers 200.
  const answer = JSON.parse(text) as {
    success: boolean;
    successCount: number;
    errors?: { type: string; id: string; error: { type: string } }[];
  };
  if (!answer.success) {
    const which = (answer.errors ?? []).map((one) => `${one.type} ${one.id} (${one.error.type})`).join(', ');
    throw new Error(`OpenSearch Dashboards took ${answer.successCount} objects and refused: ${which}`);
  }
  return answer.successCount;
}
