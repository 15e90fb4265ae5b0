/** What a provider said of a refusal, without the JSON around it: `{"error":{"message":"…"}}` in whatever else. */
export function failureWords(text: string): string {
  const quoted = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  if (quoted === undefined) return text;
  try {
    return JSON.parse(quoted);
  } catch {
    return text;
  }
}
