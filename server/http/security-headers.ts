import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { isTrustedProxy } from '../pipeline/intake/proofs/sender-address.ts';
import type { HttpParts } from './parts.ts';

const hashed = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Style elements that our libraries make, as they make them: the charts' mark of who made them, which their licence asks for. */
const styleHashes = [
  'a#tv-attr-logo{--fill:#131722;--stroke:#fff;position:absolute;left:10px;bottom:10px;height:19px;width:35px;margin:0;padding:0;border:0;z-index:3;}a#tv-attr-logo[data-dark]{--fill:#D1D4DC;--stroke:#131722;}',
]
  .map(hashed)
  // The page that describes the API: what its script writes in for itself, which nobody else has the text of.
  .concat("'sha256-1l0gqwY1xTVHpnFtVKPlCaO7WBs6XPuTeMD5apHIy6M='");
/** Style attributes in the pages' own markup: the place from which a screen reader is told of a new page, and the palette's entries. */
const attributeHashes = [
  'display: contents;',
  'position: absolute; left: 0; top: 0; clip: rect(0 0 0 0); clip-path: inset(50%); overflow: hidden; white-space: nowrap; width: 1px; height: 1px',
].map(hashed);

/** What a page may load: what comes from here, and of scripts in the page itself those with these hashes. */
export function contentPolicy(scriptHashes: readonly string[] = []): string {
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scriptHashes.map((hash) => `'${hash}'`)].join(' '),
    // Components set styles through the elements' own properties, which this lets be; of styles as text only these are taken.
    ["style-src 'self'", ...styleHashes].join(' '),
    ["style-src-attr 'unsafe-hashes'", ...attributeHashes].join(' '),
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
  ].join('; ');
}

/** The hashes of the scripts that stand in a page, as a content policy names them. */
export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, script]) => `sha256-${createHash('sha256').update(script!).digest('base64')}`,
  );
}

/** What no page of ours asks a browser for. Passkeys are asked for by the dashboard itself. */
const denied = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];
const featurePolicy = [
  ...denied.map((feature) => `${feature}=()`),
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
].join(', ');
/** A year: a browser that came by TLS once does not come without it before then. */
const strictTransport = 'max-age=31536000';

/** Headers of every answer; a page may have set a content policy of its own before. */
export function securityHeaders(parts: Pick<HttpParts, 'connectionOf' | 'trustedProxies'>) {
  return async (c: Context, next: () => Promise<void>): Promise<void> => {
    await next();
    if (!c.res.headers.has('content-security-policy')) c.header('Content-Security-Policy', contentPolicy());
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Permissions-Policy', featurePolicy);
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('X-Frame-Options', 'DENY');
    if (cameByTls(parts, c)) c.header('Strict-Transport-Security', strictTransport);
    if (c.req.path.startsWith('/api/')) c.header('Cache-Control', 'no-store');
  };
}

/** Whether a proxy that is trusted says that the browser came by TLS; whoever else says so is not believed. */
function cameByTls(
  { connectionOf, trustedProxies }: Pick<HttpParts, 'connectionOf' | 'trustedProxies'>,
  c: Context,
): boolean {
  if (c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim() !== 'https') return false;
  return isTrustedProxy(connectionOf(c).remote.address ?? null, trustedProxies);
}
