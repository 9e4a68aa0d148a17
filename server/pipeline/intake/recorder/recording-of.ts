import type { Recording } from '../../../core/ports/recordings.ts';
import type { WebhookToken } from '../../../core/ports/webhook-tokens.ts';
import type { IncomingAlert } from '../intake.ts';
import type { Proven } from '../proofs/prove-sender.ts';
import { maskedBytes } from './masked-bytes.ts';
import { recordableHeaders } from './recorded-headers.ts';

/** An alert to a sandbox as it is kept: nothing is read of it, so that what is kept cannot depend on what is understood. */
export function recordingOf(
  id: string,
  alert: IncomingAlert,
  about: { readonly token: WebhookToken; readonly proven: Proven; readonly receivedAt: Date },
): Recording {
  const { token, proven, receivedAt } = about;
  return {
    id,
    webhookId: token.id,
    receivedAt,
    address: alert.remoteAddress,
    headers: recordableHeaders(alert.headers, alert.contentType),
    dialect: alert.dialect ?? null,
    sizeBytes: alert.body.byteLength,
    // The bytes as they were proven: a secret that its source asks for, by whatever name, is not in them any more.
    body: maskedBytes(proven.bytes, alert.headers['content-encoding']),
  };
}
