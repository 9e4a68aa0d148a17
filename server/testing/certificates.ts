import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A certificate that a test made, and its key, as PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface TestSubject {
  readonly commonName: string;
  readonly organization?: string;
  /** An alternative name of the kind `email:`, or `IP:` with four octets. */
  readonly alternativeName?: string;
  readonly isAuthority?: boolean;
  readonly from?: Date;
  readonly until?: Date;
}

/** Authorities and certificates made on the spot: X.509 (RFC 5280) written out in DER, for node only reads them. */
export function createTestAuthority(commonName = 'Authority of the test') {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = { commonName, isAuthority: true };
  return {
    certificate: certificateOf(subject, keys.publicKey, subject, keys.privateKey),
    issue(about: TestSubject): TestCertificate {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        certificate: certificateOf(about, own.publicKey, subject, keys.privateKey),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      };
    },
  };
}

let serial = 1;

function certificateOf(about: TestSubject, key: KeyObject, issuer: TestSubject, signer: KeyObject): string {
  const { from = new Date('2020-01-01'), until = new Date('2049-01-01') } = about;
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const extensions = [
    sequence(oid('551d13'), octets(about.isAuthority ? sequence(tag(0x01, Buffer.of(255))) : sequence())),
  ];
  if (about.alternativeName)
    extensions.push(sequence(oid('551d11'), octets(sequence(generalName(about.alternativeName)))));
  const body = sequence(
    tag(0xa0, tag(0x02, Buffer.of(2))),
    tag(0x02, Buffer.of(serial++ % 128)),
    algorithm,
    nameOf(issuer),
    sequence(time(from), time(until)),
    nameOf(about),
    key.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(...extensions)),
  );
  const signature = createSign('sha256').update(body).sign(signer);
  const der = sequence(body, algorithm, tag(0x03, Buffer.concat([Buffer.of(0), signature])));
  return `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`;
}

function tag(type: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(type, ...size), content]);
}
const sequence = (...parts: readonly Buffer[]): Buffer => tag(0x30, Buffer.concat(parts));
const oid = (hex: string): Buffer => tag(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Buffer): Buffer => tag(0x04, content);
const time = (at: Date): Buffer => tag(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));

/** Organization before common name, as TradingView's has it. */
function nameOf({ commonName, organization }: TestSubject): Buffer {
  const part = (type: string, text: string) => tag(0x31, sequence(oid(type), tag(0x0c, Buffer.from(text))));
  return sequence(...(organization ? [part('55040a', organization)] : []), part('550403', commonName));
}

function generalName(text: string): Buffer {
  const [kind, value = ''] = text.split(/:(.*)/s);
  return kind === 'IP' ? tag(0x87, Buffer.from(value.split('.').map(Number))) : tag(0x81, Buffer.from(value));
}
