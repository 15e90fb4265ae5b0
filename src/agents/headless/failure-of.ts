/** Why a program that ended in the middle of an answer failed, in its last words if it had any. */
export function failureOf({ how, lastWords }: { how: string; lastWords: string }): string {
  return lastWords === '' ? `it ended: ${how}` : `it ended (${how}): ${lastWords}`;
}
