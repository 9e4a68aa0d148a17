import { expect, test } from 'vitest';
import { authenticationWord } from './authentication-results.ts';

const name = 'authentication-results';
const from = ['noreply@tradingview.com'];
const ok = (values: readonly string[], sender = from, server: string | null = 'mx.google.com') =>
  authenticationWord({ headers: values.map((value) => ({ name, value })), from: sender }, server).ok;

const google =
  'mx.google.com; dkim=pass header.i=@tradingview.com header.s=s1 header.b=abc; spf=pass (google.com: domain of x designates 1.2.3.4 as permitted sender) smtp.mailfrom=x@em.tradingview.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=tradingview.com';

test.each<[string, readonly string[], boolean]>([
  ['Google’s', [google], true],
  ['dkim alone', ['mx.google.com; dkim=pass (2048-bit key) header.d=tradingview.com'], true],
  ['dmarc alone, with a version', ['mx.google.com 1; dmarc=pass header.from=tradingview.com'], true],
  ['spf alone', ['mx.google.com; spf=pass smtp.mailfrom=noreply@tradingview.com'], false],
  ['dkim of somebody else', ['mx.google.com; dkim=pass header.d=attacker.example'], false],
  ['dkim of a part of the domain', ['mx.google.com; dkim=pass header.d=view.com'], false],
  ['dkim of a whole top-level domain', ['mx.google.com; dkim=pass header.d=com'], false],
  ['dkim of a name below the sender’s', ['mx.google.com; dkim=pass header.d=mail.tradingview.com'], false],
  ['dmarc for somebody else', ['mx.google.com; dmarc=pass header.from=attacker.example'], false],
  ['failed', ['mx.google.com; dkim=fail header.d=tradingview.com; dmarc=fail header.from=tradingview.com'], false],
  [
    'passed in a comment only',
    ['mx.google.com; dkim=fail (dkim=pass header.d=tradingview.com) header.d=tradingview.com'],
    false,
  ],
  [
    'passed in a comment that is cut short',
    ['mx.google.com; spf=none (; dmarc=pass header.from=tradingview.com'],
    false,
  ],
  ['another server’s', ['mx.attacker.example; dkim=pass header.d=tradingview.com'], false],
  ['one below the server’s own', ['mx.google.com; dkim=none', google], false],
  ['one below another server’s', ['mx.attacker.example; dkim=none', google], true],
  ['none', [], false],
])('%s', (_, values, expected) => {
  expect(ok(values)).toBe(expected);
});

test('a domain below the signer’s is the signer’s; nobody is asked where nobody is named', () => {
  expect(ok(['mx.google.com; dkim=pass header.d=tradingview.com'], ['a@mail.tradingview.com'])).toBe(true);
  expect(ok(['mx.google.com; dkim=pass header.d=co.uk'], ['a@broker.co.uk'])).toBe(false);
  expect(ok([google], from, null)).toBe(false);
});
