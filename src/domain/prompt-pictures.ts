/** Paths of pictures with which a prompt begins, as files that go along do; a blank in one stands behind a backslash. */
const pictures = /^(?:\/(?:\\.|[^\s\\])+\.(?:png|jpe?g|gif|webp)\s+)+/i;

/** The pictures that a prompt begins with, and what is said of them. A prompt of nothing but paths is all words. */
export function splitPictures(text: string): { paths: string[]; words: string } {
  const [beginning = ''] = pictures.exec(text) ?? [];
  return { paths: beginning.match(/(?:\\.|[^\s\\])+/g) ?? [], words: text.slice(beginning.length) };
}
