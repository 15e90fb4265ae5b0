/** The path of a picture; a blank in one stands behind a backslash. */
const path = String.raw`(?:\\.|[^\s\\])+\.(?:png|jpe?g|gif|webp)`;

/** Paths of pictures with which a prompt begins, as files that go along do. */
const beginning = new RegExp(String.raw`^(?:/${path}\s+)+`, 'i');

const named = new RegExp(String.raw`(?<=^|\s)@?${path}\s+`, 'i');

/** The pictures that a prompt begins with, and what is said of them. A prompt of nothing but paths is all words. */
export function splitPictures(text: string): { paths: string[]; words: string } {
  const [paths = ''] = beginning.exec(text) ?? [];
  return { paths: paths.match(/(?:\\.|[^\s\\])+/g) ?? [], words: text.slice(paths.length) };
}

/** What stands behind the last picture that a prompt names: programs may show a picture by a mark of its own. */
export function behindPictures(text: string): string {
  return text.split(named).at(-1) ?? '';
}
