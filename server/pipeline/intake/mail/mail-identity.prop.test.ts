// Invariant: every alert of every corpus that is read as a signal has the same identity and the same signal by mail as by its webhook, whether the mail
// is plain, HTML or both, and however it is encoded.
import { describe, expect, test } from 'vitest';
import { takeApart } from '../../../adapters/mail/take-apart.ts';
import { signalToJson } from '../../../core/model/signal.ts';
import { writeMail } from '../../../testing/mail.ts';
import { corpusDialects, readCorpus, textOf } from '../corpus/read-corpus.ts';
import { identityOf } from '../identity.ts';
import { loadDialects } from '../load-dialects.ts';
import { type AskedReading, readAlert } from '../read-alert.ts';
import { readBody } from '../read-body.ts';
import { extractAlert } from './extract-alert.ts';

const dialects = await loadDialects();
const keys = await corpusDialects();
const at = new Date('2026-11-20T15:00:00Z');

function known(text: string, asked: AskedReading) {
  const body = Buffer.from(text);
  const { alert, dialect, read } = readAlert(readBody(body), dialects, asked);
  if (!read.ok) return null;
  const about = { signal: read.value, json: alert.json, body, tokenId: 'token', rule: dialect.identity };
  return { signal: signalToJson(read.value), ...identityOf(about, at, 60) };
}

describe.for(keys)('%s', async (key) => {
  const corpus = (await readCorpus(key)).filter((one) => one.signal);
  test.each(corpus.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const text = textOf(one);
    const asked = { dialect: one.fixed ? key : null, reading: one.reading ?? null };
    const byWebhook = known(text, asked);
    expect(byWebhook).not.toBeNull();
    const reads = (found: string): boolean => known(found, asked) !== null;
    for (const as of ['plain', 'html', 'both'] as const)
      for (const encoding of ['quoted-printable', 'base64', '8bit'] as const) {
        const mail = await takeApart(writeMail({ alert: text, as, encoding }));
        const found = extractAlert(mail, { after: null, before: null }, reads);
        expect([as, encoding, found.ok && known(found.value, asked)]).toEqual([as, encoding, byWebhook]);
      }
  });
});
