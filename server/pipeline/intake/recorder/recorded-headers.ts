import { signatureHeader } from '../../../core/alert-signature.ts';
import { masked, maskSecrets } from '../mask-secrets.ts';
import { certificateHeader, verifiedHeader } from '../proofs/certificate.ts';

/** What a recording keeps beside the headers that a sender proves itself with. */
export const recordedHeaders = ['content-encoding', 'content-length', 'accept'] as const;

/** As much of a header as is kept. */
const longest = 500;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f-\u009f]/g;

/** Headers as they may be kept: a signature proves nothing any more, and of a certificate it is said that it was there. */
export function recordableHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  contentType: string | null,
): Record<string, string> {
  const all = { 'content-type': contentType ?? undefined, ...headers };
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined) continue;
    kept[name] = shown(name, value).slice(0, longest).toWellFormed().replace(control, '�');
  }
  return kept;
}

function shown(name: string, value: string): string {
  if (name === signatureHeader) return value.replace(/s=[^,]*/g, `s=${masked}`);
  if (name === certificateHeader) return '(a certificate)';
  return name === verifiedHeader ? value : maskSecrets(value);
}
