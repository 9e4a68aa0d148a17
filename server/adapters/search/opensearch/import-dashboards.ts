/**
 * Imports saved objects into OpenSearch Dashboards, replacing those of the same ids, and has filters pass over panels whose index has
 * no such field. `url` may carry a user and a password. Answers how
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
  await ignoreFiltersOfOthers(address, headers);
  return answer.successCount;
}

/** A filter by strategy must not empty the panels of an index that knows no strategies: Dashboards applies it to all unless told. */
async function ignoreFiltersOfOthers(address: URL, headers: Record<string, string>): Promise<void> {
  const target = new URL(`${address.pathname.replace(/\/$/, '')}/api/opensearch-dashboards/settings`, address.origin);
  const response = await fetch(target, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ changes: { 'courier:ignoreFilterIfFieldNotInIndex': true } }),
  });
  if (response.ok) return;
  throw new Error(
    `The objects are imported, but OpenSearch Dashboards answered ${response.status} to the setting courier:ignoreFilterIfFieldNotInIndex: set it by hand under Advanced settings.`,
  );
}
