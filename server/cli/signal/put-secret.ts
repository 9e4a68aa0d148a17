/**
 * An alert with a secret in its body, where a source looks for it: a field of the JSON object, a place in a list with commas (for a field that is a
 * number), else `field=value` behind what is there.
 */
export function putSecret(text: string, { field, value }: { readonly field: string; readonly value: string }): string {
  if (/^\s*\{/.test(text)) {
    const named = `${JSON.stringify(field)}:${JSON.stringify(value)}`;
    return text.replace(
      /\{(\s*)(\}?)/,
      (_, space: string, end: string) => `{${space}${named}${end === '' ? ',' : end}`,
    );
  }
  if (/^[1-9]\d?$/.test(field)) {
    const parts = text.split(',');
    while (parts.length < Number(field)) parts.push('');
    parts[Number(field) - 1] = value;
    return parts.join(',');
  }
  const between = text.includes(';') ? ';' : text.includes('\n') ? '\n' : ' ';
  return text === '' ? `${field}=${value}` : `${text}${between}${field}=${value}`;
}
