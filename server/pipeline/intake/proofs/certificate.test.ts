import { expect, test } from 'vitest';
import { tradingViewCertificate } from '../../../core/model/proofs.ts';
import { createTestAuthority, type TestSubject } from '../../../testing/certificates.ts';
import { certificateProblem } from './certificate.ts';

const now = new Date('2026-11-20T15:00:00Z');
const authority = createTestAuthority();
const tradingView: TestSubject = {
  commonName: 'TradingView Webhooks',
  organization: 'TradingView, Inc.',
  alternativeName: 'email:webhook-server@tradingview.com',
};
const wish = { ...tradingViewCertificate, authority: authority.certificate };
const shown = (about: TestSubject, by = authority) => ({
  'x-client-certificate': encodeURIComponent(by.issue(about).certificate),
});

test('the certificate that is asked for holds, as percent-encoded PEM or as base64 of DER', () => {
  expect(certificateProblem(shown(tradingView), wish, now)).toBeNull();
  const der = authority.issue(tradingView).certificate.replace(/-----[^-]+-----|\s/g, '');
  expect(certificateProblem({ 'x-client-certificate': der }, wish, now)).toBeNull();
});

test.each<[string, Record<string, string | undefined>]>([
  ['no certificate was shown', {}],
  ['no certificate was shown', { 'x-client-certificate': 'nonsense%zz' }],
  ['no certificate was shown', { 'x-client-certificate': 'A'.repeat(20_000) }],
  ['another common name', shown({ ...tradingView, commonName: 'TradingView Webhook' })],
  ['another common name', shown({ ...tradingView, commonName: 'x\nCN=TradingView Webhooks' })],
  ['another organization', shown({ ...tradingView, organization: 'TradingView' })],
  ['alternative name', shown({ ...tradingView, alternativeName: 'email:webhook-server@tradingview.com.example' })],
  ['alternative name', shown({ ...tradingView, alternativeName: 'email:a@b, email:webhook-server@tradingview.com' })],
  ['not valid now', shown({ ...tradingView, until: new Date('2026-11-20T14:59:59Z') })],
  ['not valid now', shown({ ...tradingView, from: new Date('2026-11-20T15:00:01Z') })],
  ['not signed by the authority', shown(tradingView, createTestAuthority())],
  ['not signed by the authority', shown(tradingView, createTestAuthority('Another authority'))],
])('%s is told', (problem, headers) => {
  expect(certificateProblem(headers, wish, now)).toContain(problem);
});

test('without an authority of ours the proxy must have verified the chain', () => {
  const headers = shown(tradingView);
  expect(certificateProblem(headers, tradingViewCertificate, now)).toContain('did not verify');
  const said = (word: string) => ({ ...headers, 'x-client-verify': word });
  expect(certificateProblem(said('FAILED:self-signed certificate'), tradingViewCertificate, now)).toContain(
    'not verify',
  );
  expect(certificateProblem(said('SUCCESS'), tradingViewCertificate, now)).toBeNull();
});
