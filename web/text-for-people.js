/** Attributes that hold codes, numbers or looks. */
const codeAttributes = new Set(
  'class d for height href id key maxHeight name points role src style transform type value viewBox width'.split(' '),
);
/** What is called with codes. */
const codeCalls =
  /^(api|fetch|goto|matchMedia|URL|URLSearchParams|Intl\..*|(console|document|window|localStorage|sessionStorage)\..*|.*\.(get|has|set|delete|append|addEventListener|removeEventListener|querySelector|querySelectorAll|closest|startsWith|endsWith|includes|split|join|replace|replaceAll|getItem|setItem|emit|on|once|off|matches|dispatchEvent|normalize))$/;
const keys = /^(Enter|Escape|Arrow(Up|Down|Left|Right)|Home|End|Page(Up|Down)|Tab|Backspace|Shift|Control|Meta|Alt)$/;
/** Written large, and words all the same. */
const largeWords = new Set(['STALE', 'NOT PROTECTED']);

/**
 * Whether a string of the sources is shown to people: `'message'`, else `false`. `#` stands in it for a value that is put in. What is shown and
 * looks like a code is marked in the source by a comment, `@wc-include`; what looks like a text and is a code, by `@wc-ignore`.
 */
export function isText({ msgStr, details }) {
  const text = msgStr.join('\n');
  const { scope, element, attribute, call } = details;
  if (!/\p{L}/u.test(text)) return false;
  if (element && ['script', 'style', 'path', 'code', 'pre'].includes(element)) return false;
  if (scope === 'markup') return 'message';
  if (attribute && codeAttributes.has(attribute)) return false;
  // "3 orders": the words for one and for many; small words alone.
  if (call === 'counted' || call === 'said') return 'message';
  if (largeWords.has(text)) return 'message';
  if (scope === 'attribute') return /^\p{Lu}/u.test(text) ? 'message' : isSentence(text);
  if ((call && codeCalls.test(call)) || keys.test(text)) return false;
  // A code of the API, a place on earth, a name of the browser's, the outline of a drawing, a font.
  if (
    /^[A-Z0-9_:.\-/# ]+$|^[A-Z][A-Za-z]+\/[A-Z]|^[A-Z][a-z]+([A-Z][a-z]+)*(Error|Credential)$|^M#|, monospace$/.test(
      text,
    )
  )
    return false;
  return /^\p{Lu}/u.test(text) ? 'message' : isSentence(text);
}

const word = /^["“(‘]*(#|[\p{L}\p{N}’'./%+×–−&→*-]+)*[)”’",.;:?!…]*$/u;

/** A text that begins small or with a value: words with spaces between, and nothing that only looks, addresses and codes have. */
function isSentence(text) {
  const words = text.trim().split(/\s+/);
  if (words.length < 2 || !/[a-z]{2}|# [smh]\b/.test(text)) return false;
  if (/[<>=[\]{}|\\@]|:\/\/|^\/|--|var\(|calc\(|rgba?\(|: #px/.test(text)) return false;
  const looks = words.filter((one) => /^-|[a-z]-[a-z0-9]|:[a-z]/.test(one)).length;
  return looks * 2 < words.length && words.every((one) => word.test(one)) ? 'message' : false;
}
