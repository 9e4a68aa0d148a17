/** How a test writes a mail with an alert. */
export interface MailWish {
  readonly alert: string;
  readonly as?: 'plain' | 'html' | 'both';
  readonly encoding?: 'quoted-printable' | 'base64' | '8bit';
  readonly from?: string;
  readonly to?: string;
  readonly date?: Date;
  readonly messageId?: string;
  /** Headers above all others, as a receiving server writes them. */
  readonly above?: readonly string[];
  /** What stands around the alert in the HTML. */
  readonly around?: readonly [before: string, after: string];
}

const tradingViewAround = [
  '<html><head><style>p { color: #131722; }</style></head><body><!-- alert --><table><tr><td><p>Your AAPL alert was triggered</p><p>',
  '</p><p><a href="https://www.tradingview.com/chart/?a=1&amp;b=2">View chart</a></p><p>You got this as you have set an alert.</p></td></tr></table></body></html>',
] as const;

/** A mail as TradingView and others write it, as bytes. */
export function writeMail(wish: MailWish): Buffer {
  const { alert, as = 'plain', encoding = 'quoted-printable', around = tradingViewAround } = wish;
  const headers = [
    ...(wish.above ?? []),
    `From: TradingView <${wish.from ?? 'noreply@tradingview.com'}>`,
    `To: ${wish.to ?? 'desk@example.com'}`,
    'Subject: =?utf-8?B?QWxlcnQ6IEFBUEw=?=',
    ...(wish.messageId ? [`Message-ID: <${wish.messageId}>`] : []),
    `Date: ${(wish.date ?? new Date()).toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
  ];
  const plain = part('text/plain', alert, encoding);
  const html = part('text/html', `${around[0]}${escaped(alert)}${around[1]}`, encoding);
  const body =
    as === 'both'
      ? `Content-Type: multipart/alternative; boundary="=_b1"\r\n\r\n--=_b1\r\n${plain}\r\n--=_b1\r\n${html}\r\n--=_b1--\r\n`
      : as === 'html'
        ? html
        : plain;
  return Buffer.from(`${headers.join('\r\n')}\r\n${body}`);
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>\r\n');

function part(type: string, text: string, encoding: NonNullable<MailWish['encoding']>): string {
  const bytes = Buffer.from(text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
  const head = `Content-Type: ${type}; charset="utf-8"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  if (encoding === '8bit') return `${head}${bytes.toString()}\r\n`;
  if (encoding === 'base64') return `${head}${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
  return `${head}${quotedPrintable(bytes)}\r\n`;
}

/** Lines of 76 characters at most, each broken one with a soft end. */
function quotedPrintable(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .split('\r\n')
    .map((line) => {
      const words = [...line].map((letter, at) => {
        const code = letter.charCodeAt(0);
        const plain = (code > 32 && code < 127 && letter !== '=') || (letter === ' ' && at < line.length - 1);
        return plain ? letter : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
      });
      const lines = [''];
      for (const word of words) {
        if (lines.at(-1)!.length + word.length > 75) lines.push('');
        lines[lines.length - 1] += word;
      }
      return lines.join('=\r\n');
    })
    .join('\r\n');
}
