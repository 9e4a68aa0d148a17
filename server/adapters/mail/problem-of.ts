import { type MailboxAddress, MailboxProblem } from '../../core/ports/mailbox.ts';

/** What imapflow puts on an error, as far as it is looked at. */
interface ImapError {
  readonly message?: string;
  readonly code?: string;
  readonly authenticationFailed?: boolean;
  readonly responseText?: string;
  readonly serverResponseCode?: string;
}

const network: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody answers there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  CONNECT_TIMEOUT: 'it did not answer in time',
  GREETING_TIMEOUT: 'it did not answer in time: is this the port of IMAP, and is TLS chosen as that port has it?',
  UPGRADE_TIMEOUT: 'it did not answer in time',
  ETIMEOUT: 'it did not answer in time',
  ECONNRESET: 'it ended the connection',
  EPIPE: 'it ended the connection',
  NoConnection: 'the connection has ended',
  EConnectionClosed: 'the connection has ended',
  ClosedAfterConnectTLS: 'it ended the connection: is TLS chosen as that port has it?',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody who is known: give the authority’s',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not known: give the authority’s',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not known: give the authority’s',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is signed by an authority that is not known: give the authority’s',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port: STARTTLS perhaps',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on that port: STARTTLS perhaps',
};

/** An error of the line as a sentence for whoever set the mailbox up. The password never is in it. */
export function problemOf(error: unknown, { host, port, folder, password }: MailboxAddress): string {
  if (error instanceof MailboxProblem) return error.message;
  const { authenticationFailed, code, responseText, serverResponseCode, message } = (error ?? {}) as ImapError;
  const said = hidden(responseText ?? '', password);
  const at = `${host}:${port}`;
  if (authenticationFailed) return `${at} refuses the user or the password${said === '' ? '' : ` (“${said}”)`}.`;
  if (code !== undefined && Object.hasOwn(network, code)) return `${at}: ${network[code]}.`;
  if (
    serverResponseCode === 'NONEXISTENT' ||
    /doesn't exist|not exist|(no such|invalid|unknown|nonexistent) (mailbox|folder)/i.test(said)
  )
    return `${at} has no folder “${folder}”.`;
  const why = said || hidden(message ?? String(error), password);
  return `${at}: ${why.replace(/\.?$/, '.')}`;
}

function hidden(text: string, password: string): string {
  const shown = text.replace(/\p{Cc}/gu, ' ').slice(0, 200);
  return password === '' ? shown : shown.replaceAll(password, '***');
}
