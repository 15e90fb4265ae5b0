/** A path as a prompt names it for programs that find pictures by what is pasted: its blanks behind backslashes. */
export function nameFile(path: string): string {
  return path.replace(/[\s\\]/g, '\\$&');
}
