import { createTransport } from 'nodemailer';
import type { ChannelSettings, SettingProblem, Told } from '../../../core/ports/notifier.ts';
import type { ChannelMaker } from '../channel.ts';
import { cleaned, timeoutMs } from '../http-post.ts';

const securities = ['tls', 'starttls', 'none'] as const;
const address = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
/** Recipients of one destination. */
const mostRecipients = 20;

const recipientsOf = (to: string): string[] => to.split(/[\s,;]+/).filter((one) => one !== '');
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);

/** Mail, by SMTP. */
export const channel: ChannelMaker = () => ({
  key: 'email',
  personal: false,
  fields: [
    { key: 'host', secret: false, required: true },
    { key: 'port', secret: false, required: true, initial: '465' },
    { key: 'security', secret: false, required: true, options: securities, initial: 'tls' },
    { key: 'authority', secret: false, required: false },
    { key: 'user', secret: false, required: false },
    { key: 'password', secret: true, required: false },
    { key: 'from', secret: false, required: true },
    { key: 'to', secret: false, required: true },
  ],
  check,
  place: ({ to = '', host = '' }) => `${recipientsOf(to).join(', ')} by ${host}`,
  async tell(settings, message): Promise<Told> {
    const { host = '', port = '', security, authority = '', user = '', password = '', from = '', to = '' } = settings;
    const transport = createTransport({
      host,
      port: Number(port),
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === '' ? {} : { auth: { user, pass: password } }),
      ...(authority === '' ? {} : { tls: { ca: authority } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    // Time-outs of its steps add up: the whole is bounded as well.
    const cut = setTimeout(() => transport.close(), timeoutMs + 4000);
    try {
      const sent = await transport.sendMail({
        from,
        to: recipientsOf(to),
        subject: message.subject,
        text: `${message.text}\n\n${message.link}\n`,
        messageId: `<${message.id}@signalbox.invalid>`,
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...(message.urgent ? { Importance: 'high' } : {}),
        },
      });
      const refused = sent.rejected.length;
      if (refused > 0)
        return {
          kind: 'delivered',
          answer: `${host}:${port} took it for ${sent.accepted.length} of ${sent.accepted.length + refused} recipients.`,
        };
      return { kind: 'delivered', answer: `${host}:${port} took it (“${cleaned(sent.response, [password]) ?? ''}”).` };
    } catch (error) {
      return failureOf(error, settings);
    } finally {
      clearTimeout(cut);
      transport.close();
    }
  },
});

function check(settings: ChannelSettings): SettingProblem[] {
  const {
    host = '',
    port = '',
    security = '',
    authority = '',
    user = '',
    password = '',
    from = '',
    to = '',
  } = settings;
  const problems: SettingProblem[] = [];
  const wrong = (field: string, message: string): void => void problems.push({ field, message });
  if (!/^[A-Za-z0-9._:-]{1,253}$/.test(host)) wrong('host', 'expected the name or the address of a mail server');
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    wrong('port', 'expected a port, such as 465');
  if (!(securities as readonly string[]).includes(security))
    wrong('security', `expected one of ${securities.join(', ')}`);
  else if (security === 'none' && !isLoopback(host))
    wrong('security', 'expected tls or starttls: without either, mails and the password could be read on the way');
  if (authority !== '' && !authority.includes('-----BEGIN CERTIFICATE-----'))
    wrong('authority', 'expected a certificate as PEM, which begins with -----BEGIN CERTIFICATE-----');
  if (user !== '' && password === '') wrong('password', 'expected the password of the user');
  if (user === '' && password !== '') wrong('user', 'expected the user whose password this is');
  if (!address.test(from)) wrong('from', 'expected one address, such as signalbox@example.com');
  const recipients = recipientsOf(to);
  if (recipients.length === 0 || recipients.length > mostRecipients || !recipients.every((one) => address.test(one)))
    wrong('to', `expected one to ${mostRecipients} addresses, with commas between them`);
  return problems;
}

/** What nodemailer puts on an error, as far as it is looked at. */
interface MailError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly message?: string;
  readonly command?: string;
}

const network = (code: string): string | null => {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ESOCKET':
    case 'ECONNECTION':
      return 'the connection failed: are the port and TLS as that server has them?';
    case 'EDNS':
    case 'ENOTFOUND':
      return 'there is no such host';
    case 'ETIMEDOUT':
      return `it did not answer within ${timeoutMs / 1000} s`;
    case 'ETLS':
      return 'it does not offer TLS as it was asked for, or its certificate is not one that is known';
    default:
      return null;
  }
};

/** 4xx is worth another try and 5xx is not (RFC 5321, 4.2.1); nor is a user it does not know. */
function failureOf(error: unknown, { host = '', port = '', password = '', user = '' }: ChannelSettings): Told {
  const { code = '', responseCode = 0, response, message } = (error ?? {}) as MailError;
  const said = cleaned(response ?? null, [password, Buffer.from(`\0${user}\0${password}`).toString('base64')]);
  const at = `${host}:${port}`;
  const failed = (words: string, final: boolean): Told => ({
    kind: 'failed',
    answer: `${at}: ${words}.`,
    final,
    retryAfterMs: null,
  });
  const quoted = said === null ? '' : ` (“${said}”)`;
  if (code === 'EAUTH') {
    const final = responseCode === 0 || responseCode >= 500;
    return failed(
      final ? `it refuses the user or the password${quoted}` : `it cannot check the password now${quoted}`,
      final,
    );
  }
  if (responseCode >= 500) return failed(`it refuses the mail${quoted}`, true);
  if (responseCode >= 400) return failed(`it does not take the mail now${quoted}`, false);
  const certificate = /certificate|self.signed|altname/i.test(message ?? '');
  if (certificate) return failed('its certificate is not one that is known, or is for another host', true);
  return failed(network(code) ?? 'the connection failed', false);
}
