import { X509Certificate } from 'node:crypto';
import type { CertificateWish } from '../../../core/model/proofs.ts';

/** What a trusted proxy reports of the client certificate that it was shown: the certificate, and whether it verified the chain. */
export const certificateHeader = 'x-client-certificate';
export const verifiedHeader = 'x-client-verify';

/** Longer than any certificate, so that nobody makes us decode a book. */
const maxLength = 16_384;

/** What came of a certificate: null is that all holds, else what does not, for the log. */
export function certificateProblem(
  headers: Readonly<Record<string, string | undefined>>,
  wish: CertificateWish,
  now: Date,
): string | null {
  const certificate = readCertificate(headers[certificateHeader]);
  if (certificate === null) return 'no certificate was shown';
  if (now < certificate.validFromDate || now >= certificate.validToDate) return 'the certificate is not valid now';
  const subject = certificate.subject.split('\n');
  const names = (key: string): string[] =>
    subject.filter((line) => line.startsWith(`${key}=`)).map((line) => unescaped(line.slice(key.length + 1)));
  if (!isOnly(names('CN'), wish.commonName)) return 'the certificate is of another common name';
  if (wish.organization !== null && !isOnly(names('O'), wish.organization))
    return 'the certificate is of another organization';
  // Node puts names with a comma in quotes, so that no name can pass for two.
  if (wish.alternativeName !== null && !certificate.subjectAltName?.split(', ').includes(wish.alternativeName))
    return 'the certificate has not the alternative name';
  if (wish.authority === null)
    return headers[verifiedHeader] === 'SUCCESS' ? null : 'the proxy did not verify who signed the certificate';
  return isSignedBy(certificate, wish.authority, now) ? null : 'the certificate is not signed by the authority';
}

/** The certificate of an authority as PEM; null for what is none. */
export function readAuthority(pem: string): X509Certificate | null {
  try {
    const certificate = new X509Certificate(pem);
    return certificate.ca ? certificate : null;
  } catch {
    return null;
  }
}

function isSignedBy(certificate: X509Certificate, pem: string, now: Date): boolean {
  const authority = readAuthority(pem);
  return (
    authority !== null &&
    now >= authority.validFromDate &&
    now < authority.validToDate &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey)
  );
}

const isOnly = (found: readonly string[], wanted: string): boolean => found.length === 1 && found[0] === wanted;

/** Node writes a subject as RFC 2253 does, with a backslash in front of what has a meaning there. */
const unescaped = (value: string): string => value.replace(/\\([,+"\\<>;=# ])/g, '$1');

/** nginx hands on PEM in percent-encoding, Caddy the base64 of DER. */
function readCertificate(header: string | undefined): X509Certificate | null {
  if (header === undefined || header === '' || header.length > maxLength) return null;
  try {
    if (/^[A-Za-z0-9+/=]+$/.test(header)) return new X509Certificate(Buffer.from(header, 'base64'));
    return new X509Certificate(decodeURIComponent(header));
  } catch {
    return null;
  }
}
