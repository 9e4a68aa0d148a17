import type { Mail } from '../../../core/model/mail.ts';

/** What the receiving server says of a mail's sender. */
export interface AuthenticationWord {
  readonly ok: boolean;
  /** For the receipt, or for whoever wonders. */
  readonly sentence: string;
}

/**
 * The word of the server that took the mail in, by RFC 8601: of the headers Authentication-Results the topmost one that bears its name, because a
 * server writes above what it was given, and whatever stands below anybody could have written. It counts when it says that DMARC passed for the
 * sender's domain, or DKIM for a signature of that domain. SPF does not: it speaks of the envelope.
 */
export function authenticationWord(
  mail: Pick<Mail, 'headers' | 'from'>,
  authServer: string | null,
): AuthenticationWord {
  if (authServer === null) return { ok: false, sentence: 'no server’s word is taken' };
  const domain = mail.from[0]?.split('@').at(-1) ?? '';
  const own = mail.headers
    .filter(({ name }) => name === 'authentication-results')
    .map(({ value }) => statementsOf(value))
    .find(({ server }) => server === authServer.toLowerCase());
  if (own === undefined) return { ok: false, sentence: `${authServer} says nothing of it` };
  const passed = own.results.find(
    ({ method, result, properties }) =>
      result === 'pass' &&
      ((method === 'dmarc' && properties['header.from'] === domain) ||
        (method === 'dkim' && isOf(properties['header.d'] ?? properties['header.i']?.split('@').at(-1), domain))),
  );
  if (passed) return { ok: true, sentence: `${authServer} says ${passed.method}=pass for ${domain}` };
  const said = own.results.map(({ method, result }) => `${method}=${result}`).join(', ');
  return {
    ok: false,
    sentence: `${authServer} says ${said.slice(0, 200) || 'nothing'}, and no dkim=pass or dmarc=pass for ${domain}`,
  };
}

/** Aligned as DMARC has it, strictly downwards: the domain itself, or a domain that it belongs to, of at least two labels. */
const isOf = (signer: string | undefined, domain: string): boolean =>
  signer !== undefined &&
  (signer === domain || (signer.includes('.') && !publicSuffixes.has(signer) && domain.endsWith(`.${signer}`)));

/** Two-label names under which anybody may register; enough for a signer that must be a parent of a sender on the allow-list. */
const publicSuffixes = new Set(['co.uk', 'org.uk', 'com.au', 'com.br', 'co.jp', 'co.nz', 'co.za', 'com.cn', 'co.in']);

interface Statement {
  readonly method: string;
  readonly result: string;
  readonly properties: Readonly<Record<string, string>>;
}

function statementsOf(value: string): { server: string; results: Statement[] } {
  const [server = '', ...rest] = withoutComments(value).split(';');
  const results = rest.flatMap((part): Statement[] => {
    const words = part.trim().split(/\s+/);
    const [method, result] = (words[0] ?? '').toLowerCase().split('=');
    if (!method || !result) return [];
    const properties = Object.fromEntries(
      words.slice(1).flatMap((word) => {
        const [name, said] = word.split('=', 2);
        return name && said ? [[name.toLowerCase(), said.replace(/^"|"$/g, '').replace(/^@/, '').toLowerCase()]] : [];
      }),
    );
    return [{ method: method.split('/')[0]!, result, properties }];
  });
  return { server: server.trim().split(/\s+/)[0]!.toLowerCase(), results };
}

/** Comments stand in brackets, may hold brackets, and could hold anything. */
function withoutComments(value: string): string {
  let depth = 0;
  let kept = '';
  for (let at = 0; at < value.length; at++) {
    const letter = value[at]!;
    if (letter === '\\') at++;
    else if (letter === '(') depth++;
    else if (letter === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += letter;
  }
  return kept;
}
